/**
 * Ends runs: one whose messages all have an outcome is finished; what is left when a campaign is cancelled, or when its time is
 * over, is cancelled or missed, as soon as no worker holds a piece.
 */
import type { Campaign } from '../campaigns/campaign.ts';
import { change } from '../campaigns/room.ts';
import { awaitsRetry, reopen } from './retry.ts';
import type { DispatchRoom } from './room.ts';

export async function endRuns(room: DispatchRoom): Promise<void> {
  const { store } = room.campaigns;
  for (const campaign of await store.inStates(['sending', 'paused'])) await endRun(room, campaign);
  for (const campaign of await store.withOpenEnd()) await endCancelled(room, campaign);
}

async function endRun(room: DispatchRoom, campaign: Campaign): Promise<void> {
  const run = campaign.frozen?.run;
  if (!run) return;
  const deadline = campaign.submission?.terms.notAfter ?? campaign.notAfter;
  if (deadline && deadline <= room.now()) return endOverdue(room, campaign, run);
  if (campaign.state !== 'sending' || (await room.store.hasWork(run))) return;
  if (await awaitsRetry(room, campaign, run)) return;
  if (await reopenWhatWasLeft(room, run)) return;
  await finish(room, campaign, 0);
}

/** Messages looked at in one turn. */
const MOST = 500;

/** Nobody is forgotten because somebody died between two writes. */
async function reopenWhatWasLeft(room: DispatchRoom, run: string): Promise<boolean> {
  const left = await room.store.leftBehind(run, MOST);
  for (const id of left) await reopen(room, id);
  return left.length > 0;
}

async function endOverdue(room: DispatchRoom, campaign: Campaign, run: string): Promise<void> {
  if (!(await endUnsent(room, run, 'missed'))) return;
  const { states } = await room.campaigns.messages.counts(run);
  await finish(room, campaign, states.missed);
}

async function finish(room: DispatchRoom, campaign: Campaign, missed: number): Promise<void> {
  const at = room.now();
  const hold = missed > 0 ? ({ why: 'too-late', by: 'herald', at } as const) : null;
  await change(
    room.campaigns,
    campaign,
    { state: 'finished', finishedAt: at, hold },
    { by: 'herald', action: 'campaign.finished', event: 'campaign.finished', detail: { missed } },
  );
}

async function endCancelled(room: DispatchRoom, campaign: Campaign): Promise<void> {
  const run = campaign.frozen?.run;
  if (run && !(await endUnsent(room, run, 'cancelled'))) return;
  await room.campaigns.store.closeEnd(campaign._id);
}

/**
 * Ends what was not sent, in this order: nothing more is claimed, what was on a wire is known, and only then what is queued still was
 * certainly not sent. False while a worker holds a piece: it gives it back within a second of seeing that the run may not be sent.
 */
async function endUnsent(room: DispatchRoom, run: string, state: 'cancelled' | 'missed'): Promise<boolean> {
  if (!(await room.store.seal(run))) return false;
  await room.store.settleWhatWasLeft(run, room.now());
  await room.store.giveUpOnRun(run, room.now());
  await room.store.endAllQueued(run, state, room.now());
  return true;
}
