/**
 * What a worker must know before it sends anything: which runs may be sent, what is stopped, who is well. Read anew several
 * times a second; a board that could not be read for a second counts as a stop.
 */
import type { Campaign } from '../campaigns/campaign.ts';
import type { CampaignStore } from '../campaigns/store.ts';
import { isOpen as windowIsOpen } from '../campaigns/window.ts';
import type { Account } from './account.ts';
import type { AccountStore, Slot } from './account-store.ts';
import type { Breaker } from './breaker.ts';
import type { Shares } from './delivery.ts';
import type { HealthStore } from './health-store.ts';
import type { TrialPeriod, TrialReader } from './trial-period.ts';

export interface Board {
  /** Campaigns that are sending. */
  readonly running: readonly Campaign[];
  readonly accounts: readonly Account[];
  /** Accounts of which some live session is up, and that are neither switched off nor resting. */
  readonly healthy: ReadonlySet<string>;
  /** Of those accounts that have ever rested. */
  readonly breakers: ReadonlyMap<string, Breaker>;
  readonly slots: readonly Slot[];
  /** What accounts are expected to deliver; the same object while nothing of it moves. */
  readonly shares: Shares;
  /** What may not reach everybody yet. */
  readonly trial: TrialPeriod;
  readonly stoppedAll: boolean;
  /** Whether this deployment may send at all. */
  readonly deploymentMaySend: boolean;
  /** Milliseconds of the monotonic clock. */
  readonly readAt: number;
}

export interface BoardSources {
  readonly campaigns: Pick<CampaignStore, 'inStates'>;
  readonly accounts: AccountStore;
  readonly health: Pick<HealthStore, 'breakers'>;
  readonly shares: Shares;
  readonly trialOf: TrialReader;
  readonly maySend: () => boolean;
  readonly mono: () => number;
}

export async function readBoard(sources: BoardSources): Promise<Board> {
  const readAt = sources.mono();
  const [running, accounts, slots, off, breakers] = await Promise.all([
    sources.campaigns.inStates(['sending']),
    sources.accounts.accounts(),
    sources.accounts.liveSlots(),
    sources.accounts.switchedOff(),
    sources.health.breakers(),
  ]);
  const offIds = new Set(off.map((one) => one._id));
  const rests = (name: string) => offIds.has(`provider:${name}`) || breakers.get(name)?.state === 'resting';
  const up = slots.filter((slot) => slot.up && !rests(slot.account));
  return {
    running,
    accounts: accounts.filter((account) => account.enabled),
    healthy: new Set(up.map((slot) => slot.account)),
    breakers,
    slots,
    shares: sources.shares,
    trial: await sources.trialOf(accounts, slots),
    stoppedAll: offIds.has('all'),
    deploymentMaySend: sources.maySend(),
    readAt,
  };
}

/** Campaigns in the order in which they are served: the service class first, then who waits the longest. */
export const inTurn = (running: readonly Campaign[], served: ReadonlyMap<string, number>): readonly Campaign[] =>
  running.toSorted(
    (a, b) =>
      Number(b.class === 'service') - Number(a.class === 'service') || servedAt(a, served) - servedAt(b, served),
  );

const servedAt = ({ frozen }: Campaign, served: ReadonlyMap<string, number>): number =>
  (frozen && served.get(frozen.run)) ?? 0;

/** Older than this, a board says nothing any more, ms. */
const STALE_MS = 1000;

/** The campaign behind a run, when the run may be sent to this zone now; null when anything forbids it. */
export function allowed(board: Board, run: string, zone: string, now: Date, mono: number): Campaign | null {
  if (board.stoppedAll || !board.deploymentMaySend || mono - board.readAt > STALE_MS) return null;
  const campaign = board.running.find((one) => one.frozen?.run === run);
  if (!campaign) return null;
  if (campaign.kind !== 'campaign') return campaign.notAfter && now >= campaign.notAfter ? null : campaign;
  const deadline = campaign.submission?.terms.notAfter;
  if (!deadline || now >= deadline) return null;
  return windowIsOpen(campaign.window, zone, now) ? campaign : null;
}

/**
 * Whether pieces of this campaign are for this worker. It is, when all accounts that may carry it and are well are up here; and
 * when some are and no worker has them all: then each sends what is cheapest through its own.
 */
export function isOurs(board: Board, campaign: Campaign, owner: string, isUp: (account: string) => boolean): boolean {
  const providers = campaign.submission?.terms.providers ?? campaign.frozen?.providers ?? [];
  const healthy = providers.filter((name) => board.healthy.has(name));
  const here = healthy.filter(isUp);
  if (here.length === 0 || here.length === healthy.length) return here.length > 0;
  const upAt = Map.groupBy(
    board.slots.filter((slot) => slot.up && slot.owner !== owner),
    (slot) => slot.owner,
  );
  return ![...upAt.values()].some((slots) => healthy.every((name) => slots.some((slot) => slot.account === name)));
}
