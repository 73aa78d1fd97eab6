/**
 * Keeps what providers answered, in few writes: many outcomes of one kind become one update. When `settle` resolves they are
 * durable, and only then may the window that they held be used again.
 */
import { setTimeout as sleep } from 'node:timers/promises';
import { type Grouping, grouped } from '../platform/grouping.ts';
import { plainId } from './fold.ts';
import type { Failure, SendOutcome } from './provider.ts';
import { type PartRecord, partKey, type ReceiptStore } from './receipt-store.ts';
import { adoptOrphans, type ReceiptDesk } from './receipts.ts';
import type { DispatchStore, Outcome, PartIds } from './store.ts';

/** One message's answer, under the lease it was sent with. */
export interface Answer {
  readonly id: string;
  readonly person: string;
  readonly fence: number;
  readonly provider: string;
  readonly outcome: SendOutcome;
  /** To the second copy of a message that was sent once more. */
  readonly isRetry?: boolean;
  /** From an account that sends one receipt for all parts. */
  readonly oneReceipt?: boolean;
  /** Where it went, as `delivery.ts` has it. */
  readonly destination?: string;
}

export interface SettlingDesk {
  readonly store: DispatchStore;
  readonly receiptStore: ReceiptStore;
  readonly receipts: ReceiptDesk;
  readonly now: () => Date;
  /** How long an operator's ids are kept for late receipts, ms. */
  readonly keepIdsMs: number;
}

/** Refusals that are about the account, not about this recipient: another account may carry it. */
const OF_THE_ACCOUNT = new Set(['bad-sender', 'no-credit', 'account', 'our-fault']);

export const isOfTheAccount = (why: Failure): boolean => OF_THE_ACCOUNT.has(why.code);

export const settler = (desk: SettlingDesk): Grouping<Answer> =>
  grouped((answers) => settleAtLast(desk, answers), 4000);

/** What an operator said is not forgotten because the database stumbled; every write here may be repeated. */
const ATTEMPTS = 5;
const PAUSE_MS = 300;

async function settleAtLast(desk: SettlingDesk, answers: readonly Answer[]): Promise<void> {
  for (let attempt = 1; ; attempt++) {
    try {
      return await settle(desk, answers);
    } catch (failure) {
      if (attempt === ATTEMPTS) throw failure;
      await sleep(attempt * PAUSE_MS);
    }
  }
}

async function settle(desk: SettlingDesk, answers: readonly Answer[]): Promise<void> {
  // The ids first: a receipt that finds its part may move the message whatever state it is in.
  const keys = await learnParts(desk, answers);
  const writes: Promise<void>[] = [];
  for (const group of grouping(answers)) writes.push(writeGroup(desk, group));
  await Promise.all(writes);
  await adoptOrphans(desk.receipts, keys);
}

async function learnParts(desk: SettlingDesk, answers: readonly Answer[]): Promise<readonly string[]> {
  const deleteAfter = new Date(desk.now().getTime() + desk.keepIdsMs);
  const parts: PartRecord[] = [];
  const several: PartIds[] = [];
  for (const { id, person, provider, outcome, isRetry = false, oneReceipt = false, destination } of answers) {
    const ids = idsOf(outcome).map((one) => (isId(one) ? partKey(provider, one) : null));
    // Where all parts were taken, the receipt of any speaks for all.
    const of = oneReceipt && outcome.kind === 'accepted' ? 1 : ids.length;
    ids.forEach((_id, part) => {
      if (_id === null) return;
      const rest = { ...(isRetry && { isRetry }), ...(destination && { destination }), deleteAfter };
      parts.push({ _id, message: id, person, part, of, ...rest });
    });
    if (ids.length > 1) several.push({ id, partIds: ids.map((one) => one ?? ''), isRetry });
  }
  await desk.store.keepPartIds(several);
  await desk.receiptStore.learn(parts);
  return parts.map((part) => part._id);
}

function idsOf(outcome: SendOutcome): readonly (string | null)[] {
  switch (outcome.kind) {
    case 'accepted':
    case 'unknown':
      return (outcome.parts ?? []).map((part) => part.providerMessageId);
    case 'refused':
    case 'later':
      return [];
  }
}

/** An empty id would stand for every message that has one. */
const isId = (id: string | null): id is string => id !== null && plainId(id) !== '';

/** Of what was taken without an id no receipt can be told. */
const takenAs = (outcome: SendOutcome & { kind: 'accepted' }): Outcome =>
  outcome.parts.every((part) => isId(part.providerMessageId))
    ? { state: 'accepted' }
    : { state: 'accepted', error: 'no-id' };

interface Group {
  readonly fence: number;
  readonly provider: string;
  readonly outcome: SendOutcome;
  readonly ids: string[];
}

/** Fences count per batch, but every update names its messages: those of two batches may share one. */
function grouping(answers: readonly Answer[]): Iterable<Group> {
  const groups = new Map<string, Group>();
  for (const { id, fence, provider, outcome } of answers) {
    const why = outcome.kind === 'accepted' ? takenAs(outcome).error : `${outcome.why.code}|${outcome.why.detail}`;
    const key = `${fence}|${provider}|${outcome.kind}|${why}`;
    const group = groups.get(key);
    if (group) group.ids.push(id);
    else groups.set(key, { fence, provider, outcome, ids: [id] });
  }
  return groups.values();
}

async function writeGroup(desk: SettlingDesk, { fence, provider, outcome, ids }: Group): Promise<void> {
  switch (outcome.kind) {
    case 'later':
      return desk.store.requeue(ids, fence, null);
    case 'refused':
      if (isOfTheAccount(outcome.why)) {
        return desk.store.requeue(ids, fence, { provider, error: outcome.why.code, errorDetail: outcome.why.detail });
      }
      return desk.store.settle(ids, fence, failed(outcome.why), desk.now());
    case 'accepted':
      return desk.store.settle(ids, fence, takenAs(outcome), desk.now());
    case 'unknown':
      return desk.store.settle(ids, fence, { ...failed(outcome.why), state: 'unknown' }, desk.now());
  }
}

const failed = (why: Failure): Outcome => ({ state: 'failed', error: why.code, errorDetail: why.detail });
