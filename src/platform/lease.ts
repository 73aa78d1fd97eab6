/**
 * A lease on a name: of all processes that ask, one holds it, until it is released, or not renewed in time. Time is the
 * database's, so that clocks of machines need not agree; each holding has a higher fence than all before it.
 */
import { randomUUID } from 'node:crypto';
import type { Database } from './mongo/connect.ts';

export interface Lease {
  /** Goes up with every new holder: a write that carries a lower one comes from a holder that lost it. */
  readonly fence: number;
  /** Whether it is still ours; if so, for the whole time again. */
  renew(): Promise<boolean>;
  release(): Promise<void>;
}

interface LeaseRecord {
  readonly _id: string;
  readonly holder: string;
  readonly until: Date;
  readonly fence: number;
}

const longAgo = new Date(0);
const inMs = (ms: number) => ({ $dateAdd: { startDate: '$$NOW', unit: 'millisecond', amount: ms } });

/** Takes the lease of this name for `ms` milliseconds; null while another holds it. */
export async function takeLease(database: Database, name: string, ms: number): Promise<Lease | null> {
  const leases = database.db.collection<LeaseRecord>('leases');
  const holder = randomUUID();
  const ifFree = (mine: unknown, field: string) => ({
    $cond: [{ $lte: [{ $ifNull: ['$until', longAgo] }, '$$NOW'] }, mine, field],
  });
  // A filter with `$expr` cannot upsert, so the condition is in the update; who holds it afterwards tells how it went.
  // Two that make the first record at once are no matter: MongoDB itself tries an upsert by `_id` again.
  const record = await leases.findOneAndUpdate(
    { _id: name },
    [
      {
        $set: {
          holder: ifFree(holder, '$holder'),
          fence: ifFree({ $add: [{ $ifNull: ['$fence', 0] }, 1] }, '$fence'),
          until: ifFree(inMs(ms), '$until'),
        },
      },
    ],
    { upsert: true, returnDocument: 'after' },
  );
  if (record?.holder !== holder) return null;
  return {
    fence: record.fence,
    async renew() {
      const { matchedCount } = await leases.updateOne({ _id: name, holder }, [{ $set: { until: inMs(ms) } }]);
      return matchedCount === 1;
    },
    async release() {
      await leases.updateOne({ _id: name, holder }, { $set: { until: longAgo } });
    },
  };
}
