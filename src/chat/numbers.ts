/**
 * Making the numbers of drafts while people talk: an answer waits for them a moment, and they go on being made when it is late.
 */
import type { Campaign } from '../campaigns/campaign.ts';
import { needsNumbers, prepare } from '../campaigns/prepare.ts';
import { WHOLE_COMPANY } from '../staff/employee.ts';
import type { Background } from './background.ts';
import type { ChatRoom } from './room.ts';

export interface Numbers {
  /** The campaign with its numbers, or as far as they were made in the time that an answer may take. */
  of(campaign: Campaign, late?: (campaign: Campaign) => Promise<void>): Promise<Campaign>;
}

export function createNumbers(room: ChatRoom, background: Background): Numbers {
  const underway = new Map<string, Promise<unknown>>();

  /** One after another for each campaign: an edit that comes while numbers are made waits for its own round. */
  function make(id: string): Promise<Campaign | null> {
    const before = underway.get(id) ?? Promise.resolve();
    const made = before
      .catch(() => {})
      .then(() => prepare(room.campaigns, id, `chat:${room.newId()}`, background.signal));
    underway.set(id, made);
    const forget = () => underway.get(id) === made && underway.delete(id);
    made.then(forget, forget);
    return made;
  }

  return {
    async of(campaign, late) {
      if (!needsNumbers(campaign)) return campaign;
      const made = make(campaign._id);
      const inTime = await background.waitFor('numbers', made, room.settings.waitMs);
      if (!inTime && late)
        background.run(
          'numbers told late',
          made.then((ready) => ready && late(ready)),
        );
      return (await room.campaigns.store.campaign(WHOLE_COMPANY, campaign._id)) ?? campaign;
    },
  };
}
