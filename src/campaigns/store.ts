/**
 * Campaigns as MongoDB keeps them. Every change is a compare-and-set on `version`, so of two people who act at once one is
 * told that the campaign has changed; every reading is within a scope of departments.
 */
import type { Collection } from 'mongodb';
import { type ClientSession, Schema } from 'mongoose';
import type { Database } from '../platform/mongo/connect.ts';
import type { Scope } from '../staff/employee.ts';
import { CAMPAIGN_CLASSES, CAMPAIGN_STATES, type Campaign, type CampaignState, uploadOf } from './campaign.ts';
import { guardMigrations, guardStore } from './guard-store.ts';
import { lookStore } from './look-store.ts';

const { Mixed } = Schema.Types;

const campaignSchema = new Schema(
  {
    _id: String,
    schemaVersion: { type: Number, default: 1 },
    kind: { type: String, enum: ['campaign', 'test', 'code'], required: true },
    department: { type: String, required: true },
    name: String,
    class: { type: String, enum: CAMPAIGN_CLASSES, required: true },
    purpose: String,
    costCentre: String,
    text: String,
    sender: String,
    source: Mixed,
    audience: String,
    zone: String,
    start: Mixed,
    notAfter: Date,
    window: Mixed,
    revision: { type: Number, required: true },
    version: { type: Number, required: true },
    state: { type: String, enum: CAMPAIGN_STATES, required: true },
    frozen: Mixed,
    problem: Mixed,
    progress: Mixed,
    preparing: Mixed,
    createdBy: String,
    editedBy: String,
    editors: { type: [String], default: undefined },
    createdAt: Date,
    changedAt: Date,
    submission: Mixed,
    approvals: [Mixed],
    approvedHash: String,
    rejection: Mixed,
    hold: Mixed,
    dearer: Mixed,
    guard: Mixed,
    repeats: Mixed,
    look: Mixed,
    lookBegun: Date,
    startedAt: Date,
    finishedAt: Date,
    reminders: Number,
    ended: Boolean,
    deleteAfter: Date,
  },
  { strict: 'throw', versionKey: false, autoIndex: false, minimize: false, collection: 'campaigns' },
);

export interface CampaignFilter {
  readonly states?: readonly CampaignState[];
  readonly createdBy?: string;
  readonly most?: number;
}

/** States in which time brings nothing about; messages of a cancelled one may still be queued. */
const QUIET: CampaignState[] = ['draft', 'finished', 'missed'];

/** A campaign that is gone while not all is that belonged to it. */
export interface Erasure {
  readonly _id: string;
  readonly schemaVersion: 1;
  /** The uploaded file that was never read. */
  readonly upload: string | null;
}

export type CampaignStore = ReturnType<typeof campaignStore>;

export function campaignStore(database: Database) {
  const campaigns = database.connection.model('Campaign', campaignSchema);
  const erasures: Collection<Erasure> = database.db.collection('erasures');
  const looks = lookStore(database);
  const within = (scope: Scope) => (scope.departments === 'all' ? {} : { department: { $in: [...scope.departments] } });
  /** Of a campaign kept before all its editors were, those are known who made it and who edited it last. */
  const read = (found: unknown): Campaign => {
    const campaign = found as Campaign & { editors?: readonly string[] };
    return { ...campaign, editors: campaign.editors ?? [...new Set([campaign.createdBy, campaign.editedBy])] };
  };

  return {
    ...looks,
    ...guardStore(database),
    async add(campaign: Campaign, session?: ClientSession): Promise<void> {
      await campaigns.insertMany([campaign], session ? { session } : {});
    },
    async campaign(scope: Scope, id: string): Promise<Campaign | null> {
      const found = await campaigns.findOne({ _id: id, ...within(scope) }).lean();
      return found ? read(found) : null;
    },
    async list(scope: Scope, filter: CampaignFilter = {}): Promise<Campaign[]> {
      const found = await campaigns
        .find({
          kind: 'campaign',
          ...within(scope),
          ...(filter.states && { state: { $in: filter.states } }),
          ...(filter.createdBy && { createdBy: filter.createdBy }),
        })
        .sort({ changedAt: -1 })
        .limit(filter.most ?? 20)
        .lean();
      return found.map(read);
    },
    /** All campaigns in these states, of every kind: for ticks and workers. */
    async inStates(states: readonly CampaignState[]): Promise<Campaign[]> {
      return (
        await campaigns
          .find({ state: { $in: states } })
          .sort({ _id: 1 })
          .lean()
      ).map(read);
    },
    /** Whether this uploaded file is some campaign's list. */
    async takesUpload(path: string): Promise<boolean> {
      return (await campaigns.exists({ 'source.ref': path, 'source.uploaded': true })) !== null;
    },
    /** The campaign that sends again to those whom this run did not reach; none that was cancelled before it began. */
    async sentAgainAs(run: string): Promise<string | null> {
      const hasNotBegun = { state: 'cancelled' as const, startedAt: null };
      return (
        (await campaigns.findOne({ 'source.rowsOf.run': run, $nor: [hasNotBegun] }, { _id: 1 }).lean())?._id ?? null
      );
    },
    /** Campaigns that are to be sent, and those that were begun since then, whatever became of them. */
    async begunOrWaiting(since: Date): Promise<Campaign[]> {
      const waiting = {
        state: { $in: ['submitted', 'approved', 'scheduled', 'sending', 'paused'] as CampaignState[] },
      };
      const begun = { state: { $in: ['finished', 'cancelled'] as CampaignState[] }, startedAt: { $gte: since } };
      return (await campaigns.find({ kind: 'campaign', $or: [waiting, begun] }).lean()).map(read);
    },
    /** Cancelled campaigns of which messages may still be queued. */
    async withOpenEnd(): Promise<Campaign[]> {
      return (await campaigns.find({ state: 'cancelled', ended: { $ne: true } }).lean()).map(read);
    },
    async closeEnd(id: string): Promise<void> {
      await campaigns.updateOne({ _id: id }, { $set: { ended: true } });
    },
    /** Changes what nobody has changed since `before` was read; null when somebody has. */
    async change(before: Campaign, fields: Partial<Campaign>, session?: ClientSession): Promise<Campaign | null> {
      const changed = await campaigns
        .findOneAndUpdate(
          { _id: before._id, version: before.version },
          { $set: { ...fields, version: before.version + 1 } },
          { returnDocument: 'after', ...(session && { session }) },
        )
        .lean();
      return changed ? read(changed) : null;
    },
    /** Campaigns whose date has passed and that nothing can come of any more, of every kind. */
    async due(at: Date): Promise<Campaign[]> {
      const isOver = { $or: [{ state: { $in: QUIET } }, { state: 'cancelled' as const, ended: true }] };
      return (await campaigns.find({ deleteAfter: { $lte: at }, ...isOver }).lean()).map(read);
    },
    /** Deletes the campaign, unless somebody changed it, and keeps what there is still to be done. */
    async beginErasure(campaign: Campaign, session?: ClientSession): Promise<boolean> {
      const { _id, version } = campaign;
      const options = session ? { session } : {};
      const { deletedCount } = await campaigns.deleteOne({ _id, version }, options);
      if (deletedCount === 0) return false;
      await erasures.insertOne({ _id, schemaVersion: 1, upload: uploadOf(campaign) }, options);
      return true;
    },
    async erasures(): Promise<Erasure[]> {
      return erasures.find({}).sort({ _id: 1 }).toArray();
    },
    async endErasure(id: string): Promise<void> {
      await looks.forgetRemovals(id);
      await erasures.deleteOne({ _id: id });
    },
    /** Whether some campaign is sent to this audience, or is still to take rows of it. */
    async needsAudience(audience: string): Promise<boolean> {
      return (await campaigns.exists({ $or: [{ audience }, { 'source.rowsOf.audience': audience }] })) !== null;
    },
    /** Takes the lease on making a draft's numbers; false while another process holds it. Times are the server's. */
    async leasePreparing(id: string, owner: string, leaseMs: number): Promise<boolean> {
      const taken = await campaigns.collection.updateOne(
        {
          _id: id as never,
          $expr: {
            $or: [
              { $not: ['$preparing.until'] },
              { $lt: ['$preparing.until', '$$NOW'] },
              { $eq: ['$preparing.owner', owner] },
            ],
          },
        },
        [{ $set: { preparing: { owner, until: { $add: ['$$NOW', leaseMs] } } } }],
      );
      return taken.matchedCount === 1;
    },
    /** Prolongs the own lease; false once it was given up or taken, also when nobody holds it now. */
    async renewPreparing(id: string, owner: string, leaseMs: number): Promise<boolean> {
      const renewed = await campaigns.collection.updateOne({ _id: id as never, 'preparing.owner': owner }, [
        { $set: { preparing: { owner, until: { $add: ['$$NOW', leaseMs] } } } },
      ]);
      return renewed.matchedCount === 1;
    },
    async releasePreparing(id: string, owner: string): Promise<void> {
      await campaigns.updateOne({ _id: id, 'preparing.owner': owner }, { $set: { preparing: null } });
    },
    /** Shows how far the numbers of a draft are; no change anybody has to agree to. What comes late, after a change, is not shown. */
    async showProgress({ _id, version }: Campaign, progress: Campaign['progress']): Promise<void> {
      await campaigns.updateOne({ _id, version }, { $set: { progress } });
    },
  };
}

export const campaignMigrations = [
  {
    id: 300,
    name: 'campaigns: indexes',
    async up({ db }: Database): Promise<void> {
      await db
        .collection('campaigns')
        .createIndexes([
          { key: { state: 1 } },
          { key: { department: 1, changedAt: -1 } },
          { key: { deleteAfter: 1 }, expireAfterSeconds: 0 },
        ]);
      await db.collection('messages').createIndexes([
        { key: { person: 1, run: 1 }, unique: true },
        { key: { deleteAfter: 1 }, expireAfterSeconds: 0 },
      ]);
      await db.collection('batches').createIndex({ run: 1, done: 1 });
      await db
        .collection('exclusions')
        .createIndexes([{ key: { run: 1, row: 1 } }, { key: { deleteAfter: 1 }, expireAfterSeconds: 0 }]);
    },
  },
  {
    id: 301,
    name: 'campaigns: erased as a whole, no longer piece by piece',
    async up({ db }: Database): Promise<void> {
      for (const name of ['campaigns', 'messages', 'exclusions']) {
        const collection = db.collection(name);
        if (await collection.indexExists('deleteAfter_1')) await collection.dropIndex('deleteAfter_1');
      }
      await db
        .collection('campaigns')
        .createIndexes([
          { key: { deleteAfter: 1 } },
          { key: { audience: 1 } },
          { key: { 'source.rowsOf.audience': 1 }, sparse: true },
        ]);
    },
  },
  ...guardMigrations,
];
