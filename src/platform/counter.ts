/**
 * Small numbers that people can say aloud: campaign 12, audience 5. Counted in MongoDB, so they are unique over all processes;
 * a number may be skipped, never given twice.
 */
import type { Database } from './mongo/connect.ts';

interface CounterRecord {
  readonly _id: string;
  readonly last: number;
}

/** The next number of `name`, from 1. */
export function counter(database: Database, name: string): () => Promise<number> {
  const counters = database.db.collection<CounterRecord>('counters');
  return async () => {
    const counted = await counters.findOneAndUpdate(
      { _id: name },
      { $inc: { last: 1 } },
      { upsert: true, returnDocument: 'after' },
    );
    if (!counted) throw new Error(`the counter ${name} gave no number`);
    return counted.last;
  };
}
