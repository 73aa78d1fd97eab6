/** SMSC.ru: the contract of providers, then its errors, statuses and sums. */
import { describe, expect, it, test } from 'vitest';
import { smscGateway, smscSettings } from '../../../integrations/providers/smsc.ts';
import { outbound } from '../../contract/provider-far-end.ts';
import { LOGIN, PASSWORD, SECRET, smsc, status, sum } from '../../fakes/gateways/smsc.ts';
import { describeGateway, QUICK, webhooksUrlOf } from './mounted.ts';
import { answered, posted } from './questions.ts';

const settings = (over: object = {}) =>
  smscSettings.parse({ ...QUICK, name: 'acme-smsc', login: LOGIN, password: PASSWORD, webhookSecret: SECRET, ...over });

describeGateway('smsc', smsc('acme-smsc'), ({ url }) => settings({ url: `${url}/sys/send.php` }), smscGateway);

const NOW = new Date('2026-11-23T09:00:00Z');

describe('a request to SMSC.ru', () => {
  const form = (sms = outbound('hello'), over = {}) =>
    new URLSearchParams(smscGateway(settings(over)).submission([sms], NOW).request.body);

  it('says for how many hours and minutes the message may wait', () => {
    const valid = (minutes: number) =>
      form(outbound('hello', { validUntil: new Date(NOW.getTime() + minutes * 60_000) })).get('valid');
    expect([valid(0.5), valid(90), valid(3 * 24 * 60), form().get('valid')]).toEqual(['00:01', '01:30', '24:00', null]);
  });

  it('carries login and password, or an API key alone', () => {
    expect([form().get('login'), form().get('psw'), form().get('apikey')]).toEqual([LOGIN, PASSWORD, null]);
    const key = form(outbound('hello'), { login: undefined });
    expect([key.get('login'), key.get('psw'), key.get('apikey')]).toEqual([null, null, PASSWORD]);
  });

  it('names the message in the letters that an id may have, each copy anew', () => {
    const sms = outbound('hello', { ref: '12.3:0000017' });
    const ids = [NOW, new Date()].map((now) => smscGateway(settings()).submission([sms], now).ids![0]!);
    for (const id of ids) expect(id).toMatch(/^12\.3\.0000017-[\da-f]{12}$/);
    expect(new Set(ids).size).toBe(2);
  });
});

describe('an answer of SMSC.ru', () => {
  const outcome = answered(smscGateway(settings()));
  const error = (error_code: number, error = 'words') => ({ error, error_code });

  test.each([
    [200, { id: 17, cnt: 1 }, { kind: 'accepted', parts: [{ providerMessageId: '17' }] }],
    [200, error(1), { kind: 'refused', why: { code: 'our-fault', detail: 'HTTP 200: error 1 words' } }],
    [200, error(2), { kind: 'later', why: { code: 'account' } }],
    [200, error(3), { kind: 'later', why: { code: 'no-credit' } }],
    [200, error(4), { kind: 'later', why: { code: 'throttled' } }],
    [200, error(5), { kind: 'refused', why: { code: 'our-fault' } }],
    [200, error(6), { kind: 'refused', why: { code: 'bad-text' } }],
    [200, error(7), { kind: 'refused', why: { code: 'bad-number' } }],
    [200, error(8), { kind: 'refused', why: { code: 'blocked' } }],
    [200, error(9, 'duplicate request, wait a minute'), { kind: 'unknown', why: { code: 'operator-error' } }],
    [200, error(9, 'too many concurrent requests'), { kind: 'later', why: { code: 'throttled' } }],
    [200, error(99), { kind: 'unknown' }],
    [200, 'OK', { kind: 'unknown', why: { detail: 'HTTP 200: no id' } }],
    [404, '', { kind: 'refused', why: { code: 'our-fault' } }],
    [500, '', { kind: 'unknown' }],
  ])('of %i %j is read as it is', (code, body, expected) => {
    expect(outcome(code, body)).toMatchObject([expected]);
  });
});

describe('a status of SMSC.ru', () => {
  const { webhooks } = smscGateway(settings());
  const fields = (said: string, hash: 'md5' | 'sha1' = 'sha1') => ({
    ...{ id: '17', phone: '79161234567', status: said, err: '13', ts: '1795424300' },
    [hash]: sum(hash, '17', '79161234567', said),
  });
  const receipt = (post: Record<string, string>) => posted(webhooks, 'receipts', status('acme-smsc', post));

  test.each([
    ['-1', 'enroute'],
    ['0', 'enroute'],
    ['1', 'delivered'],
    ['2', 'delivered'],
    ['3', 'expired'],
    ['20', 'undelivered'],
    ['22', 'rejected'],
    ['25', 'undelivered'],
  ])('of %s is a receipt of %s', (said, state) => {
    expect(receipt(fields(said))).toMatchObject({
      receipts: [{ providerMessageId: '17', state, to: '+79161234567', error: '13' }],
    });
  });

  it('is proven by SHA-1, or where that is not sent by MD5, and may come in the address', () => {
    expect(receipt(fields('1', 'md5')).kind).toBe('receipts');
    const address = `${webhooksUrlOf('acme-smsc')}/receipts?${new URLSearchParams(fields('1'))}`;
    expect(posted(webhooks, 'receipts', { address, method: 'GET' }).kind).toBe('receipts');
    expect(receipt({ ...fields('1', 'md5'), sha1: 'wrong' }).kind).toBe('forged');
    expect(receipt({ ...fields('20'), status: '1' }).kind).toBe('forged');
    for (const missing of ['id', 'phone', 'status', 'sha1']) {
      const { [missing]: _, ...rest } = fields('1') as Record<string, string>;
      expect(receipt(rest).kind).toBe('forged');
    }
    expect(smscGateway(settings({ webhookSecret: '' })).webhooks).toEqual([]);
  });

  it('is no message of a customer, which proves itself by the secret in its address', () => {
    const post = (token: string, phone: string) =>
      posted(webhooks, 'inbound', {
        address: `${webhooksUrlOf('acme-smsc')}/inbound?token=${token}`,
        method: 'POST',
        body: new URLSearchParams({ phone, to: '1234', mes: 'стоп' }).toString(),
      }).kind;
    expect([post(SECRET, '79161234567'), post(SECRET, 'Bank'), post('another', '79161234567')]).toEqual([
      ...['inbound', 'unreadable', 'forged'],
    ]);
  });
});
