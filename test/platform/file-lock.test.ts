import { spawn } from 'node:child_process';
import { once } from 'node:events';
import { mkdtemp, rm } from 'node:fs/promises';
import { tmpdir } from 'node:os';
import { join } from 'node:path';
import { afterEach, beforeEach, expect, test, vi } from 'vitest';
import { lock, tryLock } from '../../src/platform/file-lock.ts';

let folder: string;
let path: string;
beforeEach(async () => {
  folder = await mkdtemp(join(tmpdir(), 'herald-lock-'));
  path = join(folder, 'deeper', 'lock');
});
afterEach(() => rm(folder, { recursive: true, force: true }));

test('an exclusive holder is alone', async () => {
  const held = await tryLock(path, 'exclusive');
  expect(await tryLock(path, 'exclusive')).toBeNull();
  expect(await tryLock(path, 'shared')).toBeNull();
  held?.release();
  expect(await tryLock(path, 'exclusive')).not.toBeNull();
});

test('sharers keep out an exclusive holder until the last of them has gone', async () => {
  const one = await tryLock(path, 'shared');
  const other = await tryLock(path, 'shared');
  one?.release();
  expect(await tryLock(path, 'exclusive')).toBeNull();
  other?.release();
  expect(await tryLock(path, 'exclusive')).not.toBeNull();
});

test('releasing twice does no harm', async () => {
  const held = await tryLock(path, 'exclusive');
  held?.release();
  held?.release();
  expect(await tryLock(path, 'exclusive')).not.toBeNull();
});

test('whoever waits is told so, and gets the lock when it is free', async () => {
  const held = await tryLock(path, 'shared');
  const waiting = vi.fn();
  const wished = lock(path, 'exclusive', waiting);
  await vi.waitFor(() => expect(waiting).toHaveBeenCalledOnce(), { timeout: 5000 });
  held?.release();
  (await wished).release();
});

test('a lock dies with its holder, also by kill -9', async () => {
  const module = new URL('../../src/platform/file-lock.ts', import.meta.url).href;
  const source = `await (await import(${JSON.stringify(module)})).lock(${JSON.stringify(path)}, 'exclusive'); console.log('held'); setInterval(() => {}, 1000);`;
  const child = spawn(process.execPath, ['--input-type=module', '-e', source], {
    stdio: ['ignore', 'pipe', 'inherit'],
  });
  await once(child.stdout, 'data');
  expect(await tryLock(path, 'shared')).toBeNull();
  child.kill('SIGKILL');
  await once(child, 'exit');
  expect(await tryLock(path, 'shared')).not.toBeNull();
});

test('a file that is no lock is an error, not a lock that is taken', async () => {
  await expect(tryLock(folder, 'exclusive')).rejects.toThrow(`Cannot lock ${folder}`);
});
