/**
 * What a worker must know before it sends anything: which runs may be sent, what is stopped, who is well. Read anew several
 * times a second; a board that could not be read for a second counts as a stop.
 */
import type { Campaign } from '../campaigns/campaign.ts';
import type { CampaignStore } from '../campaigns/store.ts';
import { isOpen as windowIsOpen } from '../campaigns/window.ts';
import type { Account } from './account.ts';
import type { AccountStore, Slot } from './account-store.ts';

export interface Board {
  /** Campaigns that are sending, those of the service class first. */
  readonly running: readonly Campaign[];
  readonly accounts: readonly Account[];
  /** Accounts of which some live session is up, and that are not switched off. */
  readonly healthy: ReadonlySet<string>;
  readonly slots: readonly Slot[];
  readonly stoppedAll: boolean;
  /** Whether this deployment may send at all. */
  readonly deploymentMaySend: boolean;
  /** Milliseconds of the monotonic clock. */
  readonly readAt: number;
}

export interface BoardSources {
  readonly campaigns: Pick<CampaignStore, 'inStates'>;
  readonly accounts: AccountStore;
  readonly maySend: () => boolean;
  readonly mono: () => number;
}

export async function readBoard(sources: BoardSources): Promise<Board> {
  const readAt = sources.mono();
  const [running, accounts, slots, off] = await Promise.all([
    sources.campaigns.inStates(['sending']),
    sources.accounts.accounts(),
    sources.accounts.liveSlots(),
    sources.accounts.switchedOff(),
  ]);
  const offIds = new Set(off.map((one) => one._id));
  const up = slots.filter((slot) => slot.up && !offIds.has(`provider:${slot.account}`));
  return {
    running: [...running].sort(serviceFirst),
    accounts: accounts.filter((account) => account.enabled),
    healthy: new Set(up.map((slot) => slot.account)),
    slots,
    stoppedAll: offIds.has('all'),
    deploymentMaySend: sources.maySend(),
    readAt,
  };
}

const serviceFirst = (a: Campaign, b: Campaign): number =>
  Number(b.class === 'service') - Number(a.class === 'service');

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
