import { execFile } from 'node:child_process';
import { existsSync, linkSync, mkdirSync, renameSync, symlinkSync, writeFileSync } from 'node:fs';
import { join } from 'node:path';
import { promisify } from 'node:util';
import { describe, expect, test } from 'vitest';
import { fileSource } from '../../../integrations/sheets/file-source.ts';
import { childFlags, ReaderProcess } from '../../../integrations/sheets/reader-process.ts';
import type { ReadRequest } from '../../../integrations/sheets/wire.ts';
import { type AudienceSource, rowsIn, SourceBroken } from '../../../src/audiences/source.ts';
import { type HeldTable, sourceContract } from '../../contract/source.ts';
import { readingProcesses } from '../../support/reading-processes.ts';
import { madeFolder, makeWorkbook, makeZip, packageOf, sheetXml } from './made-files.ts';

const run = promisify(execFile);
const FILE_SOURCE = import.meta.resolve('../../../integrations/sheets/file-source.ts');
const READING_PROCESSES = import.meta.resolve('../../support/reading-processes.ts');
const never = new AbortController().signal;
const file = madeFolder();

/** Put in place whole, as programs save: a reader that has the old file open goes on with it. */
async function saveWorkbook(name: string, tables: readonly HeldTable[]): Promise<string> {
  await makeWorkbook(file(`${name}.new.xlsx`), (workbook) => {
    for (const table of tables) {
      const sheet = workbook.addWorksheet(table.name, { state: table.hidden ? 'hidden' : 'visible' });
      for (const row of table.rows) sheet.addRow(row);
      for (const number of table.hiddenRows ?? []) sheet.getRow(number).hidden = true;
      if (table.filtered) sheet.autoFilter = 'A1:C1';
    }
  });
  renameSync(file(`${name}.new.xlsx`), file(`${name}.xlsx`));
  return file(`${name}.xlsx`);
}

async function saveCsv(name: string, tables: readonly HeldTable[]): Promise<string> {
  const lines = tables[0]!.rows.map((row) => row.map((cell) => cell ?? '').join(';'));
  writeFileSync(file(`${name}.csv`), lines.join('\r\n'));
  return file(`${name}.csv`);
}

describe('workbooks', () => {
  sourceContract(() => ({
    source: fileSource({ language: 'ru' }),
    hold: saveWorkbook,
    without: {},
    missing: file('nowhere.xlsx'),
  }));
});

describe('tables of text', () => {
  sourceContract(() => ({
    source: fileSource(),
    hold: saveCsv,
    onlyTable: '',
    without: { tabs: 'a file of text is one table', hidden: 'nothing hides in text', numbers: 'all is text' },
    missing: file('nowhere.csv'),
  }));
});

describe('a file', () => {
  test.each(['people.xlsx', '/srv/people.CSV', 'a b.tsv', 'list.txt', 'macro.xlsm', 'old.xls', 'C:\\people.xlsx'])(
    'called %s is claimed',
    (ref) => {
      expect(fileSource().claims(ref)).toBe(true);
    },
  );

  test.each(['people', 'photo.png', 'https://example.com/people.xlsx', 'people.xlsx.exe', ''])(
    'called "%s" is not',
    (ref) => {
      expect(fileSource().claims(ref)).toBe(false);
    },
  );

  test('outside the folders that may be read is refused, by a link too', async () => {
    const inside = file('inside');
    mkdirSync(inside);
    const outside = await saveCsv('outside', [{ name: '', rows: [['+79161234567']] }]);
    symlinkSync(outside, join(inside, 'link.csv'));
    linkSync(outside, join(inside, 'own.csv'));
    const source = fileSource({ within: [inside] });
    const code = async (ref: string) => {
      const inspection = await source.inspect(ref, never);
      return inspection.kind === 'refused' ? inspection.problem.code : 'read';
    };
    expect(await code(outside)).toBe('not-permitted');
    expect(await code(join(inside, 'link.csv'))).toBe('not-permitted');
    expect(await code(join(inside, '..', 'outside.csv'))).toBe('not-permitted');
    expect(await code(join(inside, 'own.csv'))).toBe('read');
    expect(await code(join(inside, 'none.csv'))).toBe('not-found');
    expect(await source.open(outside, '', never)).toMatchObject({ problem: { code: 'not-permitted' } });
  });

  test('that is not there is told of without a process that looks', async () => {
    const tooSlowForAny = fileSource({ reader: { seconds: 0.001 } });
    const none = file('none.csv');
    expect(await tooSlowForAny.inspect(none, never)).toEqual({
      kind: 'refused',
      problem: { code: 'not-found', ref: none },
    });
  });

  test('is read through a link where every folder may be read', async () => {
    const people = await saveCsv('linked', [{ name: '', rows: [['+79161234567']] }]);
    symlinkSync(people, file('link.csv'));
    expect(await fileSource().inspect(file('link.csv'), never)).toMatchObject({ kind: 'tables' });
  });

  test('that is a folder is refused as one', async () => {
    mkdirSync(file('folder.csv'));
    const inspection = await fileSource().inspect(file('folder.csv'), never);
    expect(inspection).toEqual({ kind: 'refused', problem: { code: 'wrong-type', found: 'folder' } });
  });

  test('below what is no folder is not found', async () => {
    const inspection = await fileSource().inspect(
      join(await saveCsv('x', [{ name: '', rows: [['1']] }]), 'y.csv'),
      never,
    );
    expect(inspection).toMatchObject({ problem: { code: 'not-found' } });
  });
});

describe('the reading process', () => {
  /** Of the files that these tests read; what waits after the tests above is not counted. */
  const readers = () => readingProcesses('many');
  const allGone = () => expect.poll(readers).toEqual([]);
  const manyRows = () =>
    saveCsv('many', [{ name: '', rows: Array.from({ length: 20_000 }, (_, i) => [`Person ${i}`, 'x'.repeat(50)]) }]);

  const openMany = async (source: AudienceSource, signal = never) => {
    const opening = await source.open(await manyRows(), '', signal);
    if (opening.kind !== 'open') throw new Error('refused');
    return opening.audience;
  };

  test('is gone after an early leave, an abort and the last row, and some time after a look and an opening', async () => {
    const source = fileSource({ reader: { idleMs: 50 } });
    await source.inspect(await manyRows(), never);
    await allGone();
    const abort = new AbortController();
    const audience = await openMany(source, abort.signal);
    await allGone();
    for await (const _ of rowsIn(audience)) break;
    expect(readers()).toEqual([]);
    for await (const _ of rowsIn(audience));
    expect(readers()).toEqual([]);
    await expect(async () => {
      for await (const _ of rowsIn(audience)) abort.abort();
    }).rejects.toThrow(/abort/i);
    expect(readers()).toEqual([]);
  });

  test('that has looked at a file opens it and reads it too', async () => {
    const source = fileSource();
    await source.inspect(await manyRows(), never);
    const looked = readers();
    expect(looked).toHaveLength(1);
    const audience = await openMany(source);
    for await (const _ of rowsIn(audience)) {
      expect(readers()).toEqual(looked);
      break;
    }
    await allGone();
  });

  test('that died while it waited is not asked', async () => {
    const source = fileSource();
    await source.inspect(await manyRows(), never);
    process.kill(Number(readers()[0]), 'SIGKILL');
    await allGone();
    await new Promise((resolve) => setTimeout(resolve, 100)); // until Node has heard of it too
    expect(await Array.fromAsync(rowsIn(await openMany(source)))).toHaveLength(20_000);
  });

  test('waits beside few others, and for one file once', async () => {
    const source = fileSource({ reader: { atMost: 2, idleMs: 2000 } });
    const files = await Promise.all(
      ['many-1', 'many-2', 'many-3'].map((name) => saveCsv(name, [{ name: '', rows: [['x', 'y']] }])),
    );
    for (const one of files) await source.inspect(one, never);
    await expect.poll(readers).toHaveLength(2);
    await Promise.all(files.slice(1).flatMap((one) => [source.inspect(one, never), source.inspect(one, never)]));
    await expect.poll(readers).toHaveLength(2);
    await allGone();
  });

  test('that waits keeps nobody from ending, and ends with whom it waits for', async () => {
    const look = `
      const { fileSource } = await import(${JSON.stringify(FILE_SOURCE)});
      const source = fileSource({ reader: { idleMs: 600000 } });
      console.log((await source.inspect(${JSON.stringify(await manyRows())}, new AbortController().signal)).kind);
      const { readingProcesses } = await import(${JSON.stringify(READING_PROCESSES)});
      console.log(readingProcesses().join());`;
    const { stdout } = await run(process.execPath, ['--input-type=module', '-e', look], { timeout: 20_000 });
    const [kind, reader] = stdout.trim().split('\n');
    expect(kind).toBe('tables');
    await expect.poll(() => existsSync(`/proc/${reader}/cmdline`)).toBe(false);
  }, 30_000);

  test('waits for a slow reader without counting that against it', async () => {
    const source = fileSource({ reader: { seconds: 3 } });
    const opening = await source.open(await manyRows(), '', never);
    if (opening.kind !== 'open') throw new Error('refused');
    let rows = 0;
    for await (const _ of rowsIn(opening.audience)) {
      if (++rows === 1) await new Promise((resolve) => setTimeout(resolve, 3200));
    }
    expect(rows).toBe(20_000);
  });

  test('is stopped when it takes too long', async () => {
    const source = fileSource({ reader: { seconds: 0.01 } });
    const problem = { code: 'timed-out', seconds: 0.01 };
    expect(await source.inspect(await manyRows(), never)).toEqual({ kind: 'refused', problem });
    await allGone();
  });

  test('dies alone when a file fills its memory', async () => {
    const parts = packageOf(sheetXml('<row r="1"><c r="A1" t="s"><v>0</v></c></row>'), {
      'xl/sharedStrings.xml': `<sst><si><t>${'x'.repeat(40_000_000)}</t></si></sst>`,
    });
    const ref = await makeZip(file('memory.xlsx'), parts);
    const source = fileSource({ reader: { heapMb: 24 }, limits: { ratio: 2000 } });
    const inspection = await source.inspect(ref, never);
    expect(inspection).toMatchObject({ problem: { code: 'too-large', what: 'unpacked' } });
  }, 30_000);

  test('tells of a bad end of a file where the reading comes to it', async () => {
    const rows = Array.from({ length: 2000 }, (_, i) => `<row r="${i + 1}"><c r="A${i + 1}"><v>${i}</v></c></row>`);
    const parts = packageOf(sheetXml(`${rows.join('')}<row r="2001"><c r="A2001" t="s"><v>7</v></c></row>`));
    const opening = await fileSource().open(await makeZip(file('bad-end.xlsx'), parts), 'Data', never);
    if (opening.kind !== 'open') throw new Error('refused');
    let seen = 0;
    const reading = async () => {
      for await (const _ of rowsIn(opening.audience)) seen++;
    };
    await expect(reading()).rejects.toThrow(SourceBroken);
    expect(seen).toBeGreaterThan(1000);
  });

  test('may read the file, and not another, nor write, start processes, or see the environment', async () => {
    for (const name of ['asked.csv', 'other.csv']) writeFileSync(file(name), '');
    const { stdout } = await run(process.execPath, [...childFlags(file('asked.csv')), '-e', DEEDS], {
      env: {},
      cwd: file(''),
    });
    const denied = 'ERR_ACCESS_DENIED';
    expect(JSON.parse(stdout)).toEqual({ read: 'done', snoop: denied, write: denied, start: denied, env: 0 });
  });

  test('that fails for a fault of ours is a failure, not a refusal', async () => {
    const wrong = { verb: 'inspect', path: file('asked.csv') } as unknown as ReadRequest;
    const reader = new ReaderProcess(file('asked.csv'), { heapMb: 64, seconds: 20 });
    const failure = await Array.fromAsync(reader.ask(wrong, never)).catch((e) => e);
    expect(failure.message).toBe('the reading process ended by 1');
    expect(failure.cause).toMatch(/limits|undefined/);
  });
});

/** Tries what a reader that a file has taken over would try. */
const DEEDS = `
  const attempt = (deed) => { try { deed(); return 'done'; } catch (failure) { return failure.code; } };
  console.log(JSON.stringify({
    read: attempt(() => require('fs').readFileSync('asked.csv')),
    snoop: attempt(() => require('fs').readFileSync('other.csv')),
    write: attempt(() => require('fs').writeFileSync('stolen', '')),
    start: attempt(() => require('child_process').spawnSync('true')),
    env: Object.keys(process.env).length,
  }));`;
