import { afterAll, beforeAll, describe, expect, test, vi } from 'vitest';
import { takeLease } from '../../src/platform/lease.ts';
import { type FreshDatabase, freshDatabase } from '../support/mongo.ts';

let database: FreshDatabase;
beforeAll(async () => {
  database = await freshDatabase();
});
afterAll(() => database.drop());

const longTime = 60_000;

describe('a lease', () => {
  test('has one holder, however many ask at once', async () => {
    for (let round = 0; round < 10; round++) {
      const asked = await Promise.all(Array.from({ length: 20 }, () => takeLease(database, `rush ${round}`, longTime)));
      expect(asked.filter((lease) => lease !== null)).toHaveLength(1);
    }
  });

  test('goes to the next when released, with a higher fence', async () => {
    const first = await takeLease(database, 'handed-on', longTime);
    expect(await takeLease(database, 'handed-on', longTime)).toBeNull();
    await first?.release();
    const second = await takeLease(database, 'handed-on', longTime);
    expect(first?.fence).toBe(1);
    expect(second?.fence).toBe(2);
  });

  test('that is not renewed runs out, and cannot be renewed or released by who lost it', async () => {
    const lost = await takeLease(database, 'lost', 1);
    const taken = await vi.waitUntil(() => takeLease(database, 'lost', longTime), { timeout: 10_000, interval: 5 });
    expect(taken.fence).toBe(2);
    expect(await lost?.renew()).toBe(false);
    await lost?.release();
    expect(await taken.renew()).toBe(true);
    expect(await takeLease(database, 'lost', 1)).toBeNull();
  });

  test('that ran out but that nobody took is renewed', async () => {
    const lease = await takeLease(database, 'late', 1);
    expect(await lease?.renew()).toBe(true);
  });
});
