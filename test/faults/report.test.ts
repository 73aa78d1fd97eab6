/** What a run of the matrix says of its rows. */
import { describe, expect, test } from 'vitest';
import type { Verdict } from './checker.ts';
import { faultsIn, headLine, lineOf, pageOf, type RowResult, summaryOf, tableOf } from './report.ts';

const clean: Verdict = { sent: 10, dup: 0, lost: 0, falseSent: 0, wrong: 0, stuck: 0, unknown: 2, examples: [] };
const row = { number: 4, name: 'worker frozen' };

const run = (verdict: Partial<Verdict> = {}, more: object = {}): RowResult => ({
  row,
  seed: 1,
  seconds: 12.34,
  kind: 'run',
  finding: { verdict: { ...clean, ...verdict }, unknownAtMost: 2, ...more },
});
const skipped: RowResult = {
  row: { number: 33, name: 'memory' },
  seed: 1,
  seconds: 0,
  kind: 'skipped',
  why: 'no cgroup',
};
const broke: RowResult = { row: { number: 5, name: 'blocked' }, seed: 1, seconds: 1, kind: 'broke', why: 'no primary' };

describe('a row', () => {
  test('holds when nothing happened that must not, and no more is unknown than its windows', () => {
    expect(faultsIn(run())).toEqual([]);
    expect(lineOf(run())).toMatch(/^ {2}4 .* 10 .* 2 +12\.3 {2}ok$/);
  });

  test.each<[string, RowResult, string]>([
    ['somebody was sent to twice', run({ dup: 1, examples: ['dup: 7: 2 copies, accepted'] }), 'dup: 7: 2 copies'],
    ['more is unknown', run({ unknown: 3 }), '3 unknown, at most 2'],
    ['what it asks for beside is not so', run({}, { broken: ['a worker died'] }), 'a worker died'],
    ['it broke off', broke, 'the row broke off: no primary'],
  ])('does not hold when %s', (_what, result, says) => {
    expect(faultsIn(result).join('\n')).toContain(says);
  });

  test('that does not hold says why beneath', () => {
    expect(lineOf(run({ unknown: 3 }))).toMatch(/NOT OK\n +3 unknown, at most 2$/);
    expect(lineOf(skipped)).toContain('skipped: no cgroup');
    expect(headLine()).toContain('falseSent');
  });
});

test('the summary counts rows once, whatever their seeds', () => {
  expect(summaryOf([run(), { ...run({ dup: 2 }), seed: 2 }, skipped, broke])).toEqual({
    rows: 2,
    dup: 2,
    lost: 0,
    falseSent: 0,
    wrong: 0,
    stuck: 0,
    unknown: 4,
    skipped: 1,
    notOk: 2,
  });
});

describe('the page', () => {
  test('has a line for each row, with its seeds together', () => {
    const table = tableOf([run(), { ...run(), seed: 2, seconds: 20 }, skipped, broke]).split('\n');
    expect(table.slice(2)).toEqual([
      '| 4 | worker frozen | 2 | 20 | 0 | 0 | 0 | 0 | 0 | 4 | 20.0 | yes |',
      '| 5 | blocked | 0 |  |  |  |  |  |  |  |  | **broke off** |',
      '| 33 | memory | 0 |  |  |  |  |  |  |  |  | skipped: no cgroup |',
    ]);
  });

  test('keeps the lines of rows that were not played', () => {
    const about = { at: new Date('2026-11-23T00:00:00Z'), cores: 2 };
    const first = pageOf([run(), skipped], { ...about, earlier: '' });
    const second = pageOf([{ ...run({ unknown: 3 }) }], { ...about, earlier: first });
    expect(second).toContain('| 33 | memory |');
    expect(second).toContain('| 3 | 12.3 | **no** |');
    expect(second.match(/^\| 4 \|/gm)).toHaveLength(1);
  });
});
