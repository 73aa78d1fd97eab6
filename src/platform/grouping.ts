/**
 * Groups what many callers want written into few writes: while one write is under way, whatever arrives waits together for
 * the next. There is no timer, so a lone item is written at once, and a flood in large groups.
 */

/** `add` resolves once the group with the item is written, and rejects when writing that group failed. */
export interface Grouping<T> {
  add(items: readonly T[]): Promise<void>;
  /** Resolves when nothing waits and nothing is being written. */
  idle(): Promise<void>;
}

interface Waiting<T> {
  readonly items: readonly T[];
  readonly resolve: () => void;
  readonly reject: (why: unknown) => void;
}

/** `write` is given at most about `most` items at a time, never concurrently with itself. */
export function grouped<T>(write: (items: readonly T[]) => Promise<void>, most = 5000): Grouping<T> {
  const waiting: Waiting<T>[] = [];
  let running: Promise<void> | null = null;

  const take = (): Waiting<T>[] => {
    let count = 0;
    const end = waiting.findIndex((one) => {
      count += one.items.length;
      return count > most;
    });
    return waiting.splice(0, end === -1 ? waiting.length : Math.max(1, end));
  };

  const run = async (): Promise<void> => {
    while (waiting.length > 0) {
      const group = take();
      try {
        await write(group.flatMap((one) => one.items));
        for (const one of group) one.resolve();
      } catch (failure) {
        for (const one of group) one.reject(failure);
      }
    }
    running = null;
  };

  return {
    add(items) {
      if (items.length === 0) return Promise.resolve();
      return new Promise((resolve, reject) => {
        waiting.push({ items, resolve, reject });
        running ??= run();
      });
    },
    async idle() {
      while (running) await running;
    },
  };
}
