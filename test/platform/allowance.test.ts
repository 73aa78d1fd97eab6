/** What processes share of an allowance is never more than it, whoever asks. */
import { setTimeout as sleep } from 'node:timers/promises';
import { afterAll, beforeAll, describe, expect, test } from 'vitest';
import { takeAllowed } from '../../src/platform/allowance.ts';
import { connectMongo, type Database } from '../../src/platform/mongo/connect.ts';
import { type FreshDatabase, freshDatabase } from '../support/mongo.ts';

let database: FreshDatabase;
/** As another process has it. */
let other: Database;
beforeAll(async () => {
  database = await freshDatabase();
  other = await connectMongo(database.uri, database.name);
});
afterAll(async () => {
  await other.close();
  await database.drop();
});

const MINUTE = 60_000;

describe('an allowance', () => {
  test('gives no more than there is, however many ask at once from wherever', async () => {
    const asked = await Promise.all(
      Array.from({ length: 60 }, (_, i) => takeAllowed(i % 2 ? database : other, 'rush', { most: 25, spanMs: MINUTE })),
    );
    expect(asked.filter((ms) => ms === 0)).toHaveLength(25);
    for (const ms of asked) {
      expect(ms).toBeGreaterThanOrEqual(0);
      expect(ms).toBeLessThanOrEqual(MINUTE);
    }
  });

  test('gives again when the span is over, and says when that is', async () => {
    const few = { most: 2, spanMs: 300 };
    expect(await takeAllowed(database, 'few', few)).toBe(0);
    expect(await takeAllowed(other, 'few', few)).toBe(0);
    let waits = await takeAllowed(other, 'few', few);
    expect(waits).toBeGreaterThan(0);
    // As long as it says, and a moment more where the clocks of both differ by that.
    while (waits > 0) {
      await sleep(waits);
      waits = await takeAllowed(other, 'few', few);
    }
    expect(waits).toBe(0);
  });

  test('of one name is none of another', async () => {
    const one = { most: 1, spanMs: MINUTE };
    expect(await takeAllowed(database, 'read', one)).toBe(0);
    expect(await takeAllowed(database, 'write', one)).toBe(0);
    expect(await takeAllowed(database, 'read', one)).toBeGreaterThan(0);
  });
});
