/**
 * Audiences as MongoDB keeps them: the frozen list with every row of its source, used or left out. A frozen audience is
 * never changed, so results can be rebuilt from it at any time; it goes as a whole, after the last campaign that needs it.
 */
import type { Collection } from 'mongodb';
import type { Database } from '../platform/mongo/connect.ts';
import type { Scope } from '../staff/employee.ts';
import { LOT_ROWS, type Lot, lotRange, lotsOf, rowsOf, sequenceOf } from './lots.ts';
import type { AudienceRow } from './row-record.ts';

export type { AudienceRow, PlainCell } from './row-record.ts';
export { rowId } from './row-record.ts';

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

const MISSING_DEPARTMENT = { department: { $in: [] as string[] } };

export type AudienceStore = ReturnType<typeof audienceStore>;

export function audienceStore(database: Database) {
  const audiences: Collection<Audience> = database.db.collection('audiences');
  const lots: Collection<Lot> = database.db.collection('audienceLots');

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
      await lots.deleteMany({ _id: idsOf(id) });
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
    /** Takes the rows of a new audience, in their order and without a gap. */
    keeper(): RowKeeper {
      return rowKeeper(async (kept) => {
        await lots.insertMany(kept, { ordered: false });
      });
    },
    async *rows(audience: string, only: 'all' | 'recipients' | 'excluded' = 'all'): AsyncGenerator<AudienceRow> {
      for await (const some of this.lots(audience, only)) yield* some;
    },
    /** The same, some hundred at a time. */
    async *lots(audience: string, only: 'all' | 'recipients' | 'excluded' = 'all'): AsyncGenerator<AudienceRow[]> {
      for await (const lot of lots.find({ _id: idsOf(audience) }, { batchSize: LOTS_READ }).sort({ _id: 1 })) {
        const rows = rowsOf(lot);
        yield only === 'all' ? rows : rows.filter((row) => (row.recipient === undefined) === (only === 'excluded'));
      }
    },
    async row(id: string): Promise<AudienceRow | null> {
      return (await this.rowsByIds([id]))[0] ?? null;
    },
    /** In the order of their ids; what is gone is not among them. */
    async rowsByIds(ids: readonly string[]): Promise<AudienceRow[]> {
      const wanted = new Set(ids);
      const ranges = new Map(ids.map((id) => lotRange(id)).map((range) => [range[0], range]));
      const found: AudienceRow[] = [];
      for (const some of inGroups([...ranges.values()], LOTS_ASKED)) {
        const $or = some.map(([from, below]) => ({ _id: { $gte: from, $lt: below } }));
        for await (const lot of lots.find({ $or }, { batchSize: LOTS_READ }))
          found.push(...rowsOf(lot).filter((row) => wanted.has(row._id)));
      }
      return found.sort((a, b) => (a._id < b._id ? -1 : 1));
    },
  };
}

/** Lots in one write, in one reading, and asked for at once. */
const LOTS_WRITTEN = 4;
const LOTS_READ = 8;
const LOTS_ASKED = 100;
/** Writes under way: while MongoDB keeps one, the next is made ready. */
const WRITES = 3;

export interface RowKeeper {
  /** Resolves when there is room for more; throws what an earlier write failed with. */
  take(rows: readonly AudienceRow[]): Promise<void>;
  /** Resolves when all that was taken is kept. */
  done(): Promise<void>;
  /** Resolves when nothing is being written any more, whatever became of it. */
  idle(): Promise<void>;
}

function rowKeeper(write: (lots: Lot[]) => Promise<void>): RowKeeper {
  let rows: AudienceRow[] = [];
  /** Rows are packed as soon as they fill a lot: a million of them that wait as objects are what memory goes to. */
  let ready: Lot[] = [];
  const underWay = new Set<Promise<void>>();
  let failure: { readonly why: unknown } | null = null;

  async function begin(): Promise<void> {
    const lots = ready;
    ready = [];
    const writing: Promise<void> = write(lots)
      .catch((why) => {
        failure ??= { why };
      })
      .finally(() => underWay.delete(writing));
    underWay.add(writing);
    if (underWay.size >= WRITES) await Promise.race(underWay);
    if (failure) throw failure.why;
  }

  const idle = async (): Promise<void> => {
    await Promise.all(underWay);
  };

  return {
    async take(more) {
      rows = rows.length === 0 ? [...more] : [...rows, ...more];
      while (rows.length >= LOT_ROWS) ready.push(...lotsOf(rows.splice(0, LOT_ROWS)));
      if (ready.length >= LOTS_WRITTEN) await begin();
    },
    async done() {
      ready.push(...lotsOf(rows));
      rows = [];
      if (ready.length > 0) await begin();
      await idle();
      if (failure) throw failure.why;
    },
    idle,
  };
}

function inGroups<T>(items: readonly T[], size: number): T[][] {
  return Array.from({ length: Math.ceil(items.length / size) }, (_, n) => items.slice(n * size, (n + 1) * size));
}

/** All ids of one audience's rows: `;` follows `:` in ASCII. */
const idsOf = (audience: string) => ({ $gt: `${audience}:`, $lt: `${audience};` });

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
  {
    id: 202,
    name: 'audiences: rows are kept in lots',
    async up({ db }: Database): Promise<void> {
      const single = db.collection<AudienceRow>('audienceRows');
      const lots = db.collection<Lot>('audienceLots');
      const keep = async (rows: readonly AudienceRow[]) => {
        for (const lot of lotsOf(rows)) await lots.replaceOne({ _id: lot._id }, lot, { upsert: true });
      };
      let together: AudienceRow[] = [];
      for await (const row of single.find({}, { batchSize: 1000 }).sort({ _id: 1 })) {
        if (!follows(together.at(-1), row)) {
          await keep(together);
          together = [];
        }
        together.push(row);
      }
      await keep(together);
      if (await db.listCollections({ name: 'audienceRows' }).hasNext()) await single.drop();
    },
  },
];

/** Whether the row stands right behind that one, in the same lot. */
function follows(before: AudienceRow | undefined, { _id, audience }: AudienceRow): boolean {
  if (before?.audience !== audience) return false;
  return sequenceOf(_id) === sequenceOf(before._id) + 1 && lotRange(_id)[0] === lotRange(before._id)[0];
}
