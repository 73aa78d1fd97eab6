/**
 * Things to do later, in slots of a few milliseconds that one timer turns through: a hundred thousand receipts wait
 * without a timer each. What falls into one slot is done in the order in which it was put there.
 */
export interface Wheel {
  /** Runs it once `ms` have passed, never earlier; at most a slot later when the process is not busy. */
  after(ms: number, run: () => void): void;
  /** Forgets everything that waits. */
  stop(): void;
}

/** `now` is a monotonic clock in ms. The timer runs only while something waits. */
export function createWheel(now: () => number, slotMs = 5): Wheel {
  const slots = new Map<number, (() => void)[]>();
  let turned = 0;
  let timer: NodeJS.Timeout | null = null;

  const stop = () => {
    if (timer !== null) clearInterval(timer);
    timer = null;
    slots.clear();
  };

  const turn = () => {
    const current = Math.floor(now() / slotMs);
    while (turned < current) {
      turned += 1;
      const due = slots.get(turned);
      if (due === undefined) continue;
      slots.delete(turned);
      for (const run of due) run();
    }
    if (slots.size === 0) stop();
  };

  return {
    after(ms, run) {
      if (timer === null) {
        turned = Math.floor(now() / slotMs);
        timer = setInterval(turn, slotMs);
      }
      const slot = Math.max(turned + 1, Math.ceil((now() + ms) / slotMs));
      const waiting = slots.get(slot);
      if (waiting === undefined) slots.set(slot, [run]);
      else waiting.push(run);
    },
    stop,
  };
}
