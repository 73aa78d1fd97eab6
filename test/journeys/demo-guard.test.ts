/** The demo sends made-up people messages, so it plays nowhere where an operator could be a real one. */
import { execFile } from 'node:child_process';
import { mkdtempSync, rmSync } from 'node:fs';
import { tmpdir } from 'node:os';
import { join } from 'node:path';
import { promisify } from 'node:util';
import { afterAll, beforeAll, expect, inject, test } from 'vitest';
import type { Account } from '../../src/dispatch/account.ts';
import { accountStore } from '../../src/dispatch/account-store.ts';
import { connectMongo, type Database } from '../../src/platform/mongo/connect.ts';

const root = join(import.meta.dirname, '..', '..');
const dbName = `guarded_${process.pid}`;
let folder: string;
let database: Database;
beforeAll(async () => {
  folder = mkdtempSync(join(tmpdir(), 'herald-guard-'));
  database = await connectMongo(inject('mongoUri'), dbName);
});
afterAll(async () => {
  await database.db.dropDatabase();
  await database.close();
  rmSync(folder, { recursive: true, force: true });
});

/** What the demo said when it refused. */
async function refusal(more: NodeJS.ProcessEnv = {}): Promise<string> {
  const uri = new URL(inject('mongoUri'));
  uri.pathname = `/${dbName}`;
  const env = { PATH: process.env.PATH, DATA_DIR: folder, MONGODB_URI: uri.href, ...more };
  const ended = await promisify(execFile)(process.execPath, [join(root, 'scripts/demo.ts')], { env, cwd: root }).then(
    () => ({ code: 0, stdout: '' }),
    (failure: { code: number; stdout: string }) => failure,
  );
  expect(ended.code).toBe(1);
  return ended.stdout;
}

const account = (name: string, settings: Account['settings']): Account => ({
  name,
  kind: 'smpp',
  settings: { host: '127.0.0.1', port: 9, systemId: name, ...settings },
  secret: null,
  binds: 1,
  partsPerSecond: 1,
  window: 1,
  currency: 'RUB',
  priceVersion: '1',
  prices: [{ prefix: '7', perPart: { micros: 1, currency: 'RUB' }, chargedOn: 'submit' }],
  senders: [],
  classes: ['marketing', 'service'],
  enabled: false,
});

test('it refuses a database that knows an account not at the sandbox operator, also a disabled one', async () => {
  await accountStore(database).keep(account('sandbox-a', { sandbox: true }));
  await accountStore(database).keep(account('real', {}));
  expect(await refusal()).toContain('This database knows real operators');
  const { db } = database;
  expect(await db.collection('campaigns').countDocuments()).toBe(0);
  expect(await db.collection('messages').countDocuments()).toBe(0);
  expect(await db.collection('bindSlots').countDocuments()).toBe(0);
}, 30_000);

test('it refuses where a file names operators, before it looks at any database', async () => {
  expect(await refusal({ PROVIDERS_FILE: join(folder, 'providers.json') })).toContain('PROVIDERS_FILE');
}, 30_000);
