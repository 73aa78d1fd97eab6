/**
 * Events as they stand in MongoDB: who still waits for each, who holds it, and until when. All times are the database's.
 */
import { randomUUID } from 'node:crypto';
import { type ClientSession, type Document, ObjectId, type Timestamp } from 'mongodb';
import type { Migration } from './migrations.ts';
import type { Database } from './mongo/connect.ts';

export interface NewEvent {
  /** What happened, e.g. `campaign.finished`. */
  readonly kind: string;
  /** What it happened to, e.g. `campaign:12`. */
  readonly subject: string;
  readonly department: string | null;
  readonly body: Readonly<Record<string, unknown>>;
}

export interface OutboxEvent extends NewEvent {
  readonly id: string;
  readonly at: Date;
}

interface EventRecord extends NewEvent {
  readonly _id: ObjectId;
  readonly schemaVersion: 1;
  readonly at: Date;
  /** The database's logical clock: where transactions about one subject follow each other, so do these. */
  readonly order: Timestamp;
  /** Listeners that have not heard it yet. */
  readonly waiting: readonly string[];
  /** Listeners that gave it up. */
  readonly parked?: readonly string[];
  /** By listener: who has it, or until when nobody may. */
  readonly held?: Readonly<Record<string, { readonly token: string; readonly until: Date; readonly tries: number }>>;
  readonly deleteAfter?: Date;
}

export interface Claimed {
  readonly event: OutboxEvent;
  readonly token: string;
  /** How often it was claimed for this listener, this time included. */
  readonly tries: number;
}

const inMs = (ms: number) => ({ $dateAdd: { startDate: '$$NOW', unit: 'millisecond', amount: ms } });
/** Nobody holds it, and it is not put off. */
const isFree = (listener: string) => ({ $lte: [{ $ifNull: [`$held.${listener}.until`, new Date(0)] }, '$$NOW'] });
/** The earliest subjects that are looked at in one round trip. */
const pageSize = 100;

export function eventStore(database: Database, { leaseMs, keepDays }: { leaseMs: number; keepDays: number }) {
  const events = database.db.collection<EventRecord>('events');
  const keep = { $dateAdd: { startDate: '$$NOW', unit: 'day', amount: keepDays } };
  /** Once nobody waits for it and nobody gave it up, the event may go. */
  const mayGo = {
    $set: {
      deleteAfter: {
        $cond: [{ $eq: [{ $concatArrays: ['$waiting', { $ifNull: ['$parked', []] }] }, []] }, keep, '$$REMOVE'],
      },
    },
  };
  const without = (list: string, listener: string) => ({ $setDifference: [{ $ifNull: [list, []] }, [listener]] });
  const plus = (list: string, listener: string) => ({ $setUnion: [{ $ifNull: [list, []] }, [listener]] });

  return {
    /** An upsert, because only an update can read the database's clocks. */
    async insert(
      session: ClientSession,
      { kind, subject, department, body }: NewEvent,
      waiting: readonly string[],
    ): Promise<void> {
      const fields = { $literal: { schemaVersion: 1, kind, subject, department, body, waiting } };
      await events.updateOne(
        { _id: new ObjectId() },
        [{ $replaceWith: { $mergeObjects: ['$$ROOT', fields, { at: '$$NOW', order: '$$CLUSTER_TIME' }] } }, mayGo],
        { upsert: true, session },
      );
    },

    /**
     * Claims the earliest event that may be heard now: the first of its subject, held by nobody and not put off. Subjects
     * found to be held are added to `held` and not looked at again.
     */
    async claimNext(listener: string, held: Set<string>): Promise<Claimed | null> {
      for (;;) {
        const page = await events
          .aggregate<{ _id: ObjectId; subject: string; free: boolean }>([
            { $match: { waiting: listener, subject: { $nin: [...held] } } },
            { $sort: { order: 1, _id: 1 } },
            { $limit: pageSize },
            { $project: { subject: 1, free: isFree(listener) } },
          ])
          .toArray();
        for (const { _id, subject, free } of page) {
          if (held.has(subject)) continue;
          const claimed = free ? await claim(listener, _id) : null;
          if (claimed !== null) return claimed;
          held.add(subject);
        }
        if (page.length < pageSize) return null;
      }
    },

    async renew(listener: string, id: string, token: string): Promise<void> {
      await ifOurs(listener, id, token, [{ $set: { [`held.${listener}.until`]: inMs(leaseMs) } }]);
    },

    async postpone(listener: string, id: string, token: string, ms: number): Promise<void> {
      await ifOurs(listener, id, token, [{ $set: { [`held.${listener}.until`]: inMs(ms) } }]);
    },

    /** Holds also when the claim was lost meanwhile: it was heard. */
    async heard(listener: string, id: string): Promise<void> {
      await events.updateOne({ _id: new ObjectId(id) }, [
        { $set: { waiting: without('$waiting', listener) } },
        { $unset: `held.${listener}` },
        mayGo,
      ]);
    },

    async park(listener: string, id: string): Promise<void> {
      await events.updateOne({ _id: new ObjectId(id) }, [
        { $set: { waiting: without('$waiting', listener), parked: plus('$parked', listener) } },
        { $unset: `held.${listener}` },
      ]);
    },

    async unpark(listener: string): Promise<number> {
      const { modifiedCount } = await events.updateMany({ parked: listener }, [
        { $set: { parked: without('$parked', listener), waiting: plus('$waiting', listener) } },
      ]);
      return modifiedCount;
    },

    async countParked(): Promise<Record<string, number>> {
      const counts = await events
        .aggregate<{ _id: string; count: number }>([
          { $match: { parked: { $gt: '' } } },
          { $unwind: '$parked' },
          { $group: { _id: '$parked', count: { $sum: 1 } } },
        ])
        .toArray();
      return Object.fromEntries(counts.map(({ _id, count }) => [_id, count]));
    },
  };

  /** By compare-and-set: who comes second finds it held, or heard, and gets null. */
  async function claim(listener: string, _id: ObjectId): Promise<Claimed | null> {
    const token = randomUUID();
    const tries = { $add: [{ $ifNull: [`$held.${listener}.tries`, 0] }, 1] };
    const record = await events.findOneAndUpdate(
      { _id, waiting: listener, $expr: isFree(listener) },
      [{ $set: { [`held.${listener}`]: { token, until: inMs(leaseMs), tries } } }],
      { returnDocument: 'after' },
    );
    if (record === null) return null;
    const { kind, subject, department, body, at } = record;
    return {
      event: { id: _id.toHexString(), kind, subject, department, body, at },
      token,
      tries: record.held?.[listener]?.tries ?? 1,
    };
  }

  async function ifOurs(listener: string, id: string, token: string, update: Document[]): Promise<void> {
    await events.updateOne({ _id: new ObjectId(id), [`held.${listener}.token`]: token }, update);
  }
}

export const outboxMigrations: readonly Migration[] = [
  {
    id: 1,
    name: 'outbox: indexes',
    async up({ db }) {
      await db
        .collection('events')
        .createIndexes([
          { key: { waiting: 1, order: 1, _id: 1 } },
          { key: { parked: 1 }, sparse: true },
          { key: { deleteAfter: 1 }, expireAfterSeconds: 0 },
        ]);
    },
  },
];
