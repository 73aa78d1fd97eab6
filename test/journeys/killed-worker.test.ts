/**
 * A worker is killed with kill -9 in mid-send, again and again, and another goes on. Judged at the operator's log: nobody is
 * sent to twice, nobody is lost, and what is unknown is no more than the windows of those who were killed.
 */
import { join } from 'node:path';
import { afterAll, beforeAll, expect, test } from 'vitest';
import { readOperatorLog } from '../../integrations/sandbox/log.ts';
import { type RemoteOperator, spawnOperator } from '../../integrations/sandbox/spawn.ts';
import { type TestHerald, testHerald, until } from '../support/herald.ts';
import { judge } from '../support/judge.ts';
import { campaignNow, draftOver, letOut, messagesNow, people } from '../support/steps.ts';
import { startWorker, type WorkerProcess } from '../support/worker-process.ts';

/** What a worker may have on the wire: windows of two binds. */
const BINDS = 2;
const WINDOW = 20;
const PEOPLE = 3000;
const KILLS = 4;
const LEASE_SECONDS = 1.5;

let house: TestHerald;
let operator: RemoteOperator;
let log: string;
let worker: WorkerProcess | null = null;

beforeAll(async () => {
  house = await testHerald({ ROLES: 'bots' });
  log = join(house.folder, 'operator.log');
  operator = await spawnOperator({
    log,
    fsync: true,
    accounts: [{ name: 'alfa', password: 'secret' }],
    faults: { answerDelayMs: 15, receipts: 'none' },
  });
  house.file('providers.json', JSON.stringify([account(operator.port)]));
});

afterAll(async () => {
  await worker?.kill();
  await operator.stop();
  await house.close();
});

const account = (port: number) => ({
  name: 'alfa',
  kind: 'smpp',
  settings: { host: '127.0.0.1', port, systemId: 'alfa', reconnect: { firstMs: 50, longestMs: 200 } },
  password: 'secret',
  partsPerSecond: 2000,
  window: WINDOW / BINDS,
  binds: BINDS,
  currency: 'RUB',
  priceVersion: '1',
  prices: [{ prefix: '', perPart: '1.5' }],
});

test('kill -9 in mid-send: none twice, none lost, unknown within the windows', async () => {
  const { herald } = house;
  const uri = new URL(house.env.MONGODB_URI!);
  uri.pathname = `/${house.dbName}`;
  const env = {
    ...house.env,
    MONGODB_URI: uri.href,
    PROVIDERS_FILE: join(house.folder, 'providers.json'),
    LEASE_SECONDS: String(LEASE_SECONDS),
  };
  const anna = await house.hire('anna', ['author']);
  const boris = await house.hire('boris', ['approver']);
  worker = await startWorker(env);
  const draft = await draftOver(house, anna, people(PEOPLE));
  await letOut(herald, anna, boris, draft);
  const run = draft.frozen!.run;

  const taken = async () => (await operator.state()).accounts[0]!.counts.submits;
  for (let kill = 1; kill <= KILLS; kill++) {
    const goal = (PEOPLE * kill) / (KILLS + 2);
    await until(`${goal} submits`, async () => (await taken()) >= goal, 30_000);
    await worker.kill();
    worker = await startWorker(env);
  }
  await until('the end', async () => (await campaignNow(herald, draft._id)).state === 'finished', 60_000);
  await worker.kill('SIGTERM');

  const verdict = judge(await readOperatorLog(log), await messagesNow(herald, run));
  expect(verdict).toMatchObject({ dup: 0, lost: 0, falseSent: 0, wrong: 0, stuck: 0 });
  expect(verdict.unknown).toBeGreaterThan(0);
  expect(verdict.unknown).toBeLessThanOrEqual(KILLS * WINDOW);
}, 150_000);
