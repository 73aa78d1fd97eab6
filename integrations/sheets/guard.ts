/**
 * The door that every file passes before a byte of it is parsed: what it is by its bytes, how large, and whether it may be
 * unpacked. What may not be read is told as a `SourceProblem`.
 */
import type { FileHandle } from 'node:fs/promises';
import { SourceBroken } from '../../src/audiences/source.ts';
import { type Archive, openArchive } from './archive.ts';
import { firstBytes } from './file-bytes.ts';
import { compoundType, fileType, isNamedWorkbook } from './file-type.ts';
import type { FileLimits } from './limits.ts';
import { packageType } from './workbook-parts.ts';

/** A file that may be read. */
export type Admitted = { readonly kind: 'workbook'; readonly archive: Archive } | { readonly kind: 'text' };

const HEAD_BYTES = 4096;
const UTF8_MARK_BYTES = 3;

/** Throws `SourceBroken` for a file that is not to be read; `path` is the one that it was opened by. */
export async function admit(file: FileHandle, path: string, limits: FileLimits): Promise<Admitted> {
  const { size } = await file.stat();
  if (size > limits.fileBytes) throw new SourceBroken({ code: 'too-large', what: 'file', limit: limits.fileBytes });
  const head = await firstBytes(file, Math.min(size, HEAD_BYTES));
  if (size <= UTF8_MARK_BYTES && head.toString().trim() === '') throw new SourceBroken({ code: 'empty' });
  const type = fileType(head);
  if (type === 'text') {
    if (isNamedWorkbook(path)) throw new SourceBroken({ code: 'wrong-type', found: 'txt' });
    return { kind: 'text' };
  }
  if (type === 'compound') return refuseCompound(await firstBytes(file, size));
  if (type !== 'zip') throw new SourceBroken({ code: 'wrong-type', found: type });
  const archive = await openArchive(file.fd, limits);
  const found = packageType(archive.names);
  if (found !== 'xlsx') throw new SourceBroken({ code: 'wrong-type', found });
  return { kind: 'workbook', archive };
}

function refuseCompound(bytes: Buffer): never {
  const found = compoundType(bytes);
  throw new SourceBroken(found === 'encrypted' ? { code: 'encrypted' } : { code: 'wrong-type', found });
}
