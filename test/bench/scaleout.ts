/**
 * Whether workers add up: one, two and four worker processes over as many binds, of which the operator limits each to so many
 * parts a second; and one worker that holds four. Judged by the operator: what it took a second, and how often it had to say that
 * it was too much.
 */
import { type ChildProcess, spawn } from 'node:child_process';
import { once } from 'node:events';
import { mkdtempSync, rmSync, writeFileSync } from 'node:fs';
import { tmpdir } from 'node:os';
import { join } from 'node:path';
import { type RemoteOperator, spawnOperator } from '../../integrations/sandbox/spawn.ts';
import { approve, markOf, submit } from '../../src/campaigns/approve.ts';
import { loadConfig } from '../../src/config.ts';
import { type Herald, startHerald } from '../../src/herald.ts';
import { createLog } from '../../src/platform/log.ts';
import { done } from '../support/carried-out.ts';
import { accountOf, draftOver, hire } from './dispatch.ts';
import type { BenchResult } from './main.ts';

interface Options {
  readonly say: (line: string) => void;
}

/** Parts a second that the operator takes on each bind, and a quarter of that at once: less it reads together when it is late itself. */
const LIMIT = 200;
const BURST = LIMIT / 4;
/** So long each is sent for, s; the first and the last second are not looked at. */
const SECONDS = 12;
/** A second of the pace: what is sent must not wait for what is written down, however slow the disk. */
const WINDOW = LIMIT;
const SCENES = [
  { workers: 1, binds: 1 },
  { workers: 2, binds: 2 },
  { workers: 4, binds: 4 },
  { workers: 1, binds: 4 },
] as const;

interface Measured {
  readonly perSecond: number;
  /** In any second on any bind; readings of the operator, which may be late by moments, so it may be more than was sent in it. */
  readonly mostOnBind: number;
  /** Parts that the operator refused because they were more than it allows. */
  readonly overLimit: number;
}

export async function benchScaleout({ say }: Options): Promise<BenchResult> {
  let [least, over, most] = [Number.POSITIVE_INFINITY, 0, 0];
  const detail: Record<string, number> = {};
  for (const scene of SCENES) {
    const { perSecond, mostOnBind, overLimit } = await play(scene.workers, scene.binds);
    const ratio = perSecond / (scene.binds * LIMIT);
    const name = `${scene.workers} ${scene.workers === 1 ? 'worker' : 'workers'}, ${scene.binds} ${scene.binds === 1 ? 'bind' : 'binds'}`;
    say(
      `${name}: ${perSecond.toFixed(1)} of ${scene.binds * LIMIT} parts/s (${(100 * ratio).toFixed(1)} %), at most ${mostOnBind} in a second on a bind, ${overLimit} refused as too much`,
    );
    detail[`${scene.workers}x${scene.binds / scene.workers}`] = Number(perSecond.toFixed(1));
    [least, over, most] = [Math.min(least, ratio), over + overLimit, Math.max(most, mostOnBind)];
  }
  const ceiling = 4 * LIMIT;
  const value = detail['4x1']!;
  return {
    ...{ bench: 'scaleout', value, unit: 'parts/s', ceiling, ratio: Number((value / ceiling).toFixed(3)) },
    ...{ leastRatio: Number(least.toFixed(3)), overLimit: over, mostInASecondOnABind: most, limitOfABind: LIMIT },
    ...detail,
  };
}

async function play(workers: number, binds: number): Promise<Measured> {
  const folder = mkdtempSync(join(tmpdir(), 'herald-bench-'));
  const messages = binds * LIMIT * SECONDS;
  const operator = await spawnOperator({
    text: false,
    keep: 2 * messages,
    accounts: [{ name: 'herald', password: 'bench', maxBinds: binds, bindPartsPerSecond: LIMIT, bindBurst: BURST }],
    faults: { receipts: 'none', answerDelayMs: 20 },
  });
  const children: ChildProcess[] = [];
  try {
    const env = environmentOf(folder, operator, binds);
    const herald = await startHerald(configOf(env), { log: createLog({ level: 'error' }) });
    try {
      await herald.start();
      for (let n = 0; n < workers; n++) children.push(await startWorker(env));
      await untilShared(herald, workers, binds);
      await letOut(herald, folder, messages);
      await until('the end', async () => (await countsOf(operator)).taken >= messages, 10 * SECONDS * 1000);
      return judged(await operator.log(), (await countsOf(operator)).overRate);
    } finally {
      for (const child of children) await end(child);
      await herald.stop();
    }
  } finally {
    await operator.stop();
    rmSync(folder, { recursive: true, force: true });
  }
}

const countsOf = async (operator: RemoteOperator) => (await operator.state()).accounts[0]!.counts;

function judged(log: Awaited<ReturnType<RemoteOperator['log']>>, overLimit: number): Measured {
  const taken = log.filter((entry) => entry.messageId !== null);
  const [from, to] = [taken[0]!.mono + 1000, taken.at(-1)!.mono - 1000];
  const within = taken.filter(({ mono }) => mono >= from && mono < to).length;
  const binds = Map.groupBy(taken, ({ bind }) => bind);
  const mostOnBind = Math.max(...[...binds.values()].map((entries) => mostInASecond(entries.map(({ mono }) => mono))));
  return { perSecond: (within * 1000) / (to - from), mostOnBind, overLimit };
}

/** The most of the times, in order, that lie within any second. */
function mostInASecond(times: readonly number[]): number {
  let [first, most] = [0, 0];
  for (const [last, time] of times.entries()) {
    while (time - times[first]! >= 1000) first++;
    most = Math.max(most, last - first + 1);
  }
  return most;
}

function environmentOf(folder: string, operator: RemoteOperator, binds: number): Record<string, string> {
  const file = join(folder, 'providers.json');
  const account = accountOf(operator.port, WINDOW);
  const limits = { binds, partsPerSecond: binds * LIMIT, partsPerSecondPerBind: LIMIT };
  writeFileSync(file, JSON.stringify([{ ...account, ...limits }]));
  return {
    PATH: process.env.PATH ?? '',
    ...(process.env.HERALD_MONGOD && { HERALD_MONGOD: process.env.HERALD_MONGOD }),
    DATA_DIR: join(folder, 'data'),
    HTTP_PORT: '0',
    SENDING_WINDOW: '00:00-24:00',
    PROVIDERS_FILE: file,
    TICK_SECONDS: '0.2',
    LOG_LEVEL: 'info',
    ROLES: 'bots',
    // This operator sends no receipts, and a canary would wait for them.
    CANARY_ABOVE: '1000000',
  };
}

function configOf(env: Readonly<Record<string, string>>) {
  const loading = loadConfig(env);
  if (loading.kind === 'problems') throw new Error('the benchmark’s configuration is wrong');
  return loading.config;
}

async function startWorker(env: Readonly<Record<string, string>>): Promise<ChildProcess> {
  const child = spawn(process.execPath, [...process.execArgv, 'src/main.ts'], {
    env: { ...env, ROLES: 'worker' },
    stdio: ['ignore', 'pipe', 'inherit'],
  });
  const { promise: ready, resolve } = Promise.withResolvers<void>();
  child.stdout!.on('data', (chunk: Buffer) => chunk.includes('Herald is ready') && resolve());
  const died = once(child, 'exit').then(() => Promise.reject(new Error('a worker ended before it was ready')));
  await Promise.race([ready, died]);
  died.catch(() => {});
  return child;
}

async function end(child: ChildProcess): Promise<void> {
  if (child.exitCode !== null) return;
  child.kill('SIGTERM');
  await once(child, 'exit');
}

/** Every worker has its binds and its share. */
const untilShared = (herald: Herald, workers: number, binds: number) =>
  until('the binds are shared', async () => {
    const slots = (await herald.accounts.liveSlots()).filter(({ up }) => up);
    const shares = new Map(slots.map(({ owner, share }) => [owner, share]));
    const sum = [...shares.values()].reduce((all, share) => all + share, 0);
    return slots.length === binds && shares.size === workers && sum === binds * LIMIT;
  });

async function letOut(herald: Herald, folder: string, messages: number): Promise<void> {
  const [author, approver] = [await hire(herald, 'author'), await hire(herald, 'approver')];
  const draft = await draftOver(herald, author, folder, messages);
  const submitted = done(await submit(herald.campaigns, author, draft._id));
  done(await approve(herald.campaigns, approver, draft._id, markOf(submitted.submission!.hash)));
}

async function until(what: string, look: () => Promise<boolean>, patienceMs = 60_000): Promise<void> {
  const deadline = performance.now() + patienceMs;
  while (!(await look())) {
    if (performance.now() > deadline) throw new Error(`${what}: not within ${patienceMs / 1000} s`);
    await new Promise((resolve) => setTimeout(resolve, 100));
  }
}
