import { mkdtempSync, rmSync, writeFileSync } from 'node:fs';
import { tmpdir } from 'node:os';
import { join } from 'node:path';
import { afterAll, beforeAll, describe, expect, test } from 'vitest';
import { joined, readOptions, withPaths } from '../../../bots/console/line.ts';

test.each([
  [['--as', 'anna', 'list'], { as: 'anna', json: false, words: ['list'] }],
  [['--json', '--as=anna', 'show', '12'], { as: 'anna', json: true, words: ['show', '12'] }],
  [['show', '--as', 'anna'], { as: null, json: false, words: ['show', '--as', 'anna'] }],
  [['--as'], { as: null, json: false, words: [] }],
  [[], { as: null, json: false, words: [] }],
])('%j is read as options and a command', (argv, options) => {
  expect(readOptions(argv)).toEqual(options);
});

test.each([
  [['new people.csv text="Hello you"'], 'new people.csv text="Hello you"'],
  [['new', 'people.csv', 'text=Hello you'], 'new people.csv text="Hello you"'],
  [['new', 'my people.csv', 'text=a "b" c'], 'new "my people.csv" text="a \\"b\\" c"'],
  [['show', '12'], 'show 12'],
])('the words %j are the line %j', (words, line) => {
  expect(joined(words)).toBe(line);
});

describe('a path', () => {
  let folder: string;
  beforeAll(() => {
    folder = mkdtempSync(join(tmpdir(), 'herald-line-'));
    for (const name of ['people.csv', 'my people.xlsx']) writeFileSync(join(folder, name), '');
  });
  afterAll(() => rmSync(folder, { recursive: true, force: true }));

  test.each([
    ['new people.csv text="Hello"', 'new "{folder}/people.csv" text="Hello"'],
    ['новая «my people.xlsx» текст=«Привет»', 'новая "{folder}/my people.xlsx" текст=«Привет»'],
    ['new source=people.csv text=Hello', 'new source="{folder}/people.csv" text=Hello'],
    ['edit 12 source="my people.xlsx"', 'edit 12 source="{folder}/my people.xlsx"'],
    ['check missing.csv', 'check "{folder}/missing.csv"'],
    ['people.csv', '{folder}/people.csv'],
    ['"my people.xlsx"', '{folder}/my people.xlsx'],
    ['new https://example.com/people.csv', 'new https://example.com/people.csv'],
    ['new', 'new'],
    ['new text="Hello people.csv"', 'new text="Hello people.csv"'],
    ['new people.csv text="unfinished', 'new people.csv text="unfinished'],
    ['reject 12 people.csv is old', 'reject 12 people.csv is old'],
    ['Hello people.csv', 'Hello people.csv'],
  ])('in %j is made whole, where it is one', (line, whole) => {
    expect(withPaths(line, folder)).toBe(whole.replace('{folder}', folder));
  });
});
