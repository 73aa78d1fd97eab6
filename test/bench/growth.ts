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
/** What every campaign costs once, its canary and ticks included, is seen at one of so few; what is told of the others is beyond that. */
const SMALL = 2000;
/** Campaigns of a size in one turn; those of ten thousand take seconds, of which a moment in which the machine is slow is a good part. */
const IN_A_TURN: Readonly<Record<number, number>> = { 10000: 3 };
/** Campaigns that take longer do not end, ms. */
const LONGEST = 1_200_000;

export async function benchGrowth({ messages, say }: Options): Promise<BenchResult> {
  const sizes = [...new Set([10_000, 100_000, messages])].filter((size) => size <= messages).sort((x, y) => x - y);
  const measured = new Map<number, Pair[]>(sizes.map((size) => [size, []]));
  for (const size of inTurns(sizes)) {
    const pairs = inPairs(await grow(Array.from({ length: IN_A_TURN[size] ?? 1 }, () => [SMALL, size]).flat()));
    measured.get(size)!.push(...pairs);
    for (const [small, large] of pairs) say(`${size}: ${told(large)}; beside it ${told(small)}`);
  }
  const grown = [...measured.values()].map((pairs) => {
    const once = middle(pairs.map(([small]) => secondsOf(small)));
    const more = middle(pairs.map(([small, large]) => secondsOf(large) - secondsOf(small)));
    const { recipients } = pairs[0]![1];
    const micros = Math.round((more / (recipients - SMALL)) * 1e6);
    const rssMb = Math.max(...pairs.map(([, large]) => large.rssMb));
    say(`${recipients}: ${micros} µs a message beyond the ${once.toFixed(1)} s of ${SMALL}, ${rssMb} MB at most`);
    return { ...pairs.at(-1)![1], rssMb, micros, onceSeconds: once };
  });
  const last = grown.at(-1)!;
  const all = grown.map(({ micros }) => micros);
  const [least, most] = [Math.min(...all), Math.max(...all)];
  return {
    bench: 'growth',
    value: last.micros,
    unit: 'µs/message',
    ceiling: least,
    ratio: Number((least / most).toFixed(3)),
    onceSeconds: Number(mean(grown.map(({ onceSeconds }) => onceSeconds)).toFixed(1)),
    ...Object.fromEntries(
      grown.flatMap((one) => [
        [`micros${one.recipients}`, one.micros],
        [`rssMb${one.recipients}`, one.rssMb],
      ]),
    ),
    messages: last.recipients,
    seconds: Math.round(last.prepareSeconds + last.sendSeconds),
    countMs: Math.round(last.countMs),
    rssMb: last.rssMb,
  };
}

type Pair = readonly [small: Grown, large: Grown];

/** The machine is faster and slower by the minute: the largest, which takes minutes, has the others before it and behind it. */
function inTurns(sizes: readonly number[]): readonly number[] {
  const others = sizes.slice(0, -1);
  return [...others, ...others, ...sizes.slice(-1), ...others];
}

const told = ({ recipients, prepareSeconds, sendSeconds, countMs }: Grown): string =>
  `${recipients} had their numbers in ${prepareSeconds.toFixed(1)} s, were sent to in ${sendSeconds.toFixed(1)} s and counted in ${Math.round(countMs)} ms`;

const secondsOf = ({ prepareSeconds, sendSeconds }: Grown): number => prepareSeconds + sendSeconds;

const mean = (all: readonly number[]): number => all.reduce((sum, one) => sum + one, 0) / all.length;

/** Of an odd number. */
const middle = (all: readonly number[]): number => all.toSorted((a, b) => a - b)[Math.floor(all.length / 2)]!;

const inPairs = (all: readonly Grown[]): readonly Pair[] =>
  Array.from({ length: all.length / 2 }, (_, nth) => [all[2 * nth]!, all[2 * nth + 1]!]);

/** Campaigns to so many, one after the other, in a process of their own. */
async function grow(sizes: readonly number[]): Promise<readonly Grown[]> {
  const { stdout } = await promisify(execFile)(process.execPath, [...process.execArgv, RUN, ...sizes.map(String)], {
    timeout: LONGEST,
  });
  return JSON.parse(stdout) as readonly Grown[];
}
