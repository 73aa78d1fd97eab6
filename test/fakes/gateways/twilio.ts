/** A little Twilio: one message with one form, one SID for all its parts, callbacks signed as its security page says. */
import { createHmac } from 'node:crypto';
import { type Dialect, jsonReply, PUBLIC_URL } from './server.ts';

export const ACCOUNT_SID = 'AC00000000000000000000000000000001';
export const AUTH_TOKEN = 'auth-token-of-the-twilio-test';
const BAD_NUMBER = '+79160000000';

/** What the account is told to be reached at. */
const hooks = (account: string) => `${PUBLIC_URL}/gateways/${account}`;

/** By the documentation: the address, then each name with its value, by the names. */
export function signed(address: string, fields: Readonly<Record<string, string>>, token = AUTH_TOKEN): string {
  const words = Object.keys(fields)
    .sort()
    .map((name) => name + fields[name]);
  return createHmac('sha1', token)
    .update(address + words.join(''), 'utf8')
    .digest('base64');
}

export const callback = (address: string, fields: Readonly<Record<string, string>>) => ({
  address,
  method: 'POST' as const,
  body: new URLSearchParams(fields).toString(),
  headers: {
    'content-type': 'application/x-www-form-urlencoded',
    'x-twilio-signature': signed(address, fields),
  },
});

const problem = (status: number, code: number, message: string, headers = {}) =>
  jsonReply(status, { code, message, more_info: `https://www.twilio.com/docs/errors/${code}`, status }, headers);

export const twilio = (account: string): Dialect => ({
  account,
  secrets: [AUTH_TOKEN],
  badNumber: BAD_NUMBER,
  understand({ method, url, headers, body }) {
    const basic = `Basic ${Buffer.from(`${ACCOUNT_SID}:${AUTH_TOKEN}`).toString('base64')}`;
    if (headers.authorization !== basic) return problem(401, 20003, 'Authenticate');
    if (method !== 'POST' || url.pathname !== `/2010-04-01/Accounts/${ACCOUNT_SID}/Messages.json`)
      return problem(404, 20404, 'The requested resource was not found');
    const form = new URLSearchParams(body);
    const [to, sender, text] = [form.get('To'), form.get('From'), form.get('Body')];
    if (!to || !sender || !text) return problem(400, 21604, "A 'To' phone number is required.");
    return [{ to, sender, text, id: null, reports: form.get('StatusCallback') }];
  },
  tooFast: problem(429, 20429, 'Too Many Requests'),
  answer: ([one]) =>
    one!.isBad
      ? problem(400, 21211, `The 'To' number ${one!.to} is not a valid phone number.`)
      : jsonReply(201, { sid: one!.id, status: 'queued', num_segments: '1', error_code: null, error_message: null }),
  report: ({ id, to, reports }) =>
    reports === null
      ? null
      : callback(reports, { MessageSid: id, MessageStatus: 'delivered', To: to, AccountSid: ACCOUNT_SID }),
  // An answer of text is sent to the customer as an SMS.
  acknowledges: (status, body) => status === 200 && body === '',
  inbound: ({ from, to, text }) =>
    callback(`${hooks(account)}/inbound`, { MessageSid: 'SM1', From: from, To: to, Body: text, NumMedia: '0' }),
});
