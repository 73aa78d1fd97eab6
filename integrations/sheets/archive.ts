/**
 * The parts of a zip, opened through its central directory only and never unpacked beyond what it declares. Whatever is
 * wrong with the zip comes out as `SourceBroken`.
 */
import { TextDecoder } from 'node:util';
import { type Entry, fromFdPromise, type ZipFile } from 'yauzl';
import { SourceBroken, type SourceProblem } from '../../src/audiences/source.ts';
import { type FileLimits, HARMLESS_BYTES } from './limits.ts';

export interface Archive {
  /** Names of parts, in small letters: OPC compares them so (ECMA-376 part 2, 6.2.2.3). */
  readonly names: ReadonlySet<string>;
  /** The part's text, decoded and in chunks; throws `SourceBroken` when there is no such part. */
  text(name: string): AsyncGenerator<string>;
}

/** Reads the central directory and refuses what should not be unpacked. The descriptor stays the caller's. */
export async function openArchive(fd: number, limits: FileLimits): Promise<Archive> {
  const zip = await orBroken(fromFdPromise(fd, { autoClose: false }));
  if (zip.entryCount > limits.entries) throw new SourceBroken({ code: 'bomb' });
  const entries = new Map<string, Entry>();
  for await (const entry of eachEntry(zip)) {
    const name = entry.fileName.toLowerCase();
    if (entries.has(name)) throw new SourceBroken({ code: 'broken', detail: `${name} is there twice` });
    entries.set(name, entry);
  }
  const problem = problemWith([...entries.values()], limits);
  if (problem) throw new SourceBroken(problem);
  return { names: new Set(entries.keys()), text: (name) => textOf(zip, entries.get(name.toLowerCase()), name) };
}

async function* eachEntry(zip: ZipFile): AsyncGenerator<Entry> {
  const entries = zip.eachEntry();
  for (;;) {
    const next = await orBroken(entries.next());
    if (next.done) return;
    yield next.value;
  }
}

function problemWith(entries: readonly Entry[], limits: FileLimits): SourceProblem | null {
  if (entries.some((entry) => entry.isEncrypted())) return { code: 'encrypted' };
  const declared = entries.reduce((sum, entry) => sum + entry.uncompressedSize, 0);
  const packed = entries.reduce((sum, entry) => sum + entry.compressedSize, 0);
  const swells = (bytes: number, from: number) => bytes > HARMLESS_BYTES && bytes > from * limits.ratio;
  if (swells(declared, packed) || overlap(entries)) return { code: 'bomb' };
  if (entries.some((entry) => swells(entry.uncompressedSize, entry.compressedSize))) return { code: 'bomb' };
  if (declared > limits.unpackedBytes) return { code: 'too-large', what: 'unpacked', limit: limits.unpackedBytes };
  return null;
}

/** A good zip lays its files one after another; a bomb lets many share the same bytes (Fifield, WOOT 2019). */
function overlap(entries: readonly Entry[]): boolean {
  const inOrder = entries.toSorted((a, b) => a.relativeOffsetOfLocalHeader - b.relativeOffsetOfLocalHeader);
  return inOrder.some((entry, i) => {
    const next = inOrder[i + 1];
    const end = entry.relativeOffsetOfLocalHeader + LOCAL_HEADER_BYTES + entry.compressedSize;
    return next !== undefined && end > next.relativeOffsetOfLocalHeader;
  });
}

/** Its fixed part (APPNOTE 4.3.7). */
const LOCAL_HEADER_BYTES = 30;

async function* textOf(zip: ZipFile, entry: Entry | undefined, name: string): AsyncGenerator<string> {
  if (!entry) throw new SourceBroken({ code: 'broken', detail: `${name} is missing` });
  const stream = await orBroken(zip.openReadStreamPromise(entry));
  let decoder: TextDecoder | null = null;
  try {
    for await (const chunk of stream as AsyncIterable<Buffer>) {
      decoder ??= new TextDecoder(encodingOf(chunk), { fatal: true });
      yield decoder.decode(chunk, { stream: true });
    }
    if (decoder) yield decoder.decode();
  } catch (failure) {
    throw broken(failure);
  } finally {
    stream.destroy();
  }
}

/** XML parts are in UTF-8 or UTF-16, and the latter has a mark (ECMA-376 part 2, 6.2.5; XML 1.0, 4.3.3). */
function encodingOf(chunk: Buffer): string {
  if (chunk[0] === 0xff && chunk[1] === 0xfe) return 'utf-16le';
  return chunk[0] === 0xfe && chunk[1] === 0xff ? 'utf-16be' : 'utf-8';
}

async function orBroken<T>(result: Promise<T>): Promise<T> {
  try {
    return await result;
  } catch (failure) {
    throw broken(failure);
  }
}

/** What yauzl, zlib and the decoder say of a bad file, in their own words; they never quote its text. */
function broken(failure: unknown): SourceBroken {
  if (failure instanceof SourceBroken) return failure;
  const detail = failure instanceof Error ? failure.message : String(failure);
  if (detail.startsWith('too many bytes')) return new SourceBroken({ code: 'bomb' });
  if (detail.startsWith('strong encryption')) return new SourceBroken({ code: 'encrypted' });
  return new SourceBroken({ code: 'broken', detail });
}
