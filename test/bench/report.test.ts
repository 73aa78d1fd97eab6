/** The page of benchmarks: what was measured is told anew, what people wrote stays. */
import { expect, test } from 'vitest';
import { benchmarkPage, MARK, type Told } from './report.ts';

const machine = { date: '2026-11-29', cores: 2, model: 'a processor', node: '24.0.0', mongod: '6.0.5' };
const result = {
  bench: 'import',
  value: 91_070,
  unit: 'rows/s',
  ceiling: 172_103,
  ratio: 0.529,
  readerMb: 280.4,
  csvRatio: 0.534,
};
const told = new Map<string, Told>([
  ['import', { what: 'rows', aim: 'ratio 0.5', result }],
  ['growth', { what: 'size', aim: 'flat', result: null }],
]);

test('says what was measured, on what, and what broke off', () => {
  const page = benchmarkPage(told, machine, null);
  expect(page).toContain('| `import` | rows | 91,070 rows/s | 172,103 | 0.529 | ratio 0.5 |');
  expect(page).toContain('| `growth` | size | broke off |  |  | flat |');
  expect(page).toContain('- `import`: readerMb 280.4, csvRatio 0.534\n');
  expect(page).toContain('2026-11-29, 2 cores (a processor), Node 24.0.0, MongoDB 6.0.5.');
  expect(page).toContain('## What is left');
});

test('leaves below the mark what people wrote there, however often it is written', () => {
  const own = `${MARK}\n\n## What is left\n\nHalf of it is the wire.\n`;
  const first = benchmarkPage(told, machine, `old table\n\n${own}`);
  const again = benchmarkPage(new Map(), { ...machine, date: '2026-12-01' }, first);
  expect(first.endsWith(own)).toBe(true);
  expect(again.endsWith(own)).toBe(true);
  expect(again).not.toContain('old table');
  expect(again).not.toContain('2026-11-29');
});
