/**
 * How fast one chat may be written to by whoever holds its queue: between two postings at one place, and in all. Who takes the
 * queue over waits one span first, because another may have posted just before.
 */
import type { Pace } from './surface.ts';

export interface PostingPace {
  /** Accounts whose place may not be written to at `now`. */
  resting(now: number): readonly string[];
  /** The earliest moment at which anything at all may be posted. */
  opensAt(): number;
  /** Something is posted to the account at `now`. */
  took(account: string, now: number): void;
  /** The chat asks for a rest: of one account's place, or, with null, of everything. */
  rest(account: string | null, until: number): void;
  /** The earliest moment after `now` at which a resting place may be written to again; null when none rests. */
  wakesAt(now: number): number | null;
}

/** All times are milliseconds of one clock. */
export function createPostingPace({ placeMs, perSecond }: Pace, takenAt: number): PostingPace {
  const gapMs = 1000 / perSecond;
  let all = takenAt + Math.max(gapMs, placeMs);
  const places = new Map<string, number>();

  const forgetRested = (now: number): void => {
    for (const [account, until] of places) if (until <= now) places.delete(account);
  };

  return {
    resting(now) {
      forgetRested(now);
      return [...places.keys()];
    },
    opensAt: () => all,
    took(account, now) {
      all = Math.max(all, now) + gapMs;
      places.set(account, Math.max(places.get(account) ?? 0, now + placeMs));
    },
    rest(account, until) {
      if (account === null) all = Math.max(all, until);
      else places.set(account, Math.max(places.get(account) ?? 0, until));
    },
    wakesAt(now) {
      forgetRested(now);
      return places.size === 0 ? null : Math.min(...places.values());
    },
  };
}
