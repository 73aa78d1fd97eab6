/**
 * What time brings about: starts, missed starts, reminders. A tick may come late, twice, or from several processes at once:
 * it reads the truth from MongoDB, and every step is a compare-and-set.
 */
import type { Campaign, HoldReason } from './campaign.ts';
import { isDoubtful, isLookedAt, lookAgain, PATIENCE, withoutRemoved } from './look-again.ts';
import { type CampaignRoom, change, type Verdict } from './room.ts';
import { isWhatWasApproved } from './terms.ts';

const HERALD = 'herald';

/** What is to be done with one campaign at `now`; pure. */
export type Due =
  | { readonly kind: 'nothing' }
  | { readonly kind: 'start' }
  | { readonly kind: 'miss'; readonly why: HoldReason }
  | { readonly kind: 'remind' };

export function dueAt(campaign: Campaign, now: Date, maxLateMs: number, reminderMs: number): Due {
  const start = campaign.start?.kind === 'at' ? campaign.start.at : null;
  const deadline = campaign.submission?.terms.notAfter ?? null;
  switch (campaign.state) {
    case 'submitted':
      if ((start && start <= now) || (deadline && deadline <= now)) return { kind: 'miss', why: 'undecided' };
      return needsReminder(campaign, now, reminderMs) ? { kind: 'remind' } : { kind: 'nothing' };
    case 'approved':
      return deadline && deadline <= now ? { kind: 'miss', why: 'start-missed' } : { kind: 'nothing' };
    case 'scheduled':
      if (!start || start > now) return { kind: 'nothing' };
      if (!isWhatWasApproved(campaign)) return { kind: 'miss', why: 'not-what-was-approved' };
      if (now.getTime() - start.getTime() > maxLateMs) return { kind: 'miss', why: 'start-missed' };
      return deadline && deadline <= now ? { kind: 'miss', why: 'too-late' } : { kind: 'start' };
    case 'draft':
    case 'sending':
    case 'paused':
    case 'finished':
    case 'cancelled':
    case 'missed':
      return { kind: 'nothing' };
  }
}

function needsReminder(campaign: Campaign, now: Date, reminderMs: number): boolean {
  return remindersDue(campaign, now, reminderMs) > campaign.reminders;
}

/** Of several that fell due while nothing ran, one is sent for all. */
function remindersDue(campaign: Campaign, now: Date, reminderMs: number): number {
  const since = now.getTime() - (campaign.submission?.at.getTime() ?? now.getTime());
  return Math.floor(since / reminderMs);
}

/**
 * One tick over all campaigns that wait for a time; resolves with the ids of those that were moved. One that cannot be moved, or
 * whose list is long in being looked at, does not hold up the others: its failure is thrown after them, and it is due again with the
 * next tick.
 */
export async function tick(
  room: CampaignRoom,
  signal = NEVER,
  patienceMs: number = PATIENCE.start,
): Promise<readonly string[]> {
  const waiting = await room.store.inStates(['submitted', 'approved', 'scheduled']);
  const ends = await Promise.allSettled(waiting.map((campaign) => tickOne(room, campaign, patienceMs, signal)));
  const failures = ends.flatMap((end) => (end.status === 'rejected' ? [end.reason] : []));
  if (failures.length > 0) throw new AggregateError(failures, 'some campaigns could not be moved');
  return waiting.flatMap(({ _id }, index) => (isMoved(ends[index]!) ? [_id] : []));
}

const NEVER = new AbortController().signal;
const isMoved = (end: PromiseSettledResult<boolean>): boolean => end.status === 'fulfilled' && end.value;

async function tickOne(room: CampaignRoom, found: Campaign, patienceMs: number, signal: AbortSignal): Promise<boolean> {
  const { maxLateMs, reminderMs } = room.settings;
  const dueNow = (campaign: Campaign) => dueAt(campaign, room.now(), maxLateMs, reminderMs);
  const starts = dueNow(found).kind === 'start' && isLookedAt(found);
  const campaign = starts ? await lookAgain(room, found, patienceMs, signal) : found;
  const due = dueNow(campaign);
  if (due.kind === 'nothing' || signal.aborted) return false;
  const done = await carryOut(room, campaign, due);
  return done.kind === 'done' && due.kind !== 'remind';
}

type ToDo = Exclude<Due, { kind: 'nothing' }>;

async function carryOut(room: CampaignRoom, campaign: Campaign, due: ToDo): Promise<Verdict> {
  const at = room.now();
  switch (due.kind) {
    case 'start':
      if (isDoubtful(campaign)) return carryOut(room, campaign, { kind: 'miss', why: 'source-shrunk' });
      return change(
        room,
        campaign,
        { state: 'sending', startedAt: at },
        { by: HERALD, action: 'campaign.started', event: 'campaign.started' },
        await withoutRemoved(room, campaign),
      );
    case 'miss':
      return change(
        room,
        campaign,
        { state: 'missed', hold: { why: due.why, by: HERALD, at } },
        { by: HERALD, action: 'campaign.missed', event: 'campaign.missed', detail: { why: due.why } },
      );
    case 'remind':
      return change(
        room,
        campaign,
        { reminders: remindersDue(campaign, at, room.settings.reminderMs) },
        { by: HERALD, action: 'campaign.reminder', event: 'campaign.reminder' },
      );
  }
}
