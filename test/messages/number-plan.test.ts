/** Where numbers belong by a plan: the narrower range within the wider, whatever the order, and found in a large plan too. */
import fc from 'fast-check';
import { expect, test } from 'vitest';
import { clashIn, indexPlan, type NumberRange } from '../../src/messages/number-plan.ts';
import type { E164 } from '../../src/messages/phone.ts';

const range = (first: string, last: string, operator = `${first}-${last}`): NumberRange => ({
  first,
  last,
  operator,
  network: null,
  region: '',
  zone: null,
});
const finder = (ranges: readonly NumberRange[]) => {
  const plan = indexPlan(ranges);
  return (digits: string) => plan.find(`+${digits}` as E164)?.operator ?? null;
};

test('both ends belong to a range, a prefix is all numbers that begin with it, and gaps belong to nobody', () => {
  const find = finder([
    range('79000000000', '79000061999', 'alfa'),
    range('7901', '7901', 'beta'),
    range('44', '44', 'uk'),
  ]);
  expect(
    [
      '79000000000',
      '79000061999',
      '79000062000',
      '78999999999',
      '79010000000',
      '79019999999',
      '79020000000',
      '447700900123',
      '1',
    ].map(find),
  ).toEqual(['alfa', 'alfa', null, null, 'beta', 'beta', null, 'uk', null]);
  expect(finder([])('79000000000')).toBeNull();
});

test('the narrower of two ranges holds, and the wider goes on behind it', () => {
  const find = finder([range('7', '7', 'country'), range('7900', '7909', 'wide'), range('79050', '79059', 'narrow')]);
  expect(['79049999999', '79050000000', '79059999999', '79060000000', '79100000000', '80000000000'].map(find)).toEqual([
    'wide',
    'narrow',
    'narrow',
    'wide',
    'country',
    null,
  ]);
});

test('ranges that cross, or are the same, are no plan', () => {
  expect(clashIn([range('7900', '7909'), range('7905', '7912')])).not.toBeNull();
  expect(clashIn([range('7900', '7900'), range('7900', '7900')])).not.toBeNull();
  // Different in how many digits they are written with, the same in their numbers.
  expect(clashIn([range('7900', '7909'), range('790', '790')])).not.toBeNull();
  expect(clashIn([range('7900', '7904'), range('7905', '7909'), range('790', '791'), range('7', '7')])).toBeNull();
});

test('finds what a look at every range would', () => {
  const end = fc.integer({ min: 100, max: 999 });
  const some = fc.array(fc.tuple(end, end), { maxLength: 12 });
  fc.assert(
    fc.property(some, fc.array(end), (pairs, numbers) => {
      const ranges: NumberRange[] = [];
      for (const [a, b] of pairs) {
        const one = range(String(Math.min(a, b)), String(Math.max(a, b)));
        if (clashIn([...ranges, one]) === null) ranges.push(one);
      }
      const find = finder(ranges);
      const width = ({ first, last }: NumberRange) => Number(last) - Number(first);
      for (const number of numbers) {
        const around = ranges.filter(({ first, last }) => Number(first) <= number && number <= Number(last));
        expect(find(String(number))).toBe(around.toSorted((a, b) => width(a) - width(b))[0]?.operator ?? null);
      }
    }),
  );
});

test('a plan of a hundred thousand ranges tells every one of them', () => {
  const ranges = Array.from({ length: 100_000 }, (_, n) =>
    range(`7${9_000_000_000 + n * 1000}`, `7${9_000_000_999 + n * 1000}`),
  );
  const find = finder(ranges.toReversed());
  for (let n = 0; n < ranges.length; n += 97) expect(find(`7${9_000_000_500 + n * 1000}`)).toBe(ranges[n]!.operator);
});
