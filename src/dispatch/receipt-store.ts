/** Moves messages by what receipts say, and keeps receipts that nobody knows yet. Which message an id stands for: `part-store.ts`. */
import type { Collection, Filter } from 'mongodb';
import type { MessageRecord, SentUnder } from '../campaigns/messages.ts';
import type { Database } from '../platform/mongo/connect.ts';
import { MOVED_BY_RECEIPT } from './fold.ts';
import { type Copy, partMigrations, partStore } from './part-store.ts';
import type { ReceiptState } from './provider.ts';
import { FIRST } from './wire-store.ts';

/** A receipt whose id nobody knows: it came before the submit's answer was kept, or belongs to an unknown message. */
export interface Orphan {
  readonly _id: string;
  /** Keys of the parts that it may be about, its id as written first. */
  readonly forms: readonly string[];
  readonly provider: string;
  readonly state: Verdict['state'];
  readonly error: string | null;
  readonly at: Date;
  /** Key of the person, when the receipt named a number. */
  readonly person: string | null;
  readonly receivedAt: Date;
  /** Its place among those that came with it: the first final word counts. */
  readonly place: number;
  /** When to look again for a message that it fits. */
  readonly nextAt: Date;
  readonly deleteAfter: Date;
}

export interface Verdict {
  readonly state: Exclude<ReceiptState, 'enroute'>;
  readonly error: string | null;
  readonly at: Date;
}

export type ReceiptStore = ReturnType<typeof receiptStore>;

export function receiptStore(database: Database) {
  const orphans: Collection<Orphan & { readonly schemaVersion: 1 }> = database.db.collection('orphanReceipts');
  const messages: Collection<MessageRecord> = database.db.collection('messages');

  return {
    ...partStore(database),

    /**
     * Moves messages by the final word on one of their copies; what is final already stays. What was said while a message was
     * unknown is no longer true then. `under`: what those were sent under that still say `queued`. Returns how many moved.
     */
    async conclude(
      ids: readonly string[],
      verdict: Verdict,
      copy: Partial<Copy> = {},
      under?: SentUnder,
    ): Promise<number> {
      const { state, error, at } = verdict;
      const $set = { ...(under && { sent: under }), state, doneAt: at, ...(error && { errorDetail: error }) };
      const $unset = error ? ({ error: 1 } as const) : ({ error: 1, errorDetail: 1 } as const);
      const move = async (which: Filter<MessageRecord>, unset: Readonly<Record<string, 1>> = $unset): Promise<number> =>
        (await messages.updateMany({ _id: { $in: [...ids] }, ...which }, { $set, $unset: unset })).modifiedCount;
      // Nearly always that is all of them.
      let moved = under ? await move(QUEUED) : 0;
      if (moved < ids.length) moved += await move(movedBy(verdict, copy));
      // Its second copy is not sent yet, and will not be.
      if (moved < ids.length) moved += await move(QUEUED_ONCE_MORE, { ...$unset, possibleDuplicate: 1 });
      return moved;
    },
    /**
     * Of messages that an operator took and that this word did not move, those that it came too early for: they said `queued`, and what
     * they are is being written, or was a moment ago.
     */
    async earlyAmong(ids: readonly string[], verdict: Verdict, copy: Partial<Copy>): Promise<ReadonlySet<string>> {
      const found = await messages
        .find({ _id: { $in: [...ids] }, $or: [QUEUED, movedBy(verdict, copy)] }, { projection: { _id: 1 } })
        .toArray();
      return new Set(found.map((message) => message._id));
    },
    async park(waiting: readonly Orphan[]): Promise<void> {
      if (waiting.length === 0) return;
      await orphans.bulkWrite(
        waiting.map(({ _id, ...rest }) => ({
          updateOne: { filter: { _id }, update: { $setOnInsert: { schemaVersion: 1, ...rest } }, upsert: true },
        })),
        { ordered: false },
      );
    },
    /** Mostly there are none, and looking for thousands of ids among them is not free. */
    async isAnyParked(): Promise<boolean> {
      return (await orphans.findOne({}, { projection: { _id: 1 } })) !== null;
    },
    /** In the order in which they came. */
    async orphansOf(keys: readonly string[]): Promise<Orphan[]> {
      return orphans
        .find({ forms: { $in: [...keys] } })
        .sort({ receivedAt: 1, place: 1 })
        .toArray();
    },
    /** Orphans that it is time to look at again. */
    async orphansDue(now: Date, most: number): Promise<Orphan[]> {
      return orphans
        .find({ nextAt: { $lte: now } })
        .sort({ nextAt: 1 })
        .limit(most)
        .toArray();
    },
    /** Looks at these again when they are twice as old, so that those which never fit do not stand before the others. */
    async postpone(ids: readonly string[], now: Date): Promise<void> {
      if (ids.length === 0) return;
      const age = { $max: [LEAST_WAIT_MS, { $min: [LONGEST_WAIT_MS, { $subtract: [now, '$receivedAt'] }] }] };
      await orphans.updateMany({ _id: { $in: [...ids] } }, [{ $set: { nextAt: { $add: [now, age] } } }]);
    },
    async adopt(ids: readonly string[]): Promise<void> {
      if (ids.length > 0) await orphans.deleteMany({ _id: { $in: [...ids] } });
    },
    /** Unknown one-part messages to this person through this provider, sent in that time; for matching by fit. */
    async unknownTo(person: string, provider: string, sent: { after: Date; before: Date }): Promise<string[]> {
      const found = await messages
        .find(
          {
            $or: [{ state: 'unknown' }, QUEUED_ONCE_MORE],
            person,
            parts: 1,
            'sent.provider': provider,
            'sent.sentAt': { $gt: sent.after, $lte: sent.before },
          },
          { projection: { _id: 1 }, limit: 2 },
        )
        .toArray();
      return found.map((message) => message._id);
    },
  };
}

/** A service message of which nobody knows whether the first copy was sent, and of which the second was not. */
const QUEUED_ONCE_MORE = { state: 'queued', possibleDuplicate: true } as const;

/** Messages that were never said to be sent; what an operator took of them is on the wire. */
const QUEUED = { state: 'queued', ...FIRST } as const;

/** Messages that a final word on one of their copies moves. That the first copy failed says nothing about the second. */
const movedBy = ({ state }: Verdict, { isRetry }: Partial<Copy>): Filter<MessageRecord> => ({
  state: { $in: [...MOVED_BY_RECEIPT] },
  ...(isRetry || state === 'delivered' ? {} : FIRST),
});

/** Between two looks at an orphan, ms. */
const LEAST_WAIT_MS = 5000;
const LONGEST_WAIT_MS = 300_000;

export const dispatchMigrations = [
  {
    id: 400,
    name: 'dispatch: indexes',
    async up({ db }: Database): Promise<void> {
      await db.collection('parts').createIndex({ deleteAfter: 1 }, { expireAfterSeconds: 0 });
      await db
        .collection('orphanReceipts')
        .createIndexes([
          { key: { forms: 1 } },
          { key: { receivedAt: 1 } },
          { key: { deleteAfter: 1 }, expireAfterSeconds: 0 },
        ]);
    },
  },
  {
    id: 401,
    name: 'dispatch: orphans are looked at in turn',
    async up({ db }: Database): Promise<void> {
      const orphans = db.collection('orphanReceipts');
      await orphans.updateMany({ nextAt: { $exists: false } }, [{ $set: { nextAt: '$receivedAt', place: 0 } }]);
      await orphans.createIndex({ nextAt: 1 });
    },
  },
  {
    id: 402,
    name: 'dispatch: batches that are not done are found at once',
    async up({ db }: Database): Promise<void> {
      await db.collection('batches').createIndex({ done: 1 }, { partialFilterExpression: { done: false } });
    },
  },
  ...partMigrations,
  {
    id: 405,
    name: 'dispatch: what a message was sent under stands in one field',
    async up({ db }: Database): Promise<void> {
      await db
        .collection('messages')
        .updateMany({ provider: { $exists: true }, sent: { $exists: false } }, [
          { $set: { sent: Object.fromEntries(SENT_UNDER.map((field) => [field, `$${field}`])) } },
          { $unset: SENT_UNDER.filter((field) => field !== 'fence') },
        ]);
    },
  },
];

/** A field of these that a message has not is not made. */
const SENT_UNDER = [
  'fence',
  'provider',
  'sentAt',
  'perPart',
  'currency',
  'priceVersion',
  'chargedOn',
  'accountPrice',
  'costCentre',
] as const;
