/** Answers one request to read a file: opens it, passes it through the guard, and hands out what was asked for. */
import { createHash } from 'node:crypto';
import { type FileHandle, open } from 'node:fs/promises';
import { SourceBroken, type SourceProblem } from '../../src/audiences/source.ts';
import { openCsv } from './csv-reader.ts';
import { bytesOf } from './file-bytes.ts';
import { admit } from './guard.ts';
import { lookAtTable, type TableReader } from './table-reader.ts';
import type { ReadRequest, Reply } from './wire.ts';
import { openWorkbook } from './workbook-reader.ts';

/** Replies to the request, the last one `refused`, `inspected`, `opened` or `end`. */
export async function* readFile(request: ReadRequest): AsyncGenerator<Reply> {
  let file: FileHandle | null = null;
  try {
    file = await openFile(request.path);
    yield* answer(request, file);
  } catch (failure) {
    if (!(failure instanceof SourceBroken)) throw failure;
    yield { kind: 'refused', problem: failure.problem };
  } finally {
    await file?.close();
  }
}

async function* answer(request: ReadRequest, file: FileHandle): AsyncGenerator<Reply> {
  const admitted = await admit(file, request.path, request.limits);
  // The hash is of the same open file that is read: a file put in its place meanwhile is another file.
  const revision = await hashOf(file);
  if (request.verb === 'rows' && revision !== request.revision) {
    throw new SourceBroken({ code: 'broken', detail: 'the file has changed since it was opened' });
  }
  const tables =
    admitted.kind === 'text'
      ? [await openCsv(file, request.limits)]
      : await openWorkbook(admitted.archive, request.language, request.limits);
  if (request.verb === 'inspect') {
    yield* inspect(tables, revision, request);
    return;
  }
  const table = chooseTable(tables, request.tab);
  if (request.verb === 'open') {
    yield { kind: 'opened', revision };
    return;
  }
  for await (const item of table.items()) if (item.kind === 'rows') yield item;
  yield { kind: 'end' };
}

async function* inspect(readers: readonly TableReader[], revision: string, request: ReadRequest) {
  const tables = [];
  for (const reader of readers) tables.push(await lookAtTable(reader, request.limits));
  if (tables.every((table) => table.rows.count === 0)) throw new SourceBroken({ code: 'empty' });
  yield { kind: 'inspected', inspection: { kind: 'tables', revision, tables } } as const;
}

function chooseTable(tables: readonly TableReader[], tab: string): TableReader {
  const named =
    tables.find((table) => table.name === tab) ?? (tab === '' && tables.length === 1 ? tables[0] : undefined);
  if (named) return named;
  throw new SourceBroken({ code: 'no-such-tab', name: tab, tabs: tables.map((table) => table.name) });
}

async function openFile(path: string): Promise<FileHandle> {
  let file: FileHandle;
  try {
    file = await open(path, 'r');
  } catch (failure) {
    const problem = problemOf(failure, path);
    throw problem ? new SourceBroken(problem) : failure;
  }
  if ((await file.stat()).isFile()) return file;
  await file.close();
  throw new SourceBroken({ code: 'wrong-type', found: 'folder' });
}

function problemOf(failure: unknown, ref: string): SourceProblem | null {
  switch ((failure as NodeJS.ErrnoException).code) {
    case 'ENOENT':
    case 'ENOTDIR':
      return { code: 'not-found', ref };
    case 'EACCES':
    case 'EPERM':
      return { code: 'not-permitted', ref };
    default:
      return null;
  }
}

async function hashOf(file: FileHandle): Promise<string> {
  const hash = createHash('sha256');
  for await (const chunk of bytesOf(file)) hash.update(chunk);
  return hash.digest('hex');
}
