/** A ramp lets through what its share of the pace comes to, and all of it in the end. */
import { expect, test } from 'vitest';
import { createRamp, rampShare } from '../../src/dispatch/ramp.ts';

test.each([
  [0, 60_000, 0.1],
  [30_000, 60_000, 0.55],
  [60_000, 60_000, 1],
  [90_000, 60_000, 1],
  [-5, 60_000, 0.1],
  [0, 0, 1],
])('after %d of %d ms the share is %d', (elapsed, ramp, share) => {
  expect(rampShare(elapsed, ramp)).toBeCloseTo(share, 3);
});

test('without a ramp everything goes at once', () => {
  expect(createRamp(0).take('1.1', 0, 100, 100, 0)).toBe(100);
});

test('over a minute of 100 a second about 55 % of what the pace allows is claimed, the least of it in the beginning', () => {
  const ramp = createRamp(60_000);
  const claimed = [0, 0];
  for (let ms = 0; ms < 60_000; ms += 100) claimed[ms < 30_000 ? 0 : 1]! += ramp.take('1.1', ms, 100, 100, ms);
  const [early, late] = claimed as [number, number];
  expect(early + late).toBeGreaterThan(3000);
  expect(early + late).toBeLessThan(3500);
  expect(late).toBeGreaterThan(2 * early);
  expect(ramp.take('1.1', 60_000, 100, 100, 60_000)).toBe(100);
});

test('runs are held apart, and forgotten when they are over', () => {
  const ramp = createRamp(60_000);
  expect(ramp.take('1.1', 0, 100, 100, 0)).toBe(10);
  expect(ramp.take('1.1', 0, 100, 100, 1)).toBe(0);
  expect(ramp.take('2.1', 0, 100, 100, 1)).toBe(10);
  ramp.forget((run) => run === '1.1');
  expect(ramp.take('1.1', 0, 100, 100, 1)).toBe(10);
  expect(ramp.take('2.1', 0, 100, 100, 1)).toBe(0);
});
