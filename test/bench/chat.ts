/**
 * How soon Slack and people in it are answered while a campaign sends: five hundred employees click and type, in a Slack of another
 * process, over signed HTTP. The ceiling is the same clicks at the same web server, which then answers and does nothing.
 */
import { type ChildProcess, fork } from 'node:child_process';
import { once } from 'node:events';
import { mkdtempSync, rmSync, writeFileSync } from 'node:fs';
import { loadavg, tmpdir } from 'node:os';
import { join } from 'node:path';
import { type RemoteOperator, spawnOperator } from '../../integrations/sandbox/spawn.ts';
import { approve, markOf, submit } from '../../src/campaigns/approve.ts';
import { loadConfig } from '../../src/config.ts';
import { type Herald, startHerald } from '../../src/herald.ts';
import { createHttp } from '../../src/platform/http.ts';
import { createLog, silentLog } from '../../src/platform/log.ts';
import { done } from '../support/carried-out.ts';
import { employeeOf } from '../support/employee.ts';
import type { News, Order } from './chat-crowd.ts';
import type { Click } from './chat-people.ts';
import { accountOf, draftOver, hire } from './dispatch.ts';
import type { BenchResult } from './main.ts';

interface Options {
  readonly messages: number;
  readonly window: number;
  readonly say: (line: string) => void;
}

const EMPLOYEES = 500;
const CLICKING = { seconds: 20, clicksPerSecond: 50 };
/** The campaign goes on for as long as people click and wait for their cards. */
const SENDING_SECONDS = 40;
const PATH = '/slack/events';

type Ready = Extract<News, { kind: 'ready' }>;
type Clicked = Extract<News, { kind: 'clicked' }>;

export async function benchChat({ messages, window, say }: Options): Promise<BenchResult> {
  const folder = mkdtempSync(join(tmpdir(), 'herald-bench-'));
  const operator = await spawnOperator({
    text: false,
    keep: 1000,
    accounts: [{ name: 'herald', password: 'bench' }],
    faults: { undeliveredShare: 0, expiredShare: 0, rejectedShare: 0 },
  });
  const child = fork(join(import.meta.dirname, 'chat-crowd.ts'), [String(EMPLOYEES)]);
  try {
    const crowd = await told<Ready>(child);
    const busy = await withHerald(folder, operator, crowd, { messages, window, say }, child);
    say(`while ${busy.sent} messages were sent: ${described(busy.clicked.clicks)}`);
    const bare = await bareServer((url) => click(child, { url, awaitsCards: false }));
    say(`the bare web server: ${described(bare.clicks)}`);
    return resultOf(busy, bare);
  } finally {
    child.disconnect();
    await operator.stop();
    rmSync(folder, { recursive: true, force: true });
  }
}

function resultOf({ clicked, sent }: { clicked: Clicked; sent: number }, bare: Clicked): BenchResult {
  const { clicks, refusedCalls } = clicked;
  const [p95, ceiling] = [p95Of(clicks, 'ackMs'), p95Of(bare.clicks, 'ackMs')];
  return {
    bench: 'chat',
    value: p95,
    unit: 'ms',
    p95Ms: p95,
    p95CardMs: p95Of(clicks, 'cardMs'),
    clicks: clicks.length,
    lost: clicks.filter(({ ackMs, cardMs }) => ackMs === null || cardMs === null).length,
    ceiling,
    ratio: Number((ceiling / p95).toFixed(3)),
    employees: EMPLOYEES,
    sent,
    refusedCalls,
    load: Number(loadavg()[0]!.toFixed(1)),
  };
}

async function withHerald(
  folder: string,
  operator: RemoteOperator,
  crowd: Ready,
  { messages, window, say }: Options,
  child: ChildProcess,
): Promise<{ readonly clicked: Clicked; readonly sent: number }> {
  const account = { ...accountOf(operator.port, window), partsPerSecond: Math.ceil(messages / SENDING_SECONDS) };
  const herald = await startHerald(configOf(folder, account, crowd), { log: createLog({ level: 'error' }) });
  try {
    const { url } = await herald.start();
    await employ(herald, crowd.accounts);
    await begin(herald, folder, messages);
    const submits = async () => (await operator.state()).accounts[0]!.counts.submits;
    while ((await submits()) === 0) await pause(20);
    const before = await submits();
    say(`a campaign of ${messages} messages sends`);
    const clicked = await click(child, { url: `${url}${PATH}`, awaitsCards: true });
    const after = await submits();
    if (after >= messages) throw new Error('the campaign was over before the clicks were');
    return { clicked, sent: after - before };
  } finally {
    await herald.stop();
  }
}

/** Everybody sees the campaign; every second one may make campaigns too. */
async function employ(herald: Herald, accounts: readonly string[]): Promise<void> {
  for (const [index, account] of accounts.entries()) {
    const employee = employeeOf(`person-${index}`, [index % 4 < 2 ? 'viewer' : 'author'], { department: 'bench' });
    await herald.staff.store.add(employee);
    await herald.staff.store.link('slack', account, employee.id, new Date());
  }
}

async function begin(herald: Herald, folder: string, messages: number): Promise<void> {
  const [author, approver] = [await hire(herald, 'author'), await hire(herald, 'approver')];
  const draft = await draftOver(herald, author, folder, messages);
  const submitted = done(await submit(herald.campaigns, author, draft._id));
  done(await approve(herald.campaigns, approver, draft._id, markOf(submitted.submission!.hash)));
}

function configOf(folder: string, account: object, { apiUrl, botToken, signingSecret }: Ready) {
  const file = join(folder, 'providers.json');
  writeFileSync(file, JSON.stringify([account]));
  const loading = loadConfig({
    DATA_DIR: join(folder, 'data'),
    HTTP_PORT: '0',
    SENDING_WINDOW: '00:00-24:00',
    PROVIDERS_FILE: file,
    SLACK_BOT_TOKEN: botToken,
    SLACK_SIGNING_SECRET: signingSecret,
    SLACK_API_URL: apiUrl,
  });
  if (loading.kind === 'problems') throw new Error('the benchmark’s configuration is wrong');
  return loading.config;
}

/** Answers at once, and nothing comes of it. */
async function bareServer(measure: (url: string) => Promise<Clicked>): Promise<Clicked> {
  const http = createHttp({ host: '127.0.0.1', port: 0, log: silentLog });
  http.app.post(PATH, (request, response) => {
    request.resume();
    request.on('end', () => response.end());
  });
  const { url } = await http.start();
  try {
    return await measure(`${url}${PATH}`);
  } finally {
    await http.stop();
  }
}

async function click(child: ChildProcess, where: Pick<Order, 'url' | 'awaitsCards'>): Promise<Clicked> {
  const order: Order = { ...CLICKING, ...where };
  child.send(order);
  return told<Clicked>(child);
}

async function told<T extends News>(child: ChildProcess): Promise<T> {
  const ended = once(child, 'exit').then(([code]) => {
    throw new Error(`the crowd ended with ${code}`);
  });
  ended.catch(() => {});
  const [news] = await Promise.race([once(child, 'message'), ended]);
  return news as T;
}

/** What it takes for 95 of 100 at most, ms; what never came is not among them. */
function p95Of(clicks: readonly Click[], which: 'ackMs' | 'cardMs'): number {
  const times = clicks.flatMap((one) => one[which] ?? []).sort((a, b) => a - b);
  return Number((times[Math.ceil(times.length * 0.95) - 1] ?? 0).toFixed(1));
}

function described(clicks: readonly Click[]): string {
  const kinds = [...new Set(clicks.map(({ what }) => what))].map((what) => {
    const these = clicks.filter((one) => one.what === what);
    return `${what} ${these.length}× ${p95Of(these, 'ackMs')}/${p95Of(these, 'cardMs')}`;
  });
  return `${clicks.length} clicks, p95 of the answer/of the card in ms: ${kinds.join(', ')}`;
}

const pause = (ms: number) => new Promise((resolve) => setTimeout(resolve, ms));
