/**
 * Why a campaign goes the way it goes: for each group of numbers that all accounts price alike, which account carries it, and why
 * not the others. Follows the rules by which messages are sent (`routing.ts`). Pure.
 */
import type { Exchange } from '../messages/exchange.ts';
import type { E164 } from '../messages/phone.ts';
import { indexPrices, type Network } from '../messages/price.ts';
import type { Account } from './account.ts';
import { destinationIn, NO_SHARES, type Shares } from './delivery.ts';
import { carries, type Route, type RoutingTerms, routeFinder, takesNumber } from './routing.ts';

/** Numbers by their first digits and, where it is known, their network, with what goes there. */
export interface Lead {
  readonly digits: string;
  readonly network?: Network;
  readonly messages: number;
  readonly parts: number;
}

/** What an account is to a group of numbers. */
export type Verdict =
  | 'carries' // of those that may and can, the one whose delivered parts are cheapest
  | 'dearer'
  | 'delivers-less' // its parts are cheaper, those of them that are delivered dearer
  | 'down' // would carry it, but is not connected
  | 'stopped' // switched off by hand
  | 'not-approved' // came after the approval
  | 'no-price'
  | 'no-rate' // in a currency without an exchange rate
  | 'sender'
  | 'numbers' // may not be given such numbers
  | 'class'
  | 'not-in-use';

export interface Standing {
  readonly provider: string;
  readonly verdict: Verdict;
  /** Its price, where it has one and may carry the campaign. */
  readonly route: Route | null;
}

export interface QuoteGroup {
  /** The longest prefix, or the network, that any account prices there. */
  readonly prefix: string;
  readonly messages: number;
  readonly parts: number;
  /** The carrier first, then those with a price by that, then the others by name. */
  readonly standings: readonly Standing[];
}

export interface QuoteTerms extends RoutingTerms {
  readonly exchange: Exchange;
  /** Accounts that the approval allows; null while nothing was approved. */
  readonly approved: ReadonlySet<string> | null;
  /** Accounts with a live session. */
  readonly up: ReadonlySet<string>;
  /** Accounts that somebody has switched off. */
  readonly stopped: ReadonlySet<string>;
  /** What accounts are expected to deliver. */
  readonly shares?: Shares;
}

/** Digits that tell one group from another: as long as the longest prefix of any account, or of what is known of deliveries. */
export const digitsThatMatter = (accounts: readonly Account[], shares: Shares = NO_SHARES): number =>
  Math.max(
    0,
    ...[...shares.keys()].map((key) => destinationIn(key).length),
    ...accounts.flatMap(({ prices, prefixes = [] }) => [
      ...prices.map(({ prefix }) => prefix.length),
      ...prefixes.map(({ length }) => length),
    ]),
  );

/** Groups with most parts first. `accounts` have the prices of the time that is meant. */
export function quoteGroups(
  accounts: readonly Account[],
  leads: readonly Lead[],
  terms: QuoteTerms,
): readonly QuoteGroup[] {
  const desks = accounts.map((account) => ({ account, prefixOf: prefixFinder(account) }));
  const routesOf = routeFinder(accounts, terms, terms);
  const groups = new Map<string, QuoteGroup>();
  for (const { digits, network, messages, parts } of leads) {
    const prefixes = desks.map(({ account, prefixOf }) =>
      takesNumber(account, digits) ? prefixOf(digits, network) : NOT_TAKEN,
    );
    const routes = routesOf(`+${digits}` as E164, network);
    const key = [...prefixes, ...routes.map(({ expected }) => expected)].join('|');
    const known = groups.get(key) ?? {
      prefix: longestOf(prefixes),
      messages: 0,
      parts: 0,
      standings: standingsOf(accounts, prefixes, routes, terms),
    };
    groups.set(key, { ...known, messages: known.messages + messages, parts: known.parts + parts });
  }
  return [...groups.values()].sort((a, b) => b.parts - a.parts);
}

/** Stands for the prefix of an account that may not be given the number. */
const NOT_TAKEN = 'not taken';

const longestOf = (prefixes: readonly (string | null)[]): string =>
  prefixes.reduce<string>(
    (longest, one) => (one !== null && one !== NOT_TAKEN && one.length > longest.length ? one : longest),
    '',
  );

function prefixFinder({ prices }: Account): (digits: string, network?: Network) => string | null {
  const find = indexPrices({ provider: '', version: '', validFrom: new Date(0), prices });
  return (digits, network) => find(`+${digits}` as E164, network)?.prefix ?? null;
}

function standingsOf(
  accounts: readonly Account[],
  prefixes: readonly (string | null)[],
  routes: readonly Route[],
  terms: QuoteTerms,
): readonly Standing[] {
  const priced = routes.map((route) => ({
    provider: route.provider,
    verdict: hindrance(route.provider, terms) ?? ('dearer' as const),
    route,
  }));
  const carrier = priced.findIndex(({ verdict }) => verdict === 'dearer');
  const first = priced[carrier] && { ...priced[carrier], verdict: 'carries' as const };
  const others = priced
    .filter((_, index) => index !== carrier)
    .map((one) => {
      const isCheaper = first && one.verdict === 'dearer' && one.route.perPart < first.route.perPart;
      return isCheaper ? { ...one, verdict: 'delivers-less' as const } : one;
    });
  const unpriced = accounts.flatMap((account, index): Standing[] => {
    const { name } = account;
    if (routes.some(({ provider }) => provider === name)) return [];
    return [{ provider: name, verdict: excludedBy(account, prefixes[index] ?? null, terms), route: null }];
  });
  return [...(first ? [first] : []), ...others, ...unpriced];
}

/** What keeps an account with a price from carrying it. */
function hindrance(provider: string, { approved, stopped, up }: QuoteTerms): Verdict | null {
  if (approved && !approved.has(provider)) return 'not-approved';
  if (stopped.has(provider)) return 'stopped';
  return up.has(provider) ? null : 'down';
}

/** Why an account has no route at all. */
function excludedBy(account: Account, prefix: string | null, terms: QuoteTerms): Verdict {
  if (!account.enabled) return 'not-in-use';
  if (!account.classes.includes(terms.class)) return 'class';
  if (!carries(account, terms)) return 'sender';
  if (prefix === NOT_TAKEN) return 'numbers';
  return prefix === null ? 'no-price' : 'no-rate';
}
