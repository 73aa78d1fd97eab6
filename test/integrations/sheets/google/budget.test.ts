/** What Google allows in a minute is never passed, and goes to the freshest news first. */
import fc from 'fast-check';
import { describe, expect, test } from 'vitest';
import { backOffMs } from '../../../../integrations/sheets/google/back-off.ts';
import { createBudget, REAL_CLOCK } from '../../../../integrations/sheets/google/budget.ts';
import { never, testClock } from './desk.ts';

describe('the budget', () => {
  test('lets no more through in any minute than there may be, reads and writes apart', async () => {
    const clock = testClock();
    const budget = createBudget(clock, { read: 5, write: 2 });
    const at: Record<'read' | 'write', number[]> = { read: [], write: [] };
    const take = async (quota: 'read' | 'write') => {
      await budget.take(quota, 0, never);
      at[quota].push(clock.now());
    };
    await Promise.all([...Array(12).keys()].flatMap(() => [take('read'), take('write')]));
    for (const [quota, most] of [
      ['read', 5],
      ['write', 2],
    ] as const) {
      for (const [index, time] of at[quota].entries()) {
        const before = at[quota].slice(0, index + 1).filter((one) => one > time - 60_000);
        expect(before.length).toBeLessThanOrEqual(most);
      }
    }
    expect(clock.slept()).toBeLessThan(6 * 62_000);
  });

  test('is one for all processes, which ask for what they have together', async () => {
    const clock = testClock();
    const made: number[] = [];
    const shared = async (_: string, { most, spanMs }: { most: number; spanMs: number }) => {
      const recent = made.filter((at) => at > clock.now() - spanMs);
      if (recent.length >= most) return recent[recent.length - most]! + spanMs - clock.now();
      made.push(clock.now());
      return 0;
    };
    const budgets = [1, 2, 3].map(() => createBudget(clock, { read: 4, write: 4 }, shared));
    await Promise.all(
      budgets.flatMap((budget) => [...Array(6).keys()].map((fresh) => budget.take('write', fresh, never))),
    );
    expect(made).toHaveLength(18);
    for (const at of made) expect(made.filter((one) => one > at - 60_000 && one <= at).length).toBeLessThanOrEqual(4);
  });

  test('goes on by itself where nobody can be asked', async () => {
    const budget = createBudget(testClock(), { read: 1, write: 1 }, () => Promise.reject(new Error('away')));
    await budget.take('read', 0, never);
    await budget.take('read', 0, never);
  });

  test('serves the freshest first when it is short', async () => {
    const budget = createBudget(testClock(), { read: 1, write: 1 });
    await budget.take('write', 0, never);
    const order: number[] = [];
    const news = [3, 9, 1, 7];
    await Promise.all(news.map((fresh) => budget.take('write', fresh, never).then(() => order.push(fresh))));
    expect(order).toEqual([9, 7, 3, 1]);
  });

  test('lets nobody through while Google wants none', async () => {
    const clock = testClock();
    const budget = createBudget(clock);
    budget.close('read', 30_000);
    await budget.take('write', 0, never);
    expect(clock.slept()).toBe(0);
    await budget.take('read', 0, never);
    expect(clock.slept()).toBe(30_000);
  });

  test('forgets who has left, and serves who comes after', async () => {
    const budget = createBudget(testClock(), { read: 1, write: 1 });
    await budget.take('read', 0, never);
    const leaving = new AbortController();
    const left = budget.take('read', 9, leaving.signal);
    leaving.abort(new Error('enough'));
    await expect(left).rejects.toThrow('enough');
    await expect(budget.take('read', 9, leaving.signal)).rejects.toThrow('enough');
    await budget.take('read', 0, never);
  });
});

test('nobody keeps a process awake who has left', async () => {
  const budget = createBudget(REAL_CLOCK, { read: 1, write: 1 });
  await budget.take('read', 0, never);
  const leaving = new AbortController();
  const left = budget.take('read', 0, leaving.signal);
  const timers = () => process.getActiveResourcesInfo().filter((kind) => kind === 'Timeout').length;
  const before = timers();
  leaving.abort(new Error('enough'));
  await expect(left).rejects.toThrow('enough');
  expect(timers()).toBeLessThan(before);
});

describe('backing off', () => {
  test('takes twice as long each time, up to a minute, and is never the same for all', () => {
    expect([0, 1, 2, 3, 10].map((attempt) => backOffMs(attempt, 1))).toEqual([1000, 2000, 4000, 8000, 64_000]);
    expect(backOffMs(0, 0)).toBe(500);
  });
  test('waits as long as Google says', () => {
    fc.assert(
      fc.property(fc.nat(40), fc.double({ min: 0, max: 1, noNaN: true }), fc.nat(600_000), (attempt, chance, said) => {
        expect(backOffMs(attempt, chance, said)).toBeGreaterThanOrEqual(said);
        expect(backOffMs(attempt, chance)).toBeLessThanOrEqual(64_000);
      }),
    );
  });
});

describe('the clock of this machine', () => {
  test('sleeps, and wakes at once for who has had enough', async () => {
    await REAL_CLOCK.sleep(1, never);
    const stop = new AbortController();
    const sleeping = REAL_CLOCK.sleep(60_000, stop.signal);
    stop.abort(new Error('enough'));
    await expect(sleeping).rejects.toThrow('enough');
  });
});
