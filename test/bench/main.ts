/**
 * `npm run bench -- <name>`: runs one benchmark and prints its result as one line of JSON at the end. Every benchmark measures
 * its ceiling in the same run, so that the ratio says something on any machine. `all` runs them all and writes `docs/benchmarks.md`.
 */
import { parseArgs } from 'node:util';
import { benchAll } from './all.ts';
import { benchChat } from './chat.ts';
import { benchDispatch } from './dispatch.ts';
import { benchGrowth } from './growth.ts';
import { benchImport } from './import.ts';
import { benchReceipts } from './receipts.ts';
import { benchScaleout } from './scaleout.ts';
import { benchStartup } from './startup.ts';
import { benchWriteback } from './writeback.ts';

/** What a benchmark ends with. */
export interface BenchResult {
  readonly bench: string;
  readonly value: number;
  readonly unit: string;
  readonly ceiling: number;
  readonly ratio: number;
  readonly rssMb?: number;
  readonly [detail: string]: string | number | undefined;
}

type Bench = (options: { messages: number; window: number; say: (line: string) => void }) => Promise<BenchResult>;

const BENCHES: Readonly<Record<string, { readonly run: Bench; readonly messages: number }>> = {
  chat: { run: benchChat, messages: 20_000 },
  dispatch: { run: benchDispatch, messages: 20_000 },
  growth: { run: benchGrowth, messages: 1_000_000 },
  import: { run: benchImport, messages: 1_000_000 },
  receipts: { run: benchReceipts, messages: 50_000 },
  scaleout: { run: benchScaleout, messages: 0 },
  startup: { run: benchStartup, messages: 1_000_000 },
  writeback: { run: benchWriteback, messages: 100_000 },
};

const { values, positionals } = parseArgs({
  allowPositionals: true,
  options: {
    messages: { type: 'string' },
    window: { type: 'string', default: '1000' },
  },
});

if (positionals[0] === 'all') process.exit((await benchAll(Object.keys(BENCHES), (line) => console.log(line))) ? 0 : 1);

const bench = BENCHES[positionals[0] ?? ''];
if (!bench) {
  console.error(`There is no such benchmark. There are: ${[...Object.keys(BENCHES), 'all'].join(', ')}.`);
  console.error('Example: npm run bench -- dispatch --messages 20000');
  process.exit(2);
}

const result = await bench.run({
  messages: Number(values.messages ?? bench.messages),
  window: Number(values.window),
  say: (line) => console.log(line),
});
console.log(JSON.stringify(result));
process.exit(0);
