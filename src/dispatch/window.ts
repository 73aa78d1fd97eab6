/**
 * The window of one session: how many parts may stand between their durable `submitting` and their durable outcome. It bounds
 * what is unknown after a worker is killed.
 */

export interface Window {
  readonly size: number;
  /** Resolves when `parts` fit in; a message of more parts than the window takes it whole. First come, first served. */
  enter(parts: number): Promise<() => void>;
}

export function windowOf(size: number): Window {
  let free = size;
  const waiting: { parts: number; enter: () => void }[] = [];

  const admit = (): void => {
    for (let next = waiting[0]; next && next.parts <= free; next = waiting[0]) {
      waiting.shift();
      free -= next.parts;
      next.enter();
    }
  };

  return {
    size,
    enter(wanted) {
      const parts = Math.min(wanted, size);
      return new Promise((resolve) => {
        const leave = once(() => {
          free += parts;
          admit();
        });
        waiting.push({ parts, enter: () => resolve(leave) });
        admit();
      });
    },
  };
}

function once(run: () => void): () => void {
  let done = false;
  return () => {
    if (done) return;
    done = true;
    run();
  };
}
