import fc from 'fast-check';
import { expect, test } from 'vitest';
import { exchanged } from '../../src/messages/exchange.ts';

const exchange = { currency: 'RUB', rates: { USD: 92_150_000, EUR: 99_800_000, XXX: 500_000 } };
const inRoubles = (micros: number, currency: string) => exchanged({ micros, currency }, exchange);

test.each([
  [1_000_000, 'USD', 92_150_000],
  [32_500, 'USD', 2_994_875],
  [1, 'EUR', 100],
  [1, 'XXX', 1],
  [3, 'XXX', 2],
  [0, 'USD', 0],
  [7, 'RUB', 7],
])('%d micro-units of %s are %d of the company’s', (micros, currency, roubles) => {
  expect(inRoubles(micros, currency)).toEqual({ micros: roubles, currency: 'RUB' });
});

test('without a rate there is no amount', () => {
  expect(inRoubles(1, 'KZT')).toBeNull();
  expect(inRoubles(1, 'toString')).toBeNull();
});

test('what is dearer is never cheaper in another currency, and nothing is off by more than half a micro-unit', () => {
  const micros = fc.integer({ min: 0, max: 10_000_000_000 });
  fc.assert(
    fc.property(micros, micros, (a, b) => {
      const [one, other] = [inRoubles(a, 'USD')!.micros, inRoubles(b, 'USD')!.micros];
      expect(Math.sign(one - other) * Math.sign(a - b)).toBeGreaterThanOrEqual(0);
      const exact = BigInt(a) * 92_150_000n;
      const off = BigInt(one) * 1_000_000n - exact;
      expect(off > -500_000n && off <= 500_000n).toBe(true);
    }),
  );
});
