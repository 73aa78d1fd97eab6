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
  /** Since when they do not stand where they belong, though they could: tried again though there is no news. */
  readonly owedSince: Date | null;
  /** When it was written, or tried. */
  readonly at: Date;
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
    owedSince: Date,
    at: Date,
    deleteAfter: Date,
  },
  { strict: 'throw', versionKey: false, autoIndex: false, collection: 'writeBacks' },
);

/** The target of what was never written. */
const NOWHERE = '';

export type ResultStore = ReturnType<typeof resultStore>;

export function resultStore(database: Database) {
  const writeBacks = database.connection.model('WriteBack', writeBackSchema);
  return {
    /** What is to be written for the first time; nothing changes where that is on its way already. */
    async owe(run: string, campaign: string, now: Date, deleteAfter: Date): Promise<void> {
      const never = {
        campaign,
        target: NOWHERE,
        rows: 0,
        counts: '',
        awaited: 0,
        at: now,
        deleteAfter,
        schemaVersion: 1,
      };
      await writeBacks.updateOne({ _id: run }, { $setOnInsert: never }, { upsert: true });
      await writeBacks.updateOne({ _id: run, owedSince: null }, { $set: { owedSince: now } });
    },
    async keep(done: WriteBack, deleteAfter: Date): Promise<void> {
      const { run, ...rest } = done;
      await writeBacks.updateOne({ _id: run }, { $set: { ...rest, deleteAfter, schemaVersion: 1 } }, { upsert: true });
    },
    /** It could not be written: it is owed from now on, where it was not already. */
    async tried(run: string, now: Date): Promise<void> {
      await writeBacks.updateOne({ _id: run }, { $set: { at: now } });
      await writeBacks.updateOne({ _id: run, owedSince: null }, { $set: { owedSince: now } });
    },
    /** Null where nothing was written yet. */
    async last(run: string): Promise<WriteBack | null> {
      const found = await writeBacks.findOne({ _id: run, target: { $ne: NOWHERE } }).lean();
      return found ? ({ ...found, run } as unknown as WriteBack) : null;
    },
    /** What may have to be written: owed, or written while receipts were awaited, in both cases since then; the freshest first. */
    async awaiting(since: Date): Promise<WriteBack[]> {
      const found = await writeBacks
        .find({
          $or: [{ awaited: { $gt: 0 }, owedSince: null, at: { $gte: since } }, { owedSince: { $gte: since } }],
        })
        .sort({ at: -1 })
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
