/**
 * The progress card: one for each campaign that is sending and each person whom it concerns, posted when it starts, edited in
 * place while it goes on, and the last edit says how it ended. One count of the messages serves all cards of a campaign. One that
 * fails holds up no other.
 */
import type { Campaign } from '../campaigns/campaign.ts';
import { type Employee, WHOLE_COMPANY } from '../staff/employee.ts';
import { may } from '../staff/rights.ts';
import { campaignCard } from './cards/campaign.ts';
import { readerOf } from './command.ts';
import type { ChatRoom } from './room.ts';
import { viewsOf } from './view.ts';

export interface Progress {
  /** Brings all progress cards up to date; one process at a time, every few seconds. */
  round(): Promise<void>;
}

export interface ProgressOptions {
  /** The chats that can show a card. */
  readonly surfaces: readonly string[];
  /** Milliseconds of a monotonic clock. */
  readonly mono: () => number;
}

/** Counting may take this part of the time at most: a large campaign is looked at less often. */
const SHARE_OF_TIME = 1 / 20;

export const progressKey = (campaign: Pick<Campaign, '_id'>, person: Pick<Employee, 'id'>): string =>
  `progress:${campaign._id}:${person.id}`;

/** Whether there is progress to be shown. */
export function progressOf({ state }: Pick<Campaign, 'state'>): 'under-way' | 'over' {
  return state === 'sending' || state === 'paused' ? 'under-way' : 'over';
}

export function createProgress(room: ChatRoom, { surfaces, mono }: ProgressOptions): Progress {
  /** Until when a campaign is not counted anew, unless it changes. */
  const rests = new Map<string, { readonly version: number; readonly until: number }>();

  return {
    async round() {
      const underWay = (await room.campaigns.store.inStates(['sending', 'paused'])).filter(isCampaign);
      for (const campaign of underWay) {
        const began = mono();
        const rest = rests.get(campaign._id);
        if (rest?.version === campaign.version && rest.until > began) continue;
        await shown(campaign);
        const ended = mono();
        rests.set(campaign._id, { version: campaign.version, until: ended + (ended - began) / SHARE_OF_TIME });
      }
      const running = new Set(underWay.map((one) => one._id));
      for (const id of rests.keys()) if (!running.has(id)) rests.delete(id);
      await endOthers(running);
    },
  };

  async function shown(campaign: Campaign): Promise<boolean> {
    try {
      await show(campaign);
      return true;
    } catch (err) {
      room.log.error({ campaign: campaign._id, err }, 'the progress of a campaign could not be shown');
      return false;
    }
  }

  async function show(campaign: Campaign): Promise<void> {
    const [view, everyone] = await Promise.all([viewsOf(room, campaign), room.staff.store.employees()]);
    const live = progressOf(campaign) !== 'over';
    for (const person of everyone.filter((one) => isConcerned(campaign, one))) {
      const to = await placeFor(campaign, person);
      if (!to) continue;
      const card = campaignCard(view(person), readerOf(room, person));
      await room.postings.want(
        { ...to, key: progressKey(campaign, person), employee: person.id, card, live },
        room.now(),
      );
    }
  }

  /** Where the card is, else the chat that the person used last. */
  async function placeFor(campaign: Campaign, person: Employee) {
    const shown = await room.postings.posting(progressKey(campaign, person));
    if (shown && shown.state !== 'gone') return { surface: shown.surface, account: shown.account };
    const chat = (await room.reaches.reachesOf(person.id)).find((one) => surfaces.includes(one.surface) && !one.dead);
    return chat && progressOf(campaign) !== 'over' ? { surface: chat.surface, account: chat.account } : null;
  }

  /** Cards of campaigns that are not under way any more say how it ended, and are left alone from then on. */
  async function endOthers(running: ReadonlySet<string>): Promise<void> {
    const keys = (await room.postings.live()).map(({ key }) => key);
    const ended = new Set(keys.map((key) => key.split(':')[1] ?? '').filter((id) => !running.has(id)));
    for (const id of ended) {
      const campaign = await room.campaigns.store.campaign(WHOLE_COMPANY, id);
      if (campaign && !(await shown(campaign))) continue;
      await room.postings.unlive(`progress:${id}:`);
    }
  }
}

const isCampaign = ({ kind }: Campaign): boolean => kind === 'campaign';

/** Who wrote it, submitted it, approved it, or stopped it; as far as they may see it. */
export function isConcerned(campaign: Campaign, person: Employee): boolean {
  const { editors, submission, approvals, hold, department } = campaign;
  const concerned = [...editors, submission?.by, ...approvals.map((one) => one.by), hold?.by];
  return concerned.includes(person.id) && may(person, 'see', department);
}
