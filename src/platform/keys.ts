/**
 * The key files of a deployment: made once, readable by their owner only, never overwritten. Losing them loses every
 * secret and the link between a number and its person; see docs/keys-and-backups.md.
 */
import { randomBytes } from 'node:crypto';
import { chmodSync, mkdirSync, readdirSync, readFileSync, statSync } from 'node:fs';
import { join } from 'node:path';
import { createFile, hasCode } from './durable-file.ts';

/** Length of every key in bytes. */
export const keyLength = 32;

/** Reads a key as it is written in a file or variable: 32 bytes in base64; null when it is not. */
export function parseKey(written: string): Buffer | null {
  const key = Buffer.from(written.trim(), 'base64');
  return key.length === keyLength && key.toString('base64') === written.trim() ? key : null;
}

/** The key in this file; when there is none, a new one is made. Two processes that make it at once end with the same key. */
export function keyIn(folder: string, name: string): Buffer {
  const file = join(folder, name);
  return readKey(file) ?? makeKey(folder, file);
}

/** The numbered key files `<prefix><number>.key` of the folder by number. */
export function numberedKeys(folder: string, prefix: string): ReadonlyMap<number, Buffer> {
  const keys = new Map<number, Buffer>();
  for (const name of listed(folder)) {
    const number = name.startsWith(prefix) ? /^(\d{1,4})\.key$/.exec(name.slice(prefix.length))?.[1] : undefined;
    const key = number === undefined ? null : readKey(join(folder, name));
    if (key !== null) keys.set(Number(number), key);
  }
  return keys;
}

function listed(folder: string): readonly string[] {
  try {
    return readdirSync(folder);
  } catch (error) {
    if (hasCode(error, 'ENOENT')) return [];
    throw new Error(`the folder of keys ${folder} cannot be read`, { cause: error });
  }
}

function readKey(file: string): Buffer | null {
  let written: string;
  try {
    const { mode } = statSync(file);
    // Windows has no such bits; there the folder's own rights must do.
    if (process.platform !== 'win32' && (mode & 0o077) !== 0) {
      throw new Error(`the key ${file} can be read by others than its owner; make it private with: chmod 600 ${file}`);
    }
    written = readFileSync(file, 'utf8');
  } catch (error) {
    if (hasCode(error, 'ENOENT')) return null;
    throw error;
  }
  const key = parseKey(written);
  if (key === null)
    throw new Error(`the key ${file} is damaged: it must be 32 bytes in base64; restore it from its backup`);
  return key;
}

/** Of two makers the first wins, and both read what it made. */
function makeKey(folder: string, file: string): Buffer {
  mkdirSync(folder, { recursive: true, mode: 0o700 });
  chmodSync(folder, 0o700);
  createFile(file, `${randomBytes(keyLength).toString('base64')}\n`);
  const key = readKey(file);
  if (key === null) throw new Error(`the key ${file} went away while it was made`);
  return key;
}
