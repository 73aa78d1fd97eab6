/** A campaign's own group of columns in the manager's tab: made once, right of what Herald has there already, and found by its marks. */
import type { ResultSheet } from '../../../src/results/sink.ts';
import { type BookShape, readShape, type TabShape } from './book.ts';
import type { CallOptions, GoogleAccess } from './client.ts';
import { insertColumns } from './own-columns.ts';
import { FORMATS } from './result-cell.ts';
import { GoogleTrouble } from './trouble.ts';

/** Where a campaign's results stand: ids of marks, by which Google finds the columns wherever they are. */
export interface ResultGroup {
  readonly sheetId: number;
  readonly keys: number;
  /** By the place of the column among the campaign's; people may have deleted some. */
  readonly columns: ReadonlyMap<number, number>;
}

export interface SheetDesk {
  readonly access: GoogleAccess;
  readonly id: string;
  readonly how: Omit<CallOptions, 'quota' | 'repeatable'>;
}

/** Cells of all tabs together (support.google.com/drive/answer/37603). */
export const MOST_CELLS = 10_000_000;
const TRIES = 4;

/** Null where the tab has no keys to find rows by. Throws `GoogleTrouble` `full` when the spreadsheet has no room for it. */
export async function resultGroup(desk: SheetDesk, sheet: ResultSheet): Promise<ResultGroup | null> {
  for (let attempt = 0; attempt < TRIES; attempt += 1) {
    const book = await readShape(desk.access, desk.id, desk.how);
    const tab = tabOf(book, sheet.source.tab);
    const keys = tab?.own.find(({ value }) => value === 'key');
    if (!tab || !keys) return null;
    const columns = columnsOf(tab, sheet.campaign);
    if (columns.size > 0) return { sheetId: tab.sheetId, keys: keys.id, columns };
    await makeGroup(desk, book, tab, sheet);
  }
  throw new GoogleTrouble('unavailable', null);
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

/** Whether it was done is seen at the next look, so that an answer that was lost makes no second group. */
async function makeGroup(
  { access, id, how }: SheetDesk,
  book: BookShape,
  tab: TabShape,
  sheet: ResultSheet,
): Promise<void> {
  if (book.cells + tab.rowCount * sheet.columns.length > MOST_CELLS) throw new GoogleTrouble('full', null);
  const at = Math.max(...tab.own.map(({ index }) => index)) + 1;
  const columns = sheet.columns.map((_, index) => ({
    value: `result/${sheet.campaign}/${index}` as const,
    format: FORMATS[sheet.kinds?.[index] ?? 'text'],
  }));
  const requests = insertColumns(tab, at, columns);
  try {
    await access.call({ ...how, quota: 'write', repeatable: false }, (options) =>
      access.sheets.spreadsheets.batchUpdate({ spreadsheetId: id, requestBody: { requests } }, options),
    );
  } catch (failure) {
    if (!(failure instanceof GoogleTrouble) || (failure.kind !== 'unavailable' && failure.kind !== 'moved'))
      throw failure;
  }
}
