/**
 * What was heard in chats, as MongoDB keeps it for a day. Chats repeat what they think was not heard; by the names that they give,
 * each saying is acted on once. Whoever died over one has not heard it: the next repetition counts.
 */
import type { Collection } from 'mongodb';
import { daysAfter } from '../platform/days.ts';
import type { Database } from '../platform/mongo/connect.ts';

interface HeardRecord {
  readonly _id: string;
  readonly schemaVersion: 1;
  readonly at: Date;
  readonly done: boolean;
  readonly deleteAfter: Date;
}

/** No answer takes so long: its process is gone. */
const GIVEN_UP_MS = 60_000;

export type HeardStore = ReturnType<typeof heardStore>;

export function heardStore(database: Database) {
  const heard: Collection<HeardRecord> = database.db.collection('heard');
  const idOf = (surface: string, id: string): string => JSON.stringify([surface, id]);
  return {
    /** Whether to act on it: nobody has, and nobody is about to. */
    async begin(surface: string, id: string, now: Date): Promise<boolean> {
      const _id = idOf(surface, id);
      const kept = { schemaVersion: 1 as const, at: now, done: false, deleteAfter: daysAfter(now, 1) };
      const first = await heard.updateOne({ _id }, { $setOnInsert: kept }, { upsert: true });
      if (first.upsertedCount === 1) return true;
      const givenUp = { _id, done: false, at: { $lte: new Date(now.getTime() - GIVEN_UP_MS) } };
      return (await heard.updateOne(givenUp, { $set: { at: now } })).modifiedCount === 1;
    },
    async done(surface: string, id: string): Promise<void> {
      await heard.updateOne({ _id: idOf(surface, id) }, { $set: { done: true } });
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
