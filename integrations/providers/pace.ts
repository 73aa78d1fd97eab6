/**
 * Parts per second: a token bucket that never lets more than the rate through in any second, counted by a monotonic
 * clock whose milliseconds the caller gives.
 */
export interface Pace {
  /** Takes one part's worth; false when it is too early. */
  take(nowMs: number): boolean;
  /** Milliseconds until `take` would succeed; 0 when it would now. */
  waitMs(nowMs: number): number;
}

/** A fiftieth of a second at once keeps the pace through a timer that is late, and is still even at the operator. */
const BURST_SHARE = 50;

/** `burst` parts may go at once; what goes in batches needs room for one. */
export function pace(
  partsPerSecond: number,
  startMs: number,
  burst = Math.max(1, Math.floor(partsPerSecond / BURST_SHARE)),
): Pace {
  // A full bucket and a second's refill together make the rate, so no second sees more.
  const perMs = Math.max(partsPerSecond - (burst - 1), Number.MIN_VALUE) / 1_000;
  let tokens = burst;
  let asOf = startMs;

  function refill(nowMs: number): void {
    if (nowMs <= asOf) return;
    tokens = Math.min(burst, tokens + (nowMs - asOf) * perMs);
    asOf = nowMs;
  }

  return {
    take(nowMs) {
      refill(nowMs);
      if (tokens < 1) return false;
      tokens -= 1;
      return true;
    },
    waitMs(nowMs) {
      refill(nowMs);
      return tokens >= 1 ? 0 : (1 - tokens) / perMs;
    },
  };
}
