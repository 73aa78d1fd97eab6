/**
 * How providers are, as MongoDB keeps it: outages, so that each is told once over all processes and restarts; what was measured, in
 * small documents of a minute over all workers; and which account rests.
 */
import type { ClientSession, Collection } from 'mongodb';
import type { Database } from '../platform/mongo/connect.ts';
import type { Breaker } from './breaker.ts';
import { MEASURE_NAMES, type Measured } from './gauge.ts';

export interface Health {
  /** Some session of it is up. */
  readonly isUp: boolean;
  readonly since: Date;
  /** The last that was told of it is that it is down. */
  readonly toldDown: boolean;
}

interface Kept {
  /** The provider. */
  readonly _id: string;
  readonly schemaVersion: 1;
}

/** What was measured of an account in one minute and one epoch. */
export interface MinuteMeasured extends Measured {
  readonly minute: Date;
}

interface MinuteRecord extends MinuteMeasured {
  /** `alfa|3|2026-11-23T09:15`. */
  readonly _id: string;
  readonly schemaVersion: 1;
  readonly deleteAfter: Date;
}

export type HealthStore = ReturnType<typeof healthStore>;

const MINUTE_MS = 60_000;
const KEPT_MS = 24 * 60 * MINUTE_MS;

export function healthStore(database: Database) {
  const healths: Collection<Health & Kept> = database.db.collection('providerHealth');
  const minutes: Collection<MinuteRecord> = database.db.collection('providerMinutes');
  const breakers: Collection<Breaker & Kept> = database.db.collection('providerBreakers');
  return {
    async all(): Promise<ReadonlyMap<string, Health>> {
      const found = await healths.find({}).toArray();
      return new Map(found.map(({ _id, isUp, since, toldDown }) => [_id, { isUp, since, toldDown }]));
    },
    /** False when another process was first. */
    async change(provider: string, before: Health | null, after: Health, session: ClientSession): Promise<boolean> {
      const fields = { schemaVersion: 1 as const, ...after };
      if (before === null) {
        const added = await healths.updateOne({ _id: provider }, { $setOnInsert: fields }, { upsert: true, session });
        return added.upsertedCount === 1;
      }
      const changed = await healths.updateOne({ _id: provider, ...before }, { $set: fields }, { session });
      return changed.matchedCount === 1;
    },

    async add(measured: readonly Measured[], now: Date): Promise<void> {
      const minute = new Date(Math.floor(now.getTime() / MINUTE_MS) * MINUTE_MS);
      const deleteAfter = new Date(minute.getTime() + KEPT_MS);
      await minutes.bulkWrite(
        measured.map(({ provider, epoch, ...more }) => ({
          updateOne: {
            filter: { _id: `${provider}|${epoch}|${minute.toISOString().slice(0, 16)}` },
            update: {
              $setOnInsert: { schemaVersion: 1, provider, epoch, minute, deleteAfter },
              $inc: Object.fromEntries(MEASURE_NAMES.map((name) => [name, more[name]])),
            },
            upsert: true,
          },
        })),
        { ordered: false },
      );
    },
    /** What was measured in the last `ms`, in whole minutes, the latest first. */
    async measured(now: Date, ms: number): Promise<MinuteMeasured[]> {
      return minutes
        .find({ minute: { $gt: new Date(now.getTime() - ms) } })
        .sort({ minute: -1 })
        .toArray();
    },

    async breakers(): Promise<ReadonlyMap<string, Breaker>> {
      const found = await breakers.find({}).toArray();
      return new Map(found.map(({ _id, schemaVersion: _version, ...breaker }) => [_id, breaker]));
    },
    /** False when it was moved meanwhile. */
    async moveBreaker(provider: string, before: number, after: Breaker, session: ClientSession): Promise<boolean> {
      const fields = { schemaVersion: 1 as const, ...after };
      const moved = await breakers.updateOne({ _id: provider, epoch: before }, { $set: fields }, { session });
      if (moved.matchedCount === 1) return true;
      if (before !== 0) return false;
      const added = await breakers.updateOne({ _id: provider }, { $setOnInsert: fields }, { upsert: true, session });
      return added.upsertedCount === 1;
    },
  };
}

export const healthMigrations = [
  {
    id: 420,
    name: 'dispatch: measures by the minute',
    async up({ db }: Database): Promise<void> {
      await db
        .collection('providerMinutes')
        .createIndexes([{ key: { minute: 1 } }, { key: { deleteAfter: 1 }, expireAfterSeconds: 0 }]);
    },
  },
];
