/**
 * Campaigns of so many recipients, from reading their lists to their ends, one after the other in a process of its own so that its memory
 * is its own; after a first one, since the first campaign of a process also pays for compiling it. Says how long each step of each took,
 * in seconds, as one line of JSON.
 */
import { mkdtempSync, rmSync, writeFileSync } from 'node:fs';
import { tmpdir } from 'node:os';
import { basename, join } from 'node:path';
import { spawnOperator } from '../../integrations/sandbox/spawn.ts';
import { approve, markOf, submit } from '../../src/campaigns/approve.ts';
import { createDraft } from '../../src/campaigns/draft.ts';
import { prepare } from '../../src/campaigns/prepare.ts';
import { loadConfig } from '../../src/config.ts';
import { type Herald, startHerald } from '../../src/herald.ts';
import { createLog } from '../../src/platform/log.ts';
import type { Employee } from '../../src/staff/employee.ts';
import { done } from '../support/carried-out.ts';
import { accountOf, hire } from './dispatch.ts';
import { listOf } from './import.ts';

/** What one campaign came to. */
export interface Grown {
  readonly recipients: number;
  readonly prepareSeconds: number;
  readonly sendSeconds: number;
  /** Most memory of the process so far. */
  readonly rssMb: number;
  /** One reading of how the campaign stands, once all of it is done. */
  readonly countMs: number;
}

const WHOLE = { departments: 'all' } as const;
/** Recipients of the first campaign. */
const FIRST = 100_000;

type People = readonly [author: Employee, approver: Employee];

async function grow(sizes: readonly number[]): Promise<readonly Grown[]> {
  const folder = mkdtempSync(join(tmpdir(), 'herald-bench-'));
  const operator = await spawnOperator({
    text: false,
    keep: 1000,
    accounts: [{ name: 'herald', password: 'bench' }],
    faults: { undeliveredShare: 0, expiredShare: 0, rejectedShare: 0 },
  });
  const herald = await startHerald(configOf(folder, operator.port), { log: createLog({ level: 'error' }) });
  try {
    await herald.start();
    const people: People = [await hire(herald, 'author'), await hire(herald, 'approver')];
    await campaignTo(herald, people, join(folder, 'first.csv'), FIRST);
    const grown: Grown[] = [];
    for (const [nth, recipients] of sizes.entries()) {
      const spent = await campaignTo(herald, people, join(folder, `list-${nth}.csv`), recipients);
      grown.push({ recipients, ...spent, rssMb: peakMegabytes() });
    }
    return grown;
  } finally {
    await herald.stop();
    await operator.stop();
    rmSync(folder, { recursive: true, force: true });
  }
}

async function campaignTo(herald: Herald, [author, approver]: People, list: string, recipients: number) {
  await listOf('csv', list, recipients);
  const began = performance.now();
  const draft = await drafted(herald, author, list, recipients);
  const submitted = done(await submit(herald.campaigns, author, draft._id));
  done(await approve(herald.campaigns, approver, draft._id, markOf(submitted.submission!.hash)));
  const prepared = performance.now();
  const { startedAt, finishedAt } = await ended(herald, draft._id);
  const finished = performance.now();
  const { delivered } = (await herald.campaigns.messages.counts(submitted.frozen!.run)).states;
  const countMs = performance.now() - finished;
  if (delivered !== recipients) throw new Error(`${delivered} of ${recipients} are delivered`);
  // The workbook of this campaign must not be written while the next is measured.
  while (recipients <= FIRST && !(await isWritten(herald, submitted.frozen!.run))) await pause(50);
  // Between the two it waits for the tick that starts it: up to a second, whatever its size.
  return {
    prepareSeconds: (prepared - began) / 1000,
    sendSeconds: (finishedAt.getTime() - startedAt.getTime()) / 1000,
    countMs,
  };
}

async function ended(herald: Herald, id: string) {
  for (;;) {
    const { startedAt, finishedAt } = (await herald.campaigns.store.campaign(WHOLE, id))!;
    if (startedAt && finishedAt) return { startedAt, finishedAt };
    await pause(50);
  }
}

async function isWritten(herald: Herald, run: string): Promise<boolean> {
  const last = await herald.results.store.last(run);
  return last !== null && last.rows > 0 && last.awaited === 0;
}

async function drafted(herald: Herald, author: Employee, list: string, recipients: number) {
  const draft = done(
    await createDraft(herald.campaigns, author, {
      source: { ref: list, name: 'list.csv', answers: {}, uploaded: false },
      // Of a text that others of the day have, Herald would look who has had it: more of them each time.
      text: `Dear {{Name}}, hello from ${basename(list)}`,
      sender: 'HERALD',
      start: { kind: 'on-approval' },
    }),
  );
  for (;;) {
    const now = await prepare(herald.campaigns, draft._id, 'bench', new AbortController().signal);
    if (now?.problem) throw new Error(`no numbers: ${JSON.stringify(now.problem)}`);
    if (now?.frozen?.messages === recipients) return now;
    await pause(50);
  }
}

function configOf(folder: string, port: number) {
  const file = join(folder, 'providers.json');
  writeFileSync(file, JSON.stringify([accountOf(port, 1000)]));
  const loading = loadConfig({
    DATA_DIR: join(folder, 'data'),
    HTTP_PORT: '0',
    SENDING_WINDOW: '00:00-24:00',
    PROVIDERS_FILE: file,
    // What is waited for by the clock is the same whatever the size; the shorter, the less it blurs.
    ...{ TICK_SECONDS: '0.2', CONTROL_MS: '100' },
  });
  if (loading.kind === 'problems') throw new Error('the benchmark’s configuration is wrong');
  return loading.config;
}

const peakMegabytes = () => Math.round(process.resourceUsage().maxRSS / 1024);
const pause = (ms: number) => new Promise((resolve) => setTimeout(resolve, ms));

console.log(JSON.stringify(await grow(process.argv.slice(2).map(Number))));
process.exit(0);
