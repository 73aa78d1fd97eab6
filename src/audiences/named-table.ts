/**
 * Reads a table that is no audience, by the words of its headings: finds the tab, the row of headings and the columns. What is
 * missing or may be meant twice is told, never guessed.
 */
import { lineOf } from './cells.ts';
import { headingWords } from './headings.ts';
import type { Question } from './questions.ts';
import {
  type AudienceSource,
  type Cell,
  rowsIn,
  SourceBroken,
  type SourceProblem,
  type SourceRow,
  type SourceTable,
} from './source.ts';

/** The columns that a table may have. */
export interface NamedColumns<Column extends string> {
  /** Words of their headings, as `headingWords` writes them. */
  readonly words: Readonly<Record<Column, readonly string[]>>;
  readonly optional: ReadonlySet<Column>;
  /** Columns that may stand in for one: it may be missing where all of one of its rows are there. */
  readonly instead?: Partial<Readonly<Record<Column, readonly (readonly Column[])[]>>>;
  /** Rows that such a table has at most: a longer one is something else. */
  readonly most: number;
}

/** A row below the headings, with something in one of the columns. */
export interface NamedRow<Column extends string> {
  /** As the person sees it in the sheet, from 1. */
  readonly number: number;
  readonly cell: (column: Column) => Cell | undefined;
  /** What the cell says, in one line. */
  readonly said: (column: Column) => string;
}

export type NamedTable<Column extends string> =
  | { readonly kind: 'rows'; readonly rows: readonly NamedRow<Column>[] /** Left out. */; readonly hidden: number }
  | { readonly kind: 'refused'; readonly problem: SourceProblem }
  /** Several tabs may be meant. */
  | { readonly kind: 'question'; readonly question: Extract<Question, { kind: 'tab' }> }
  | { readonly kind: 'columns'; readonly missing: readonly Column[]; readonly twice: readonly Column[] };

/** Reads the table behind `ref` for the person of this address; `tab` is the one that was said, if any. */
export async function readNamedTable<Column extends string>(
  sources: readonly AudienceSource[],
  { ref, email, tab }: { readonly ref: string; readonly email: string | null; readonly tab: string | undefined },
  columns: NamedColumns<Column>,
  signal: AbortSignal,
): Promise<NamedTable<Column>> {
  const source = sources.find((one) => one.claims(ref));
  if (!source) return refused({ code: 'wrong-type', found: ref.split('.').at(-1)! });
  const inspection = await source.inspect(ref, signal, { email });
  if (inspection.kind === 'refused') return inspection;
  const chosen = chooseTable(inspection.tables, tab, columns);
  if (chosen.kind !== 'table') return chosen;
  const { header, name } = chosen;
  if (header.missing.length + header.twice.length > 0)
    return { kind: 'columns', missing: header.missing, twice: header.twice };
  const opening = await source.open(ref, name, signal, { email });
  if (opening.kind === 'refused') return opening;
  try {
    return await rowsBelow(header, rowsIn(opening.audience), columns);
  } catch (failure) {
    if (failure instanceof SourceBroken) return refused(failure.problem);
    throw failure;
  }
}

const refused = (problem: SourceProblem) => ({ kind: 'refused', problem }) as const;

interface Header<Column extends string> {
  /** Number of the row in the sheet. */
  readonly row: number;
  /** Where each column is, from 0. */
  readonly at: ReadonlyMap<Column, number>;
  readonly missing: readonly Column[];
  readonly twice: readonly Column[];
}

const namesOf = <Column extends string>({ words }: NamedColumns<Column>): readonly Column[] =>
  Object.keys(words) as Column[];

/** The tab that was said, else the one visible tab with all columns; where none has them, the one with most. */
function chooseTable<Column extends string>(
  tables: readonly SourceTable[],
  said: string | undefined,
  columns: NamedColumns<Column>,
): NamedTable<Column> | { readonly kind: 'table'; readonly name: string; readonly header: Header<Column> } {
  const names = tables.map(({ name }) => name);
  if (said !== undefined && !names.includes(said)) return refused({ code: 'no-such-tab', name: said, tabs: names });
  const looked = tables
    .filter(({ name, hidden }) => (said === undefined ? !hidden : name === said))
    .map((table) => ({ table, header: findHeader(table.sample, columns) }))
    .sort((a, b) => a.header.missing.length - b.header.missing.length);
  const best = looked[0];
  if (!best) return refused({ code: 'empty' });
  const whole = looked.filter(({ header }) => header.missing.length === 0).map(({ table }) => table);
  if (whole.length <= 1) return { kind: 'table', name: best.table.name, header: best.header };
  const options = whole.map(({ name, rows, hidden }) => ({ name, rows: rows.count, hidden }));
  return { kind: 'question', question: { kind: 'tab', options } };
}

/** The first of the rows that name most of the columns. */
function findHeader<Column extends string>(
  sample: readonly SourceRow[],
  columns: NamedColumns<Column>,
): Header<Column> {
  const none: Header<Column> = {
    row: 0,
    at: new Map(),
    missing: namesOf(columns).filter((column) => !columns.optional.has(column)),
    twice: [],
  };
  return sample
    .map((row) => readHeader(row, columns))
    .reduce((best, one) => (one.missing.length < best.missing.length ? one : best), none);
}

function readHeader<Column extends string>(
  { number, cells }: SourceRow,
  columns: NamedColumns<Column>,
): Header<Column> {
  const headings = cells.map((cell) => headingWords(lineOf(cell)));
  const places = namesOf(columns).map((column) => ({
    column,
    at: headings.flatMap((heading, index) => (columns.words[column].includes(heading) ? [index] : [])),
  }));
  const isThere = (wanted: Column) => places.some(({ column, at }) => column === wanted && at.length > 0);
  const standsIn = (column: Column) => (columns.instead?.[column] ?? []).some((others) => others.every(isThere));
  return {
    row: number,
    at: new Map(places.flatMap(({ column, at }) => (at[0] === undefined ? [] : [[column, at[0]] as const]))),
    missing: places
      .filter(({ column, at }) => at.length === 0 && !columns.optional.has(column) && !standsIn(column))
      .map(({ column }) => column),
    twice: places.filter(({ at }) => at.length > 1).map(({ column }) => column),
  };
}

async function rowsBelow<Column extends string>(
  { row: headings, at }: Header<Column>,
  source: AsyncIterable<SourceRow>,
  { most }: NamedColumns<Column>,
): Promise<NamedTable<Column>> {
  const rows: NamedRow<Column>[] = [];
  let hidden = 0;
  for await (const { number, cells, hidden: isHidden } of source) {
    if (number <= headings) continue;
    const cell = (column: Column): Cell | undefined => cells[at.get(column) ?? cells.length];
    const said = (column: Column): string => lineOf(cell(column));
    if ([...at.keys()].every((column) => said(column) === '')) continue;
    if (isHidden) hidden += 1;
    else rows.push({ number, cell, said });
    if (rows.length > most) return refused({ code: 'too-large', what: 'rows', limit: most });
  }
  return { kind: 'rows', rows, hidden };
}
