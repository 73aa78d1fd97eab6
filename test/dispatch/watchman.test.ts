import { expect, test } from 'vitest';
import { createWatchman } from '../../src/dispatch/watchman.ts';

test('what may not go on is called back at the next look, and only that', () => {
  const watchman = createWatchman();
  let open = true;
  const [one, other] = [watchman.watch(() => open), watchman.watch(() => true)];
  watchman.look();
  expect([one.signal.aborted, other.signal.aborted]).toEqual([false, false]);
  open = false;
  watchman.look();
  expect([one.signal.aborted, other.signal.aborted]).toEqual([true, false]);
});

test('what may not begin is called back at once', () => {
  expect(createWatchman().watch(() => false).signal.aborted).toBe(true);
});

test('what has ended is watched no more', () => {
  const watchman = createWatchman();
  let looks = 0;
  const watch = watchman.watch(() => ++looks < 2);
  watch.end();
  watchman.look();
  expect(looks).toBe(1);
  expect(watch.signal.aborted).toBe(false);
});
