/**
 * Turns per second: a token bucket that never lets more than the rate through in any second, counted by a monotonic clock whose
 * milliseconds the caller gives. Its rate may change while it runs; no change gives turns away.
 */
export interface Pace {
  /** Takes so many turns together; false, and nothing taken, when it is too early. */
  take(nowMs: number, turns?: number): boolean;
  /** Milliseconds until `take` is worth trying; 0 when it would succeed now. */
  waitMs(nowMs: number, turns?: number): number;
  /** What goes in batches needs room for so many turns at once. */
  makeRoom(turns: number): void;
}

export interface Bucket extends Pace {
  readonly perSecond: number;
  setRate(perSecond: number, nowMs: number): void;
}

/** A fiftieth of a second at once keeps the pace through a timer that is late, and is still even at the far end. */
const BURST_SHARE = 50;
/** A rate of nothing is looked at again this soon, ms. */
const IDLE_MS = 100;

/** `room` turns may go at once; what goes in batches needs room for one. */
export function pace(perSecond: number, startMs: number, room = 1): Bucket {
  let rate = perSecond;
  let wanted = room;
  let tokens = burst();
  let asOf = startMs;

  /** No more than the rate at once, however large the batches are: what is larger goes alone, and leaves a debt. */
  function burst(): number {
    return Math.max(1, Math.min(Math.max(wanted, Math.floor(rate / BURST_SHARE)), Math.floor(rate)));
  }

  /** A full bucket and a second's refill together make the rate, so no second sees more. */
  const perMs = (): number => Math.max(rate - (burst() - 1), 0) / 1_000;

  function refill(nowMs: number): void {
    if (nowMs <= asOf) return;
    tokens = Math.min(burst(), tokens + (nowMs - asOf) * perMs());
    asOf = nowMs;
  }

  return {
    get perSecond() {
      return rate;
    },
    take(nowMs, turns = 1) {
      refill(nowMs);
      if (rate <= 0 || tokens < Math.min(turns, burst())) return false;
      tokens -= turns;
      return true;
    },
    waitMs(nowMs, turns = 1) {
      refill(nowMs);
      if (rate <= 0) return IDLE_MS;
      const lacking = Math.min(turns, burst()) - tokens;
      return lacking <= 0 ? 0 : lacking / perMs();
    },
    makeRoom(turns) {
      wanted = Math.max(wanted, turns);
    },
    setRate(to, nowMs) {
      if (to === rate) return;
      refill(nowMs);
      // From nothing, the first second must not begin with a full bucket: somebody else had that rate until now.
      if (rate <= 0) tokens = Math.min(tokens, 0);
      rate = to;
      tokens = Math.min(tokens, burst());
    },
  };
}
