/** The rules of an HTTP account one by one: its settings, the request it makes, and what an answer means. */
import fc from 'fast-check';
import { describe, expect, it, test } from 'vitest';
import { outcomeOf } from '../../../../integrations/providers/http/answer.ts';
import { asText, at, fieldsOf } from '../../../../integrations/providers/http/fields.ts';
import { gate } from '../../../../integrations/providers/http/gate.ts';
import { isPublic } from '../../../../integrations/providers/http/guard.ts';
import { retryAfterMs } from '../../../../integrations/providers/http/meaning.ts';
import { requestFor } from '../../../../integrations/providers/http/request.ts';
import { httpSettings } from '../../../../integrations/providers/http/settings.ts';
import { outbound } from '../../../contract/provider-far-end.ts';
import { quickSettings } from './quick.ts';

const NOW = new Date('2026-11-23T09:00:00Z');

describe('the settings', () => {
  const good = {
    name: 'acme',
    partsPerSecond: 10,
    submit: { url: 'https://gw.example/send', form: { to: '{to}' } },
    answer: { id: 'id' },
  };
  it('need no more than where to send and where the id stands', () => {
    expect(httpSettings.parse(good)).toMatchObject({ window: 10, answerTimeoutMs: 30_000, allowPrivate: false });
  });

  test.each([
    ['plain http outside of the own network', { submit: { url: 'http://gw.example/send' } }, 'own network'],
    ['a password in the address', { submit: { url: 'https://me:secret@gw.example/' } }, 'use headers'],
    ['no address', { submit: { url: 'file:///etc/passwd' } }, 'https://'],
    ['a placeholder in the host', { submit: { url: 'https://{sender}.example/' } }, 'placeholder in the address'],
    ['one in the path', { submit: { url: 'https://sms.example/to/{to}' } }, 'placeholder in the address'],
    ['one behind the path', { submit: { url: 'https://sms.example/?key={password}' } }, 'placeholder in the address'],
    [
      'a placeholder that there is not',
      { submit: { url: good.submit.url, form: { to: '{phone}' } } },
      '{phone} is none',
    ],
    ['two bodies', { submit: { ...good.submit, json: {} } }, 'not both'],
    ['a path that is none', { answer: { id: 'a..b' } }, 'a path'],
    [
      'webhooks without a secret',
      { inbound: { proof: { kind: 'query', name: 'k' }, sender: 'a', to: 'b', text: 'c' } },
      '16 characters',
    ],
  ])('refuse %s', (_, over, says) => {
    const reading = httpSettings.safeParse({ ...good, ...over });
    expect(JSON.stringify(reading.error?.issues)).toContain(says);
  });
});

describe('the request', () => {
  const settings = (submit: object) => quickSettings(1, { submit: { url: 'http://gw.example/send?v=1', ...submit } });

  it('fills every placeholder once, whatever a customer’s name holds', () => {
    fc.assert(
      fc.property(fc.string({ minLength: 1 }), (text) => {
        const sms = outbound(`{password}${text}`);
        const { body } = requestFor(sms, settings({ json: { t: '{text}', n: '{parts}', to: '{toDigits}' } }), NOW);
        expect(JSON.parse(body!)).toEqual({ t: sms.text, n: sms.parts, to: sms.to.slice(1) });
      }),
    );
  });

  it('writes forms and queries escaped, and headers on one line', () => {
    const sms = outbound('a&b=c\nd €');
    const request = requestFor(
      sms,
      settings({ method: 'GET', query: { text: '{text}' }, headers: { 'X-Text': '{text}' }, form: { text: '{text}' } }),
      NOW,
    );
    expect(request.url).toBe('http://gw.example/send?v=1&text=a%26b%3Dc%0Ad+%E2%82%AC');
    expect(request.headers['X-Text']).toBe('a&b=c?d ?');
    expect(request.body).toBe('text=a%26b%3Dc%0Ad+%E2%82%AC');
  });

  it('says for how many seconds the message is still valid, and nothing when it is for ever', () => {
    const json = { ttl: '{validSeconds}' };
    const until = outbound('x', { validUntil: new Date(NOW.getTime() + 90_500) });
    expect(requestFor(until, settings({ json }), NOW).body).toBe('{"ttl":90}');
    expect(requestFor(outbound('x'), settings({ json }), NOW).body).toBe('{}');
  });
});

describe('an answer', () => {
  const { answer } = quickSettings(1);
  const read = (status: number, body: unknown, over = {}, retryAfter?: string) =>
    outcomeOf(
      { status, body: typeof body === 'string' ? body : JSON.stringify(body), retryAfter },
      { ...answer, ...over },
      NOW,
    );

  test.each([
    [
      '201 with one id a part',
      201,
      { ids: ['a', 'b'] },
      { kind: 'accepted', parts: [{ providerMessageId: 'a' }, { providerMessageId: 'b' }] },
    ],
    ['200 with a number for an id', 200, { ids: 7 }, { kind: 'accepted', parts: [{ providerMessageId: '7' }] }],
    ['200 without an id', 200, {}, { kind: 'unknown', why: { code: 'operator-error' } }],
    ['200 with an empty id', 200, { ids: ['a', ''] }, { kind: 'unknown' }],
    ['200 with a page', 200, '<html>', { kind: 'unknown' }],
    [
      'what the account’s table names, before all else',
      200,
      { ids: 'a', error: { code: 21211 } },
      { kind: 'refused', why: { code: 'bad-number' } },
    ],
    ['400', 400, {}, { kind: 'refused', why: { code: 'our-fault' } }],
    ['401', 401, {}, { kind: 'later', why: { code: 'account' } }],
    ['402', 402, {}, { kind: 'later', why: { code: 'no-credit' } }],
    ['408, which may have been taken', 408, {}, { kind: 'unknown' }],
    ['429', 429, {}, { kind: 'later', why: { code: 'throttled' } }],
    ['a redirect, which is not followed', 302, {}, { kind: 'unknown' }],
    ['500, which may have been taken', 500, {}, { kind: 'unknown', why: { code: 'operator-error' } }],
    ['503', 503, {}, { kind: 'unknown' }],
  ])('of %s is read as it is', (_, status, body, expected) => {
    expect(read(status, body)).toMatchObject(expected);
  });

  it('takes a 2xx only where the account’s own condition holds too', () => {
    const accepted = { path: 'status', in: ['ok'] };
    expect(read(200, { ids: 'a', status: 'ok' }, { accepted }).kind).toBe('accepted');
    expect(read(200, { ids: 'a', status: 'no' }, { accepted }).kind).toBe('unknown');
    expect(read(200, { ids: 'a' }, { accepted }).kind).toBe('unknown');
  });

  it('keeps the gateway’s words without what could be a phone', () => {
    const said = read(400, { error: { says: 'number +7 916 123-45-67 is barred' } });
    expect(said).toMatchObject({ why: { detail: 'HTTP 400: number *** is barred' } });
  });

  test.each([
    ['5', 5_000],
    ['Mon, 23 Nov 2026 09:00:10 GMT', 10_000],
    ['Mon, 23 Nov 2026 08:00:00 GMT', 0],
    ['999999', 3_600_000],
    ['soon', null],
    [undefined, null],
  ])('that says Retry-After: %s is waited for %s ms', (said, ms) => {
    expect(retryAfterMs(said, NOW)).toBe(ms);
  });
});

describe('fields', () => {
  test.each([
    ['messages.0.id', 'x'],
    ['messages.length', undefined],
    ['__proto__.polluted', undefined],
    ['constructor', undefined],
    ['messages.1.id', undefined],
    ['messages.0.id.more', undefined],
  ])('at %s are %s', (path, found) => {
    expect(at({ messages: [{ id: 'x' }] }, path)).toBe(found);
  });

  it('of a body that is no JSON are at `body`', () => {
    expect(at(fieldsOf('OK 17'), 'body')).toBe('OK 17');
    expect([asText(true), asText(1), asText({}), asText(null)]).toEqual(['true', '1', null, null]);
  });
});

describe('an address', () => {
  test.each([
    ['8.8.8.8', true],
    ['2606:4700::1111', true],
    ['127.0.0.1', false],
    ['10.1.2.3', false],
    ['172.31.255.255', false],
    ['172.32.0.1', true],
    ['192.168.0.1', false],
    ['169.254.169.254', false],
    ['100.64.0.1', false],
    ['0.0.0.0', false],
    ['255.255.255.255', false],
    ['::1', false],
    ['::', false],
    ['fd00::1', false],
    ['fe80::1', false],
    ['::ffff:10.0.0.1', false],
    ['::ffff:127.0.0.1', false],
    ['64:ff9b::a00:1', false],
    ['2002:7f00:1::', false],
    ['not an address', false],
  ])('%s is public: %s', (address, expected) => {
    expect(isPublic(address)).toBe(expected);
  });
});

describe('the gate', () => {
  it('lets no more through at once than it should, all in their order, also when some fail', async () => {
    const way = gate(3);
    const began: number[] = [];
    let inside = 0;
    let most = 0;
    const work = Array.from({ length: 20 }, (_, n) =>
      way.through(async () => {
        began.push(n);
        most = Math.max(most, ++inside);
        await new Promise(setImmediate);
        inside--;
        if (n % 4 === 0) throw new Error(`${n}`);
      }),
    );
    const results = await Promise.allSettled(work);
    expect(results.filter((one) => one.status === 'rejected')).toHaveLength(5);
    expect(began).toEqual(began.toSorted((a, b) => a - b));
    expect([most, inside]).toEqual([3, 0]);
  });
});
