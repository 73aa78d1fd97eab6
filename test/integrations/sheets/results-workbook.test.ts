import { execFileSync, spawnSync } from 'node:child_process';
import { mkdtemp, rm } from 'node:fs/promises';
import { tmpdir } from 'node:os';
import { join } from 'node:path';
import { text } from 'node:stream/consumers';
import ExcelJS from 'exceljs';
import { afterAll, beforeAll, describe, expect, test } from 'vitest';
import { openPromise } from 'yauzl';
import { workbookSink } from '../../../integrations/sheets/results-workbook.ts';
import type { ResultRow, ResultSheet } from '../../../src/results/sink.ts';
import { DANGEROUS_TEXTS, describeSink, resultSheet, type SeenCell, type SeenResults } from '../../contract/sink.ts';

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

/** ECMA-376 22.9.2.19, which exceljs decodes in some places only. */
const decodeX = (seen: string) =>
  seen.replace(/_x([0-9A-Fa-f]{4})_/g, (_, hex) => String.fromCharCode(Number.parseInt(hex, 16)));

function seenCell(value: ExcelJS.CellValue): SeenCell {
  if (value === null || value === undefined) return null;
  if (typeof value === 'string') return decodeX(value);
  if (typeof value !== 'object' || value instanceof Date) return value;
  if ('richText' in value) return value.richText.map((run) => run.text).join('');
  throw new Error(`a cell holds ${JSON.stringify(value)}`);
}

function seenRows(sheet: ExcelJS.Worksheet): SeenCell[][] {
  const rows: SeenCell[][] = [];
  sheet.eachRow({ includeEmpty: true }, (row) => {
    const cells = Array.from({ length: row.cellCount }, (_, index) => seenCell(row.getCell(index + 1).value));
    rows.push(cells.slice(0, cells.findLastIndex((cell) => cell !== null) + 1));
  });
  return rows;
}

async function partsOf(path: string): Promise<Map<string, string>> {
  const zip = await openPromise(path, { autoClose: false });
  const parts = new Map<string, string>();
  for await (const entry of zip.eachEntry())
    parts.set(entry.fileName, await text(await zip.openReadStreamPromise(entry)));
  zip.close();
  return parts;
}

async function readBack(path: string): Promise<SeenResults> {
  const book = new ExcelJS.Workbook();
  await book.xlsx.readFile(path);
  const [results, excluded] = book.worksheets as [ExcelJS.Worksheet, ExcelJS.Worksheet];
  const [, headings = [], ...rows] = seenRows(results);
  const [excludedHeadings = [], ...excludedRows] = seenRows(excluded);
  const title = Array.from({ length: results.columnCount }, (_, index) => results.getRow(1).getCell(index + 1));
  const spanned = title.filter((cell) => cell.value !== null);
  return {
    title: {
      text: String(seenCell(spanned[0]?.value)),
      from: Number(spanned[0]?.col),
      to: Number(spanned.at(-1)?.col),
    },
    headings,
    rows,
    excludedHeadings,
    excluded: excludedRows,
    formulas: [...(await partsOf(path)).values()].filter((xml) => /<f[\s>/]/.test(xml)).length,
  };
}

describeSink('A workbook', async () => ({ sink: workbookSink(), target: newTarget() }), readBack);

interface PythonSheet {
  readonly name: string;
  readonly cells: readonly { ref: string; type: string; text: string; format: string }[];
  readonly formulas: number;
  readonly merges: readonly string[];
  readonly filters: readonly string[];
  readonly panes: readonly Record<string, string>[];
  readonly widths: readonly number[];
}

const python = spawnSync('python3', ['--version']).status === 0;
const readWithPython = (path: string): readonly PythonSheet[] =>
  JSON.parse(
    execFileSync('python3', [join(import.meta.dirname, 'read-workbook.py'), path], { maxBuffer: 1e9 }).toString(),
  );

const row = (cells: ResultRow['cells'], values: ResultRow['values'] = ['delivered', 1, 2, null]): ResultRow => ({
  key: 'r2',
  number: 2,
  cells,
  values,
});

async function writeToRead(sheet: ResultSheet, options = {}) {
  const target = newTarget();
  expect(await workbookSink(options).write(target, sheet, never)).toMatchObject({ kind: 'written' });
  return { target, sheets: readWithPython(target) };
}

describe.skipIf(!python)('A workbook of results, read by a program that knows nothing of exceljs', () => {
  test('holds every dangerous text as a typed text cell, formatted as text, and no formula', async () => {
    const { sheets } = await writeToRead(resultSheet({ rows: DANGEROUS_TEXTS.map((danger) => row([danger])) }));
    const cells = sheets[0]?.cells.filter((cell) => /^A([3-9]|\d\d)$/.test(cell.ref)) ?? [];
    expect(cells.map((cell) => cell.text)).toEqual(DANGEROUS_TEXTS.map((danger) => danger.replace('\r', '\n')));
    expect(new Set(cells.map((cell) => cell.format))).toEqual(new Set(['@']));
    for (const cell of cells) expect(['str', 'inlineStr']).toContain(cell.type);
    expect(sheets.map((sheet) => sheet.formulas)).toEqual([0, 0]);
  });

  test('keeps text that looks like XML, like an escape, or begins with spaces', async () => {
    const texts = [
      '&lt;b&gt; & <b>',
      '&amp;',
      '_x0041_',
      '_x000D_=1',
      '  two before',
      'two after  ',
      'a\nb',
      '“’”',
      '🎁',
    ];
    const { sheets } = await writeToRead(resultSheet({ rows: texts.map((one) => row([one])) }));
    const seen = sheets[0]?.cells.filter((cell) => /^A([3-9]|\d\d)$/.test(cell.ref)).map((cell) => cell.text);
    expect(seen).toEqual(texts);
  });

  test('drops what XML does not allow and cuts what a cell cannot hold, with a mark', async () => {
    const rows = [
      row(['a\u0000\u0008\u000b\u001fb\ufffe\uffff', 'x\ud800y', '\udc00z']),
      row(['я'.repeat(40_000), `${'a'.repeat(32_765)}🎁🎁`, 'b'.repeat(32_767)]),
      row(['\u0001']),
    ];
    const { sheets } = await writeToRead(resultSheet({ rows }));
    const at = (ref: string) => sheets[0]?.cells.find((cell) => cell.ref === ref)?.text;
    expect([at('A3'), at('B3'), at('C3')]).toEqual(['ab', 'xy', 'z']);
    expect(at('A4')).toBe(`${'я'.repeat(32_766)}…`);
    expect(at('B4')).toBe(`${'a'.repeat(32_765)}…`);
    expect(at('C4')).toBe('b'.repeat(32_767));
    expect(at('A5')).toBeUndefined();
  });

  test('shows numbers with all their digits, costs as money, and times by the clock of the zone', async () => {
    const at = new Date('2026-11-23T07:05:09Z');
    const sheet = {
      ...resultSheet({ rows: [row([380_501_234_567, 79_000_001_234, 0.5], ['ok', 3, 7, at])] }),
      zone: 'Asia/Kamchatka',
    };
    const { sheets } = await writeToRead(sheet);
    const seen = sheets[0]?.cells
      .filter((cell) => cell.ref.endsWith('3'))
      .map(({ text: shown, format }) => [shown, format]);
    expect(seen?.slice(0, 6)).toEqual([
      ['380501234567', '0'],
      ['79000001234', 'General'],
      ['0.5', 'General'],
      ['ok', '@'],
      ['3', '0'],
      ['7', '#,##0.00##'],
    ]);
    const serial = Number(seen?.[6]?.[0]);
    // 25,569 days lie between the calendar's beginning and 1970-01-01.
    expect(new Date(Math.round((serial - 25_569) * 86_400) * 1000).toISOString()).toBe('2026-11-23T19:05:09.000Z');
    expect(seen?.[6]?.[1]).toBe('yyyy-mm-dd hh:mm:ss');
  });

  test('writes numbers and dates that a workbook does not know as text, or not at all', async () => {
    const values = [Number.NaN, Number.POSITIVE_INFINITY, new Date(Number.NaN), new Date('1812-09-07T05:30:00Z')];
    const { sheets } = await writeToRead(resultSheet({ rows: [row([null, null, null], values)] }));
    const seen = sheets[0]?.cells.filter((cell) => cell.ref.endsWith('3')).map((cell) => [cell.ref, cell.text]);
    expect(seen).toEqual([
      ['D3', 'NaN'],
      ['E3', 'Infinity'],
      ['G3', '1812-09-07T05:30:00.000Z'],
    ]);
  });

  test('has a title over the group, frozen headings, a filter over all rows, and columns as wide as they need', async () => {
    const { sheets } = await writeToRead(
      resultSheet({
        headings: ['N', 'Имя', 'Комментарий'],
        rows: [row(['1', 'Константин Константинопольский', 'слово '.repeat(90)]), row(['2', 'Ян', ''])],
        excluded: [{ number: 7, cells: [], reason: 'a duplicate' }],
      }),
    );
    const [results, excluded] = sheets;
    expect(results).toMatchObject({ name: 'Results', merges: ['D1:G1'], filters: ['A2:G4'] });
    expect(results?.panes).toMatchObject([{ ySplit: '2', topLeftCell: 'A3', state: 'frozen' }]);
    expect(excluded).toMatchObject({ name: 'Left out', merges: [], filters: ['A1:E2'] });
    expect(excluded?.panes).toMatchObject([{ ySplit: '1', state: 'frozen' }]);
    const [narrow = 0, name = 0, comment = 0] = results?.widths ?? [];
    expect(narrow).toBe(8);
    expect(name).toBe('Константин Константинопольский'.length + 1);
    expect(comment).toBe(48);
  });

  test('goes on in a further tab where one is full, and loses no row', async () => {
    const rows = Array.from({ length: 450 }, (_, index) => row([`row ${index}`]));
    const { sheets } = await writeToRead(resultSheet({ rows }), { tabRows: 202 });
    expect(sheets.map((sheet) => sheet.name)).toEqual(['Results', 'Results (2)', 'Results (3)', 'Left out']);
    const firsts = sheets.slice(0, 3).flatMap((sheet) => sheet.cells.filter((cell) => /^A\d+$/.test(cell.ref)));
    expect(firsts.map((cell) => cell.text).filter((seen) => seen.startsWith('row'))).toEqual(
      rows.map((one) => one.cells[0]),
    );
    expect(sheets[0]?.filters).toEqual(['A2:G202']);
    expect(sheets[2]?.filters).toEqual(['A2:G52']);
  });

  test.each([
    ['a/b\\c[1]:*?', 'a b c 1', 'a b c 1 (2)'],
    ["'quoted'", 'quoted', 'quoted (2)'],
    ['', '1', '1 (2)'],
    [
      'очень длинное название вкладки с результатами',
      'очень длинное название вкладки',
      'очень длинное название вкла (2)',
    ],
  ])('names the tab %j as Excel allows', async (wished, first, second) => {
    const { sheets } = await writeToRead({ ...resultSheet({}), tab: wished, excludedTab: wished.toUpperCase() });
    expect(sheets[0]?.name).toBe(first);
    expect(sheets[1]?.name.toLowerCase()).toBe(second);
  });

  test('needs neither a group nor headings', async () => {
    const { sheets } = await writeToRead({ ...resultSheet({ headings: [] }), columns: [] });
    expect(sheets.map((sheet) => sheet.filters)).toEqual([[], ['A1:B1']]);
  });
});
