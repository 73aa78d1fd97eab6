import { existsSync, mkdirSync, mkdtempSync, readFileSync, rmSync, writeFileSync } from 'node:fs';
import { tmpdir } from 'node:os';
import { dirname, join } from 'node:path';
import { afterEach, beforeEach, expect, test, vi } from 'vitest';
import { build, ignoredBy, instructions } from '../../scripts/dockerfile.ts';

let folder: string;
beforeEach(() => {
  folder = mkdtempSync(join(tmpdir(), 'herald-dockerfile-'));
  vi.spyOn(console, 'log').mockReturnValue();
});
afterEach(() => {
  vi.restoreAllMocks();
  rmSync(folder, { recursive: true, force: true });
});

function put(path: string, content: string): string {
  const file = join(folder, path);
  mkdirSync(dirname(file), { recursive: true });
  writeFileSync(file, content);
  return file;
}

test('lines joined by a backslash are one instruction, and comments are none', () => {
  const read = instructions('# about\nFROM node:24 AS a\n\nRUN one && \\\n    two # three\nCMD ["x"]\n');
  expect(read).toEqual([
    { word: 'FROM', rest: 'node:24 AS a' },
    { word: 'RUN', rest: 'one && two # three' },
    { word: 'CMD', rest: '["x"]' },
  ]);
});

test('the last pattern that matches a path or a folder above it decides whether it is ignored', () => {
  const ignored = ignoredBy(put('.dockerignore', '**\n!src\n**/*.test.ts\n'));
  expect(ignored('secret.env')).toBe(true);
  expect(ignored('src/deep/main.ts')).toBe(false);
  expect(ignored('src/deep/main.test.ts')).toBe(true);
  expect(ignoredBy(join(folder, 'absent'))('anything')).toBe(false);
});

test('stages, copies and runs come to an image of what they say', () => {
  put('context/.dockerignore', 'src/secret\n');
  put('context/src/main.ts', 'main');
  put('context/src/secret', 'secret');
  put('context/notes.md', 'notes');
  put(
    'context/Dockerfile',
    'FROM base AS first\nWORKDIR /made\nRUN echo "$SAID" > result && chown nobody result\nFROM node:24-slim\nENV MODE=production\n' +
      'WORKDIR /app\nCOPY --from=first /made/result ./\nCOPY src ./src\nCOPY notes.md ./\nUSER node\nEXPOSE 80\n' +
      'HEALTHCHECK --interval=1s CMD ["check"]\nCMD ["node", "src/main.ts"]\n',
  );
  const image = build(join(folder, 'context'), join(folder, 'built'));
  expect(image).toMatchObject({
    base: 'node:24-slim',
    workdir: '/app',
    user: 'node',
    env: { MODE: 'production' },
    command: ['node', 'src/main.ts'],
    healthcheck: ['check'],
  });
  expect(readFileSync(join(image.root, 'app/src/main.ts'), 'utf8')).toBe('main');
  expect(existsSync(join(image.root, 'app/result'))).toBe(true);
  expect(existsSync(join(image.root, 'app/notes.md'))).toBe(true);
  expect(existsSync(join(image.root, 'app/src/secret'))).toBe(false);
});

test.each([
  ['an instruction it does not know', 'FROM a\nADD x y\n', /ADD/],
  ['a run that fails', 'FROM a\nRUN exit 3\n', /ended with 3/],
  ['a copy of what is not there', 'FROM a\nCOPY absent ./\n', /finds no absent/],
  ['a copy of what is ignored', 'FROM a\nCOPY .dockerignore ./\n', /finds no \.dockerignore/],
  ['a stage that is not there', 'FROM a\nCOPY --from=b x ./\n', /no stage b/],
  ['a step before the first stage', 'WORKDIR /app\n', /before FROM/],
  ['nothing at all', '', /no FROM/],
])('%s is refused', (_what, dockerfile, complaint) => {
  put('context/.dockerignore', '.dockerignore\n');
  put('context/Dockerfile', dockerfile);
  expect(() => build(join(folder, 'context'), join(folder, 'built'))).toThrow(complaint);
});

test('the image gives Node the flags and the memory that `npm start` gives it', () => {
  const root = join(import.meta.dirname, '../..');
  const told = instructions(readFileSync(join(root, 'Dockerfile'), 'utf8'));
  const run = readFileSync(join(root, 'scripts/run.mjs'), 'utf8');
  const flags = [...run.matchAll(/'(--[a-z-]+=\d+)'/g)].map(([, flag]) => flag);
  const memory = [...run.matchAll(/(MALLOC_\w+): '(\d+)'/g)].map(([, name, value]) => `${name}=${value}`);
  expect([flags.length, memory.length]).toEqual([2, 2]);
  expect(JSON.parse(told.at(-1)!.rest)).toEqual(['node', ...flags, 'src/main.ts']);
  expect(told.filter(({ word }) => word === 'ENV').map(({ rest }) => rest)).toEqual(expect.arrayContaining(memory));
});
