/**
 * Customers as MongoDB keeps them. For now: whom never to send to. A suppression is keyed by the HMAC of the number, so it
 * outlives the erasure of everything else about the person, and holds for the whole company. What somebody wrote about it may
 * tell of the person, so it is kept apart and has an end.
 */
import type { Collection } from 'mongodb';
import { type ClientSession, Schema } from 'mongoose';
import { daysAfter } from '../platform/days.ts';
import type { Database } from '../platform/mongo/connect.ts';

export const SUPPRESSION_REASONS = ['opt-out', 'complaint', 'asked-employee', 'wrong-person', 'operator'] as const;
export type SuppressionReason = (typeof SUPPRESSION_REASONS)[number];

export interface Suppression {
  /** Key of the person. */
  readonly person: string;
  readonly reason: SuppressionReason;
  readonly by: string;
  readonly at: Date;
}

/** What the employee wrote about a suppression. */
export interface SuppressionNote {
  /** Key of the person. */
  readonly _id: string;
  readonly schemaVersion: 1;
  readonly note: string;
  readonly deleteAfter: Date;
}

const suppressionSchema = new Schema(
  { _id: String, schemaVersion: { type: Number, default: 1 }, reason: String, by: String, at: Date },
  { strict: 'throw', versionKey: false, autoIndex: false, collection: 'suppressions' },
);

export type CustomerStore = ReturnType<typeof customerStore>;

export function customerStore(database: Database) {
  const suppressions = database.connection.model('Suppression', suppressionSchema);
  const notes: Collection<SuppressionNote> = database.db.collection('suppressionNotes');
  return {
    inTransaction: database.inTransaction,
    /** Suppresses the person; the first reason stays. False when the person was suppressed before. */
    async suppress(one: Suppression, session?: ClientSession): Promise<boolean> {
      const { person, ...rest } = one;
      const kept = await suppressions.updateOne(
        { _id: person },
        { $setOnInsert: { ...rest, schemaVersion: 1 } },
        { upsert: true, ...(session && { session }) },
      );
      return kept.upsertedCount === 1;
    },
    async keepNote(person: string, note: string, deleteAfter: Date, session: ClientSession): Promise<void> {
      await notes.insertOne({ _id: person, schemaVersion: 1, note, deleteAfter }, { session });
    },
    /** Which of these persons must not be sent to. */
    async suppressedAmong(persons: readonly string[]): Promise<ReadonlySet<string>> {
      if (persons.length === 0) return new Set();
      const found = await suppressions.collection
        .find({ _id: { $in: persons as never } }, { projection: { _id: 1 } })
        .toArray();
      return new Set(found.map((one) => String(one._id)));
    },
  };
}

/** Notes that had no end are kept this much longer. */
const DAYS_FOR_OLD_NOTES = 365;

export const customerMigrations = [
  {
    id: 1000,
    name: 'customers: notes about suppressions have an end',
    async up({ db, now }: Database): Promise<void> {
      const notes = db.collection<SuppressionNote>('suppressionNotes');
      await notes.createIndex({ deleteAfter: 1 }, { expireAfterSeconds: 0 });
      const suppressions = db.collection<{ _id: string; note?: string }>('suppressions');
      const deleteAfter = daysAfter(await now(), DAYS_FOR_OLD_NOTES);
      for await (const { _id, note } of suppressions.find({ note: { $gt: '' } })) {
        const kept = { schemaVersion: 1 as const, note: note!, deleteAfter };
        await notes.updateOne({ _id }, { $setOnInsert: kept }, { upsert: true });
      }
      await suppressions.updateMany({ note: { $exists: true } }, { $unset: { note: 1 } });
    },
  },
];
