/** What a part costs with a provider: the price of the longest prefix of the number. */
import type { Money } from './money.ts';
import type { E164 } from './phone.ts';

/** A price per part for the numbers that begin with a prefix. */
export interface Price {
  /** Digits after the plus, country code first: `7916`. Empty: everywhere else. */
  readonly prefix: string;
  readonly perPart: Money;
  /** Whether an operator charges what it took or what it delivered. */
  readonly chargedOn: 'submit' | 'delivery';
}

/** Prices of one provider, in force from an instant until a later version is. */
export interface PriceList {
  readonly provider: string;
  readonly version: string;
  readonly validFrom: Date;
  readonly prices: readonly Price[];
}

/**
 * The list made ready for millions of look-ups. Throws on a prefix that is not digits or is there twice: such a list
 * must not have been let in.
 */
export function indexPrices(list: PriceList): (phone: E164) => Price | null {
  const byPrefix = new Map<string, Price>();
  for (const price of list.prices) {
    const at = `${list.provider} ${list.version}: prefix "${price.prefix}"`;
    if (!/^\d{0,15}$/.test(price.prefix)) throw new Error(`${at} is not digits`);
    if (byPrefix.has(price.prefix)) throw new Error(`${at} is priced twice`);
    byPrefix.set(price.prefix, price);
  }
  const lengths = [...new Set(list.prices.map((price) => price.prefix.length))].sort((a, b) => b - a);
  return (phone) => {
    for (const length of lengths) {
      const price = byPrefix.get(phone.slice(1, 1 + length));
      if (price) return price;
    }
    return null;
  };
}
