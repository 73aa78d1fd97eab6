/**
 * Tells of a provider that is down or back: those who look after providers, and those whose campaigns it carries, each of what
 * they may see.
 */
import type { Campaign } from '../campaigns/campaign.ts';
import type { OutboxEvent } from '../platform/outbox.ts';
import { may } from '../staff/rights.ts';
import { providerCard } from './cards/provider.ts';
import { readerOf } from './command.ts';
import { isConcerned } from './progress.ts';
import type { ChatRoom } from './room.ts';

export function createProviderNews(room: ChatRoom): (event: OutboxEvent) => Promise<void> {
  return async (event) => {
    const { provider, since } = event.body;
    if (typeof provider !== 'string' || typeof since !== 'string') return;
    const [everyone, campaigns, others] = await Promise.all([
      room.staff.store.employees(),
      room.campaigns.store.inStates(['sending', 'paused']),
      othersUp(room, provider),
    ]);
    const carried = campaigns.filter((one) => one.kind === 'campaign' && carriers(one).includes(provider));
    const news = { provider, isDown: event.kind === 'provider.down', since: new Date(since), others };
    for (const person of everyone) {
      const own = carried.filter((one) => isConcerned(one, person));
      if (own.length === 0 && !may(person, 'operate', null)) continue;
      const card = providerCard({ ...news, campaigns: own }, readerOf(room, person));
      await room.staff.store.post({ id: `${event.id}:${person.id}`, employee: person.id, card, at: room.now() });
    }
  };
}

const carriers = ({ submission, frozen }: Campaign): readonly string[] =>
  submission?.terms.providers ?? frozen?.providers ?? [];

/** Other providers that take messages now. */
async function othersUp({ accounts }: ChatRoom, provider: string): Promise<readonly string[]> {
  const [slots, off] = await Promise.all([accounts.liveSlots(), accounts.switchedOff()]);
  const isOff = (name: string) => off.some(({ _id }) => _id === 'all' || _id === `provider:${name}`);
  const up = slots.filter((slot) => slot.up && slot.account !== provider && !isOff(slot.account));
  return [...new Set(up.map((slot) => slot.account))].sort();
}
