/**
 * Takes receipts, on any worker and in any order, and moves messages by them. When `take` resolves they are durable: folded
 * into their messages, or kept until the message they belong to is known. None is lost, none makes a state go backwards.
 */

import type { SentUnder } from '../campaigns/messages.ts';
import type { E164 } from '../messages/phone.ts';
import type { Log } from '../platform/log.ts';
import { foldParts, isFinal } from './fold.ts';
import { type Copy, copyKey, type PartRecord, partKey, partKeys } from './part-store.ts';
import type { Receipt, ReceiptState } from './provider.ts';
import type { Orphan, ReceiptStore, Verdict } from './receipt-store.ts';
import type { KnownPart, TakenMessages } from './taken.ts';

export interface ReceiptDesk {
  readonly store: ReceiptStore;
  /** What this process has sent itself. */
  readonly taken: TakenMessages;
  /** What stands in the pieces of what others have sent; see `wire-store.ts`. */
  readonly takenAmong: (ids: Iterable<string>) => Promise<ReadonlyMap<string, SentUnder>>;
  readonly personKey: (phone: string) => string;
  readonly now: () => Date;
  readonly log: Log;
  /** Told of each final word on a part that is known; `keptUntil`: what is kept of the part is deleted then. */
  readonly heard?: (provider: string, state: ReceiptState, keptUntil: Date, destination?: string) => void;
  /** An orphan older than this is matched by fit: its id was never kept; ten seconds where it is not said. */
  readonly orphanSettledMs?: number;
}

/** Receipts for parts that nobody knows are kept this long; and this long after it was sent a message may get one by fit. */
const ORPHAN_MS = 72 * 3_600_000;
const ORPHAN_SETTLED_MS = 10_000;
/** Orphans looked at in one turn. */
const ORPHANS_MOST = 500;

/** A final word about a part: of a receipt that comes in, or of one that was parked. */
interface Word {
  /** Key of the part that it is about by its id as written. */
  readonly key: string;
  /** Keys of all parts that it may be about, that one first. */
  keys(): readonly string[];
  /** The number that the receipt names, where it is known still. */
  readonly to: E164 | null;
  /** Key of the person, when the receipt named a number; made when it is asked for, which costs more than all else here. */
  person(): string | null;
  readonly verdict: Verdict;
}

export async function takeReceipts(desk: ReceiptDesk, receipts: readonly Receipt[]): Promise<void> {
  const words = receipts.filter(isFinal).map((receipt) => wordOf(desk, receipt));
  const early = await foldKnown(desk, words);
  if (early.length === 0) return;
  // A fast operator's receipts come while the answers to the same messages are being kept here: then they need no parking.
  const kept = desk.taken.kept();
  const unmatched = kept ? await kept.then(() => foldKnown(desk, early)) : early;
  if (unmatched.length === 0) return;
  await desk.store.park(unmatched.map((word, place) => orphanOf(desk, word, place)));
  // The submit's answer may have been kept between the look and the parking: look once more.
  await adoptOrphans(
    desk,
    unmatched.flatMap((word) => word.keys()),
  );
}

/** Folds parked receipts of parts that have become known; resolves with the orphans that were. */
export async function adoptOrphans(desk: ReceiptDesk, keys: readonly string[]): Promise<ReadonlySet<string>> {
  if (keys.length === 0 || !(await desk.store.isAnyParked())) return new Set();
  const waiting = (await desk.store.orphansOf(keys)).map((orphan) => ({ orphan, word: wordOfOrphan(orphan) }));
  const words = waiting.map(({ word }) => word);
  const unmatched = new Set(await foldKnown(desk, words));
  const adopted = waiting.filter(({ word }) => !unmatched.has(word)).map(({ orphan }) => orphan._id);
  await desk.store.adopt(adopted);
  return new Set(adopted);
}

/**
 * Looks at old orphans again. One whose part has become known is folded. Another may belong to an unknown message: a worker
 * was killed before it kept the operator's id, so only the person, the provider and the time tell; done only where exactly
 * one message fits. Resolves with how many messages moved by fit.
 */
export async function matchByFit(desk: ReceiptDesk): Promise<number> {
  const due = await desk.store.orphansDue(desk.now(), ORPHANS_MOST);
  const keys = due.flatMap((orphan) => orphan.forms);
  const adopted = await adoptOrphans(desk, keys);
  const left: string[] = [];
  let matched = 0;
  const others = due.filter((one) => !adopted.has(one._id));
  const known = await desk.store.find(others.flatMap((orphan) => orphan.forms));
  for (const orphan of others) {
    // Its message is known and only does not say yet that it was sent: no other's word.
    if (orphan.forms.some((form) => isOf(orphan, known.get(form)))) {
      left.push(orphan._id);
      continue;
    }
    const fitting = await unknownFor(desk, orphan);
    const moved = fitting === null ? 0 : await desk.store.conclude([fitting], wordOfOrphan(orphan).verdict);
    if (moved > 0) await desk.store.adopt([orphan._id]);
    else left.push(orphan._id);
    matched += moved;
  }
  await desk.store.postpone(left, desk.now());
  return matched;
}

const isOf = ({ person }: Orphan, part: PartRecord | undefined): boolean =>
  part !== undefined && (person === null || person === part.person);

/** The one unknown message that the orphan fits; null when there is none, or more than one. */
async function unknownFor(desk: ReceiptDesk, { person, provider, receivedAt }: Orphan): Promise<string | null> {
  if (person === null) return null;
  const sent = { after: new Date(receivedAt.getTime() - ORPHAN_MS), before: receivedAt };
  const fitting = await desk.store.unknownTo(person, provider, sent);
  return fitting.length === 1 ? fitting[0]! : null;
}

/**
 * Folds the words whose parts are known and whose messages can be moved; returns the others. Of several words about one copy the
 * first counts.
 */
async function foldKnown(desk: ReceiptDesk, words: readonly Word[]): Promise<readonly Word[]> {
  const whole = new Map<string, Conclusion>();
  const partial = new Map<string, { word: Word; part: PartRecord }>();
  const unmatched: Word[] = [];
  for (const { word, part } of await matched(desk, words)) {
    if (!part) unmatched.push(word);
    else if (part.of > 1) partial.set(part._id, partial.get(part._id) ?? { word, part });
    else if (!whole.has(copyKey(part))) whole.set(copyKey(part), { copy: part, verdict: word.verdict, words: [word] });
  }
  const early = [...(await concludeAll(desk, whole)), ...(await foldPartial(desk, [...partial.values()]))];
  return [...unmatched, ...early];
}

/** What one copy of a message came to, and the words that say so. */
interface Conclusion {
  readonly copy: PartRecord;
  readonly verdict: Verdict;
  readonly words: readonly Word[];
}

interface Match {
  readonly word: Word;
  readonly part: PartRecord | null;
}

/** Finds each word's part: by the id as written; where that is nobody's, or another person's, in the other base too. */
async function matched(desk: ReceiptDesk, words: readonly Word[]): Promise<readonly Match[]> {
  const own = words.map((word): Match => ({ word, part: sentHere(desk, word) }));
  const others = own.flatMap(({ word, part }) => (part ? [] : [word]));
  if (others.length === 0) return own;
  const found = new Map((await matchedInStore(desk, others)).map(({ word, part }) => [word, part]));
  return own.map(({ word, part }) => ({ word, part: part ?? found.get(word) ?? null }));
}

/** The part that this process has sent itself to the number that the receipt names. */
function sentHere(desk: ReceiptDesk, word: Word): PartRecord | null {
  const known: KnownPart | undefined = desk.taken.part(word.key);
  return known && known.to === word.to ? known.part : null;
}

async function matchedInStore(desk: ReceiptDesk, words: readonly Word[]): Promise<readonly Match[]> {
  const asWritten = await desk.store.find(words.map((word) => word.key));
  const matches = words.map((word): Match & { fits: boolean } => {
    const part = asWritten.get(word.key) ?? null;
    return { word, part, fits: part !== null && isTheirs(word, part) };
  });
  const doubtful = matches.filter((match) => !match.fits).flatMap(({ word }) => word.keys().slice(1));
  if (doubtful.length === 0) return matches;
  const otherBase = await desk.store.find(doubtful);
  return matches.map((match) => {
    if (match.fits) return match;
    const theirs = match.word
      .keys()
      .flatMap((key) => otherBase.get(key) ?? [])
      .filter((part) => isTheirs(match.word, part));
    // Another's number at the very id: operators write numbers in many ways. Another's in the other base: a coincidence.
    const part = theirs.length === 1 || match.word.person() !== null ? (theirs[0] ?? match.part) : match.part;
    return { word: match.word, part };
  });
}

/** Whether the part went to the person that the receipt names; one that names nobody is taken at its id. */
const isTheirs = (word: Word, part: PartRecord): boolean => word.person() === null || word.person() === part.person;

/** Messages of several parts: keeps the word on each part, then sees what they come to together. Returns the words that are too early. */
async function foldPartial(
  desk: ReceiptDesk,
  partial: readonly { word: Word; part: PartRecord }[],
): Promise<readonly Word[]> {
  if (partial.length === 0) return [];
  await desk.store.keepPartStates(
    new Map(partial.map(({ word, part }): [string, ReceiptState] => [part._id, word.verdict.state])),
  );
  const states = await desk.store.partStates(partial.map(({ part }) => part));
  const conclusions = new Map<string, Conclusion>();
  for (const { word, part } of partial) {
    const key = copyKey(part);
    const found = states.get(key) ?? [];
    const state = found.length < part.of ? null : foldParts(found);
    if (state === null) {
      heard(desk, word, part);
      continue;
    }
    const before = conclusions.get(key);
    // The word that decides says why; where a part before it decided, any of them.
    const verdict = before && word.verdict.state !== state ? before.verdict : { ...word.verdict, state };
    conclusions.set(key, { copy: part, verdict, words: [...(before?.words ?? []), word] });
  }
  return concludeAll(desk, conclusions);
}

/**
 * One write for all messages that came to the same in the same second. Returns the words that came too early: their messages still
 * said `queued`, and nobody here knows yet what they were sent under.
 */
async function concludeAll(desk: ReceiptDesk, conclusions: ReadonlyMap<string, Conclusion>): Promise<readonly Word[]> {
  const groups = new Map<string, Alike>();
  const numbers = new Map<SentUnder, number>();
  for (const conclusion of conclusions.values()) {
    const { copy, verdict } = conclusion;
    const under = desk.taken.under(copy.message);
    if (under && !numbers.has(under)) numbers.set(under, numbers.size);
    const { state, error, at } = verdict;
    const key = `${copy.isRetry ?? ''}|${under ? numbers.get(under) : ''}|${state}|${error ?? ''}|${secondOf(at)}`;
    const group = groups.get(key);
    if (group) group.all.push(conclusion);
    else groups.set(key, { verdict, copy, under, all: [conclusion] });
  }
  const early: Word[] = [];
  for (const group of groups.values()) early.push(...(await concludeAlike(desk, group)));
  return early;
}

interface Alike {
  readonly verdict: Verdict;
  readonly copy: Copy;
  readonly under: SentUnder | undefined;
  readonly all: Conclusion[];
}

async function concludeAlike(desk: ReceiptDesk, { verdict, copy, under, all }: Alike): Promise<readonly Word[]> {
  const ids = all.map((one) => one.copy.message);
  const moved = await desk.store.conclude(ids, verdict, copy, under);
  if (under) desk.taken.written(ids);
  const early = moved === ids.length ? NONE : await earlyOf(desk, ids, verdict, copy);
  for (const { copy: part, words } of all) {
    if (early.has(part.message)) continue;
    for (const word of words) heard(desk, word, part);
    desk.taken.forget(part._id);
  }
  return all.flatMap((one) => (early.has(one.copy.message) ? one.words : []));
}

/** Moves what another process has sent, and does not say so itself yet, by what stands in its piece; returns what is early still. */
async function earlyOf(
  desk: ReceiptDesk,
  ids: readonly string[],
  verdict: Verdict,
  copy: Copy,
): Promise<ReadonlySet<string>> {
  const early = await desk.store.earlyAmong(ids, verdict, copy);
  if (early.size === 0) return early;
  const taken = await desk.takenAmong(early);
  if (taken.size === 0) return early;
  for (const [under, some] of Map.groupBy(taken, ([, under]) => under)) {
    await desk.store.conclude(
      some.map(([id]) => id),
      verdict,
      copy,
      under,
    );
  }
  return desk.store.earlyAmong([...early], verdict, copy);
}

const NONE: ReadonlySet<string> = new Set();

const heard = (desk: ReceiptDesk, word: Word, part: PartRecord): void =>
  desk.heard?.(providerOf(part._id), word.verdict.state, part.deleteAfter, part.destination);

const secondOf = (at: Date): number => Math.floor(at.getTime() / 1000);

function wordOf(desk: ReceiptDesk, receipt: Receipt): Word {
  const { state, error, at, to, provider, providerMessageId } = receipt;
  if (state === 'enroute') throw new Error('an enroute receipt is no final word');
  let person: string | undefined;
  return {
    key: partKey(provider, providerMessageId),
    keys: () => partKeys(receipt),
    to,
    person() {
      if (to === null) return null;
      person ??= desk.personKey(to);
      return person;
    },
    verdict: { state, error: state === 'delivered' ? null : error, at },
  };
}

const wordOfOrphan = ({ forms, person, state, error, at }: Orphan): Word => ({
  key: forms[0]!,
  keys: () => forms,
  to: null,
  person: () => person,
  verdict: { state, error, at },
});

function orphanOf(desk: ReceiptDesk, word: Word, place: number): Orphan {
  const receivedAt = desk.now();
  const { key, verdict } = word;
  const person = word.person();
  return {
    _id: `${key}|${person ?? ''}|${verdict.state}`,
    forms: word.keys(),
    provider: providerOf(key),
    ...verdict,
    person,
    receivedAt,
    place,
    nextAt: new Date(receivedAt.getTime() + (desk.orphanSettledMs ?? ORPHAN_SETTLED_MS)),
    deleteAfter: new Date(receivedAt.getTime() + ORPHAN_MS),
  };
}

/** Of the key of a part. */
const providerOf = (key: string): string => key.slice(0, key.indexOf('|'));
