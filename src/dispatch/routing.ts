/**
 * Which account carries a message: the cheapest that may. One rule for the quote before approval and for the choice at the
 * moment of sending. Pure.
 */
import type { CampaignClass } from '../campaigns/campaign.ts';
import type { Quoter, RouteQuote, Tariff } from '../campaigns/quote.ts';
import { type Exchange, exchanged } from '../messages/exchange.ts';
import type { E164 } from '../messages/phone.ts';
import { indexPrices, type Price } from '../messages/price.ts';
import type { Account } from './account.ts';
import { withPricesAt } from './prices-in-force.ts';

/** An account with its price for one message, in the currency in which routes are compared and capped. */
export interface Route extends RouteQuote {
  readonly priceVersion: string;
  readonly currency: string;
  readonly chargedOn: 'submit' | 'delivery';
  /** The price per part as the account charges it, where that is in another currency. */
  readonly accountPrice?: { readonly perPart: number; readonly currency: string };
}

export interface RoutingTerms {
  readonly sender: string;
  readonly class: CampaignClass;
}

/** Whether the account takes such messages at all. */
export const carries = (account: Account, terms: RoutingTerms): boolean =>
  account.enabled &&
  account.classes.includes(terms.class) &&
  (account.senders.length === 0 || account.senders.includes(terms.sender));

/**
 * Finds the routes of a phone, cheapest first; equal prices in the order of the accounts' names. An account in another currency is
 * compared by the rate, and has no route without one.
 */
export function routeFinder(
  accounts: readonly Account[],
  terms: RoutingTerms,
  exchange?: Exchange,
): (phone: E164) => readonly Route[] {
  const priced = accounts
    .filter((account) => carries(account, terms))
    .map((account) => ({ account, priceOf: priceOfPhone(account) }));
  return (phone) => {
    const routes: Route[] = [];
    for (const { account, priceOf } of priced) {
      const price = priceOf(phone);
      const route = price && routeOf(account, price, exchange);
      if (route) routes.push(route);
    }
    return routes.sort((a, b) => a.perPart - b.perPart || (a.provider < b.provider ? -1 : 1));
  };
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
  /** Whoever could carry it has refused it. */
  | { readonly kind: 'refused' };

export function choose(routes: readonly Route[], choice: Choice): Chosen {
  const { allowed, ceiling, refusedBy, isHealthy } = choice;
  const open = routes.filter(
    ({ provider, perPart }) => allowed.has(provider) && perPart <= ceiling && !refusedBy.includes(provider),
  );
  if (open.length === 0) return { kind: refusedBy.length > 0 ? 'refused' : 'wait' };
  const route = open.find(({ provider }) => isHealthy(provider));
  return route ? { kind: 'route', route } : { kind: 'wait' };
}

/** The quote that campaigns ask for, over the accounts in force and their prices at the time that is asked for, at `now` at the earliest. */
export function quoterOver(
  accounts: () => Promise<readonly Account[]>,
  company: Exchange | string,
  now?: () => Date,
): Quoter {
  const exchange = typeof company === 'string' ? { currency: company, rates: {} } : company;
  return {
    async tariff({ at, ...terms }): Promise<Tariff> {
      const then = Math.max(...[at, now?.()].flatMap((instant) => instant?.getTime() ?? []));
      const found = await accounts();
      const priced = Number.isFinite(then) ? found.map((account) => withPricesAt(account, new Date(then))) : found;
      return { currency: exchange.currency, routesFor: routeFinder(priced, terms, exchange) };
    },
  };
}

/** An index is made once for each account as it was kept, not for each round of a run. */
const indexed = new WeakMap<Account, ReturnType<typeof indexPrices>>();

function priceOfPhone(account: Account): ReturnType<typeof indexPrices> {
  const known = indexed.get(account);
  if (known) return known;
  const { name, priceVersion, prices } = account;
  const index = indexPrices({ provider: name, version: priceVersion, validFrom: new Date(0), prices });
  indexed.set(account, index);
  return index;
}

function routeOf(account: Account, price: Price, exchange?: Exchange): Route | null {
  const { name: provider, priceVersion } = account;
  const { chargedOn } = price;
  const own = { micros: price.perPart.micros, currency: account.currency };
  const perPart = exchange ? exchanged(own, exchange) : own;
  if (!perPart) return null;
  const { micros, currency } = perPart;
  const accountPrice = { perPart: own.micros, currency: own.currency };
  const route = { provider, perPart: micros, priceVersion, currency, chargedOn };
  return own.currency === currency ? route : { ...route, accountPrice };
}
