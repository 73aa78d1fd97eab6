/**
 * When an account rests because too much of what it is given fails, is tried again with a few messages, and is back. It rests at
 * once when it fails; it comes back only when what is tried goes well, and rests longer each time it does not. Pure.
 */

export interface Breaker {
  /** Counts every move: what was measured before a move says nothing after it. */
  readonly epoch: number;
  readonly state: 'well' | 'resting' | 'trying';
  readonly since: Date;
  /** How long it rests, or rested last, ms; 0 where it never did. */
  readonly restMs: number;
  /** A person has said that it is well: until then it is left alone. */
  readonly handsOffUntil: Date | null;
}

export interface BreakerTerms {
  /** So many answers are needed before anything is said of an account. */
  readonly least: number;
  /** It rests when this share of them or more are failures. */
  readonly restAt: number;
  /** The first rest, and the longest, ms. */
  readonly restMs: number;
  readonly longestRestMs: number;
  /** Messages that each worker tries it with, and the answers that are enough to judge by. */
  readonly tries: number;
  readonly enough: number;
  /** It is back when this share of them or less are failures. */
  readonly backAt: number;
  /** A trial without enough answers is judged by those there are after this, ms. */
  readonly trialMs: number;
  /** Well for so long, its next rest is a first one again, ms. */
  readonly forgivenMs: number;
  /** So long nothing is done to an account that a person has started, ms. */
  readonly handsOffMs: number;
}

export const breakerTerms = (restMs: number): BreakerTerms => ({
  least: 20,
  restAt: 0.5,
  restMs,
  longestRestMs: 20 * restMs,
  tries: 10,
  enough: 5,
  backAt: 0.2,
  trialMs: 2 * restMs,
  forgivenMs: 20 * restMs,
  handsOffMs: 10 * 60_000,
});

/** What an account answered in its present epoch. */
export interface Answered {
  readonly taken: number;
  readonly failed: number;
}

export type BreakerMove = 'rested' | 'tried' | 'back';

export const NEVER_RESTED: Breaker = {
  epoch: 0,
  state: 'well',
  since: new Date(0),
  restMs: 0,
  handsOffUntil: null,
};

/** The breaker at `now`, and what was done; the same object when nothing was. */
export function breakerAfter(
  before: Breaker,
  { taken, failed }: Answered,
  now: Date,
  terms: BreakerTerms,
): { readonly breaker: Breaker; readonly move: BreakerMove | null } {
  const all = taken + failed;
  const share = all === 0 ? 0 : failed / all;
  const age = now.getTime() - before.since.getTime();
  const to = (state: Breaker['state'], move: BreakerMove | null, restMs = before.restMs) => ({
    breaker: { epoch: before.epoch + 1, state, since: now, restMs, handsOffUntil: null },
    move,
  });
  const longer = Math.min(terms.longestRestMs, Math.max(terms.restMs, 2 * before.restMs));
  switch (before.state) {
    case 'well': {
      if (before.handsOffUntil && now < before.handsOffUntil) return { breaker: before, move: null };
      if (all < terms.least || share < terms.restAt) return { breaker: before, move: null };
      return to('resting', 'rested', age >= terms.forgivenMs ? terms.restMs : longer);
    }
    case 'resting':
      return age < before.restMs ? { breaker: before, move: null } : to('trying', 'tried');
    case 'trying': {
      if (all < terms.enough && age < terms.trialMs) return { breaker: before, move: null };
      // Nothing was to be sent, or what was taken for it did not go: it is tried anew.
      if (all === 0) return to('trying', null);
      return share <= terms.backAt ? to('well', 'back') : to('resting', 'rested', longer);
    }
  }
}

/** What a person says who starts it: it is well, and left alone for a while. */
export const overruled = (before: Breaker, now: Date, { handsOffMs }: BreakerTerms): Breaker => ({
  epoch: before.epoch + 1,
  state: 'well',
  since: now,
  restMs: 0,
  handsOffUntil: new Date(now.getTime() + handsOffMs),
});
