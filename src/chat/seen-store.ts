/** The version of a campaign that each person was last shown when asked to decide, so that the next request says what changed. */
import type { Collection } from 'mongodb';
import { daysAfter } from '../platform/days.ts';
import type { Database } from '../platform/mongo/connect.ts';
import type { Version } from './changes.ts';

interface SeenRecord {
  readonly _id: string;
  readonly schemaVersion: 1;
  readonly version: Version;
  readonly deleteAfter: Date;
}

/** No request waits for longer. */
const KEPT_DAYS = 90;

const idOf = (campaign: string, employee: string): string => JSON.stringify([campaign, employee]);

export type SeenStore = ReturnType<typeof seenStore>;

export function seenStore(database: Database) {
  const seen: Collection<SeenRecord> = database.db.collection('seenVersions');
  return {
    async keep(campaign: string, employee: string, version: Version, now: Date): Promise<void> {
      const fields = { schemaVersion: 1 as const, version, deleteAfter: daysAfter(now, KEPT_DAYS) };
      await seen.updateOne({ _id: idOf(campaign, employee) }, { $set: fields }, { upsert: true });
    },
    async last(campaign: string, employee: string): Promise<Version | null> {
      return (await seen.findOne({ _id: idOf(campaign, employee) }))?.version ?? null;
    },
  };
}

export const seenMigrations = [
  {
    id: 830,
    name: 'seen versions: indexes',
    async up({ db }: Database): Promise<void> {
      await db.collection('seenVersions').createIndex({ deleteAfter: 1 }, { expireAfterSeconds: 0 });
    },
  },
];
