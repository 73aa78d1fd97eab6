/** How long to wait before trying again: twice as long each time up to a minute, and never for two callers the same. Pure. */

const FIRST_MS = 1000;
const LONGEST_MS = 64_000;

/** `chance` from 0 to 1. Google asks for truncated exponential back-off with jitter; what it says itself comes first. */
export function backOffMs(attempt: number, chance: number, saidMs: number | null = null): number {
  const most = Math.min(LONGEST_MS, FIRST_MS * 2 ** attempt);
  return Math.max(Math.round(most * (0.5 + chance / 2)), saidMs ?? 0);
}
