/**
 * Which account carries a message: of those that may, the one whose delivered messages are expected to be cheapest. One rule for
 * the quote before approval and for the choice at the moment of sending. Pure.
 */
import type { CampaignClass } from '../campaigns/campaign.ts';
import type { DestinationFinder, Quoter, RouteQuote, Tariff } from '../campaigns/quote.ts';
import { type Exchange, exchanged } from '../messages/exchange.ts';
import type { E164 } from '../messages/phone.ts';
import { indexPrices, lengthsOf, type Network, type PriceFinder } from '../messages/price.ts';
import type { Account } from './account.ts';
import { destinationIn, destinationOf, NO_SHARES, type Shares, shareOf } from './delivery.ts';
import { withPricesAt } from './prices-in-force.ts';

/** An account with its price for one message, in the currency in which routes are compared and capped. */
export interface Route extends RouteQuote {
  readonly priceVersion: string;
  readonly currency: string;
  readonly chargedOn: 'submit' | 'delivery';
  /** What a delivered part is expected to cost, micro-units: by this routes are compared. */
  readonly expected: number;
  /** The share that is expected to be delivered, above 0 and at most 1. */
  readonly share: number;
  /** The price per part as the account charges it, where that is in another currency. */
  readonly accountPrice?: { readonly perPart: number; readonly currency: string };
}

export interface RoutingTerms {
  readonly sender: string;
  readonly class: CampaignClass;
}

/** Whether the account takes numbers that begin with these digits. */
export const takesNumber = ({ prefixes = [] }: Pick<Account, 'prefixes'>, digits: string): boolean =>
  prefixes.length === 0 || prefixes.some((prefix) => digits.startsWith(prefix));

/** Whether the account takes such messages at all. */
export const carries = (account: Account, terms: RoutingTerms): boolean =>
  account.enabled &&
  account.classes.includes(terms.class) &&
  (account.senders.length === 0 || account.senders.includes(terms.sender));

/** What prices are compared by, beside the prices themselves. */
export interface Scales {
  readonly exchange?: Exchange | undefined;
  readonly shares?: Shares | undefined;
}

/** The routes of a number, those whose delivered parts are cheapest first; `network`: where it belongs, when that is known. */
export type RouteFinder = (phone: E164, network?: Network) => readonly Route[];

/**
 * Finds the routes of a phone: by the price of a part that is delivered, then by the price, then by the name. An account in
 * another currency is compared by the rate, and has no route without one. Routes are reckoned once for all numbers that no
 * account tells apart: a run asks for millions.
 */
export function routeFinder(accounts: readonly Account[], terms: RoutingTerms, scales: Scales = {}): RouteFinder {
  const { shares = NO_SHARES } = scales;
  const desks = accounts.filter((account) => carries(account, terms)).map((account) => deskOf(account));
  const told = new Set(desks.flatMap(({ prefixes }) => prefixes));
  for (const key of shares.keys()) told.add(destinationIn(key));
  const lengths = lengthsOf([...told]);
  const known = new Map<string, readonly Route[]>();
  return (phone, network) => {
    let prefix = '';
    for (const length of lengths) {
      prefix = phone.slice(1, 1 + length);
      if (told.has(prefix)) break;
      prefix = '';
    }
    const group = network === undefined ? prefix : `${prefix} ${network}`;
    let routes = known.get(group);
    if (!routes) {
      routes = desks.flatMap((desk) => routeOf(desk, phone, network, { ...scales, shares })).sort(cheapestFirst);
      known.set(group, routes);
    }
    return routes;
  };
}

const cheapestFirst = (a: Route, b: Route): number =>
  a.expected - b.expected || a.perPart - b.perPart || (a.provider < b.provider ? -1 : 1);

/**
 * Keeps finders from one round of sending to the next: the same accounts, shares and rates find the same. Forgotten with the
 * shares that they were made of.
 */
const kept = new WeakMap<Shares, Map<string, { readonly of: readonly unknown[]; readonly find: RouteFinder }>>();

const ownOnly = new Map<string, Exchange>();

/** Rates are into the company's currency: a campaign that was approved in another one is sent by its accounts alone. */
export function onlyIn(currency: string): Exchange {
  const exchange = ownOnly.get(currency) ?? { currency, rates: {} };
  ownOnly.set(currency, exchange);
  return exchange;
}

export function keptRouteFinder(
  accounts: readonly Account[],
  terms: RoutingTerms,
  exchange: Exchange | undefined,
  shares: Shares,
): RouteFinder {
  const finders = kept.get(shares) ?? new Map();
  kept.set(shares, finders);
  const key = `${terms.class} ${terms.sender} ${exchange?.currency}`;
  const of = [exchange, ...accounts];
  const before = finders.get(key);
  if (before && before.of.length === of.length && of.every((one, place) => before.of[place] === one))
    return before.find;
  const find = routeFinder(accounts, terms, { exchange, shares });
  finders.set(key, { of, find });
  return find;
}

/** What of a message bears on the choice at sending. */
export interface Choice {
  /** Accounts that the approval allows. */
  readonly allowed: ReadonlySet<string>;
  /** The approved highest price per part. */
  readonly ceiling: number;
  /** Accounts that refused this message. */
  readonly refusedBy: readonly string[];
  readonly isHealthy: (provider: string) => boolean;
}

export type Chosen =
  | { readonly kind: 'route'; readonly route: Route }
  /** None that may carry it is well, in force and cheap enough now; that may change while the campaign has time. */
  | { readonly kind: 'wait' }
  /** Only what is dearer than was approved can carry it now; `isAway`: something cheap enough may, and is not well. */
  | { readonly kind: 'dear'; readonly route: Route; readonly isAway: boolean }
  /** Whoever may carry it, at whatever price, has refused it. */
  | { readonly kind: 'refused' };

export function choose(routes: readonly Route[], choice: Choice): Chosen {
  const { allowed, ceiling, refusedBy, isHealthy } = choice;
  const open = routes.filter(({ provider }) => allowed.has(provider) && !refusedBy.includes(provider));
  if (open.length === 0) return { kind: refusedBy.length > 0 ? 'refused' : 'wait' };
  const route = open.find(({ provider, perPart }) => perPart <= ceiling && isHealthy(provider));
  if (route) return { kind: 'route', route };
  const dear = open.find(({ provider, perPart }) => perPart > ceiling && isHealthy(provider));
  return dear
    ? { kind: 'dear', route: dear, isAway: open.some(({ perPart }) => perPart <= ceiling) }
    : { kind: 'wait' };
}

/** What is known beside the prices. */
export interface Known {
  readonly shares?: () => Promise<Shares>;
  readonly destinations?: () => Promise<DestinationFinder | undefined>;
}

/** The quote that campaigns ask for, over the accounts in force and their prices at the time that is asked for, at `now` at the earliest. */
export function quoterOver(
  accounts: () => Promise<readonly Account[]>,
  company: Exchange | string,
  now?: () => Date,
  { shares = async () => NO_SHARES, destinations = async () => undefined }: Known = {},
): Quoter {
  const exchange = typeof company === 'string' ? { currency: company, rates: {} } : company;
  return {
    async tariff({ at, ...terms }): Promise<Tariff> {
      const then = Math.max(...[at, now?.()].flatMap((instant) => instant?.getTime() ?? []));
      const all = await accounts();
      const priced = Number.isFinite(then) ? all.map((account) => withPricesAt(account, new Date(then))) : all;
      const routesFor = routeFinder(priced, terms, { exchange, shares: await shares() });
      const found = await destinations();
      return { currency: exchange.currency, routesFor, ...(found && { destinations: found }) };
    },
  };
}

interface Desk {
  readonly account: Account;
  readonly priceOf: PriceFinder;
  /** All by which it tells numbers apart. */
  readonly prefixes: readonly string[];
}

/** A desk is made once for each account as it was kept, not for each round of a run. */
const desksKnown = new WeakMap<Account, Desk>();

function deskOf(account: Account): Desk {
  const known = desksKnown.get(account);
  if (known) return known;
  const { name, priceVersion, prices, prefixes = [] } = account;
  const priceOf = indexPrices({ provider: name, version: priceVersion, validFrom: new Date(0), prices });
  const desk = { account, priceOf, prefixes: [...prices.map(({ prefix }) => prefix), ...prefixes] };
  desksKnown.set(account, desk);
  return desk;
}

function routeOf(
  { account, priceOf }: Desk,
  phone: E164,
  network: Network | undefined,
  { exchange, shares = NO_SHARES }: Scales,
): Route[] {
  const price = takesNumber(account, phone.slice(1)) ? priceOf(phone, network) : null;
  if (!price) return [];
  const { name: provider, priceVersion } = account;
  const { chargedOn } = price;
  const own = { micros: price.perPart.micros, currency: account.currency };
  const perPart = exchange ? exchanged(own, exchange) : own;
  if (!perPart) return [];
  const { micros, currency } = perPart;
  const share = shareOf(shares, provider, destinationOf(phone, network));
  const expected = chargedOn === 'delivery' ? micros : Math.round(micros / share);
  const accountPrice = { perPart: own.micros, currency: own.currency };
  const route = { provider, perPart: micros, priceVersion, currency, chargedOn, expected, share };
  return [own.currency === currency ? route : { ...route, accountPrice }];
}
