/** How providers are, as MongoDB keeps it, so that each outage is told once over all processes and restarts. */
import type { ClientSession, Collection } from 'mongodb';
import type { Database } from '../platform/mongo/connect.ts';

export interface Health {
  /** Some session of it is up. */
  readonly isUp: boolean;
  readonly since: Date;
  /** The last that was told of it is that it is down. */
  readonly toldDown: boolean;
}

interface HealthRecord extends Health {
  readonly _id: string;
  readonly schemaVersion: 1;
}

export type HealthStore = ReturnType<typeof healthStore>;

export function healthStore(database: Database) {
  const healths: Collection<HealthRecord> = database.db.collection('providerHealth');
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
  };
}
