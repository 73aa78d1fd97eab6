/**
 * Writes the operator's log. What came within one turn of the event loop is appended with one write, and stands in the
 * file before any answer of that turn leaves.
 */
import { closeSync, fstatSync, fsyncSync, ftruncateSync, openSync, readSync, writeSync } from 'node:fs';
import type { LogEntry } from './log.ts';

export interface Recorder {
  record(entry: LogEntry): void;
  /** Appends what was recorded since; with `fsync`, returns once the disk has it. */
  flush(): void;
  /** Entries numbered above `since`, oldest first; null when some of them were let go of. */
  entries(since: number): readonly LogEntry[] | null;
  close(): void;
}

export interface RecorderOptions {
  /** The file to append to; null keeps the log in memory only. */
  readonly path: string | null;
  readonly fsync: boolean;
  /** Entries kept in memory, at least; the oldest go first. */
  readonly keep: number;
}

export function createRecorder({ path, fsync, keep }: RecorderOptions): Recorder {
  const file = path === null ? null : openLog(path);
  let kept: LogEntry[] = [];
  let lines: string[] = [];

  const flush = () => {
    if (file === null || lines.length === 0) return;
    const bytes = Buffer.from(lines.join(''), 'utf8');
    lines = [];
    for (let written = 0; written < bytes.length; ) written += writeSync(file, bytes, written);
    if (fsync) fsyncSync(file);
  };

  return {
    record(entry) {
      if (file !== null) lines.push(`${JSON.stringify(entry)}\n`);
      kept.push(entry);
      if (kept.length > 2 * keep) kept = kept.slice(kept.length - keep);
    },
    flush,
    entries(since) {
      const first = kept[0]?.n ?? 1;
      return since + 1 < first ? null : kept.slice(since + 1 - first);
    },
    close() {
      flush();
      if (file !== null) closeSync(file);
    },
  };
}

/** Longer than any line. */
const TAIL_BYTES = 1_000_000;

/** Opens a log for appending; a last line cut short by a `kill -9` goes, because nobody was ever answered for it. */
function openLog(path: string): number {
  const file = openSync(path, 'a+');
  const { size } = fstatSync(file);
  const tail = Buffer.alloc(Math.min(size, TAIL_BYTES));
  readSync(file, tail, 0, tail.length, size - tail.length);
  ftruncateSync(file, size - tail.length + tail.lastIndexOf('\n') + 1);
  return file;
}
