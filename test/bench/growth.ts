/**
 * Whether a campaign costs as much for each message when it grows: time and memory from reading the list to the end, receipts
 * included, at ten thousand, a hundred thousand and a million recipients.
 */
import { execFile } from 'node:child_process';
import { fileURLToPath } from 'node:url';
import { promisify } from 'node:util';
import type { Grown } from './growth-run.ts';
import type { BenchResult } from './main.ts';

interface Options {
  /** The largest campaign. */
  readonly messages: number;
  readonly say: (line: string) => void;
}

const RUN = fileURLToPath(new URL('./growth-run.ts', import.meta.url));
/** What every campaign costs once, its canary included, is seen at one of so few; what is told of the others is beyond that. */
const SMALL = 2000;
/** A campaign to no more than these takes seconds, of which a tick more or less is a tenth: it is sent so many times. */
const SHORT = 10_000;
const TIMES = 5;
/** A campaign that takes longer does not end, ms. */
const LONGEST = 1_200_000;

export async function benchGrowth({ messages, say }: Options): Promise<BenchResult> {
  const sizes = [...new Set([10_000, 100_000, messages])].filter((size) => size <= messages).sort((x, y) => x - y);
  const small = await grow(SMALL);
  say(`${SMALL}: ${secondsOf(small).toFixed(1)} s, which every campaign takes; it is taken off the others`);
  const grown: Grown[] = [];
  const micros = (one: Grown): number =>
    ((secondsOf(one) - secondsOf(small)) / (one.recipients - small.recipients)) * 1e6;
  for (const size of sizes) {
    const one = await grow(size);
    grown.push(one);
    const { prepareSeconds, sendSeconds, rssMb, idleMb, countMs } = one;
    say(
      `${size}: numbers in ${prepareSeconds.toFixed(1)} s, sent in ${sendSeconds.toFixed(1)} s, ${Math.round(micros(one))} µs a message more; ` +
        `${idleMb} MB before, ${rssMb} MB at most; counted in ${Math.round(countMs)} ms`,
    );
  }
  const last = grown.at(-1)!;
  const [least, most] = [Math.min(...grown.map(micros)), Math.max(...grown.map(micros))];
  return {
    bench: 'growth',
    value: Math.round(micros(last)),
    unit: 'µs/message',
    ceiling: Math.round(least),
    ratio: Number((least / most).toFixed(3)),
    onceSeconds: Number(secondsOf(small).toFixed(1)),
    ...Object.fromEntries(
      grown.flatMap((one) => [
        [`micros${one.recipients}`, Math.round(micros(one))],
        [`rssMb${one.recipients}`, one.rssMb],
      ]),
    ),
    messages: last.recipients,
    seconds: Math.round(last.prepareSeconds + last.sendSeconds),
    countMs: Math.round(last.countMs),
    rssMb: last.rssMb,
  };
}

const secondsOf = ({ prepareSeconds, sendSeconds }: Grown): number => prepareSeconds + sendSeconds;

/** A campaign to so many, in a process of its own. */
async function grow(size: number): Promise<Grown> {
  const { stdout } = await promisify(execFile)(
    process.execPath,
    [...process.execArgv, RUN, String(size), String(size > SHORT ? 1 : TIMES)],
    {
      timeout: LONGEST,
    },
  );
  return JSON.parse(stdout) as Grown;
}
