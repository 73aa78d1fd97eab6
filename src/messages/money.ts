/**
 * Money as integers: micro-units (1/1,000,000) of one currency, so that a price per part of 0.0325 keeps every digit
 * and sums of millions of parts stay exact.
 */

/** An ISO 4217 code, upper case: `RUB`, `EUR`. */
export type Currency = string;

/** An amount; `micros` is a safe integer, 2_350_000 is 2.35 of the currency. */
export interface Money {
  readonly micros: number;
  readonly currency: Currency;
}

/** Zero of a currency. */
export const nothing = (currency: Currency): Money => ({ micros: 0, currency });

/** The sum; mixing currencies is a bug, so it throws. */
export function add(a: Money, b: Money): Money {
  if (a.currency !== b.currency) throw new Error(`cannot add ${b.currency} to ${a.currency}`);
  return { micros: a.micros + b.micros, currency: a.currency };
}

/** The amount `count` times; `count` is a whole number. */
export const times = (price: Money, count: number): Money => ({
  micros: price.micros * count,
  currency: price.currency,
});

/** Reads a decimal such as `2.35` or `2,35` into micro-units, or null when it is not one or has more than six decimals. */
export function parseMicros(decimal: string): number | null {
  const match = /^(\d{1,9})(?:[.,](\d{1,6}))?$/.exec(decimal.trim());
  if (!match) return null;
  return Number(match[1]) * 1_000_000 + Number((match[2] ?? '').padEnd(6, '0'));
}
