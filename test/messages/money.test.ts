import fc from 'fast-check';
import { describe, expect, it } from 'vitest';
import { add, nothing, parseMicros, times } from '../../src/messages/money.ts';

const rub = (micros: number) => ({ micros, currency: 'RUB' });

describe('money', () => {
  it('adds what is of one currency', () => {
    expect(add(rub(2_350_000), rub(1))).toEqual(rub(2_350_001));
    expect(add(nothing('RUB'), rub(5))).toEqual(rub(5));
  });

  it('never adds two currencies', () => {
    expect(() => add(rub(1), nothing('EUR'))).toThrow('cannot add EUR to RUB');
  });

  it('multiplies without losing a micro-unit', () => {
    expect(times(rub(32_500), 1_900_000)).toEqual(rub(61_750_000_000));
  });

  it.each([
    ['2.35', 2_350_000],
    ['2,35', 2_350_000],
    [' 0.0325 ', 32_500],
    ['3', 3_000_000],
    ['0.000001', 1],
    ['999999999', 999_999_999_000_000],
  ])('reads %j', (text, micros) => {
    expect(parseMicros(text)).toBe(micros);
  });

  it.each(['', 'free', '-1', '+1', '1.', '.5', '1.2345678', '1 000', '1e3', '1,000.00', '1234567890'])(
    'does not read %j',
    (text) => {
      expect(parseMicros(text)).toBeNull();
    },
  );

  it('reads every decimal exactly', () => {
    fc.assert(
      fc.property(fc.nat(999_999_999), fc.nat(999_999), (whole, micros) => {
        expect(parseMicros(`${whole}.${String(micros).padStart(6, '0')}`)).toBe(whole * 1_000_000 + micros);
      }),
    );
  });
});
