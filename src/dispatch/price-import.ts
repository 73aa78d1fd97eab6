/**
 * A price list on its way in: read and shown first, taken over when an admin says so. What stands in the file of accounts becomes
 * a list too, so that history has all that was ever charged.
 */

import { DAY_MS } from '../platform/days.ts';
import type { Database } from '../platform/mongo/connect.ts';
import type { Employee } from '../staff/employee.ts';
import { may } from '../staff/rights.ts';
import type { StaffStore } from '../staff/store.ts';
import type { Account } from './account.ts';
import type { AccountStore } from './account-store.ts';
import { type PriceChanges, priceChanges } from './price-changes.ts';
import {
  type AccountPrices,
  completed,
  type DatedPrice,
  listAt,
  listsAfter,
  pricesAt,
  versionBeside,
} from './price-list.ts';
import type { ListHead } from './price-store.ts';

export interface PriceRoom {
  readonly database: Database;
  readonly accounts: AccountStore;
  readonly staff: Pick<StaffStore, 'appendAudit'>;
  readonly now: () => Date;
  readonly newId: () => string;
}

/** A proposal is good for a day: after that the admin looks at the changes anew. */
const GOOD_FOR_MS = DAY_MS;

export interface Proposed {
  readonly id: string;
  readonly validFrom: Date;
  readonly changes: PriceChanges;
  readonly prices: number;
  /** The list that takes over after it, if there is one already. */
  readonly next: ListHead | null;
}

/** Keeps the list until it is applied, and says what it would change. */
export async function proposePrices(
  room: PriceRoom,
  by: Employee,
  account: Account,
  sheet: { prices: readonly DatedPrice[]; validFrom: Date; source: string; wanted: string },
): Promise<Proposed> {
  const { prices: store } = room.accounts;
  const { prices, validFrom, source, wanted } = sheet;
  const heads = await store.headsOf([account.name]);
  const held = await pricesHeld(room, account, validFrom);
  const whole = completed(prices, held, validFrom);
  const id = room.newId().slice(0, 8);
  await store.propose({
    _id: id,
    list: { provider: account.name, currency: account.currency, validFrom, source, prices: whole },
    wanted,
    after: heads.length,
    by: by.id,
    deleteAfter: new Date(room.now().getTime() + GOOD_FOR_MS),
  });
  const next = listsAfter(heads, validFrom).find((head) => head.validFrom > validFrom) ?? null;
  return { id, validFrom, changes: priceChanges(held, whole, validFrom), prices: whole.length, next };
}

/** What holds at an instant without the proposal; what the account itself has holds until another list does. */
export async function pricesHeld(room: PriceRoom, account: Account, at: Date): Promise<readonly DatedPrice[]> {
  const held = await listHeld(room, account.name, at);
  if (held) return pricesAt(held, at);
  return account.prices.map((price) => ({ ...price, from: new Date(0), to: null }));
}

/** The list in force at an instant; null when there was none. */
export async function listHeld(room: PriceRoom, provider: string, at: Date): Promise<AccountPrices | null> {
  const { prices: store } = room.accounts;
  const head = listAt(await store.headsOf([provider]), at);
  return head && store.list(provider, head.number);
}

export type Applied =
  | { readonly kind: 'applied'; readonly list: ListHead }
  | { readonly kind: 'not-allowed' }
  /** There is none of this id, or it was applied, or is too old. */
  | { readonly kind: 'no-such-proposal' }
  /** Another list was taken since its changes were shown. */
  | { readonly kind: 'overtaken'; readonly provider: string };

/** Takes a proposed list over, with a line in the audit trail. */
export async function applyPrices(room: PriceRoom, by: Employee, id: string): Promise<Applied> {
  if (!may(by, 'operate', null)) return { kind: 'not-allowed' };
  const proposal = await room.accounts.prices.proposal(id, room.now());
  if (!proposal) return { kind: 'no-such-proposal' };
  const { list, after, wanted } = proposal;
  return room.database.inTransaction(async (session): Promise<Applied> => {
    const heads = await room.accounts.prices.headsOf([list.provider]);
    if (!(await room.accounts.prices.settle(id, session))) return { kind: 'no-such-proposal' };
    if (heads.length !== after) return { kind: 'overtaken', provider: list.provider };
    const taken = numbered(heads, { ...list, takenAt: room.now(), takenBy: by.id }, wanted);
    await room.accounts.prices.add(taken, session);
    const { prices, ...head } = taken;
    const entry = { at: head.takenAt, actor: by.id, action: 'prices.applied', subject: `provider:${list.provider}` };
    const { version, validFrom, source } = head;
    const detail = { version, validFrom, source, prices: prices.length };
    await room.staff.appendAudit({ ...entry, department: null, detail }, session);
    return { kind: 'applied', list: head };
  });
}

const numbered = (
  heads: readonly ListHead[],
  list: Omit<AccountPrices, 'number' | 'version'>,
  wanted: string,
): AccountPrices => ({
  ...list,
  number: heads.length + 1,
  version: versionBeside(
    heads.map(({ version }) => version),
    wanted,
  ),
});

/** Keeps what stands in the file of accounts as a list, when it is not what stood there before. */
export async function keepFilePrices(
  accounts: AccountStore,
  { name: provider, currency, prices, priceVersion }: Account,
  now: Date,
): Promise<void> {
  const heads = await accounts.prices.headsOf([provider]);
  const last = heads.findLast(({ takenBy }) => takenBy === FILE);
  const before = last && (await accounts.prices.list(provider, last.number));
  if (before && before.source === priceVersion && saysTheSame(before, prices)) return;
  const dated = prices.map((price) => ({ ...price, from: now, to: null }));
  const list = { provider, currency, validFrom: now, takenAt: now, takenBy: FILE, source: priceVersion, prices: dated };
  // Where two processes start at once, either of them has kept it.
  await accounts.prices.append(numbered(heads, list, priceVersion));
}

const FILE = 'herald';

const saysTheSame = (list: AccountPrices, prices: Account['prices']): boolean => {
  const plain = (all: Account['prices']) =>
    all.map(({ prefix, perPart, chargedOn }) => `${prefix} ${perPart.micros} ${perPart.currency} ${chargedOn}`).sort();
  return plain(list.prices).join() === plain(prices).join();
};
