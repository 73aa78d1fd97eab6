/**
 * Checks of accounts as MongoDB keeps them: who asked, what was sent to that person's own phone, and what passed on the wire
 * meanwhile. Workers find here that somebody checks; all of it is deleted after a day.
 */
import type { Collection } from 'mongodb';
import { daysAfter } from '../platform/days.ts';
import type { Database } from '../platform/mongo/connect.ts';

/** The texts of a check, in the order in which they are sent. */
export const CHECK_TEXTS = ['gsm', 'cyrillic', 'three-parts'] as const;
export type CheckText = (typeof CHECK_TEXTS)[number];

export interface AccountCheck {
  readonly _id: string;
  readonly schemaVersion: 1;
  readonly account: string;
  readonly by: string;
  readonly phone: string;
  readonly startedAt: Date;
  /** Until then it is listened along. */
  readonly until: Date;
  /** A worker listens. */
  readonly heard: boolean;
  /** Runs of one message each; none until they are sent. */
  readonly runs: readonly { readonly text: CheckText; readonly run: string }[];
  readonly deleteAfter: Date;
}

/** A PDU of it. */
export interface SeenPdu {
  readonly check: string;
  readonly at: Date;
  /** Running number of the worker that saw it: the order of one moment. */
  readonly n: number;
  readonly sent: boolean;
  readonly name: string;
  readonly fields: Readonly<Record<string, string>>;
  readonly hex: string;
  readonly deleteAfter: Date;
}

export type CheckStore = ReturnType<typeof checkStore>;

export function checkStore(database: Database) {
  const checks: Collection<AccountCheck> = database.db.collection('accountChecks');
  const pdus: Collection<SeenPdu> = database.db.collection('accountCheckPdus');
  return {
    async begin(check: Omit<AccountCheck, 'schemaVersion' | 'heard' | 'runs' | 'deleteAfter'>): Promise<void> {
      const deleteAfter = daysAfter(check.startedAt, 1);
      await checks.insertOne({ ...check, schemaVersion: 1, heard: false, runs: [], deleteAfter });
    },
    async sent(id: string, runs: AccountCheck['runs']): Promise<void> {
      await checks.updateOne({ _id: id }, { $set: { runs } });
    },
    async hear(id: string): Promise<void> {
      await checks.updateOne({ _id: id }, { $set: { heard: true } });
    },
    check: (id: string): Promise<AccountCheck | null> => checks.findOne({ _id: id }),
    /** Those that are listened to now. */
    open: (now: Date): Promise<AccountCheck[]> => checks.find({ until: { $gt: now } }).toArray(),
    latest: (account: string, by: string): Promise<AccountCheck | null> =>
      checks.findOne({ account, by }, { sort: { startedAt: -1 } }),
    async keep(seen: readonly Omit<SeenPdu, 'deleteAfter'>[]): Promise<void> {
      if (seen.length === 0) return;
      await pdus.insertMany(seen.map((one) => ({ ...one, deleteAfter: daysAfter(one.at, 1) })));
    },
    pdusOf: (check: string): Promise<SeenPdu[]> =>
      pdus
        .find({ check }, { projection: { _id: 0 } })
        .sort({ at: 1, n: 1 })
        .toArray(),
  };
}

export const checkMigrations = [
  {
    id: 470,
    name: 'dispatch: checks of accounts are forgotten',
    async up({ db }: Database): Promise<void> {
      await db.collection('accountChecks').createIndex({ deleteAfter: 1 }, { expireAfterSeconds: 0 });
      await db
        .collection('accountCheckPdus')
        .createIndexes([{ key: { check: 1 } }, { key: { deleteAfter: 1 }, expireAfterSeconds: 0 }]);
    },
  },
];
