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
/**
 * A campaign of these sizes takes seconds, of which one tick more or less, or a moment in which the machine is slow, is a good part: it is
 * sent so many times, each after a small one, and what counts is what all of them took more than those.
 */
const TIMES: Readonly<Record<number, number>> = { 10000: 9, 100000: 3 };
/** Campaigns that take longer do not end, ms. */
const LONGEST = 1_200_000;

export async function benchGrowth({ messages, say }: Options): Promise<BenchResult> {
  const sizes = [...new Set([10_000, 100_000, messages])].filter((size) => size <= messages).sort((x, y) => x - y);
  const grown: (Grown & { readonly micros: number; readonly onceSeconds: number })[] = [];
  for (const size of sizes) {
    const pairs = inPairs(await grow(Array.from({ length: TIMES[size] ?? 1 }, () => [SMALL, size]).flat()));
    const once = mean(pairs.map(([small]) => secondsOf(small)));
    const more = mean(pairs.map(([small, large]) => secondsOf(large) - secondsOf(small)));
    const micros = Math.round((more / (size - SMALL)) * 1e6);
    const one = pairs.at(-1)![1];
    grown.push({ ...one, micros, onceSeconds: once });
    say(
      `${size}: ${micros} µs a message beyond the ${once.toFixed(1)} s of ${SMALL}; the last one: numbers in ${one.prepareSeconds.toFixed(1)} s, ` +
        `sent in ${one.sendSeconds.toFixed(1)} s, ${one.idleMb} MB before, ${one.rssMb} MB at most, counted in ${Math.round(one.countMs)} ms`,
    );
  }
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

const secondsOf = ({ prepareSeconds, sendSeconds }: Grown): number => prepareSeconds + sendSeconds;

const mean = (all: readonly number[]): number => all.reduce((sum, one) => sum + one, 0) / all.length;

const inPairs = (all: readonly Grown[]): readonly (readonly [small: Grown, large: Grown])[] =>
  Array.from({ length: all.length / 2 }, (_, nth) => [all[2 * nth]!, all[2 * nth + 1]!]);

/** Campaigns to so many, one after the other, in a process of their own. */
async function grow(sizes: readonly number[]): Promise<readonly Grown[]> {
  const { stdout } = await promisify(execFile)(process.execPath, [...process.execArgv, RUN, ...sizes.map(String)], {
    timeout: LONGEST,
  });
  return JSON.parse(stdout) as readonly Grown[];
}
