/**
 * Gives every row of a tab a key of its own, in a column of Herald's: once, and to new rows the next time. Somebody may sort,
 * insert or delete at that very moment, so what was written is looked at again, and a key that was written over is given back.
 */
import type { SourceProblem } from '../../../src/audiences/source.ts';
import type { CallOptions, GoogleAccess } from './client.ts';
import { keyIn, newKeys } from './keys.ts';
import { readColumns, writeColumns } from './marked-columns.ts';
import { insertColumns, markColumn } from './own-columns.ts';
import type { RawValue, TabSnapshot } from './snapshot.ts';
import { keyedRows, type OwnWords, type Table, tableOf } from './table.ts';
import { GoogleTrouble } from './trouble.ts';

export interface KeyingDesk {
  readonly access: GoogleAccess;
  readonly id: string;
  readonly words: OwnWords;
  readonly makeKey: () => string;
  readonly how: Omit<CallOptions, 'quota' | 'repeatable'>;
  /** Reads the tab anew. */
  readonly read: () => Promise<
    | { readonly kind: 'tab'; readonly snapshot: TabSnapshot }
    | { readonly kind: 'refused'; readonly problem: SourceProblem }
  >;
}

/** People who sort all the while would otherwise be waited for. */
const TRIES = 6;

export async function keyedTable(
  desk: KeyingDesk,
  headerRow: number,
): Promise<{ kind: 'table'; table: Table } | { kind: 'refused'; problem: SourceProblem }> {
  /** Keys that stood in the sheet and went, by the content of their rows. */
  const lost = new Map<string, string>();
  const givenBefore = new Set<string>();
  for (let attempt = 0; attempt < TRIES; attempt += 1) {
    const read = await desk.read();
    if (read.kind === 'refused') return read;
    const table = tableOf(read.snapshot, desk.words);
    if (table.keys?.id == null) {
      await makeColumn(desk, table);
      continue;
    }
    // Once it is written, the heading of the keys says where the headings are, also after rows came in above them.
    const rows = keyedRows(table, headerRow === 0 ? 0 : (table.headingRow ?? headerRow));
    const given = newKeys(rows, { lost, given: givenBefore }, desk.makeKey);
    const cells = new Map<number, RawValue>([...given].map(([number, key]) => [number - 1, key]));
    if (headerRow > 0 && table.headingRow === null) cells.set(headerRow - 1, desk.words.keyHeading);
    if (cells.size === 0) return { kind: 'table', table };
    await writeColumns(desk.access, desk.id, [{ id: table.keys.id, cells }], desk.how);
    const after = await readColumns(desk.access, desk.id, [table.keys.id], desk.how);
    const written = after.get(table.keys.id) ?? [];
    if (
      rows.every(({ number, key }) => keyIn(written[number - 1]) === (given.get(number) ?? key)) &&
      stillAsRead(table, cells, written)
    ) {
      return { kind: 'table', table: withKeys(table, written, desk.words) };
    }
    for (const key of given.values()) givenBefore.add(key);
    const left = new Set(written.map(keyIn));
    for (const { key, hash } of rows) if (key !== '' && !left.has(key)) lost.set(hash, key);
  }
  throw new GoogleTrouble('unavailable', new Error('somebody rearranges the sheet all the while'));
}

/** Nothing else stands in the column than before and what was written. */
function stillAsRead(
  { snapshot, keys }: Table,
  cells: ReadonlyMap<number, RawValue>,
  written: readonly RawValue[],
): boolean {
  return written.every((value, row) => keyIn(value) === keyIn(cells.get(row) ?? snapshot.values[row]?.[keys!.index]));
}

function withKeys(table: Table, written: readonly RawValue[], words: OwnWords): Table {
  const { index } = table.keys!;
  const values = table.snapshot.values.map((row, number) => {
    const key = written[number] ?? '';
    if (key === '') return row;
    const filled = [...row];
    while (filled.length < index) filled.push('');
    filled[index] = key;
    return filled;
  });
  return tableOf({ ...table.snapshot, values }, words);
}

/**
 * A column right of all that is there, or the mark for one that has lost it (a copied tab). Not repeated when nobody knows whether
 * it was done: the next look tells.
 */
async function makeColumn({ access, id, words, how }: KeyingDesk, { snapshot, keys, width }: Table): Promise<void> {
  const { shape } = snapshot.look;
  const at = keys?.index ?? width;
  const requests = keys
    ? [markColumn(shape.sheetId, at, 'key')]
    : insertColumns(shape, at, [{ value: 'key', format: { type: 'TEXT' } }]);
  const protect = {
    addProtectedRange: {
      protectedRange: {
        range: { sheetId: shape.sheetId, startColumnIndex: at, endColumnIndex: at + 1 },
        warningOnly: true,
        description: words.keyProtection,
      },
    },
  };
  try {
    await access.call({ ...how, quota: 'write', repeatable: false }, (options) =>
      access.sheets.spreadsheets.batchUpdate(
        { spreadsheetId: id, requestBody: { requests: [...requests, protect] } },
        options,
      ),
    );
  } catch (failure) {
    if (!(failure instanceof GoogleTrouble) || (failure.kind !== 'unavailable' && failure.kind !== 'moved'))
      throw failure;
  }
}
