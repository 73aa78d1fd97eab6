/**
 * A button that is tapped twice was meant once: `copy 12` would make two drafts else. Taps are told apart by nothing but time, so
 * one counts as the same as the last when it came before that was answered, or within a moment after.
 */
export interface Taps {
  /** Whether the tap at `at` belongs to one that was carried out already. */
  isSame(button: string, at: number): boolean;
  /** The tap was carried out and answered. */
  answered(button: string, at: number): void;
}

export function createTaps(momentMs: number): Taps {
  const answeredAt = new Map<string, number>();
  return {
    isSame(button, at) {
      const last = answeredAt.get(button);
      return last !== undefined && at <= last + momentMs;
    },
    answered(button, at) {
      for (const [old, last] of answeredAt) if (last + momentMs < at - FORGOTTEN_MS) answeredAt.delete(old);
      answeredAt.set(button, at);
    },
  };
}

/** No tap waits longer for its turn. */
const FORGOTTEN_MS = 600_000;
