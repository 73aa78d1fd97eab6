/**
 * Sends one leased piece of a batch. Each message goes through one gate in one order: may the run be sent now, is the person
 * not suppressed, which route; then `submitting` is written durably, then the provider, then the outcome. Whatever breaks in
 * between leaves a message queued (certainly not sent) or unknown (perhaps sent), never sent twice.
 */
import type { Campaign } from '../campaigns/campaign.ts';
import { idsIn, type OnWire, type SentUnder, sequenceOf, stretchesOf } from '../campaigns/messages.ts';
import type { VerifiedBatch } from './batches.ts';
import { allowed } from './board.ts';
import type { DearWatch } from './dear.ts';
import { destinationOf } from './delivery.ts';
import type { Claimed } from './piece-store.ts';
import type { OnOutcome, OutboundSms, SendOutcome } from './provider.ts';
import type { DispatchRoom } from './room.ts';
import type { Route } from './routing.ts';
import type { Session } from './sessions.ts';
import { type Answer, isOfTheAccount, type Settling, type WireEntry } from './settle.ts';
import { inChunks, isUsable, type Queued, type Routed, type SortingDesk, sortByRoute } from './sort.ts';
import { waitingOf } from './store.ts';
import type { Watchman } from './watchman.ts';

export interface PieceDesk extends SortingDesk {
  readonly room: DispatchRoom;
  readonly settling: Settling;
  readonly signal: AbortSignal;
  readonly watch: Watchman['watch'];
  /** Numbers of entries on the wire: none twice in this process. */
  readonly nextEntry: () => number;
  readonly dear: DearWatch;
}

/** A lease under whose monotonic deadline nothing may be put on a wire any more. */
export interface Lease {
  readonly holds: () => boolean;
}

/**
 * `done`: every message of the piece has an outcome, though it may not stand in itself yet. `stopped`: something forbids to send the run now. `waiting`: what is left
 * can be sent by nobody here at the moment, for want of a route that is well.
 */
export type PieceEnd = 'done' | 'stopped' | 'waiting';

export async function sendPiece(
  desk: PieceDesk,
  claimed: Claimed,
  verified: VerifiedBatch,
  lease: Lease,
): Promise<PieceEnd> {
  // A batch that was read under this lease says itself what is queued in it.
  let waiting =
    verified.isFresh && !claimed.isTakenOver ? readNow(claimed, verified) : await read(desk, claimed, verified);
  while (waiting.length > 0) {
    const campaign = gate(desk, claimed, lease);
    if (!campaign) return 'stopped';
    const { over, isTried } = await sendRound(desk, claimed, campaign, waiting, lease);
    if (over === waiting.length) return 'done';
    await writeAccepted(desk, claimed);
    if (!isTried) return 'waiting';
    await desk.room.store.clearWire(claimed.batch._id, claimed.piece.fence);
    waiting = await read(desk, claimed, verified);
  }
  return 'done';
}

/** Makes known what an earlier holder left on a wire; before anything else is done with a piece that somebody held. */
export async function takeOver({ room }: Pick<PieceDesk, 'room'>, { batch, piece }: Claimed): Promise<void> {
  await room.store.takeOverWire(batch, piece, room.now());
  await room.store.takeOver(batch.run, piece, room.now());
}

async function read({ room }: PieceDesk, { batch, piece }: Claimed, { messages }: VerifiedBatch): Promise<Queued[]> {
  const queued = await room.store.queuedIn(batch.run, piece);
  return queued.flatMap(({ id, ...rest }) => {
    const message = messages.get(id);
    return message ? [{ message, ...rest }] : [];
  });
}

function readNow({ batch, piece }: Claimed, { messages }: VerifiedBatch): Queued[] {
  return idsIn(batch.run, [piece.first, piece.last]).flatMap((id) => {
    const message = messages.get(id);
    return message?.state === 'queued' ? [{ message, ...waitingOf(message) }] : [];
  });
}

/** Ends a piece of which every message has its outcome. */
export async function endPiece(desk: PieceDesk, claimed: Claimed): Promise<void> {
  await writeAccepted(desk, claimed);
  await desk.room.store.complete(claimed.batch._id, claimed.piece.fence);
}

/** Writes into the messages of this piece that they were taken, but for those that have their receipt already. */
async function writeAccepted({ room }: PieceDesk, { batch, piece }: Claimed): Promise<void> {
  const { taken } = room.receipts;
  const groups = taken.unwrittenAmong(idsIn(batch.run, [piece.first, piece.last]));
  await room.store.writeAccepted(groups);
  for (const ids of groups.values()) taken.written(ids);
}

/** The campaign, when everything allows to send this piece now. */
function gate(desk: PieceDesk, { batch }: Claimed, lease: Lease): Campaign | null {
  if (desk.signal.aborted || !lease.holds()) return null;
  return allowed(desk.board(), batch.run, batch.zone, desk.room.now(), desk.room.mono());
}

/** What came of trying: how many messages need no other try, and whether anything was sent or learnt at all. */
interface Tried {
  readonly over: number;
  readonly isTried: boolean;
}

/** Sends what can be sent now. */
async function sendRound(
  desk: PieceDesk,
  claimed: Claimed,
  campaign: Campaign,
  waiting: readonly Queued[],
  lease: Lease,
): Promise<Tried> {
  const sorted = sortByRoute(desk, campaign, waiting);
  if (sorted.dear.length > 0) desk.dear.met(campaign, sorted.dear);
  // Why it was refused stands in the message already.
  await desk.room.store.endQueued(sorted.refused, claimed.piece.fence, { state: 'failed' }, desk.room.now());
  const chunks = [...sorted.routed.values()].flatMap(({ session, items }) =>
    inChunks(items, session).map((chunk) =>
      sendChunk(desk, claimed, session, chunk, lease, campaign.class === 'service'),
    ),
  );
  // One that fails must not leave the others behind, sending under a lease that nobody renews.
  const ends = await Promise.allSettled(chunks);
  let over = sorted.refused.length;
  let isTried = over > 0;
  for (const end of ends) {
    if (end.status === 'rejected') throw end.reason;
    over += end.value.over;
    isTried ||= end.value.isTried;
  }
  return { over, isTried };
}

/** That nobody of a chunk is suppressed is true for so long. */
const SUPPRESSION_HOLDS_MS = 500;

/** Sends a chunk through one session. */
async function sendChunk(
  desk: PieceDesk,
  claimed: Claimed,
  session: Session,
  chunk: readonly Routed[],
  lease: Lease,
  isUrgent: boolean,
): Promise<Tried> {
  // Asked before the window is held; where the wait for it was long, it is asked again.
  const asked = desk.room.mono();
  let wanted = await withoutSuppressed(desk, claimed, chunk);
  if (wanted.length === 0) return onlySuppressed(chunk, wanted);
  const parts = wanted.reduce((sum, one) => sum + one.message.parts, 0);
  const leave = await session.window.enter(parts, isUrgent);
  // A pause takes back what waits for its turn in the provider, too: it may be seconds of the pace.
  const watch = desk.watch(() => gate(desk, claimed, lease) !== null && isUsable(desk, session));
  const settled = Promise.withResolvers<void>();
  try {
    // The wait for the window may have been long: everything is asked again.
    const campaign = gate(desk, claimed, lease);
    if (!campaign || !isUsable(desk, session)) return onlySuppressed(chunk, wanted);
    if (desk.room.mono() - asked > SUPPRESSION_HOLDS_MS) wanted = await withoutSuppressed(desk, claimed, wanted);
    const marked = await markChunk(desk, claimed, campaign, wanted);
    if (marked.length === 0) return onlySuppressed(chunk, wanted);
    // After a standstill of the process no timer has looked yet, so it is asked here as well.
    watch.look();
    const answer = (index: number, outcome: SendOutcome) => answerOf(marked[index]!, claimed, session, outcome);
    const { name } = session.account;
    const epoch = desk.board().breakers.get(name)?.epoch ?? 0;
    const [began, times] = [desk.room.mono(), [] as number[]];
    const said = await put(session, marked, campaign, watch.signal, (index, outcome, isLate) => {
      if (!isLate) times.push(desk.room.mono() - began);
      else void settled.promise.then(() => correct(desk, answer(index, outcome)));
    });
    desk.room.gauge.answered(name, epoch, said, times);
    const outcomes = said.map(unlessNoCredit);
    const keeping = desk.settling.keep(
      outcomes.map((outcome, index) => ({ ...answer(index, outcome), entry: marked[index]!.entry })),
    );
    desk.room.receipts.taken.keeping(keeping);
    await keeping;
    desk.sessions.rest(session.account.name, Math.max(...outcomes.map(restAfter)));
    if (said.some(isOutOfCredit)) desk.sessions.noCredit(session.account.name);
    return {
      over: chunk.length - wanted.length + outcomes.filter(isOver).length,
      isTried: said.some((outcome) => outcome.kind !== 'later'),
    };
  } finally {
    settled.resolve();
    watch.end();
    leave();
  }
}

/** Nothing of the chunk was sent; those who are suppressed need no other try. */
const onlySuppressed = (chunk: readonly Routed[], wanted: readonly Routed[]): Tried => ({
  over: chunk.length - wanted.length,
  isTried: chunk.length > wanted.length,
});

/** Whether the message needs no other try. */
const isOver = (outcome: SendOutcome): boolean =>
  outcome.kind === 'accepted' ||
  outcome.kind === 'unknown' ||
  (outcome.kind === 'refused' && !isOfTheAccount(outcome.why));

/** Keeps an answer that came after its message was called unknown: its receipts find the message then. */
async function correct(desk: PieceDesk, answer: Answer): Promise<void> {
  await desk.settling
    .add([answer])
    .catch((failure) => desk.room.log.error({ err: failure, message: answer.id }, 'a late answer could not be kept'));
}

/** For how long the operator asked to be left alone, ms. */
const restAfter = (outcome: SendOutcome): number =>
  outcome.kind === 'later' && outcome.why.code === 'throttled' ? (outcome.afterMs ?? 0) : 0;

const isOutOfCredit = (outcome: SendOutcome): boolean =>
  outcome.kind !== 'accepted' && outcome.why.code === 'no-credit';

/** That an account cannot pay says nothing about the message: it may go later, or through another. */
const unlessNoCredit = (outcome: SendOutcome): SendOutcome =>
  outcome.kind === 'refused' && isOutOfCredit(outcome) ? { kind: 'later', why: outcome.why } : outcome;

const STOPPED: SendOutcome = { kind: 'later', why: { code: 'not-connected', detail: 'stopped before it was sent' } };

/** Hands the marked messages over, unless writing the marks took so long that nothing may be sent any more. */
async function put(
  session: Session,
  marked: readonly Marked[],
  campaign: Campaign,
  signal: AbortSignal,
  onOutcome: OnOutcome,
): Promise<readonly SendOutcome[]> {
  if (signal.aborted) return marked.map(() => STOPPED);
  const batch = marked.map((one) => outbound(one, campaign));
  return session.provider.send(batch, signal, onOutcome);
}

async function withoutSuppressed(
  desk: PieceDesk,
  { piece }: Claimed,
  chunk: readonly Routed[],
): Promise<readonly Routed[]> {
  const suppressed = await desk.room.suppressedAmong(chunk.map((one) => one.message.person));
  if (suppressed.size === 0) return chunk;
  const out = chunk.filter((one) => suppressed.has(one.message.person)).map((one) => one.message._id);
  await desk.room.store.endQueued(out, piece.fence, { state: 'suppressed' }, desk.room.now());
  return chunk.filter((one) => !suppressed.has(one.message.person));
}

/** A message that is written down as submitting: in an entry with others, or by itself. */
interface Marked extends Routed {
  readonly entry: WireEntry | undefined;
}

/** Writes durably what is about to be sent; nothing when the lease is lost. */
async function markChunk(
  desk: PieceDesk,
  claimed: Claimed,
  campaign: Campaign,
  chunk: readonly Routed[],
): Promise<readonly Marked[]> {
  const [retries, firsts] = [chunk.filter((one) => one.isRetry), chunk.filter((one) => !one.isRetry)];
  const marked = await Promise.all([
    putOnWire(desk, claimed, campaign, firsts),
    markAlone(desk, claimed, campaign, retries),
  ]);
  return marked.flat();
}

/** One write for all, with an entry for each price. */
async function putOnWire(
  desk: PieceDesk,
  { batch, piece }: Claimed,
  campaign: Campaign,
  chunk: readonly Routed[],
): Promise<readonly Marked[]> {
  if (chunk.length === 0) return [];
  const sentAt = desk.room.now();
  const marked: Marked[] = [];
  const entries: OnWire[] = [];
  for (const same of byPrice(chunk)) {
    const under = underOf(same[0]!.route, piece.fence, campaign.costCentre, sentAt);
    const entry = { batch: batch._id, fence: piece.fence, number: desk.nextEntry(), under };
    entries.push({
      number: entry.number,
      stretches: stretchesOf(same.map(({ message }) => sequenceOf(message._id))),
      under,
    });
    for (const one of same) marked.push({ ...one, entry });
  }
  return (await desk.room.store.putOnWire(batch._id, piece.fence, entries)) ? marked : [];
}

/** Second copies are marked one by one: a receipt of the first may have come meanwhile. What was moved is not sent. */
async function markAlone(
  desk: PieceDesk,
  { piece }: Claimed,
  campaign: Campaign,
  chunk: readonly Routed[],
): Promise<readonly Marked[]> {
  const marked = await Promise.all(
    byPrice(chunk).map(async (same) => {
      const ids = same.map((one) => one.message._id);
      const under = underOf(same[0]!.route, piece.fence, campaign.costCentre, desk.room.now());
      const mine = await desk.room.store.mark(ids, under);
      return same.filter((one) => mine.includes(one.message._id));
    }),
  );
  return marked.flat().map((one) => ({ ...one, entry: undefined }));
}

const byPrice = (chunk: readonly Routed[]): readonly (readonly Routed[])[] => [
  ...Map.groupBy(chunk, ({ route }) => `${route.perPart}|${route.chargedOn}|${route.accountPrice?.perPart}`).values(),
];

function underOf(route: Route, fence: number, costCentre: string, sentAt: Date): SentUnder {
  const { provider, perPart, currency, priceVersion, chargedOn, accountPrice } = route;
  const under = { fence, provider, sentAt, perPart, currency, priceVersion, chargedOn, costCentre };
  return accountPrice ? { ...under, accountPrice } : under;
}

function outbound({ message }: Routed, campaign: Campaign): OutboundSms {
  const { _id, phone, sender, text, encoding, parts } = message;
  const validUntil = campaign.submission?.terms.notAfter ?? campaign.notAfter;
  return { ref: _id, to: phone, sender, text, encoding, parts, ...(validUntil && { validUntil }) };
}

const answerOf = (
  { message, isRetry }: Routed,
  { piece }: Claimed,
  session: Session,
  outcome: SendOutcome,
): Answer => ({
  id: message._id,
  person: message.person,
  phone: message.phone,
  fence: piece.fence,
  provider: session.account.name,
  outcome,
  isRetry,
  oneReceipt: session.account.receipts === 'one',
  destination: destinationOf(message.phone, message.network),
});
