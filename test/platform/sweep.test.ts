/** Old files of Herald's own are taken away, and no others. */
import { mkdirSync, mkdtempSync, readdirSync, rmSync, utimesSync, writeFileSync } from 'node:fs';
import { tmpdir } from 'node:os';
import { join } from 'node:path';
import { afterEach, beforeEach, expect, test } from 'vitest';
import { sweep } from '../../src/platform/sweep.ts';

const NOW = new Date('2026-11-23T12:00:00Z');
let folder: string;
beforeEach(() => {
  folder = mkdtempSync(join(tmpdir(), 'herald-sweep-'));
});
afterEach(() => rmSync(folder, { recursive: true }));

function file(name: string, ageMs: number): void {
  const at = new Date(NOW.getTime() - ageMs);
  writeFileSync(join(folder, name), 'x');
  utimesSync(join(folder, name), at, at);
}

test('files that are older than they may be go, younger ones and folders stay', async () => {
  file('old', 2000);
  file('at the limit', 1000);
  file('young', 0);
  mkdirSync(join(folder, 'folder'));
  expect(await sweep({ folder, olderThanMs: 1000 }, new Date(NOW.getTime()))).toBe(1);
  expect(readdirSync(folder).sort()).toEqual(['at the limit', 'folder', 'young']);
});

test('only files of these names', async () => {
  file('drive-1.xlsx', 2000);
  file('upload.xlsx', 2000);
  expect(await sweep({ folder, named: /^drive-/, olderThanMs: 1000 }, NOW)).toBe(1);
  expect(readdirSync(folder)).toEqual(['upload.xlsx']);
});

test('a folder that there is not yet has nothing to sweep; one that is none is told', async () => {
  expect(await sweep({ folder: join(folder, 'none'), olderThanMs: 0 }, NOW)).toBe(0);
  file('plain', 0);
  await expect(sweep({ folder: join(folder, 'plain'), olderThanMs: 0 }, NOW)).rejects.toThrow('ENOTDIR');
});
