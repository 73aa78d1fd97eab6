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
  /** That tab was made just now, so that nothing stands in it. */
  readonly newSummary: boolean;
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
    if (columns.size > 0 && summaryFits) return { keys: keys.id, columns, summary: left.sheetId, newSummary: false };
    const requests = [
      ...(columns.size > 0 ? [] : newColumns(tab, sheet)),
      ...(summaryFits ? [] : summaryRequests(book, sheet, summary)),
    ];
    const more = (columns.size > 0 ? 0 : tab.rowCount * sheet.columns.length) + grownBy(left, summary);
    if (book.cells + more > MOST_CELLS) throw new GoogleTrouble('full', null);
    const made = await update(desk, requests);
    if (made === null) continue;
    const all = columns.size > 0 ? columns : placesOf(made, sheet.campaign);
    const sheetId = left?.sheetId ?? madeTab(made);
    if (sheetId != null) return { keys: keys.id, columns: all, summary: sheetId, newSummary: left === null };
  }
  throw new GoogleTrouble('unavailable', null);
}

type Replies = readonly sheets_v4.Schema$Response[];

/** Google's replies, one a request; null where nobody knows whether it was done. */
async function update({ access, id, how }: SheetDesk, requests: sheets_v4.Schema$Request[]): Promise<Replies | null> {
  try {
    const { replies } = await access.call({ ...how, quota: 'write', repeatable: false }, (options) =>
      access.sheets.spreadsheets.batchUpdate({ spreadsheetId: id, requestBody: { requests } }, options),
    );
    return replies ?? [];
  } catch (failure) {
    if (!(failure instanceof GoogleTrouble) || (failure.kind !== 'unavailable' && failure.kind !== 'moved'))
      throw failure;
    return null;
  }
}

/** Columns that were made just now. */
function placesOf(replies: Replies, campaign: string): ReadonlyMap<number, number> {
  const marks = replies.map(({ createDeveloperMetadata }) => createDeveloperMetadata?.developerMetadata);
  return places(
    marks.map((mark) => ({ value: mark?.metadataValue ?? '', id: mark?.metadataId ?? 0 })),
    campaign,
  );
}

const madeTab = (replies: Replies): number | null | undefined =>
  replies.find(({ addSheet }) => addSheet)?.addSheet?.properties?.sheetId;

/** The tab by its name, else the only one with keys: people rename tabs. */
function tabOf({ tabs }: BookShape, name: string): TabShape | null {
  const keyed = tabs.filter(({ own }) => own.some(({ value }) => value === 'key'));
  return keyed.find(({ title }) => title === name) ?? (keyed.length === 1 ? keyed[0]! : null);
}

const columnsOf = (tab: TabShape, campaign: string) => places(tab.own, campaign);

function places(marks: readonly { value: string; id: number }[], campaign: string): ReadonlyMap<number, number> {
  const prefix = `result/${campaign}/`;
  return new Map(
    marks.flatMap(({ value, id }) => (value.startsWith(prefix) ? [[Number(value.slice(prefix.length)), id]] : [])),
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
