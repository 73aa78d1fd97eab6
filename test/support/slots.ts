/** Bind slots held by a worker that the test does not run. */
import type { AccountStore } from '../../src/dispatch/account-store.ts';
import type { Terms } from '../../src/dispatch/division.ts';
import type { SlotHealth } from '../../src/dispatch/slot-store.ts';

export const UP: SlotHealth = { up: true, why: '' };

const LONG_MS = 600_000;

/** Takes what is due of the account to this worker, and says of every session that it is so. */
export async function holdSlots(
  { slots }: Pick<AccountStore, 'slots'>,
  account: string,
  owner: string,
  health: SlotHealth = UP,
  { leaseMs = LONG_MS, terms = { binds: 1, partsPerSecond: 100 } as Terms } = {},
) {
  const word = { owner, wants: true, uses: 0, slots: [], closed: [] };
  const { slots: held } = await slots.renew(account, terms, word, leaseMs);
  const told = held.map(({ fence }) => ({ fence, ...health }));
  return slots.renew(account, terms, { ...word, slots: told }, leaseMs);
}
