/**
 * What was heard in chats, as MongoDB keeps it for a day. Chats repeat what they think was not heard; by the names that they give,
 * each saying is acted on once. Whoever acts on one says all the while that it is alive: when it has died over one, nobody knows
 * how far it came, and whoever hears the repetition says that instead of acting again.
 */
import { randomUUID } from 'node:crypto';
import { setTimeout as sleep } from 'node:timers/promises';
import type { Collection } from 'mongodb';
import { daysAfter } from '../platform/days.ts';
import type { Database } from '../platform/mongo/connect.ts';

interface HeardRecord {
  readonly _id: string;
  readonly schemaVersion: 1;
  readonly at: Date;
  readonly done: boolean;
  /** The process that acts on it, and until when it is taken to be alive by the database's clock; absent in what is older. */
  readonly owner?: string;
  readonly until?: Date;
  readonly deleteAfter: Date;
}

export type Heard =
  /** To be acted on; `over` when that is done, or has failed and was answered for. */
  | { readonly kind: 'first'; over(): Promise<void> }
  /** Whoever acted on it died: to be said, not done. */
  | { readonly kind: 'interrupted'; over(): Promise<void> }
  | { readonly kind: 'repeated' };

export interface HeardOptions {
  /** Names this process among all that there ever were. */
  readonly owner?: string;
  /** A process that has not been heard of for so long is dead. */
  readonly lifeMs?: number;
}

const POLL_MS = 200;

export type HeardStore = ReturnType<typeof heardStore>;

export function heardStore(database: Database, { owner = randomUUID(), lifeMs = 10_000 }: HeardOptions = {}) {
  const heard: Collection<HeardRecord> = database.db.collection('heard');
  const alive = { $dateAdd: { startDate: '$$NOW', unit: 'millisecond', amount: lifeMs } };

  /** From now on this process acts on it. */
  function ours(_id: string, kind: 'first' | 'interrupted'): Heard {
    const renewing = setInterval(() => {
      heard.updateOne({ _id, owner, done: false }, [{ $set: { until: alive } }]).catch(() => {});
    }, lifeMs / 3);
    renewing.unref();
    return {
      kind,
      async over() {
        clearInterval(renewing);
        await heard.updateOne({ _id, owner }, { $set: { done: true } });
      },
    };
  }

  return {
    /** Whether to act on it. Where another process is about to, waits until that has done it or is dead. */
    async begin(surface: string, id: string, now: Date): Promise<Heard> {
      const _id = JSON.stringify([surface, id]);
      const kept = { schemaVersion: 1 as const, at: now, done: false, owner, deleteAfter: daysAfter(now, 1) };
      // `$setOnInsert` cannot ask the database for the time.
      const isNew = { $eq: [{ $type: '$schemaVersion' }, 'missing'] };
      const keep = { $replaceWith: { $cond: [isNew, { _id, ...kept, until: alive }, '$$ROOT'] } };
      const first = await heard.updateOne({ _id }, [keep], { upsert: true });
      if (first.upsertedCount === 1) return ours(_id, 'first');
      for (;;) {
        const dead = { $or: [{ until: { $exists: false } }, { $expr: { $lte: ['$until', '$$NOW'] } }] };
        const taken = await heard.updateOne({ _id, done: false, owner: { $ne: owner }, ...dead }, [
          { $set: { owner, until: alive } },
        ]);
        if (taken.modifiedCount === 1) return ours(_id, 'interrupted');
        const busy = await heard.countDocuments({ _id, done: false, owner: { $ne: owner } });
        if (busy === 0) return { kind: 'repeated' };
        await sleep(POLL_MS);
      }
    },
  };
}

export const heardMigrations = [
  {
    id: 810,
    name: 'heard: indexes',
    async up({ db }: Database): Promise<void> {
      await db.collection('heard').createIndex({ deleteAfter: 1 }, { expireAfterSeconds: 0 });
    },
  },
];
