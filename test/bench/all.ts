/**
 * `npm run bench -- all`: every benchmark, each in a process of its own, and what they came to in `docs/benchmarks.md`. One that
 * breaks off is told of there and does not keep the others from being run.
 */
import { spawn } from 'node:child_process';
import { existsSync, readFileSync, writeFileSync } from 'node:fs';
import { cpus } from 'node:os';
import { join } from 'node:path';
import { fileURLToPath } from 'node:url';
import { findMongod } from '../../src/platform/mongo/binary.ts';
import { benchmarkPage, type Measured, type Told } from './report.ts';

const PAGE = fileURLToPath(new URL('../../docs/benchmarks.md', import.meta.url));
const MAIN = join(import.meta.dirname, 'main.ts');

/** What each measures, and what it should reach; in this order. */
export const ASKED: Readonly<
  Record<string, { readonly what: string; readonly aim: string; readonly messages?: number }>
> = {
  dispatch: {
    what: 'sending over one bind with receipts, all durable, against a bare client',
    aim: 'ratio 0.5; 300 MB',
    messages: 100_000,
  },
  receipts: {
    what: 'receipts posted by HTTP and durable, against the same server without work',
    aim: 'ratio 0.4; of 50,000 at once none lost',
  },
  growth: { what: 'cost of a message at 10k, 100k and 1M recipients', aim: 'within 15 % of flat' },
  scaleout: { what: '1, 2 and 4 workers, 200 parts/s a bind', aim: '95 % of the sum, never above a limit' },
  import: {
    what: 'a million rows into a frozen audience, xlsx and csv, against the reader alone',
    aim: 'ratio 0.5; 400 MB each; event loop 50 ms',
  },
  writeback: {
    what: 'results of 100,000 rows into a sheet: calls, against the fewest possible',
    aim: 'no call wasted',
  },
  chat: { what: 'how soon Slack is answered in a crowd, against a server that does nothing', aim: 'under 3 s' },
  startup: { what: 'from start to ready with a million messages there', aim: '3 s beyond mongod' },
};

export async function benchAll(known: readonly string[], say: (line: string) => void): Promise<boolean> {
  const told = new Map<string, Told>();
  for (const name of Object.keys(ASKED).filter((one) => known.includes(one))) {
    const { what, aim, messages } = ASKED[name]!;
    say(`\n${name}`);
    const result = await resultOf(name, messages, say);
    if (!result) say(`${name} broke off`);
    told.set(name, { what, aim, result });
  }
  const [{ model } = { model: 'unknown' }] = cpus();
  const machine = {
    date: new Date().toISOString().slice(0, 10),
    cores: cpus().length,
    model: model.trim(),
    node: process.versions.node,
    mongod: (await findMongod({ env: process.env, say })).version,
  };
  writeFileSync(PAGE, benchmarkPage(told, machine, existsSync(PAGE) ? readFileSync(PAGE, 'utf8') : null));
  return [...told.values()].every(({ result }) => result !== null);
}

/** The last line that it says, read as JSON; null where it failed. */
function resultOf(name: string, messages: number | undefined, say: (line: string) => void): Promise<Measured | null> {
  const size = messages === undefined ? [] : ['--messages', String(messages)];
  const child = spawn(process.execPath, [...process.execArgv, MAIN, name, ...size], {
    stdio: ['ignore', 'pipe', 'inherit'],
  });
  let said = '';
  child.stdout.setEncoding('utf8').on('data', (text: string) => {
    said += text;
    say(text.trimEnd());
  });
  return new Promise((resolve) =>
    child.on('close', (code) => {
      const last = said.trimEnd().split('\n').at(-1) ?? '';
      resolve(code === 0 && last.startsWith('{') ? (JSON.parse(last) as Measured) : null);
    }),
  );
}
