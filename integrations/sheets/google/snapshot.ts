/**
 * A whole spreadsheet read in a few calls: one for what it is, then its values by ranges. What was changed by somebody while it
 * was read is read again, so that no row is seen twice or missed.
 */
import type { Cell } from '../../../src/audiences/source.ts';
import { numberStyle } from '../number-format.ts';
import { EMPTY } from '../sheet-cells.ts';
import { quotedTab, readLooks, type TabLook } from './book.ts';
import type { CallOptions, GoogleAccess } from './client.ts';

export type RawValue = string | number | boolean;

export interface TabSnapshot {
  readonly look: TabLook;
  /** Rows from the first of the grid, each to its last cell with anything in it. */
  readonly values: readonly (readonly RawValue[])[];
}

type How = Omit<CallOptions, 'quota' | 'repeatable'>;

/** Cells of the grid in one answer, empty ones too, of which Google sends nothing. */
const CELLS_A_CALL = 2_000_000;
/** Somebody types all the time: then it is read as it stands. */
const TRIES = 3;

export async function readBook(
  access: GoogleAccess,
  id: string,
  versionOf: () => Promise<string>,
  how: How,
): Promise<readonly TabSnapshot[]> {
  let version = await versionOf();
  for (let attempt = 1; ; attempt += 1) {
    const looks = (await readLooks(access, id, how)).filter(({ shape }) => shape.mark === null);
    const values = await readValues(access, id, looks, how);
    const after = await versionOf();
    if (after === version || attempt === TRIES) return looks.map((look, index) => ({ look, values: values[index]! }));
    version = after;
  }
}

interface Piece {
  readonly tab: number;
  readonly range: string;
  readonly cells: number;
}

async function readValues(
  access: GoogleAccess,
  id: string,
  looks: readonly TabLook[],
  how: How,
): Promise<RawValue[][][]> {
  const values: RawValue[][][] = looks.map(() => []);
  for (const call of callsFor(looks)) {
    const { valueRanges } = await access.call({ ...how, quota: 'read', repeatable: true }, (options) =>
      access.sheets.spreadsheets.values.batchGet(
        {
          spreadsheetId: id,
          ranges: call.map(({ range }) => range),
          valueRenderOption: 'UNFORMATTED_VALUE',
          dateTimeRenderOption: 'SERIAL_NUMBER',
        },
        options,
      ),
    );
    call.forEach(({ tab, from }, index) => {
      const read = (valueRanges?.[index]?.values ?? []) as RawValue[][];
      // Trailing empty rows of a range are left out, also where more rows follow it.
      while (values[tab]!.length < from && read.length > 0) values[tab]!.push([]);
      for (const row of read) values[tab]!.push(row);
    });
  }
  return values;
}

/** Ranges of all tabs, as many in one call as it takes. */
function callsFor(looks: readonly TabLook[]): (Piece & { from: number })[][] {
  const calls: (Piece & { from: number })[][] = [];
  let room = 0;
  looks.forEach(({ shape: { title, rowCount, columnCount } }, tab) => {
    const rowsACall = Math.max(1, Math.floor(CELLS_A_CALL / Math.max(1, columnCount)));
    for (let from = 0; from < rowCount; from += rowsACall) {
      const to = Math.min(rowCount, from + rowsACall);
      const cells = (to - from) * columnCount;
      if (cells > room || calls.length === 0) {
        calls.push([]);
        room = CELLS_A_CALL;
      }
      room -= cells;
      calls.at(-1)!.push({ tab, from, cells, range: `${quotedTab(title)}!${from + 1}:${to}` });
    }
  });
  return calls;
}

/** Patterns of formats that name none. */
const PLAIN_PATTERN: Readonly<Record<string, string>> = {
  DATE: 'yyyy-mm-dd',
  TIME: 'hh:mm:ss',
  DATE_TIME: 'yyyy-mm-dd hh:mm:ss',
  PERCENT: '0.00%',
};

/** Makes cells as people see them. */
export function cellReader(
  look: TabLook,
  language: 'en' | 'ru',
): (value: RawValue | undefined, row: number, column: number) => Cell {
  const styles = new Map<string, ReturnType<typeof numberStyle>>();
  function styleOf(pattern: string) {
    const known = styles.get(pattern) ?? numberStyle(pattern, { date1904: false, language });
    styles.set(pattern, known);
    return known;
  }
  return (value, row, column) => {
    if (value === undefined || value === '') return EMPTY;
    if (typeof value === 'boolean') return { kind: 'boolean', value, text: value ? 'TRUE' : 'FALSE' };
    const format = look.format(row, column);
    if (typeof value === 'string') {
      if (format === 'error') return { kind: 'error', text: value };
      return value.trim() === '' ? EMPTY : { kind: 'text', text: value };
    }
    const { type, pattern } = format === null || format === 'error' ? {} : format;
    return styleOf(pattern || PLAIN_PATTERN[type ?? ''] || 'General')(value);
  };
}
