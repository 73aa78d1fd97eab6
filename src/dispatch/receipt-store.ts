/**
 * Which message an operator's id stands for, what was said about each part, and receipts that nobody knows yet, as MongoDB
 * keeps them. Ids live in a collection of their own, away from the messages that they would burden.
 */
import type { AnyBulkWriteOperation, Collection } from 'mongodb';
import { idsOfRun, type MessageRecord } from '../campaigns/messages.ts';
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
  /** Place of the part, from 0, and how many there are. */
  readonly part: number;
  readonly of: number;
  readonly state?: ReceiptState;
  readonly deleteAfter: Date;
}

/** A receipt whose id nobody knows: it came before the submit's answer was kept, or belongs to an unknown message. */
export interface Orphan {
  readonly _id: string;
  readonly forms: readonly string[];
  readonly provider: string;
  readonly state: ReceiptState;
  readonly error: string | null;
  readonly at: Date;
  /** Key of the person, when the receipt named a number. */
  readonly person: string | null;
  readonly receivedAt: Date;
  readonly deleteAfter: Date;
}

export interface Verdict {
  readonly state: Exclude<ReceiptState, 'enroute'>;
  readonly error: string | null;
  readonly at: Date;
}

export const partKey = (provider: string, id: string): string => `${provider}|${plainId(id)}`;
/** Keys under which the receipt's part may be kept: its id as written first. */
export const partKeys = (receipt: Pick<Receipt, 'provider' | 'providerMessageId'>): readonly string[] =>
  idForms(receipt.providerMessageId).map((form) => `${receipt.provider}|${form}`);

export type ReceiptStore = ReturnType<typeof receiptStore>;

export function receiptStore(database: Database) {
  const parts: Collection<PartRecord> = database.db.collection('parts');
  const orphans: Collection<Orphan> = database.db.collection('orphanReceipts');
  const messages: Collection<MessageRecord> = database.db.collection('messages');

  return {
    /** Keeps what parts are called. An operator that uses an id again means the newer message. */
    async learn(learnt: readonly PartRecord[]): Promise<void> {
      if (learnt.length === 0) return;
      try {
        await parts.insertMany([...learnt], { ordered: false });
      } catch (failure) {
        const again = repeated(failure, learnt);
        if (!again) throw failure;
        await parts.bulkWrite(
          again.map(({ _id, ...rest }) => ({
            updateOne: {
              filter: { _id, message: { $ne: rest.message } },
              update: { $set: rest, $unset: { state: 1 } },
            },
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
    /** States of all parts of these messages, in the order of the parts; null where nothing final was said. */
    async partStates(ids: readonly string[]): Promise<Map<string, (ReceiptState | null)[]>> {
      const found = await messages.find({ _id: { $in: [...ids] } }, { projection: { partIds: 1 } }).toArray();
      const known = await this.find(found.flatMap((message) => message.partIds ?? []));
      return new Map(
        found.map((message) => [message._id, (message.partIds ?? []).map((id) => known.get(id)?.state ?? null)]),
      );
    },
    /** Moves messages by a final receipt; what is final already stays. Returns how many moved. */
    async conclude(ids: readonly string[], verdict: Verdict): Promise<number> {
      const { state, error, at } = verdict;
      const moved = await messages.updateMany(
        { _id: { $in: [...ids] }, state: { $in: [...MOVED_BY_RECEIPT] } },
        { $set: { state, doneAt: at, ...(error && { errorDetail: error }) } },
      );
      return moved.modifiedCount;
    },
    async park(waiting: readonly Orphan[]): Promise<void> {
      if (waiting.length === 0) return;
      await orphans.bulkWrite(
        waiting.map(({ _id, ...rest }) => ({
          updateOne: { filter: { _id }, update: { $setOnInsert: rest }, upsert: true },
        })),
        { ordered: false },
      );
    },
    async orphansOf(keys: readonly string[]): Promise<Orphan[]> {
      return orphans.find({ forms: { $in: [...keys] } }).toArray();
    },
    async orphansBefore(receivedBefore: Date, most: number): Promise<Orphan[]> {
      return orphans
        .find({ receivedAt: { $lt: receivedBefore } })
        .sort({ receivedAt: 1 })
        .limit(most)
        .toArray();
    },
    async adopt(ids: readonly string[]): Promise<void> {
      if (ids.length > 0) await orphans.deleteMany({ _id: { $in: [...ids] } });
    },
    /** Unknown one-part messages to this person through this provider, sent before the receipt; for matching by fit. */
    async unknownTo(person: string, provider: string, before: Date): Promise<string[]> {
      const found = await messages
        .find(
          { person, provider, state: 'unknown', parts: 1, sentAt: { $lte: before } },
          { projection: { _id: 1 }, limit: 2 },
        )
        .toArray();
      return found.map((message) => message._id);
    },
    /** Whether receipts are still awaited for a run. */
    async awaiting(run: string): Promise<number> {
      return messages.countDocuments({ _id: idsOfRun(run), state: { $in: ['submitting', 'accepted'] } });
    },
  };
}

/** Documents refused because their id was there, or null when something else went wrong. */
function repeated(failure: unknown, learnt: readonly PartRecord[]): PartRecord[] | null {
  const errors = (failure as { writeErrors?: { code: number; index: number }[] }).writeErrors;
  if (!Array.isArray(errors) || errors.some((error) => error.code !== 11000)) return null;
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
];
