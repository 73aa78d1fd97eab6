/**
 * Finds the row of headings where it is: below titles and blank rows, above the first row that holds a phone. A row that
 * holds something like a phone is never taken for headings.
 */
import { readDigits } from '../messages/phone-cell.ts';
import { asPhoneCell, type FilledCell, isFilled } from './cells.ts';
import { headingSense } from './headings.ts';
import type { Cell, SourceRow } from './source.ts';

export interface HeaderGuess {
  /** Number of the row in the sheet, from 1; null when none looks like headings. */
  readonly row: number | null;
  /** A person should look: no word in the row is one that headings have, or there is no such row. */
  readonly doubt: boolean;
}

/** Headings that stand lower than this are not looked for. */
const LOOKED_AT = 30;
/** Fewer digits may be a date, a sum, or the number of a contract. */
const SHORTEST_PHONE = 10;
const LONGEST_PHONE = 15;

export function findHeader(sample: readonly SourceRow[]): HeaderGuess {
  const looked = sample.slice(0, LOOKED_AT);
  const widest = Math.max(0, ...looked.map((row) => filledCells(row).length));
  // One cell in a table of several columns is a title, even one with the phone of the call centre in it.
  const rows = looked.filter((row) => widest < 2 || filledCells(row).length > 1);
  const firstPhone = rows.findIndex((row) => row.cells.some(looksLikePhone));
  const candidates = firstPhone === -1 ? rows : rows.slice(0, firstPhone);
  const known = mostKnown(candidates, firstPhone === -1);
  if (known) return { row: known.number, doubt: false };
  const allText = (row: SourceRow) => filledCells(row).every((cell) => cell.kind === 'text');
  const last = firstPhone === -1 ? candidates.find(allText) : candidates.findLast(allText);
  return { row: last?.number ?? null, doubt: true };
}

/**
 * The row with most headings that are known. Of equals the one nearest to the data wins: what stands above it is a
 * caption; where no phone tells where the data begins, the first wins, for data may hold such words too.
 */
function mostKnown(rows: readonly SourceRow[], firstWins: boolean): SourceRow | null {
  let best: SourceRow | null = null;
  let most = 0;
  for (const row of rows) {
    const known = knownHeadings(row);
    if (known > most || (known === most && known > 0 && !firstWins)) {
      best = row;
      most = known;
    }
  }
  return best;
}

function knownHeadings(row: SourceRow): number {
  const filled = filledCells(row);
  const texts = filled.filter((cell) => cell.kind === 'text');
  if (texts.length * 2 < filled.length) return 0;
  return texts.filter((cell) => headingSense(cell.text) !== null).length;
}

const filledCells = (row: SourceRow): readonly FilledCell[] => row.cells.filter(isFilled);

/** A day as dots or ISO 8601 write it: with a time behind it, it has as many digits as a phone. */
const DAY = /\b\d{1,2}\.\d{1,2}\.(?:19|20)\d\d\b|\b(?:19|20)\d\d-\d\d-\d\d\b/;

/** Ten digits or more that a person could dial, in whichever country. */
export function looksLikePhone(cell: Cell): boolean {
  if ((cell.kind !== 'text' && cell.kind !== 'number') || DAY.test(cell.text)) return false;
  const dialled = readDigits(asPhoneCell(cell));
  if (dialled.kind === 'unusable') return dialled.why === 'digits-lost' || dialled.why === 'several-numbers';
  return dialled.digits.length >= SHORTEST_PHONE && dialled.digits.length <= LONGEST_PHONE;
}
