/**
 * Sends one leased piece of a batch. Each message goes through one gate in one order: may the run be sent now, is the person
 * not suppressed, which route; then `submitting` is written durably, then the provider, then the outcome. Whatever breaks in
 * between leaves a message queued (certainly not sent) or unknown (perhaps sent), never sent twice.
 */
import type { Campaign } from '../campaigns/campaign.ts';
import type { Grouping } from '../platform/grouping.ts';
import type { VerifiedBatch } from './batches.ts';
import { allowed } from './board.ts';
import type { DearWatch } from './dear.ts';
import { destinationOf } from './delivery.ts';
import type { Claimed } from './piece-store.ts';
import type { OnOutcome, OutboundSms, SendOutcome } from './provider.ts';
import type { DispatchRoom } from './room.ts';
import type { Session } from './sessions.ts';
import type { Answer } from './settle.ts';
import { inChunks, isUsable, type Queued, type Routed, type SortingDesk, sortByRoute } from './sort.ts';
import type { Watchman } from './watchman.ts';

export interface PieceDesk extends SortingDesk {
  readonly room: DispatchRoom;
  readonly settling: Grouping<Answer>;
  readonly signal: AbortSignal;
  readonly watch: Watchman['watch'];
  readonly dear: DearWatch;
}

/** A lease under whose monotonic deadline nothing may be put on a wire any more. */
export interface Lease {
  readonly holds: () => boolean;
}

/**
 * `done`: every message of the piece has an outcome. `stopped`: something forbids to send the run now. `waiting`: what is left
 * can be sent by nobody here at the moment, for want of a route that is well.
 */
export type PieceEnd = 'done' | 'stopped' | 'waiting';

export async function sendPiece(
  desk: PieceDesk,
  claimed: Claimed,
  verified: VerifiedBatch,
  lease: Lease,
): Promise<PieceEnd> {
  const { room } = desk;
  const { batch, piece } = claimed;
  if (claimed.isTakenOver) await room.store.takeOver(batch.run, piece, room.now());
  for (;;) {
    const queued = await room.store.queuedIn(batch.run, piece);
    if (queued.length === 0) return 'done';
    const campaign = gate(desk, claimed, lease);
    if (!campaign) return 'stopped';
    const waiting = queued.flatMap(({ id, ...rest }) => {
      const message = verified.get(id);
      return message ? [{ message, ...rest }] : [];
    });
    if (!(await sendRound(desk, claimed, campaign, waiting, lease))) return 'waiting';
  }
}

/** The campaign, when everything allows to send this piece now. */
function gate(desk: PieceDesk, { batch }: Claimed, lease: Lease): Campaign | null {
  if (desk.signal.aborted || !lease.holds()) return null;
  return allowed(desk.board(), batch.run, batch.zone, desk.room.now(), desk.room.mono());
}

/** Sends what can be sent now; false when nothing could, for want of a healthy route. */
async function sendRound(
  desk: PieceDesk,
  claimed: Claimed,
  campaign: Campaign,
  waiting: readonly Queued[],
  lease: Lease,
): Promise<boolean> {
  const sorted = sortByRoute(desk, campaign, waiting);
  if (sorted.dear.length > 0) desk.dear.met(campaign, sorted.dear);
  // Why it was refused stands in the message already.
  await desk.room.store.endQueued(sorted.refused, { state: 'failed' }, desk.room.now());
  const chunks = [...sorted.routed.values()].flatMap(({ session, items }) =>
    inChunks(items, session).map((chunk) =>
      sendChunk(desk, claimed, session, chunk, lease, campaign.class === 'service'),
    ),
  );
  // One that fails must not leave the others behind, sending under a lease that nobody renews.
  const ends = await Promise.allSettled(chunks);
  for (const end of ends) if (end.status === 'rejected') throw end.reason;
  return sorted.refused.length > 0 || ends.some((end) => end.status === 'fulfilled' && end.value);
}

/** Sends a chunk through one session; false when nothing of it could be sent, and nothing was learnt by trying. */
async function sendChunk(
  desk: PieceDesk,
  claimed: Claimed,
  session: Session,
  chunk: readonly Routed[],
  lease: Lease,
  isUrgent: boolean,
): Promise<boolean> {
  const parts = chunk.reduce((sum, one) => sum + one.message.parts, 0);
  const leave = await session.window.enter(parts, isUrgent);
  // A pause takes back what waits for its turn in the provider, too: it may be seconds of the pace.
  const watch = desk.watch(() => gate(desk, claimed, lease) !== null && isUsable(desk, session));
  const settled = Promise.withResolvers<void>();
  try {
    // The wait for the window may have been long: everything is asked again.
    const campaign = gate(desk, claimed, lease);
    if (!campaign || !isUsable(desk, session)) return false;
    const wanted = await withoutSuppressed(desk, chunk);
    const marked = await markChunk(desk, claimed, campaign, wanted);
    if (marked.length === 0) return wanted.length < chunk.length;
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
    await desk.settling.add(outcomes.map((outcome, index) => answer(index, outcome)));
    desk.sessions.rest(session.account.name, Math.max(...outcomes.map(restAfter)));
    if (said.some(isOutOfCredit)) desk.sessions.noCredit(session.account.name);
    return said.some((outcome) => outcome.kind !== 'later');
  } finally {
    settled.resolve();
    watch.end();
    leave();
  }
}

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
  marked: readonly Routed[],
  campaign: Campaign,
  signal: AbortSignal,
  onOutcome: OnOutcome,
): Promise<readonly SendOutcome[]> {
  if (signal.aborted) return marked.map(() => STOPPED);
  const batch = marked.map((one) => outbound(one, campaign));
  return session.provider.send(batch, signal, onOutcome);
}

async function withoutSuppressed(desk: PieceDesk, chunk: readonly Routed[]): Promise<readonly Routed[]> {
  const suppressed = await desk.room.suppressedAmong(chunk.map((one) => one.message.person));
  if (suppressed.size === 0) return chunk;
  const out = chunk.filter((one) => suppressed.has(one.message.person)).map((one) => one.message._id);
  await desk.room.store.endQueued(out, { state: 'suppressed' }, desk.room.now());
  return chunk.filter((one) => !suppressed.has(one.message.person));
}

/** Writes `submitting`, one durable write for each price; what was moved meanwhile is not sent. */
async function markChunk(
  desk: PieceDesk,
  { piece }: Claimed,
  campaign: Campaign,
  chunk: readonly Routed[],
): Promise<readonly Routed[]> {
  const byPrice = Map.groupBy(
    chunk,
    ({ route }) => `${route.perPart}|${route.chargedOn}|${route.accountPrice?.perPart}`,
  );
  const marked = await Promise.all(
    [...byPrice.values()].map(async (same) => {
      const ids = same.map((one) => one.message._id);
      const { route } = same[0]!;
      const mine = await desk.room.store.mark(ids, piece.fence, route, campaign.costCentre, desk.room.now());
      return mine.length === ids.length ? same : same.filter((one) => mine.includes(one.message._id));
    }),
  );
  return marked.flat();
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
  fence: piece.fence,
  provider: session.account.name,
  outcome,
  isRetry,
  oneReceipt: session.account.receipts === 'one',
  destination: destinationOf(message.phone, message.network),
});
