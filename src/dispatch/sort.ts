/**
 * Which session each waiting message goes through now: that of the cheapest account that may carry it and is well. What another
 * worker can send more cheaply is left to that one.
 */
import type { Campaign } from '../campaigns/campaign.ts';
import { ceilingNow } from '../campaigns/dearer.ts';
import type { Exchange } from '../messages/exchange.ts';
import type { Board } from './board.ts';
import type { TooDear } from './dear.ts';
import { type Chosen, choose, keptRouteFinder, onlyIn, type Route } from './routing.ts';
import type { Session, Sessions } from './sessions.ts';
import type { MessageToSend, Waiting } from './store.ts';
import type { Trial } from './trial.ts';
import { mayReach } from './trial-period.ts';

/** Accounts that a message is tried at; after so many noes another says no as well. */
const MOST_ROUTES = 3;

export interface SortingDesk {
  readonly sessions: Sessions;
  readonly board: () => Board;
  readonly exchange?: Exchange;
  readonly trial: Trial;
}

export interface Queued extends Omit<Waiting, 'id'> {
  readonly message: MessageToSend;
}

/** A message with the route that it takes. */
export interface Routed {
  readonly message: MessageToSend;
  readonly route: Route;
  readonly isRetry: boolean;
}

export interface Sorted {
  /** By account. */
  readonly routed: ReadonlyMap<string, { readonly session: Session; readonly items: readonly Routed[] }>;
  /** Ids of those that whoever could carry them has refused. */
  readonly refused: readonly string[];
  /** What only dearer routes than were approved can carry now, one for each approved price. */
  readonly dear: readonly TooDear[];
}

export function sortByRoute(desk: SortingDesk, campaign: Campaign, waiting: readonly Queued[]): Sorted {
  const board = desk.board();
  const { sender, class: of, frozen } = campaign;
  const currency = frozen?.currency ?? '';
  const exchange = desk.exchange?.currency === currency ? desk.exchange : onlyIn(currency);
  const routesOf = keptRouteFinder(board.accounts, { sender: sender ?? '', class: of }, exchange, board.shares);
  const allowedProviders = new Set(campaign.submission?.terms.providers ?? frozen?.providers);
  const routed = new Map<string, { session: Session; items: Routed[] }>();
  const refused: string[] = [];
  const dear = new Map<number, TooDear>();
  const triedIn = (provider: string): number | null => {
    const breaker = board.breakers.get(provider);
    return breaker?.state === 'trying' ? breaker.epoch : null;
  };
  const mayTry = (provider: string): boolean => {
    const epoch = triedIn(provider);
    return epoch === null || desk.trial.isLeft(provider, epoch);
  };
  const chosenFor = ({ message, refusedBy, retryAt }: Queued): Chosen =>
    choose(routesOf(message.phone, message.network), {
      allowed: retryAt === null ? allowedProviders : allowedProviders.intersection(new Set([retryAt])),
      ceiling: ceilingNow(campaign, message.ceiling),
      refusedBy,
      // The board shows it a moment later, and knows of other workers that have not met it yet.
      isHealthy: (provider) =>
        board.healthy.has(provider) &&
        mayReach(board.trial, provider, message.phone, campaign.kind) &&
        !desk.sessions.isOutOfCredit(provider) &&
        mayTry(provider),
    });
  const sessionAt = sessionFinder(desk);
  for (const one of waiting) {
    const { message, refusedBy, retryAt } = one;
    if (refusedBy.length >= MOST_ROUTES) {
      refused.push(message._id);
      continue;
    }
    const chosen = chosenFor(one);
    if (chosen.kind === 'refused') refused.push(message._id);
    if (chosen.kind === 'dear') dear.set(message.ceiling, dearest(dear.get(message.ceiling), message.ceiling, chosen));
    if (chosen.kind !== 'route') continue;
    // The cheapest may be up at another worker only: then the message is that one's.
    const session = sessionAt(chosen.route.provider);
    if (!session) continue;
    const tried = triedIn(chosen.route.provider);
    if (tried !== null) desk.trial.take(chosen.route.provider, tried);
    const item = { message, route: chosen.route, isRetry: retryAt !== null };
    const group = routed.get(chosen.route.provider);
    if (group) group.items.push(item);
    else routed.set(chosen.route.provider, { session, items: [item] });
  }
  return { routed, refused, dear: [...dear.values()] };
}

/** The session of an account that is usable now; asked once for each account. */
function sessionFinder(desk: SortingDesk): (provider: string) => Session | null {
  const known = new Map<string, Session | null>();
  return (provider) => {
    const before = known.get(provider);
    if (before !== undefined) return before;
    const session = desk.sessions.get(provider);
    const found = session && isUsable(desk, session) ? session : null;
    known.set(provider, found);
    return found;
  };
}

/** What lets all of them go that were approved at one price. */
function dearest(before: TooDear | undefined, from: number, { route, isAway }: Chosen & { kind: 'dear' }): TooDear {
  const { provider, perPart: to } = route;
  if (!before) return { from, to, provider, isAway };
  return { ...(before.to >= to ? before : { from, to, provider }), isAway: before.isAway && isAway };
}

/** Up here, and neither switched off nor resting. */
export const isUsable = (desk: SortingDesk, { account }: Session): boolean =>
  desk.board().healthy.has(account.name) && desk.sessions.isUp(account.name);

/** Chunks of a quarter of the window: while one is written down, another is on the wire. */
export function inChunks(items: readonly Routed[], session: Session): Routed[][] {
  const most = Math.max(1, Math.min(Math.floor(session.window.size / 4), session.provider.limits.batch, 250));
  const chunks: Routed[][] = [];
  for (let from = 0; from < items.length; from += most) chunks.push(items.slice(from, from + most));
  return chunks;
}
