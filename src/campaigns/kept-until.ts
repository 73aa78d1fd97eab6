/** How long a campaign is kept, with all that belongs to it: its messages, batches and rows left out. Pure. */
import { daysAfter } from '../platform/days.ts';
import type { Campaign } from './campaign.ts';

/** So many days after its end; while it has none, after the last instant at which it changed, or may still be sent. */
export function keptUntil(campaign: Omit<Campaign, 'deleteAfter'>, days: number): Date {
  const { changedAt, finishedAt, start, notAfter, submission } = campaign;
  if (finishedAt) return daysAfter(finishedAt, days);
  const moments = [changedAt, start?.kind === 'at' ? start.at : null, notAfter, submission?.terms.notAfter ?? null];
  return daysAfter(new Date(Math.max(...moments.map((moment) => moment?.getTime() ?? 0))), days);
}
