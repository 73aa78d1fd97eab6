/**
 * Tokens by which people are known at the console: 32 random bytes, kept by their owner in a file that nobody else may read.
 */
import { randomBytes } from 'node:crypto';
import { chmodSync, mkdirSync, readdirSync, readFileSync, statSync } from 'node:fs';
import { join } from 'node:path';
import { createFile, hasCode } from '../../src/platform/durable-file.ts';
import { CONSOLE } from './server.ts';

export const newToken = (): string => randomBytes(32).toString('base64url');

/** Gives the employee a way in at the console, and returns the token; it is not kept anywhere but by its owner. */
export async function issueConsoleToken(
  staff: { link(surface: string, account: string, employee: string, at: Date): Promise<void> },
  keyring: { tokenHash(token: string): string },
  employee: string,
  at: Date,
): Promise<string> {
  const token = newToken();
  await staff.link(CONSOLE, keyring.tokenHash(token), employee, at);
  return token;
}

const folderOf = (dataDir: string): string => join(dataDir, 'console');
const fileOf = (dataDir: string, employee: string): string => join(folderOf(dataDir), `${employee}.token`);

/** Keeps a token for `npm run chat -- --as <employee>`; false when there is one already. Resolves with where. */
export function keepToken(dataDir: string, employee: string, token: string): { file: string; isNew: boolean } {
  const folder = folderOf(dataDir);
  mkdirSync(folder, { recursive: true, mode: 0o700 });
  chmodSync(folder, 0o700);
  const file = fileOf(dataDir, employee);
  return { file, isNew: createFile(file, `${token}\n`) };
}

export type KeptToken =
  | { readonly kind: 'token'; readonly token: string }
  | { readonly kind: 'none' }
  /** Others may read it, so it is nobody's own. */
  | { readonly kind: 'open-to-others'; readonly file: string };

export function keptToken(dataDir: string, employee: string): KeptToken {
  const file = fileOf(dataDir, employee);
  try {
    // Windows keeps no such bits; there the folder is the person's own.
    if (process.platform !== 'win32' && (statSync(file).mode & 0o077) !== 0) return { kind: 'open-to-others', file };
    return { kind: 'token', token: readFileSync(file, 'utf8').trim() };
  } catch (error) {
    if (hasCode(error, 'ENOENT')) return { kind: 'none' };
    throw error;
  }
}

/** People who have a token here, for those who say not as whom. */
export function keptFor(dataDir: string): readonly string[] {
  try {
    return readdirSync(folderOf(dataDir)).flatMap((name) => /^(.+)\.token$/u.exec(name)?.[1] ?? []);
  } catch (error) {
    if (hasCode(error, 'ENOENT')) return [];
    throw error;
  }
}
