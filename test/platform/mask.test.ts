import fc from 'fast-check';
import { describe, expect, test } from 'vitest';
import { maskPhone, maskPhones, redacted } from '../../src/platform/mask.ts';

describe('a phone in a text', () => {
  test.each([
    ['+79161234567', '+7***4567'],
    ['to +7 916 123-45-67, now', 'to +7***4567, now'],
    ['+7 (916) 123 45 67', '+7***4567'],
    ['+1.212.555.0100', '+1***0100'],
    ['79161234567', '7***4567'],
    ['tel:79161234567;', 'tel:7***4567;'],
    ['to=89161234567', 'to=8***4567'],
    ['8 (916) 123-45-67', '8***4567'],
    ['916-123-4567', '9***4567'],
    ['9161234567', '9***4567'],
    ['380501234567', '3***4567'],
    ['00442071234567', '0***4567'],
    ['{"to":"+375291234567"}', '{"to":"+3***4567"}'],
    ['sms_79161234567_1', 'sms_7***4567_1'],
  ])('%s becomes %s', (text, masked) => {
    expect(maskPhones(text)).toBe(masked);
  });

  test.each([
    '12.3:0000017',
    '2026-11-23T08:45:13.120Z',
    '2026-11-23 08:45:13',
    'in 1764000000000 ms',
    'since 1764000000',
    '65a1234567890123456789ab',
    '123e4567-e89b-12d3-a456-426614174000',
    '426614174000-a456',
    'sha256 9f86d081884c7d659a2feaa0c55ad015a3bf4f1b2b0b822cd15d6c15b0f00a08',
    '127.0.0.1:27017',
    '192.168.100.200',
    '18,400 messages into 2 parts',
    '1 234 567 890',
    '0000000000017',
    'ESME_RINVDSTADR (0x0000000B)',
  ])('%s is none', (text) => {
    expect(maskPhones(text)).toBe(text);
  });

  test('never shows its middle, however it stands in the text', () => {
    const digits = fc
      .array(fc.integer({ min: 0, max: 9 }), { minLength: 10, maxLength: 10 })
      .map((d) => `+7${d.join('')}`);
    const prose = fc.constantFrom('', ' ', 'to ', '"', '(', 'тел. ', 'x', ':');
    fc.assert(
      fc.property(prose, digits, prose, (before, phone, after) => {
        expect(maskPhones(before + phone + after)).toBe(`${before}+7***${phone.slice(-4)}${after}`);
      }),
    );
  });

  test('of few digits is hidden whole', () => {
    expect(maskPhone('112')).toBe('***');
  });

  test('leaves no password in a connection string', () => {
    expect(maskPhones('cannot reach mongodb://herald:canary@db/herald')).toBe(
      'cannot reach mongodb://herald:***@db/herald',
    );
  });
});

describe('the fields of a log line', () => {
  test.each([
    [{ text: 'Dear Anna' }, { text: '<9 chars>' }],
    [
      { smsText: 'Dear Anna', body: { a: 1 }, messages: 500 },
      { smsText: '<9 chars>', body: '<hidden>', messages: 500 },
    ],
    [{ texts: ['one', 'three'] }, { texts: ['<3 chars>', '<5 chars>'] }],
    [
      { password: 'x', api_token: 'y', masterKey: 3, secrets: ['z'] },
      { password: '<hidden>', api_token: '<hidden>', masterKey: '<hidden>', secrets: ['<hidden>'] },
    ],
    [
      { phone: '112 33 44', to: 79161234567 },
      { phone: '1***3344', to: '7***4567' },
    ],
    [
      { from: 'draft', to: 'submitted' },
      { from: 'draft', to: 'submitted' },
    ],
    [
      { from: '2026-11-23', to: new Date(0) },
      { from: '2026-11-23', to: '1970-01-01T00:00:00.000Z' },
    ],
    [
      { cell: { value: 79161234567, deep: [{ note: 'call 89161234567' }] } },
      { cell: { value: '7***4567', deep: [{ note: 'call 8***4567' }] } },
    ],
    [
      { costMicros: 79161234567, sentAt: 1764000000000 },
      { costMicros: 79161234567, sentAt: 1764000000000 },
    ],
    [
      { count: 3, share: 0.25, ok: true, none: null, missing: undefined, big: 5n },
      { count: 3, share: 0.25, ok: true, none: null, missing: undefined, big: '5' },
    ],
    [
      { providerMessageId: '9161234567', receivedMessageIds: ['+79161234567'] },
      { providerMessageId: '9161234567', receivedMessageIds: ['+7***4567'] },
    ],
    [
      { bytes: new Uint8Array(4), run: () => 1, at: new Date(Number.NaN) },
      { bytes: '<4 bytes>', run: '<function>', at: '<no time>' },
    ],
    [
      { tries: new Map([['phone', '+79161234567']]), seen: new Set(['+79161234567']) },
      { tries: { phone: '+7***4567' }, seen: ['+7***4567'] },
    ],
    [
      { _id: { toHexString: () => '', toString: () => '65a1234567890123456789ab' } },
      { _id: '65a1234567890123456789ab' },
    ],
  ])('%o are shown as %o', (fields, expected) => {
    expect(redacted(fields)).toEqual(expected);
  });

  test('stop at a depth and at a length', () => {
    const loop: Record<string, unknown> = {};
    loop.self = loop;
    loop.list = [loop];
    expect(JSON.stringify(redacted(loop))).toContain('<deep>');
    const many = redacted({ rows: Array.from({ length: 60 }, (_, i) => i) }).rows as unknown[];
    expect(many).toHaveLength(51);
    expect(many.at(-1)).toBe('<10 more>');
  });

  test('show an error by type, code, message and cause, and nothing that it carries', () => {
    const cause = Object.assign(new TypeError('no route to +79161234567'), { code: 'E_ROUTE', text: 'canary' });
    const err = new AggregateError([new Error('inner 89161234567')], 'outer', { cause });
    const line = JSON.stringify(redacted({ err }));
    expect(redacted({ err }).err).toMatchObject({
      type: 'AggregateError',
      message: 'outer',
      cause: { type: 'TypeError', code: 'E_ROUTE', message: 'no route to +7***4567' },
      errors: [{ message: 'inner 8***4567' }],
    });
    expect(line).not.toMatch(/canary|1234567/);
    expect(line).toContain('mask.test.ts');
  });

  test('bear an error that is its own cause', () => {
    const err = new Error('round') as Error & { cause: unknown };
    err.cause = err;
    expect(JSON.stringify(redacted({ err }))).toContain('<deep>');
  });
});
