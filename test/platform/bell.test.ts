import { describe, expect, test } from 'vitest';
import { createBell } from '../../src/platform/bell.ts';

const longTime = 60_000;

describe('a bell', () => {
  test('ends the wait under way', async () => {
    const bell = createBell();
    const waiting = bell.wait(longTime);
    bell.ring();
    await expect(waiting).resolves.toBeUndefined();
  });

  test('that rang while nobody waited ends the next wait, and that one only', async () => {
    const bell = createBell();
    bell.ring();
    bell.ring();
    await bell.wait(longTime);
    const again = bell.wait(longTime).then(() => 'over');
    expect(await Promise.race([again, Promise.resolve('waiting')])).toBe('waiting');
    bell.ring();
    expect(await again).toBe('over');
  });

  test('is not needed', async () => {
    await expect(createBell().wait(1)).resolves.toBeUndefined();
  });
});
