/**
 * What guards keep, as MongoDB has it: the guard of each run on its campaign, and one document a day with what campaigns have
 * reserved of it. A reservation is one compare-and-set on that document, so however many ask at once, a cap is never passed.
 */
import type { Collection } from 'mongodb';
import { daysAfter } from '../platform/days.ts';
import type { Database } from '../platform/mongo/connect.ts';
import type { Campaign } from './campaign.ts';
import { type Amounts, type CapTerms, NOTHING, type TakenOfDay } from './caps.ts';
import type { Found, Guard } from './guard-terms.ts';

/** What a run has reserved of a day; once it is over, what it took. */
export interface Reservation extends Amounts {
  readonly run: string;
  /** The employee who submitted it. */
  readonly by: string;
  readonly isOpen: boolean;
  /** What it had taken of earlier days. */
  readonly before: Amounts;
}

interface Budget {
  /** The day: `2026-11-29`. */
  readonly _id: string;
  readonly schemaVersion: 1;
  readonly reservations: readonly Reservation[];
  readonly deleteAfter: Date;
}

/** Days that a budget is kept after its own. */
const KEPT_DAYS = 30;

const sumOf = (field: 'messages' | 'cost', more: number) => ({ $add: [{ $sum: `$reservations.${field}` }, more] });
const sumBy = (by: string, more: number) => {
  const own = { $filter: { input: '$reservations', cond: { $eq: ['$$this.by', by] } } };
  return { $add: [{ $sum: { $map: { input: own, in: '$$this.messages' } } }, more] };
};

export function guardStore(database: Database) {
  const campaigns: Collection<Campaign> = database.db.collection('campaigns');
  const budgets: Collection<Budget> = database.db.collection('budgets');

  return {
    async reservationsOf(day: string): Promise<readonly Reservation[]> {
      return (await budgets.findOne({ _id: day }))?.reservations ?? [];
    },
    /** Reserves, or finds that it is reserved already; false when a cap of the day would be passed. */
    async reserve(day: string, one: Reservation, caps: CapTerms): Promise<boolean> {
      const fresh = { schemaVersion: 1 as const, reservations: [], deleteAfter: daysAfter(new Date(day), KEPT_DAYS) };
      await budgets.updateOne({ _id: day }, { $setOnInsert: fresh }, { upsert: true });
      const reserved = await budgets.updateOne(
        {
          _id: day,
          'reservations.run': { $ne: one.run },
          $expr: {
            $and: [
              { $lte: [sumOf('messages', one.messages), caps.dayMessages] },
              { $lte: [sumOf('cost', one.cost), caps.dayCost] },
              { $lte: [sumBy(one.by, one.messages), caps.employeeMessages] },
            ],
          },
        },
        { $push: { reservations: one } },
      );
      if (reserved.matchedCount === 1) return true;
      return (await budgets.countDocuments({ _id: day, 'reservations.run': one.run })) === 1;
    },
    /** Gives back what a run has reserved and not taken; nothing when that was done before. */
    async settleReservation(day: string, run: string, taken: Amounts): Promise<void> {
      await budgets.updateOne(
        { _id: day, reservations: { $elemMatch: { run, isOpen: true } } },
        {
          $set: {
            'reservations.$.messages': taken.messages,
            'reservations.$.cost': taken.cost,
            'reservations.$.isOpen': false,
          },
        },
      );
    },

    /** The guard of a run that has none yet; of several that begin one, the first counts. False when it has one, or is not sending. */
    async beginGuard(id: string, guard: Guard): Promise<boolean> {
      const which = { _id: id, state: 'sending' as const, 'frozen.run': guard.run, 'guard.run': { $ne: guard.run } };
      return (await campaigns.updateOne(which, { $set: { guard } })).modifiedCount === 1;
    },
    async moveGuardTo(id: string, run: string, day: string): Promise<boolean> {
      const which = { _id: id, 'guard.run': run, 'guard.day': { $ne: day } };
      return (await campaigns.updateOne(which, { $set: { 'guard.day': day } })).modifiedCount === 1;
    },
    /** Takes up to so many messages of a canary; 0 when it has none left. */
    async takeOfCanary(id: string, run: string, most: number): Promise<number> {
      const left = { $max: [0, { $subtract: ['$guard.canary.left', most] }] };
      const before = await campaigns.findOneAndUpdate(
        { _id: id, 'guard.run': run, 'guard.canary.state': 'open', 'guard.canary.left': { $gt: 0 } },
        [{ $set: { 'guard.canary.left': left } }],
        { returnDocument: 'before', projection: { guard: 1 } },
      );
      return Math.min(most, before?.guard?.canary?.left ?? 0);
    },
    /** Gives back what was taken of a canary and not used. */
    async giveToCanary(id: string, run: string, count: number): Promise<void> {
      await campaigns.updateOne(
        { _id: id, 'guard.run': run, 'guard.canary.state': 'open' },
        { $inc: { 'guard.canary.left': count } },
      );
    },
    async canarySent(id: string, run: string, at: Date): Promise<boolean> {
      const which = { _id: id, 'guard.run': run, 'guard.canary.left': 0, 'guard.canary.sentAt': { $exists: false } };
      return (await campaigns.updateOne(which, { $set: { 'guard.canary.sentAt': at } })).modifiedCount === 1;
    },
    /** Gives a canary more messages; false when somebody has in this round. */
    async growCanary(id: string, run: string, round: number, count: number): Promise<boolean> {
      const which = { _id: id, 'guard.run': run, 'guard.canary.state': 'open' as const, 'guard.canary.round': round };
      const $set = { 'guard.canary.left': count, 'guard.canary.round': round + 1 };
      return (await campaigns.updateOne(which, { $set, $unset: { 'guard.canary.sentAt': 1 } })).modifiedCount === 1;
    },
    async passCanary(id: string, run: string, found: Found): Promise<boolean> {
      const which = { _id: id, 'guard.run': run, 'guard.canary.state': 'open' as const };
      const $set = { 'guard.canary.state': 'passed' as const, 'guard.canary.found': found };
      return (await campaigns.updateOne(which, { $set })).modifiedCount === 1;
    },
    /** Whether it is the asker's turn to count a run: nobody's has been for so long. */
    async takeLook(id: string, everyMs: number): Promise<boolean> {
      const last = { $ifNull: ['$guard.lookedAt', new Date(0)] };
      const { modifiedCount } = await campaigns.updateOne(
        { _id: id, $expr: { $lte: [last, { $subtract: ['$$NOW', everyMs] }] } },
        [{ $set: { 'guard.lookedAt': '$$NOW' } }],
      );
      return modifiedCount === 1;
    },
  };
}

/** What others than this run have taken of a day. */
export function takenBy(reservations: readonly Reservation[], run: string, employee: string): TakenOfDay {
  const others = reservations.filter((one) => one.run !== run);
  const own = others.filter((one) => one.by === employee);
  return { ...sumUp(others), byEmployee: sumUp(own).messages };
}

const sumUp = (all: readonly Amounts[]): Amounts =>
  all.reduce((sum, one) => ({ messages: sum.messages + one.messages, cost: sum.cost + one.cost }), NOTHING);

export const guardMigrations = [
  {
    id: 302,
    name: 'campaigns: budgets of days have an end',
    async up({ db }: Database): Promise<void> {
      await db.collection('budgets').createIndex({ deleteAfter: 1 }, { expireAfterSeconds: 0 });
      await db.collection('suppressions').createIndex({ at: 1 });
    },
  },
];
