/**
 * One try with one posting: judged again, its place found, written down, asked of the chat once, and written down what came of
 * it. Whoever lost the turn meanwhile does not speak.
 */
import { randomUUID } from 'node:crypto';
import type { Bell } from '../platform/bell.ts';
import type { Log } from '../platform/log.ts';
import type { Database } from '../platform/mongo/connect.ts';
import type { Card } from './card.ts';
import { afterLook, afterNoTry, afterTry, messageKey, type Next, type Posting, type PostingTerms } from './posting.ts';
import type { PostingPace } from './posting-pace.ts';
import type { PostingStore } from './posting-store.ts';
import type { Reach, ReachStore } from './reach-store.ts';
import type { CardRef, ChatSurface, Posted } from './surface.ts';

/** What the postman asks of those who want cards shown. */
export interface Senders {
  /** Puts what has come up since into the queue of this chat. Called often. */
  fill(surface: string): Promise<void>;
  /** The card as it is to be shown at this moment; null when it is not meant any more. */
  judge(posting: Posting): Promise<Card | null>;
  /** A posting with notices is shown or over: its `state` says which. May be told twice. */
  settled(posting: Posting): Promise<void>;
}

export interface PostmanOptions {
  readonly database: Database;
  readonly store: PostingStore;
  readonly reaches: ReachStore;
  readonly surfaces: readonly ChatSurface[];
  readonly senders: Senders;
  readonly now: () => Date;
  readonly log: Log;
  /** How often the queue is looked at. */
  readonly pollMs?: number;
  /** After this another process is the postman, if this one does not renew. */
  readonly leaseMs?: number;
  /** Calls to one chat under way at a time. */
  readonly abreast?: number;
  readonly settleMs?: number;
  readonly backoffMs?: number;
  readonly mostTries?: number;
}

/** What one postman has at hand while the lease is held. */
export interface Round {
  readonly options: PostmanOptions;
  readonly surface: ChatSurface;
  readonly terms: Omit<PostingTerms, 'now'>;
  readonly pace: PostingPace;
  readonly bell: Bell;
  readonly isOurs: () => boolean;
  /** Calls under way, by account. */
  readonly underWay: Map<string, Promise<void>>;
  /** Something could not be written down: whoever is on duty next begins with what was left open. */
  failure?: unknown;
}

/** One posting, to its end; never fails. */
export async function carry(round: Round, posting: Posting): Promise<void> {
  try {
    if (posting.state === 'doubtful') await lookUp(round, posting);
    else await show(round, posting);
  } catch (error) {
    round.failure ??= error;
  } finally {
    round.underWay.delete(posting.account);
    round.bell.ring();
  }
}

async function lookUp(round: Round, posting: Posting): Promise<void> {
  const { options, surface } = round;
  const token = randomUUID();
  if (!(await options.store.claim(posting, token))) return;
  const place = await placeFor(round, posting, await reachOf(round, posting));
  let found: CardRef | null | undefined;
  try {
    found = place.kind === 'place' ? await surface.find?.(place.to, messageKey(posting)) : undefined;
  } catch (error) {
    options.log.warn({ posting: posting.key, err: error }, 'a chat did not say whether it shows a card');
  }
  const next = afterLook(posting, found, { ...round.terms, now: options.now() });
  await settle(round, posting, token, next, 'the chat does not say whether it was shown');
}

async function show(round: Round, posting: Posting): Promise<void> {
  const { options, surface } = round;
  const { store, now } = options;
  const place = await placeFor(round, posting, await reachOf(round, posting));
  const card = place.kind === 'place' ? await judged(round, posting) : null;
  if (place.kind === 'place' && card === null) return void (await store.drop(posting));
  const token = randomUUID();
  if (!(await store.claim(posting, token))) return;
  if (place.kind === 'gone') return settle(round, posting, token, { kind: 'over', state: 'gone' }, place.why);
  if (place.kind === 'unsaid' || !card) {
    const next = afterNoTry(posting, { ...round.terms, now: now() });
    return settle(round, posting, token, next, 'it could not be made ready');
  }
  // Whoever stood still so long that another took the lease must not speak.
  if (!round.isOurs()) return store.unclaim(posting, token);
  const posted = await ask(surface, posting, place.to, card, options.log);
  await heed(round, posting, posted);
  const next = afterTry(posting, posted, { ...round.terms, now: now() });
  await settle(round, posting, token, next, 'why' in posted ? posted.why : posted.kind);
}

/** `undefined`: it could not be judged. */
async function judged({ options }: Round, posting: Posting): Promise<Card | null | undefined> {
  try {
    return await options.senders.judge(posting);
  } catch (error) {
    options.log.warn({ posting: posting.key, err: error }, 'a posting could not be judged');
    return undefined;
  }
}

type Place = { kind: 'place'; to: string } | { kind: 'gone'; why: string } | { kind: 'unsaid' };

/** The account while it is the person's and can be written to. */
async function reachOf({ options }: Round, { surface, account, employee }: Posting): Promise<Reach | null> {
  const reach = await options.reaches.reach(surface, account);
  return reach?.employee === employee ? reach : null;
}

async function placeFor({ options, surface }: Round, posting: Posting, reach: Reach | null): Promise<Place> {
  if (reach === null) return { kind: 'gone', why: 'the account is not linked any more' };
  if (reach.dead) return { kind: 'gone', why: reach.dead.why };
  if (reach.place !== null) return { kind: 'place', to: reach.place };
  try {
    const to = await surface.placeOf(posting.account);
    if (to === null) {
      await options.reaches.bury(reach.surface, reach.account, { at: options.now(), why: 'no-such-place' });
      return { kind: 'gone', why: 'no-such-place' };
    }
    await options.reaches.keepPlace(reach.surface, reach.account, to);
    return { kind: 'place', to };
  } catch (error) {
    options.log.warn({ surface: surface.name, err: error }, 'a place in a chat could not be looked up');
    return { kind: 'unsaid' };
  }
}

/** A surface answers; should it throw, nobody knows what was shown. */
async function ask(surface: ChatSurface, posting: Posting, to: string, card: Card, log: Log): Promise<Posted> {
  try {
    if (posting.kind === 'edit' && posting.ref) return await surface.update(posting.ref, card);
    return await surface.post(to, card, messageKey(posting));
  } catch (error) {
    log.error({ posting: posting.key, err: error }, 'a chat failed in the middle of a posting');
    return { kind: 'unknown', why: 'it failed' };
  }
}

/** What the answer says about the place and the chat, beside the card. */
async function heed({ options, pace }: Round, { surface, account }: Posting, posted: Posted): Promise<void> {
  const { store, reaches, now } = options;
  switch (posted.kind) {
    case 'later': {
      const until = new Date(now().getTime() + posted.afterMs);
      const whom = posted.wide === 'place' ? account : null;
      pace.rest(whom, until.getTime());
      return store.rest(surface, whom, until);
    }
    case 'moved':
      return reaches.keepPlace(surface, account, posted.to);
    case 'gone':
      return reaches.bury(surface, account, { at: now(), why: posted.why });
    case 'posted':
    case 'stale':
    case 'refused':
    case 'unknown':
      return;
  }
}

export async function settle(round: Round, posting: Posting, token: string, next: Next, why: string): Promise<void> {
  const { options, surface } = round;
  const { store, log, now } = options;
  const about = { posting: posting.key, surface: surface.name, kind: posting.kind, tries: posting.tries, why };
  await store.settle(posting, token, next, { now: now(), editMs: surface.pace.editMs });
  if (next.kind !== 'over') return;
  if (next.state === 'gone') log.info(about, 'a person cannot be written to in a chat any more');
  else if (next.state === 'parked') log.error(about, 'a card was given up: it was not shown');
  else log.warn(about, 'it is not known whether a card was shown; it is not posted again');
}
