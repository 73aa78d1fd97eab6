/** The rules of approval as an admin writes them. */
import { mkdtempSync, rmSync, writeFileSync } from 'node:fs';
import { tmpdir } from 'node:os';
import { join } from 'node:path';
import { afterAll, expect, test } from 'vitest';
import { readRules } from '../../src/campaigns/rules-file.ts';

const folder = mkdtempSync(join(tmpdir(), 'herald-rules-'));
afterAll(() => rmSync(folder, { recursive: true }));
const written = (content: string): string => {
  const path = join(folder, 'rules.json');
  writeFileSync(path, content);
  return path;
};

test('without a file there are no rules', () => expect(readRules(null)).toEqual([]));

test('costs are written in whole units', () => {
  const file = written('[{"aboveCost": 5000, "needed": 2}, {"class": "service", "approvers": ["olga"]}]');
  expect(readRules(file)).toEqual([
    { aboveCost: 5_000_000_000, needed: 2 },
    { class: 'service', approvers: ['olga'], needed: 1 },
  ]);
});

test.each([
  ['{', /rules\.json cannot be read/],
  ['{}', /cannot be used/],
  ['[{"class": "spam"}]', /0\.class/],
  ['[{"abovepeople": 1}]', /abovepeople/],
  ['[{}, {"needed": 0}]', /1\.needed/],
  ['[{"approvers": []}]', /0\.approvers/],
  ['[{"approvers": ["olga"], "needed": 2}]', /0\.needed: more approvals/],
])('%s stops the start', (content, problem) => {
  expect(() => readRules(written(content))).toThrow(problem);
});
