/**
 * A campaign's own group of columns in the manager's tab, and its tab of those left out: made once, the columns right of what
 * Herald has there already, and found by their marks.
 */
import type { sheets_v4 } from 'googleapis/build/src/apis/sheets/index.js';
import type { ResultSheet } from '../../../src/results/sink.ts';
import { type BookShape, readShape, type TabShape } from './book.ts';
import type { CallOptions, GoogleAccess } from './client.ts';
import { insertColumns } from './own-columns.ts';
import { FORMATS } from './result-cell.ts';
import { type GridSize, grownBy, summaryRequests, summaryTab } from './summary-tab.ts';
import { GoogleTrouble } from './trouble.ts';

/** Where a campaign's results stand: ids of marks, by which Google finds the columns wherever they are. */
export interface ResultGroup {
  readonly keys: number;
  /** By the place of the column among the campaign's; people may have deleted some. */
  readonly columns: ReadonlyMap<number, number>;
  /** Id of the campaign's tab of those left out, large enough for them. */
  readonly summary: number;
}

export interface SheetDesk {
  readonly access: GoogleAccess;
  readonly id: string;
  readonly how: Omit<CallOptions, 'quota' | 'repeatable'>;
}

/** Cells of all tabs together (support.google.com/drive/answer/37603). */
const MOST_CELLS = 10_000_000;
const TRIES = 4;

/**
 * Makes what is missing, in one request; whether that was done is seen at the next look, so that an answer that was lost makes
 * nothing twice. Null where the tab has no keys to find rows by; `GoogleTrouble` `full` where the spreadsheet has no room.
 */
export async function resultGroup(desk: SheetDesk, sheet: ResultSheet, summary: GridSize): Promise<ResultGroup | null> {
  for (let attempt = 0; attempt < TRIES; attempt += 1) {
    const book = await readShape(desk.access, desk.id, desk.how);
    const tab = tabOf(book, sheet.source.tab);
    const keys = tab?.own.find(({ value }) => value === 'key');
    if (!tab || !keys) return null;
    const columns = columnsOf(tab, sheet.campaign);
    const left = summaryTab(book, sheet.campaign);
    const summaryFits = left !== null && left.rowCount >= summary.rows && left.columnCount >= summary.columns;
    if (columns.size > 0 && summaryFits) return { keys: keys.id, columns, summary: left.sheetId };
    const requests = [
      ...(columns.size > 0 ? [] : newColumns(tab, sheet)),
      ...(summaryFits ? [] : summaryRequests(book, sheet, summary)),
    ];
    const more = (columns.size > 0 ? 0 : tab.rowCount * sheet.columns.length) + grownBy(left, summary);
    if (book.cells + more > MOST_CELLS) throw new GoogleTrouble('full', null);
    await update(desk, requests);
  }
  throw new GoogleTrouble('unavailable', null);
}

async function update({ access, id, how }: SheetDesk, requests: sheets_v4.Schema$Request[]): Promise<void> {
  try {
    await access.call({ ...how, quota: 'write', repeatable: false }, (options) =>
      access.sheets.spreadsheets.batchUpdate({ spreadsheetId: id, requestBody: { requests } }, options),
    );
  } catch (failure) {
    if (!(failure instanceof GoogleTrouble) || (failure.kind !== 'unavailable' && failure.kind !== 'moved'))
      throw failure;
  }
}

/** The tab by its name, else the only one with keys: people rename tabs. */
function tabOf({ tabs }: BookShape, name: string): TabShape | null {
  const keyed = tabs.filter(({ own }) => own.some(({ value }) => value === 'key'));
  return keyed.find(({ title }) => title === name) ?? (keyed.length === 1 ? keyed[0]! : null);
}

function columnsOf(tab: TabShape, campaign: string): ReadonlyMap<number, number> {
  const prefix = `result/${campaign}/`;
  return new Map(
    tab.own.flatMap(({ value, id }) => (value.startsWith(prefix) ? [[Number(value.slice(prefix.length)), id]] : [])),
  );
}

function newColumns(tab: TabShape, sheet: ResultSheet): sheets_v4.Schema$Request[] {
  const at = Math.max(...tab.own.map(({ index }) => index)) + 1;
  const columns = sheet.columns.map((_, index) => ({
    value: `result/${sheet.campaign}/${index}` as const,
    format: FORMATS[sheet.kinds?.[index] ?? 'text'],
  }));
  return insertColumns(tab, at, columns);
}
