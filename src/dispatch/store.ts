/**
 * Pieces of batches and states of messages as MongoDB keeps them. Every move is a compare-and-set on the state, and bears the
 * number of the lease (fence) under which it is made. Leases are on the server's clock (`$$NOW`), whatever a worker's says.
 */
import type { Collection, Document } from 'mongodb';
import {
  type Batch,
  idsBetween,
  idsOfRun,
  type MessageError,
  type MessageRecord,
  type MessageState,
  type Piece,
} from '../campaigns/messages.ts';
import type { Database } from '../platform/mongo/connect.ts';
import type { Route } from './routing.ts';

export interface Claimed {
  readonly batch: Batch;
  readonly piece: Piece;
}

/** What of an outcome is written into many messages at once. */
export interface Outcome {
  readonly state: MessageState;
  readonly error?: MessageError;
  readonly errorDetail?: string;
}

export type DispatchStore = ReturnType<typeof dispatchStore>;

export function dispatchStore(database: Database) {
  const messages: Collection<MessageRecord> = database.db.collection('messages');
  const batches: Collection<Batch> = database.db.collection('batches');

  /** Takes the first piece whose lease ran out, under a new fence. */
  async function takeExpired(run: string, zones: readonly string[], owner: string, leaseMs: number) {
    return batches.findOneAndUpdate(
      { run, done: false, zone: { $in: [...zones] }, $expr: { $in: [true, EXPIRED] } },
      [
        { $set: { fence: { $add: ['$fence', 1] }, taken: { $indexOfArray: [EXPIRED, true] } } },
        {
          $set: {
            pieces: {
              $map: {
                input: { $range: [0, { $size: '$pieces' }] },
                as: 'at',
                in: {
                  $cond: [
                    { $eq: ['$$at', '$taken'] },
                    { $mergeObjects: [{ $arrayElemAt: ['$pieces', '$$at'] }, leaseFields(owner, leaseMs)] },
                    { $arrayElemAt: ['$pieces', '$$at'] },
                  ],
                },
              },
            },
          },
        },
        { $unset: 'taken' },
      ],
      { returnDocument: 'after', sort: { _id: 1 } },
    );
  }

  /** Cuts the next piece from the first batch that still has some. */
  async function cut(run: string, zones: readonly string[], size: number, owner: string, leaseMs: number) {
    const last = { $min: [{ $add: ['$next', size - 1] }, '$last'] };
    return batches.findOneAndUpdate(
      { run, done: false, zone: { $in: [...zones] }, $expr: { $lte: ['$next', '$last'] } },
      [
        { $set: { fence: { $add: ['$fence', 1] } } },
        {
          $set: {
            pieces: {
              $concatArrays: ['$pieces', [{ $mergeObjects: [{ first: '$next', last }, leaseFields(owner, leaseMs)] }]],
            },
            next: { $add: [last, 1] },
          },
        },
      ],
      { returnDocument: 'after', sort: { _id: 1 } },
    );
  }

  /** `change` is an update pipeline, whose expressions the driver's types do not know. */
  const changePiece = (batch: string, fence: number, change: readonly Document[]) =>
    batches.updateOne({ _id: batch, 'pieces.fence': fence }, [...change]);

  return {
    /** Leases the next piece of a run in these zones, what others left behind first; null when there is nothing to do. */
    async claim(
      run: string,
      zones: readonly string[],
      size: number,
      owner: string,
      leaseMs: number,
    ): Promise<Claimed | null> {
      const batch = (await takeExpired(run, zones, owner, leaseMs)) ?? (await cut(run, zones, size, owner, leaseMs));
      const piece = batch?.pieces.find((one) => one.fence === batch.fence);
      return batch && piece ? { batch, piece } : null;
    },
    /** Prolongs a lease; false when it is lost. */
    async renew(batch: string, fence: number, leaseMs: number): Promise<boolean> {
      const until = { until: { $add: ['$$NOW', leaseMs] } };
      return (await changePiece(batch, fence, [{ $set: { pieces: mapPiece(fence, until) } }])).matchedCount === 1;
    },
    /** Gives a piece back, to be claimed by anybody at once. */
    async release(batch: string, fence: number): Promise<void> {
      await changePiece(batch, fence, [{ $set: { pieces: mapPiece(fence, { until: new Date(0) }) } }]);
    },
    /** Ends a piece; the batch is done with its last. */
    async complete(batch: string, fence: number): Promise<void> {
      await changePiece(batch, fence, [
        { $set: { pieces: { $filter: { input: '$pieces', cond: { $ne: ['$$this.fence', fence] } } } } },
        { $set: { done: { $and: [{ $gt: ['$next', '$last'] }, { $eq: ['$pieces', []] }] } } },
      ]);
    },
    async zonesLeft(run: string): Promise<string[]> {
      return batches.distinct('zone', { run, done: false });
    },
    async hasWork(run: string): Promise<boolean> {
      return (await batches.findOne({ run, done: false }, { projection: { _id: 1 } })) !== null;
    },
    /** Whether some worker holds a live lease in the run. */
    async isHeld(run: string): Promise<boolean> {
      const held = { $in: [true, { $map: { input: '$pieces', in: { $gte: ['$$this.until', '$$NOW'] } } }] };
      return (await batches.findOne({ run, done: false, $expr: held }, { projection: { _id: 1 } })) !== null;
    },
    async closeBatches(run: string): Promise<void> {
      await batches.updateMany({ run, done: false }, { $set: { done: true, pieces: [] } });
    },
    /** Opens a finished batch again for one message. */
    async reopen(batch: string, sequence: number): Promise<void> {
      await batches.updateOne({ _id: batch }, [
        { $set: { fence: { $add: ['$fence', 1] }, done: false } },
        {
          $set: {
            pieces: {
              $concatArrays: [
                '$pieces',
                [{ first: sequence, last: sequence, owner: '', fence: '$fence', until: new Date(0) }],
              ],
            },
          },
        },
      ]);
    },
    async batchOf(run: string, sequence: number): Promise<Batch | null> {
      return batches.findOne({ run, first: { $lte: sequence }, last: { $gte: sequence } });
    },

    async messagesOf(batch: Batch): Promise<MessageRecord[]> {
      return messages
        .find({ _id: idsBetween(batch.run, batch.first, batch.last) })
        .sort({ _id: 1 })
        .toArray();
    },
    async queuedIn(run: string, piece: Piece): Promise<{ id: string; refusedBy: readonly string[] }[]> {
      const found = await messages
        .find({ _id: idsBetween(run, piece.first, piece.last), state: 'queued' }, { projection: { refusedBy: 1 } })
        .sort({ _id: 1 })
        .toArray();
      return found.map((one) => ({ id: one._id, refusedBy: one.refusedBy ?? [] }));
    },
    /** What an earlier holder left as submitting may have been sent: unknown, never queued again. Returns how many. */
    async giveUpOn(run: string, piece: Piece, at: Date): Promise<number> {
      const given = await messages.updateMany(
        { _id: idsBetween(run, piece.first, piece.last), state: 'submitting', fence: { $ne: piece.fence } },
        { $set: { state: 'unknown', error: 'worker-lost', doneAt: at } },
      );
      return given.modifiedCount;
    },
    /**
     * Writes `submitting` durably, before anything is on a wire. Returns the ids that are now this lease's to send; the others
     * were moved meanwhile (cancelled, missed, another's).
     */
    async mark(
      ids: readonly string[],
      fence: number,
      route: Route,
      costCentre: string,
      at: Date,
    ): Promise<readonly string[]> {
      const { provider, perPart, currency, priceVersion, chargedOn } = route;
      const marked = await messages.updateMany(
        { _id: { $in: [...ids] }, state: 'queued' },
        {
          $set: {
            state: 'submitting',
            fence,
            provider,
            perPart,
            currency,
            priceVersion,
            chargedOn,
            costCentre,
            sentAt: at,
          },
        },
      );
      if (marked.modifiedCount === ids.length) return ids;
      const mine = await messages
        .find({ _id: { $in: [...ids] }, state: 'submitting', fence }, { projection: { _id: 1 } })
        .toArray();
      return mine.map((one) => one._id);
    },
    /** Ends messages that were not on any wire. */
    async endQueued(ids: readonly string[], outcome: Outcome, at: Date): Promise<void> {
      if (ids.length === 0) return;
      await messages.updateMany({ _id: { $in: [...ids] }, state: 'queued' }, { $set: { ...outcome, doneAt: at } });
    },
    /** Ends all of a run that is still queued: cancelled, or missed. Returns how many. */
    async endAllQueued(run: string, state: 'cancelled' | 'missed', at: Date): Promise<number> {
      const ended = await messages.updateMany({ _id: idsOfRun(run), state: 'queued' }, { $set: { state, doneAt: at } });
      return ended.modifiedCount;
    },
    /** When no lease is live any more, what is still submitting may have been sent. */
    async giveUpOnRun(run: string, at: Date): Promise<void> {
      await messages.updateMany(
        { _id: idsOfRun(run), state: 'submitting' },
        { $set: { state: 'unknown', error: 'worker-lost', doneAt: at } },
      );
    },
    /** Unknown messages of a run that were not sent a second time yet. */
    async unknownUnretried(run: string, before: Date, most: number): Promise<string[]> {
      const found = await messages
        .find(
          { _id: idsOfRun(run), state: 'unknown', possibleDuplicate: { $exists: false }, doneAt: { $lte: before } },
          { projection: { _id: 1 }, limit: most },
        )
        .toArray();
      return found.map((message) => message._id);
    },
    /** Queues an unknown message once more, flagged; false when it has become known meanwhile, or was retried before. */
    async queueOnceMore(id: string): Promise<boolean> {
      const queued = await messages.updateOne(
        { _id: id, state: 'unknown', possibleDuplicate: { $exists: false } },
        { $set: { state: 'queued', possibleDuplicate: true }, $unset: { doneAt: 1, error: 1, errorDetail: 1 } },
      );
      return queued.modifiedCount === 1;
    },
    /** Writes one outcome into all messages that had it. A late answer makes known what was unknown. */
    async settle(ids: readonly string[], fence: number, outcome: Outcome, at: Date): Promise<void> {
      const isEnd = outcome.state !== 'accepted';
      await messages.updateMany(
        { _id: { $in: [...ids] }, fence, state: { $in: ['submitting', 'unknown'] } },
        { $set: { ...outcome, ...(isEnd && { doneAt: at }) } },
      );
    },
    /** Takes back what was certainly not sent; `refusedBy` keeps an account from being asked again. */
    async requeue(ids: readonly string[], fence: number, refusedBy: string | null): Promise<void> {
      await messages.updateMany(
        { _id: { $in: [...ids] }, fence, state: 'submitting' },
        { $set: { state: 'queued' }, ...(refusedBy && { $addToSet: { refusedBy } }) },
      );
    },
    async keepPartIds(parts: readonly { id: string; partIds: readonly string[] }[]): Promise<void> {
      if (parts.length === 0) return;
      await messages.bulkWrite(
        parts.map(({ id, partIds }) => ({ updateOne: { filter: { _id: id }, update: { $set: { partIds } } } })),
        { ordered: false },
      );
    },
  };
}

const EXPIRED = { $map: { input: '$pieces', in: { $lt: ['$$this.until', '$$NOW'] } } };

const leaseFields = (owner: string, leaseMs: number) => ({
  owner,
  fence: '$fence',
  until: { $add: ['$$NOW', leaseMs] },
});

const mapPiece = (fence: number, fields: object) => ({
  $map: {
    input: '$pieces',
    in: { $cond: [{ $eq: ['$$this.fence', fence] }, { $mergeObjects: ['$$this', fields] }, '$$this'] },
  },
});
