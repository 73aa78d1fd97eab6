/** Which account carries a message: the cheapest that may and is well; the same rule for the quote and for the sending. */
import fc from 'fast-check';
import { describe, expect, test } from 'vitest';
import type { Account } from '../../src/dispatch/account.ts';
import { type Shares, shareKey } from '../../src/dispatch/delivery.ts';
import {
  type Choice,
  carries,
  choose,
  keptRouteFinder,
  quoterOver,
  type Route,
  routeFinder,
} from '../../src/dispatch/routing.ts';
import type { E164 } from '../../src/messages/phone.ts';

const account = (name: string, prices: Record<string, number>, fields: Partial<Account> = {}): Account => ({
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

const phone = '+79001234567' as E164;
const terms = { sender: 'HERALD', class: 'marketing' } as const;
const names = (routes: readonly { provider: string }[]) => routes.map((route) => route.provider);

describe('what an account carries', () => {
  test.each([
    ['anything', {}, true],
    ['nothing while it is out of use', { enabled: false }, false],
    ['only its classes', { classes: ['service'] }, false],
    ['only its senders', { senders: ['ACME'] }, false],
    ['a sender that it allows', { senders: ['ACME', 'HERALD'] }, true],
    ['no sender spelt otherwise', { senders: ['Herald'] }, false],
  ] as const)('%s', (_what, fields, does) => {
    expect(carries(account('alfa', { '': 1 }, fields), terms)).toBe(does);
  });
});

describe('routes of a phone', () => {
  test('ask for the prices of an account once, however many rounds are sent', () => {
    let asked = 0;
    const { prices, ...rest } = account('alfa', { '7': 1 });
    const get = () => {
      asked++;
      return prices;
    };
    const dear = Object.defineProperty(rest, 'prices', { get }) as Account;
    for (let round = 0; round < 3; round++) expect(names(routeFinder([dear], terms)(phone))).toEqual(['alfa']);
    expect(asked).toBe(1);
  });

  test('the cheapest first; equal prices by name', () => {
    const accounts = [account('gamma', { '7': 2 }), account('beta', { '7': 1 }), account('alfa', { '7': 2 })];
    expect(names(routeFinder(accounts, terms)(phone))).toEqual(['beta', 'alfa', 'gamma']);
  });

  test('by the longest prefix, and none where no prefix fits', () => {
    const accounts = [
      account('alfa', { '': 9, '7900': 1 }),
      account('beta', { '7': 2 }),
      account('gamma', { '44': 1 }),
    ];
    const find = routeFinder(accounts, terms);
    expect(find(phone)).toMatchObject([
      { provider: 'alfa', perPart: 1, priceVersion: '1', currency: 'RUB', chargedOn: 'submit' },
      { provider: 'beta', perPart: 2 },
    ]);
    expect(names(find('+491701234567' as E164))).toEqual(['alfa']);
  });
});

describe('the choice', () => {
  const routes = [
    { provider: 'alfa', perPart: 1 },
    { provider: 'beta', perPart: 2 },
    { provider: 'gamma', perPart: 3 },
  ] as unknown as Route[];
  const choice = (fields: Partial<Choice> = {}): Choice => ({
    allowed: new Set(['alfa', 'beta', 'gamma']),
    ceiling: 3,
    refusedBy: [],
    isHealthy: () => true,
    ...fields,
  });
  const chosen = (fields: Partial<Choice>, of: readonly Route[] = routes) => {
    const one = choose(of, choice(fields));
    return one.kind === 'route' ? one.route.provider : one.kind;
  };

  test.each([
    ['the cheapest', {}, 'alfa'],
    ['the next when it is not well', { isHealthy: (name: string) => name !== 'alfa' }, 'beta'],
    ['the next when it has refused', { refusedBy: ['alfa'] }, 'beta'],
    ['only those that the approval allows', { allowed: new Set(['gamma']) }, 'gamma'],
    ['none that is dearer than was approved', { ceiling: 1, isHealthy: (name: string) => name !== 'alfa' }, 'dear'],
    ['waiting when none is well', { isHealthy: () => false }, 'wait'],
    ['none when prices have risen: people are asked', { ceiling: 0 }, 'dear'],
    ['waiting when prices have risen and none is well', { ceiling: 0, isHealthy: () => false }, 'wait'],
    ['the end when all have refused', { refusedBy: ['gamma', 'alfa', 'beta'] }, 'refused'],
    ['none when all that are cheap enough have: people are asked', { refusedBy: ['alfa'], ceiling: 1 }, 'dear'],
  ] as const)('%s', (_what, fields, expected) => {
    expect(chosen(fields)).toBe(expected);
  });

  test('says of what is too dear which would be cheapest, and whether something cheap enough is only away', () => {
    const away = choice({ ceiling: 1, isHealthy: (name) => name !== 'alfa' });
    expect(choose(routes, away)).toEqual({ kind: 'dear', route: routes[1], isAway: true });
    expect(choose(routes, choice({ ceiling: 0 }))).toEqual({ kind: 'dear', route: routes[0], isAway: false });
  });

  test('waiting when nobody carries it at the moment: an account may be out of use for an hour', () => {
    expect(chosen({}, [])).toBe('wait');
  });

  test('whatever is chosen is allowed, healthy, not refused, and no other such is cheaper', () => {
    const some = fc.subarray(['alfa', 'beta', 'gamma']);
    fc.assert(
      fc.property(some, some, some, fc.integer({ min: 0, max: 4 }), (allowed, refusedBy, well, ceiling) => {
        const one = choose(
          routes,
          choice({ allowed: new Set(allowed), refusedBy, ceiling, isHealthy: (name) => well.includes(name) }),
        );
        const fit = routes.filter(
          ({ provider, perPart }) =>
            allowed.includes(provider) &&
            well.includes(provider) &&
            !refusedBy.includes(provider) &&
            perPart <= ceiling,
        );
        expect(one.kind === 'route' ? one.route : undefined).toBe(fit[0]);
      }),
    );
  });
});

test('the quote knows the accounts in force, in the company’s currency only', async () => {
  const accounts = [account('alfa', { '7': 5 }), account('tenge', { '7': 1 }, { currency: 'KZT' })];
  const tariff = await quoterOver(async () => accounts, 'RUB').tariff(terms);
  expect(tariff.currency).toBe('RUB');
  expect(tariff.routesFor(phone)).toMatchObject([{ provider: 'alfa', perPart: 5 }]);
});

describe('an account in another currency', () => {
  const accounts = [
    account('alfa', { '7': 3_000_000 }),
    account('dollar', { '7': 32_500 }, { currency: 'USD' }),
    account('tenge', { '7': 1 }, { currency: 'KZT' }),
  ];
  const exchange = { currency: 'RUB', rates: { USD: 92_150_000 } };

  test('is compared by the rate, with both prices kept, and has no route without a rate', async () => {
    const routes = routeFinder(accounts, terms, { exchange })(phone);
    expect(routes).toMatchObject([
      { provider: 'dollar', perPart: 2_994_875, currency: 'RUB', accountPrice: { perPart: 32_500, currency: 'USD' } },
      { provider: 'alfa', perPart: 3_000_000, currency: 'RUB' },
    ]);
    expect(routes).toHaveLength(2);
    expect(routes[1]).not.toHaveProperty('accountPrice');
    const tariff = await quoterOver(async () => accounts, exchange).tariff(terms);
    expect(tariff).toMatchObject({ currency: 'RUB' });
    expect(tariff.routesFor(phone)).toEqual(routes);
  });

  test('is held by the approved ceiling in the company’s currency', () => {
    const routes = routeFinder(accounts, terms, { exchange })(phone);
    const choice = { allowed: new Set(['dollar', 'alfa']), refusedBy: [], isHealthy: () => true };
    expect(choose(routes, { ...choice, ceiling: 2_994_874 }).kind).toBe('dear');
    expect(choose(routes, { ...choice, ceiling: 2_994_875 })).toMatchObject({ route: { provider: 'dollar' } });
  });
});

test('the quote is by the prices that hold at the time that is asked for, and by those of now for what has passed', async () => {
  const list = (number: number, day: string, micros: number) => ({
    provider: 'alfa',
    number,
    version: day,
    currency: 'RUB',
    validFrom: new Date(day),
    takenAt: new Date('2026-11-01'),
    takenBy: 'olga',
    source: '',
    prices: [
      {
        prefix: '7',
        perPart: { micros, currency: 'RUB' },
        chargedOn: 'submit' as const,
        from: new Date(day),
        to: null,
      },
    ],
  });
  const alfa = account('alfa', {}, { lists: [list(1, '2026-11-02', 5), list(2, '2026-12-01', 7)] });
  const quoter = quoterOver(
    async () => [alfa],
    'RUB',
    () => new Date('2026-11-20'),
  );
  const costAt = async (at?: string) =>
    (await quoter.tariff({ ...terms, ...(at && { at: new Date(at) }) })).routesFor(phone)[0]?.perPart;
  expect([await costAt(), await costAt('2026-11-01'), await costAt('2026-12-02')]).toEqual([5, 5, 7]);
});

describe('what a delivered message costs', () => {
  const accounts = [account('alfa', { '7': 2_000_000 }), account('beta', { '7': 2_300_000, '7916': 2_100_000 })];
  const shares: Shares = new Map([
    [shareKey('', ''), 0.9],
    [shareKey('alfa', ''), 0.8],
    [shareKey('alfa', '7916'), 0.95],
    [shareKey('alfa', '250-01'), 0.5],
  ]);
  const find = routeFinder(accounts, terms, { shares });

  test('decides, by the share of the destination, else of the account, else of all', () => {
    expect(find(phone)).toMatchObject([
      { provider: 'alfa', perPart: 2_000_000, share: 0.8, expected: 2_500_000 },
      { provider: 'beta', perPart: 2_300_000, share: 0.9, expected: 2_555_556 },
    ]);
    expect(find('+79161234567' as E164)).toMatchObject([
      { provider: 'alfa', expected: 2_105_263 },
      { provider: 'beta', perPart: 2_100_000, expected: 2_333_333 },
    ]);
    expect(find(phone, '250-01')).toMatchObject([
      { provider: 'beta', expected: 2_555_556 },
      { provider: 'alfa', expected: 4_000_000 },
    ]);
  });

  test('is the price itself where it is charged on delivery, or nothing was measured', () => {
    const alfa = account(
      'alfa',
      {},
      {
        prices: [{ prefix: '7', perPart: { micros: 2_000_000, currency: 'RUB' }, chargedOn: 'delivery' }],
      },
    );
    expect(routeFinder([alfa], terms, { shares })(phone)).toMatchObject([{ expected: 2_000_000, share: 0.8 }]);
    expect(routeFinder(accounts, terms)(phone)).toMatchObject([{ expected: 2_000_000, share: 1 }, {}]);
  });

  test('does not lift the ceiling: it caps the price', () => {
    const choice = { allowed: new Set(['alfa', 'beta']), refusedBy: [], isHealthy: () => true };
    expect(choose(find(phone), { ...choice, ceiling: 2_000_000 })).toMatchObject({ route: { provider: 'alfa' } });
    expect(choose(find(phone, '250-01'), { ...choice, ceiling: 2_200_000 })).toMatchObject({
      route: { provider: 'alfa' },
    });
  });

  test('is reckoned once for all numbers that are alike, and by another finder only when something has changed', () => {
    expect(find('+79001111111' as E164)).toBe(find('+79002222222' as E164));
    const exchange = { currency: 'RUB', rates: {} };
    const first = keptRouteFinder(accounts, terms, exchange, shares);
    expect(keptRouteFinder([...accounts], terms, exchange, shares)).toBe(first);
    expect(keptRouteFinder(accounts, { ...terms, sender: 'ACME' }, exchange, shares)).not.toBe(first);
    expect(keptRouteFinder([accounts[0]!], terms, exchange, shares)).not.toBe(first);
    expect(keptRouteFinder(accounts, terms, exchange, new Map(shares))).not.toBe(first);
  });
});

describe('where an account may be given only some numbers, or prices networks', () => {
  const accounts = [
    account('alfa', { '': 1 }, { prefixes: ['7900', '44'] }),
    account('beta', { '': 3, '7': 2, '250-01': 4, '7916': 5 }),
  ];
  const find = routeFinder(accounts, terms);
  const prices = (number: string, network?: string) =>
    find(number as E164, network).map(({ provider, perPart }) => `${provider} ${perPart}`);

  test.each([
    ['+79001234567', undefined, ['alfa 1', 'beta 2']],
    ['+79011234567', undefined, ['beta 2']],
    ['+79161234567', undefined, ['beta 5']],
    ['+79161234567', '250-02', ['beta 5']],
    ['+79161234567', '250-01', ['beta 4']],
    ['+447700900123', undefined, ['alfa 1', 'beta 3']],
    ['+491701234567', undefined, ['beta 3']],
  ] as const)('%s in %s goes by %j', (number, network, expected) => {
    expect(prices(number, network)).toEqual(expected);
  });

  test('routes are those that each account would have by itself, for any prefixes', () => {
    const digits = fc.stringMatching(/^[12]{0,5}$/);
    const list = fc.uniqueArray(digits, { minLength: 1, maxLength: 6 });
    fc.assert(
      fc.property(list, list, fc.array(fc.stringMatching(/^[12]{6}$/), { minLength: 3 }), (one, other, numbers) => {
        const made = [one, other].map((prefixes, index) =>
          account(`a${index}`, Object.fromEntries(prefixes.map((prefix, micros) => [prefix, micros]))),
        );
        const together = routeFinder(made, terms);
        for (const number of numbers) {
          const alone = made.flatMap(({ name, prices }) => {
            const fits = prices.filter(({ prefix }) => number.startsWith(prefix));
            const longest = fits.toSorted((a, b) => b.prefix.length - a.prefix.length)[0];
            return longest ? [`${name} ${longest.perPart.micros}`] : [];
          });
          const found = together(`+${number}` as E164).map(({ provider, perPart }) => `${provider} ${perPart}`);
          expect(found.toSorted()).toEqual(alone.toSorted());
        }
      }),
    );
  });
});
