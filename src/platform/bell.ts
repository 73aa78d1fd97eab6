/**
 * A bell for loops that poll: it cuts a wait short when there is something to do, and is never needed for it to be done.
 */
export interface Bell {
  /** Ends the wait under way, or the next one at once. */
  ring(): void;
  /** Resolves after so many milliseconds, or when the bell rings. One waiter at a time. */
  wait(ms: number): Promise<void>;
}

export function createBell(): Bell {
  let rung = false;
  let wake: (() => void) | undefined;
  return {
    ring() {
      rung = true;
      wake?.();
    },
    async wait(ms) {
      if (!rung) {
        const { promise, resolve } = Promise.withResolvers<void>();
        wake = resolve;
        const timer = setTimeout(resolve, ms);
        await promise;
        clearTimeout(timer);
        wake = undefined;
      }
      rung = false;
    },
  };
}
