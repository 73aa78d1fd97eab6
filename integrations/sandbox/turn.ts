/** The end of each turn of the event loop: first the log is written, and only then the answers leave. */
import type { Recorder } from './recorder.ts';

/** What has bytes to send at the end of a turn. */
export interface Flushable {
  flush(): void;
}

export interface Turn {
  /** Flushes it at the end of this turn; without one, the log alone. */
  ends(flushable?: Flushable): void;
}

export function createTurn(recorder: Recorder): Turn {
  let waiting = new Set<Flushable>();
  let scheduled = false;

  const end = () => {
    scheduled = false;
    recorder.flush();
    const flushables = waiting;
    waiting = new Set();
    for (const flushable of flushables) flushable.flush();
  };

  return {
    ends(flushable) {
      if (flushable !== undefined) waiting.add(flushable);
      if (scheduled) return;
      scheduled = true;
      setImmediate(end);
    },
  };
}
