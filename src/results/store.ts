/**
 * What was written where, as MongoDB keeps it, so that a write-back is repeated when the news has changed and not otherwise.
 */
import { Schema } from 'mongoose';
import type { Database } from '../platform/mongo/connect.ts';

/** The last write-back of a run. */
export interface WriteBack {
  readonly run: string;
  readonly campaign: string;
  readonly target: string;
  readonly rows: number;
  /** The counts that were written, as text; another text means news. */
  readonly counts: string;
  /** Messages of which more may become known, also those that are unknown; looked at again while there are any. */
  readonly awaited: number;
  /** They belong into the source, which could not be written to: tried again though there is no news. */
  readonly owed: boolean;
  /** When it was written, and how long that took, ms. */
  readonly at: Date;
  readonly tookMs: number;
}

const writeBackSchema = new Schema(
  {
    _id: String,
    schemaVersion: { type: Number, default: 1 },
    campaign: String,
    target: String,
    rows: Number,
    counts: String,
    awaited: Number,
    owed: Boolean,
    at: Date,
    tookMs: Number,
    deleteAfter: Date,
  },
  { strict: 'throw', versionKey: false, autoIndex: false, collection: 'writeBacks' },
);

export type ResultStore = ReturnType<typeof resultStore>;

export function resultStore(database: Database) {
  const writeBacks = database.connection.model('WriteBack', writeBackSchema);
  return {
    async keep(done: WriteBack, deleteAfter: Date): Promise<void> {
      const { run, ...rest } = done;
      await writeBacks.updateOne({ _id: run }, { $set: { ...rest, deleteAfter, schemaVersion: 1 } }, { upsert: true });
    },
    async last(run: string): Promise<WriteBack | null> {
      const found = await writeBacks.findById(run).lean();
      return found ? ({ ...found, run } as unknown as WriteBack) : null;
    },
    /** Write-backs of runs of which receipts were awaited when they were written, or that stand elsewhere than they belong. */
    async awaiting(since: Date): Promise<WriteBack[]> {
      const found = await writeBacks
        .find({ $or: [{ awaited: { $gt: 0 } }, { owed: true }], at: { $gte: since } })
        .lean();
      return found.map((one) => ({ ...one, run: one._id }) as unknown as WriteBack);
    },
  };
}

export const resultMigrations = [
  {
    id: 600,
    name: 'results: indexes',
    async up({ db }: Database): Promise<void> {
      await db
        .collection('writeBacks')
        .createIndexes([{ key: { awaited: 1 } }, { key: { deleteAfter: 1 }, expireAfterSeconds: 0 }]);
    },
  },
];
