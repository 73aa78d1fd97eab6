/**
 * Values on their way into marked columns, packed into requests of about two megabytes. A column is found by its mark when Google
 * carries the request out, so that nothing is ever written beside it; cells that stay as they are travel as `null`.
 */
import type { sheets_v4 } from 'googleapis/build/src/apis/sheets/index.js';
import type { RawValue } from './snapshot.ts';

/** Google recommends at most 2 MB (developers.google.com/workspace/sheets/api/limits). */
export const PAYLOAD_BYTES = 2_000_000;
/** A rest that small is not worth cutting a column for. */
const WORTH_CUTTING = PAYLOAD_BYTES / 8;
const NULL_BYTES = 'null,'.length;
const FRAME_BYTES = 150;

/** New values of one column by row, from 0. */
export interface ColumnChange {
  readonly id: number;
  readonly cells: ReadonlyMap<number, RawValue>;
}

export function payloads(changes: readonly ColumnChange[]): sheets_v4.Schema$DataFilterValueRange[][] {
  const made: sheets_v4.Schema$DataFilterValueRange[][] = [];
  let room = 0;
  for (const { id, cells } of changes) {
    const rows = [...cells.keys()].sort((a, b) => a - b);
    for (let from = 0; from < rows.length; ) {
      const first = FRAME_BYTES + rows[from]! * NULL_BYTES;
      if (made.length === 0 || (first > room - WORTH_CUTTING && room < PAYLOAD_BYTES)) {
        made.push([]);
        room = PAYLOAD_BYTES;
      }
      const { to, bytes } = fitting(rows, cells, from, room - first);
      made.at(-1)!.push(valueRange(id, rows.slice(from, to), cells));
      room -= first + bytes;
      if (to < rows.length) room = 0;
      from = to;
    }
  }
  return made;
}

/** How many rows from `from` on take no more than `room`; one at least. */
function fitting(
  rows: readonly number[],
  cells: ReadonlyMap<number, RawValue>,
  from: number,
  room: number,
): { to: number; bytes: number } {
  let bytes = 0;
  for (let at = from; at < rows.length; at += 1) {
    const skipped = at === from ? 0 : rows[at]! - rows[at - 1]! - 1;
    const more = skipped * NULL_BYTES + Buffer.byteLength(JSON.stringify(cells.get(rows[at]!))) + 1;
    if (bytes + more > room && at > from) return { to: at, bytes };
    bytes += more;
  }
  return { to: rows.length, bytes };
}

function valueRange(
  metadataId: number,
  rows: readonly number[],
  cells: ReadonlyMap<number, RawValue>,
): sheets_v4.Schema$DataFilterValueRange {
  const column: (RawValue | null)[] = [];
  for (const row of rows) {
    while (column.length < row) column.push(null);
    column.push(cells.get(row)!);
  }
  return { dataFilter: { developerMetadataLookup: { metadataId } }, majorDimension: 'COLUMNS', values: [column] };
}
