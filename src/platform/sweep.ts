/** Takes old files out of a folder of Herald's own, for what lies on disk ends as what lies in MongoDB does. */
import { readdir, rm, stat } from 'node:fs/promises';
import { join } from 'node:path';

export interface Sweep {
  readonly folder: string;
  /** Which files, by their names; all where it is not said. */
  readonly named?: RegExp;
  /** Older ones go: time since they were last written, ms. */
  readonly olderThanMs: number;
}

/** Resolves with how many went. A folder that there is not yet has none; a file that somebody else takes away is gone as well. */
export async function sweep({ folder, named, olderThanMs }: Sweep, now: Date): Promise<number> {
  let swept = 0;
  for (const name of await namesIn(folder)) {
    if (named && !named.test(name)) continue;
    const path = join(folder, name);
    const found = await stat(path).catch(() => null);
    if (!found?.isFile() || now.getTime() - found.mtimeMs <= olderThanMs) continue;
    await rm(path, { force: true });
    swept++;
  }
  return swept;
}

const namesIn = async (folder: string): Promise<readonly string[]> => {
  try {
    return await readdir(folder);
  } catch (error) {
    if ((error as NodeJS.ErrnoException).code === 'ENOENT') return [];
    throw error;
  }
};
