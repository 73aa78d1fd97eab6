/**
 * Audiences as MongoDB keeps them: the frozen list with every row of its source, used or left out. A frozen audience is
 * never changed, so results can be rebuilt from it at any time; it goes as a whole, after the last campaign that needs it.
 */
import type { Collection } from 'mongodb';
import type { E164 } from '../messages/phone.ts';
import type { Database } from '../platform/mongo/connect.ts';
import type { Scope } from '../staff/employee.ts';

/** A value of the manager's own cell, as it goes back into the results. */
export type PlainCell = string | number | boolean | null;

export interface Audience {
  /** `a5`. */
  readonly _id: string;
  readonly schemaVersion: 1;
  readonly department: string;
  readonly source: { readonly kind: string; readonly ref: string; readonly name: string; readonly tab: string };
  /** The source's revision that was frozen. */
  readonly revision: string;
  /** The manager's headings, which are the names of the template's variables. */
  readonly headings: readonly string[];
  /** Place of the phone column among them. */
  readonly phoneIndex: number;
  readonly counts: AudienceCounts;
  readonly state: 'reading' | 'frozen';
  readonly by: string;
  readonly at: Date;
  /** Kept until then with all its rows, and longer while a campaign needs it. */
  readonly deleteAfter: Date;
}

export interface AudienceCounts {
  /** Rows with anything in them below the header. */
  readonly rows: number;
  readonly recipients: number;
  /** Left out, by reason. */
  readonly excluded: Readonly<Record<string, number>>;
}

/** One row of the source. */
export interface AudienceRow {
  /** `a5:0000017`, in the order of the source. */
  readonly _id: string;
  readonly schemaVersion: 1;
  readonly audience: string;
  /** The row's number in the sheet, from 1. */
  readonly number: number;
  readonly key: string;
  readonly cells: readonly PlainCell[];
  /** Absent on a row that is left out. */
  readonly recipient?: {
    readonly person: string;
    readonly phone: E164;
    /** As the row names it, IANA; null where it names none, and the campaign's own holds. */
    readonly zone: string | null;
    readonly doubt: string | null;
    /** Text of each cell, in the order of the headings. */
    readonly values: readonly string[];
  };
  /** Why the row is left out. */
  readonly excluded?: string;
}

/** Room for 9,999,999 rows an audience; ids of one audience sort in the order of its rows. */
export const rowId = (audience: string, sequence: number): string => `${audience}:${String(sequence).padStart(7, '0')}`;

const MISSING_DEPARTMENT = { department: { $in: [] as string[] } };

export type AudienceStore = ReturnType<typeof audienceStore>;

export function audienceStore(database: Database) {
  const audiences: Collection<Audience> = database.db.collection('audiences');
  const rows: Collection<AudienceRow> = database.db.collection('audienceRows');

  const within = (scope: Scope) =>
    scope.departments === 'all'
      ? {}
      : scope.departments.length === 0
        ? MISSING_DEPARTMENT
        : { department: { $in: [...scope.departments] } };

  return {
    async begin(audience: Audience): Promise<void> {
      await audiences.insertOne(audience);
    },
    async finish(id: string, counts: AudienceCounts, revision: string): Promise<void> {
      await audiences.updateOne({ _id: id }, { $set: { counts, revision, state: 'frozen' } });
    },
    async drop(id: string): Promise<void> {
      await rows.deleteMany({ audience: id });
      await audiences.deleteOne({ _id: id });
    },
    /** Audiences whose date has passed. */
    async due(at: Date): Promise<string[]> {
      const found = await audiences.find({ deleteAfter: { $lte: at } }, { projection: { _id: 1 } }).toArray();
      return found.map((one) => one._id);
    },
    async audience(scope: Scope, id: string): Promise<Audience | null> {
      return audiences.findOne({ _id: id, ...within(scope) });
    },
    /** Sources that were used lately in these departments, newest first, for offering them again. */
    async recent(scope: Scope, most: number): Promise<Audience[]> {
      return audiences
        .find({ ...within(scope), state: 'frozen' })
        .sort({ at: -1 })
        .limit(most)
        .toArray();
    },
    /**
     * Keeps rows in their order. A second row of one person is refused by the unique index and returned,
     * for the caller to keep it as a duplicate.
     */
    async keep(batch: readonly AudienceRow[]): Promise<readonly AudienceRow[]> {
      if (batch.length === 0) return [];
      try {
        await rows.insertMany([...batch], { ordered: false });
        return [];
      } catch (failure) {
        const refused = duplicateIndexes(failure);
        if (!refused) throw failure;
        return refused.map((index) => batch[index]!);
      }
    },
    rows(audience: string, only: 'all' | 'recipients' | 'excluded' = 'all'): AsyncIterable<AudienceRow> {
      const which =
        only === 'all'
          ? {}
          : only === 'recipients'
            ? { recipient: { $exists: true } }
            : { excluded: { $exists: true } };
      return rows.find({ _id: idsOf(audience), ...which }, { batchSize: 1000 }).sort({ _id: 1 });
    },
    async row(id: string): Promise<AudienceRow | null> {
      return rows.findOne({ _id: id });
    },
    async rowsByIds(ids: readonly string[]): Promise<AudienceRow[]> {
      return rows.find({ _id: { $in: [...ids] } }).toArray();
    },
  };
}

/** All ids of one audience's rows: `;` follows `:` in ASCII. */
const idsOf = (audience: string) => ({ $gt: `${audience}:`, $lt: `${audience};` });

/**
 * Positions refused by the unique index (E11000), or null when something else went wrong as well. The driver reports a lost
 * connection as a bulk failure with no write errors at all: then nobody knows what was kept.
 */
function duplicateIndexes(failure: unknown): number[] | null {
  const errors = (failure as { writeErrors?: { code: number; index: number }[] }).writeErrors;
  if (!Array.isArray(errors) || errors.length === 0 || errors.some((error) => error.code !== 11000)) return null;
  return errors.map((error) => error.index);
}

export const audienceMigrations = [
  {
    id: 200,
    name: 'audiences: indexes',
    async up({ db }: Database): Promise<void> {
      await db
        .collection('audiences')
        .createIndexes([{ key: { department: 1, at: -1 } }, { key: { deleteAfter: 1 }, expireAfterSeconds: 0 }]);
      await db.collection('audienceRows').createIndexes([
        {
          key: { audience: 1, 'recipient.person': 1 },
          unique: true,
          partialFilterExpression: { 'recipient.person': { $exists: true } },
        },
        { key: { deleteAfter: 1 }, expireAfterSeconds: 0 },
      ]);
    },
  },
  {
    id: 201,
    name: 'audiences: erased as a whole, no longer row by row',
    async up({ db }: Database): Promise<void> {
      for (const name of ['audiences', 'audienceRows']) {
        const collection = db.collection(name);
        if (await collection.indexExists('deleteAfter_1')) await collection.dropIndex('deleteAfter_1');
      }
      await db.collection('audiences').createIndex({ deleteAfter: 1 });
    },
  },
];
