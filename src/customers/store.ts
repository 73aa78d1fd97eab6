/**
 * Customers as MongoDB keeps them. For now: whom never to send to. A suppression is keyed by the HMAC of the number, so it
 * outlives the erasure of everything else about the person, and holds for the whole company.
 */
import { type ClientSession, Schema } from 'mongoose';
import type { Database } from '../platform/mongo/connect.ts';

export const SUPPRESSION_REASONS = ['opt-out', 'complaint', 'asked-employee', 'wrong-person', 'operator'] as const;
export type SuppressionReason = (typeof SUPPRESSION_REASONS)[number];

export interface Suppression {
  /** Key of the person. */
  readonly person: string;
  readonly reason: SuppressionReason;
  /** What the employee wrote about it. */
  readonly note: string;
  readonly by: string;
  readonly at: Date;
}

const suppressionSchema = new Schema(
  { _id: String, schemaVersion: { type: Number, default: 1 }, reason: String, note: String, by: String, at: Date },
  { strict: 'throw', versionKey: false, autoIndex: false, collection: 'suppressions' },
);

export type CustomerStore = ReturnType<typeof customerStore>;

export function customerStore(database: Database) {
  const suppressions = database.connection.model('Suppression', suppressionSchema);
  return {
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
