/**
 * Price lists of an account as history: which list is in force at an instant, and what it says then. A list says all that it
 * costs from its day on; it is never changed, only followed by another. Pure.
 */
import type { Currency } from '../messages/money.ts';
import type { E164 } from '../messages/phone.ts';
import { indexPrices, isNetwork, type Price } from '../messages/price.ts';

/** A price with the time in which it holds. */
export interface DatedPrice extends Price {
  readonly from: Date;
  /** The first instant at which it holds no more; null: until another list does. */
  readonly to: Date | null;
}

export interface AccountPrices {
  /** Name of the account. */
  readonly provider: string;
  /** Counts the account's lists, from 1. */
  readonly number: number;
  /** What messages keep of it; no two lists of an account have the same. */
  readonly version: string;
  readonly currency: Currency;
  readonly validFrom: Date;
  readonly takenAt: Date;
  /** Handle of the admin, or `herald` for what stood in the file of accounts. */
  readonly takenBy: string;
  /** What the admin called the file. */
  readonly source: string;
  readonly prices: readonly DatedPrice[];
}

/** A list takes effect on its day, but never before it was taken: what was charged until then stays as it was. */
export const beginOf = ({ validFrom, takenAt }: Pick<AccountPrices, 'validFrom' | 'takenAt'>): number =>
  Math.max(validFrom.getTime(), takenAt.getTime());

type Placed = Pick<AccountPrices, 'validFrom' | 'takenAt' | 'number'>;

/** The list in force: that of the latest day, and of one day the one taken last. */
export function listAt<List extends Placed>(lists: readonly List[], at: Date): List | null {
  const begun = lists.filter((list) => beginOf(list) <= at.getTime());
  return begun.toSorted(later).at(-1) ?? null;
}

/** Lists that are not in force yet and will be, the first to come first. */
export const listsAfter = <List extends Placed>(lists: readonly List[], at: Date): readonly List[] =>
  lists
    .filter((list) => beginOf(list) > at.getTime() && listAt(lists, new Date(beginOf(list))) === list)
    .toSorted(later);

const later = (a: Placed, b: Placed): number => a.validFrom.getTime() - b.validFrom.getTime() || a.number - b.number;

/** What a list says at an instant. */
export const pricesAt = (list: Pick<AccountPrices, 'prices'>, at: Date): readonly DatedPrice[] =>
  list.prices.filter(({ from, to }) => from <= at && (to === null || at < to));

/** Every instant at which some price begins or ends, in order and each once. */
export function turningPoints(lists: readonly AccountPrices[]): readonly number[] {
  const all = lists.flatMap((list) => [
    beginOf(list),
    ...list.prices.flatMap(({ from, to }) => [from.getTime(), ...(to ? [to.getTime()] : [])]),
  ]);
  return [...new Set(all)].sort((a, b) => a - b);
}

/** What a part costs for all numbers that begin with the prefix, unless more of the number is known. */
export function priceFinder(prices: readonly Price[]): (prefix: string) => Price | null {
  const find = indexPrices({ provider: '', version: '', validFrom: new Date(0), prices });
  return (prefix) => (isNetwork(prefix) ? find('+' as E164, prefix) : find(`+${prefix}` as E164));
}

/** Rows of a sheet as a list from `validFrom` on. Where a price begins later only, the one that holds until then goes on. */
export function completed(
  rows: readonly DatedPrice[],
  held: readonly DatedPrice[],
  validFrom: Date,
): readonly DatedPrice[] {
  const begins = new Map<string, Date>();
  for (const { prefix, from } of rows) {
    const known = begins.get(prefix);
    if (!known || from < known) begins.set(prefix, from);
  }
  const goingOn = held.flatMap((price) => {
    const until = begins.get(price.prefix);
    if (!until || until <= validFrom) return [];
    return [{ ...price, to: price.to && price.to < until ? price.to : until }];
  });
  return [...rows, ...goingOn];
}

/** A name for a list that no other of the account has: `2026-12-01`, and `2026-12-01.2` for the next one of that day. */
export function versionBeside(taken: readonly string[], wanted: string): string {
  if (!taken.includes(wanted)) return wanted;
  for (let number = 2; ; number++) if (!taken.includes(`${wanted}.${number}`)) return `${wanted}.${number}`;
}
