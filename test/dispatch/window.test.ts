/** The window of a session: never more inside than its size, first come, first served. */
import fc from 'fast-check';
import { describe, expect, test } from 'vitest';
import { windowOf } from '../../src/dispatch/window.ts';

/** Enters, and says when it is in. */
function entering(window: ReturnType<typeof windowOf>, parts: number) {
  const one = { isIn: false, leave: () => {} };
  void window.enter(parts).then((leave) => {
    one.isIn = true;
    one.leave = leave;
  });
  return one;
}

const turn = () => new Promise((resolve) => setImmediate(resolve));

describe('a window', () => {
  test('lets in what fits, and the next as soon as one leaves', async () => {
    const window = windowOf(3);
    const [a, b, c] = [entering(window, 2), entering(window, 1), entering(window, 1)];
    await turn();
    expect([a.isIn, b.isIn, c.isIn]).toEqual([true, true, false]);
    b.leave();
    await turn();
    expect(c.isIn).toBe(true);
  });

  test('lets nobody past one that waits for more room', async () => {
    const window = windowOf(4);
    const [a, large, small] = [entering(window, 3), entering(window, 3), entering(window, 1)];
    await turn();
    expect([a.isIn, large.isIn, small.isIn]).toEqual([true, false, false]);
    a.leave();
    await turn();
    expect([large.isIn, small.isIn]).toEqual([true, true]);
  });

  test('lets in what is larger than itself, alone', async () => {
    const window = windowOf(2);
    const [large, next] = [entering(window, 7), entering(window, 1)];
    await turn();
    expect([large.isIn, next.isIn]).toEqual([true, false]);
    large.leave();
    await turn();
    expect(next.isIn).toBe(true);
  });

  test('lets urgent ones in before others that wait, in their order', async () => {
    const window = windowOf(1);
    const order: string[] = [];
    const enter = async (name: string, isUrgent: boolean) => {
      const leave = await window.enter(1, isUrgent);
      order.push(name);
      await turn();
      leave();
    };
    await Promise.all([enter('a', false), enter('b', false), enter('c', true), enter('d', true), enter('e', false)]);
    expect(order).toEqual(['a', 'c', 'd', 'b', 'e']);
  });

  test('of another size from now on holds to that', async () => {
    let size = 1;
    const window = windowOf(() => size);
    const [a, b, c] = [entering(window, 1), entering(window, 1), entering(window, 1)];
    await turn();
    size = 2;
    a.leave();
    await turn();
    expect([b.isIn, c.isIn]).toEqual([true, true]);
  });

  test('is left once, however often it is said', async () => {
    const window = windowOf(1);
    const a = entering(window, 1);
    await turn();
    a.leave();
    a.leave();
    const [b, c] = [entering(window, 1), entering(window, 1)];
    await turn();
    expect([b.isIn, c.isIn]).toEqual([true, false]);
  });

  test('never holds more than its size, lets in in order, and is empty in the end', async () => {
    await fc.assert(
      fc.asyncProperty(
        fc.integer({ min: 1, max: 9 }),
        fc.array(fc.integer({ min: 0, max: 12 }), { maxLength: 30 }),
        async (size, wishes) => {
          const window = windowOf(size);
          let inside = 0;
          const order: number[] = [];
          await Promise.all(
            wishes.map(async (parts, place) => {
              const leave = await window.enter(parts);
              order.push(place);
              inside += Math.min(parts, size);
              expect(inside).toBeLessThanOrEqual(size);
              await turn();
              inside -= Math.min(parts, size);
              leave();
            }),
          );
          expect(order).toEqual(wishes.map((_, place) => place));
          const whole = entering(window, size);
          await turn();
          expect(whole.isIn).toBe(true);
        },
      ),
    );
  });
});
