/** What looks at the sources of campaigns that wait have found, as MongoDB keeps it: told on the campaign, and who is gone beside it. */
import type { ClientSession, Collection } from 'mongodb';
import type { Database } from '../platform/mongo/connect.ts';
import type { Campaign, SourceLook } from './campaign.ts';

/** Rows of a run's audience that were gone from its source at the last reading that was believed. */
interface Removals {
  /** The campaign. */
  readonly _id: string;
  readonly schemaVersion: 1;
  readonly run: string;
  readonly rows: readonly string[];
}

/** A campaign, with what is nobody's business but the lookers'. */
type LookedAt = Campaign & { readonly lookBegun?: Date };

export function lookStore(database: Database) {
  const campaigns: Collection<LookedAt> = database.db.collection('campaigns');
  const removals: Collection<Removals> = database.db.collection('removals');

  return {
    /** Says that somebody looks at the source now; false when somebody has begun to since `before`. */
    async beginLook(id: string, at: Date, before: Date): Promise<boolean> {
      const { matchedCount } = await campaigns.updateOne(
        { _id: id, $or: [{ lookBegun: { $exists: false } }, { lookBegun: { $lte: before } }] },
        { $set: { lookBegun: at } },
      );
      return matchedCount === 1;
    },
    /** Keeps a look that changes nothing of what is told; false when the campaign was changed meanwhile. */
    async keepLook({ _id, version }: Campaign, look: SourceLook, session: ClientSession): Promise<boolean> {
      return (await campaigns.updateOne({ _id, version }, { $set: { look } }, { session })).matchedCount === 1;
    },
    async keepRemovals(id: string, run: string, rows: readonly string[], session: ClientSession): Promise<void> {
      await removals.replaceOne({ _id: id }, { schemaVersion: 1, run, rows }, { upsert: true, session });
    },
    async removals(id: string, run: string): Promise<readonly string[]> {
      return (await removals.findOne({ _id: id, run }))?.rows ?? [];
    },
    async forgetRemovals(id: string): Promise<void> {
      await removals.deleteOne({ _id: id });
    },
  };
}
