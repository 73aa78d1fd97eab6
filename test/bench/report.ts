/** What the benchmarks came to, as `docs/benchmarks.md` says it. Pure; what people have written below the mark stays. */

export interface Measured {
  readonly bench: string;
  readonly value: number;
  readonly unit: string;
  readonly ceiling: number;
  readonly ratio: number;
  readonly [detail: string]: string | number | undefined;
}

export interface Told {
  readonly what: string;
  readonly aim: string;
  /** Null where it broke off. */
  readonly result: Measured | null;
}

export interface Machine {
  readonly date: string;
  readonly cores: number;
  readonly model: string;
  readonly node: string;
  readonly mongod: string;
}

/** Below this line the page is people's own. */
export const MARK = '<!-- What follows is written by hand and stays when the benchmarks are run again. -->';

const OWN = `${MARK}

## What is left

Nobody has written yet where the time of dispatch goes.
`;

export function benchmarkPage(told: ReadonlyMap<string, Told>, machine: Machine, before: string | null): string {
  const kept = before === null || !before.includes(MARK) ? OWN : before.slice(before.indexOf(MARK));
  const rows = [...told].map(
    ([name, { what, aim, result }]) =>
      `| \`${name}\` | ${what} | ${result ? `${shown(result.value)} ${result.unit}` : 'broke off'} | ${result ? shown(result.ceiling) : ''} | ${result ? result.ratio : ''} | ${aim} |`,
  );
  const details = [...told].flatMap(([name, { result }]) => (result ? [`- \`${name}\`: ${detailsOf(result)}`] : []));
  return `# Benchmarks

Written by \`npm run bench -- all\`. Each benchmark measures its ceiling in the same run: a bare client, a server without work, a reader
whose rows nobody wants. The ratio says more than the speed, which is that of the machine.

${machine.date}, ${machine.cores} cores (${machine.model}), Node ${machine.node}, MongoDB ${machine.mongod}.

| bench | what | measured | ceiling | ratio | aim |
|---|---|---|---|---|---|
${rows.join('\n')}

All that was measured:

${details.join('\n')}

${kept}`;
}

const shown = (value: number): string =>
  value.toLocaleString('en-US', { maximumFractionDigits: Math.abs(value) < 10 ? 3 : 1 });

const HEAD = new Set(['bench', 'value', 'unit', 'ceiling', 'ratio']);

const detailsOf = (result: Measured): string =>
  Object.entries(result)
    .filter(([name, value]) => !HEAD.has(name) && value !== undefined)
    .map(([name, value]) => `${name} ${typeof value === 'number' ? shown(value) : value}`)
    .join(', ');
