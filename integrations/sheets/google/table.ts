/**
 * A tab as an audience sees it: rows with anything of people's in them, without the columns that are Herald's own, each with its
 * key, and a revision that only what people write changes.
 */
import { createHash } from 'node:crypto';
import { SAMPLE_ROWS, type SourceProblem, type SourceRow, type SourceTable } from '../../../src/audiences/source.ts';
import type { FileLimits } from '../limits.ts';
import { type KeyedRow, keyIn } from './keys.ts';
import { cellReader, type RawValue, type TabSnapshot } from './snapshot.ts';

/** How Herald's own columns are called, for those that have lost their marks. */
export interface OwnWords {
  readonly keyHeading: string;
  readonly keyProtection: string;
  /** Whether a heading, in whichever language, is that of the column of keys, or of a column of results. */
  readonly kindOf: (heading: string) => 'key' | 'result' | null;
}

export interface Table {
  readonly snapshot: TabSnapshot;
  /** Columns of Herald's own, by index. */
  readonly own: ReadonlySet<number>;
  /** The column of keys; null where there is none yet. `id` is null where it has lost its mark. */
  readonly keys: { readonly index: number; readonly id: number | null } | null;
  /** Number of the row that has the heading of the keys; null where it is not found. */
  readonly headingRow: number | null;
  /** Columns up to the last with anything in it. */
  readonly width: number;
}

/** Headings stand above this row, where they are looked for. */
const HEADINGS_WITHIN = 50;

export function tableOf(snapshot: TabSnapshot, words: OwnWords): Table {
  const { values, look } = snapshot;
  const marked = look.shape.own;
  const key = marked.find(({ value }) => value === 'key');
  const isKeyHeading = (value: RawValue | undefined) => typeof value === 'string' && words.kindOf(value) === 'key';
  const headingIndex = values
    .slice(0, HEADINGS_WITHIN)
    .findIndex((row) => (key ? isKeyHeading(row[key.index]) : row.some(isKeyHeading)));
  const headings = headingIndex === -1 ? [] : values[headingIndex]!;
  const called = headings.flatMap((heading, index) =>
    typeof heading === 'string' && words.kindOf(heading) !== null ? [index] : [],
  );
  const keyIndex = key?.index ?? headings.findIndex(isKeyHeading);
  return {
    snapshot,
    own: new Set([...marked.map(({ index }) => index), ...called]),
    keys: keyIndex === -1 ? null : { index: keyIndex, id: key?.id ?? null },
    headingRow: headingIndex === -1 ? null : headingIndex + 1,
    width: values.reduce((widest, row) => Math.max(widest, row.length), 0),
  };
}

/** What people wrote into a row, with `''` for what is Herald's. */
const theirs = (row: readonly RawValue[], own: ReadonlySet<number>): RawValue[] =>
  row.filter((_, index) => !own.has(index));

const isBlank = (row: readonly RawValue[]): boolean => row.every((value) => String(value).trim() === '');

/** Rows below `headerRow` with anything in them. */
export function keyedRows({ snapshot, own, keys }: Table, headerRow: number): readonly KeyedRow[] {
  return snapshot.values.flatMap((row, index) => {
    const content = theirs(row, own);
    if (index < headerRow || isBlank(content)) return [];
    return [{ number: index + 1, key: keys ? keyIn(row[keys.index]) : '', hash: contentHash(content) }];
  });
}

/** Blank cells at the end are none. */
function contentHash(content: readonly RawValue[]): string {
  const end = content.findLastIndex((value) => value !== '');
  return createHash('sha256')
    .update(JSON.stringify(content.slice(0, end + 1)))
    .digest('base64');
}

/** The key of each row by its number: the first of several rows with one key has it, all else go by their number. */
function keysByNumber(table: Table): ReadonlyMap<number, string> {
  const seen = new Set<string>();
  const keys = new Map<number, string>();
  for (const { number, key } of keyedRows(table, table.headingRow ?? 0)) {
    if (key === '' || seen.has(key)) continue;
    seen.add(key);
    keys.set(number, key);
  }
  return keys;
}

/** Changes with what people wrote, in whatever order it stands: with keys sorting changes nothing, without them rows go by their number. */
export function revisionOf(table: Table): string {
  const keys = keysByNumber(table);
  const lines = keyedRows(table, 0).map(({ number, hash }) => `${keys.get(number) ?? number} ${hash}`);
  return createHash('sha256').update(lines.sort().join('\n')).digest('hex');
}

export function* rowsOf(table: Table, language: 'en' | 'ru'): Generator<SourceRow> {
  const { snapshot, own } = table;
  const toCell = cellReader(snapshot.look, language);
  const keys = keysByNumber(table);
  for (const [index, row] of snapshot.values.entries()) {
    const cells = row.map((value, column) => toCell(value, index, column)).filter((_, column) => !own.has(column));
    const width = cells.findLastIndex(({ kind }) => kind !== 'empty') + 1;
    if (width === 0) continue;
    const number = index + 1;
    yield {
      key: keys.get(number) ?? String(number),
      number,
      cells: cells.slice(0, width),
      hidden: snapshot.look.hiddenRow(index),
    };
  }
}

export function describe(table: Table, language: 'en' | 'ru'): SourceTable {
  const { title, hidden, filter } = table.snapshot.look.shape;
  const rows = [...rowsOf(table, language)];
  return {
    name: title,
    hidden,
    filtered: filter !== null,
    hiddenRows: rows.filter((row) => row.hidden).length,
    sample: rows.slice(0, SAMPLE_ROWS),
    rows: { count: rows.length, exact: true },
  };
}

/** The same limits as for files. */
export function tooLarge({ snapshot, own, width }: Table, limits: FileLimits): SourceProblem | null {
  const over = (what: 'rows' | 'columns' | 'cell'): SourceProblem => ({
    code: 'too-large',
    what,
    limit: { rows: limits.rows, columns: limits.columns, cell: limits.cellLength }[what],
  });
  if (snapshot.values.length > limits.rows) return over('rows');
  if (width - own.size > limits.columns) return over('columns');
  const long = snapshot.values.some((row) =>
    row.some((value, column) => typeof value === 'string' && value.length > limits.cellLength && !own.has(column)),
  );
  return long ? over('cell') : null;
}
