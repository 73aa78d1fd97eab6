/**
 * How fast a list of a million rows becomes a frozen audience, as a workbook with shared texts and as csv, against the same reader
 * whose rows nobody wants. And what it costs the service meanwhile: memory of it and of its reading process, and how late its
 * event loop is.
 */
import { execFile } from 'node:child_process';
import { mkdtempSync, readFileSync, rmSync } from 'node:fs';
import { tmpdir } from 'node:os';
import { join } from 'node:path';
import { monitorEventLoopDelay } from 'node:perf_hooks';
import { fileURLToPath } from 'node:url';
import { promisify } from 'node:util';
import { freezeAudience, lookAt } from '../../src/audiences/freeze.ts';
import { loadConfig } from '../../src/config.ts';
import { type Herald, startHerald } from '../../src/herald.ts';
import { createLog } from '../../src/platform/log.ts';
import { readingProcesses } from '../support/reading-processes.ts';
import type { BenchResult } from './main.ts';

interface Options {
  readonly messages: number;
  readonly say: (line: string) => void;
}

const KINDS = ['xlsx', 'csv'] as const;
type Kind = (typeof KINDS)[number];

/** Reading alone and importing take turns, so that what disturbs the machine disturbs both. */
const ROUNDS = 3;

export async function benchImport({ messages: rows, say }: Options): Promise<BenchResult> {
  const folder = mkdtempSync(join(tmpdir(), 'herald-bench-'));
  const herald = await startHerald(configOf(folder), { log: createLog({ level: 'error' }) });
  try {
    await herald.start();
    const found: Record<Kind, Measured> = {} as Record<Kind, Measured>;
    for (const kind of KINDS) {
      const path = join(folder, `list.${kind}`);
      await listOf(kind, path, rows);
      found[kind] = await measured(herald, path, rows);
      const { ceiling, value, lagMs, lagP99Ms, readerMb, serviceMb } = found[kind];
      say(`${kind}: the reader alone ${ceiling} rows/s, into a frozen audience ${value} rows/s`);
      say(
        `${kind}: event loop late by ${lagMs} ms at most, ${lagP99Ms} ms in 99 of 100; ${readerMb} and ${serviceMb} MB`,
      );
      rmSync(path);
    }
    const worse = found.xlsx.ratio < found.csv.ratio ? found.xlsx : found.csv;
    const most = (of: (one: Measured) => number) => Math.max(...KINDS.map((kind) => of(found[kind])));
    return {
      bench: 'import',
      value: worse.value,
      unit: 'rows/s',
      ceiling: worse.ceiling,
      ratio: worse.ratio,
      rows,
      ...{ xlsx: found.xlsx.value, xlsxCeiling: found.xlsx.ceiling, xlsxRatio: found.xlsx.ratio },
      ...{ csv: found.csv.value, csvCeiling: found.csv.ceiling, csvRatio: found.csv.ratio },
      rssMb: most((one) => Math.max(one.readerMb, one.serviceMb)),
      readerMb: most((one) => one.readerMb),
      serviceMb: most((one) => one.serviceMb),
      lagMs: most((one) => one.lagMs),
      lagP99Ms: most((one) => one.lagP99Ms),
    };
  } finally {
    await herald.stop();
    rmSync(folder, { recursive: true, force: true });
  }
}

interface Measured {
  /** Rows a second. */
  readonly ceiling: number;
  readonly value: number;
  readonly ratio: number;
  readonly lagMs: number;
  readonly lagP99Ms: number;
  readonly readerMb: number;
  readonly serviceMb: number;
}

/** The middle round decides of the speeds, the worst of all else. */
async function measured(herald: Herald, path: string, rows: number): Promise<Measured> {
  const rounds: (Awaited<ReturnType<typeof imported>> & { ceiling: number })[] = [];
  for (let round = 0; round < ROUNDS; round++) {
    const ceiling = rows / (await readAlone(herald, path));
    rounds.push({ ceiling, ...(await imported(herald, path, rows)) });
  }
  const middle = (of: (one: (typeof rounds)[number]) => number) =>
    rounds.map(of).sort((a, b) => a - b)[Math.floor(ROUNDS / 2)]!;
  const most = (of: (one: (typeof rounds)[number]) => number) => Math.round(Math.max(...rounds.map(of)));
  return {
    ceiling: Math.round(middle((one) => one.ceiling)),
    value: Math.round(middle((one) => one.value)),
    ratio: Number(middle((one) => one.value / one.ceiling).toFixed(3)),
    lagMs: most((one) => one.lagMs),
    lagP99Ms: most((one) => one.lagP99Ms),
    readerMb: most((one) => one.readerMb),
    serviceMb: most((one) => one.serviceMb),
  };
}

const never = new AbortController().signal;

/** Seconds, opening included, as in an import. */
async function readAlone(herald: Herald, path: string): Promise<number> {
  const { source, plan } = await ready(herald, path);
  const began = performance.now();
  const opening = await source.open(path, plan.tab, never);
  if (opening.kind === 'refused') throw new Error('the list cannot be opened');
  for await (const _rows of opening.audience.lots());
  return (performance.now() - began) / 1000;
}

async function imported(herald: Herald, path: string, rows: number) {
  const { source, plan } = await ready(herald, path);
  const common = { department: 'bench', by: 'bench', zone: 'Europe/Moscow', name: 'list' };
  const memory = watchMemory();
  const lag = monitorEventLoopDelay({ resolution: 1 });
  lag.enable();
  const began = performance.now();
  const frozen = await freezeAudience(herald.campaigns.reading, { ...common, source, ref: path, plan }, never);
  const seconds = (performance.now() - began) / 1000;
  lag.disable();
  if (frozen.kind === 'refused') throw new Error('the list cannot be read');
  if (frozen.audience.counts.recipients !== rows) throw new Error(`${frozen.audience.counts.recipients} recipients`);
  const kept = { value: rows / seconds, lagMs: lag.max / 1e6, lagP99Ms: lag.percentile(99) / 1e6, ...memory.stop() };
  await herald.campaigns.audiences.drop(frozen.audience._id);
  return kept;
}

async function ready(herald: Herald, path: string) {
  const look = await lookAt(herald.campaigns.reading, path, {}, 'bench', never);
  if (look.kind !== 'ready') throw new Error(`the list is not ready: ${JSON.stringify(look)}`);
  return look;
}

/** The most memory that this process and its reading process have; Linux tells of the latter. */
function watchMemory() {
  let [readerMb, serviceMb] = [0, 0];
  const look = () => {
    serviceMb = Math.max(serviceMb, process.memoryUsage.rss() / 1_048_576);
    for (const reader of readingProcesses()) readerMb = Math.max(readerMb, peakMb(reader));
  };
  const timer = setInterval(look, 100);
  return {
    stop() {
      clearInterval(timer);
      return { readerMb, serviceMb };
    },
  };
}

function peakMb(pid: string): number {
  try {
    return Number(/VmHWM:\s+(\d+)/.exec(readFileSync(`/proc/${pid}/status`, 'utf8'))?.[1] ?? 0) / 1024;
  } catch {
    return 0;
  }
}

const WRITER = fileURLToPath(new URL('./import-files.ts', import.meta.url));

/** Written by another process: its memory is not the service's. */
export async function listOf(kind: Kind, path: string, rows: number): Promise<void> {
  await promisify(execFile)(process.execPath, [WRITER, kind, path, String(rows)]);
}

function configOf(folder: string) {
  const loading = loadConfig({ DATA_DIR: join(folder, 'data'), HTTP_PORT: '0', TICK_SECONDS: '0.2' });
  if (loading.kind === 'problems') throw new Error('the benchmark’s configuration is wrong');
  return loading.config;
}
