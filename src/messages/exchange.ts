/** Amounts of other currencies in that of the company, by rates that an admin sets. Whole micro-units in, whole micro-units out. */
import type { Currency, Money } from './money.ts';

/** What a unit of other currencies is worth. */
export interface Exchange {
  /** The company's. */
  readonly currency: Currency;
  /** Micro-units of the company's currency for one unit of another: `{ USD: 92_150_000 }` is 92.15 for a dollar. */
  readonly rates: Readonly<Record<Currency, number>>;
}

/** The amount in the company's currency, rounded once, half up; null where there is no rate. */
export function exchanged(amount: Money, { currency, rates }: Exchange): Money | null {
  if (amount.currency === currency) return amount;
  const rate = Object.hasOwn(rates, amount.currency) ? rates[amount.currency] : undefined;
  if (rate === undefined) return null;
  const micros = (BigInt(amount.micros) * BigInt(rate) + 500_000n) / 1_000_000n;
  return { micros: Number(micros), currency };
}
