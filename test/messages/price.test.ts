import fc from 'fast-check';
import { describe, expect, it } from 'vitest';
import type { E164 } from '../../src/messages/phone.ts';
import { indexPrices, type Price, type PriceList } from '../../src/messages/price.ts';

const price = (prefix: string, micros: number): Price => ({
  prefix,
  perPart: { micros, currency: 'RUB' },
  chargedOn: 'submit',
});

const list = (...prices: readonly Price[]): PriceList => ({
  provider: 'alpha',
  version: '2026-11',
  validFrom: new Date('2026-11-01T00:00:00Z'),
  prices,
});

const phone = (text: string): E164 => text as E164;

describe('the price of a number', () => {
  const prices = list(price('', 9), price('7', 5), price('7916', 2), price('791612345', 1), price('1', 4));

  it.each([
    ['+79161234567', 1],
    ['+79169999999', 2],
    ['+79269999999', 5],
    ['+12125551234', 4],
    ['+380501234567', 9],
  ])('of %s is that of its longest prefix', (text, micros) => {
    expect(indexPrices(prices)(phone(text))?.perPart.micros).toBe(micros);
  });

  it('is none where no prefix fits', () => {
    expect(indexPrices(list(price('7', 5)))(phone('+380501234567'))).toBeNull();
    expect(indexPrices(list())(phone('+79161234567'))).toBeNull();
  });

  it('is what a search through the whole list finds', () => {
    const prefixes = fc.uniqueArray(fc.stringMatching(/^[127]{0,4}$/), { maxLength: 20 });
    fc.assert(
      fc.property(prefixes, fc.stringMatching(/^[127]{7,12}$/), (some, digits) => {
        const prices = some.map((prefix, index) => price(prefix, index));
        const longest = prices
          .filter(({ prefix }) => digits.startsWith(prefix))
          .sort((a, b) => b.prefix.length - a.prefix.length)[0];
        expect(indexPrices(list(...prices))(phone(`+${digits}`))).toEqual(longest ?? null);
      }),
    );
  });

  it.each([
    ['is not digits', [price('+7', 1)]],
    ['is priced twice', [price('7', 1), price('7', 2)]],
  ])('is not looked up in a list where a prefix %s', (why, prices) => {
    expect(() => indexPrices(list(...prices))).toThrow(why);
  });
});
