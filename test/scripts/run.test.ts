/** What `npm start` started ends with it, in order, whichever of the processes between is killed. */
import { type ChildProcess, spawn } from 'node:child_process';
import { randomUUID } from 'node:crypto';
import { once } from 'node:events';
import { mkdtempSync, rmSync } from 'node:fs';
import { tmpdir } from 'node:os';
import { join } from 'node:path';
import { createInterface } from 'node:readline';
import { fileURLToPath } from 'node:url';
import { afterEach, beforeEach, expect, inject, test } from 'vitest';

const RUN = fileURLToPath(new URL('../../scripts/run.mjs', import.meta.url));
/** In the place of the shell that npm starts: runs the rest of its words and waits, without passing signals on. */
const SHELL = `require('node:child_process').spawn(process.execPath, process.argv.slice(1), { stdio: 'inherit' })`;

let folder: string;
let started: ChildProcess | null;

beforeEach(() => {
  folder = mkdtempSync(join(tmpdir(), 'herald-run-'));
});
afterEach(() => {
  started?.kill('SIGKILL');
  rmSync(folder, { recursive: true, force: true });
});

interface Line {
  readonly msg?: string;
  readonly why?: string;
}

/** Starts the service behind `command`, and waits until it is ready. */
async function service(...command: readonly string[]) {
  const uri = new URL(inject('mongoUri'));
  uri.pathname = `/run_${randomUUID().slice(0, 8)}`;
  const env = { ...process.env, MONGODB_URI: String(uri), DATA_DIR: folder, HTTP_PORT: '0', ROLES: 'web' };
  started = spawn(process.execPath, [...command, RUN, 'src/main.ts'], {
    cwd: fileURLToPath(new URL('../..', import.meta.url)),
    env: { ...env, npm_lifecycle_event: 'start' },
    stdio: ['ignore', 'pipe', 'inherit'],
  });
  const lines = createInterface({ input: started.stdout! });
  const said: Line[] = [];
  const closed = once(lines, 'close');
  await new Promise<void>((resolve, reject) => {
    closed.then(() => reject(new Error('it ended before it was ready')));
    lines.on('line', (line) => {
      if (!line.startsWith('{')) return;
      said.push(JSON.parse(line));
      if (said.at(-1)!.msg === 'Herald is ready') resolve();
    });
  });
  return { said, starter: started, closed };
}

const stopped = expect.objectContaining({ msg: 'Herald is stopping' });

test('when the shell is killed', async () => {
  const { said, starter, closed } = await service('-e', SHELL);
  starter.kill('SIGKILL');
  await closed; // its output ends when the last of them has ended
  expect(said).toContainEqual(stopped);
});

test('when the process that passes signals on is killed', async () => {
  const { said, starter, closed } = await service();
  starter.kill('SIGKILL');
  await closed;
  expect(said).toContainEqual(expect.objectContaining({ msg: 'Herald is stopping', why: 'its starter is gone' }));
});

test('when it is asked to', async () => {
  const { said, starter, closed } = await service();
  const exit = once(starter, 'exit');
  starter.kill('SIGTERM');
  expect(await exit).toEqual([0, null]);
  await closed;
  expect(said).toContainEqual(stopped);
});
