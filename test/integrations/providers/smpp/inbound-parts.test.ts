/** Long inbound messages: put together in any order, acknowledged when kept, and never lost for want of a part. */
import fc from 'fast-check';
import { describe, expect, it } from 'vitest';
import type { DeliverSm } from '../../../../integrations/providers/smpp/deliver.ts';
import { partJoiner } from '../../../../integrations/providers/smpp/inbound-parts.ts';

const HOLD = 10;
const JOIN = 100;

const part = (index: number, total: number, text: string, over: Partial<DeliverSm> = {}): DeliverSm => ({
  source: '79161234567',
  sourceTon: 1,
  destination: '1234',
  esmClass: 0x40,
  dataCoding: 8,
  body: Buffer.from(text, 'utf16le').swap16(),
  part: { reference: 7, total, index },
  receiptedMessageId: null,
  messageState: null,
  networkError: null,
  ...over,
});

/** A joiner, and what was answered to its parts: `1+` kept, `1-` come again. */
function joiner() {
  const joins = partJoiner(HOLD, JOIN);
  const answers: string[] = [];
  const add = (index: number, total: number, text: string, now: number, over: Partial<DeliverSm> = {}) =>
    joins.add(part(index, total, text, over), (kept) => answers.push(`${index}${kept ? '+' : '-'}`), now);
  return { joins, answers, add };
}

describe('parts that come in', () => {
  it('are one text in whatever order they come, and answered once it is kept', () => {
    const orders = fc.shuffledSubarray([1, 2, 3, 4], { minLength: 4, maxLength: 4 });
    fc.assert(
      fc.property(orders, (order) => {
        const { answers, add } = joiner();
        const joined = order.map((index) => add(index, 4, 'abcd'[index - 1]!, 0));
        expect(joined.slice(0, 3)).toEqual([null, null, null]);
        expect(joined[3]).toMatchObject({ text: 'abcd' });
        expect(answers).toEqual([]);
        joined[3]!.settle(true, 1);
        expect(answers).toEqual(order.map((index) => `${index}+`));
      }),
    );
  });

  it('may cut a character in two', () => {
    const { add } = joiner();
    const bytes = Buffer.from('я🎉ю', 'utf16le').swap16();
    add(1, 2, '', 0, { body: bytes.subarray(0, 5) });
    expect(add(2, 2, '', 0, { body: bytes.subarray(5) })).toMatchObject({ text: 'я🎉ю' });
  });

  it('may each be in a coding of its own, and are nothing when one is no text', () => {
    const mixed = joiner();
    mixed.add(1, 2, '', 0, { dataCoding: 0, body: Buffer.from('abc') });
    expect(mixed.add(2, 2, 'где', 0)).toMatchObject({ text: 'abcгде' });
    const binary = joiner();
    binary.add(1, 2, 'a', 0);
    expect(binary.add(2, 2, 'b', 0, { dataCoding: 4 })).toMatchObject({ text: null });
  });

  it('are asked for again after a moment, and remembered, for an operator that sends one at a time', () => {
    const { joins, answers, add } = joiner();
    add(1, 2, 'a', 0);
    expect(joins.overdue(HOLD - 1)).toEqual([]);
    expect(answers).toEqual([]);
    joins.overdue(HOLD);
    expect(answers).toEqual(['1-']);
    const joined = add(2, 2, 'b', 20);
    expect(joined).toMatchObject({ text: 'ab' });
    add(1, 2, 'a', 21); // the operator repeats it while it is being kept
    joined!.settle(true, 22);
    expect(answers).toEqual(['1-', '2+', '1+']);
    add(1, 2, 'a', 23); // and once more
    expect(answers.at(-1)).toBe('1+');
    expect(answers).toHaveLength(4);
  });

  it('come again when they could not be kept', () => {
    const { answers, add } = joiner();
    add(1, 2, 'a', 0);
    add(2, 2, 'b', 0)!.settle(false, 1);
    expect(answers).toEqual(['1-', '2-']);
    const again = add(1, 2, 'a', 5);
    expect(again).toMatchObject({ text: 'ab' });
    again!.settle(true, 6);
    add(2, 2, 'b', 7);
    expect(answers).toEqual(['1-', '2-', '1+', '2+']);
  });

  it('are handed over as far as they came when the rest does not', () => {
    const { joins, answers, add } = joiner();
    add(2, 4, 'b', 0);
    joins.overdue(HOLD);
    const [incomplete] = joins.overdue(JOIN);
    expect(incomplete).toMatchObject({ text: '…b…' });
    incomplete!.settle(true, JOIN);
    add(2, 4, 'b', JOIN + 1);
    expect(answers).toEqual(['2-', '2+']);
    expect(joins.isBusy).toBe(true);
    joins.overdue(2 * JOIN);
    expect(joins.isBusy).toBe(false);
  });

  it('are another message when the reference comes round with other words', () => {
    const { answers, add } = joiner();
    add(1, 2, 'old', 0);
    add(1, 2, 'new', 1);
    expect(answers).toEqual(['1-']);
    expect(add(2, 2, '!', 2)).toMatchObject({ text: 'new!' });
  });

  it('are kept apart by number, by who they are for and by reference', () => {
    const { add } = joiner();
    add(1, 2, 'a', 0);
    expect(add(2, 2, 'b', 0, { source: '79160000001' })).toBeNull();
    expect(add(2, 2, 'b', 0, { destination: '5678' })).toBeNull();
    expect(add(2, 2, 'b', 0, { part: { reference: 8, total: 2, index: 2 } })).toBeNull();
    expect(add(2, 2, 'b', 0)).toMatchObject({ text: 'ab' });
  });
});
