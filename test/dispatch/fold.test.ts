/** The forms of an operator's ids, and what receipts of parts come to. */
import fc from 'fast-check';
import { describe, expect, test } from 'vitest';
import { foldParts, idForms, isFinal, MOVED_BY_RECEIPT, plainId } from '../../src/dispatch/fold.ts';
import { partKey, partKeys } from '../../src/dispatch/part-store.ts';
import { receiptOf } from './planted.ts';

describe('forms of an id', () => {
  test.each([
    ['as it is', '42', '42'],
    ['leading zeros', '000042', '42'],
    ['only zeros', '0000', '0'],
    ['upper case', 'AB12CD', 'ab12cd'],
    ['spaces around', ' 7f \t', '7f'],
    ['a uuid', '0B5C9F0A-4B11-4C1E-9C55-0D5C9F0A4B11', 'b5c9f0a-4b11-4c1e-9c55-0d5c9f0a4b11'],
    ['nothing at all', '', ''],
  ])('kept plain: %s', (_what, raw, plain) => {
    expect(plainId(raw)).toBe(plain);
    expect(idForms(raw)[0]).toBe(plain);
  });

  test('an id that is no number in either base has one form', () => {
    expect(idForms('msg-7')).toEqual(['msg-7']);
    expect(idForms('')).toEqual(['']);
  });

  test('the id as written comes first, so that it is believed before its other reading', () => {
    expect(idForms('10')).toEqual(['10', 'a', '16']);
    expect(idForms('ff')).toEqual(['ff', '255']);
    expect(idForms('0')).toEqual(['0']);
  });

  const ids = fc.bigInt({ min: 0n, max: (1n << 96n) - 1n });
  const written = fc.record({ zeros: fc.nat(12), upper: fc.boolean(), hex: fc.boolean() });
  const write = (id: bigint, { zeros, upper, hex }: { zeros: number; upper: boolean; hex: boolean }) => {
    const digits = '0'.repeat(zeros) + id.toString(hex ? 16 : 10);
    return upper ? digits.toUpperCase() : digits;
  };

  test('however the answer and the receipt write one number, up to 96 bits, they meet', () => {
    fc.assert(
      fc.property(ids, written, written, (id, inAnswer, inReceipt) => {
        const kept = partKey('alfa', write(id, inAnswer));
        expect(partKeys(receiptOf(write(id, inReceipt), 1))).toContain(kept);
      }),
    );
  });

  test('an id of another provider is another id', () => {
    expect(partKeys(receiptOf('10', 1, { provider: 'beta' }))).toEqual(['beta|10', 'beta|a', 'beta|16']);
  });
});

describe('what parts come to', () => {
  test.each([
    [['delivered'], 'delivered'],
    [['delivered', 'delivered', 'delivered'], 'delivered'],
    [['delivered', null, null], null],
    [[null, null], null],
    [['delivered', 'undelivered', null], 'undelivered'],
    [[null, 'expired'], 'expired'],
    [['rejected', 'delivered'], 'rejected'],
    [['delivered', 'enroute'], null],
  ] as const)('%j is %s', (parts, state) => {
    expect(foldParts(parts)).toBe(state);
  });

  test('one more word never takes a verdict back', () => {
    const word = fc.constantFrom('delivered', 'undelivered', 'expired', 'rejected');
    fc.assert(
      fc.property(fc.array(fc.option(word), { minLength: 1, maxLength: 6 }), fc.nat(5), word, (parts, at, more) => {
        const before = foldParts(parts);
        const place = at % parts.length;
        if (before === null || parts[place] !== null) return;
        const after = foldParts(parts.with(place, more));
        expect(after === 'delivered').toBe(before === 'delivered');
      }),
    );
  });
});

test('only states in which an answer is awaited or missing are moved by a receipt', () => {
  expect(MOVED_BY_RECEIPT).toEqual(['submitting', 'accepted', 'unknown']);
  expect(isFinal(receiptOf('1', 1, { state: 'enroute' }))).toBe(false);
  expect(isFinal(receiptOf('1', 1, { state: 'expired' }))).toBe(true);
});
