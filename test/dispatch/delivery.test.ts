/** What share an account delivers: the rule by which shares move, and what is counted over all workers. */
import fc from 'fast-check';
import { afterAll, beforeAll, describe, expect, test } from 'vitest';
import {
  type Delivered,
  destinationOf,
  type ShareInUse,
  shareKey,
  shareMoves,
  shareOf,
  DELIVERY_TERMS as TERMS,
} from '../../src/dispatch/delivery.ts';
import { deliveryMigrations, deliveryStore, tendShares } from '../../src/dispatch/delivery-store.ts';
import { createGauge } from '../../src/dispatch/gauge.ts';
import { healthMigrations, healthStore } from '../../src/dispatch/health-store.ts';
import type { E164 } from '../../src/messages/phone.ts';
import { migrate } from '../../src/platform/migrations.ts';
import { type FreshDatabase, freshDatabase } from '../support/mongo.ts';
import { clockAt, silent } from './planted.ts';

const NOON = new Date('2026-11-23T09:00:00Z');
const at = (turns: number) => new Date(NOON.getTime() + turns * TERMS.everyMs);
const counted = (provider: string, destination: string, delivered: number, undelivered: number): Delivered => ({
  provider,
  destination,
  delivered,
  undelivered,
});

/** The shares in use after so many turns over the same counts. */
function afterTurns(turns: number, counts: readonly Delivered[], start: readonly ShareInUse[] = []) {
  let inUse = new Map(start.map((one) => [shareKey(one.provider, one.destination), one]));
  let moves = 0;
  for (let turn = 0; turn < turns; turn++) {
    for (const { before, after: to } of shareMoves([...inUse.values()], counts, at(turn), TERMS)) {
      moves++;
      const { provider, destination } = (to ?? before)!;
      inUse = new Map(inUse);
      if (to) inUse.set(shareKey(provider, destination), to);
      else inUse.delete(shareKey(provider, destination));
    }
  }
  return { shares: new Map([...inUse].map(([key, { share }]) => [key, share])), inUse: [...inUse.values()], moves };
}

describe('a share', () => {
  test('is 1 while too little was measured', () => {
    expect(afterTurns(5, [counted('alfa', '7916', 0, TERMS.enough - 1)]).shares).toEqual(new Map());
    expect(shareOf(new Map(), 'alfa', '7916')).toBe(1);
  });

  test('goes to what is measured a step at a time, and then stays', () => {
    const counts = [counted('alfa', '7916', 9000, 1000), counted('beta', '7916', 300, 700)];
    expect(afterTurns(1, counts).shares.get('beta|')).toBe(0.9);
    const { shares, inUse } = afterTurns(40, counts);
    // A little of the wider share stays in each: it weighs as much as a hundred receipts.
    expect(shareOf(shares, 'beta', '7916')).toBeCloseTo(0.33, 1);
    expect(shareOf(shares, 'alfa', '7916')).toBeCloseTo(0.9, 1);
    expect(shareOf(shares, 'gamma', '7916')).toBeCloseTo(0.85, 1);
    expect(shareMoves(inUse, counts, at(100), TERMS)).toEqual([]);
  });

  test('does not move again before its time, nor for a little', () => {
    const start = [{ provider: 'alfa', destination: '', share: 0.9, since: NOON }];
    const far = [counted('alfa', '7916', 100, 900)];
    const soon = new Date(NOON.getTime() + TERMS.everyMs - 1);
    expect(shareMoves(start, far, soon, TERMS).filter(({ before }) => before)).toEqual([]);
    const near = [counted('alfa', '7916', 890, 110), counted('beta', '7916', 1000, 0)];
    expect(shareMoves(start, near, at(1), TERMS).some(({ before }) => before?.provider === 'alfa')).toBe(false);
  });

  test('drifts back when nothing is measured any more, and is forgotten', () => {
    const start = [{ provider: 'beta', destination: '', share: 0.4, since: new Date(0) }];
    expect(afterTurns(1, [], start).shares.get('beta|')).toBe(0.45);
    expect(afterTurns(30, [], start).shares).toEqual(new Map());
  });

  test('of a destination is held against its account', () => {
    const counts = [counted('alfa', '250-01', 9500, 500), counted('alfa', '250-02', 500, 500)];
    const { shares } = afterTurns(40, counts);
    expect(shareOf(shares, 'alfa', '250-01')).toBeGreaterThan(shareOf(shares, 'alfa', '250-02') + 0.3);
    expect(shareOf(shares, 'alfa', '250-99')).toBe(shares.get('alfa|'));
  });

  test('stays within its bounds whatever is counted, and comes to rest', () => {
    const count = fc.record({
      provider: fc.constantFrom('alfa', 'beta'),
      destination: fc.constantFrom('7916', '250-01'),
      delivered: fc.nat(5000),
      undelivered: fc.nat(5000),
    });
    fc.assert(
      fc.property(fc.array(count, { maxLength: 6 }), (counts) => {
        const { shares, inUse } = afterTurns(60, counts);
        for (const share of shares.values()) {
          expect(share).toBeGreaterThanOrEqual(TERMS.least);
          expect(share).toBeLessThanOrEqual(1);
        }
        expect(shareMoves(inUse, counts, at(100), TERMS)).toEqual([]);
      }),
    );
  });
});

test('a destination is the network, else the first digits, so that it is nobody’s number', () => {
  expect(destinationOf('+79161234567' as E164)).toBe('7916');
  expect(destinationOf('+79161234567' as E164, '250-02')).toBe('250-02');
});

describe('over all workers', () => {
  let database: FreshDatabase;
  beforeAll(async () => {
    database = await freshDatabase();
    await migrate(database, [...healthMigrations, ...deliveryMigrations], { log: silent });
  });
  afterAll(() => database.drop());

  test('receipts are counted by the hour, shares follow, and what is old is not looked at', async () => {
    const clock = clockAt('2026-11-23T09:15:10Z');
    const stores = [deliveryStore(database), deliveryStore(database)];
    for (const delivery of stores) {
      const gauge = createGauge({
        store: healthStore(database),
        delivery,
        now: clock.now,
        log: silent,
        waitMs: 60_000,
      });
      for (let n = 0; n < 100; n++) gauge.receipt('alfa', n < 50 ? 'delivered' : 'undelivered', 10, '7916');
      gauge.receipt('alfa', 'expired', 10, '7999');
      gauge.receipt('beta', 'delivered', 10);
      await gauge.flush();
    }
    expect(await stores[0]!.counted(clock.now(), TERMS.windowMs)).toHaveLength(2);
    const first = await tendShares(stores[0]!, clock.now());
    expect(first.get('alfa|7916')).toBe(0.9);
    // The other looks at the same moment: nothing moves twice.
    expect(await tendShares(stores[1]!, clock.now())).toEqual(first);
    expect(await tendShares(stores[0]!, clock.now())).toBe(first);
    clock.forward(TERMS.everyMs);
    expect((await tendShares(stores[0]!, clock.now())).get('alfa|7916')).toBe(0.8);
    clock.forward(TERMS.windowMs + 3_600_000);
    expect(await stores[0]!.counted(clock.now(), TERMS.windowMs)).toEqual([]);
    for (let turn = 0; turn < 20; turn++) {
      await tendShares(stores[0]!, clock.now());
      clock.forward(TERMS.everyMs);
    }
    expect(await stores[0]!.shares()).toEqual(new Map());
  });
});
