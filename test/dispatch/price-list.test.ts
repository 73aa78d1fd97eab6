/** Which list is in force when, and what a new one changes. */
import fc from 'fast-check';
import { describe, expect, test } from 'vitest';
import type { Account } from '../../src/dispatch/account.ts';
import { priceChanges, ratioOf } from '../../src/dispatch/price-changes.ts';
import {
  type AccountPrices,
  completed,
  type DatedPrice,
  listAt,
  listsAfter,
  pricesAt,
  versionBeside,
} from '../../src/dispatch/price-list.ts';
import { withPricesAt } from '../../src/dispatch/prices-in-force.ts';
import type { Price } from '../../src/messages/price.ts';

const day = (number: number) => new Date(Date.UTC(2026, 10, number));

const price = (prefix: string, micros: number, from = 1, to: number | null = null): DatedPrice => ({
  prefix,
  perPart: { micros, currency: 'RUB' },
  chargedOn: 'submit',
  from: day(from),
  to: to === null ? null : day(to),
});

const list = (
  number: number,
  validFrom: number,
  takenAt: number,
  prices: readonly DatedPrice[] = [],
): AccountPrices => ({
  provider: 'acme',
  number,
  version: `v${number}`,
  currency: 'RUB',
  validFrom: day(validFrom),
  takenAt: day(takenAt),
  takenBy: 'olga',
  source: 'prices.xlsx',
  prices,
});

describe('the list in force', () => {
  const lists = [list(1, 1, 1), list(2, 10, 5), list(3, 10, 6), list(4, 8, 9)];

  test.each([
    ['before any, none', 0, undefined],
    ['the first', 3, 1],
    ['not one that is valid and was not taken yet', 8, 1],
    ['one that was taken later holds from then on', 9, 4],
    ['of one day the one taken last; a later day wins over a later taking', 10, 3],
    ['and stays', 30, 3],
  ])('%s', (_what, at, number) => {
    expect(listAt(lists, day(at))?.number).toBe(number);
  });

  test('those that will be are told in their order, without those that never will', () => {
    expect(listsAfter(lists, day(2)).map(({ number }) => number)).toEqual([4, 3]);
  });

  test('what held at an instant does not change by lists that are taken later', () => {
    const some = fc.tuple(fc.integer({ min: 1, max: 28 }), fc.integer({ min: 1, max: 28 }));
    fc.assert(
      fc.property(fc.array(some), fc.integer({ min: 1, max: 28 }), (all, at) => {
        const every = all.map(([valid, taken], index) => list(index + 1, valid, taken));
        const until = every.filter(({ takenAt }) => takenAt <= day(at));
        expect(listAt(every, day(at))).toEqual(listAt(until, day(at)));
      }),
    );
  });
});

test('a price that begins later leaves the one that holds until then', () => {
  const held = [price('7', 2), price('44', 9), price('49', 5, 1, 12)];
  const made = completed([price('7', 3, 20), price('1', 1, 10), price('49', 6, 15)], held, day(10));
  expect(pricesAt({ prices: made }, day(10)).map(({ prefix, perPart }) => [prefix, perPart.micros])).toEqual([
    ['1', 1],
    ['7', 2],
    ['49', 5],
  ]);
  expect(pricesAt({ prices: made }, day(20)).map(({ prefix, perPart }) => [prefix, perPart.micros])).toEqual([
    ['7', 3],
    ['1', 1],
    ['49', 6],
  ]);
  expect(pricesAt({ prices: made }, day(13)).map(({ prefix }) => prefix)).not.toContain('49');
});

test('versions are never the same', () => {
  expect(versionBeside([], '2026-12-01')).toBe('2026-12-01');
  expect(versionBeside(['2026-12-01', '2026-12-01.2'], '2026-12-01')).toBe('2026-12-01.3');
});

describe('an account', () => {
  const account = { name: 'acme', prices: [price('', 1)], priceVersion: 'own', currency: 'RUB' } as unknown as Account;
  const listed = { ...account, lists: [list(1, 5, 5, [price('7', 2, 5, 15)]), list(2, 20, 6, [price('7', 3, 20)])] };

  test('has the prices of its own until a list holds, and is the same object between two changes', () => {
    expect(withPricesAt(account, day(1))).toBe(account);
    expect(withPricesAt(listed, day(1))).toBe(listed);
    const first = withPricesAt(listed, day(5));
    expect(first).toMatchObject({ priceVersion: 'v1', prices: [{ prefix: '7', perPart: { micros: 2 } }] });
    expect(withPricesAt(listed, day(14))).toBe(first);
    expect(withPricesAt(listed, day(15))).toMatchObject({ priceVersion: 'v1', prices: [] });
    expect(withPricesAt(listed, day(20))).toMatchObject({ priceVersion: 'v2', prices: [{ perPart: { micros: 3 } }] });
    expect(withPricesAt(listed, day(6)).priceVersion).toBe('v1');
  });
});

describe('what a list changes', () => {
  const changed = (before: readonly Price[], after: readonly DatedPrice[]) => {
    const changes = priceChanges(before, after, day(1));
    const of = (kind: 'added' | 'lost' | 'dearer' | 'cheaper' | 'otherwise') =>
      changes[kind].map(({ prefix }) => prefix);
    return { ...changes, of };
  };

  test('prefixes that are new, lost, dearer, cheaper, charged on something else and the same', () => {
    const before = [price('7', 10), price('44', 10), price('49', 10), price('1', 10), price('33', 10), price('39', 10)];
    const after = [price('7', 10), price('44', 11), price('49', 9), price('1', 10), price('81', 5), price('86', 5, 2)];
    const changes = changed(before, [...after.slice(0, 3), { ...after[3]!, chargedOn: 'delivery' }, ...after.slice(4)]);
    expect(changes.same).toBe(1);
    expect(changes.of('dearer')).toEqual(['44']);
    expect(changes.of('cheaper')).toEqual(['49']);
    expect(changes.of('otherwise')).toEqual(['1']);
    expect(changes.of('added')).toEqual(['81']);
    expect(changes.of('lost')).toEqual(['33', '39']);
  });

  test('a prefix that is gone takes the price of a shorter one, and so did one that is new', () => {
    const changes = changed([price('7', 10), price('7999', 8)], [price('7', 10), price('7900', 12)]);
    expect(changes.lost).toEqual([]);
    expect(changes.dearer).toMatchObject([
      { prefix: '7999', before: { perPart: { micros: 8 } }, after: { perPart: { micros: 10 } } },
      { prefix: '7900', before: { perPart: { micros: 10 } }, after: { perPart: { micros: 12 } } },
    ]);
  });

  test('the largest change first, what was free before all', () => {
    const changes = changed(
      [price('1', 10), price('2', 10), price('3', 0)],
      [price('1', 11), price('2', 30), price('3', 1)],
    );
    expect(changes.of('dearer')).toEqual(['3', '2', '1']);
    expect(ratioOf({ prefix: '', before: null, after: price('', 1) })).toBe(Number.POSITIVE_INFINITY);
    expect(ratioOf({ prefix: '', before: price('', 0), after: price('', 0) })).toBe(1);
  });

  test('and which prefixes will be lost when their last price ends', () => {
    const { ceasing } = priceChanges(
      [],
      [
        price('7', 1, 1, 9),
        price('7', 2, 9, 20),
        price('79', 2, 1, 12),
        price('44', 1, 1, 5),
        price('1', 1, 1, 9),
        price('1', 1, 9),
      ],
      day(1),
    );
    expect(ceasing).toEqual([
      { prefix: '44', at: day(5) },
      { prefix: '7', at: day(20) },
    ]);
  });
});
