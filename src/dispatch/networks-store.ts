/** Kept answers about where numbers belong: by the person's key, without the number, and deleted after a time. */
import type { Collection } from 'mongodb';
import type { Network } from '../messages/price.ts';
import type { Database } from '../platform/mongo/connect.ts';

interface NetworkRecord {
  /** Key of the person. */
  readonly _id: string;
  readonly schemaVersion: 1;
  readonly network: Network | null;
  readonly askedAt: Date;
  readonly deleteAfter: Date;
}

export type NetworksStore = ReturnType<typeof networksStore>;

export function networksStore(database: Database, keepMs: number) {
  const networks: Collection<NetworkRecord> = database.db.collection('numberNetworks');
  return {
    /** Null: asked, and no network was known. */
    async of(persons: readonly string[], now: Date): Promise<ReadonlyMap<string, Network | null>> {
      const found = await networks.find({ _id: { $in: [...persons] }, deleteAfter: { $gt: now } }).toArray();
      return new Map(found.map(({ _id, network }) => [_id, network]));
    },
    async keep(answers: ReadonlyMap<string, Network | null>, now: Date): Promise<void> {
      if (answers.size === 0) return;
      const fields = { schemaVersion: 1 as const, askedAt: now, deleteAfter: new Date(now.getTime() + keepMs) };
      await networks.bulkWrite(
        [...answers].map(([_id, network]) => ({
          replaceOne: { filter: { _id }, replacement: { network, ...fields }, upsert: true },
        })),
        { ordered: false },
      );
    },
  };
}
