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
/** A campaign that takes longer does not end, ms. */
const LONGEST = 1_200_000;

export async function benchGrowth({ messages, say }: Options): Promise<BenchResult> {
  const sizes = [...new Set([10_000, 100_000, messages])].filter((size) => size <= messages).sort((a, b) => a - b);
  const grown: Grown[] = [];
  for (const size of sizes) {
    const { stdout } = await promisify(execFile)(process.execPath, [RUN, String(size)], { timeout: LONGEST });
    const one = JSON.parse(stdout) as Grown;
    grown.push(one);
    const { prepareSeconds, sendSeconds, rssMb, idleMb, countMs } = one;
    say(
      `${size}: numbers in ${prepareSeconds.toFixed(1)} s, sent in ${sendSeconds.toFixed(1)} s, ${Math.round(micros(one))} µs a message; ` +
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
    /** Of the largest against the one before it, in hundredths: fixed costs no longer show there. */
    largestAgainstSmaller: Number((micros(last) / micros(grown.at(-2) ?? last)).toFixed(3)),
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

const micros = ({ prepareSeconds, sendSeconds, recipients }: Grown): number =>
  ((prepareSeconds + sendSeconds) / recipients) * 1e6;
