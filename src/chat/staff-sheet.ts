/**
 * Reads a staff sheet: finds the tab, the row of headings and the columns by the words that people use for them. What is
 * missing or may be meant twice is told, never guessed.
 */
import { lineOf } from '../audiences/cells.ts';
import { headingWords } from '../audiences/headings.ts';
import type { Question } from '../audiences/questions.ts';
import {
  type AudienceSource,
  SourceBroken,
  type SourceProblem,
  type SourceRow,
  type SourceTable,
} from '../audiences/source.ts';
import { OPTIONAL_COLUMNS, ROSTER_COLUMNS, type RosterColumn, type RosterRow } from '../staff/roster.ts';

export type StaffSheet =
  | { readonly kind: 'rows'; readonly rows: readonly RosterRow[] /** Left out. */; readonly hidden: number }
  | { readonly kind: 'refused'; readonly problem: SourceProblem }
  /** Several tabs may be meant. */
  | { readonly kind: 'question'; readonly question: Extract<Question, { kind: 'tab' }> }
  | { readonly kind: 'columns'; readonly missing: readonly RosterColumn[]; readonly twice: readonly RosterColumn[] };

/** Far more than any staff that uses this: a longer sheet is one of customers. */
const MOST = 20_000;

/** Reads the table behind `ref` for the person of this address; `tab` is the one that was said, if any. */
export async function readStaffSheet(
  sources: readonly AudienceSource[],
  { ref, email }: { readonly ref: string; readonly email: string | null },
  tab: string | undefined,
  signal: AbortSignal,
): Promise<StaffSheet> {
  const source = sources.find((one) => one.claims(ref));
  if (!source) return refused({ code: 'wrong-type', found: ref.split('.').at(-1)! });
  const inspection = await source.inspect(ref, signal, { email });
  if (inspection.kind === 'refused') return inspection;
  const chosen = chooseTable(inspection.tables, tab);
  if (chosen.kind !== 'table') return chosen;
  const { header, name } = chosen;
  if (header.missing.length + header.twice.length > 0) return { kind: 'columns', ...header };
  const opening = await source.open(ref, name, signal, { email });
  if (opening.kind === 'refused') return opening;
  try {
    return await rowsBelow(header, opening.audience.rows());
  } catch (failure) {
    if (failure instanceof SourceBroken) return refused(failure.problem);
    throw failure;
  }
}

const refused = (problem: SourceProblem): StaffSheet => ({ kind: 'refused', problem });

interface Header {
  /** Number of the row in the sheet. */
  readonly row: number;
  /** Where each column is, from 0. */
  readonly at: Readonly<Partial<Record<string, number>>>;
  readonly missing: readonly RosterColumn[];
  readonly twice: readonly RosterColumn[];
}

type Chosen = StaffSheet | { readonly kind: 'table'; readonly name: string; readonly header: Header };

/** The tab that was said, else the one visible tab with all columns; where none has them, the one with most. */
function chooseTable(tables: readonly SourceTable[], said: string | undefined): Chosen {
  const names = tables.map(({ name }) => name);
  if (said !== undefined && !names.includes(said)) return refused({ code: 'no-such-tab', name: said, tabs: names });
  const looked = tables
    .filter(({ name, hidden }) => (said === undefined ? !hidden : name === said))
    .map((table) => ({ table, header: findHeader(table.sample) }))
    .sort((a, b) => a.header.missing.length - b.header.missing.length);
  const best = looked[0];
  if (!best) return refused({ code: 'empty' });
  const whole = looked.filter(({ header }) => header.missing.length === 0).map(({ table }) => table);
  if (whole.length <= 1) return { kind: 'table', name: best.table.name, header: best.header };
  const options = whole.map(({ name, rows, hidden }) => ({ name, rows: rows.count, hidden }));
  return { kind: 'question', question: { kind: 'tab', options } };
}

const COLUMNS = Object.keys(ROSTER_COLUMNS) as readonly RosterColumn[];
const NEEDED = COLUMNS.filter((column) => !OPTIONAL_COLUMNS.has(column));
const NO_HEADER: Header = { row: 0, at: {}, missing: NEEDED, twice: [] };

/** The first of the rows that name most of the columns. */
const findHeader = (sample: readonly SourceRow[]): Header =>
  sample.map(readHeader).reduce((best, one) => (one.missing.length < best.missing.length ? one : best), NO_HEADER);

function readHeader({ number, cells }: SourceRow): Header {
  const headings = cells.map((cell) => headingWords(lineOf(cell)));
  const places = COLUMNS.map((column) => {
    const words = ROSTER_COLUMNS[column];
    return { column, at: headings.flatMap((heading, index) => (words.includes(heading) ? [index] : [])) };
  });
  return {
    row: number,
    at: Object.fromEntries(places.flatMap(({ column, at }) => (at[0] === undefined ? [] : [[column, at[0]]]))),
    missing: places.filter(({ column, at }) => at.length === 0 && NEEDED.includes(column)).map(({ column }) => column),
    twice: places.filter(({ at }) => at.length > 1).map(({ column }) => column),
  };
}

async function rowsBelow(header: Header, source: AsyncIterable<SourceRow>): Promise<StaffSheet> {
  const rows: RosterRow[] = [];
  let hidden = 0;
  for await (const row of source) {
    if (row.number <= header.row) continue;
    const read = readRow(row, header);
    if (!read) continue;
    if (row.hidden) hidden += 1;
    else rows.push(read);
    if (rows.length > MOST) return refused({ code: 'too-large', what: 'rows', limit: MOST });
  }
  return { kind: 'rows', rows, hidden };
}

/** Null when there is nothing in any of the columns. */
function readRow({ number, cells }: SourceRow, { at }: Header): RosterRow | null {
  const said = (column: RosterColumn): string => {
    const place = at[column];
    return place === undefined ? '' : lineOf(cells[place]);
  };
  const texts = {
    handle: said('handle'),
    name: said('name'),
    department: said('department'),
    roles: said('roles'),
    email: said('email'),
  };
  return Object.values(texts).every((text) => text === '') ? null : { number, ...texts };
}
