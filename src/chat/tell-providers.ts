/**
 * Tells of a provider that is down or back: those who look after providers, and those whose campaigns it carries, each of what
 * they may see.
 */
import type { OutboxEvent } from '../platform/outbox.ts';
import { may } from '../staff/rights.ts';
import { providerCard } from './cards/provider.ts';
import { readerOf } from './command.ts';
import { isConcerned } from './progress.ts';
import { carriersOf, lookAtProvider } from './provider-view.ts';
import type { ChatRoom } from './room.ts';

export function createProviderNews(room: ChatRoom): (event: OutboxEvent) => Promise<void> {
  return async (event) => {
    const { provider, since } = event.body;
    if (typeof provider !== 'string' || typeof since !== 'string') return;
    const [everyone, campaigns] = await Promise.all([
      room.staff.store.employees(),
      room.campaigns.store.inStates(['sending', 'paused']),
    ]);
    const carried = campaigns.filter((one) => one.kind === 'campaign' && carriersOf(one).includes(provider));
    const told = { isDown: event.kind === 'provider.down', since: new Date(since) };
    const look = await lookAtProvider(room, provider);
    for (const person of everyone) {
      const own = carried.filter((one) => isConcerned(one, person));
      if (own.length === 0 && !may(person, 'operate', null)) continue;
      const card = providerCard({ ...(await look(person, own)), ...told }, readerOf(room, person));
      await room.staff.store.post({ id: `${event.id}:${person.id}`, employee: person.id, card, at: room.now() });
    }
  };
}
