/** What a run of the matrix says: a line for each row as it goes, the page docs/faults.md, and the last line of JSON. Pure. */
import { isClean, sumOf, type Verdict } from './checker.ts';
import type { Finding, Row } from './row.ts';

/** What came of one row with one seed. */
export type RowResult = {
  readonly row: Pick<Row, 'number' | 'name'>;
  readonly seed: number;
  readonly seconds: number;
} & (
  | { readonly kind: 'run'; readonly finding: Finding }
  | { readonly kind: 'skipped'; readonly why: string }
  | { readonly kind: 'broke'; readonly why: string }
);

/** Why a row does not hold; empty when it does. */
export function faultsIn(result: RowResult): readonly string[] {
  if (result.kind === 'skipped') return [];
  if (result.kind === 'broke') return [`the row broke off: ${result.why}`];
  const { verdict, unknownAtMost, broken = [] } = result.finding;
  const overWindow = verdict.unknown > unknownAtMost ? [`${verdict.unknown} unknown, at most ${unknownAtMost}`] : [];
  const never = isClean(verdict) ? [] : ['what must never happen has happened', ...verdict.examples];
  return [...never, ...overWindow, ...broken];
}

const COLUMNS = ['sent', 'dup', 'lost', 'falseSent', 'wrong', 'stuck', 'unknown'] as const;
const NUMBER_WIDTHS = { sent: 5, dup: 3, lost: 4, falseSent: 9, wrong: 5, stuck: 5, unknown: 7 } as const;
const NAME_WIDTH = 48;

export const headLine = (): string =>
  [
    'row',
    'fault'.padEnd(NAME_WIDTH),
    'seed',
    ...COLUMNS.map((name) => name.padStart(NUMBER_WIDTHS[name])),
    '    s',
  ].join('  ');

export function lineOf(result: RowResult): string {
  const { row, seed, seconds } = result;
  const start = [String(row.number).padStart(3), row.name.padEnd(NAME_WIDTH), String(seed).padStart(4)];
  if (result.kind !== 'run') return [...start, `${result.kind}: ${result.why}`].join('  ');
  const { verdict } = result.finding;
  const numbers = COLUMNS.map((name) => String(verdict[name]).padStart(NUMBER_WIDTHS[name]));
  const faults = faultsIn(result);
  const end = faults.length === 0 ? 'ok' : 'NOT OK';
  return [
    [...start, ...numbers, seconds.toFixed(1).padStart(5), end].join('  '),
    ...faults.map((fault) => `       ${fault}`),
  ].join('\n');
}

export interface Summary {
  readonly rows: number;
  readonly dup: number;
  readonly lost: number;
  readonly falseSent: number;
  readonly wrong: number;
  readonly stuck: number;
  readonly unknown: number;
  readonly skipped: number;
  /** Rows in which something does not hold, whatever it is. */
  readonly notOk: number;
}

export function summaryOf(results: readonly RowResult[]): Summary {
  const run = results.filter((result) => result.kind === 'run');
  const { sent: _sent, examples: _examples, ...sums } = sumOf(run.map(({ finding }) => finding.verdict));
  const numbers = (some: readonly RowResult[]) => new Set(some.map(({ row }) => row.number)).size;
  return {
    rows: numbers(results.filter((result) => result.kind !== 'skipped')),
    ...sums,
    skipped: numbers(results.filter((result) => result.kind === 'skipped')),
    notOk: numbers(results.filter((result) => faultsIn(result).length > 0)),
  };
}

/**
 * The table of docs/faults.md: a line for each row, its seeds together, the worst of them in time. Rows that were not played
 * keep the line that they have in `earlier`, the page of before.
 */
export function tableOf(results: readonly RowResult[], earlier = ''): string {
  const head = ['row', 'fault', 'seeds', ...COLUMNS, 'worst s', 'holds'];
  const lines = [...Map.groupBy(results, ({ row }) => row.number).values()].map((of) => {
    const { row } = of[0]!;
    const run = of.filter((result) => result.kind === 'run');
    if (run.length === 0) return [row.number, row.name, 0, ...COLUMNS.map(() => ''), '', whyNot(of[0]!)];
    const sum: Verdict = sumOf(run.map(({ finding }) => finding.verdict));
    const worst = Math.max(...of.map(({ seconds }) => seconds)).toFixed(1);
    const holds = of.every((result) => faultsIn(result).length === 0) ? 'yes' : '**no**';
    return [row.number, row.name, of.length, ...COLUMNS.map((name) => sum[name]), worst, holds];
  });
  const written = ([head, head.map(() => '---')] as const).map(asLine);
  const byRow = new Map([...earlier.matchAll(/^\| (\d+) \|.*$/gm)].map(([line, number]) => [Number(number), line]));
  for (const cells of lines) byRow.set(Number(cells[0]), asLine(cells));
  const inOrder = [...byRow].toSorted(([a], [b]) => a - b).map(([, line]) => line);
  return [...written, ...inOrder].join('\n');
}

const asLine = (cells: readonly (string | number)[]): string => `| ${cells.join(' | ')} |`;

const whyNot = (result: RowResult): string => (result.kind === 'skipped' ? `skipped: ${result.why}` : '**broke off**');

export interface Circumstances {
  readonly at: Date;
  readonly cores: number;
  /** The page as it was before; rows that were not played keep their lines. */
  readonly earlier: string;
}

/** docs/faults.md. */
export function pageOf(results: readonly RowResult[], { at, cores, earlier }: Circumstances): string {
  return `# What breaks, and what holds

This page is written by \`npm run faults\` (last on ${at.toISOString().slice(0, 10)}, ${cores} cores). Each row does one fault to Herald
while it sends: real processes, a real MongoDB, SMPP over real sockets to the sandbox operator. The checker then compares what was approved,
the operator's own log, and what Herald's database says (\`test/faults/checker.ts\`); it believes none of them alone.

| column | counts |
|---|---|
| sent | messages that the operator took |
| dup | copies too many: marketing above one; service above one unless flagged, above two always |
| lost | people who were not sent to, and of whom Herald does not say why |
| falseSent | called sent by Herald, never seen by the operator |
| wrong | taken with another number, text or sender than approved, at a forbidden time, or denied by Herald |
| stuck | not final, and nothing will move it |
| unknown | said to be unknown: bounded by the windows of what was killed or cut, and never sent again unasked |

A row holds when all but \`unknown\` are 0, \`unknown\` is within its bound, and what the row asks for beside that is so. Leases and timers
are scaled down; numbers of messages are small, so that all rows together take minutes.

${tableOf(results, earlier)}

\`npm run faults -- --naive\` plays the same rows with workers that mark a message as sent only after sending it. It has to end with
duplicates: that shows that the checker sees them.
`;
}
