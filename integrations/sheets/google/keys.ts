/** Which rows of a tab need a key, and which key: every row with anything in it has one, and no two the same. Pure. */
import type { RawValue } from './snapshot.ts';

/** One row as it stands: its number from 1, its key, and a hash of what people wrote into it. */
export interface KeyedRow {
  readonly number: number;
  /** Empty where it has none. */
  readonly key: string;
  readonly hash: string;
}

/**
 * New keys by row number. Of rows with one key the first keeps it: the others are copies of it. A row that holds what a row held
 * whose key was lost meanwhile gets that one back.
 */
export function newKeys(
  rows: readonly KeyedRow[],
  lost: ReadonlyMap<string, string>,
  make: () => string,
): ReadonlyMap<number, string> {
  const taken = new Set(rows.map(({ key }) => key));
  const back = new Map([...lost].filter(([, key]) => !taken.has(key)));
  const seen = new Set<string>();
  const given = new Map<number, string>();
  for (const { number, key, hash } of rows) {
    if (key !== '' && !seen.has(key)) {
      seen.add(key);
      continue;
    }
    const again = back.get(hash);
    back.delete(hash);
    let fresh = again ?? make();
    while (again === undefined && taken.has(fresh)) fresh = make();
    taken.add(fresh);
    seen.add(fresh);
    given.set(number, fresh);
  }
  return given;
}

const LETTERS = 'abcdefghjkmnpqrstuvwxyz23456789';

/** `h-` and ten letters and digits, none of which is taken for another; never a number or a date to a spreadsheet. */
export const keyMaker = (random: (below: number) => number) => (): string =>
  `h-${Array.from({ length: 10 }, () => LETTERS[random(LETTERS.length)]).join('')}`;

/** The text of a cell of the column of keys. */
export const keyIn = (value: RawValue | undefined): string => (value === undefined ? '' : String(value).trim());
