/**
 * Numbering plans as MongoDB keeps them: added to, never written over. A plan is a head and its ranges in documents of some
 * thousands; one that was read and waits for an admin's word is the same without a number, and is deleted after a day.
 */
import type { ClientSession, Collection } from 'mongodb';
import { indexPlan, type NumberPlan, type NumberRange } from '../messages/number-plan.ts';
import type { Database } from '../platform/mongo/connect.ts';

export interface PlanHead {
  readonly _id: string;
  readonly schemaVersion: 1;
  /** Counts the plans that were taken over, from 1; null while it waits. */
  readonly number: number | null;
  /** What the admin called the file. */
  readonly source: string;
  readonly ranges: number;
  /** Number of the plan whose place it is to take, as it was when the changes were shown; 0: there was none. */
  readonly after: number;
  readonly by: string;
  /** When it was read; once taken over, when it was. */
  readonly at: Date;
  readonly deleteAfter?: Date;
}

interface RangesRecord {
  /** `<plan>:0000`. */
  readonly _id: string;
  readonly schemaVersion: 1;
  readonly plan: string;
  readonly ranges: readonly NumberRange[];
  readonly deleteAfter?: Date;
}

/** Ranges in a document: some hundred bytes each, of 16 MB that it may have. */
const TOGETHER = 5000;

export type PlanStore = ReturnType<typeof planStore>;

export function planStore(database: Database) {
  const heads: Collection<PlanHead> = database.db.collection('numberPlans');
  const records: Collection<RangesRecord> = database.db.collection('numberPlanRanges');
  let held: { readonly id: string; readonly plan: NumberPlan } | null = null;

  const ranges = async (plan: string): Promise<NumberRange[]> => {
    const found = await records.find({ plan }).sort({ _id: 1 }).toArray();
    return found.flatMap((record) => record.ranges);
  };
  const current = (): Promise<PlanHead | null> => heads.findOne({ number: { $ne: null } }, { sort: { number: -1 } });

  return {
    ranges,
    /** The plan in force. */
    current,
    /** All that were ever taken over, the latest first. */
    async history(): Promise<PlanHead[]> {
      return heads
        .find({ number: { $ne: null } })
        .sort({ number: -1 })
        .toArray();
    },
    /** The plan in force, ready for look-ups; made once for each plan, and shared. Null where there is none. */
    async plan(): Promise<NumberPlan | null> {
      const head = await current();
      if (!head) return null;
      if (held?.id !== head._id) held = { id: head._id, plan: indexPlan(await ranges(head._id)) };
      return held.plan;
    },

    async propose(head: Omit<PlanHead, 'schemaVersion' | 'ranges' | 'number'>, all: readonly NumberRange[]) {
      const { _id: plan, deleteAfter } = head;
      for (let from = 0; from < all.length; from += TOGETHER) {
        await records.insertOne({
          _id: `${plan}:${String(from / TOGETHER).padStart(4, '0')}`,
          schemaVersion: 1,
          plan,
          ranges: all.slice(from, from + TOGETHER),
          ...(deleteAfter && { deleteAfter }),
        });
      }
      await heads.insertOne({ schemaVersion: 1, number: null, ranges: all.length, ...head });
    },
    async proposal(id: string, now: Date): Promise<PlanHead | null> {
      return heads.findOne({ _id: id, number: null, deleteAfter: { $gt: now } });
    },
    /** Makes a proposal the plan in force; false when somebody else was first. Two cannot take the same number. */
    async take(id: string, { number, by, at }: { number: number; by: string; at: Date }, session: ClientSession) {
      const taken = await heads.updateOne(
        { _id: id, number: null },
        { $set: { number, by, at }, $unset: { deleteAfter: 1 } },
        { session },
      );
      await records.updateMany({ plan: id }, { $unset: { deleteAfter: 1 } }, { session });
      return taken.modifiedCount === 1;
    },
  };
}

export const planMigrations = [
  {
    id: 440,
    name: 'dispatch: numbering plans and kept answers about numbers',
    async up({ db }: Database): Promise<void> {
      const runsOut = { key: { deleteAfter: 1 }, expireAfterSeconds: 0 } as const;
      const partialFilterExpression = { number: { $type: 'number' } };
      await db
        .collection('numberPlans')
        .createIndexes([{ key: { number: 1 }, unique: true, partialFilterExpression }, runsOut]);
      await db.collection('numberPlanRanges').createIndexes([{ key: { plan: 1 } }, runsOut]);
      await db.collection('numberNetworks').createIndexes([runsOut]);
    },
  },
];
