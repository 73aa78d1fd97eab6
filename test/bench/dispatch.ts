/**
 * How fast Herald sends with everything that it promises: durable `submitting` before the wire, outcomes and receipts durable,
 * one bind, against a bare client of the same package with the same operator; both have sent some before, as whoever runs for more than
 * a minute has. Machines are faster at one moment than at the next: it is measured several times, each between two bare runs, and what
 * counts is the time with the ratio in the middle.
 */
import { mkdirSync, mkdtempSync, rmSync, writeFileSync } from 'node:fs';
import { tmpdir } from 'node:os';
import { join } from 'node:path';
import { type RemoteOperator, spawnOperator } from '../../integrations/sandbox/spawn.ts';
import { approve, markOf, submit } from '../../src/campaigns/approve.ts';
import { createDraft } from '../../src/campaigns/draft.ts';
import { prepare } from '../../src/campaigns/prepare.ts';
import { loadConfig } from '../../src/config.ts';
import { type Herald, startHerald } from '../../src/herald.ts';
import { createLog } from '../../src/platform/log.ts';
import type { Employee } from '../../src/staff/employee.ts';
import { done } from '../support/carried-out.ts';
import { bareExchange } from './bare-client.ts';
import type { BenchResult } from './main.ts';
import { type BenchWorker, startWorkerOf } from './worker.ts';

interface Options {
  readonly messages: number;
  readonly window: number;
  readonly say: (line: string) => void;
}

const ACCOUNT = { password: 'bench' };
/** Messages that are sent before it is measured. */
const BEFOREHAND = 20_000;
/** An odd number, so that one is in the middle. */
const TIMES = 3;

interface Time {
  readonly value: number;
  readonly ceiling: number;
  readonly ratio: number;
  readonly rssMb: number;
}

export async function benchDispatch(options: Options): Promise<BenchResult> {
  const { messages, window, say } = options;
  const folder = mkdtempSync(join(tmpdir(), 'herald-bench-'));
  const operator = await spawnOperator({
    text: false,
    keep: 1000,
    accounts: ['bare', 'herald'].map((name) => ({ name, ...ACCOUNT })),
    faults: { undeliveredShare: 0, expiredShare: 0, rejectedShare: 0 },
  });
  try {
    const bare = { port: operator.port, account: 'bare', ...ACCOUNT, window };
    await bareExchange({ ...bare, messages: Math.min(messages, BEFOREHAND) });
    const told = async () => {
      const rate = await bareExchange({ ...bare, messages });
      say(`bare smpp client: ${Math.round(rate)} messages/s with receipts, window ${window}`);
      return rate;
    };
    const times: Time[] = [];
    for (let before = await told(); times.length < TIMES; ) {
      const { value, rssMb } = await heraldExchange(join(folder, String(times.length)), operator, options);
      say(`Herald: ${Math.round(value)} messages/s with receipts, all durable`);
      const after = await told();
      const ceiling = (before + after) / 2;
      times.push({ value, ceiling, ratio: value / ceiling, rssMb });
      before = after;
    }
    const inOrder = times.toSorted((a, b) => a.ratio - b.ratio);
    const middle = inOrder[Math.floor(TIMES / 2)]!;
    return {
      bench: 'dispatch',
      value: Math.round(middle.value),
      unit: 'messages/s',
      ceiling: Math.round(middle.ceiling),
      ratio: Number(middle.ratio.toFixed(3)),
      window,
      messages,
      rssMb: Math.max(...times.map(({ rssMb }) => rssMb)),
      ratios: inOrder.map(({ ratio }) => ratio.toFixed(3)).join(' '),
    };
  } finally {
    await operator.stop();
    rmSync(folder, { recursive: true, force: true });
  }
}

async function heraldExchange(folder: string, operator: RemoteOperator, { messages, window }: Options) {
  mkdirSync(folder);
  const env = environmentOf(folder, operator, window);
  // Who writes and approves is not who sends: as an installation has it that has much to send.
  const herald = await startHerald(configOf({ ...env, ROLES: 'bots,web' }), { log: createLog({ level: 'error' }) });
  const worker = await startWorkerOf({ ...env, ROLES: 'worker' });
  try {
    await herald.start();
    const [author, approver] = [await hire(herald, 'author'), await hire(herald, 'approver')];
    const send = async (count: number) => {
      const draft = await draftOver(herald, author, folder, count);
      const before = await countsOf(operator);
      const submitted = done(await submit(herald.campaigns, author, draft._id));
      done(await approve(herald.campaigns, approver, draft._id, markOf(submitted.submission!.hash)));
      return await measure({ herald, operator, worker, before }, submitted.frozen!.run, count);
    };
    await send(Math.min(messages, BEFOREHAND));
    return await send(messages);
  } finally {
    await worker.stop();
    await herald.stop();
  }
}

interface Measured {
  readonly herald: Herald;
  readonly operator: RemoteOperator;
  readonly worker: BenchWorker;
  /** What the operator has counted of the times before. */
  readonly before: { readonly submits: number; readonly acknowledged: number };
}

/**
 * From the first submit to the last receipt that Herald acknowledged, and it acknowledges when they are durable: told by the
 * operator, so that measuring costs the database nothing. Then the database is asked once whether it is true.
 */
async function measure({ herald, operator, worker, before }: Measured, run: string, messages: number) {
  while ((await countsOf(operator)).submits === before.submits) await pause(5);
  const began = performance.now();
  let rssMb = 0;
  while ((await countsOf(operator)).acknowledged - before.acknowledged < messages) {
    rssMb = Math.max(rssMb, worker.rssMb());
    if (performance.now() - began > 600_000) throw new Error('the campaign does not end');
    await pause(100);
  }
  const seconds = (performance.now() - began) / 1000;
  const { delivered } = (await herald.campaigns.messages.counts(run)).states;
  if (delivered !== messages) throw new Error(`${delivered} of ${messages} are delivered by the database`);
  return { value: messages / seconds, rssMb };
}

async function countsOf(operator: RemoteOperator) {
  const { counts, receipts } = (await operator.state()).accounts.find((one) => one.name === 'herald')!;
  return { submits: counts.submits, acknowledged: receipts.acknowledged };
}

const environmentOf = (folder: string, operator: RemoteOperator, window: number) => {
  const file = join(folder, 'providers.json');
  writeFileSync(file, JSON.stringify([accountOf(operator.port, window)]));
  return {
    DATA_DIR: join(folder, 'data'),
    HTTP_PORT: '0',
    SENDING_WINDOW: '00:00-24:00',
    PROVIDERS_FILE: file,
    LOG_LEVEL: 'error',
  };
};

function configOf(env: Readonly<Record<string, string>>) {
  const loading = loadConfig(env);
  if (loading.kind === 'problems') throw new Error('the benchmark’s configuration is wrong');
  return loading.config;
}

export const accountOf = (port: number, window: number) => ({
  name: 'herald',
  kind: 'smpp',
  settings: { host: '127.0.0.1', port, systemId: 'herald' },
  ...ACCOUNT,
  partsPerSecond: 100_000,
  window,
  currency: 'RUB',
  priceVersion: '1',
  prices: [{ prefix: '', perPart: '1' }],
});

export async function hire(herald: Herald, role: 'author' | 'approver'): Promise<Employee> {
  const { locale, zone } = herald.staff.defaults;
  const person = {
    name: role,
    department: 'bench',
    sees: [],
    active: true,
    phone: null,
    email: null,
    deputy: null,
  } as const;
  const employee: Employee = { id: role, roles: [role], locale, zone, ...person };
  await herald.staff.store.add(employee);
  return employee;
}

export async function draftOver(herald: Herald, author: Employee, folder: string, messages: number) {
  const rows = Array.from({ length: messages }, (_, i) => `+7900${1_000_000 + i},Client ${i}`);
  const ref = join(folder, 'audience.csv');
  writeFileSync(ref, ['Phone,Name', ...rows].join('\n'));
  const draft = done(
    await createDraft(herald.campaigns, author, {
      source: { ref, name: 'audience.csv', answers: {}, uploaded: false },
      text: 'Dear {{Name}}, hello',
      sender: 'HERALD',
      start: { kind: 'on-approval' },
    }),
  );
  let prepared = await prepare(herald.campaigns, draft._id, 'bench', new AbortController().signal);
  // Herald's own look for unfinished drafts may be making the numbers already.
  for (; prepared && !prepared.frozen && !prepared.problem; await pause(100)) {
    prepared = await prepare(herald.campaigns, draft._id, 'bench', new AbortController().signal);
  }
  if (prepared?.frozen?.messages !== messages) throw new Error('the benchmark’s audience is not what it should be');
  return prepared;
}

const pause = (ms: number) => new Promise((resolve) => setTimeout(resolve, ms));
