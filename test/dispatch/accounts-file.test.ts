/** The file in which an admin keeps accounts at operators: all of it is right, or nothing of it is taken. */
import { describe, expect, test } from 'vitest';
import { readAccounts } from '../../src/dispatch/accounts-file.ts';

const written = (fields: object = {}) => ({
  name: 'acme',
  kind: 'smpp',
  settings: { host: 'smpp.acme.example', port: 2775, systemId: 'company' },
  password: 'secret',
  partsPerSecond: 100,
  currency: 'RUB',
  priceVersion: '2026-11',
  prices: [{ prefix: '7', perPart: '2.35' }],
  ...fields,
});

const read = (...accounts: object[]) => readAccounts(JSON.stringify(accounts));
const problems = (...accounts: object[]) => {
  const reading = read(...accounts);
  return reading.kind === 'problems' ? reading.problems : [];
};

test('what is left out is what operators usually allow', () => {
  const reading = read(written());
  expect(reading).toMatchObject({
    kind: 'accounts',
    accounts: [
      { binds: 1, window: 10, senders: [], classes: ['marketing', 'service'], enabled: true, partsPerSecond: 100 },
    ],
  });
});

test('prices are exact to the micro-unit, and charged on submit unless it is said', () => {
  const prices = [
    { prefix: '', perPart: '0.000001' },
    { prefix: '7999', perPart: '12', chargedOn: 'delivery' },
  ];
  expect(read(written({ prices }))).toMatchObject({
    accounts: [
      {
        prices: [
          { prefix: '', perPart: 1, chargedOn: 'submit' },
          { prefix: '7999', perPart: 12_000_000, chargedOn: 'delivery' },
        ],
      },
    ],
  });
});

test('a password may have left the file', () => {
  const { password: _password, ...rest } = written();
  expect(read(rest).kind).toBe('accounts');
});

describe('problems, each with its place', () => {
  const price = { prefix: '7', perPart: '2' };
  test.each([
    ['a name with a capital', [written({ name: 'Acme' })], /^0\.name/],
    ['another kind', [written({ kind: 'pigeon' })], /^0\.kind/],
    ['a price in words', [written({ prices: [{ prefix: '7', perPart: 'two' }] })], /^0\.prices\.0\.perPart/],
    ['a price as a number', [written({ prices: [{ prefix: '7', perPart: 2.35 }] })], /^0\.prices\.0\.perPart/],
    ['a prefix with a plus', [written({ prices: [{ prefix: '+7', perPart: '2' }] })], /^0\.prices\.0\.prefix/],
    ['no price', [written({ prices: [] })], /^0\.prices: at least one/],
    ['one prefix priced twice', [written({ prices: [price, price] })], /^0\.prices\.1: the prefix "7"/],
    ['one name twice', [written(), written()], /^1: the account "acme"/],
    ['no pace', [written({ partsPerSecond: 0 })], /^0\.partsPerSecond/],
    ['no window', [written({ window: 0 })], /^0\.window/],
    ['more than any password is', [written({ password: 'x'.repeat(1025) })], /^0\.password/],
    ['a word that nobody knows', [written({ pasword: 'x' })], /^0: /],
    ['a class that there is not', [written({ classes: ['spam'] })], /^0\.classes\.0/],
  ])('%s', (_what, accounts, said) => {
    expect(problems(...accounts)).toContainEqual(expect.stringMatching(said));
  });

  test('all of them at once', () => {
    expect(problems(written({ name: 'A' }), written({ window: -1, binds: 0 })).length).toBe(3);
  });

  test('not a list', () => {
    expect(readAccounts('{}')).toMatchObject({ kind: 'problems', problems: [expect.stringMatching(/^the file: /)] });
  });

  test('not JSON, which is said without a word of what is in it', () => {
    for (const json of ['[{"password": hunter2}]', '[{"password": "hunter2",}]', '', '[{"password": "hunter2"']) {
      const reading = readAccounts(json);
      expect(reading).toMatchObject({ kind: 'problems', problems: [expect.stringMatching(/^it is not JSON/)] });
      expect(JSON.stringify(reading)).not.toMatch(/hunt/);
    }
  });
});
