/** Files that are there whole or not at all, also after the power went: written beside their place, flushed, then moved. */
import { randomBytes } from 'node:crypto';
import { closeSync, fsyncSync, linkSync, openSync, renameSync, rmSync, writeFileSync } from 'node:fs';
import { dirname } from 'node:path';

/** Makes a file for its owner only; false when there is one already. Of several makers at once one succeeds. */
export function createFile(file: string, content: string): boolean {
  const draft = draftOf(file, content);
  try {
    // A link fails where a file is; a rename would replace it.
    linkSync(draft, file);
    syncFolderOf(file);
    return true;
  } catch (error) {
    if (hasCode(error, 'EEXIST')) return false;
    throw error;
  } finally {
    rmSync(draft);
  }
}

/** Writes a file for its owner only, in place of the one that may be there. */
export function replaceFile(file: string, content: string): void {
  renameSync(draftOf(file, content), file);
  syncFolderOf(file);
}

function draftOf(file: string, content: string): string {
  const draft = `${file}.${process.pid}.${randomBytes(4).toString('hex')}`;
  const handle = openSync(draft, 'wx', 0o600);
  try {
    writeFileSync(handle, content);
    fsyncSync(handle);
  } finally {
    closeSync(handle);
  }
  return draft;
}

/** A new name in a folder lasts once the folder itself is flushed. Windows has no such call and needs none. */
function syncFolderOf(file: string): void {
  if (process.platform === 'win32') return;
  const handle = openSync(dirname(file), 'r');
  try {
    fsyncSync(handle);
  } finally {
    closeSync(handle);
  }
}

/** Whether this is the system's error of this code, such as `ENOENT`. */
export const hasCode = (error: unknown, code: string): boolean =>
  error instanceof Error && 'code' in error && error.code === code;
