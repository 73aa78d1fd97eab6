/**
 * Locks between processes of one machine, shared or exclusive, on a file. The operating system holds them (through SQLite, since Node
 * has no file locks of its own), so a lock ends with its holder however the holder dies: nothing stale is left to be judged by process ids.
 */
import { mkdir } from 'node:fs/promises';
import { dirname } from 'node:path';
import { DatabaseSync } from 'node:sqlite';
import { setTimeout as pause } from 'node:timers/promises';

export interface FileLock {
  release(): void;
}

type Mode = 'shared' | 'exclusive';

const SQLITE_BUSY = 5;

/** Takes the lock when it is free at this moment, else null. Any number may share; an exclusive holder is alone. */
export async function tryLock(path: string, mode: Mode): Promise<FileLock | null> {
  await mkdir(dirname(path), { recursive: true });
  const file = new DatabaseSync(path, { timeout: 0, open: false });
  try {
    file.open();
    file.exec(mode === 'exclusive' ? 'BEGIN EXCLUSIVE' : 'BEGIN');
    file.prepare('SELECT count(*) FROM sqlite_schema').get(); // a shared lock is taken by the first read
    return { release: () => file.isOpen && file.close() };
  } catch (error) {
    if (file.isOpen) file.close();
    if (error instanceof Error && 'errcode' in error && error.errcode === SQLITE_BUSY) return null;
    throw new Error(`Cannot lock ${path}`, { cause: error });
  }
}

/** Waits for the lock as long as it takes; `waiting` is told once when it has to. */
export async function lock(path: string, mode: Mode, waiting: () => void = () => {}): Promise<FileLock> {
  for (let attempt = 0; ; attempt += 1) {
    const held = await tryLock(path, mode);
    if (held) return held;
    if (attempt === 20) waiting();
    await pause(50);
  }
}
