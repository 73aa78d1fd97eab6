/**
 * The window of an account at one worker: how many parts may stand between their durable `submitting` and their durable outcome.
 * It bounds what is unknown after a worker is killed.
 */

export interface Window {
  readonly size: number;
  /** Resolves when `parts` fit in; a message of more parts than the window takes it whole. First come, first served, but urgent ones before others. */
  enter(parts: number, isUrgent?: boolean): Promise<() => void>;
}

interface Waiting {
  readonly parts: number;
  readonly isUrgent: boolean;
  enter(): void;
}

/** Its size may change while it is in use. */
export function windowOf(size: number | (() => number)): Window {
  const sizeNow = typeof size === 'number' ? () => size : size;
  let inside = 0;
  const waiting: Waiting[] = [];

  const fits = ({ parts }: Waiting): boolean => inside === 0 || inside + parts <= sizeNow();

  const admit = (): void => {
    for (let next = waiting[0]; next && fits(next); next = waiting[0]) {
      waiting.shift();
      inside += next.parts;
      next.enter();
    }
  };

  return {
    get size() {
      return sizeNow();
    },
    enter(parts, isUrgent = false) {
      return new Promise((resolve) => {
        const leave = once(() => {
          inside -= parts;
          admit();
        });
        const place = isUrgent ? waiting.findIndex((one) => !one.isUrgent) : -1;
        waiting.splice(place === -1 ? waiting.length : place, 0, { parts, isUrgent, enter: () => resolve(leave) });
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
