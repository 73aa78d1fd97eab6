/**
 * What the service and its reading process say to each other: one request, then replies as lines of JSON. Cells travel in
 * few characters, since a hundred thousand rows of them are most of what is said.
 */
import type { Cell, Inspection, SourceProblem, SourceRow } from '../../src/audiences/source.ts';
import type { FileLimits } from './limits.ts';

export interface ReadRequest {
  /** `inspect` looks at all tables, `open` sees that one can be read, `rows` reads it. */
  readonly verb: 'inspect' | 'open' | 'rows';
  readonly path: string;
  /** Name of the tab; empty for the only one. */
  readonly tab: string;
  /** For `rows`: the revision that was opened; a file that has changed since is not read. */
  readonly revision: string;
  readonly language: 'en' | 'ru';
  readonly limits: FileLimits;
}

export type Reply =
  | { readonly kind: 'refused'; readonly problem: SourceProblem }
  | { readonly kind: 'inspected'; readonly inspection: Extract<Inspection, { kind: 'tables' }> }
  | { readonly kind: 'opened'; readonly revision: string }
  | { readonly kind: 'rows'; readonly rows: readonly SourceRow[] }
  | { readonly kind: 'end' };

/** Nothing for an empty cell, a string for text, else the kind's letter and what belongs to it. */
type PackedCell = 0 | string | ['n', number, string?] | ['d', string, string] | ['b', boolean, string] | ['e', string];
type PackedRow = [number: number, hidden: 0 | 1, ...cells: PackedCell[]];

export function encodeReply(reply: Reply): string {
  if (reply.kind !== 'rows') return `${JSON.stringify(reply)}\n`;
  return `${JSON.stringify(reply.rows.map(packRow))}\n`;
}

/** Trusts the line: it is from our own process. */
export function decodeReply(line: string): Reply {
  const said = JSON.parse(line) as PackedRow[] | Exclude<Reply, { kind: 'rows' }>;
  return Array.isArray(said) ? { kind: 'rows', rows: said.map(unpackRow) } : said;
}

/** A file's rows have no key but their number. */
function packRow({ number, hidden, cells }: SourceRow): PackedRow {
  return [number, hidden ? 1 : 0, ...cells.map(packCell)];
}

function unpackRow([number, hidden, ...cells]: PackedRow): SourceRow {
  return { key: String(number), number, hidden: hidden === 1, cells: cells.map(unpackCell) };
}

function packCell(cell: Cell): PackedCell {
  switch (cell.kind) {
    case 'empty':
      return 0;
    case 'text':
      return cell.text;
    case 'number':
      return cell.text === String(cell.value) ? ['n', cell.value] : ['n', cell.value, cell.text];
    case 'date':
      return ['d', cell.iso, cell.text];
    case 'boolean':
      return ['b', cell.value, cell.text];
    case 'error':
      return ['e', cell.text];
  }
}

function unpackCell(cell: PackedCell): Cell {
  if (cell === 0) return { kind: 'empty' };
  if (typeof cell === 'string') return { kind: 'text', text: cell };
  switch (cell[0]) {
    case 'n':
      return { kind: 'number', value: cell[1], text: cell[2] ?? String(cell[1]) };
    case 'd':
      return { kind: 'date', iso: cell[1], text: cell[2] };
    case 'b':
      return { kind: 'boolean', value: cell[1], text: cell[2] };
    case 'e':
      return { kind: 'error', text: cell[1] };
  }
}
