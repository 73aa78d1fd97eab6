/**
 * Brings a campaign's columns to what they should say: looks where each key stands now, writes what differs, and looks again. What
 * landed on the wrong row because somebody sorted meanwhile differs at the next look and is put right. Only Herald's own columns
 * are ever written to.
 */
import type { Gathered } from './gathered.ts';
import { keyIn } from './keys.ts';
import { readColumns, writeColumns } from './marked-columns.ts';
import type { ColumnChange } from './payload.ts';
import { holds } from './result-cell.ts';
import type { ResultGroup, SheetDesk } from './result-group.ts';
import type { RawValue } from './snapshot.ts';
import type { OwnWords } from './table.ts';
import { GoogleTrouble } from './trouble.ts';

export interface Standing {
  readonly missing: number;
  readonly duplicates: number;
}

/** Looks; the last of them finds nothing to write. */
const PASSES = 8;

export async function reconcile(
  desk: SheetDesk,
  group: ResultGroup,
  headings: readonly string[],
  wanted: Pick<Gathered, 'rows' | 'gone'>,
  words: OwnWords,
): Promise<Standing> {
  for (let pass = 0; pass < PASSES; pass += 1) {
    const seen = await readColumns(desk.access, desk.id, [group.keys, ...group.columns.values()], desk.how);
    const keys = (seen.get(group.keys) ?? []).map(keyIn);
    const rows = wantedRows(keys, headings, wanted, words);
    const changes = [...group.columns].flatMap(([place, id]): ColumnChange[] => {
      const column = seen.get(id);
      const cells = column ? differing(column, rows.values, place) : new Map<number, RawValue>();
      return cells.size > 0 ? [{ id, cells }] : [];
    });
    if (changes.length === 0) return rows.standing;
    await writeColumns(desk.access, desk.id, changes, desk.how).catch(unlessMoved);
  }
  throw new GoogleTrouble('unavailable', new Error('somebody rearranges the sheet all the while'));
}

/** A column or rows went between look and write: the next look sees it. */
function unlessMoved(failure: unknown): void {
  if (!(failure instanceof GoogleTrouble) || failure.kind !== 'moved') throw failure;
}

/** What each row should say, from the first; nothing where the key is none of the campaign's, or stands in several rows. */
function wantedRows(
  keys: readonly string[],
  headings: readonly string[],
  { rows: wanted, gone }: Pick<Gathered, 'rows' | 'gone'>,
  words: OwnWords,
) {
  const times = new Map<string, number>();
  for (const key of keys) if (wanted.has(key)) times.set(key, (times.get(key) ?? 0) + 1);
  const headingRow = keys.findIndex((key) => words.kindOf(key) === 'key');
  const values = keys.map((key, row): readonly RawValue[] => {
    if (row === headingRow) return headings;
    return times.get(key) === 1 ? wanted.get(key)! : [];
  });
  const duplicates = [...times.values()].filter((count) => count > 1).length;
  const missing = [...wanted.keys()].filter((key) => !times.has(key) && !gone.has(key)).length;
  return { values, standing: { missing, duplicates } };
}

function differing(
  column: readonly RawValue[],
  rows: readonly (readonly RawValue[])[],
  place: number,
): Map<number, RawValue> {
  const cells = new Map<number, RawValue>();
  for (let row = 0; row < Math.max(rows.length, column.length); row += 1) {
    const value = rows[row]?.[place] ?? '';
    if (!holds(column[row], value)) cells.set(row, value);
  }
  return cells;
}
