/** What looks at the sources of campaigns that wait have found, as MongoDB keeps it: told on the campaign, and who is gone beside it. */
import type { ClientSession, Collection } from 'mongodb';
import type { Database } from '../platform/mongo/connect.ts';
import type { Campaign, SourceLook } from './campaign.ts';

/** Rows of a run's audience that were gone from its source at the last reading that was believed. */
interface Removals {
  /** `<campaign>:<number>`; the campaign alone in what is older. */
  readonly _id: string;
  readonly schemaVersion: 1;
  readonly run: string;
  readonly rows: readonly string[];
}

/** A campaign, with what is nobody's business but the lookers'. */
type LookedAt = Campaign & { readonly lookBegun?: Date };

/** All rows of a large list would be more than one document may hold, 16 MB. */
const ROWS_IN_ONE = 1000;

/** All documents of the campaign: its id is digits. */
const ofCampaign = (id: string) => ({ _id: { $regex: `^${id}(?::|$)` } });

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
      await removals.deleteMany(ofCampaign(id), { session });
      if (rows.length === 0) return;
      const pieces = Array.from(
        { length: Math.ceil(rows.length / ROWS_IN_ONE) },
        (_, n): Removals => ({
          _id: `${id}:${n}`,
          schemaVersion: 1,
          run,
          rows: rows.slice(n * ROWS_IN_ONE, (n + 1) * ROWS_IN_ONE),
        }),
      );
      await removals.insertMany(pieces, { session });
    },
    async removals(id: string, run: string): Promise<readonly string[]> {
      const found = await removals.find({ ...ofCampaign(id), run }).toArray();
      return found.flatMap(({ rows }) => rows);
    },
    async forgetRemovals(id: string): Promise<void> {
      await removals.deleteMany(ofCampaign(id));
    },
  };
}
