/**
 * Tells when a provider is down and when it is back. A session that drops for a moment is no news: what is told has lasted, and
 * each outage is told once, over all processes. What was switched off by hand is no outage.
 */
import type { Health, HealthStore } from './health-store.ts';
import type { DispatchRoom } from './room.ts';

/** Events of this room, in the outbox; the body names the provider, and since when. */
export type ProviderEvent = 'provider.down' | 'provider.back';

export interface OutageTerms {
  /** It has to be down, or up again, for so long before anybody is told, ms. */
  readonly lastsMs: number;
}

/** What is known of a provider now, and what is to be told; pure. */
export function healthAfter(
  before: Health | null,
  isUp: boolean,
  now: Date,
  { lastsMs }: OutageTerms,
): { readonly health: Health; readonly event: ProviderEvent | null } {
  const health = before?.isUp === isUp ? before : { isUp, since: now, toldDown: before?.toldDown ?? false };
  const lasts = now.getTime() - health.since.getTime() >= lastsMs;
  if (!lasts || health.toldDown === !isUp) return { health, event: null };
  return { health: { ...health, toldDown: !isUp }, event: isUp ? 'provider.back' : 'provider.down' };
}

type Sources = Pick<DispatchRoom, 'accounts' | 'now'> & {
  readonly campaigns: Pick<DispatchRoom['campaigns'], 'database' | 'outbox'>;
};

/** One look at all providers; several processes may look at once. */
export async function lookForOutages(room: Sources, store: HealthStore, terms: OutageTerms): Promise<void> {
  const [accounts, slots, off] = await Promise.all([
    room.accounts.accounts(),
    room.accounts.liveSlots(),
    room.accounts.switchedOff(),
  ]);
  const switchedOff = new Set(off.map((one) => one._id));
  const known = await store.all();
  for (const { name, enabled } of accounts) {
    if (!enabled || switchedOff.has('all') || switchedOff.has(`provider:${name}`)) continue;
    const before = known.get(name) ?? null;
    const isUp = slots.some((slot) => slot.account === name && slot.up);
    const { health, event } = healthAfter(before, isUp, room.now(), terms);
    if (health === before) continue;
    await room.campaigns.database.inTransaction(async (session) => {
      if (!(await store.change(name, before, health, session)) || event === null) return;
      const body = { provider: name, since: health.since.toISOString() };
      await room.campaigns.outbox.emit(session, { kind: event, subject: `provider:${name}`, department: null, body });
    });
  }
}
