/**
 * The postman: takes what waits in the queue of postings to the chats, one postman a chat over all processes. It asks no chat
 * faster than its pace and its own wishes allow, keeps the order of each place, and shows nothing twice that it can know was
 * shown: that a chat is being asked is written down before it is asked, and what is left open by a crash is looked up first.
 */
import { type Bell, createBell } from '../platform/bell.ts';
import { type Lease, takeLease } from '../platform/lease.ts';
import { afterCrash } from './posting.ts';
import { createPostingPace } from './posting-pace.ts';
import { carry, type PostmanOptions, type Round, settle } from './posting-try.ts';
import type { ChatSurface } from './surface.ts';

export type { PostmanOptions, Senders } from './posting-try.ts';

export interface Postman {
  start(): void;
  /** There is something to post. */
  nudge(): void;
  /** Asks no chat any more, and waits for the answers under way. */
  stop(): Promise<void>;
}

export function createPostman(options: PostmanOptions): Postman {
  const rounds = options.surfaces.map((surface) => ({ surface, bell: createBell() }));
  let stopping = false;
  let loops: readonly Promise<void>[] = [];
  return {
    start() {
      loops = rounds.map(({ surface, bell }) => serve(options, surface, bell, () => stopping));
    },
    nudge() {
      for (const { bell } of rounds) bell.ring();
    },
    async stop() {
      stopping = true;
      for (const { bell } of rounds) bell.ring();
      await Promise.all(loops);
    },
  };
}

/** Waits for the chat to have no postman, is it, and begins again when it lost the post. */
async function serve(options: PostmanOptions, surface: ChatSurface, bell: Bell, ended: () => boolean): Promise<void> {
  const { database, log, pollMs = 500, leaseMs = 15_000 } = options;
  while (!ended()) {
    try {
      const lease = await takeLease(database, `postman:${surface.name}`, leaseMs);
      if (lease) await onDuty(options, surface, bell, lease, ended);
    } catch (error) {
      log.warn({ surface: surface.name, err: error }, 'the queue of a chat cannot be served; trying again');
    }
    if (!ended()) await bell.wait(pollMs);
  }
}

async function onDuty(
  options: PostmanOptions,
  surface: ChatSurface,
  bell: Bell,
  lease: Lease,
  ended: () => boolean,
): Promise<void> {
  const { now, pollMs = 500, leaseMs = 15_000, settleMs = 10_000, backoffMs = 1000, mostTries = 20 } = options;
  // Counted from before the renewal, so that we give up before anybody else may begin.
  let ours = performance.now() + leaseMs;
  const renewing = setInterval(async () => {
    const asked = performance.now();
    const renewed = await lease.renew().catch(() => null);
    if (renewed) ours = asked + leaseMs;
    if (renewed === false) ours = 0;
  }, leaseMs / 3);
  const round: Round = {
    options,
    surface,
    terms: { canFind: surface.find !== undefined, settleMs, backoffMs, mostTries },
    pace: createPostingPace(surface.pace, now().getTime()),
    bell,
    isOurs: () => performance.now() < ours,
    underWay: new Map(),
  };
  try {
    await takeOver(round);
    while (!ended() && round.isOurs()) {
      const wakeAt = await oneRound(round);
      if (!ended()) await bell.wait(Math.max(1, Math.min(pollMs, wakeAt - now().getTime())));
      if (round.failure) throw round.failure;
    }
  } finally {
    await Promise.all(round.underWay.values());
    clearInterval(renewing);
    await lease.release().catch(() => {});
  }
}

/** What the chat asked for, and what the one before us left open. */
async function takeOver(round: Round): Promise<void> {
  const { options, surface, pace } = round;
  const now = options.now();
  for (const { account, until } of await options.store.rests(surface.name, now)) pace.rest(account, until.getTime());
  for (const { posting, token } of await options.store.leftBehind(surface.name)) {
    await settle(round, posting, token, afterCrash(posting, { ...round.terms, now }), 'nobody knows what came of it');
  }
}

/** Begins what may begin now; resolves with when to look again, ms. */
async function oneRound(round: Round): Promise<number> {
  const { options, surface, pace, underWay } = round;
  const { store, now, abreast = 8 } = options;
  await hearSenders(round);
  const at = now();
  const from = at.getTime();
  if (pace.opensAt() > from) return pace.opensAt();
  const busy = [...pace.resting(from), ...underWay.keys()];
  for (const posting of await store.due(surface.name, at, busy)) {
    const time = now().getTime();
    if (underWay.size >= abreast) return Number.POSITIVE_INFINITY;
    if (pace.opensAt() > time) return pace.opensAt();
    if (underWay.has(posting.account)) continue;
    pace.took(posting.account, time);
    underWay.set(posting.account, carry(round, posting));
  }
  return pace.wakesAt(from) ?? Number.POSITIVE_INFINITY;
}

/** Tells senders what came of theirs, and takes what they have; one that fails holds nobody up, and is told again. */
async function hearSenders({ options, surface }: Round): Promise<void> {
  const { store, senders, log } = options;
  for (const posting of await store.untold(surface.name)) {
    try {
      await senders.settled(posting);
      await store.told(posting);
    } catch (error) {
      log.warn({ posting: posting.key, err: error }, 'what came of a posting could not be told');
    }
  }
  try {
    await senders.fill(surface.name);
  } catch (error) {
    log.warn({ surface: surface.name, err: error }, 'what is to be posted could not be gathered');
  }
}
