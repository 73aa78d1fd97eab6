/**
 * Which message an operator's id stands for, and what was said about each part of a message of several, as MongoDB keeps them. The ids
 * of messages of one part, which nearly all are, stand in lots: one document for many. An operator that uses an id again means the
 * newer message.
 */
import { type AnyBulkWriteOperation, type Collection, type Filter, ObjectId } from 'mongodb';
import { messageId, runOfMessage, sequenceOf } from '../campaigns/messages.ts';
import type { Database } from '../platform/mongo/connect.ts';
import { idForms, plainId } from './fold.ts';
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
  /** Of a message of several: the keys of all of them, in their order; empty where the operator gave none. */
  readonly all?: readonly string[];
  /** A part of the second copy, of a message that was sent once more. */
  readonly isRetry?: true;
  readonly state?: ReceiptState;
  /** Where it went, as `delivery.ts` has it. */
  readonly destination?: string;
  readonly deleteAfter: Date;
}

/** One copy of a message. */
export type Copy = Pick<PartRecord, 'message' | 'isRetry'>;
/** A name for the copy, to gather by. */
export const copyKey = ({ message, isRetry }: Copy): string => (isRetry ? `${message} once more` : message);

export const partKey = (provider: string, id: string): string => `${provider}|${plainId(id)}`;
/** Keys under which the receipt's part may be kept: its id as written first. */
export const partKeys = (receipt: Pick<Receipt, 'provider' | 'providerMessageId'>): readonly string[] =>
  idForms(receipt.providerMessageId).map((form) => `${receipt.provider}|${form}`);

/** Messages of one part, first copies only, of one run: column by column, so that names are written once. */
interface PartLot {
  readonly _id: ObjectId;
  readonly schemaVersion: 1;
  readonly run: string;
  readonly keys: readonly string[];
  readonly sequences: readonly number[];
  readonly persons: readonly string[];
  readonly destinations: readonly (string | null)[];
  readonly deleteAfter: Date;
}

/** Small enough that a receipt which comes alone does not read much that it does not need. */
const LOT = 16;

export function partStore(database: Database) {
  const parts: Collection<PartRecord> = database.db.collection('parts');
  const lots: Collection<PartLot> = database.db.collection('partLots');

  async function learnAlone(learnt: readonly PartRecord[]): Promise<void> {
    if (learnt.length === 0) return;
    try {
      await parts.insertMany([...learnt], { ordered: false });
    } catch (failure) {
      const again = repeated(failure, learnt);
      if (!again) throw failure;
      await parts.bulkWrite(again.flatMap(learntAgain));
    }
  }

  return {
    /** Keeps what parts are called. An operator that uses an id again means the newer message, and the newer copy. */
    async learn(learnt: readonly PartRecord[]): Promise<void> {
      const plain = learnt.filter(isPlain);
      await Promise.all([
        plain.length > 0 && lots.insertMany(lotsOf(plain)),
        learnAlone(learnt.filter((part) => !isPlain(part))),
      ]);
    },
    async find(keys: readonly string[]): Promise<Map<string, PartRecord>> {
      const wanted = new Set(keys);
      const [alone, inLots] = await Promise.all([
        parts.find({ _id: { $in: [...wanted] } }).toArray(),
        lots.find({ keys: { $in: [...wanted] } }).toArray(),
      ]);
      const found = new Map([...newestLots(inLots, wanted)].map(([key, lot]) => [key, partIn(lot, key)]));
      for (const part of alone) {
        const other = found.get(part._id);
        if (!other || isNewer(part, other)) found.set(part._id, part);
      }
      return found;
    },
    /** Keeps the final word on parts of messages of several; the first final word stays. */
    async keepPartStates(states: ReadonlyMap<string, ReceiptState>): Promise<void> {
      const writes: AnyBulkWriteOperation<PartRecord>[] = [...states].map(([_id, state]) => ({
        updateOne: { filter: { _id, state: { $exists: false } }, update: { $set: { state } } },
      }));
      if (writes.length > 0) await parts.bulkWrite(writes, { ordered: false });
    },
    /** What was said about all parts of the copies that these belong to, in the order of the parts; null where nothing final was. */
    async partStates(some: readonly PartRecord[]): Promise<Map<string, (ReceiptState | null)[]>> {
      const known = new Map<string, PartRecord>();
      /** What these parts are called together: as it is kept by now, for more of it may be known than when they were read. */
      const namesOf = (copy: PartRecord): readonly string[] => known.get(copy._id)?.all ?? copy.all ?? [];
      const read = async (keys: readonly string[]): Promise<void> => {
        const found = await parts.find({ _id: { $in: [...new Set(keys)] } }).toArray();
        for (const part of found) known.set(part._id, part);
      };
      await read(some.flatMap(({ _id, all = [] }) => [_id, ...all]));
      const added = some.flatMap((copy) => namesOf(copy).filter((key) => key !== '' && !known.has(key)));
      if (added.length > 0) await read(added);
      // An id that the operator used again stands for another message now.
      const stateOf = (copy: PartRecord, key: string): ReceiptState | null => {
        const part = known.get(key);
        return part && copyKey(part) === copyKey(copy) ? (part.state ?? null) : null;
      };
      return new Map(some.map((copy) => [copyKey(copy), namesOf(copy).map((key) => stateOf(copy, key))]));
    },
  };
}

const isPlain = ({ of, part, isRetry, all }: PartRecord): boolean => of === 1 && part === 0 && !isRetry && !all;

function lotsOf(plain: readonly PartRecord[]): PartLot[] {
  const made: PartLot[] = [];
  for (const [run, some] of Map.groupBy(plain, ({ message }) => runOfMessage(message))) {
    for (let from = 0; from < some.length; from += LOT) {
      const lot = some.slice(from, from + LOT);
      made.push({
        _id: new ObjectId(),
        schemaVersion: 1,
        run,
        keys: lot.map(({ _id }) => _id),
        sequences: lot.map(({ message }) => sequenceOf(message)),
        persons: lot.map(({ person }) => person),
        destinations: lot.map(({ destination }) => destination ?? null),
        deleteAfter: lot.at(-1)!.deleteAfter,
      });
    }
  }
  return made;
}

/** The lot that each of these keys was learnt in last. */
function newestLots(lots: readonly PartLot[], wanted: ReadonlySet<string>): ReadonlyMap<string, PartLot> {
  const newest = new Map<string, PartLot>();
  for (const lot of lots) {
    for (const key of lot.keys) {
      if (!wanted.has(key)) continue;
      const other = newest.get(key);
      if (!other || isLater(lot, other)) newest.set(key, lot);
    }
  }
  return newest;
}

function isLater(lot: PartLot, other: PartLot): boolean {
  const ms = lot.deleteAfter.getTime() - other.deleteAfter.getTime();
  return ms === 0 ? lot._id.toHexString() > other._id.toHexString() : ms > 0;
}

function partIn({ run, keys, sequences, persons, destinations, deleteAfter }: PartLot, key: string): PartRecord {
  const at = keys.lastIndexOf(key);
  const [message, person, destination] = [messageId(run, sequences[at]!), persons[at]!, destinations[at]];
  return { _id: key, message, person, part: 0, of: 1, ...(destination && { destination }), deleteAfter };
}

/** Of two parts under one id: of one message the second copy, and the one that speaks for more; of two the one learnt later. */
function isNewer(part: PartRecord, other: PartRecord): boolean {
  if (part.message !== other.message) return part.deleteAfter >= other.deleteAfter;
  return part.isRetry === other.isRetry ? part.of < other.of : part.isRetry === true;
}

/** What becomes of a part whose id is there already. */
const learntAgain = ({ _id, ...rest }: PartRecord): AnyBulkWriteOperation<PartRecord>[] => [
  { replaceOne: { filter: { _id, ...olderThan(rest) }, replacement: rest } },
  // Of the same copy more of its parts may be known by now; what was said about this one stays.
  ...(rest.all ? [{ updateOne: { filter: { _id, ...sameCopyAs(rest) }, update: { $set: { all: rest.all } } } }] : []),
];

/** What is kept under an id of this part from before. */
const olderThan = ({ message, isRetry, of }: Omit<PartRecord, '_id'>): Filter<PartRecord> => ({
  $or: [
    { message: { $ne: message } },
    // Only some parts were known to be taken.
    { of: { $gt: of } },
    ...(isRetry ? [{ isRetry: { $exists: false } }] : []),
  ],
});

const sameCopyAs = ({ message, isRetry, of }: Omit<PartRecord, '_id'>): Filter<PartRecord> => ({
  message,
  of,
  isRetry: isRetry ? true : { $exists: false },
});

/**
 * Documents refused because their id was there, or null when something else went wrong: a lost connection is a bulk failure
 * with no write errors at all.
 */
function repeated(failure: unknown, learnt: readonly PartRecord[]): PartRecord[] | null {
  const errors = (failure as { writeErrors?: { code: number; index: number }[] }).writeErrors;
  if (!Array.isArray(errors) || errors.length === 0 || errors.some((error) => error.code !== 11000)) return null;
  return errors.map((error) => learnt[error.index]!);
}

export const partMigrations = [
  {
    id: 404,
    name: 'dispatch: ids of parts stand in lots, and a part names the others of its message',
    async up({ db }: Database): Promise<void> {
      const lots = db.collection('partLots');
      await lots.createIndexes([{ key: { keys: 1 } }, { key: { deleteAfter: 1 }, expireAfterSeconds: 0 }]);
      const parts = db.collection<PartRecord>('parts');
      const copies = parts.aggregate<{ all: { _id: string; part: number }[]; of: number }>(
        [
          { $match: { of: { $gt: 1 }, all: { $exists: false } } },
          {
            $group: {
              _id: { message: '$message', isRetry: '$isRetry' },
              of: { $first: '$of' },
              all: { $push: { _id: '$_id', part: '$part' } },
            },
          },
        ],
        { allowDiskUse: true },
      );
      for await (const { all: some, of } of copies) {
        const all = Array.from({ length: of }, (_, place) => some.find(({ part }) => part === place)?._id ?? '');
        await parts.updateMany({ _id: { $in: some.map(({ _id }) => _id) } }, { $set: { all } });
      }
      await db
        .collection('messages')
        .updateMany(
          { $or: [{ partIds: { $exists: true } }, { retryPartIds: { $exists: true } }] },
          { $unset: { partIds: 1, retryPartIds: 1 } },
        );
    },
  },
];
