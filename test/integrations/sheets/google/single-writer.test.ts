/** One writer a spreadsheet, in this process and among several. */
import { afterAll, beforeAll, describe, expect, test } from 'vitest';
import { REAL_CLOCK } from '../../../../integrations/sheets/google/budget.ts';
import { singleWriter } from '../../../../integrations/sheets/google/single-writer.ts';
import { takeLease } from '../../../../src/platform/lease.ts';
import { type FreshDatabase, freshDatabase } from '../../../support/mongo.ts';
import { never } from './desk.ts';

let database: FreshDatabase;
beforeAll(async () => {
  database = await freshDatabase();
});
afterAll(() => database.drop());

const another = () => singleWriter(REAL_CLOCK, (name, ms) => takeLease(database, name, ms));

/** How many wrote to one spreadsheet at the same time. */
function work() {
  let [now, most] = [0, 0];
  return {
    most: () => most,
    async write() {
      now += 1;
      most = Math.max(most, now);
      await new Promise((resolve) => setTimeout(resolve, 5));
      now -= 1;
    },
  };
}

describe('writers to one spreadsheet', () => {
  test('wait for each other in one process and in several, also after one has failed', async () => {
    const { write, most } = work();
    const [here, there] = [another(), another()];
    const failing = here('sheet', never, () => Promise.reject(new Error('no')));
    const all = [here, there, here].map((writer) => writer('sheet', never, write));
    await expect(failing).rejects.toThrow('no');
    await Promise.all(all);
    expect(most()).toBe(1);
  });

  test('of two spreadsheets do not wait', async () => {
    const writer = another();
    const other = Promise.withResolvers<void>();
    await Promise.all([writer('a', never, () => other.promise), writer('b', never, async () => other.resolve())]);
  });

  test('are let go when they are told to stop while they wait', async () => {
    const end = Promise.withResolvers<void>();
    const begun = Promise.withResolvers<void>();
    const first = another()('waited', never, () => {
      begun.resolve();
      return end.promise;
    });
    await begun.promise;
    const stop = new AbortController();
    const second = another()('waited', stop.signal, async () => {});
    stop.abort(new Error('enough'));
    await expect(second).rejects.toThrow('enough');
    end.resolve();
    await first;
  });
});
