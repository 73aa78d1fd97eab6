/**
 * Which message an operator's id stands for, what was said about each part, and receipts that nobody knows yet, as MongoDB
 * keeps them. Ids live in a collection of their own, away from the messages that they would burden.
 */
import type { AnyBulkWriteOperation, Collection, Filter } from 'mongodb';
import type { MessageRecord, SentUnder } from '../campaigns/messages.ts';
import type { Database } from '../platform/mongo/connect.ts';
import { idForms, MOVED_BY_RECEIPT, plainId } from './fold.ts';
import type { Receipt, ReceiptState } from './provider.ts';

/** One part of a message, by the operator's id for it. */
export interface PartRecord {
  /** `<provider>|<id in its plain form>`. */
  readonly _id: string;
  readonly message: string;
  /** Key of the person it went to: an id that can be read in two bases means the part of the right person. */
  readonly person: string;
  /** Place of the part, from 0, and how many speak for the message together. */
  readonly part: number;
  readonly of: number;
  /** A part of the second copy, of a message that was sent once more. */
  readonly isRetry?: true;
  readonly state?: ReceiptState;
  /** Where it went, as `delivery.ts` has it. */
  readonly destination?: string;
  readonly deleteAfter: Date;
}

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

/** One copy of a message. */
export type Copy = Pick<PartRecord, 'message' | 'isRetry'>;
/** A name for the copy, to gather by. */
export const copyKey = ({ message, isRetry }: Copy): string => (isRetry ? `${message} once more` : message);

export const partKey = (provider: string, id: string): string => `${provider}|${plainId(id)}`;
/** Keys under which the receipt's part may be kept: its id as written first. */
export const partKeys = (receipt: Pick<Receipt, 'provider' | 'providerMessageId'>): readonly string[] =>
  idForms(receipt.providerMessageId).map((form) => `${receipt.provider}|${form}`);

export type ReceiptStore = ReturnType<typeof receiptStore>;

export function receiptStore(database: Database) {
  const parts: Collection<PartRecord> = database.db.collection('parts');
  const orphans: Collection<Orphan & { readonly schemaVersion: 1 }> = database.db.collection('orphanReceipts');
  const messages: Collection<MessageRecord> = database.db.collection('messages');

  return {
    /** Keeps what parts are called. An operator that uses an id again means the newer message, and the newer copy. */
    async learn(learnt: readonly PartRecord[]): Promise<void> {
      if (learnt.length === 0) return;
      try {
        await parts.insertMany([...learnt], { ordered: false });
      } catch (failure) {
        const again = repeated(failure, learnt);
        if (!again) throw failure;
        await parts.bulkWrite(
          again.map(({ _id, ...rest }) => ({
            replaceOne: { filter: { _id, ...olderThan(rest) }, replacement: rest },
          })),
          { ordered: false },
        );
      }
    },
    async find(keys: readonly string[]): Promise<Map<string, PartRecord>> {
      const found = await parts.find({ _id: { $in: [...keys] } }).toArray();
      return new Map(found.map((part) => [part._id, part]));
    },
    /** Keeps the final word on parts of messages of several; the first final word stays. */
    async keepPartStates(states: ReadonlyMap<string, ReceiptState>): Promise<void> {
      const writes: AnyBulkWriteOperation<PartRecord>[] = [...states].map(([_id, state]) => ({
        updateOne: { filter: { _id, state: { $exists: false } }, update: { $set: { state } } },
      }));
      if (writes.length > 0) await parts.bulkWrite(writes, { ordered: false });
    },
    /** States of all parts of the copies of these messages, in the order of the parts; null where nothing final was said. */
    async partStates(ids: readonly string[]): Promise<Map<string, (ReceiptState | null)[]>> {
      const found = await messages
        .find({ _id: { $in: [...ids] } }, { projection: { partIds: 1, retryPartIds: 1 } })
        .toArray();
      const copies = found.flatMap(({ _id, partIds = [], retryPartIds = [] }) => [
        { key: copyKey({ message: _id }), message: _id, partIds },
        { key: copyKey({ message: _id, isRetry: true }), message: _id, partIds: retryPartIds },
      ]);
      const known = await this.find(copies.flatMap((copy) => copy.partIds));
      // An id that the operator used again stands for another message now.
      const stateOf = (message: string, part: string) => {
        const found = known.get(part);
        return found?.message === message ? (found.state ?? null) : null;
      };
      return new Map(copies.map(({ key, message, partIds }) => [key, partIds.map((part) => stateOf(message, part))]));
    },
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
      const $set = { ...under, state, doneAt: at, ...(error && { errorDetail: error }) };
      const $unset = error ? ({ error: 1 } as const) : ({ error: 1, errorDetail: 1 } as const);
      const movable = under ? { $or: [QUEUED, movedBy(verdict, copy)] } : movedBy(verdict, copy);
      const moved = await messages.updateMany({ _id: { $in: [...ids] }, ...movable }, { $set, $unset });
      if (moved.modifiedCount === ids.length) return moved.modifiedCount;
      // Its second copy is not sent yet, and will not be.
      const spared = await messages.updateMany(
        { _id: { $in: [...ids] }, ...QUEUED_ONCE_MORE },
        { $set, $unset: { ...$unset, possibleDuplicate: 1 } },
      );
      return moved.modifiedCount + spared.modifiedCount;
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
            ...{ person, provider, parts: 1, sentAt: { $gt: sent.after, $lte: sent.before } },
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

const NOT_ONCE_MORE = { possibleDuplicate: { $exists: false } } as const;

/** Messages that were never said to be sent; what an operator took of them is on the wire. */
const QUEUED = { state: 'queued', ...NOT_ONCE_MORE } as const;

/** Messages that a final word on one of their copies moves. That the first copy failed says nothing about the second. */
const movedBy = ({ state }: Verdict, { isRetry }: Partial<Copy>): Filter<MessageRecord> => ({
  state: { $in: [...MOVED_BY_RECEIPT] },
  ...(isRetry || state === 'delivered' ? {} : NOT_ONCE_MORE),
});

/** What is kept under an id of this part from before. */
const olderThan = ({ message, isRetry, of }: Copy & Pick<PartRecord, 'of'>): Filter<PartRecord> => ({
  $or: [
    { message: { $ne: message } },
    // Only some parts were known to be taken.
    { of: { $gt: of } },
    ...(isRetry ? [{ isRetry: { $exists: false } }] : []),
  ],
});

/** Between two looks at an orphan, ms. */
const LEAST_WAIT_MS = 5000;
const LONGEST_WAIT_MS = 300_000;

/**
 * Documents refused because their id was there, or null when something else went wrong: a lost connection is a bulk failure
 * with no write errors at all.
 */
function repeated(failure: unknown, learnt: readonly PartRecord[]): PartRecord[] | null {
  const errors = (failure as { writeErrors?: { code: number; index: number }[] }).writeErrors;
  if (!Array.isArray(errors) || errors.length === 0 || errors.some((error) => error.code !== 11000)) return null;
  return errors.map((error) => learnt[error.index]!);
}

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
];
