/** A limit of parts per second, kept as a bucket that fills evenly and holds `burst` parts. */

/** True when one more part is within the limit; a refused part costs nothing. */
export type RateLimit = () => boolean;

/** `perSecond` 0 means no limit; `now` is a monotonic clock in ms. */
export function createRateLimit(perSecond: number, burst: number, now: () => number): RateLimit {
  if (perSecond === 0) return () => true;
  let tokens = burst;
  let filledAt = now();
  return () => {
    const at = now();
    tokens = Math.min(burst, tokens + ((at - filledAt) * perSecond) / 1000);
    filledAt = at;
    if (tokens < 1) return false;
    tokens -= 1;
    return true;
  };
}
