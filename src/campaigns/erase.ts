/**
 * Erases what was kept long enough: a campaign with everything that belongs to it, and audiences that no campaign needs any
 * more. The campaign goes first, so that nobody edits or copies what is being taken apart; what remains to be done is kept until
 * it is done, by whichever process.
 */
import { rm } from 'node:fs/promises';
import { keptUntil } from './kept-until.ts';
import { type CampaignRoom, tell } from './room.ts';

/** Resolves with the campaigns that are gone for good. */
export async function eraseDue(room: CampaignRoom, signal: AbortSignal): Promise<readonly string[]> {
  await beginDue(room, signal);
  const erased: string[] = [];
  for (const { _id, upload } of await room.store.erasures()) {
    if (signal.aborted) break;
    if (upload !== null) await rm(upload, { force: true });
    await room.messages.erase(_id);
    await room.store.endErasure(_id);
    erased.push(_id);
  }
  for (const audience of await room.audiences.due(room.now())) {
    if (signal.aborted) break;
    if (!(await room.store.needsAudience(audience))) await room.audiences.drop(audience);
  }
  return erased;
}

async function beginDue(room: CampaignRoom, signal: AbortSignal): Promise<void> {
  const at = room.now();
  for (const campaign of await room.store.due(at)) {
    if (signal.aborted) return;
    // The date was written under the days of then; those of now hold.
    if (keptUntil(campaign, room.settings.retentionDays) > at) continue;
    await room.database.inTransaction(async (session) => {
      if (!(await room.store.beginErasure(campaign, session))) return;
      await tell(room, campaign, { by: 'herald', action: 'campaign.erased' }, at, session);
    });
  }
}
