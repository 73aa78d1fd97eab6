import { spawnSync } from 'node:child_process';
import { chmod, mkdir, mkdtemp, readdir, readFile, rm, stat, writeFile } from 'node:fs/promises';
import { tmpdir } from 'node:os';
import { join } from 'node:path';
import ExcelJS from 'exceljs';
import { afterAll, beforeAll, describe, expect, test } from 'vitest';
import { workbookSink } from '../../../integrations/sheets/results-workbook.ts';
import { problemOf } from '../../../integrations/sheets/whole-file.ts';
import type { ResultRow, ResultSheet } from '../../../src/results/sink.ts';
import { resultSheet } from '../../contract/sink.ts';

let folder: string;
let made = 0;
beforeAll(async () => {
  folder = await mkdtemp(join(tmpdir(), 'herald-results-'));
});
afterAll(() => rm(folder, { recursive: true, force: true }));

function newTarget(): string {
  made += 1;
  return join(folder, `results-${made}.xlsx`);
}

const never = new AbortController().signal;

const row = (cells: ResultRow['cells']): ResultRow => ({
  key: 'r2',
  number: 2,
  cells,
  values: ['delivered', 1, 2, null],
});

describe('A workbook of results on the disk', () => {
  const sheet = resultSheet({ rows: [row(['1'])] });
  const write = (target: string, what = sheet) => workbookSink().write(target, what, never);

  test('is never half there: what fails leaves no file behind', async () => {
    const own = await mkdtemp(join(folder, 'clean-'));
    const broken = {
      ...sheet,
      async *rows() {
        yield row(['1']);
        throw new Error('gone');
      },
    };
    await expect(write(join(own, 'a.xlsx'), broken)).rejects.toThrow('gone');
    expect(await readdir(own)).toEqual([]);
    await write(join(own, 'a.xlsx'));
    expect(await readdir(own)).toEqual(['a.xlsx']);
  });

  test.each([
    ['the folder is not there', 'no-folder', 'missing/a.xlsx'],
    ['the folder is a file', 'no-folder', 'file/a.xlsx'],
    ['a folder has its name', 'is-a-folder', 'taken.xlsx'],
    ['the name is too long', 'bad-name', `${'n'.repeat(300)}.xlsx`],
    ['it is no .xlsx', 'wrong-type', 'a.xls'],
    ['Excel has it open', 'opened-elsewhere', 'excel.xlsx'],
    ['LibreOffice has it open', 'opened-elsewhere', 'libre.xlsx'],
    ["it is a person's own workbook", 'not-ours', 'own.xlsx'],
    ['it is something else altogether', 'not-ours', 'else.xlsx'],
  ])('is refused with a reason when %s', async (_, why, name) => {
    const own = await mkdtemp(join(folder, 'refused-'));
    await mkdir(join(own, 'taken.xlsx'));
    for (const file of ['file', '~$excel.xlsx', '.~lock.libre.xlsx#', 'else.xlsx'])
      await writeFile(join(own, file), 'x');
    const person = new ExcelJS.Workbook();
    person.creator = 'A. Manager';
    person.addWorksheet('Customers').addRow(['+79000001234']);
    await person.xlsx.writeFile(join(own, 'own.xlsx'));
    const before = await readFile(join(own, 'own.xlsx'));
    const files = await readdir(own);

    expect(await write(join(own, name))).toEqual({ kind: 'failed', why });
    expect(await readdir(own)).toEqual(files);
    expect(await readFile(join(own, 'own.xlsx'))).toEqual(before);
  });

  test('is refused when the folder may not be written to', async () => {
    const own = await mkdtemp(join(folder, 'closed-'));
    await chmod(own, 0o555);
    await chmod(folder, 0o755);
    const isRoot = process.geteuid?.() === 0;
    try {
      // Nothing is closed to root.
      if (isRoot) process.seteuid?.(65_534);
      expect(await write(join(own, 'a.xlsx'))).toEqual({ kind: 'failed', why: 'not-writable' });
    } finally {
      if (isRoot) process.seteuid?.(0);
    }
  });

  test.skipIf(process.platform === 'win32')('is refused, and what was there stays, when the disk is full', async () => {
    const target = newTarget();
    await write(target);
    const before = await readFile(target);
    const sink = join(import.meta.dirname, '../../../integrations/sheets/results-workbook.ts');
    const program = `
      import { workbookSink } from ${JSON.stringify(sink)};
      const rows = async function* () { for (let i = 0; i < 60000; i += 1) yield { number: i, cells: [\`\${i * 7919 % 65537}\`], values: [] }; };
      const sheet = { group: '', tab: 'R', excludedTab: 'X', headings: ['A'], columns: [], excludedColumns: ['n', 'why'], rows, excluded: async function* () {} };
      console.log(JSON.stringify(await workbookSink().write(${JSON.stringify(target)}, sheet, new AbortController().signal)));`;
    // A limit on the size of files, met in mid-file as a full disk is. The signal that comes with it would end the process.
    const child = spawnSync('sh', [
      '-c',
      'trap "" XFSZ; ulimit -f 100; exec "$0" --input-type=module-typescript -e "$1"',
      process.execPath,
      program,
    ]);
    expect(JSON.parse(child.stdout.toString() || JSON.stringify(child.stderr.toString()))).toEqual({
      kind: 'failed',
      why: 'no-space',
    });
    expect(await readFile(target)).toEqual(before);
    expect((await readdir(folder)).filter((name) => name.endsWith('.part'))).toEqual([]);
  });

  test('does not pile rows up in memory before a disk that is slower than they come', async () => {
    const own = await mkdtemp(join(folder, 'slow-'));
    const target = join(own, 'a.xlsx');
    let onDisk = 0;
    const many: ResultSheet = {
      ...resultSheet({ headings: ['A', 'B', 'C'] }),
      async *rows() {
        for (let index = 0; index < 60_000; index += 1) {
          const letters = ((index * 7919 * 104_729) % 1e9).toString(36);
          yield row([`+7900000${index}`, letters.repeat(4), index]);
        }
        const [part = ''] = await readdir(own);
        onDisk = (await stat(join(own, part))).size;
      },
    };
    expect(await write(target, many)).toMatchObject({ kind: 'written', rows: 60_000 });
    // All but the last megabyte is through the zip when the last row is taken; without a look at the pipe it is half.
    expect(onDisk / (await stat(target)).size).toBeGreaterThan(0.9);
  });

  test('throws for a zone that is none, as that is a bug', async () => {
    await expect(write(newTarget(), { ...sheet, zone: 'Mars/Olympus' })).rejects.toThrow('Mars/Olympus');
  });
});

describe('An error of the file system', () => {
  const failure = (code: string) => Object.assign(new Error(code), { code });

  test.each([
    ['ENOTDIR', 'no-folder'],
    ['EROFS', 'not-writable'],
    ['EBUSY', 'opened-elsewhere'],
    ['ENOSPC', 'no-space'],
    ['EDQUOT', 'no-space'],
    ['EISDIR', 'is-a-folder'],
    ['EIO', null],
  ])('%s is told as %s', (code, problem) => {
    expect(problemOf(failure(code))).toBe(problem);
  });

  test('is told from a bug', () => {
    expect(problemOf(new TypeError('undefined is not a function'))).toBeNull();
  });
});
