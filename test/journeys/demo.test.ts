/** What a newcomer does first: `npm run demo`, then the service and a command, each as a process of its own. */
import { type ChildProcess, execFile, spawn } from 'node:child_process';
import { once } from 'node:events';
import { existsSync, mkdtempSync, rmSync } from 'node:fs';
import { tmpdir } from 'node:os';
import { join } from 'node:path';
import { promisify } from 'node:util';
import { afterAll, beforeAll, expect, inject, test } from 'vitest';
import { until } from '../support/herald.ts';

const run = promisify(execFile);
const root = join(import.meta.dirname, '..', '..');
let folder: string;
let env: NodeJS.ProcessEnv;
let service: ChildProcess | null = null;

beforeAll(() => {
  folder = mkdtempSync(join(tmpdir(), 'herald-demo-'));
  const uri = new URL(inject('mongoUri'));
  uri.pathname = `/demo_${process.pid}`;
  env = {
    PATH: process.env.PATH,
    DATA_DIR: folder,
    MONGODB_URI: uri.href,
    HTTP_PORT: '0',
    FIRST_ADMIN: 'olga:Olga Petrova',
  };
});

afterAll(async () => {
  if (service?.exitCode === null) {
    service.kill('SIGTERM');
    await once(service, 'exit');
  }
  rmSync(folder, { recursive: true, force: true });
});

const node = (file: string, ...args: string[]) =>
  run(process.execPath, [join(root, file), ...args], { env, cwd: root });

test('the demo plays a campaign to its end, and the operator, the database and the workbook agree', async () => {
  const { stdout } = await node('scripts/demo.ts');
  const last = JSON.parse(stdout.trim().split('\n').at(-1)!);
  expect(Object.keys(last)).toEqual([
    'recipients',
    'excluded',
    'accepted',
    'delivered',
    'undelivered',
    'unknown',
    'operatorSaw',
    'writtenBack',
  ]);
  expect(last).toMatchObject({ recipients: 525, operatorSaw: 525, writtenBack: 525, unknown: 0 });
  expect(last.delivered + last.undelivered).toBe(last.accepted);
}, 60_000);

test('the service lets the first admin in, and the demo’s people go on where the demo ended', async () => {
  service = spawn(process.execPath, [join(root, 'src/main.ts')], {
    env,
    cwd: root,
    stdio: ['ignore', 'pipe', 'inherit'],
  });
  let said = '';
  service.stdout!.on('data', (chunk) => {
    said += chunk;
  });
  await until('the welcome of the first admin', async () => said.includes('Olga Petrova'));
  expect(existsSync(join(folder, 'console', 'olga.token'))).toBe(true);
  expect((await node('bots/console/chat.ts', '--as', 'olga', 'staff')).stdout).toContain('boris');
  expect((await node('bots/console/chat.ts', '--as', 'anna', 'show 1')).stdout).toContain('Autumn offer');
}, 40_000);
