/** What becomes of a posting after each try, and how fast a chat is written to: the rules as tables. */
import fc from 'fast-check';
import { describe, expect, test } from 'vitest';
import {
  afterCrash,
  afterLook,
  afterNoTry,
  afterTry,
  messageKey,
  type Next,
  type PostingTerms,
} from '../../src/staff/posting.ts';
import { createPostingPace } from '../../src/staff/posting-pace.ts';
import type { Posted } from '../../src/staff/surface.ts';

const now = new Date('2026-11-23T09:00:00Z');
const terms: PostingTerms = { now, canFind: true, settleMs: 10_000, mostTries: 20, backoffMs: 1000 };
const blind = { ...terms, canFind: false };
const in_ = (ms: number) => new Date(now.getTime() + ms);
const fresh = { kind: 'new', tries: 0 } as const;
const edit = { kind: 'edit', tries: 0 } as const;
const ref = { surface: 'far', to: 'place', id: '1' };

describe('after a try', () => {
  const cases: readonly [string, 'new' | 'edit', Posted, Next][] = [
    ['a card that is shown', 'new', { kind: 'posted', ref }, { kind: 'shown', ref }],
    [
      'a wish to wait costs no try',
      'new',
      { kind: 'later', afterMs: 10_072_000, wide: 'surface' },
      { kind: 'again', at: in_(10_072_000), as: 'new', tries: 0 },
    ],
    ['a place that moved', 'new', { kind: 'moved', to: 'x' }, { kind: 'again', at: now, as: 'new', tries: 1 }],
    [
      'an edit at a place that moved',
      'edit',
      { kind: 'moved', to: 'x' },
      { kind: 'again', at: now, as: 'new', tries: 1 },
    ],
    ['a card that is not there any more', 'edit', { kind: 'stale' }, { kind: 'again', at: now, as: 'new', tries: 1 }],
    ['a place that is gone', 'new', { kind: 'gone', why: 'blocked' }, { kind: 'over', state: 'gone' }],
    ['a card that is refused', 'new', { kind: 'refused', why: 'x' }, { kind: 'over', state: 'parked' }],
    ['a doubt', 'new', { kind: 'unknown', why: 'x' }, { kind: 'look', at: in_(10_000), tries: 0 }],
    [
      'a doubt about an edit',
      'edit',
      { kind: 'unknown', why: 'x' },
      { kind: 'again', at: in_(1000), as: 'edit', tries: 1 },
    ],
  ];
  test.each(cases)('%s', (_, kind, posted, next) => {
    expect(afterTry({ kind, tries: 0 }, posted, terms)).toEqual(next);
  });

  test('a doubt where the chat cannot tell ends it, whoever died', () => {
    expect(afterTry(fresh, { kind: 'unknown', why: 'x' }, blind)).toEqual({ kind: 'over', state: 'unknown' });
    expect(afterCrash(fresh, blind)).toEqual({ kind: 'over', state: 'unknown' });
    expect(afterCrash(fresh, terms)).toEqual({ kind: 'look', at: in_(10_000), tries: 0 });
    expect(afterCrash(edit, blind)).toEqual({ kind: 'again', at: now, as: 'edit', tries: 0 });
  });

  test('a look says whether it is there, or is repeated for a while', () => {
    expect(afterLook(fresh, ref, terms)).toEqual({ kind: 'shown', ref });
    expect(afterLook(fresh, null, terms)).toEqual({ kind: 'again', at: in_(1000), as: 'new', tries: 1 });
    expect(afterLook({ tries: 2 }, undefined, terms)).toEqual({ kind: 'look', at: in_(4000), tries: 3 });
    expect(afterLook({ tries: 19 }, undefined, terms)).toEqual({ kind: 'over', state: 'unknown' });
  });

  test('waits grow to ten minutes, and tries come to an end', () => {
    expect(afterNoTry({ kind: 'new', tries: 15 }, terms)).toEqual({
      kind: 'again',
      at: in_(600_000),
      as: 'new',
      tries: 16,
    });
    expect(afterNoTry({ kind: 'new', tries: 19 }, terms)).toEqual({ kind: 'over', state: 'parked' });
  });

  test('what is shown anew has a name of its own', () => {
    expect([messageKey({ key: 'k', copy: 0 }), messageKey({ key: 'k', copy: 2 })]).toEqual(['k', 'k~2']);
  });
});

describe('the pace', () => {
  const pace = { placeMs: 1000, editMs: 3000, perSecond: 20 };

  test('is kept by who takes over, whatever the one before did', () => {
    expect(createPostingPace(pace, 5000).opensAt()).toBe(6000);
    expect(createPostingPace({ ...pace, placeMs: 0 }, 5000).opensAt()).toBe(5050);
  });

  test('lets a place rest after each posting, and as long as the chat asks', () => {
    const kept = createPostingPace(pace, 0);
    kept.took('anna', 1000);
    expect([kept.resting(1999), kept.resting(2000)]).toEqual([['anna'], []]);
    kept.rest('anna', 9000);
    kept.took('anna', 3000);
    expect([kept.resting(8999), kept.wakesAt(5000), kept.resting(9000), kept.wakesAt(9000)]).toEqual([
      ['anna'],
      9000,
      [],
      null,
    ]);
    kept.rest(null, 20_000);
    expect(kept.opensAt()).toBe(20_000);
  });

  test('in all is never faster than allowed, however postings come', () => {
    fc.assert(
      fc.property(fc.array(fc.nat({ max: 200 }), { minLength: 2, maxLength: 100 }), (waits) => {
        const kept = createPostingPace(pace, 0);
        let time = 0;
        const posted: number[] = [];
        for (const wait of waits) {
          time = Math.max(time + wait, kept.opensAt());
          kept.took('anna', time);
          posted.push(time);
        }
        for (const [i, at] of posted.entries()) {
          expect(posted.filter((other, j) => j >= i && other < at + 1000).length).toBeLessThanOrEqual(20);
        }
      }),
    );
  });
});
