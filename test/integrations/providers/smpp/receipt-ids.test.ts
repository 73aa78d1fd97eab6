/** In which base receipts write ids: said by the account, or learnt, and never taken from a coincidence. */
import fc from 'fast-check';
import { describe, expect, it } from 'vitest';
import { receiptIds } from '../../../../integrations/providers/smpp/receipt-ids.ts';

const PHONE = '+79161234567';
/** Ids as answers write them, and receipts in another base: 64 bits and more, so that no number of digits is both. */
const DECIMAL = Array.from({ length: 12 }, (_, i) => (2n ** 80n + BigInt(i)).toString());
const hex = (decimal: string) => BigInt(decimal).toString(16);

function learning(pairs: readonly (readonly [answered: string, inReceipt: string])[], to = PHONE) {
  const ids = receiptIds('any', () => {});
  for (const [answered] of pairs) ids.answered(answered, PHONE);
  for (const [, inReceipt] of pairs) ids.read(inReceipt, to);
  return ids;
}

describe('the base of ids in receipts', () => {
  it.each([
    ['hex-for-decimal', DECIMAL.map((id) => [id, hex(id)] as const)],
    ['hex-for-decimal', DECIMAL.map((id) => [id, `000${hex(id).toUpperCase()}`] as const)],
    ['decimal-for-hex', DECIMAL.map((id) => [hex(id).toUpperCase(), id] as const)],
    ['same', DECIMAL.map((id) => [id, `00${id}`] as const)],
    ['same', DECIMAL.map((id) => [`${id}-x`, `${id}-X`] as const)],
  ] as const)('is learnt: %s', (base, pairs) => {
    const ids = learning(pairs);
    expect(ids.base).toBe(base);
    // What was found by learning is what dispatch looks for first.
    const [answered, inReceipt] = pairs[0]!;
    expect(ids.read(inReceipt, PHONE).toLowerCase().replace(/^0+/, '')).toBe(answered.toLowerCase());
  });

  it('is not learnt from receipts of other people, from ids that are the same in both bases, or from few', () => {
    const pairs = DECIMAL.map((id) => [id, hex(id)] as const);
    expect(learning(pairs, '+79160000000').base).toBeNull();
    expect(learning(pairs.slice(0, 9)).base).toBeNull();
    expect(learning(Array.from({ length: 9 }, (_, i) => [String(i), String(i)] as const)).base).toBeNull();
  });

  it('is not learnt from an operator that writes them in both', () => {
    expect(learning(DECIMAL.map((id, i) => [id, i % 3 === 2 ? id : hex(id)] as const)).base).toBeNull();
  });

  it('is taken as the account says it, and an id that cannot be of that base stays as it is', () => {
    const ids = receiptIds('hex-for-decimal', () => {});
    expect([ids.read('ff', null), ids.read('x-1', null), ids.base]).toEqual(['255', 'x-1', 'hex-for-decimal']);
    expect(receiptIds('decimal-for-hex', () => {}).read('255', null)).toBe('ff');
    expect(receiptIds('same', () => {}).read('0FF', null)).toBe('0FF');
  });

  it('leaves every id readable in the form in which it came, whatever was learnt', () => {
    fc.assert(
      fc.property(fc.stringMatching(/^[0-9A-Fa-f]{1,30}$/), (written) => {
        for (const base of ['same', 'hex-for-decimal', 'decimal-for-hex'] as const) {
          const plain = written.toLowerCase().replace(/^0+(?=.)/, '');
          const read = receiptIds(base, () => {}).read(written, null);
          const back = [read, /^\d+$/.test(read) ? BigInt(read).toString(16) : read, BigInt(`0x${read}`).toString()];
          expect(back.map((form) => form.toLowerCase().replace(/^0+(?=.)/, ''))).toContain(plain);
        }
      }),
    );
  });

  it('remembers no more submits than it needs', () => {
    const ids = receiptIds('any', () => {});
    for (let i = 0; i < 10_000; i++) ids.answered(`a${i}`, PHONE);
    for (let i = 0; i < 100; i++) ids.read(`a${i}`, PHONE);
    expect(ids.base).toBeNull();
    for (let i = 9_950; i < 10_000; i++) ids.read(`a${i}x`, PHONE);
    expect(ids.base).toBeNull();
  });
});
