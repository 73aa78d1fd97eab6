/**
 * Sends one leased piece of a batch. Each message goes through one gate in one order: may the run be sent now, is the person
 * not suppressed, which route; then `submitting` is written durably, then the provider, then the outcome. Whatever breaks in
 * between leaves a message queued (certainly not sent) or unknown (perhaps sent), never sent twice.
 */
import type { Campaign } from '../campaigns/campaign.ts';
import type { MessageRecord } from '../campaigns/messages.ts';
import type { Grouping } from '../platform/grouping.ts';
import type { VerifiedBatch } from './batches.ts';
import { allowed, type Board } from './board.ts';
import type { OutboundSms, SendOutcome } from './provider.ts';
import type { DispatchRoom } from './room.ts';
import { choose, type Route, routeFinder } from './routing.ts';
import type { Session, Sessions } from './sessions.ts';
import type { Answer } from './settle.ts';
import type { Claimed } from './store.ts';

export interface PieceDesk {
  readonly room: DispatchRoom;
  readonly sessions: Sessions;
  readonly settling: Grouping<Answer>;
  readonly board: () => Board;
  readonly signal: AbortSignal;
}

/** A lease under whose monotonic deadline nothing may be put on a wire any more. */
export interface Lease {
  readonly holds: () => boolean;
}

/** `done`: every message of the piece has an outcome. `left`: something forbids going on; give the piece back. */
export type PieceEnd = 'done' | 'left';

interface Queued {
  readonly message: MessageRecord;
  readonly refusedBy: readonly string[];
}

export async function sendPiece(
  desk: PieceDesk,
  claimed: Claimed,
  verified: VerifiedBatch,
  lease: Lease,
): Promise<PieceEnd> {
  const { room } = desk;
  const { batch, piece } = claimed;
  await room.store.giveUpOn(batch.run, piece, room.now());
  for (;;) {
    const queued = await room.store.queuedIn(batch.run, piece);
    if (queued.length === 0) return 'done';
    const campaign = gate(desk, claimed, lease);
    if (!campaign) return 'left';
    const waiting = queued.flatMap(({ id, refusedBy }) => {
      const message = verified.get(id);
      return message ? [{ message, refusedBy }] : [];
    });
    if (!(await sendRound(desk, claimed, campaign, waiting, lease))) return 'left';
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
  await desk.room.store.endQueued(sorted.unroutable, { state: 'failed', error: 'no-route' }, desk.room.now());
  const chunks = [...sorted.routed.values()].flatMap(({ session, items }) =>
    inChunks(items, session).map((chunk) => sendChunk(desk, claimed, session, chunk, lease)),
  );
  const sent = await Promise.all(chunks);
  return sorted.unroutable.length > 0 || sent.some((one) => one);
}

interface Routed {
  readonly message: MessageRecord;
  readonly route: Route;
}

function sortByRoute(desk: PieceDesk, campaign: Campaign, waiting: readonly Queued[]) {
  const board = desk.board();
  const { sender, class: of } = campaign;
  const routesOf = routeFinder(board.accounts, { sender: sender ?? '', class: of });
  const routed = new Map<string, { session: Session; items: Routed[] }>();
  const unroutable: string[] = [];
  for (const { message, refusedBy } of waiting) {
    const chosen = choose(routesOf(message.phone), {
      allowed: new Set(campaign.submission?.terms.providers ?? campaign.frozen?.providers),
      ceiling: message.ceiling,
      refusedBy,
      isHealthy: (provider) => board.healthy.has(provider) && desk.sessions.isUp(provider),
    });
    if (chosen.kind === 'none' && board.accounts.length > 0) unroutable.push(message._id);
    if (chosen.kind !== 'route') continue;
    const session = desk.sessions.get(chosen.route.provider);
    if (!session) continue;
    const group = routed.get(chosen.route.provider);
    if (group) group.items.push({ message, route: chosen.route });
    else routed.set(chosen.route.provider, { session, items: [{ message, route: chosen.route }] });
  }
  return { routed, unroutable };
}

/** Chunks of a quarter of the window: while one is written down, another is on the wire. */
function inChunks(items: readonly Routed[], session: Session): Routed[][] {
  const most = Math.max(1, Math.min(Math.floor(session.window.size / 4), session.provider.limits.batch, 250));
  const chunks: Routed[][] = [];
  for (let from = 0; from < items.length; from += most) chunks.push(items.slice(from, from + most));
  return chunks;
}

/** Sends a chunk through one session; false when nothing of it could be sent. */
async function sendChunk(
  desk: PieceDesk,
  claimed: Claimed,
  session: Session,
  chunk: readonly Routed[],
  lease: Lease,
): Promise<boolean> {
  const leave = await session.window.enter(chunk.reduce((sum, one) => sum + one.message.parts, 0));
  try {
    // The wait for the window may have been long: everything is asked again.
    const campaign = gate(desk, claimed, lease);
    if (!campaign || !desk.sessions.isUp(session.account.name)) return false;
    const marked = await markChunk(desk, claimed, campaign, await withoutSuppressed(desk, chunk));
    if (marked.length === 0) return true;
    if (!lease.holds()) return false;
    const outcomes = await session.provider.send(
      marked.map((one) => outbound(one, campaign)),
      desk.signal,
    );
    await desk.settling.add(marked.map((one, index) => answerOf(one, claimed, session, outcomes[index]!)));
    return outcomes.some((outcome) => outcome.kind !== 'later');
  } finally {
    leave();
  }
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
  const byPrice = Map.groupBy(chunk, (one) => `${one.route.perPart}|${one.route.chargedOn}`);
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
  const validUntil = campaign.submission?.terms.notAfter;
  return { ref: _id, to: phone, sender, text, encoding, parts, ...(validUntil && { validUntil }) };
}

const answerOf = ({ message }: Routed, { piece }: Claimed, session: Session, outcome: SendOutcome): Answer => ({
  id: message._id,
  person: message.person,
  fence: piece.fence,
  provider: session.account.name,
  outcome,
});
