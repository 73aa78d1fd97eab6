/**
 * Reads tables of text as a stream: the encoding and the delimiter are found, quotes and ragged rows are taken as they
 * come. Every cell is text, as a person typed it.
 */
import type { FileHandle } from 'node:fs/promises';
import { pipeline, Readable } from 'node:stream';
import { TextDecoder } from 'node:util';
import { CsvError, parse } from 'csv-parse';
import iconv from 'iconv-lite';
import { type Cell, SourceBroken, type SourceRow } from '../../src/audiences/source.ts';
import { csvOptions, findShape } from './csv-delimiter.ts';
import { bytesOf } from './file-bytes.ts';
import { type FileLimits, ROWS_TOGETHER } from './limits.ts';
import type { TableReader } from './table-reader.ts';
import { guessEncoding, markedEncoding } from './text-encoding.ts';

/** Enough to see the delimiter, and the letters of the language. */
const HEAD_BYTES = 256 * 1024;

/** The one table in a file of text. The file stays the caller's. */
export async function openCsv(file: FileHandle, limits: FileLimits): Promise<TableReader> {
  const encoding = await findEncoding(file);
  const { delimiter, separatorLine } = findShape(await headOf(decoded(file, encoding)));
  return {
    name: '',
    hidden: false,
    hides: false,
    items: async function* () {
      let lot: SourceRow[] = [];
      let number = 0;
      for await (const record of records(without(decoded(file, encoding), separatorLine), delimiter, limits)) {
        number++;
        if (number > limits.rows) throw new SourceBroken({ code: 'too-large', what: 'rows', limit: limits.rows });
        const cells = cellsOf(record, limits);
        if (cells.length > 0) lot.push({ key: String(number), number, cells, hidden: false });
        if (lot.length < ROWS_TOGETHER) continue;
        yield { kind: 'rows', rows: lot };
        lot = [];
      }
      if (lot.length > 0) yield { kind: 'rows', rows: lot };
    },
  };
}

/** Reads the whole file: what is UTF-8 to its end is UTF-8, for no other text is so by chance. */
async function findEncoding(file: FileHandle): Promise<string> {
  const utf8 = new TextDecoder('utf-8', { fatal: true });
  const others: Buffer[] = [];
  let first = true;
  for await (const chunk of bytesOf(file)) {
    const marked = first ? markedEncoding(chunk) : null;
    if (marked) return marked;
    first = false;
    if (others.length === 0 && decodes(utf8, chunk)) continue;
    if (others.push(chunk) * chunk.length >= HEAD_BYTES) break;
  }
  return others.length === 0 ? 'utf-8' : guessEncoding(Buffer.concat(others));
}

function decodes(utf8: TextDecoder, chunk: Buffer): boolean {
  try {
    utf8.decode(chunk, { stream: true });
    return true;
  } catch {
    return false;
  }
}

/** The file's text, its byte order mark gone. */
async function* decoded(file: FileHandle, encoding: string): AsyncGenerator<string> {
  const decoder = iconv.getDecoder(encoding);
  for await (const chunk of bytesOf(file)) yield decoder.write(chunk);
  yield decoder.end() ?? '';
}

/** Whole lines from the beginning of the text. */
async function headOf(text: AsyncIterable<string>): Promise<string> {
  let head = '';
  for await (const chunk of text) {
    head += chunk;
    if (head.length >= HEAD_BYTES) return head.slice(0, Math.max(head.lastIndexOf('\n'), head.lastIndexOf('\r')) + 1);
  }
  return head;
}

async function* without(text: AsyncIterable<string>, firstLine: string): AsyncGenerator<string> {
  let skip = firstLine.length;
  for await (const chunk of text) {
    yield chunk.slice(skip);
    skip = Math.max(0, skip - chunk.length);
  }
}

async function* records(text: AsyncIterable<string>, delimiter: string, limits: FileLimits): AsyncGenerator<string[]> {
  // A quote that is never closed would take the rest of the file for one cell.
  const parser = parse({ ...csvOptions(delimiter), max_record_size: limits.columns * limits.cellLength });
  pipeline(Readable.from(text), parser, () => {}); // its errors come out of the loop below
  try {
    yield* parser as AsyncIterable<string[]>;
  } catch (failure) {
    if (!(failure instanceof CsvError)) throw failure;
    throw new SourceBroken({ code: 'broken', detail: `${failure.code} at line ${failure.lines}` });
  }
}

const EMPTY: Cell = { kind: 'empty' };

/** Cells up to the last with anything in it. */
function cellsOf(record: readonly string[], limits: FileLimits): readonly Cell[] {
  const width = record.findLastIndex((text) => text.trim() !== '') + 1;
  if (width > limits.columns) throw new SourceBroken({ code: 'too-large', what: 'columns', limit: limits.columns });
  return record.slice(0, width).map((text) => cellOf(text, limits));
}

function cellOf(text: string, limits: FileLimits): Cell {
  if (text.length > limits.cellLength) {
    throw new SourceBroken({ code: 'too-large', what: 'cell', limit: limits.cellLength });
  }
  // ="0123" is how programs keep a spreadsheet from dropping the zero.
  const shown = /^="([^"]*)"$/.exec(text)?.[1] ?? text;
  return shown.trim() === '' ? EMPTY : { kind: 'text', text: shown };
}
