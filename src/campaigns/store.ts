/**
 * Campaigns as MongoDB keeps them. Every change is a compare-and-set on `version`, so of two people who act at once one is
 * told that the campaign has changed; every reading is within a scope of departments.
 */
import { type ClientSession, Schema } from 'mongoose';
import type { Database } from '../platform/mongo/connect.ts';
import type { Scope } from '../staff/employee.ts';
import { CAMPAIGN_CLASSES, CAMPAIGN_STATES, type Campaign, type CampaignState } from './campaign.ts';

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

export type CampaignStore = ReturnType<typeof campaignStore>;

export function campaignStore(database: Database) {
  const campaigns = database.connection.model('Campaign', campaignSchema);
  const within = (scope: Scope) => (scope.departments === 'all' ? {} : { department: { $in: [...scope.departments] } });
  /** Of a campaign kept before all its editors were, those are known who made it and who edited it last. */
  const read = (found: unknown): Campaign => {
    const campaign = found as Campaign & { editors?: readonly string[] };
    return { ...campaign, editors: campaign.editors ?? [...new Set([campaign.createdBy, campaign.editedBy])] };
  };

  return {
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
];
