/**
 * An allowance that all processes share: so many of something in any span of time. Who asks is told how long to wait, or has taken
 * one. Time is the database's, so that clocks of machines need not agree.
 */
import { randomUUID } from 'node:crypto';
import type { Database } from './mongo/connect.ts';

export interface Allowance {
  readonly most: number;
  readonly spanMs: number;
}

interface AllowanceRecord {
  readonly _id: string;
  /** When one was taken, within the last span; oldest first. */
  readonly taken: readonly Date[];
  /** Who has taken the last of them. */
  readonly last: string;
  /** When that was asked, by the database's clock. */
  readonly asked: Date;
}

/** Takes one of the allowance of this name; resolves with 0, or with how long nobody gets one, ms. */
export async function takeAllowed(database: Database, name: string, { most, spanMs }: Allowance): Promise<number> {
  const allowances = database.db.collection<AllowanceRecord>('allowances');
  const token = randomUUID();
  const recent = { $gt: ['$$at', { $dateSubtract: { startDate: '$$NOW', unit: 'millisecond', amount: spanMs } }] };
  const record = await allowances.findOneAndUpdate(
    { _id: name },
    [
      {
        $set: {
          taken: { $filter: { input: { $ifNull: ['$taken', []] }, as: 'at', cond: recent } },
          asked: '$$NOW',
        },
      },
      { $set: { last: { $cond: [{ $lt: [{ $size: '$taken' }, most] }, token, '$last'] } } },
      { $set: { taken: { $cond: [{ $eq: ['$last', token] }, { $concatArrays: ['$taken', ['$$NOW']] }, '$taken'] } } },
    ],
    { upsert: true, returnDocument: 'after' },
  );
  if (!record || record.last === token) return 0;
  const { taken, asked } = record;
  return Math.max(1, taken[taken.length - most]!.getTime() + spanMs - asked.getTime());
}
