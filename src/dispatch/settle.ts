/**
 * Keeps what providers answered, in few writes: many outcomes of one kind become one update. When `settle` resolves they are
 * durable, and only then may the window that they held be used again.
 */
import { setTimeout as sleep } from 'node:timers/promises';
import { type SentUnder, sequenceOf, stretchesOf } from '../campaigns/messages.ts';
import type { E164 } from '../messages/phone.ts';
import { grouped } from '../platform/grouping.ts';
import { partKey } from './part-store.ts';
import type { Failure, SendOutcome } from './provider.ts';
import type { ReceiptStore } from './receipt-store.ts';
import { adoptOrphans, type ReceiptDesk } from './receipts.ts';
import type { DispatchStore } from './store.ts';
import type { KnownPart } from './taken.ts';
import type { Outcome, Taken, WirePlace } from './wire-store.ts';

/** An entry of messages on the wire, and what all of them were sent under. */
export interface WireEntry extends WirePlace {
  readonly under: SentUnder;
}

/** One message's answer, under the lease it was sent with. */
export interface Answer {
  readonly id: string;
  readonly person: string;
  readonly phone: E164;
  readonly fence: number;
  readonly provider: string;
  readonly outcome: SendOutcome;
  /** To the second copy of a message that was sent once more. */
  readonly isRetry?: boolean;
  /** The entry that it was sent in. Absent where the message itself says what it is: it was marked alone, or called unknown before. */
  readonly entry?: WireEntry | undefined;
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

export interface Settling {
  /** Resolves once the answers are durable. */
  keep(answers: readonly Answer[]): Promise<void>;
  /** Resolves once the receipts are folded, too, that had come before these answers. */
  add(answers: readonly Answer[]): Promise<void>;
  /** Resolves when nothing waits and nothing is being written. */
  idle(): Promise<void>;
}

/** Answers, or keys, in one write at most. */
const MOST = 4000;

export function settler(desk: SettlingDesk): Settling {
  const adopting = grouped<string>(async (keys) => void (await adoptOrphans(desk.receipts, keys)), MOST);
  const keeping = grouped<Answer>(async (answers) => {
    const keys = await settleAtLast(desk, answers);
    adopting
      .add(keys)
      .catch((err) => desk.receipts.log.error({ err }, 'early receipts were not folded; the next look finds them'));
  }, MOST);
  return {
    keep: keeping.add,
    async add(answers) {
      await keeping.add(answers);
      await adopting.idle();
    },
    async idle() {
      await keeping.idle();
      await adopting.idle();
    },
  };
}

/** What an operator said is not forgotten because the database stumbled; every write here may be repeated. */
const ATTEMPTS = 5;
const PAUSE_MS = 300;

async function settleAtLast(desk: SettlingDesk, answers: readonly Answer[]): Promise<readonly string[]> {
  for (let attempt = 1; ; attempt++) {
    try {
      return await settle(desk, answers);
    } catch (failure) {
      if (attempt === ATTEMPTS) throw failure;
      await sleep(attempt * PAUSE_MS);
    }
  }
}

/** Returns the keys of the parts that are known now: their receipts may have come before. */
async function settle(desk: SettlingDesk, answers: readonly Answer[]): Promise<readonly string[]> {
  // The ids first: a receipt that finds its part may move the message whatever state it is in.
  const keys = await learnParts(desk, answers);
  const groups = grouping(answers);
  await Promise.all(groups.map((group) => writeGroup(desk, group)));
  // Last what was taken: it says that all else of its entry stands in the messages.
  await keepTaken(desk, groups);
  return keys;
}

async function learnParts(desk: SettlingDesk, answers: readonly Answer[]): Promise<readonly string[]> {
  const deleteAfter = new Date(desk.now().getTime() + desk.keepIdsMs);
  const known: KnownPart[] = [];
  for (const { id, person, phone, provider, outcome, isRetry = false, oneReceipt = false, destination } of answers) {
    const ids = idsOf(outcome).map((one) => (isId(one) ? partKey(provider, one) : null));
    const all = ids.length > 1 ? ids.map((one) => one ?? '') : undefined;
    // Where all parts were taken, the receipt of any speaks for all.
    const of = oneReceipt && outcome.kind === 'accepted' ? 1 : ids.length;
    ids.forEach((_id, place) => {
      if (_id === null) return;
      const rest = {
        ...(all && { all }),
        ...(isRetry && { isRetry }),
        ...(destination && { destination }),
        deleteAfter,
      };
      known.push({ part: { _id, message: id, person, part: place, of, ...rest }, to: phone });
    });
  }
  await desk.receiptStore.learn(known.map(({ part }) => part));
  desk.receipts.taken.learn(known);
  return known.map(({ part }) => part._id);
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
const isId = (id: string | null): id is string => id !== null && id.trim() !== '';

/** Of what was taken without an id no receipt can be told. */
const takenAs = (outcome: SendOutcome & { kind: 'accepted' }): Outcome =>
  outcome.parts.every((part) => isId(part.providerMessageId))
    ? { state: 'accepted' }
    : { state: 'accepted', error: 'no-id' };

interface Group {
  readonly entry: WireEntry | undefined;
  readonly fence: number;
  readonly provider: string;
  readonly outcome: SendOutcome;
  readonly ids: string[];
}

/** Fences count per batch, but every update names its messages: those of two batches may share one. */
function grouping(answers: readonly Answer[]): readonly Group[] {
  const groups = new Map<WireEntry | string, Group>();
  for (const { id, entry, fence, provider, outcome } of answers) {
    if (entry && isPlainlyTaken(outcome)) {
      // Nearly all are: an entry is of one account.
      const taken = groups.get(entry) ?? { entry, fence, provider, outcome, ids: [] };
      if (taken.ids.push(id) === 1) groups.set(entry, taken);
      continue;
    }
    const why = outcome.kind === 'accepted' ? takenAs(outcome).error : `${outcome.why.code}|${outcome.why.detail}`;
    const where = entry ? `${entry.batch}/${entry.number}` : '';
    const key = `${where}|${fence}|${provider}|${outcome.kind}|${why}`;
    const group = groups.get(key);
    if (group) group.ids.push(id);
    else groups.set(key, { entry, fence, provider, outcome, ids: [id] });
  }
  return [...groups.values()];
}

async function writeGroup(desk: SettlingDesk, { entry, fence, provider, outcome, ids }: Group): Promise<void> {
  const { store } = desk;
  const write = (into: Outcome) =>
    entry ? store.settleOnWire(ids, entry.under, into, desk.now()) : store.settle(ids, fence, into, desk.now());
  switch (outcome.kind) {
    case 'later':
      // On the wire it still says queued, and so it will when its entry is gone.
      return entry ? undefined : store.requeue(ids, fence, null);
    case 'refused': {
      if (!isOfTheAccount(outcome.why)) return write(failed(outcome.why));
      const refusal = { provider, error: outcome.why.code, errorDetail: outcome.why.detail };
      return entry ? store.refuseOnWire(ids, refusal) : store.requeue(ids, fence, refusal);
    }
    case 'accepted':
      return isPlainlyTaken(outcome) && entry ? undefined : write(takenAs(outcome));
    case 'unknown':
      return write({ ...failed(outcome.why), state: 'unknown' });
  }
}

const isPlainlyTaken = (outcome: SendOutcome): boolean =>
  outcome.kind === 'accepted' && takenAs(outcome).error === undefined;

/**
 * Writes into the pieces what of their entries was taken. Into the messages it is written with the last of their piece, unless a
 * receipt is there before; at once where the piece is another worker's by now.
 */
async function keepTaken(desk: SettlingDesk, groups: readonly Group[]): Promise<void> {
  const entries = new Map<number, { readonly entry: WireEntry; readonly ids: string[] }>();
  for (const { entry, outcome, ids } of groups) {
    if (!entry) continue;
    const all = entries.get(entry.number) ?? { entry, ids: [] };
    entries.set(entry.number, all);
    if (isPlainlyTaken(outcome)) all.ids.push(...ids);
  }
  const all = [...entries.values()];
  const lost = await desk.store.keepTaken(
    all.map(({ entry, ids }): Taken => ({ place: entry, stretches: stretchesOf(ids.map(sequenceOf)) })),
  );
  for (const { entry, ids } of all) {
    if (ids.length === 0) continue;
    if (lost.has(entry.number)) await desk.store.settleOnWire(ids, entry.under, { state: 'accepted' }, desk.now());
    else desk.receipts.taken.add(ids, entry.under);
  }
}

const failed = (why: Failure): Outcome => ({ state: 'failed', error: why.code, errorDetail: why.detail });
