/** What a part costs with a provider: the price of the number's network, else of the longest prefix of the number. */
import type { Money } from './money.ts';
import type { E164 } from './phone.ts';

/** A network by its MCC and MNC: `250-01`. */
export type Network = string;

/** A network as people and gateways write it, `250-01`, `250 01` or `25001`; null where it is none. */
export function asNetwork(said: string): Network | null {
  const found = /^(\d{3})[\s/-]?(\d{2,3})$/.exec(said.trim());
  return found ? `${found[1]}-${found[2]}` : null;
}

/** The two written together; an MNC that was taken for a number has lost its zero. Not a network where either is none. */
export const joined = (mcc: string, mnc: string): string => `${mcc}-${mnc === '' ? '' : mnc.padStart(2, '0')}`;

/** A price per part for the numbers that begin with a prefix, or belong to a network. */
export interface Price {
  /** Digits after the plus, country code first: `7916`; or a network: `250-01`. Empty: everywhere else. */
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

/** The price of a number; `network`: where it belongs, when that is known. */
export type PriceFinder = (phone: E164, network?: Network) => Price | null;

/**
 * The list made ready for millions of look-ups. Throws on a prefix that is neither digits nor a network, or is there twice: such a
 * list must not have been let in.
 */
export function indexPrices(list: PriceList): PriceFinder {
  const byPrefix = new Map<string, Price>();
  for (const price of list.prices) {
    const at = `${list.provider} ${list.version}: prefix "${price.prefix}"`;
    if (!/^(?:\d{0,15}|\d{3}-\d{2,3})$/.test(price.prefix)) throw new Error(`${at} is not digits`);
    if (byPrefix.has(price.prefix)) throw new Error(`${at} is priced twice`);
    byPrefix.set(price.prefix, price);
  }
  const lengths = lengthsOf([...byPrefix.keys()]);
  return (phone, network) => {
    const ofNetwork = network === undefined ? undefined : byPrefix.get(network);
    if (ofNetwork) return ofNetwork;
    for (const length of lengths) {
      const price = byPrefix.get(phone.slice(1, 1 + length));
      if (price) return price;
    }
    return null;
  };
}

export const isNetwork = (prefix: string): boolean => prefix.includes('-');

/** Of those that are digits, each once and the longest first. */
export const lengthsOf = (prefixes: readonly string[]): readonly number[] =>
  [...new Set(prefixes.filter((prefix) => !isNetwork(prefix)).map(({ length }) => length))].sort((a, b) => b - a);
