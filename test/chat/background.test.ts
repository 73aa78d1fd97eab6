import { expect, test } from 'vitest';
import { createBackground } from '../../src/chat/background.ts';
import { createLog, silentLog } from '../../src/platform/log.ts';

test('waits for work for so long and not longer', async () => {
  const background = createBackground(silentLog);
  expect(await background.waitFor('quick', Promise.resolve(), 10_000)).toBe(true);
  const { promise, resolve } = Promise.withResolvers<void>();
  expect(await background.waitFor('slow', promise, 1)).toBe(false);
  resolve();
  await background.stop();
});

test('logs what fails, and a stop waits for what is under way and tells it to break off', async () => {
  const lines: string[] = [];
  const log = createLog({ level: 'error', destination: { write: (line) => void lines.push(line) } });
  const background = createBackground(log);
  expect(await background.waitFor('reading', Promise.reject(new Error('no disk')), 10_000)).toBe(true);
  expect(lines.join('')).toContain('no disk');

  let ended = false;
  const { promise, reject } = Promise.withResolvers<void>();
  background.signal.addEventListener('abort', () => {
    ended = true;
    reject(new Error('broken off'));
  });
  background.run('counting', promise);
  await background.stop();
  expect(ended).toBe(true);
  expect(lines.join('')).not.toContain('broken off');
});
