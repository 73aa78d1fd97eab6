/** A little SMSC.ru: a form with one message, JSON back, statuses with a sum over the secret. */
import { createHash } from 'node:crypto';
import { type Dialect, jsonReply, PUBLIC_URL } from './server.ts';

export const LOGIN = 'herald';
export const PASSWORD = 'password-of-the-smsc-test';
export const SECRET = 'secret-of-the-smsc-test';
const BAD_NUMBER = '+79160000000';

export const sum = (hash: 'md5' | 'sha1', id: string, phone: string, status: string, secret = SECRET): string =>
  createHash(hash).update(`${id}:${phone}:${status}:${secret}`).digest('hex');

/** Where an admin writes it in the account's page: nothing is said of it with a message. */
export const status = (account: string, fields: Readonly<Record<string, string>>) => ({
  address: `${PUBLIC_URL}/gateways/${account}/receipts`,
  method: 'POST' as const,
  body: new URLSearchParams(fields).toString(),
  headers: { 'content-type': 'application/x-www-form-urlencoded' },
});

const problem = (code: number, error: string) => jsonReply(200, { error, error_code: code });

export const smsc = (account: string): Dialect => ({
  account,
  secrets: [PASSWORD, SECRET],
  badNumber: BAD_NUMBER,
  understand({ url, body }) {
    const form = new URLSearchParams(body);
    if (url.pathname !== '/sys/send.php') return { status: 404, body: '' };
    if (form.get('login') !== LOGIN || form.get('psw') !== PASSWORD) return problem(2, 'authorise error');
    const id = form.get('id') ?? '';
    if (form.get('fmt') !== '3' || form.get('charset') !== 'utf-8' || !/^[\w.-]{1,40}$/.test(id))
      return problem(1, 'parameters error');
    const [to = '', sender = '', text = ''] = [form.get('phones'), form.get('sender'), form.get('mes')].map(String);
    return [{ to, sender, text, id, reports: `${PUBLIC_URL}/gateways/${account}/receipts` }];
  },
  tooFast: problem(9, 'too many concurrent requests'),
  answer: ([one]) => (one!.isBad ? problem(7, 'invalid number') : jsonReply(200, { id: one!.id, cnt: 1 })),
  report: ({ id, to }) => {
    const phone = to.slice(1);
    const now = String(Math.floor(Date.now() / 1000));
    const fields = { id, phone, status: '1', time: '23.11.2026 12:00:00', ts: now, err: '0', cnt: '1' };
    return status(account, { ...fields, md5: sum('md5', id, phone, '1'), sha1: sum('sha1', id, phone, '1') });
  },
  inbound: ({ from, to, text }) => ({
    address: `${PUBLIC_URL}/gateways/${account}/inbound?token=${SECRET}`,
    method: 'POST',
    body: new URLSearchParams({ phone: from.slice(1), mes: text, to, sms_id: '1' }).toString(),
    headers: { 'content-type': 'application/x-www-form-urlencoded' },
  }),
});
