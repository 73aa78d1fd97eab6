/**
 * Files that people send in a chat, kept in one folder until they are read: under names of our own making, readable by this
 * account only, and never larger than allowed. What was broken off in its middle leaves nothing behind.
 */
import { randomUUID } from 'node:crypto';
import { createWriteStream } from 'node:fs';
import { mkdir, rm } from 'node:fs/promises';
import { join } from 'node:path';
import { pipeline } from 'node:stream/promises';

export type TakenUpload =
  /** `name` is what the sender called it, to be shown; `path` is where it lies. */
  | { readonly kind: 'taken'; readonly name: string; readonly path: string }
  | { readonly kind: 'too-large'; readonly limitBytes: number };

export interface Uploads {
  /** Stores what comes. Throws when the bytes break off or the disk does. */
  take(name: string, bytes: AsyncIterable<Uint8Array>): Promise<TakenUpload>;
}

export function uploadsIn(folder: string, limitBytes: number, newId: () => string = randomUUID): Uploads {
  return {
    async take(given, bytes) {
      await mkdir(folder, { recursive: true, mode: 0o700 });
      const name = shownName(given);
      const path = join(folder, `${newId()}-${storedName(name)}`);
      let size = 0;
      let isTooLarge = false;
      async function* limited(): AsyncGenerator<Uint8Array> {
        for await (const chunk of bytes) {
          size += chunk.length;
          isTooLarge = size > limitBytes;
          if (isTooLarge) return;
          yield chunk;
        }
      }
      try {
        await pipeline(limited, createWriteStream(path, { flags: 'wx', mode: 0o600 }));
      } catch (error) {
        await rm(path, { force: true });
        throw error;
      }
      if (!isTooLarge) return { kind: 'taken', name, path };
      await rm(path, { force: true });
      return { kind: 'too-large', limitBytes };
    },
  };
}

/** File systems take 255 bytes; the id stands before it, and a letter may be four of them. */
const LONGEST_STORED = 40;
const LONGEST_SHOWN = 120;

/** The last part of a path of any system, without what would command a terminal or turn the line round. */
function shownName(given: string): string {
  const last = given.normalize('NFC').split(/[\\/]/u).at(-1) ?? '';
  const plain = last.replace(/[\p{Cc}\p{Cf}\p{Zl}\p{Zp}\p{Cs}]/gu, '').trim();
  return isNoName(plain) ? 'file' : shortened(plain, LONGEST_SHOWN);
}

/** Letters, digits and a few signs, with the ending: the kind of a file is told by it. */
function storedName(name: string): string {
  const plain = name.replace(/[^\p{L}\d._-]+/gu, '_').replace(/^\.+/u, '');
  return isNoName(plain) ? 'file' : shortened(plain, LONGEST_STORED);
}

const isNoName = (name: string): boolean => /^\.*$/u.test(name);

function shortened(name: string, most: number): string {
  const letters = [...name];
  if (letters.length <= most) return name;
  const ending = /\.[\p{L}\d]{1,8}$/u.exec(name)?.[0] ?? '';
  return letters.slice(0, most - ending.length).join('') + ending;
}
