/**
 * A journey as a table: sentences of what people do and see, in their order. What comes after a step that failed would only
 * fail because of it, so it is passed over.
 */
import { describe, test } from 'vitest';

export type Steps = Readonly<Record<string, () => Promise<void> | void>>;

/** No step of a journey takes longer than this, ms. */
const LONGEST_STEP_MS = 150_000;

export function journey(name: string, steps: Steps): void {
  describe(name, () => {
    let isBroken = false;
    test.each(Object.keys(steps))('%s', { timeout: LONGEST_STEP_MS }, async (sentence) => {
      if (isBroken) throw new Error('an earlier step has failed');
      isBroken = true;
      await steps[sentence]!();
      isBroken = false;
    });
  });
}
