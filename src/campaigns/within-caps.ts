/**
 * Whether a campaign stays within the caps, as it is submitted, approved or given a time: with what is reserved of its day and what
 * else is scheduled for it. What is said here is exact at this moment; what holds when it is sent is the reservation of that day.
 */
import type { Campaign } from './campaign.ts';
import { type Amounts, dayOf, overCap } from './caps.ts';
import { type Reservation, takenBy } from './guard-store.ts';
import type { CampaignRoom, Refusal } from './room.ts';

/** Why it may not be sent at `at`; null when it may. */
export async function beyondCaps(
  room: CampaignRoom,
  campaign: Campaign,
  by: string,
  at: Date,
): Promise<Refusal | null> {
  const { frozen } = campaign;
  if (!frozen) return null;
  const { zone, guards } = room.settings;
  const day = dayOf(at, zone);
  const [reserved, scheduled] = await Promise.all([
    room.store.reservationsOf(day),
    room.store.inStates(['scheduled', 'sending']),
  ]);
  const known = new Set(reserved.map(({ run }) => run));
  const planned = scheduled.flatMap((one) => {
    const isOther = one.kind === 'campaign' && one._id !== campaign._id && one.frozen && !known.has(one.frozen.run);
    return isOther && dayOf(startOf(one, room.now()), zone) === day ? [planOf(one)] : [];
  });
  const taken = takenBy([...reserved, ...planned], frozen.run, by);
  const over = overCap(amountsOf(campaign), taken, guards.caps);
  return over && { code: 'over-cap', ...over, currency: frozen.currency, day };
}

/** With all its messages, at the most that they can cost. */
export const amountsOf = ({ frozen }: Pick<Campaign, 'frozen'>): Amounts => ({
  messages: frozen?.messages ?? 0,
  cost: frozen?.ceiling ?? 0,
});

const startOf = ({ state, start }: Campaign, now: Date): Date =>
  state === 'scheduled' && start?.kind === 'at' ? start.at : now;

const planOf = (campaign: Campaign): Reservation => ({
  run: campaign.frozen?.run ?? '',
  by: campaign.submission?.by ?? campaign.createdBy,
  ...amountsOf(campaign),
  isOpen: true,
  before: { messages: 0, cost: 0 },
});
