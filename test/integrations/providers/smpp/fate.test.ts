/** What becomes of a message whose parts go separate ways, against the two sentences that matter. */
import fc from 'fast-check';
import { describe, expect, it } from 'vitest';
import {
  fateOf,
  mayGoOn,
  ON_WIRE,
  type PartState,
  unknown,
  WAITING,
} from '../../../../integrations/providers/smpp/fate.ts';
import type { Failure } from '../../../../src/dispatch/provider.ts';

const why = (code: Failure['code']): Failure => ({ code, detail: code });
const throttled: PartState = { is: 'waiting', why: why('throttled') };
const refused: PartState = { is: 'refused', why: why('bad-number') };
const lost: PartState = { is: 'lost', why: why('no-answer') };
const taken = (id: string): PartState => ({ is: 'taken', id });
const ids = (...each: (string | null)[]) => each.map((providerMessageId) => ({ providerMessageId }));

const part = fc.oneof(
  fc.constantFrom(WAITING, ON_WIRE, throttled, refused, lost),
  fc.string({ minLength: 1, maxLength: 4 }).map(taken),
);
const parts = fc.array(part, { minLength: 1, maxLength: 6 });

describe('the fate of a message', () => {
  it.each<[string, PartState[], unknown]>([
    ['waiting, before anything was sent', [WAITING, WAITING], null],
    ['on the wire', [ON_WIRE], null],
    ['taken in part, with more to send', [taken('a'), WAITING], null],
    ['taken in part, the rest throttled: it goes again', [taken('a'), throttled], null],
    ['refused in part, with an answer still to hear', [refused, ON_WIRE], null],
    ['taken', [taken('a')], { kind: 'accepted', parts: ids('a') }],
    ['taken whole', [taken('a'), taken('b')], { kind: 'accepted', parts: ids('a', 'b') }],
    ['refused', [refused], { kind: 'refused', why: why('bad-number') }],
    ['refused, the rest not sent', [refused, WAITING], { kind: 'refused', why: why('bad-number') }],
    ['refused, the rest throttled', [throttled, refused], { kind: 'refused', why: why('bad-number') }],
    ['throttled', [throttled], { kind: 'later', why: why('throttled') }],
    ['throttled, the rest not sent', [throttled, WAITING, WAITING], { kind: 'later', why: why('throttled') }],
    ['lost', [lost], { kind: 'unknown', why: why('no-answer') }],
    ['lost, the rest not sent', [lost, WAITING], { kind: 'unknown', why: why('no-answer') }],
    ['lost in part', [taken('a'), lost], { kind: 'unknown', why: why('no-answer'), parts: ids('a', null) }],
    ['refused in part', [refused, taken('b')], { kind: 'unknown', why: why('bad-number'), parts: ids(null, 'b') }],
  ])('%s', (_, states, outcome) => {
    expect(fateOf(states)).toEqual(outcome);
  });

  it('is "later" or "refused" only when no part was taken, may have been, or still can be', () => {
    fc.assert(
      fc.property(parts, (states) => {
        const kind = fateOf(states)?.kind;
        if (kind === 'later' || kind === 'refused')
          expect(states.some(({ is }) => is === 'taken' || is === 'lost' || is === 'wire')).toBe(false);
      }),
    );
  });

  it('is decided only when nothing is on the wire, and is open only while it can still be whole', () => {
    fc.assert(
      fc.property(parts, (states) => {
        const isOnWire = states.some(({ is }) => is === 'wire');
        if (isOnWire) expect(fateOf(states)).toBeNull();
        else if (fateOf(states) === null) expect(mayGoOn(states)).toBe(true);
      }),
    );
  });

  it('sends a part again only once another was taken, and nothing more once it cannot be whole', () => {
    expect(mayGoOn([throttled, ON_WIRE])).toBe(false);
    expect(mayGoOn([throttled, taken('b')])).toBe(true);
    expect(mayGoOn([taken('a'), refused, WAITING])).toBe(false);
    expect(mayGoOn([taken('a'), lost, WAITING])).toBe(false);
    expect(mayGoOn([ON_WIRE, WAITING])).toBe(true);
  });

  it('names the ids of what was taken when it is given up', () => {
    expect(unknown([taken('a'), throttled], why('throttled'))).toEqual({
      kind: 'unknown',
      why: why('throttled'),
      parts: ids('a', null),
    });
  });
});
