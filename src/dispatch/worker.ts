/**
 * A worker: takes pieces of what may be sent, several at once, and sends them. Any number of workers share the work through
 * leases in MongoDB; one that dies is missed after a lease, and what it had on the wire is unknown.
 */
import type { Campaign } from '../campaigns/campaign.ts';
import { dayOf } from '../campaigns/caps.ts';
import { change } from '../campaigns/room.ts';
import { batchReader } from './batches.ts';
import { allowed, type Board, inTurn, isOurs, readBoard } from './board.ts';
import { tendBreakers } from './breakers.ts';
import { createDearWatch } from './dear.ts';
import { NO_SHARES } from './delivery.ts';
import { tendShares } from './delivery-store.ts';
import { endRuns } from './finish.ts';
import { hasOpenCanary, isCleared, settleBudgets, tendGuards } from './guards.ts';
import { endPiece, type Lease, type PieceDesk, sendPiece, takeOver } from './piece.ts';
import type { Claimed } from './piece-store.ts';
import { withPricesAt } from './prices-in-force.ts';
import { createRamp } from './ramp.ts';
import { matchByFit } from './receipts.ts';
import { retryService } from './retry.ts';
import type { DispatchRoom } from './room.ts';
import { createSessions, type Sessions } from './sessions.ts';
import { settler } from './settle.ts';
import { createTrial } from './trial.ts';
import { createWatchman } from './watchman.ts';

export interface Worker {
  start(): Promise<void>;
  /** Takes nothing new, waits for what is on the wire, gives pieces and sessions back. */
  stop(): Promise<void>;
  /** Looks for work now instead of with the next round. */
  nudge(): void;
  readonly sessions: Sessions;
}

/** Pieces that one worker sends at once, at most, and as many more of the service class. */
const PIECES = 4;
/** What a worker holds is no more than about a second of its pace, and a piece never more than a batch. */
const PIECE_MOST = 1000;
const PIECE_LEAST = 10;
/** A board on which nothing is sending is good for so long. */
const IDLE_LOOK_MS = 2000;
/** A piece that nobody here can send at the moment stands back for so long, while others are cut and sent. */
const STAND_BACK_MS = 1000;
/** So long a piece that is sent waits for its first receipts: what they move is written once, not twice. */
const RECEIPTS_COME_MS = 500;
/** A campaign waits so long at most before it begins, and for its canary to be judged. */
const GUARDS_MS = 100;

export function createWorker(room: DispatchRoom, owner: string): Worker {
  const stopping = new AbortController();
  /** Comes after `stopping`, when nothing is on the wire any more. */
  const closing = new AbortController();
  const watchman = createWatchman();
  const sessions = createSessions(room, owner);
  const batches = batchReader(room);
  let board: Board | null = null;
  let shares = NO_SHARES;
  let wake: () => void = () => {};
  let loops: Promise<unknown> = Promise.resolve();
  let tending: Promise<unknown> = Promise.resolve();
  /** Pieces that are held; of those that are sent, only the end is left. */
  const inFlight = new Set<Promise<void>>();
  const sending = new Set<symbol>();
  /** When each run was served last, so that none waits for another's end. */
  const served = new Map<string, number>();
  let turns = 0;
  let entries = 0;
  const ramp = createRamp(room.campaigns.settings.guards.rampMs);

  const desk: PieceDesk = {
    room,
    sessions,
    ...(room.exchange && { exchange: room.exchange }),
    settling: settler({ ...room, keepIdsMs: room.timers.keepIdsMs }),
    board: () => board!,
    trial: createTrial(room.breaker.tries),
    signal: stopping.signal,
    watch: watchman.watch,
    nextEntry: () => ++entries,
    dear: createDearWatch(room),
  };

  /** Repeats `turn` until stopped; a turn that fails is logged and tried again. */
  async function repeat(
    name: string,
    everyMs: number,
    turn: () => Promise<void>,
    until: AbortSignal = stopping.signal,
  ): Promise<void> {
    while (!until.aborted) {
      await turn().catch((failure) => room.log.error({ err: failure }, `${name} failed; it is tried again`));
      await pause(everyMs, until);
    }
  }

  /** While nothing is sending, whether that is still so is all that is asked: idle workers must not load the database. */
  async function isIdle(): Promise<boolean> {
    if (!board || board.running.length > 0 || room.mono() - board.readAt > IDLE_LOOK_MS) return false;
    return (await room.campaigns.store.inStates(['sending'])).length === 0;
  }

  async function look(): Promise<void> {
    if (await isIdle()) return;
    const read = await readBoard({
      campaigns: room.campaigns.store,
      accounts: room.accounts,
      health: room.health,
      shares,
      trialOf: room.trialOf,
      maySend: room.maySend,
      mono: room.mono,
    });
    const now = room.now();
    board = { ...read, accounts: read.accounts.map((account) => withPricesAt(account, now)) };
    for (const run of served.keys()) if (!board.running.some((one) => one.frozen?.run === run)) served.delete(run);
    ramp.forget((one) => !board?.running.some(({ frozen }) => frozen?.run === one));
    watchman.look();
    wake();
  }

  /** Fills the free places with pieces, one run after the other, so that no campaign waits for another's end. */
  async function fill(): Promise<void> {
    let took = true;
    while (took && !stopping.signal.aborted) {
      took = false;
      for (const campaign of inTurn(board?.running ?? [], served)) {
        // What marketing holds must not keep the service class waiting: it has as many places of its own.
        if (sending.size >= (campaign.class === 'service' ? 2 * PIECES : PIECES)) continue;
        const asked = room.mono();
        // What is wrong with one campaign must not hold up the others.
        const claimed = await claimFrom(campaign).catch((failure) => {
          room.log.error({ err: failure, campaign: campaign._id }, 'could not take work of a campaign');
          return null;
        });
        if (!claimed) continue;
        took = true;
        served.set(claimed.batch.run, ++turns);
        const place = Symbol();
        sending.add(place);
        const free = () => {
          sending.delete(place);
          wake();
        };
        const run: Promise<void> = carry(campaign, claimed, asked, free).finally(() => {
          inFlight.delete(run);
          free();
        });
        inFlight.add(run);
      }
    }
  }

  async function claimFrom(campaign: Campaign): Promise<Claimed | null> {
    const run = campaign.frozen?.run;
    if (!run || sessions.all().length === 0) return null;
    const zones = campaign.frozen!.zones.filter((zone) => allowed(board!, run, zone, room.now(), room.mono()));
    if (zones.length === 0 || !isOurs(board!, campaign, owner, sessions.isUp)) return null;
    if (!isCleared(campaign, dayOf(room.now(), room.campaigns.settings.zone))) return null;
    if (!hasOpenCanary(campaign))
      return room.store.claim(run, zones, rampedSize(campaign, run), owner, room.timers.leaseMs);
    return claimOfCanary(campaign._id, run, zones);
  }

  /** Of marketing that is ramped, 0 while its allowance is used up. */
  function rampedSize({ class: of, kind, startedAt }: Campaign, run: string): number {
    if (kind !== 'campaign' || of !== 'marketing' || startedAt === null) return pieceSize();
    const elapsed = room.now().getTime() - startedAt.getTime();
    return ramp.take(run, elapsed, sessions.rate(), pieceSize(), room.mono());
  }

  /** No more than the canary has left; where that is nothing, only what others have left behind. */
  async function claimOfCanary(id: string, run: string, zones: readonly string[]): Promise<Claimed | null> {
    const { store } = room.campaigns;
    const most = await store.takeOfCanary(id, run, pieceSize());
    const claimed = await room.store.claim(run, zones, most, owner, room.timers.leaseMs);
    const used = claimed && !claimed.isTakenOver ? claimed.piece.last - claimed.piece.first + 1 : 0;
    if (used < most) await store.giveToCanary(id, run, most - used);
    return claimed;
  }

  async function guardAll(): Promise<void> {
    if (board && (await tendGuards(room, board.running))) await look();
  }

  function pieceSize(): number {
    return Math.max(PIECE_LEAST, Math.min(PIECE_MOST, Math.floor(sessions.rate() / PIECES)));
  }

  /** `asked`: when the lease was asked for, by the monotonic clock. `free`: told when the next piece may be sent. */
  async function carry(campaign: Campaign, claimed: Claimed, asked: number, free: () => void): Promise<void> {
    const { batch, piece } = claimed;
    const lease = keepLease(claimed, asked);
    try {
      if (claimed.isTakenOver) await takeOver(desk, claimed);
      const verified = await batches.read(campaign, batch);
      if (!verified) {
        await holdBack(campaign);
        await room.store.release(batch._id, piece.fence);
        return;
      }
      switch (await sendPiece(desk, claimed, verified, lease)) {
        case 'done':
          // Another may be sent already, while the first receipts of this one come.
          free();
          await pause(RECEIPTS_COME_MS, stopping.signal);
          return await endPiece(desk, claimed);
        case 'stopped':
          return await room.store.release(batch._id, piece.fence);
        case 'waiting':
          // Give what stands in the way a moment before the next piece meets it.
          await pause(room.timers.controlMs, stopping.signal);
          return await room.store.release(batch._id, piece.fence, sessions.anyRests() ? 0 : STAND_BACK_MS);
      }
    } catch (failure) {
      // The piece stays leased until it runs out; then what was submitting becomes unknown.
      room.log.error({ err: failure, batch: batch._id }, 'a piece broke off');
    } finally {
      lease.end();
    }
  }

  /** What lost workers had on a wire is made known also where nothing may be sent: a pause or a night may be long. */
  async function settleLost(): Promise<void> {
    const { store, timers } = room;
    // A restored copy changes nothing: the true one may be sending these.
    while (room.maySend()) {
      const lost = await store.claimLost(owner, timers.leaseMs);
      if (!lost) return;
      await takeOver(desk, lost);
      await store.release(lost.batch._id, lost.piece.fence);
    }
  }

  async function holdBack(campaign: Campaign): Promise<void> {
    room.log.error({ campaign: campaign._id }, 'the messages are not what was approved; nothing is sent');
    const hold = { why: 'not-what-was-approved', by: 'herald', at: room.now() } as const;
    const fresh = await room.campaigns.store.campaign({ departments: 'all' }, campaign._id);
    if (fresh?.state !== 'sending') return;
    await change(
      room.campaigns,
      fresh,
      { state: 'paused', hold },
      { by: 'herald', action: 'campaign.paused', event: 'campaign.paused', detail: { why: hold.why } },
    );
  }

  /** Renews the lease in time; holds only while the monotonic clock is well before its end. */
  function keepLease({ batch, piece }: Claimed, claimedAt: number): Lease & { end(): void } {
    const { leaseMs } = room.timers;
    const margin = leaseMs / 6;
    let until = claimedAt + leaseMs;
    const timer = setInterval(async () => {
      const asked = room.mono();
      const held = await room.store.renew(batch._id, piece.fence, leaseMs).catch(() => null);
      if (held === true) until = asked + leaseMs;
      if (held === false) until = 0;
    }, leaseMs / 3);
    return { holds: () => room.mono() < until - margin, end: () => clearInterval(timer) };
  }

  async function work(): Promise<void> {
    while (!stopping.signal.aborted) {
      const woken = new Promise<void>((resolve) => {
        wake = resolve;
      });
      await fill().catch((failure) => room.log.error({ err: failure }, 'could not take work; it is tried again'));
      await Promise.race([woken, pause(room.timers.controlMs, stopping.signal)]);
    }
  }

  /** What this worker has measured counts at once; what others have, within seconds. */
  async function tendHealth(): Promise<void> {
    await room.gauge.flush();
    const { accounts, health, campaigns, now, breaker } = room;
    shares = await tendShares(room.delivery, now());
    await tendBreakers({ database: campaigns.database, accounts, health, staff: campaigns.staff, now, terms: breaker });
  }

  /** While what is on the wire is waited for at a stop, the slots are kept, and no new ones taken. */
  const tend = (): Promise<void> => (stopping.signal.aborted ? sessions.renew() : sessions.tend(board!.accounts));

  return {
    sessions,
    nudge: () => wake(),
    async start() {
      shares = await room.delivery.shares();
      await look();
      await sessions.tend(board!.accounts);
      loops = Promise.all([
        repeat('reading the board', room.timers.controlMs, look),
        repeat('ending runs', room.timers.controlMs, () => endRuns(room)),
        repeat('looking after guards', Math.min(GUARDS_MS, room.timers.controlMs), guardAll),
        repeat('tending breakers', room.timers.recoveryMs, tendHealth),
        repeat('recovery', room.timers.recoveryMs, async () => {
          await settleLost();
          await matchByFit(room.receipts);
          await retryService(room);
          await settleBudgets(room);
        }),
        work(),
      ]);
      tending = Promise.all([
        repeat('watching what is sent', room.timers.controlMs, async () => watchman.look(), closing.signal),
        repeat('tending sessions', Math.min(2000, room.timers.leaseMs / 4), tend, closing.signal),
      ]);
    },
    async stop() {
      stopping.abort();
      watchman.look();
      wake();
      await loops;
      await Promise.all(inFlight);
      await desk.settling.idle();
      closing.abort();
      await tending;
      await sessions.stop();
      await desk.settling.idle();
    },
  };
}

function pause(ms: number, signal: AbortSignal): Promise<void> {
  return new Promise((resolve) => {
    if (signal.aborted) return resolve();
    const timer = setTimeout(done, ms);
    function done() {
      clearTimeout(timer);
      signal.removeEventListener('abort', done);
      resolve();
    }
    signal.addEventListener('abort', done, { once: true });
  });
}
