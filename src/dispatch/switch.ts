/**
 * The hand on an account: stopped, nothing new goes through it within a second, over all workers; started, it takes part again.
 * Its sessions stay, so that receipts of what was sent before still come.
 */
import type { Employee } from '../staff/employee.ts';
import { may } from '../staff/rights.ts';
import type { AccountStore } from './account-store.ts';
import { type BreakerDesk, overruleBreaker } from './breakers.ts';

export interface SwitchRoom extends Pick<BreakerDesk, 'database' | 'health' | 'staff' | 'now' | 'terms'> {
  readonly accounts: Pick<AccountStore, 'switchOff' | 'switchOn'>;
}

/** What was done to an account, as the audit trail has it. */
export const PROVIDER_MOVES = ['stopped', 'started', 'live', 'rested', 'tried', 'back'] as const;
export type ProviderMove = (typeof PROVIDER_MOVES)[number];

/** Who may stop everything may stop a part of it. */
export const maySwitch = (by: Employee): boolean => may(by, 'stop-all', null);

/** False when the employee may not. */
export async function stopProvider(room: SwitchRoom, by: Employee, provider: string): Promise<boolean> {
  if (!maySwitch(by)) return false;
  await room.accounts.switchOff(`provider:${provider}`, by.id, room.now());
  await auditMove(room, provider, 'stopped', by.id);
  return true;
}

/** Lets it send again, also when Herald lets it rest: a person knows better. */
export async function startProvider(room: SwitchRoom, by: Employee, provider: string): Promise<boolean> {
  if (!maySwitch(by)) return false;
  await overruleBreaker(room, provider);
  await room.accounts.switchOn(`provider:${provider}`);
  await auditMove(room, provider, 'started', by.id);
  return true;
}

async function auditMove(
  { staff, now }: Pick<SwitchRoom, 'staff' | 'now'>,
  provider: string,
  move: ProviderMove,
  by: string,
): Promise<void> {
  const subject = `provider:${provider}`;
  await staff.appendAudit({ at: now(), actor: by, action: `provider.${move}`, subject, department: null, detail: {} });
}
