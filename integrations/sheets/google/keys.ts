/** Which rows of a tab need a key, and which key: every row with anything in it has one, and no two the same. Pure. */
import type { RawValue } from './snapshot.ts';

/** One row as it stands: its number from 1, its key, and a hash of what people wrote into it. */
export interface KeyedRow {
  readonly number: number;
  /** Empty where it has none. */
  readonly key: string;
  readonly hash: string;
}

/** What happened while keys were written before, in one opening. */
export interface KeyHistory {
  /** Keys that stood in the sheet and were written over, by the content of their rows. */
  readonly lost: ReadonlyMap<string, string>;
  /** Keys that were given lately; where one stands is a matter of chance until it has been looked at. */
  readonly given: ReadonlySet<string>;
}

/**
 * New keys by row number. Of rows with one key the first keeps it: the others are copies of it. A row that holds what a row held
 * whose key was written over gets that one back.
 */
export function newKeys(
  rows: readonly KeyedRow[],
  { lost, given }: KeyHistory,
  make: () => string,
): ReadonlyMap<number, string> {
  const standing = new Set(rows.map(({ key }) => key));
  const back = new Map([...lost].filter(([, key]) => !standing.has(key)));
  const seen = new Set<string>();
  const fresh = new Map<number, string>();
  const makeFresh = (): string => {
    const key = make();
    return standing.has(key) || seen.has(key) ? makeFresh() : key;
  };
  for (const { number, key, hash } of rows) {
    const settled = key !== '' && !seen.has(key);
    const again = settled && !given.has(key) ? undefined : back.get(hash);
    if (again !== undefined) back.delete(hash);
    const kept = again ?? (settled ? key : makeFresh());
    seen.add(kept);
    if (kept !== key) fresh.set(number, kept);
  }
  return fresh;
}

const LETTERS = 'abcdefghjkmnpqrstuvwxyz23456789';

/** `h-` and ten letters and digits, none of which is taken for another; never a number or a date to a spreadsheet. */
export const keyMaker = (random: (below: number) => number) => (): string =>
  `h-${Array.from({ length: 10 }, () => LETTERS[random(LETTERS.length)]).join('')}`;

/** The text of a cell of the column of keys. */
export const keyIn = (value: RawValue | undefined): string => (value === undefined ? '' : String(value).trim());
