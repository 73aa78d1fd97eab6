/**
 * Service messages are sent at least once: one that is unknown, and of which no receipt came for a while, is sent once more,
 * flagged as a possible duplicate. Marketing never is.
 */
import type { Campaign } from '../campaigns/campaign.ts';
import { runOfMessage, sequenceOf } from '../campaigns/messages.ts';
import type { DispatchRoom } from './room.ts';

/** Messages looked at in one turn. */
const MOST = 500;

export async function retryService(room: DispatchRoom): Promise<void> {
  for (const campaign of await room.campaigns.store.inStates(['sending'])) {
    if (campaign.class !== 'service' || campaign.kind !== 'campaign' || !campaign.frozen) continue;
    const before = new Date(room.now().getTime() - room.timers.serviceRetryMs);
    for (const id of await room.store.unknownUnretried(campaign.frozen.run, before, MOST)) {
      if ((await room.store.queueOnceMore(id)) && !(await reopen(room, id))) await room.store.takeBack(id, room.now());
    }
  }
}

/** Makes one message's piece of its batch work again; false where its run was ended. */
export async function reopen(room: DispatchRoom, id: string): Promise<boolean> {
  const batch = await room.store.batchOf(runOfMessage(id), sequenceOf(id));
  return batch !== null && room.store.reopen(batch._id, sequenceOf(id));
}

/** Whether the run must stay open because a service message may still be sent once more. */
export async function awaitsRetry(room: DispatchRoom, campaign: Campaign, run: string): Promise<boolean> {
  if (campaign.class !== 'service' || campaign.kind !== 'campaign') return false;
  return (await room.store.unknownUnretried(run, room.now(), 1)).length > 0;
}
