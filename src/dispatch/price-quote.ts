/**
 * Why a campaign goes the way it goes: for each group of numbers that all accounts price alike, which account carries it, and why
 * not the others. Follows the rules by which messages are sent (`routing.ts`). Pure.
 */
import type { Exchange } from '../messages/exchange.ts';
import type { Account } from './account.ts';
import { priceFinder } from './price-list.ts';
import { carries, type Route, type RoutingTerms, routeFinder } from './routing.ts';

/** Numbers by their first digits, with what goes there. */
export interface Lead {
  readonly digits: string;
  readonly messages: number;
  readonly parts: number;
}

/** What an account is to a group of numbers. */
export type Verdict =
  | 'carries' // the cheapest that may and can
  | 'dearer'
  | 'down' // would carry it, but is not connected
  | 'stopped' // switched off by hand
  | 'not-approved' // came after the approval
  | 'no-price'
  | 'no-rate' // in a currency without an exchange rate
  | 'sender'
  | 'class'
  | 'not-in-use';

export interface Standing {
  readonly provider: string;
  readonly verdict: Verdict;
  /** Its price, where it has one and may carry the campaign. */
  readonly route: Route | null;
}

export interface QuoteGroup {
  /** The longest prefix that any account prices there. */
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
}

/** Digits that tell one group from another: as long as the longest prefix of any account. */
export const digitsThatMatter = (accounts: readonly Account[]): number =>
  Math.max(0, ...accounts.flatMap(({ prices }) => prices.map(({ prefix }) => prefix.length)));

/** Groups with most parts first. `accounts` have the prices of the time that is meant. */
export function quoteGroups(
  accounts: readonly Account[],
  leads: readonly Lead[],
  terms: QuoteTerms,
): readonly QuoteGroup[] {
  const desks = accounts.map((account) => ({ account, prefixOf: prefixFinder(account) }));
  const routesOf = routeFinder(accounts, terms, terms.exchange);
  const groups = new Map<string, QuoteGroup>();
  for (const { digits, messages, parts } of leads) {
    const prefixes = desks.map(({ prefixOf }) => prefixOf(digits));
    const key = prefixes.join('|');
    const known = groups.get(key) ?? {
      prefix: prefixes.reduce<string>((longest, one) => ((one ?? '').length > longest.length ? one! : longest), ''),
      messages: 0,
      parts: 0,
      standings: standingsOf(accounts, prefixes, routesOf(`+${digits}` as Parameters<typeof routesOf>[0]), terms),
    };
    groups.set(key, { ...known, messages: known.messages + messages, parts: known.parts + parts });
  }
  return [...groups.values()].sort((a, b) => b.parts - a.parts);
}

function prefixFinder({ prices }: Account): (digits: string) => string | null {
  const find = priceFinder(prices);
  return (digits) => find(digits)?.prefix ?? null;
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
  const unpriced = accounts.flatMap((account, index): Standing[] => {
    const { name } = account;
    if (routes.some(({ provider }) => provider === name)) return [];
    return [{ provider: name, verdict: excludedBy(account, prefixes[index] ?? null, terms), route: null }];
  });
  return [...(first ? [first] : []), ...priced.filter((_, index) => index !== carrier), ...unpriced];
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
  return prefix === null ? 'no-price' : 'no-rate';
}
