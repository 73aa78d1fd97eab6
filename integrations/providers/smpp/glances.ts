/**
 * One timer for all deadlines of a session, honest about this process's own delays: it looks after the sockets have been
 * read, and not at all after the process was held up, so that answers which already lie in the kernel are not called
 * missing.
 */

/** This much later than due says that the process was held up. */
const HELD_UP_MS = 500;

/** Calls `look` with the time about every `everyMs`, until the function that it gives is called. */
export function glances(everyMs: number, monotonic: () => number, look: (nowMs: number) => void): () => void {
  let glancedAt = monotonic();
  let stopped = false;
  const glance = () => {
    const now = monotonic();
    const wasHeldUp = now - glancedAt > 2 * everyMs + HELD_UP_MS;
    glancedAt = now;
    if (!wasHeldUp && !stopped) look(now);
  };
  // The turn of setImmediate comes after that of the sockets.
  const timer = setInterval(() => setImmediate(glance), everyMs);
  return () => {
    stopped = true;
    clearInterval(timer);
  };
}

/** A quarter of the shortest deadline, so that none is missed by much; a second is fine enough for any. */
export const glanceEvery = (...deadlinesMs: readonly number[]): number =>
  Math.min(1_000, Math.max(5, Math.floor(Math.min(...deadlinesMs) / 4)));
