/**
 * Requests to decide, once they are in chats: what was decided elsewhere, taken back or changed asks nobody any more. The buttons go,
 * and the line of the decision stands in their place.
 */
import type { Campaign } from '../campaigns/campaign.ts';
import { type Employee, WHOLE_COMPANY } from '../staff/employee.ts';
import type { Posting } from '../staff/posting.ts';
import { decidedCard } from './cards/decided.ts';
import { readerOf } from './command.ts';
import type { ChatRoom } from './room.ts';
import { namesOf } from './view.ts';

/** What a request asks about: this version of this campaign. Null where nothing waits for a decision. */
export const askedAbout = ({ _id, state, submission }: Campaign): string | null =>
  state === 'submitted' && submission ? `${_id}:${submission.hash}` : null;

/** Edits the requests that ask for nothing any more; one process at a time, every few seconds. */
export async function settleRequests(room: ChatRoom): Promise<void> {
  const asking = await room.postings.asking();
  if (asking.length === 0) return;
  const everyone = await room.staff.store.employees();
  const campaigns = new Map<string, Campaign | null>();
  for (const { posting, asks } of asking) {
    const id = asks.slice(0, asks.indexOf(':'));
    if (!campaigns.has(id)) campaigns.set(id, await room.campaigns.store.campaign(WHOLE_COMPANY, id));
    const campaign = campaigns.get(id) ?? null;
    if (campaign && askedAbout(campaign) === asks) continue;
    const person = everyone.find((one) => one.id === posting.employee);
    try {
      if (campaign && person) await edit(room, posting, campaign, person, everyone);
      await room.postings.answered(posting.key);
    } catch (err) {
      room.log.error({ posting: posting.key, err }, 'a request that asks for nothing any more could not be edited');
    }
  }
}

async function edit(
  room: ChatRoom,
  { key, surface, account, employee }: Posting,
  campaign: Campaign,
  person: Employee,
  everyone: readonly Employee[],
): Promise<void> {
  const card = decidedCard({ campaign, names: namesOf(everyone) }, readerOf(room, person));
  await room.postings.want({ key, surface, account, employee, card }, room.now());
}
