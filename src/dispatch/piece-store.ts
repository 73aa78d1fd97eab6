/**
 * Pieces of batches as MongoDB keeps them: who sends which, under which lease. A lease bears a number (fence), and is on the
 * server's clock (`$$NOW`), whatever a worker's says.
 */
import type { Collection, Document, Filter } from 'mongodb';
import type { Batch, Piece } from '../campaigns/messages.ts';
import type { Database } from '../platform/mongo/connect.ts';

export interface Claimed {
  readonly batch: Batch;
  readonly piece: Piece;
  /** Whether somebody held it before: what that one left must be looked at. */
  readonly isTakenOver: boolean;
}

export function pieceStore(database: Database) {
  const batches: Collection<Batch> = database.db.collection('batches');

  /** Takes the first piece whose lease ran out, and of which `isLost` is so, under a new fence. */
  async function takeExpired(where: Filter<Batch>, owner: string, leaseMs: number, isLost: Document = EXPIRED) {
    return batches.findOneAndUpdate(
      { ...where, done: false, $expr: { $in: [true, isLost] } },
      [
        { $set: { fence: { $add: ['$fence', 1] }, taken: { $indexOfArray: [isLost, true] } } },
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
    /**
     * Leases the next piece of a run in these zones, what others left behind first; null when there is nothing to do. Of size 0, only
     * what was left behind.
     */
    async claim(
      run: string,
      zones: readonly string[],
      size: number,
      owner: string,
      leaseMs: number,
    ): Promise<Claimed | null> {
      const left = await takeExpired({ run, zone: { $in: [...zones] } }, owner, leaseMs);
      const batch = left ?? (size > 0 ? await cut(run, zones, size, owner, leaseMs) : null);
      const piece = batch?.pieces.find((one) => one.fence === batch.fence);
      return batch && piece ? { batch, piece, isTakenOver: left !== null } : null;
    },
    /**
     * Leases a piece of any run of which a lost worker left something on a wire, also where the run may not be sent now: what became of
     * it must not wait until it may. Null when there is none.
     */
    async claimLost(owner: string, leaseMs: number): Promise<Claimed | null> {
      const batch = await takeExpired({ 'pieces.wire.0': { $exists: true } }, owner, leaseMs, EXPIRED_ON_WIRE);
      const piece = batch?.pieces.find((one) => one.fence === batch.fence);
      return batch && piece ? { batch, piece, isTakenOver: true } : null;
    },
    /** Prolongs a lease; false when it is lost. */
    async renew(batch: string, fence: number, leaseMs: number): Promise<boolean> {
      const until = { until: { $add: ['$$NOW', leaseMs] } };
      return (await changePiece(batch, fence, [{ $set: { pieces: mapPiece(fence, until) } }])).matchedCount === 1;
    },
    /** Gives a piece of which nothing is on a wire back, to be claimed by anybody: at once, or after so many milliseconds. */
    async release(batch: string, fence: number, afterMs = 0): Promise<void> {
      const until = afterMs === 0 ? new Date(0) : { $add: ['$$NOW', afterMs] };
      await changePiece(batch, fence, [{ $set: { pieces: mapPiece(fence, { owner: '', until, wire: [] }) } }]);
    },
    /** Ends a piece; the batch is done with its last. */
    async complete(batch: string, fence: number): Promise<void> {
      await changePiece(batch, fence, [
        { $set: { pieces: { $filter: { input: '$pieces', cond: { $ne: ['$$this.fence', fence] } } } } },
        { $set: { done: { $and: [{ $gt: ['$next', '$last'] }, { $eq: ['$pieces', []] }] } } },
      ]);
    },
    async hasWork(run: string): Promise<boolean> {
      return (await batches.findOne({ run, done: false }, { projection: { _id: 1 } })) !== null;
    },
    /** Opens a finished batch again for one message, unless a piece is open for it; false where the run was ended. */
    async reopen(batch: string, sequence: number): Promise<boolean> {
      const covering = { $elemMatch: { first: { $lte: sequence }, last: { $gte: sequence } } };
      const open = { _id: batch, sealed: { $exists: false }, pieces: { $not: covering } } as const;
      const opened = await batches.updateOne(open, [
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
      if (opened.matchedCount === 1) return true;
      return (await batches.findOne({ _id: batch, sealed: true }, { projection: { _id: 1 } })) === null;
    },
    async batchOf(run: string, sequence: number): Promise<Batch | null> {
      return batches.findOne({ run, first: { $lte: sequence }, last: { $gte: sequence } });
    },
  };
}

const EXPIRED = { $map: { input: '$pieces', in: { $lt: ['$$this.until', '$$NOW'] } } };
const EXPIRED_ON_WIRE = {
  $map: {
    input: '$pieces',
    in: { $and: [{ $lt: ['$$this.until', '$$NOW'] }, { $gt: [{ $size: { $ifNull: ['$$this.wire', []] } }, 0] }] },
  },
};

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
