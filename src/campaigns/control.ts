/**
 * The hand on a running campaign: pause, resume, cancel. Workers look at the campaign's state several times a second, so what
 * is written here holds within one.
 */
import type { Employee } from '../staff/employee.ts';
import type { Campaign } from './campaign.ts';
import { isOpen } from './life.ts';
import { isDoubtful, isLookedAt, lookAgain, lookOf, PATIENCE, withoutRemoved } from './look-again.ts';
import { type CampaignRoom, campaignFor, change, refuse, type Verdict } from './room.ts';
import { isWhatWasApproved } from './terms.ts';

export async function pause(room: CampaignRoom, by: Employee, id: string): Promise<Verdict> {
  const found = await campaignFor(room, by, id, 'control');
  if (found.kind === 'refused') return found;
  if (!isOpen('pause', found.campaign.state)) return refuse({ code: 'wrong-state', state: found.campaign.state });
  const hold = { why: 'by-hand', by: by.id, at: room.now() } as const;
  return change(
    room,
    found.campaign,
    { state: 'paused', hold },
    { by: by.id, action: 'campaign.paused', event: 'campaign.paused' },
  );
}

/**
 * Goes on with a paused campaign, or starts one whose start was missed, as long as its terms allow. Before such a start its list is
 * looked at, as before any; that so much of it is gone that a person must decide is told first, to be said once more.
 */
export async function resume(
  room: CampaignRoom,
  by: Employee,
  id: string,
  patienceMs: number = PATIENCE.start,
): Promise<Verdict> {
  const found = await campaignFor(room, by, id, 'control');
  if (found.kind === 'refused') return found;
  if (!isOpen('resume', found.campaign.state)) return refuse({ code: 'wrong-state', state: found.campaign.state });
  const campaign = await lookedAt(room, found.campaign, patienceMs);
  if (!isOpen('resume', campaign.state)) return refuse({ code: 'wrong-state', state: campaign.state });
  if (!isWhatWasApproved(campaign)) return refuse({ code: 'lacking', lacks: ['approval'] });
  const { notAfter } = campaign.submission!.terms;
  if (notAfter <= room.now()) return refuse({ code: 'after-deadline', notAfter });
  const seen = lookOf(campaign)?.seen;
  if (seen?.kind === 'shrunk' && !isDoubtful(found.campaign)) {
    return refuse({ code: 'list-shrunk', left: seen.left, of: seen.of });
  }
  return change(
    room,
    campaign,
    { state: 'sending', hold: null, startedAt: campaign.startedAt ?? room.now() },
    { by: by.id, action: 'campaign.resumed', event: 'campaign.resumed' },
    campaign.startedAt === null ? await withoutRemoved(room, campaign) : undefined,
  );
}

const NEVER = new AbortController().signal;

const lookedAt = async (room: CampaignRoom, campaign: Campaign, patienceMs: number): Promise<Campaign> =>
  campaign.startedAt === null && isLookedAt(campaign) ? lookAgain(room, campaign, patienceMs, NEVER) : campaign;

/** Ends it: what is not sent yet never will be. */
export async function cancel(room: CampaignRoom, by: Employee, id: string): Promise<Verdict> {
  const found = await campaignFor(room, by, id, 'control');
  if (found.kind === 'refused') return found;
  if (!isOpen('cancel', found.campaign.state)) return refuse({ code: 'wrong-state', state: found.campaign.state });
  return change(
    room,
    found.campaign,
    { state: 'cancelled', finishedAt: room.now() },
    { by: by.id, action: 'campaign.cancelled', event: 'campaign.cancelled' },
  );
}
