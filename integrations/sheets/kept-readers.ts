/**
 * Reading processes that stay a while after a look at a file: it is most often opened and read at once, and a process that has begun to
 * read does so several times as fast as a new one, which takes a quarter of a second to start.
 */
import { type ReaderLimits, ReaderProcess } from './reader-process.ts';
import type { ReadRequest, Reply } from './wire.ts';

export interface KeptReaderLimits extends ReaderLimits {
  /** How long a process waits for the next request about its file. */
  readonly idleMs: number;
  /** Processes that wait at most; with one more, the one that waits longest has waited enough. */
  readonly atMost: number;
}

/** Replies to a request, by a process that has the file in hand or by a new one; throws what `ReaderProcess.ask` does. */
export type Reading = (request: ReadRequest, signal: AbortSignal) => AsyncGenerator<Reply>;

/** A process that waits, by the path of its file. */
interface Waiting {
  readonly reader: ReaderProcess;
  /** It waits no longer. */
  letGo(): void;
  end(): void;
}

/** None of its processes outlives a request that is broken off, nor one whose rows have been read, nor `idleMs` after any other. */
export function keptReaders(limits: KeptReaderLimits): Reading {
  const waiting = new Map<string, Waiting>();

  return async function* read(request, signal) {
    signal.throwIfAborted();
    const reader = taken(request.path) ?? new ReaderProcess(request.path, limits);
    let mayFollow = false;
    try {
      for await (const reply of reader.ask(request, signal)) {
        mayFollow = reply.kind === 'inspected' || reply.kind === 'opened';
        yield reply;
      }
    } finally {
      if (mayFollow) keep(request.path, reader);
      else await reader.end();
    }
  };

  function taken(path: string): ReaderProcess | undefined {
    const kept = waiting.get(path);
    kept?.letGo();
    return kept?.reader;
  }

  function keep(path: string, reader: ReaderProcess): void {
    const end = () => {
      letGo();
      void reader.end();
    };
    const letGo = () => {
      waiting.delete(path);
      clearTimeout(timer);
      reader.wake(end);
    };
    const timer = setTimeout(end, limits.idleMs).unref();
    // Another has looked at the same file meanwhile: one of the two is enough.
    const longest = waiting.size < limits.atMost ? undefined : waiting.values().next().value;
    (waiting.get(path) ?? longest)?.end();
    reader.rest(end);
    waiting.set(path, { reader, letGo, end });
  }
}
