/**
 * What is on a wire, as MongoDB keeps it: in the piece that it is sent from, one entry for many messages, so that `submitting` costs
 * one small write. An entry is written under the fence of the piece's lease, before anything is sent; whoever takes the piece over finds
 * it there, and what it says was not answered is unknown, never queued again.
 */
import type { AnyBulkWriteOperation, Collection, Filter } from 'mongodb';
import {
  type Batch,
  idsIn,
  type MessageError,
  type MessageRecord,
  type MessageState,
  type OnWire,
  type Piece,
  runOfMessage,
  type SentUnder,
  type Stretches,
  sequenceOf,
} from '../campaigns/messages.ts';
import type { Database } from '../platform/mongo/connect.ts';

/** Where an entry stands. */
export interface WirePlace {
  readonly batch: string;
  readonly fence: number;
  readonly number: number;
}

/** What of an entry the operator took; empty when none. */
export interface Taken {
  readonly place: WirePlace;
  readonly stretches: Stretches;
}

/** What of an outcome is written into many messages at once. */
export interface Outcome {
  readonly state: MessageState;
  readonly error?: MessageError;
  readonly errorDetail?: string;
}

/** An account's no to one message, which is about the account: another may carry it. */
export interface Refusal {
  readonly provider: string;
  readonly error: MessageError;
  readonly errorDetail: string;
}

/** Messages of which no copy may have been sent before. */
export const FIRST = { possibleDuplicate: { $exists: false } } as const;

export function wireStore(database: Database) {
  const batches: Collection<Batch> = database.db.collection('batches');
  const messages: Collection<MessageRecord> = database.db.collection('messages');

  async function writeAccepted(groups: ReadonlyMap<SentUnder, readonly string[]>): Promise<void> {
    const writes = [...groups].map(([under, ids]): AnyBulkWriteOperation<MessageRecord> => {
      const filter = { _id: { $in: [...ids] }, state: 'queued', ...FIRST } as const;
      return { updateMany: { filter, update: { $set: { sent: under, state: 'accepted' }, $unset: WHY } } };
    });
    if (writes.length > 0) await messages.bulkWrite(writes, { ordered: false });
  }

  /** Gives the messages of an entry the state that it stands for. Returns how many are unknown. */
  async function settleEntry(run: string, { stretches, under, taken }: OnWire, at: Date): Promise<number> {
    const ids = idsIn(run, stretches);
    if (taken) {
      await writeAccepted(new Map([[under, ids]]));
      return 0;
    }
    const lost = await messages.updateMany(
      { _id: { $in: ids }, state: 'queued', ...FIRST },
      { $set: { sent: under, state: 'unknown', error: 'worker-lost', doneAt: at } },
    );
    return lost.modifiedCount;
  }

  return {
    /** Writes down what is about to be sent; false when the lease is lost, and nothing of it may be sent. */
    async putOnWire(batch: string, fence: number, entries: readonly OnWire[]): Promise<boolean> {
      const put = await batches.updateOne(
        { _id: batch, 'pieces.fence': fence },
        { $push: { 'pieces.$.wire': { $each: [...entries] } } },
      );
      return put.matchedCount === 1;
    },
    /**
     * Writes down what of these entries was taken, once all else that was answered stands in the messages. Returns the numbers of those
     * whose lease is lost: of them nothing is written.
     */
    async keepTaken(all: readonly Taken[]): Promise<ReadonlySet<number>> {
      const lost = new Set<number>();
      const byPiece = Map.groupBy(all, ({ place }) => `${place.batch} ${place.fence}`);
      await Promise.all(
        [...byPiece.values()].map(async (same) => {
          const { batch, fence } = same[0]!.place;
          const $set: Record<string, unknown> = {};
          const arrayFilters: Record<string, number>[] = [{ 'piece.fence': fence }];
          for (const { place, stretches } of same) {
            const entry = `e${place.number}`;
            $set[`pieces.$[piece].wire.$[${entry}].stretches`] = stretches;
            $set[`pieces.$[piece].wire.$[${entry}].taken`] = true;
            arrayFilters.push({ [`${entry}.number`]: place.number });
          }
          const kept = await batches.updateOne({ _id: batch, 'pieces.fence': fence }, { $set }, { arrayFilters });
          if (kept.matchedCount === 0) for (const { place } of same) lost.add(place.number);
        }),
      );
      return lost;
    },
    /** Everything that a lease had on the wire has its state in the messages. */
    async clearWire(batch: string, fence: number): Promise<void> {
      await batches.updateOne({ _id: batch, 'pieces.fence': fence }, { $set: { 'pieces.$.wire': [] } });
    },
    /** Writes what was taken into the messages, but for those that a receipt has moved already. */
    writeAccepted,
    /**
     * Writes one outcome of what was on the wire into all messages that had it: they say `queued`, or what whoever took the piece over
     * has made of them.
     */
    async settleOnWire(ids: readonly string[], under: SentUnder, outcome: Outcome, at: Date): Promise<void> {
      const which: Filter<MessageRecord> = {
        _id: { $in: [...ids] },
        ...FIRST,
        $or: [{ state: 'queued' }, { state: 'unknown', 'sent.fence': under.fence }],
      };
      if (outcome.state !== 'accepted')
        return void (await messages.updateMany(which, { $set: { sent: under, ...outcome, doneAt: at } }));
      const $unset = { ...(!outcome.error && { error: 1 as const }), errorDetail: 1, doneAt: 1 } as const;
      const taken = await messages.updateMany(which, { $set: { sent: under, ...outcome }, $unset });
      if (taken.matchedCount === ids.length) return;
      // Whoever took the piece over called it unknown, and it was queued for a second copy: that is not sent any more.
      await messages.updateMany(
        { _id: { $in: [...ids] }, state: 'queued', possibleDuplicate: true, 'sent.fence': under.fence },
        { $set: outcome, $unset: { ...$unset, possibleDuplicate: 1 } },
      );
    },
    /** Of these messages those that an operator took and that do not say so themselves yet, with what they were sent under. */
    async takenAmong(ids: Iterable<string>): Promise<ReadonlyMap<string, SentUnder>> {
      const found = new Map<string, SentUnder>();
      const wanted = new Set(ids);
      for (const [run, some] of Map.groupBy(wanted, runOfMessage)) {
        const sequences = some.map(sequenceOf);
        const [first, last] = [Math.min(...sequences), Math.max(...sequences)];
        const around = { run, first: { $lte: last }, last: { $gte: first }, 'pieces.wire.taken': true } as const;
        for await (const { pieces } of batches.find(around, { projection: { pieces: 1 } })) {
          for (const { stretches, under, taken } of pieces.flatMap(({ wire = [] }) => wire))
            if (taken) for (const id of idsIn(run, stretches)) if (wanted.has(id)) found.set(id, under);
        }
      }
      return found;
    },
    /** Keeps that an account does not carry these, which are queued still. */
    async refuseOnWire(ids: readonly string[], { provider, error, errorDetail }: Refusal): Promise<void> {
      await messages.updateMany(
        { _id: { $in: [...ids] }, state: 'queued', ...FIRST },
        { $set: { error, errorDetail }, $addToSet: { refusedBy: provider } },
      );
    },
    /**
     * Makes known what an earlier holder of this lease had on the wire: what was taken is accepted; the rest may have been sent, so it is
     * unknown and never queued again. Returns how many are.
     */
    async takeOverWire(batch: Batch, piece: Piece, at: Date): Promise<number> {
      if (!piece.wire?.length) return 0;
      let unknown = 0;
      for (const entry of piece.wire) unknown += await settleEntry(batch.run, entry, at);
      await this.clearWire(batch._id, piece.fence);
      return unknown;
    },
    /**
     * Ends all batches of a run that nobody holds: nothing of them is claimed or put on a wire any more. False as long as somebody holds
     * a piece of another.
     */
    async seal(run: string): Promise<boolean> {
      const isHeld = { $in: [true, { $map: { input: '$pieces', in: { $gte: ['$$this.until', '$$NOW'] } } }] };
      const onWire = {
        $reduce: {
          input: '$pieces',
          initialValue: { $ifNull: ['$left', []] },
          in: { $concatArrays: ['$$value', { $ifNull: ['$$this.wire', []] }] },
        },
      };
      await batches.updateMany({ run, done: false, $expr: { $not: isHeld } }, [
        { $set: { fence: { $add: ['$fence', 1] }, done: true, sealed: true, left: onWire } },
        { $set: { pieces: [] } },
      ]);
      return (await batches.findOne({ run, done: false }, { projection: { _id: 1 } })) === null;
    },
    /** Makes known what was on a wire when a sealed run's holders were lost. */
    async settleWhatWasLeft(run: string, at: Date): Promise<void> {
      const sealed = await batches.find({ run, 'left.0': { $exists: true } }).toArray();
      for (const { _id, left = [] } of sealed) {
        for (const entry of left) await settleEntry(run, entry, at);
        await batches.updateOne({ _id }, { $unset: { left: 1 } });
      }
    },
  };
}

/** What may stand in a queued message from an account that refused it. */
const WHY = { error: 1, errorDetail: 1 } as const;
