/**
 * A file that appears whole or not at all: written beside its place, forced to the disk, then renamed over it. What
 * stands in the way is told as a code; nothing half-written stays behind.
 */
import { once } from 'node:events';
import { createWriteStream, type WriteStream } from 'node:fs';
import { access, open, rename, rm, stat } from 'node:fs/promises';
import { basename, dirname, join } from 'node:path';
import { finished } from 'node:stream/promises';

/** Why a target cannot be written; each has a sentence for a person in the catalogue under `sink.<code>`. */
export type TargetProblem =
  | 'no-folder' // the folder is not there
  | 'not-writable' // Herald may not write in that folder, or not replace that file
  | 'opened-elsewhere' // a person has it open in a spreadsheet program
  | 'no-space' // the disk or the quota is full
  | 'is-a-folder' // there is a folder of that name
  | 'bad-name' // the file system does not take such a name
  | 'wrong-type' // the name does not end in .xlsx
  | 'not-ours' // there is a workbook of that name that Herald did not write
  | 'aborted'; // it was told to stop

/** Thrown where the target stands in the way, as opposed to what should be written into it. */
export class TargetTrouble extends Error {
  readonly problem: TargetProblem;
  constructor(problem: TargetProblem, cause?: unknown) {
    super(`the file cannot be written: ${problem}`, { cause });
    this.name = 'TargetTrouble';
    this.problem = problem;
  }
}

/** What an error of the file system means for the target, or null when it is no expected one. */
export function problemOf(error: unknown): TargetProblem | null {
  const code = error instanceof Error && 'code' in error ? error.code : null;
  switch (code) {
    case 'ENOENT':
    case 'ENOTDIR':
      return 'no-folder';
    case 'EACCES':
    case 'EPERM':
    case 'EROFS':
      return 'not-writable';
    case 'EBUSY':
    case 'ETXTBSY':
      return 'opened-elsewhere';
    case 'ENOSPC':
    case 'EDQUOT':
    case 'EFBIG':
      return 'no-space';
    case 'EISDIR':
      return 'is-a-folder';
    case 'ENAMETOOLONG':
    case 'EINVAL':
      return 'bad-name';
    default:
      return null;
  }
}

/** The same operation, its expected failures told as `TargetTrouble`. */
async function attempt<T>(operation: Promise<T>): Promise<T> {
  try {
    return await operation;
  } catch (error) {
    throw asTrouble(error);
  }
}

function asTrouble(error: unknown): unknown {
  const problem = problemOf(error);
  return problem ? new TargetTrouble(problem, error) : error;
}

const exists = (path: string): Promise<boolean> =>
  access(path).then(
    () => true,
    () => false,
  );

/** Excel leaves `~$name.xlsx` and LibreOffice `.~lock.name.xlsx#` beside a workbook for as long as a person has it open. */
async function isOpenElsewhere(target: string): Promise<boolean> {
  const marks = [`~$${basename(target)}`, `.~lock.${basename(target)}#`];
  return (await Promise.all(marks.map((mark) => exists(join(dirname(target), mark))))).includes(true);
}

const isFolder = (path: string): Promise<boolean> =>
  stat(path).then(
    (found) => found.isDirectory(),
    () => false,
  );

/** Writes the content and ends the stream; its signal fires when the disk fails, too. */
export type Filling = (out: WriteStream, signal: AbortSignal) => Promise<void>;

/**
 * Writes `target` with what `fill` puts into the stream; `id` makes the temporary name unique. Rejects with
 * `TargetTrouble`, or with whatever `fill` threw.
 */
export async function writeWhole(target: string, id: string, signal: AbortSignal, fill: Filling): Promise<void> {
  if (await isOpenElsewhere(target)) throw new TargetTrouble('opened-elsewhere');
  if (await isFolder(target)) throw new TargetTrouble('is-a-folder');
  const temporary = join(dirname(target), `.herald-${id}.part`);
  try {
    await fillFile(temporary, signal, fill);
    signal.throwIfAborted();
    await attempt(renameOver(temporary, target));
  } catch (error) {
    await rm(temporary, { force: true }).catch(() => {});
    throw error;
  }
  await syncFolder(dirname(target));
}

async function fillFile(path: string, signal: AbortSignal, fill: Filling): Promise<void> {
  // `flush`: forced to the disk before it is closed, so that the rename never shows an empty file after a power cut.
  const out = createWriteStream(path, { flags: 'wx', flush: true });
  const closed = new Promise<void>((resolve) => out.once('close', () => resolve()));
  const disk = new AbortController();
  out.on('error', (error) => disk.abort(asTrouble(error)));
  try {
    await attempt(once(out, 'ready'));
    await fill(out, AbortSignal.any([signal, disk.signal]));
    await finished(out);
  } catch (error) {
    // The disk's own error says more than what it broke further up.
    const cause = disk.signal.aborted ? disk.signal.reason : error;
    out.destroy();
    await closed;
    throw cause;
  }
}

/** The folder took a new file a moment ago: what refuses now is the one to replace, as Windows does while a program has it open. */
const renameOver = (temporary: string, target: string): Promise<void> =>
  rename(temporary, target).catch((error) => {
    throw process.platform === 'win32' ? new TargetTrouble('opened-elsewhere', error) : error;
  });

/** A rename is lasting once its folder is on the disk; where folders cannot be opened (Windows), the system sees to it. */
async function syncFolder(folder: string): Promise<void> {
  const handle = await open(folder, 'r').catch(() => null);
  await handle?.sync().catch(() => {});
  await handle?.close();
}
