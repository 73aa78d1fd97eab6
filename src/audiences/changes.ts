/**
 * What became of a frozen audience in its source: rows that are gone, that say something else, or that are new. Rows are found
 * by their keys, so sorting them changes nothing, and neither does anything that the text does not use. Pure.
 */

import { columnOf } from '../messages/names.ts';
import type { CountryCode } from '../messages/phone.ts';
import { isFilled } from './cells.ts';
import type { ReadingPlan } from './questions.ts';
import { checkRow } from './row.ts';
import type { SourceRow } from './source.ts';
import type { AudienceRow, PlainCell } from './store.ts';

/** Some rows: how many, and the numbers of the first few. */
export interface NamedRows {
  readonly count: number;
  readonly numbers: readonly number[];
}

export interface Changes {
  /** Their numbers are those that they had when they were frozen. */
  readonly removed: NamedRows;
  /** Another phone, another value that the text uses, or left out then and not now. */
  readonly changed: NamedRows;
  readonly added: NamedRows;
  /** Ids of the frozen rows that are gone. */
  readonly gone: readonly string[];
}

/** How the source is read now; `plan` is null where its columns are not clear any more: then rows are only looked for. */
export interface Comparing {
  readonly plan: ReadingPlan | null;
  /** Names of the columns that the text uses. */
  readonly used: readonly string[];
  /** Names of the frozen columns, in their order. */
  readonly headings: readonly string[];
  readonly country: CountryCode;
  /** Rows that are hidden now and were never read are not new. */
  readonly hiddenRows: ReadingPlan['hiddenRows'];
}

export interface Comparison {
  /** Takes one row of the source; rows at and above the headings are passed over. */
  take(row: SourceRow): void;
  /** Once the source was read to its end. */
  result(): Changes;
}

const NAMED = 5;

/** A key that is the row's own number outlives nothing. */
export const isLasting = ({ key, number }: Pick<SourceRow, 'key' | 'number'>): boolean => key !== String(number);

interface Frozen {
  readonly id: string;
  readonly number: number;
  /** What is said to whom; null where nothing was to be sent. */
  readonly said: string | null;
  readonly left: string | null;
  /** Where it stands now; 0 while it was not met. */
  at: number;
  says: string | null;
}

interface Spare {
  readonly number: number;
  readonly says: string | null;
}

/** Compares the rows of the source, in any order, with all rows that were frozen. */
export async function comparison(frozen: AsyncIterable<AudienceRow>, how: Comparing): Promise<Comparison> {
  const places = how.used.map((name) => how.headings.indexOf(name));
  const known = new Map<string, Frozen>();
  for await (const row of frozen) {
    const { _id: id, number, recipient, cells } = row;
    const said = recipient
      ? saying(
          recipient.phone,
          places.map((place) => cells[place] ?? null),
        )
      : null;
    known.set(row.key, { id, number, said, left: row.excluded ?? null, at: 0, says: null });
  }
  /** New rows, copies of known ones, and known ones that have lost their keys: which of these it is shows at the end. */
  const spare: Spare[] = [];
  return {
    take(row) {
      const found = isLasting(row) ? known.get(row.key) : undefined;
      if (!found) {
        if (isNew(row, how)) spare.push({ number: row.number, says: sayingOf(row, how) });
        return;
      }
      if (!row.cells.some(isFilled)) return;
      const says = sayingOf(row, how);
      // Of several rows with one key the first has it, until it shows which of them says what was frozen.
      if (found.at === 0) Object.assign(found, { at: row.number, says });
      else spare.push({ number: row.number, says });
    },
    result: () => settled([...known.values()], spare, how),
  };
}

function settled(known: readonly Frozen[], spare: readonly Spare[], how: Comparing): Changes {
  const added = findTwins(known, spare);
  const there = known.filter(({ at }) => at > 0);
  // Whoever was left out as the second of two may stand in for the first, when both say the same.
  const seconds = new Set(there.filter(({ left }) => left === 'duplicate').map(({ says }) => says));
  const isGone = ({ at, said }: Frozen) => at === 0 && (said === null || !seconds.has(said));
  const gone = known.filter(isGone);
  const present = new Set(known.filter((row) => !isGone(row)).map(({ said }) => phoneIn(said)));
  const changed = how.plan === null ? [] : there.filter((row) => isChanged(row, present));
  return {
    removed: named(gone.map(({ number }) => number)),
    changed: named(changed.map(({ at }) => at)),
    added: named(added.map(({ number }) => number)),
    gone: gone.map(({ id }) => id),
  };
}

/**
 * A row that was not met, or that says something else, is rather the one that says what was frozen: its key was lost, or went to a
 * copy. Returns the rows that are new.
 */
function findTwins(known: readonly Frozen[], spare: readonly Spare[]): readonly Spare[] {
  const bySaying = Map.groupBy(spare, ({ says }) => says);
  const displaced: Spare[] = [];
  for (const row of known) {
    if (row.said === null || (row.at > 0 && row.says === row.said)) continue;
    const twin = bySaying.get(row.said)?.pop();
    if (!twin) continue;
    if (row.at > 0) displaced.push({ number: row.at, says: row.says });
    Object.assign(row, { at: twin.number, says: twin.says });
  }
  return [...[...bySaying.values()].flat(), ...displaced];
}

/** What was left out then and would be sent to now counts as well; that a row was hidden or shown does not. */
function isChanged({ said, says, left }: Frozen, present: ReadonlySet<string | null>): boolean {
  if (said !== null) return says !== said;
  if (left === 'hidden' || says === null) return false;
  return left !== 'duplicate' || !present.has(phoneIn(says));
}

function isNew(row: SourceRow, { plan, hiddenRows }: Comparing): boolean {
  if (!row.cells.some(isFilled)) return false;
  if (plan && row.number <= plan.headerRow) return false;
  return !row.hidden || hiddenRows === 'take';
}

function named(numbers: readonly number[]): NamedRows {
  return { count: numbers.length, numbers: numbers.toSorted((a, b) => a - b).slice(0, NAMED) };
}

/** What the row would have said to whom, or null when to nobody. */
function sayingOf(row: SourceRow, { plan, used, country }: Comparing): string | null {
  if (plan === null) return null;
  const checked = checkRow(row, { ...plan, hiddenRows: 'take' }, { country, zone: 'Etc/UTC' });
  if (checked.kind !== 'recipient') return null;
  const values = used.map((name) => checked.cells[plan.headings.indexOf(columnOf(name, plan.headings) ?? '')] ?? null);
  return saying(checked.phone, values);
}

/** By values, so that the look of a number does not count. */
const saying = (phone: string, values: readonly PlainCell[]): string =>
  [phone, ...values.map((value) => (value === null ? '' : String(value).replace(/\r\n?/g, '\n').trim()))].join(
    '\u0000',
  );

const phoneIn = (said: string | null): string | null => said?.split('\u0000', 1)[0] ?? null;
