/**
 * What this worker may send through one account at the moment: its share of the rate, for as long as the lease on it is
 * certain by the monotonic clock. Every session of the account asks here before each part.
 */
import { pace } from '../platform/pace.ts';
import type { Turns } from './provider.ts';

export interface Share {
  /** Parts a second; 0 once the lease has run out, and then until the next grant. */
  rate(): number;
  grant(perSecond: number, untilMs: number, slowedTimes: number): void;
  /** The turns of one session, which may have a limit of its own. */
  turnsOf(perSecond: number | undefined): Turns;
  /** The cut after which the operator complained, to be told with the next renewal; null when it did not. */
  complaint(): number | null;
}

/** A share of nothing is looked at again this soon, ms. */
const LOOK_MS = 100;

export interface ShareDeps {
  /** Milliseconds of a clock that only goes forward. */
  readonly mono: () => number;
  /** Sessions that there are, those that are closing among them. */
  readonly sessions: () => number;
  /** Called when there is a complaint to tell. */
  complained(): void;
}

export function createShare({ mono, sessions, complained }: ShareDeps): Share {
  const bucket = pace(0, mono());
  let until = 0;
  /** Cuts that are known here, and since when. */
  let slowed = { times: 0, at: 0 };
  let toTell: number | null = null;

  function rate(): number {
    const now = mono();
    // Not even a grant that comes late gives it back by itself: the lease counts from when it was asked for.
    if (now >= until && bucket.perSecond > 0) bucket.setRate(0, now);
    return bucket.perSecond;
  }

  return {
    rate,
    grant(perSecond, untilMs, slowedTimes) {
      const now = mono();
      until = untilMs;
      bucket.setRate(now < untilMs ? perSecond : 0, now);
      if (slowedTimes !== slowed.times) slowed = { times: slowedTimes, at: now };
      if (toTell !== null && toTell < slowedTimes) toTell = null;
    },
    turnsOf(perSecond) {
      const own = perSecond === undefined ? null : pace(perSecond, mono());
      /** Where all sessions together cannot pass the share, their own limits are enough. */
      const isEnough = (): boolean => perSecond !== undefined && perSecond * sessions() <= bucket.perSecond;
      return {
        take(nowMs, turns) {
          // The clock is read here: whoever asks may have stood still since.
          if (rate() === 0 || (own !== null && own.waitMs(nowMs, turns) > 0)) return false;
          return (isEnough() || bucket.take(nowMs, turns)) && (own?.take(nowMs, turns) ?? true);
        },
        waitMs(nowMs, turns) {
          if (rate() === 0) return LOOK_MS;
          return Math.max(isEnough() ? 0 : bucket.waitMs(nowMs, turns), own?.waitMs(nowMs, turns) ?? 0);
        },
        makeRoom(turns) {
          bucket.makeRoom(turns);
          own?.makeRoom(turns);
        },
        slowDown(sentAtMs) {
          if (sentAtMs < slowed.at || toTell !== null) return;
          toTell = slowed.times;
          complained();
        },
      };
    },
    complaint: () => toTell,
  };
}
