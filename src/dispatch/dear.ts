/**
 * Remembers what was too dear to be sent, and has people asked about it: at once where nothing else may carry the messages, and
 * where what may carry them is only away, when it has been away for a while.
 */
import { askDearer } from '../campaigns/allow-dearer.ts';
import type { Campaign } from '../campaigns/campaign.ts';
import { type Met, toAsk } from '../campaigns/dearer.ts';
import type { DispatchRoom } from './room.ts';

/** Met while messages were sorted. */
export interface TooDear extends Met {
  /** A cheaper account may carry them, and is not well at the moment. */
  readonly isAway: boolean;
}

export interface DearWatch {
  met(campaign: Campaign, dear: readonly TooDear[]): void;
}

/** An account that is away so long is asked about, and one that was not met for so long has come back, ms. */
const AWAY_MS = 30_000;
const FORGOTTEN_MS = 10_000;
/** The campaign is written to, and may be met again before the board has heard of it, ms. */
const ONCE_IN_MS = 2000;

export function createDearWatch({ campaigns, log, mono }: Pick<DispatchRoom, 'campaigns' | 'log' | 'mono'>): DearWatch {
  const since = new Map<string, { readonly first: number; last: number }>();
  const askedAt = new Map<string, number>();

  function hasLasted(run: string, { from, isAway }: TooDear, now: number): boolean {
    const key = `${run} ${from}`;
    const before = since.get(key);
    const known = before && now - before.last < FORGOTTEN_MS ? before : { first: now, last: now };
    known.last = now;
    since.set(key, known);
    return !isAway || now - known.first >= AWAY_MS;
  }

  return {
    met(campaign, dear) {
      const run = campaign.frozen?.run;
      if (!run || campaign.kind !== 'campaign') return;
      const now = mono();
      const due = toAsk(
        campaign,
        dear.filter((one) => hasLasted(run, one, now)),
      );
      if (due.length === 0 || now - (askedAt.get(run) ?? Number.NEGATIVE_INFINITY) < ONCE_IN_MS) return;
      askedAt.set(run, now);
      const met = due.map(({ from, to, provider }) => ({ from, to, provider }));
      askDearer(campaigns, campaign._id, met).catch((failure) =>
        log.error({ err: failure, campaign: campaign._id }, 'nobody could be asked about dearer routes; tried again'),
      );
    },
  };
}
