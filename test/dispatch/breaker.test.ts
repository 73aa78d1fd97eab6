/** When an account rests, is tried and comes back. */
import fc from 'fast-check';
import { describe, expect, test } from 'vitest';
import { type Breaker, breakerAfter, breakerTerms, NEVER_RESTED, overruled } from '../../src/dispatch/breaker.ts';
import { latest } from '../../src/dispatch/breakers.ts';
import { createTrial } from '../../src/dispatch/trial.ts';

const terms = breakerTerms(30_000);
const at = (second: number) => new Date(Date.UTC(2026, 10, 23, 9, 0, second));
const well: Breaker = { epoch: 4, state: 'well', since: at(0), restMs: 30_000, handsOffUntil: null };
const resting: Breaker = { ...well, state: 'resting' };
const trying: Breaker = { ...well, state: 'trying' };

describe('an account', () => {
  test.each<[string, Breaker, [taken: number, failed: number], number, Partial<Breaker> | null, string | null]>([
    ['that never failed goes on', NEVER_RESTED, [1000, 0], 0, null, null],
    ['is not judged by a few answers', NEVER_RESTED, [0, 19], 0, null, null],
    [
      'rests when half of it fails',
      NEVER_RESTED,
      [10, 10],
      0,
      { epoch: 1, state: 'resting', restMs: 30_000 },
      'rested',
    ],
    ['that mostly works goes on', NEVER_RESTED, [11, 10], 0, null, null],
    [
      'that has come back lately rests twice as long',
      well,
      [0, 20],
      10,
      { state: 'resting', restMs: 60_000 },
      'rested',
    ],
    [
      'that was well for long rests as at first',
      { ...well, restMs: 480_000 },
      [0, 20],
      600,
      { state: 'resting', restMs: 30_000 },
      'rested',
    ],
    [
      'never rests longer than the longest',
      { ...well, restMs: 500_000 },
      [0, 20],
      10,
      { state: 'resting', restMs: 600_000 },
      'rested',
    ],
    ['that a person has started is left alone', { ...well, handsOffUntil: at(60) }, [0, 100], 59, null, null],
    ['for a while', { ...well, handsOffUntil: at(60) }, [0, 100], 60, { state: 'resting' }, 'rested'],
    ['that rests goes on resting', resting, [0, 0], 29, null, null],
    ['that has rested is tried', resting, [0, 0], 30, { epoch: 5, state: 'trying', restMs: 30_000 }, 'tried'],
    ['that is tried is waited for', trying, [4, 0], 59, null, null],
    ['is back when what was tried went well', trying, [8, 2], 3, { epoch: 5, state: 'well', restMs: 30_000 }, 'back'],
    [
      'rests again when more than a fifth of it failed',
      trying,
      [3, 2],
      3,
      { state: 'resting', restMs: 60_000 },
      'rested',
    ],
    ['is judged by a few answers when no more come', trying, [1, 0], 60, { state: 'well' }, 'back'],
    ['is tried anew when none came', trying, [0, 0], 60, { epoch: 5, state: 'trying', since: at(60) }, null],
  ])('%s', (_, before, [taken, failed], second, after, move) => {
    const { breaker, move: moved } = breakerAfter(before, { taken, failed }, at(second), terms);
    expect(moved).toBe(move);
    if (after === null) expect(breaker).toBe(before);
    else expect(breaker).toMatchObject(after);
  });

  test('is well at a person’s word, whatever it was', () => {
    const after = overruled({ ...resting, restMs: 480_000 }, at(7), terms);
    expect(after).toEqual({
      epoch: 5,
      state: 'well',
      since: at(7),
      restMs: 0,
      handsOffUntil: new Date(at(7).getTime() + 600_000),
    });
    expect(breakerAfter(after, { taken: 0, failed: 500 }, at(400), terms).breaker).toBe(after);
  });

  test('does not flap: between two rests there is a whole rest, and a trial that went well or a person', () => {
    const looks = fc.array(
      fc.record({ taken: fc.nat(40), failed: fc.nat(40), after: fc.integer({ min: 1, max: 90 }) }),
      { maxLength: 60 },
    );
    fc.assert(
      fc.property(looks, (all) => {
        let [breaker, second, epoch] = [NEVER_RESTED, 0, 0];
        let restedAt: number | null = null;
        for (const { taken, failed, after } of all) {
          second += after;
          const next = breakerAfter(breaker, { taken, failed }, at(second), terms);
          if (next.move === 'rested') {
            if (restedAt !== null) expect((second - restedAt) * 1000).toBeGreaterThanOrEqual(breaker.restMs);
            expect(failed).toBeGreaterThan(0);
            restedAt = second;
          }
          if (next.move === 'back') expect(breaker.state).toBe('trying');
          if (next.breaker !== breaker) expect(next.breaker.epoch).toBe(++epoch);
          breaker = next.breaker;
          expect(breaker.restMs).toBeLessThanOrEqual(terms.longestRestMs);
        }
      }),
    );
  });
});

test('an account is judged by as many of the latest minutes as have enough answers', () => {
  const minutes = [
    { taken: 5, failed: 10 },
    { taken: 1, failed: 9 },
    { taken: 5000, failed: 0 },
  ];
  expect(latest(minutes, 15)).toEqual({ taken: 5, failed: 10 });
  expect(latest(minutes, 20)).toEqual({ taken: 6, failed: 19 });
  expect(latest([], 20)).toEqual({ taken: 0, failed: 0 });
});

test('a trial has so many tries, and as many again in the next', () => {
  const trial = createTrial(2);
  for (const epoch of [3, 4]) {
    expect(trial.isLeft('alfa', epoch)).toBe(true);
    trial.take('alfa', epoch);
    expect(trial.isLeft('alfa', epoch)).toBe(true);
    trial.take('alfa', epoch);
    expect(trial.isLeft('alfa', epoch)).toBe(false);
    expect(trial.isLeft('beta', epoch)).toBe(true);
  }
});
