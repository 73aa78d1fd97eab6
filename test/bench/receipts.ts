/**
 * How many receipts a second a gateway can post to Herald, each answered only when it is durable, against the same web server
 * answering the same posts without any work. And whether fifty thousand at once lose none, and leave sending as it was.
 */
import { execFile } from 'node:child_process';
import { mkdtempSync, rmSync, writeFileSync } from 'node:fs';
import { tmpdir } from 'node:os';
import { join } from 'node:path';
import { fileURLToPath } from 'node:url';
import { promisify } from 'node:util';
import express from 'express';
import { type RemoteOperator, spawnOperator } from '../../integrations/sandbox/spawn.ts';
import { approve, markOf, submit } from '../../src/campaigns/approve.ts';
import { loadConfig } from '../../src/config.ts';
import { type Herald, startHerald } from '../../src/herald.ts';
import { createLog } from '../../src/platform/log.ts';
import { gatewayPath } from '../../src/web/gateways.ts';
import { done } from '../support/carried-out.ts';
import { accountOf, draftOver, hire } from './dispatch.ts';
import type { BenchResult } from './main.ts';
import type { HeardPosts } from './posts.ts';
import { GATE, type PostingOrder, plantTaken } from './receipt-post.ts';

interface Options {
  readonly messages: number;
  readonly say: (line: string) => void;
}

/** Rounds with and without work take turns, so that what disturbs the machine disturbs both. */
const ROUNDS = 5;
const WARM = 2000;
const CONNECTIONS = 256;
const BURST_CONNECTIONS = 1000;
const RUN = '900001.1';
const IDLE_PATH = '/without-work';
const WORKING_PATH = `${gatewayPath(GATE.name)}/receipts`;
/** The campaign under way during the burst is let go so fast, messages a second. */
const PACE = 400;

export async function benchReceipts({ messages, say }: Options): Promise<BenchResult> {
  const folder = mkdtempSync(join(tmpdir(), 'herald-bench-'));
  const operator = await spawnOperator({
    text: false,
    keep: 1000,
    accounts: [{ name: 'herald', password: 'bench' }],
    faults: { undeliveredShare: 0, expiredShare: 0, rejectedShare: 0 },
  });
  const herald = await startHerald(configOf(folder, operator.port), { log: createLog({ level: 'error' }) });
  herald.http.app.post(IDLE_PATH, express.raw({ type: () => true, limit: '1mb' }), (_request, response) => {
    response.type('text/plain').send('OK');
  });
  try {
    const port = Number(new URL((await herald.start()).url).port);
    const burst = messages;
    const each = Math.ceil(messages / ROUNDS);
    await plantTaken(herald, RUN, WARM + ROUNDS * each + burst);
    const speed = await compared(port, each);
    say(`without work: ${Math.round(speed.ceiling)} posts/s over ${CONNECTIONS} connections`);
    say(`durable: ${Math.round(speed.value)} receipts/s, 95 % answered within ${Math.round(speed.p95Ms)} ms`);
    const flood = await flooded(herald, operator, folder, { port, from: WARM + ROUNDS * each + 1, count: burst });
    say(`${burst} at once: ${flood.lost} lost; sending went on at ${flood.sentPerSecond} of ${PACE} a second`);
    return {
      bench: 'receipts',
      value: Math.round(speed.value),
      unit: 'receipts/s',
      ceiling: Math.round(speed.ceiling),
      ratio: Number(speed.ratio.toFixed(3)),
      p95Ms: Math.round(speed.p95Ms),
      messages,
      ...flood,
      rssMb: Math.round(process.memoryUsage.rss() / 1_048_576),
    };
  } finally {
    await herald.stop();
    await operator.stop();
    rmSync(folder, { recursive: true, force: true });
  }
}

/** The middle round decides of each, and of the ratio. */
async function compared(port: number, each: number) {
  const connections = CONNECTIONS;
  await posted({ port, path: IDLE_PATH, connections, from: 1, count: WARM });
  await posted({ port, path: WORKING_PATH, connections, from: 1, count: WARM });
  const rounds = [];
  for (let round = 0; round < ROUNDS; round++) {
    const from = WARM + round * each + 1;
    const idle = await posted({ port, path: IDLE_PATH, connections, from, count: each });
    const working = await posted({ port, path: WORKING_PATH, connections, from, count: each });
    rounds.push({ ceiling: each / idle.seconds, value: each / working.seconds, p95Ms: working.p95Ms });
  }
  return {
    value: middle(rounds.map((round) => round.value)),
    ceiling: middle(rounds.map((round) => round.ceiling)),
    ratio: middle(rounds.map((round) => round.value / round.ceiling)),
    p95Ms: middle(rounds.map((round) => round.p95Ms)),
  };
}

/** All receipts at once while a campaign is being sent: what was lost, and what became of the sending. */
async function flooded(
  herald: Herald,
  operator: RemoteOperator,
  folder: string,
  order: Pick<PostingOrder, 'port' | 'from' | 'count'>,
) {
  const [author, approver] = [await hire(herald, 'author'), await hire(herald, 'approver')];
  const draft = await draftOver(herald, author, folder, PACE * 100);
  const submitted = done(await submit(herald.campaigns, author, draft._id));
  done(await approve(herald.campaigns, approver, draft._id, markOf(submitted.submission!.hash)));
  const submits = async () => (await operator.state()).accounts.find(({ name }) => name === 'herald')!.counts.submits;
  while ((await submits()) < PACE * 2) await pause(50);

  const [before, began] = [await submits(), performance.now()];
  const posting = posted({ ...order, path: WORKING_PATH, connections: BURST_CONNECTIONS });
  const watched = watchProgress(submits);
  const burst = await posting;
  const longestStallMs = await watched.stop();
  const sentPerSecond = (((await submits()) - before) / (performance.now() - began)) * 1000;
  const { delivered } = (await herald.campaigns.messages.counts(RUN)).states;
  const lost = order.from - 1 + order.count - delivered;
  if (lost > 0) throw new Error(`${lost} receipts were answered and are not kept`);
  return {
    burst: order.count,
    burstSeconds: Number(burst.seconds.toFixed(1)),
    lost,
    sentPerSecond: Math.round(sentPerSecond),
    pace: PACE,
    longestStallMs: Math.round(longestStallMs),
  };
}

/** The longest time in which nothing was submitted. */
function watchProgress(submits: () => Promise<number>) {
  let stopped = false;
  const watching = (async () => {
    let [longest, last, since] = [0, await submits(), performance.now()];
    while (!stopped) {
      await pause(20);
      const now = await submits();
      longest = Math.max(longest, performance.now() - since);
      if (now > last) [last, since] = [now, performance.now()];
    }
    return longest;
  })();
  return {
    stop: () => {
      stopped = true;
      return watching;
    },
  };
}

const POSTING = fileURLToPath(new URL('./posting.ts', import.meta.url));
const run = promisify(execFile);

/** Has them posted by a process of its own; throws unless each was answered with 200. */
async function posted(order: PostingOrder): Promise<HeardPosts> {
  const { stdout } = await run(process.execPath, [POSTING, JSON.stringify(order)]);
  const heard = JSON.parse(stdout) as HeardPosts;
  if (heard.statuses['200'] !== order.count) throw new Error(`posts were not taken: ${JSON.stringify(heard.statuses)}`);
  return heard;
}

function configOf(folder: string, operatorPort: number) {
  const file = join(folder, 'providers.json');
  writeFileSync(file, JSON.stringify([{ ...accountOf(operatorPort, 100), partsPerSecond: PACE }, GATE]));
  const loading = loadConfig({
    DATA_DIR: join(folder, 'data'),
    HTTP_PORT: '0',
    SENDING_WINDOW: '00:00-24:00',
    PROVIDERS_FILE: file,
    TICK_SECONDS: '0.2',
  });
  if (loading.kind === 'problems') throw new Error('the benchmark’s configuration is wrong');
  return loading.config;
}

const middle = (values: readonly number[]): number => values.toSorted((a, b) => a - b)[Math.floor(values.length / 2)]!;
const pause = (ms: number) => new Promise((resolve) => setTimeout(resolve, ms));
