/**
 * What Google allows in a minute, shared by all that is done with sheets, in whichever process: reads and writes apart. When it is
 * short, the freshest news of each process goes first, and when Google says "too many", everybody waits.
 */

/** Time, and waiting for it to pass: tests have their own. */
export interface Clock {
  /** Milliseconds. */
  now(): number;
  sleep(ms: number, signal?: AbortSignal): Promise<void>;
}

export type Quota = 'read' | 'write';

export interface Budget {
  /** Resolves when the call may be made; of those who wait, the one with the highest `fresh` is first. */
  take(quota: Quota, fresh: number, signal: AbortSignal): Promise<void>;
  /** Nobody gets anything for so long. */
  close(quota: Quota, ms: number): void;
}

/** Calls a minute and user (developers.google.com/workspace/sheets/api/limits); a service account is one user. */
export const PER_MINUTE: Readonly<Record<Quota, number>> = { read: 60, write: 60 };

/** A little more than a minute: calls arrive later than they are sent, some more so than others. */
const WINDOW_MS = 61_000;

/** Takes one of what all processes may have of a quota together; resolves with 0, or with how long nobody gets one, ms. */
export type TakeShared = (
  quota: Quota,
  allowance: { readonly most: number; readonly spanMs: number },
) => Promise<number>;

export function createBudget(clock: Clock, perMinute = PER_MINUTE, shared: TakeShared | null = null): Budget {
  const queue = (quota: Quota) => {
    const most = perMinute[quota];
    // Where nobody can be asked, Google has the last word anyway.
    const ask = () => shared?.(quota, { most, spanMs: WINDOW_MS }).catch(() => 0) ?? Promise.resolve(0);
    return queueOf(clock, most, ask);
  };
  const queues = { read: queue('read'), write: queue('write') };
  return {
    take: (quota, fresh, signal) => queues[quota].take(fresh, signal),
    close: (quota, ms) => queues[quota].close(ms),
  };
}

interface Waiting {
  readonly fresh: number;
  readonly go: () => void;
}

function queueOf(clock: Clock, most: number, ask: () => Promise<number>) {
  /** When calls were made, oldest first. */
  let made: number[] = [];
  let waiting: Waiting[] = [];
  let closedUntil = 0;
  let serving = false;
  /** Ends the waiting for time to pass, when nobody is left for whom it should. */
  let nap = new AbortController();

  /** How long until one more may be made. */
  function wait(): number {
    const now = clock.now();
    made = made.filter((at) => at > now - WINDOW_MS);
    const full = made.length < most ? 0 : made[made.length - most]! + WINDOW_MS - now;
    return Math.max(0, full, closedUntil - now);
  }

  async function serve(): Promise<void> {
    if (serving) return;
    serving = true;
    while (waiting.length > 0) {
      const ms = wait() || (await ask());
      // Whoever waited may have left while others were asked.
      if (waiting.length === 0) break;
      if (ms > 0) {
        nap = new AbortController();
        await clock.sleep(ms, nap.signal).catch(() => {});
        continue;
      }
      const next = waiting.reduce((best, one) => (one.fresh > best.fresh ? one : best));
      waiting = waiting.filter((one) => one !== next);
      made.push(clock.now());
      next.go();
    }
    serving = false;
  }

  return {
    take(fresh: number, signal: AbortSignal): Promise<void> {
      return new Promise((resolve, reject) => {
        signal.throwIfAborted();
        const leave = () => {
          waiting = waiting.filter((one) => one !== mine);
          if (waiting.length === 0) nap.abort();
          reject(signal.reason);
        };
        const go = () => {
          signal.removeEventListener('abort', leave);
          resolve();
        };
        const mine = { fresh, go };
        signal.addEventListener('abort', leave, { once: true });
        waiting.push(mine);
        void serve();
      });
    },
    close(ms: number): void {
      closedUntil = Math.max(closedUntil, clock.now() + ms);
    },
  };
}

/** The clock of this machine. */
export const REAL_CLOCK: Clock = {
  now: Date.now,
  sleep: (ms, signal) =>
    new Promise((resolve, reject) => {
      signal?.throwIfAborted();
      const stop = () => {
        clearTimeout(timer);
        reject(signal?.reason);
      };
      const timer = setTimeout(() => {
        signal?.removeEventListener('abort', stop);
        resolve();
      }, ms);
      signal?.addEventListener('abort', stop, { once: true });
    }),
};
