/**
 * Writes what a campaign did into a new workbook beside the user's: the user's columns, then a group of this campaign's,
 * and a tab of the rows left out. The user's own workbook is never touched, and nobody's text becomes a formula.
 */
import { randomUUID } from 'node:crypto';
import type { WriteStream } from 'node:fs';
import { stat } from 'node:fs/promises';
import { extname } from 'node:path';
import type { stream } from 'exceljs';
import type { ResultRow, ResultSheet, ResultSink } from '../../src/results/sink.ts';
import { TargetTrouble, writeWhole } from './whole-file.ts';
import { cellOf, clockOf, TAB_ROWS, tabNames, textCell, type WrittenCell } from './workbook-cells.ts';
import { AUTHOR, isByHerald } from './workbook-mark.ts';
import { type TabPlan, writeTab } from './workbook-tab.ts';

export interface WorkbookSinkOptions {
  /** Unique ids for temporary files. */
  readonly ids?: () => string;
  /** Rows that one tab takes, headings included; a longer table goes on in further tabs. */
  readonly tabRows?: number;
  readonly clock?: () => Date;
}

/** A sink whose targets are paths of .xlsx files; `why` of a failure is a `TargetProblem`. */
export function workbookSink(options: WorkbookSinkOptions = {}): ResultSink {
  const { ids = randomUUID, tabRows = TAB_ROWS, clock = () => new Date() } = options;
  return {
    kind: 'workbook',
    claims: (target) => extname(target).toLowerCase() === '.xlsx' && !/^https?:/i.test(target),
    async write(target, sheet, signal) {
      try {
        await refuseStrangers(target);
        const written = { rows: 0, excluded: 0 };
        await writeWhole(target, ids(), signal, async (out, stop) => {
          Object.assign(written, await writeBook(out, sheet, { limit: tabRows, now: clock() }, stop));
        });
        return { kind: 'written', target, ...written };
      } catch (error) {
        if (signal.aborted) return { kind: 'failed', why: 'aborted' };
        if (error instanceof TargetTrouble) return { kind: 'failed', why: error.problem };
        throw error;
      }
    },
  };
}

async function refuseStrangers(target: string): Promise<void> {
  if (extname(target).toLowerCase() !== '.xlsx') throw new TargetTrouble('wrong-type');
  const found = await stat(target).catch(() => null);
  if (found?.isFile() && !(await isByHerald(target))) throw new TargetTrouble('not-ours');
}

interface BookLimits {
  readonly limit: number;
  readonly now: Date;
}

async function writeBook(
  out: WriteStream,
  sheet: ResultSheet,
  { limit, now }: BookLimits,
  signal: AbortSignal,
): Promise<{ rows: number; excluded: number }> {
  // Loaded when results are first written: it is large, and most processes never write any.
  const { default: ExcelJS } = await import('exceljs');
  const book = new ExcelJS.stream.xlsx.WorkbookWriter({ stream: out, useStyles: true, useSharedStrings: false });
  Object.assign(book, { creator: AUTHOR, lastModifiedBy: AUTHOR, created: now, modified: now });
  const zip = zipOf(book);
  const zipFailed = new AbortController();
  zip.on('error', (error) => zipFailed.abort(error));
  const stop = AbortSignal.any([signal, zipFailed.signal]);
  try {
    const nameTab = tabNames();
    const rows = await writeTab(book, resultsPlan(sheet, limit), nameTab, resultCells(sheet), stop);
    const excluded = await writeTab(book, excludedPlan(sheet, limit), nameTab, excludedCells(sheet), stop);
    await unlessStopped(book.commit(), stop);
    return { rows, excluded };
  } catch (error) {
    zip.abort();
    throw error;
  }
}

/** exceljs keeps its zip (archiver) to itself, and listens to its errors only at the end: earlier ones would end the process. */
const zipOf = (book: stream.xlsx.WorkbookWriter) =>
  (book as unknown as { zip: { on(event: 'error', listen: (error: Error) => void): void; abort(): void } }).zip;

/** exceljs' commit waits for ever once the disk has failed. */
function unlessStopped(work: Promise<void>, signal: AbortSignal): Promise<void> {
  return new Promise((resolve, reject) => {
    const stop = () => reject(signal.reason);
    signal.addEventListener('abort', stop, { once: true });
    if (signal.aborted) stop();
    work.then(resolve, reject).finally(() => signal.removeEventListener('abort', stop));
  });
}

/** Two rows of heads: the campaign's title over its group of columns, then all headings. */
function resultsPlan(sheet: ResultSheet, limit: number): TabPlan {
  const own = sheet.headings.length;
  const group = sheet.columns.map((_, index) => textCell(index === 0 ? sheet.group : ''));
  return {
    name: sheet.tab,
    heads: [[...sheet.headings.map(() => textCell('')), ...group], [...sheet.headings, ...sheet.columns].map(textCell)],
    merge: { from: own + 1, to: own + sheet.columns.length },
    limit,
  };
}

const excludedPlan = (sheet: ResultSheet, limit: number): TabPlan => ({
  name: sheet.excludedTab,
  heads: [[...sheet.excludedColumns, ...sheet.headings].map(textCell)],
  limit,
});

async function* resultCells(sheet: ResultSheet): AsyncGenerator<readonly WrittenCell[]> {
  const clock = clockOf(sheet.zone ?? 'UTC');
  for await (const row of sheet.rows()) {
    const values = sheet.columns.map((_, index) => cellOf(row.values[index] ?? null, clock, sheet.kinds?.[index]));
    yield [...ownCells(sheet, row.cells), ...values];
  }
}

async function* excludedCells(sheet: ResultSheet): AsyncGenerator<readonly WrittenCell[]> {
  for await (const row of sheet.excluded()) {
    yield [{ value: row.number, style: {} }, textCell(row.reason), ...ownCells(sheet, row.cells)];
  }
}

/** The manager's cells under the manager's headings: never into the columns beside them, however long the row is. */
const ownCells = (sheet: ResultSheet, cells: ResultRow['cells']): readonly WrittenCell[] =>
  sheet.headings.map((_, index) => cellOf(cells[index] ?? null, (instant) => instant));
