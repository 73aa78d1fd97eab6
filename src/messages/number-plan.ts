/**
 * To which network and region numbers belong, by a numbering plan: ranges of numbers, made ready for millions of look-ups. Where
 * one range lies within another the narrower holds; ranges that cross are none of a plan. Pure.
 */
import type { E164 } from './phone.ts';
import type { Network } from './price.ts';

/** What a plan says of a number. */
export interface NumberPlace {
  /** Name of the operator. */
  readonly operator: string;
  readonly network: Network | null;
  readonly region: string;
  /** IANA zone of the region. */
  readonly zone: string | null;
}

/** Numbers from `first` to `last`, both included; digits with the country code, as many in each. Prefixes are their own ends. */
export interface NumberRange extends NumberPlace {
  readonly first: string;
  readonly last: string;
}

export interface NumberPlan {
  find(phone: E164): NumberPlace | null;
}

/** Numbers have at most so many digits (E.164), so every range is an interval of numbers of that length. */
const DIGITS = 15;
const lowOf = (digits: string): number => Number(digits.padEnd(DIGITS, '0'));
const highOf = (digits: string): number => Number(digits.padEnd(DIGITS, '9'));

/** Why these ranges are no plan: two that cross, or are the same; null when they are one. */
export function clashIn<Range extends Pick<NumberRange, 'first' | 'last'>>(
  ranges: readonly Range[],
): readonly [Range, Range] | null {
  const open: { range: Range; high: number; low: number }[] = [];
  for (const one of inOrder(ranges)) {
    while (open.length > 0 && open.at(-1)!.high < one.low) open.pop();
    const around = open.at(-1);
    if (around && (one.high > around.high || (one.low === around.low && one.high === around.high)))
      return [around.range, one.range];
    open.push(one);
  }
  return null;
}

/** The wider of two that begin at one number comes first. */
const inOrder = <Range extends Pick<NumberRange, 'first' | 'last'>>(ranges: readonly Range[]) =>
  ranges
    .map((range) => ({ range, low: lowOf(range.first), high: highOf(range.last) }))
    .sort((a, b) => a.low - b.low || b.high - a.high);

/** Ranges that cross must not have been let in. */
export function indexPlan(ranges: readonly NumberRange[]): NumberPlan {
  const from: number[] = [];
  const places: (NumberPlace | null)[] = [];
  const begin = (at: number, place: NumberPlace | null): void => {
    if (from.at(-1) === at) places[places.length - 1] = place;
    else {
      from.push(at);
      places.push(place);
    }
  };
  const open: { high: number; range: NumberRange }[] = [];
  const closeBefore = (low: number): void => {
    while (open.length > 0 && open.at(-1)!.high < low) begin(open.pop()!.high + 1, open.at(-1)?.range ?? null);
  };
  for (const { range, low, high } of inOrder(ranges)) {
    closeBefore(low);
    begin(low, range);
    open.push({ high, range });
  }
  closeBefore(Number.POSITIVE_INFINITY);
  const starts = Float64Array.from(from);
  return { find: (phone) => places[lastNotAbove(starts, lowOf(phone.slice(1)))] ?? null };
}

/** Place of the last of the ascending numbers that is not above `value`; -1 when all are. */
function lastNotAbove(ascending: Float64Array, value: number): number {
  let [low, high] = [0, ascending.length];
  while (low < high) {
    const middle = (low + high) >>> 1;
    if (ascending[middle]! <= value) low = middle + 1;
    else high = middle;
  }
  return low - 1;
}
