/**
 * The trial of an account: until an admin takes it live it reaches the confirmed phones of employees, and nobody else. What is
 * for others waits, or goes through accounts that are live. An account at the sandbox operator reaches no phone and needs no trial.
 */
import type { CampaignKind } from '../campaigns/campaign.ts';
import type { Database } from '../platform/mongo/connect.ts';
import type { Employee } from '../staff/employee.ts';
import { may } from '../staff/rights.ts';
import type { StaffStore } from '../staff/store.ts';
import type { Account } from './account.ts';
import type { AccountStore, Slot } from './account-store.ts';
import type { SwitchRoom } from './switch.ts';

export interface TrialPeriod {
  /** Accounts in trial. */
  readonly accounts: ReadonlySet<string>;
  /** Confirmed phones of employees; not asked for while nothing is in trial. */
  readonly phones: ReadonlySet<string>;
}

export type TrialReader = (accounts: readonly Account[], slots: readonly Slot[]) => Promise<TrialPeriod>;

export const NO_TRIAL: TrialPeriod = { accounts: new Set(), phones: new Set() };

/** `settings.sandbox` is Herald's own mark; of others the session tells with whom it speaks, and all of them must say so. */
export function isInTrial(
  { name, live, settings }: Pick<Account, 'name' | 'live' | 'settings'>,
  slots: readonly Slot[],
) {
  if (live || settings?.sandbox === true) return false;
  const up = slots.filter((slot) => slot.account === name && slot.up);
  return up.length === 0 || !up.every((slot) => slot.sandbox === true);
}

export const inTrial = (accounts: readonly Account[], slots: readonly Slot[]): readonly string[] =>
  accounts.filter((account) => account.enabled && isInTrial(account, slots)).map(({ name }) => name);

/** A code goes to the phone that it is to confirm. */
export const mayReach = (trial: TrialPeriod, provider: string, phone: string, kind: CampaignKind): boolean =>
  !trial.accounts.has(provider) || kind === 'code' || trial.phones.has(phone);

/** A phone confirmed a moment ago may wait so long, ms. */
const FRESH_MS = 2000;

/** Reads who may be reached in a trial, at most every few seconds; `mono` gives milliseconds of a clock that nobody sets. */
export function trialReader(staff: Pick<StaffStore, 'confirmedPhones'>, mono: () => number): TrialReader {
  let phones: ReadonlySet<string> = new Set();
  let readAt = Number.NEGATIVE_INFINITY;
  return async (accounts, slots) => {
    const names = inTrial(accounts, slots);
    if (names.length === 0) return NO_TRIAL;
    if (mono() - readAt > FRESH_MS) {
      readAt = mono();
      phones = new Set(await staff.confirmedPhones());
    }
    return { accounts: new Set(names), phones };
  };
}

export interface TrialRoom extends Pick<SwitchRoom, 'database' | 'staff' | 'now'> {
  readonly accounts: Pick<AccountStore, 'takeLive'>;
}

/** Takes an account live; false when the employee may not. Said twice, it was taken live by the first. */
export async function takeLive({ database, accounts, staff, now }: TrialRoom, by: Employee, provider: string) {
  if (!may(by, 'operate', null)) return false;
  const at = now();
  await database.inTransaction(async (session) => {
    if (!(await accounts.takeLive(provider, { by: by.id, at }, session))) return;
    const entry = { at, actor: by.id, action: 'provider.live', subject: `provider:${provider}`, department: null };
    await staff.appendAudit({ ...entry, detail: {} }, session);
  });
  return true;
}

export const trialMigrations = [
  {
    id: 460,
    name: 'dispatch: accounts that were in use before there were trials are live',
    async up({ db, now }: Database): Promise<void> {
      const live = { by: 'herald', at: await now() };
      await db
        .collection('accountsAtOperators')
        .updateMany({ live: { $exists: false } }, { $set: { live }, $inc: { revision: 1 } });
    },
  },
];
