/** Why each group of numbers goes the way it goes. */
import { describe, expect, test } from 'vitest';
import type { Account } from '../../src/dispatch/account.ts';
import { digitsThatMatter, type QuoteTerms, quoteGroups } from '../../src/dispatch/price-quote.ts';

const account = (name: string, prices: Readonly<Record<string, number>>, fields: Partial<Account> = {}): Account => ({
  name,
  kind: 'smpp',
  settings: {},
  secret: null,
  binds: 1,
  partsPerSecond: 100,
  window: 10,
  prices: Object.entries(prices).map(([prefix, micros]) => ({
    prefix,
    perPart: { micros, currency: 'RUB' },
    chargedOn: 'submit',
  })),
  priceVersion: '1',
  currency: 'RUB',
  senders: [],
  classes: ['marketing', 'service'],
  enabled: true,
  ...fields,
});

const terms: QuoteTerms = {
  sender: 'ACME',
  class: 'marketing',
  exchange: { currency: 'RUB', rates: { USD: 90_000_000 } },
  approved: null,
  up: new Set(['alfa', 'beta', 'dollar']),
  stopped: new Set(),
};
const lead = (digits: string, messages: number, parts = messages) => ({ digits, messages, parts });
const verdicts = (group: ReturnType<typeof quoteGroups>[number]) =>
  group.standings.map(({ provider, verdict }) => `${provider} ${verdict}`);

test('numbers that all accounts price alike are one group, the largest first', () => {
  const accounts = [account('alfa', { '7': 2, '7999': 5 }), account('beta', { '': 3 })];
  expect(digitsThatMatter(accounts)).toBe(4);
  expect(digitsThatMatter([])).toBe(0);
  const groups = quoteGroups(
    accounts,
    [lead('7999', 3), lead('7900', 1, 2), lead('7901', 4, 5), lead('4477', 1)],
    terms,
  );
  expect(groups).toMatchObject([
    {
      prefix: '7',
      messages: 5,
      parts: 7,
      standings: [{ provider: 'alfa', route: { perPart: 2 } }, { provider: 'beta' }],
    },
    { prefix: '7999', messages: 3, parts: 3 },
    { prefix: '', messages: 1, parts: 1 },
  ]);
  expect(groups.map(verdicts)).toEqual([
    ['alfa carries', 'beta dearer'],
    ['beta carries', 'alfa dearer'],
    ['beta carries', 'alfa no-price'],
  ]);
});

describe('who does not carry it, and why', () => {
  const accounts = [
    account('alfa', { '7': 2 }),
    account('beta', { '7': 1 }),
    account('dollar', { '7': 1 }, { currency: 'USD' }),
    account('tenge', { '7': 1 }, { currency: 'KZT' }),
    account('deaf', { '7': 1 }),
    account('sender', { '7': 1 }, { senders: ['OTHER'] }),
    account('class', { '7': 1 }, { classes: ['service'] }),
    account('old', { '7': 1 }, { enabled: false }),
  ];
  const standing = (more: Partial<QuoteTerms>) =>
    verdicts(quoteGroups(accounts, [lead('7', 1)], { ...terms, ...more })[0]!);

  test('by its own settings, or because it is down', () => {
    expect(standing({})).toEqual([
      'beta carries',
      'deaf down',
      'alfa dearer',
      'dollar dearer',
      'tenge no-rate',
      'sender sender',
      'class class',
      'old not-in-use',
    ]);
  });

  test('by the approval, or by hand', () => {
    expect(standing({ approved: new Set(['alfa', 'dollar']), stopped: new Set(['alfa']) }).slice(0, 4)).toEqual([
      'dollar carries',
      'beta not-approved',
      'deaf not-approved',
      'alfa stopped',
    ]);
  });

  test('because it may not be given such numbers, or because it delivers too little', () => {
    const some = [
      account('alfa', { '7': 2 }),
      account('beta', { '7': 1 }),
      account('gamma', { '7': 1 }, { prefixes: ['77'] }),
    ];
    const group = quoteGroups(some, [lead('7900', 1), lead('7701', 1)], {
      ...terms,
      up: new Set(['alfa', 'beta', 'gamma']),
      shares: new Map([['beta|7900', 0.25]]),
    });
    expect(group.map(verdicts)).toEqual([
      ['alfa carries', 'beta delivers-less', 'gamma numbers'],
      ['beta carries', 'gamma dearer', 'alfa dearer'],
    ]);
    expect(digitsThatMatter(some, new Map([['beta|7900', 0.25]]))).toBe(4);
  });

  test('and numbers of one network are a group where somebody prices it', () => {
    const some = [account('alfa', { '7': 2, '250-01': 3 })];
    const groups = quoteGroups(
      some,
      [{ ...lead('7', 5), network: '250-01' }, { ...lead('7', 2), network: '250-02' }, lead('7', 1)],
      terms,
    );
    expect(groups).toMatchObject([
      { prefix: '250-01', messages: 5 },
      { prefix: '7', messages: 3 },
    ]);
  });

  test('or nobody does', () => {
    expect(standing({ up: new Set() })).not.toContain(expect.stringContaining('carries'));
    expect(quoteGroups([], [lead('', 1)], terms)).toEqual([{ prefix: '', messages: 1, parts: 1, standings: [] }]);
  });
});
