/**
 * A ramp: a marketing campaign begins with a part of the pace, which grows to all of it. Each worker holds it for its own share of the
 * pace, so together they hold it for the whole. Pure but for what it remembers.
 */
export interface Ramp {
  /** How many messages of a run that began `elapsed` ms ago may be claimed now, of `most`; `rate` is messages a second at full pace. */
  take(run: string, elapsed: number, rate: number, most: number, now: number): number;
  forget(isOver: (run: string) => boolean): void;
}

const FIRST_SHARE = 0.1;
const LEAST = 10;

/** The part of the pace after so long, from a tenth to all of it. */
export const rampShare = (elapsedMs: number, rampMs: number): number =>
  rampMs <= 0 ? 1 : Math.min(1, Math.max(0, FIRST_SHARE + (1 - FIRST_SHARE) * (elapsedMs / rampMs)));

export function createRamp(rampMs: number): Ramp {
  /** What each run may claim by now, and since when. */
  const runs = new Map<string, { readonly allowance: number; readonly at: number }>();
  return {
    take(run, elapsed, rate, most, now) {
      const share = rampShare(elapsed, rampMs);
      if (share === 1) return most;
      const size = Math.max(1, Math.min(most, Math.max(LEAST, Math.floor(most * share))));
      const known = runs.get(run) ?? { allowance: size, at: now };
      const allowance = Math.min(size, known.allowance + (rate * share * (now - known.at)) / 1000);
      const taken = allowance >= size ? size : 0;
      runs.set(run, { allowance: allowance - taken, at: now });
      return taken;
    },
    forget(isOver) {
      for (const run of runs.keys()) if (isOver(run)) runs.delete(run);
    },
  };
}
