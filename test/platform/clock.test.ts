/** The clock that processes agree on, whatever their machines show. */
import fc from 'fast-check';
import { afterEach, expect, test } from 'vitest';
import { agreedClock, type Clock, corrected } from '../../src/platform/clock.ts';

const SERVER = Date.UTC(2026, 10, 23, 12);
const warned: unknown[] = [];
const log = { warn: (said: unknown) => void warned.push(said) };

let clock: Clock | null = null;
afterEach(() => {
  clock?.stop();
  warned.length = 0;
});

const clockOn = async (aheadMs: number) => {
  clock = await agreedClock({ ask: async () => new Date(SERVER), own: () => SERVER + aheadMs, log });
  return clock;
};

test.each([11 * 60_000, -2 * 3_600_000, 86_400_000])(
  'one that is %i ms ahead is corrected, and it is said',
  async (ahead) => {
    expect(Math.abs((await clockOn(ahead)).now().getTime() - SERVER)).toBeLessThanOrEqual(1);
    expect(warned).toHaveLength(1);
  },
);

test('one that is right is left alone', async () => {
  expect((await clockOn(0)).now().getTime()).toBe(SERVER);
  expect(warned).toEqual([]);
});

test('one that jumps is noticed with the next question, and a server that is away changes nothing', async () => {
  let [ahead, isAway] = [0, false];
  const ask = async () => {
    if (isAway) throw new Error('away');
    return new Date(SERVER);
  };
  clock = await agreedClock({ ask, own: () => SERVER + ahead, everyMs: 5, log });
  ahead = 600_000;
  await expect.poll(() => clock!.now().getTime() - SERVER).toBeLessThanOrEqual(1);
  isAway = true;
  await new Promise((resolve) => setTimeout(resolve, 20));
  expect(clock.now().getTime() - SERVER).toBeLessThanOrEqual(1);
});

test('is never further from the server than the answer took', () => {
  const latency = fc.nat(5000);
  fc.assert(
    fc.property(
      fc.integer({ min: -1e8, max: 1e8 }),
      fc.integer({ min: -1e8, max: 1e8 }),
      latency,
      latency,
      (ahead, offset, there, back) => {
        const asked = SERVER + ahead - there;
        const now = corrected(offset, asked, SERVER, SERVER + ahead + back);
        expect(Math.abs(ahead + now)).toBeLessThanOrEqual(Math.max(there, back) + 1);
      },
    ),
  );
});
