/**
 * What goes on after an answer was given: counting a draft's numbers, mostly. It is kept account of, so that a stop can wait for it.
 */
import { setTimeout as sleep } from 'node:timers/promises';
import type { Log } from '../platform/log.ts';

export interface Background {
  /** Told to break off when Herald stops. */
  readonly signal: AbortSignal;
  /** Goes on with `work`; a failure of it is logged and nobody's surprise. */
  run(what: string, work: Promise<unknown>): void;
  /** Resolves when `work` is done, true, or when it has been waited for so long, false; never fails. */
  waitFor(what: string, work: Promise<unknown>, ms: number): Promise<boolean>;
  /** Breaks off what can be, and waits for the rest. */
  stop(): Promise<void>;
}

export function createBackground(log: Log): Background {
  const stopping = new AbortController();
  const running = new Set<Promise<void>>();

  const track = (what: string, work: Promise<unknown>): Promise<void> => {
    const tracked = work
      .then(
        () => {},
        (error) => {
          if (!stopping.signal.aborted) log.error({ what, err: error }, 'work in the background failed');
        },
      )
      .finally(() => running.delete(tracked));
    running.add(tracked);
    return tracked;
  };

  return {
    signal: stopping.signal,
    run: (what, work) => void track(what, work),
    async waitFor(what, work, ms) {
      const impatience = new AbortController();
      const late = sleep(ms, false, { signal: impatience.signal }).catch(() => false);
      const done = await Promise.race([track(what, work).then(() => true), late]);
      impatience.abort();
      return done;
    },
    async stop() {
      stopping.abort();
      await Promise.all(running);
    },
  };
}
