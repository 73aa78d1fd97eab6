/**
 * How soon Herald is ready over a database that has grown: `npm start` until it says so, with a million messages there, against
 * MongoDB alone over the same files.
 */
import { spawn } from 'node:child_process';
import { once } from 'node:events';
import { mkdtempSync, rmSync } from 'node:fs';
import { tmpdir } from 'node:os';
import { join } from 'node:path';
import { batchId, type MessageRecord, messageId } from '../../src/campaigns/messages.ts';
import { loadConfig } from '../../src/config.ts';
import { partKey } from '../../src/dispatch/part-store.ts';
import { receiptStore } from '../../src/dispatch/receipt-store.ts';
import { startHerald } from '../../src/herald.ts';
import { createLog } from '../../src/platform/log.ts';
import { connectMongo } from '../../src/platform/mongo/connect.ts';
import { openMongo } from '../../src/platform/mongo/embedded.ts';
import type { BenchResult } from './main.ts';

interface Options {
  readonly messages: number;
  readonly say: (line: string) => void;
}

const RUNS = 3;
const LOT = 10_000;
const BATCH = 1000;
/** What Herald may take beyond MongoDB, s. */
const ALLOWED = 3;

export async function benchStartup({ messages, say }: Options): Promise<BenchResult> {
  const folder = mkdtempSync(join(tmpdir(), 'herald-bench-'));
  const env = { DATA_DIR: join(folder, 'data'), HTTP_PORT: '0', LOG_LEVEL: 'info' };
  try {
    await plant(env, messages);
    say(`${messages} messages are there`);
    const [mongods, heralds]: [number[], number[]] = [[], []];
    for (let run = 1; run <= RUNS; run++) {
      mongods.push(await mongodAlone(env.DATA_DIR));
      heralds.push(await npmStart(env));
      say(`MongoDB alone ${mongods.at(-1)!.toFixed(2)} s, Herald ready ${heralds.at(-1)!.toFixed(2)} s`);
    }
    const [ceiling, value] = [median(mongods), median(heralds)];
    const rounded = (seconds: number) => Number(seconds.toFixed(2));
    return {
      ...{ bench: 'startup', value: rounded(value), unit: 's', ceiling: rounded(ceiling) },
      ...{ ratio: Number((ceiling / value).toFixed(3)), extraSeconds: rounded(value - ceiling) },
      ...{ allowedExtraSeconds: ALLOWED, messages },
    };
  } finally {
    rmSync(folder, { recursive: true, force: true });
  }
}

const median = (all: readonly number[]): number => all.toSorted((a, b) => a - b)[Math.floor(all.length / 2)]!;

/** A finished campaign's messages, batches and parts as they are kept, in lots. */
async function plant(env: Record<string, string>, count: number): Promise<void> {
  const loading = loadConfig({ ...env, ROLES: 'web' });
  if (loading.kind === 'problems') throw new Error('the benchmark’s configuration is wrong');
  const herald = await startHerald(loading.config, { log: createLog({ level: 'error' }) });
  const { db } = herald.database;
  const [run, parts] = ['1.1', receiptStore(herald.database)];
  for (let first = 1; first <= count; first += LOT) {
    const numbers = Array.from({ length: Math.min(LOT, count - first + 1) }, (_, at) => first + at);
    await db.collection<MessageRecord>('messages').insertMany(numbers.map((n) => delivered(run, n)));
    await parts.learn(
      numbers.map((n) => ({
        ...{ _id: partKey('herald', String(n)), message: messageId(run, n), person: `person ${n}` },
        ...{ part: 0, of: 1, deleteAfter: IN_A_WEEK },
      })),
    );
    for (const n of numbers.filter((one) => one % BATCH === 1)) {
      const batch = { schemaVersion: 1, run, campaign: '1', first: n, last: n + BATCH - 1, done: true, pieces: [] };
      await db.collection<{ _id: string }>('batches').insertOne({ _id: batchId(run, Math.ceil(n / BATCH)), ...batch });
    }
  }
  await herald.stop();
}

const IN_A_WEEK = new Date(Date.now() + 7 * 86_400_000);

const delivered = (run: string, n: number): MessageRecord => ({
  _id: messageId(run, n),
  schemaVersion: 1,
  run,
  person: `person ${n}`,
  phone: `+7900${1_000_000 + (n % 9_000_000)}` as MessageRecord['phone'],
  sender: 'HERALD',
  text: `Dear Client ${n}, hello`,
  encoding: 'gsm7',
  parts: 1,
  ceiling: 2_000_000,
  row: `a1:${n}`,
  route: 'herald',
  price: 1_500_000,
  state: 'delivered',
});

/** Seconds until MongoDB over these files answers. */
async function mongodAlone(dataDir: string): Promise<number> {
  const began = performance.now();
  const mongo = await openMongo({
    uri: undefined,
    dataDir,
    log: createLog({ level: 'error' }),
    cacheGB: 0.5,
    oplogMB: 990,
  });
  const database = await connectMongo(mongo.uri, 'herald');
  await database.now();
  const seconds = (performance.now() - began) / 1000;
  await database.close();
  await mongo.stop();
  return seconds;
}

/** Seconds until `npm start` says that Herald is ready; then it is asked to end. */
async function npmStart(env: Record<string, string>): Promise<number> {
  const began = performance.now();
  const child = spawn('npm', ['start', '--silent'], {
    env: { ...process.env, ...env },
    stdio: ['ignore', 'pipe', 'inherit'],
    detached: true,
  });
  const { promise: ready, resolve } = Promise.withResolvers<void>();
  child.stdout.on('data', (chunk: Buffer) => chunk.includes('Herald is ready') && resolve());
  // Not with npm, which goes first, but with Herald, which takes its MongoDB with it.
  const ended = once(child, 'close');
  await Promise.race([ready, ended.then(() => Promise.reject(new Error('Herald ended before it was ready')))]);
  const seconds = (performance.now() - began) / 1000;
  process.kill(-child.pid!, 'SIGTERM');
  await ended;
  return seconds;
}
