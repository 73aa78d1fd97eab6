/**
 * Takes receipts, on any worker and in any order, and moves messages by them. When `take` resolves they are durable: folded
 * into their messages, or kept until the message they belong to is known. None is lost, none makes a state go backwards.
 */
import type { Log } from '../platform/log.ts';
import { foldParts, isFinal } from './fold.ts';
import type { Receipt } from './provider.ts';
import { type Orphan, type PartRecord, partKeys, type ReceiptStore, type Verdict } from './receipt-store.ts';

export interface ReceiptDesk {
  readonly store: ReceiptStore;
  readonly personKey: (phone: string) => string;
  readonly now: () => Date;
  readonly log: Log;
}

/** Receipts for parts that nobody knows are kept this long. */
const ORPHAN_MS = 72 * 3_600_000;
/** An orphan older than this is matched by fit: its id was never kept. */
const ORPHAN_SETTLED_MS = 10_000;

export async function takeReceipts(desk: ReceiptDesk, receipts: readonly Receipt[]): Promise<void> {
  const final = receipts.filter(isFinal);
  const unmatched = await foldKnown(desk, final);
  if (unmatched.length === 0) return;
  await desk.store.park(unmatched.map((receipt) => orphanOf(desk, receipt)));
  // The submit's answer may have been kept between the look and the parking: look once more.
  await adoptOrphans(desk, unmatched.flatMap(partKeys));
}

/** Folds parked receipts of parts that have just become known. */
export async function adoptOrphans(desk: ReceiptDesk, keys: readonly string[]): Promise<void> {
  if (keys.length === 0) return;
  const orphans = await desk.store.orphansOf(keys);
  if (orphans.length === 0) return;
  const unmatched = new Set((await foldKnown(desk, orphans.map(receiptOf))).map((one) => one.providerMessageId));
  await desk.store.adopt(
    orphans.filter((one) => !unmatched.has(receiptOf(one).providerMessageId)).map((one) => one._id),
  );
}

/**
 * Gives old orphans to unknown messages: a worker was killed before it kept the operator's id, so only the person, the
 * provider and the time tell. Done only where exactly one message fits.
 */
export async function matchByFit(desk: ReceiptDesk): Promise<number> {
  const old = await desk.store.orphansBefore(new Date(desk.now().getTime() - ORPHAN_SETTLED_MS), 500);
  await adoptOrphans(
    desk,
    old.flatMap((one) => one.forms),
  );
  let matched = 0;
  for (const orphan of old) {
    if (orphan.person === null || orphan.state === 'enroute') continue;
    const fitting = await desk.store.unknownTo(orphan.person, orphan.provider, orphan.receivedAt);
    if (fitting.length !== 1) continue;
    const { state, error, at } = orphan;
    matched += await desk.store.conclude(fitting, { state, error, at });
    await desk.store.adopt([orphan._id]);
  }
  return matched;
}

/** Folds the receipts whose parts are known; returns the others. */
async function foldKnown(desk: ReceiptDesk, receipts: readonly Receipt[]): Promise<readonly Receipt[]> {
  const whole = new Map<string, { verdict: Verdict; ids: string[] }>();
  const partial = new Map<string, { receipt: Receipt; part: PartRecord }>();
  const unmatched: Receipt[] = [];
  for (const { receipt, part } of await matched(desk, receipts)) {
    if (!part) unmatched.push(receipt);
    else if (part.of > 1) partial.set(part._id, partial.get(part._id) ?? { receipt, part });
    else collect(whole, part.message, verdictOf(receipt));
  }
  for (const { verdict, ids } of whole.values()) await desk.store.conclude(ids, verdict);
  await foldPartial(desk, [...partial.values()]);
  return unmatched;
}

interface Match {
  readonly receipt: Receipt;
  readonly part: PartRecord | null;
}

/** Finds each receipt's part: by the id as written; where that is nobody's, or another person's, in the other base too. */
async function matched(desk: ReceiptDesk, receipts: readonly Receipt[]): Promise<readonly Match[]> {
  if (receipts.length === 0) return [];
  const asWritten = await desk.store.find(receipts.map((receipt) => partKeys(receipt)[0]!));
  const matches = receipts.map((receipt): Match & { fits: boolean } => {
    const part = asWritten.get(partKeys(receipt)[0]!) ?? null;
    return { receipt, part, fits: part !== null && isTheirs(desk, receipt, part) };
  });
  const doubtful = matches.filter((match) => !match.fits).flatMap(({ receipt }) => partKeys(receipt).slice(1));
  if (doubtful.length === 0) return matches;
  const otherBase = await desk.store.find(doubtful);
  return matches.map((match) => {
    if (match.fits) return match;
    const others = partKeys(match.receipt).flatMap((key) => otherBase.get(key) ?? []);
    return {
      ...match,
      part: others.find((part) => isTheirs(desk, match.receipt, part)) ?? match.part ?? others[0] ?? null,
    };
  });
}

/** Whether the part went to the person that the receipt names; one that names nobody is taken at its id. */
const isTheirs = (desk: ReceiptDesk, receipt: Receipt, part: PartRecord): boolean =>
  receipt.to === null || desk.personKey(receipt.to) === part.person;

/** Messages of several parts: keeps the word on each part, then sees what they come to together. */
async function foldPartial(
  desk: ReceiptDesk,
  partial: readonly { receipt: Receipt; part: PartRecord }[],
): Promise<void> {
  if (partial.length === 0) return;
  await desk.store.keepPartStates(new Map(partial.map(({ receipt, part }) => [part._id, receipt.state])));
  const states = await desk.store.partStates([...new Set(partial.map(({ part }) => part.message))]);
  const groups = new Map<string, { verdict: Verdict; ids: string[] }>();
  for (const { receipt, part } of partial) {
    const found = states.get(part.message) ?? [];
    const state = found.length < part.of ? null : foldParts(found);
    if (state) collect(groups, part.message, { ...verdictOf(receipt), state });
  }
  for (const { verdict, ids } of groups.values()) await desk.store.conclude(ids, verdict);
}

/** One write for all messages that came to the same in the same second. */
function collect(groups: Map<string, { verdict: Verdict; ids: string[] }>, id: string, verdict: Verdict): void {
  const key = `${verdict.state}|${verdict.error ?? ''}|${Math.floor(verdict.at.getTime() / 1000)}`;
  const group = groups.get(key);
  if (group) group.ids.push(id);
  else groups.set(key, { verdict, ids: [id] });
}

function verdictOf(receipt: Receipt): Verdict {
  if (receipt.state === 'enroute') throw new Error('an enroute receipt is no verdict');
  return { state: receipt.state, error: receipt.state === 'delivered' ? null : receipt.error, at: receipt.at };
}

function orphanOf(desk: ReceiptDesk, receipt: Receipt): Orphan {
  const receivedAt = desk.now();
  const forms = partKeys(receipt);
  return {
    _id: `${forms[0]}|${receipt.state}`,
    forms,
    provider: receipt.provider,
    state: receipt.state,
    error: receipt.error,
    at: receipt.at,
    person: receipt.to === null ? null : desk.personKey(receipt.to),
    receivedAt,
    deleteAfter: new Date(receivedAt.getTime() + ORPHAN_MS),
  };
}

function receiptOf(orphan: Orphan): Receipt {
  const { provider, state, error, at } = orphan;
  return { provider, providerMessageId: orphan.forms[0]!.slice(provider.length + 1), state, error, at, to: null };
}
