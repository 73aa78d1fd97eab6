/**
 * The outbox: what a room tells the rooms below it, written in the same transaction as the change it tells of, so that
 * both are there or neither is. Every listener hears every event of its kinds at least once, events of one subject one at
 * a time in their order; so a handler must bear to hear one again. See docs/decisions/0001-outbox-marks-instead-of-cursors.md.
 */
import type { ClientSession } from 'mongodb';
import { type Bell, createBell } from './bell.ts';
import type { Log } from './log.ts';
import type { Database } from './mongo/connect.ts';
import { type Claimed, eventStore, type NewEvent, type OutboxEvent } from './outbox-store.ts';

export { type NewEvent, type OutboxEvent, outboxMigrations } from './outbox-store.ts';

/**
 * Which kinds of event each listener hears. Known to every process, also to those that only tell: an event is marked
 * with its listeners when it is written. A listener that is added later hears what is written from then on.
 */
export type Subscriptions = Readonly<Record<string, readonly string[]>>;

export interface Outbox {
  /** Writes an event into the transaction of `session`. Its body holds ids and numbers, never a phone or a text. */
  emit(session: ClientSession, event: NewEvent): Promise<void>;
  /** Says what this process does when `listener` hears an event; before `start`, once for each listener. */
  listen(listener: string, handle: (event: OutboxEvent) => Promise<void>): void;
  start(): void;
  /** Takes no further event, and waits for the handlers under way. */
  stop(): Promise<void>;
  /** How many events each listener has given up on; listeners with none are left out. */
  parked(): Promise<Readonly<Record<string, number>>>;
  /** Hands the listener what it gave up on once more; resolves with how many. */
  retryParked(listener: string): Promise<number>;
}

export interface OutboxOptions {
  readonly subscriptions: Subscriptions;
  readonly log: Log;
  /** How often events are looked for; own ones are seen at once. */
  readonly pollMs?: number;
  /** After this an event belongs to nobody again, if its process does not renew. */
  readonly leaseMs?: number;
  /** How often a handler is tried before the event is parked. */
  readonly attempts?: number;
  /** The wait after the first failure; it doubles up to ten minutes. */
  readonly backoffMs?: number;
  /** How long events are kept after all have heard them. */
  readonly keepDays?: number;
}

const longestBackoffMs = 600_000;

/** The wait after so many failures, in milliseconds. */
export const backoffAfter = (failures: number, firstMs: number): number =>
  Math.min(longestBackoffMs, firstMs * 2 ** Math.min(failures - 1, 20));

export function createOutbox(database: Database, options: OutboxOptions): Outbox {
  const { subscriptions, log, pollMs = 1000, leaseMs = 30_000, attempts = 20, backoffMs = 500, keepDays = 7 } = options;
  const listenersOf = whoHears(subscriptions);
  const store = eventStore(database, { leaseMs, keepDays });
  const handlers = new Map<string, (event: OutboxEvent) => Promise<void>>();
  const bells = new Map<string, Bell>();
  let loops: readonly Promise<void>[] = [];
  let stopping = false;

  return {
    async emit(session, event) {
      const waiting = listenersOf.get(event.kind) ?? [];
      await store.insert(session, event, waiting);
      // The transaction is over when its session ends; before that nobody else can see the event.
      session.once('ended', () => {
        for (const listener of waiting) bells.get(listener)?.ring();
      });
    },
    listen(listener, handle) {
      if (!(listener in subscriptions)) throw new Error(`no listener is called ${listener}`);
      if (handlers.has(listener)) throw new Error(`${listener} listens already`);
      handlers.set(listener, handle);
    },
    start() {
      loops = [...handlers].map(([listener, handle]) => {
        const bell = createBell();
        bells.set(listener, bell);
        return listening(listener, handle, bell);
      });
    },
    async stop() {
      stopping = true;
      for (const bell of bells.values()) bell.ring();
      await Promise.all(loops);
    },
    parked: () => store.countParked(),
    retryParked: (listener) => store.unpark(listener),
  };

  async function listening(listener: string, handle: (event: OutboxEvent) => Promise<void>, bell: Bell): Promise<void> {
    while (!stopping) {
      try {
        await hearAll(listener, handle);
      } catch (error) {
        log.warn({ listener, err: error }, 'events cannot be read; trying again');
      }
      if (!stopping) await bell.wait(pollMs);
    }
  }

  /** Until nothing is left that may be heard now. */
  async function hearAll(listener: string, handle: (event: OutboxEvent) => Promise<void>): Promise<void> {
    const held = new Set<string>();
    while (!stopping) {
      const claimed = await store.claimNext(listener, held);
      if (claimed === null) return;
      await hear(listener, handle, claimed);
    }
  }

  async function hear(
    listener: string,
    handle: (event: OutboxEvent) => Promise<void>,
    { event, token, tries }: Claimed,
  ): Promise<void> {
    // Claims are counted, not failures: an event that kills its process is given up as well.
    if (tries > attempts) return park(listener, event, tries, 'its process died of it');
    const renewing = setInterval(() => void store.renew(listener, event.id, token).catch(() => {}), leaseMs / 3);
    try {
      await handle(event);
    } catch (error) {
      log.warn(
        { listener, event: event.id, kind: event.kind, subject: event.subject, tries, err: error },
        'an event was not handled',
      );
      if (tries >= attempts) return await park(listener, event, tries, 'its handler fails');
      return await store.postpone(listener, event.id, token, backoffAfter(tries, backoffMs));
    } finally {
      clearInterval(renewing);
    }
    await store.heard(listener, event.id);
  }

  async function park(listener: string, event: OutboxEvent, tries: number, why: string): Promise<void> {
    await store.park(listener, event.id);
    const { id, kind, subject } = event;
    log.error({ listener, event: id, kind, subject, tries }, `an event was given up: ${why}`);
  }
}

/** Listeners by kind of event. A name is part of a field's path in the database, so it has no dots. */
function whoHears(subscriptions: Subscriptions): ReadonlyMap<string, readonly string[]> {
  const listeners = new Map<string, string[]>();
  for (const [listener, kinds] of Object.entries(subscriptions)) {
    if (!/^[a-z][a-z-]*$/.test(listener))
      throw new Error(`${listener} is no name of a listener: small letters and hyphens`);
    for (const kind of new Set(kinds)) listeners.set(kind, [...(listeners.get(kind) ?? []), listener]);
  }
  return listeners;
}
