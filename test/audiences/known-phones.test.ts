/** Phones that are known: exactly those that were said, whatever their number and order. */
import fc from 'fast-check';
import { expect, test } from 'vitest';
import { knownPhones } from '../../src/audiences/known-phones.ts';
import type { E164 } from '../../src/messages/phone.ts';

const phone = fc.oneof(
  fc.integer({ min: 1_000_000, max: 999_999_999_999_999 }),
  fc.integer({ min: 79_000_000_000, max: 79_000_000_040 }),
  fc.constantFrom(999_999_999_999_999, 999_999_999_999_998, 1_000_000),
);

test('are those of a set, also when the table has to grow', () => {
  fc.assert(
    fc.property(fc.array(phone, { maxLength: 300 }), (numbers) => {
      const [known, expected] = [knownPhones(8), new Set<number>()];
      for (const number of numbers) {
        expect(known.add(`+${number}` as E164)).toBe(!expected.has(number));
        expected.add(number);
      }
    }),
  );
});

test('are told apart by the hundred thousand, neighbours among them', () => {
  const known = knownPhones();
  const addAll = () => Array.from({ length: 200_000 }, (_, n) => known.add(`+${79_000_000_000 + n * 37}` as E164));
  expect(addAll().every((isNew) => isNew)).toBe(true);
  expect(addAll().some((isNew) => isNew)).toBe(false);
});
