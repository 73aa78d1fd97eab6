/**
 * What accounts delivered, as MongoDB keeps it: receipts by account, destination and hour over all workers, and the shares that
 * are reckoned with. Nothing here tells of a person: a destination is a network, or the first four digits of many numbers.
 */
import type { Collection } from 'mongodb';
import type { Database } from '../platform/mongo/connect.ts';
import {
  DELIVERY_TERMS,
  type Delivered,
  NO_SHARES,
  type ShareInUse,
  type ShareMove,
  type Shares,
  shareKey,
  shareMoves,
} from './delivery.ts';

interface HourRecord extends Delivered {
  /** `alfa|250-01|2026-11-23T09`. */
  readonly _id: string;
  readonly schemaVersion: 1;
  readonly hour: Date;
  readonly deleteAfter: Date;
}

interface ShareRecord extends ShareInUse {
  /** As `shareKey` has it. */
  readonly _id: string;
  readonly schemaVersion: 1;
}

const HOUR_MS = 3_600_000;
const KEPT_MS = 48 * HOUR_MS;

export type DeliveryStore = ReturnType<typeof deliveryStore>;

export function deliveryStore(database: Database) {
  const hours: Collection<HourRecord> = database.db.collection('deliveryHours');
  const shares: Collection<ShareRecord> = database.db.collection('deliveryShares');
  let known: Shares = NO_SHARES;

  const inUse = async (): Promise<ShareInUse[]> => {
    const found = await shares.find({}).sort({ _id: 1 }).toArray();
    return found.map(({ _id, schemaVersion: _version, ...share }) => share);
  };

  return {
    async add(counted: readonly Delivered[], now: Date): Promise<void> {
      const hour = new Date(Math.floor(now.getTime() / HOUR_MS) * HOUR_MS);
      const deleteAfter = new Date(hour.getTime() + KEPT_MS);
      await hours.bulkWrite(
        counted.map(({ provider, destination, delivered, undelivered }) => ({
          updateOne: {
            filter: { _id: `${shareKey(provider, destination)}|${hour.toISOString().slice(0, 13)}` },
            update: {
              $setOnInsert: { schemaVersion: 1, provider, destination, hour, deleteAfter },
              $inc: { delivered, undelivered },
            },
            upsert: true,
          },
        })),
        { ordered: false },
      );
    },
    /** What was counted in the last `ms`, in whole hours. */
    async counted(now: Date, ms: number): Promise<Delivered[]> {
      const sums = { delivered: { $sum: '$delivered' }, undelivered: { $sum: '$undelivered' } };
      return hours
        .aggregate<Delivered>([
          { $match: { hour: { $gt: new Date(now.getTime() - ms) } } },
          { $group: { _id: { provider: '$provider', destination: '$destination' }, ...sums } },
          {
            $project: {
              _id: 0,
              provider: '$_id.provider',
              destination: '$_id.destination',
              delivered: 1,
              undelivered: 1,
            },
          },
        ])
        .toArray();
    },

    inUse,
    /** The shares in use; the same object as the last time while none has moved. */
    async shares(): Promise<Shares> {
      const read = new Map((await inUse()).map((one) => [shareKey(one.provider, one.destination), one.share]));
      if (read.size !== known.size || [...read].some(([key, share]) => known.get(key) !== share)) known = read;
      return known;
    },
    /** Does nothing where another process has moved it meanwhile. */
    async move({ before, after }: ShareMove): Promise<void> {
      const { provider, destination } = (after ?? before)!;
      const _id = shareKey(provider, destination);
      if (!after) await shares.deleteOne({ _id, since: before!.since });
      else if (before) await shares.updateOne({ _id, since: before.since }, { $set: after });
      else await shares.updateOne({ _id }, { $setOnInsert: { schemaVersion: 1, ...after } }, { upsert: true });
    },
  };
}

/** One look at what was delivered; several workers may look at once. Resolves with the shares in use after it. */
export async function tendShares(store: DeliveryStore, now: Date, terms = DELIVERY_TERMS): Promise<Shares> {
  const [inUse, counted] = await Promise.all([store.inUse(), store.counted(now, terms.windowMs)]);
  for (const move of shareMoves(inUse, counted, now, terms)) await store.move(move);
  return store.shares();
}

export const deliveryMigrations = [
  {
    id: 430,
    name: 'dispatch: what was delivered by the hour',
    async up({ db }: Database): Promise<void> {
      await db
        .collection('deliveryHours')
        .createIndexes([{ key: { hour: 1 } }, { key: { deleteAfter: 1 }, expireAfterSeconds: 0 }]);
    },
  },
];
