/**
 * Rows of a frozen audience travel to MongoDB in lots, one document for a few hundred: a million documents cost ten times as much
 * to write and to read as what is in them. A row is found by its id alone, since a lot begins at a known one. Pure.
 */
import { type AudienceRow, type PlainCell, rowId } from './row-record.ts';

/** A lot as it is kept. */
export interface Lot {
  /** The id of its first row; the others follow without a gap. */
  readonly _id: string;
  readonly schemaVersion: 2;
  readonly audience: string;
  /** Its rows as JSON, see `PackedRow`. */
  readonly packed: string;
}

/** Rows between two places where a lot begins, whatever stands in them. */
export const LOT_ROWS = 250;
/** A lot of very wide rows is cut into several, so that none is too large for a document (16 MB, characters of up to 3 bytes). */
const LOT_CHARACTERS = 4_000_000;

/** A zero for a value that is the cell's own text, and for a key that is the row's own number. */
type PackedRow =
  | readonly [number: number, key: string | 0, cells: readonly PlainCell[], excluded: string]
  | readonly [
      number: number,
      key: string | 0,
      cells: readonly PlainCell[],
      excluded: 0,
      person: string,
      phone: string,
      zone: string | null,
      doubt: string | null,
      values: readonly (string | 0)[],
    ];

/** The lots of rows that follow one another, the first of which stands at the beginning of a lot. */
export function lotsOf(rows: readonly AudienceRow[]): Lot[] {
  const lots: Lot[] = [];
  for (let from = 0; from < rows.length; from += LOT_ROWS) {
    let first = rows[from]!;
    let packed: string[] = [];
    let characters = 0;
    const close = () =>
      lots.push({ _id: first._id, schemaVersion: 2, audience: first.audience, packed: `[${packed.join(',')}]` });
    for (const row of rows.slice(from, from + LOT_ROWS)) {
      const text = JSON.stringify(packRow(row));
      if (characters + text.length > LOT_CHARACTERS && packed.length > 0) {
        close();
        [first, packed, characters] = [row, [], 0];
      }
      packed.push(text);
      characters += text.length;
    }
    close();
  }
  return lots;
}

export function rowsOf({ _id, audience, packed }: Lot): AudienceRow[] {
  const first = sequenceOf(_id);
  return (JSON.parse(packed) as PackedRow[]).map((row, place) => unpackRow(row, audience, first + place));
}

export const sequenceOf = (row: string): number => Number(row.slice(row.lastIndexOf(':') + 1));

/** The ids between which the lot is kept that holds this row: from the first, and below the second. */
export function lotRange(row: string): readonly [string, string] {
  const audience = row.slice(0, row.lastIndexOf(':'));
  const begin = Math.floor((sequenceOf(row) - 1) / LOT_ROWS) * LOT_ROWS + 1;
  return [rowId(audience, begin), rowId(audience, begin + LOT_ROWS)];
}

function packRow({ number, key, cells, excluded, recipient }: AudienceRow): PackedRow {
  const named = key === String(number) ? 0 : key;
  if (!recipient) return [number, named, cells, excluded!];
  const { person, phone, zone, doubt, values } = recipient;
  const packed = values.map((value, place) => (value === textIn(cells[place]) ? 0 : value));
  return [number, named, cells, 0, person, phone, zone, doubt, packed];
}

function unpackRow(row: PackedRow, audience: string, sequence: number): AudienceRow {
  const [number, named, cells] = row;
  const key = named === 0 ? String(number) : named;
  const kept = { _id: rowId(audience, sequence), audience, number, key, cells };
  if (row[3] !== 0) return { ...kept, excluded: row[3] };
  const [, , , , person, phone, zone, doubt, packed] = row;
  const values = packed.map((value, place) => (value === 0 ? textIn(cells[place]) : value));
  return {
    ...kept,
    recipient: { person, phone: phone as NonNullable<AudienceRow['recipient']>['phone'], zone, doubt, values },
  };
}

const textIn = (cell: PlainCell | undefined): string => (cell === null || cell === undefined ? '' : String(cell));
