/** A tab of Herald's own beside the manager's: how many rows were left out for which reason, and which. */
import type { sheets_v4 } from 'googleapis/build/src/apis/sheets/index.js';
import type { ResultSheet } from '../../../src/results/sink.ts';
import { type BookShape, MARK, type MarkValue, type TabShape } from './book.ts';
import type { Gathered } from './gathered.ts';
import { PAYLOAD_BYTES } from './payload.ts';
import { holds, plainText } from './result-cell.ts';
import type { SheetDesk } from './result-group.ts';
import type { RawValue } from './snapshot.ts';

/** Characters in the name of a tab. */
const TITLE_CHARACTERS = 100;

export type Lines = readonly (readonly RawValue[])[];

/** The title, the reasons with their counts, and the rows left out as they stood. */
export function summaryLines(sheet: ResultSheet, { reasons, excluded }: Gathered): Lines {
  const [number, reason] = sheet.excludedColumns;
  return [
    [sheet.group],
    [reason, sheet.countColumn],
    ...reasons,
    [],
    [number, reason, ...sheet.headings].map(plainText),
    ...excluded,
  ];
}

/** Writes the lines that differ from what stands there into the tab of this id. */
export async function writeSummary(desk: SheetDesk, sheetId: number, lines: Lines, standing: Lines): Promise<void> {
  const rows = Math.max(lines.length, standing.length);
  const changed = Array.from({ length: rows }, (_, row) => row).filter(
    (row) => !sameLine(standing[row] ?? [], lines[row] ?? []),
  );
  for (const block of blocksOf(changed, lines, standing)) {
    const data = block.map((part) => at(sheetId, part));
    await desk.access.call({ ...desk.how, quota: 'write', repeatable: true }, (options) =>
      desk.access.sheets.spreadsheets.values.batchUpdateByDataFilter(
        { spreadsheetId: desk.id, requestBody: { valueInputOption: 'RAW', data } },
        options,
      ),
    );
  }
}

const sameLine = (standing: readonly RawValue[], line: readonly RawValue[]): boolean =>
  Array.from({ length: Math.max(standing.length, line.length) }).every((_, i) => holds(standing[i], line[i] ?? ''));

interface Part {
  readonly row: number;
  readonly values: RawValue[][];
}

const at = (sheetId: number, { row, values }: Part): sheets_v4.Schema$DataFilterValueRange => ({
  dataFilter: { gridRange: { sheetId, startRowIndex: row, startColumnIndex: 0 } },
  majorDimension: 'ROWS',
  values,
});

/** Rows that follow each other go together, in requests of about two megabytes. */
function blocksOf(rows: readonly number[], lines: Lines, standing: Lines): Part[][] {
  const blocks: Part[][] = [];
  let room = 0;
  for (const row of rows) {
    const line = lines[row] ?? [];
    const cells = Array.from({ length: Math.max(line.length, standing[row]?.length ?? 0) }, (_, i) => line[i] ?? '');
    const bytes = Buffer.byteLength(JSON.stringify(cells)) + 1;
    if (bytes > room) {
      blocks.push([]);
      room = PAYLOAD_BYTES;
    }
    room -= bytes;
    const block = blocks.at(-1)!;
    const before = block.at(-1);
    if (before && before.row + before.values.length === row) before.values.push(cells);
    else {
      block.push({ row, values: [cells] });
      room -= 150;
    }
  }
  return blocks;
}

/** What stands in the tab now. */
export async function readSummary({ access, id, how }: SheetDesk, sheetId: number): Promise<Lines> {
  const { valueRanges } = await access.call({ ...how, quota: 'read', repeatable: true }, (options) =>
    access.sheets.spreadsheets.values.batchGetByDataFilter(
      {
        spreadsheetId: id,
        requestBody: {
          dataFilters: [{ gridRange: { sheetId } }],
          majorDimension: 'ROWS',
          valueRenderOption: 'UNFORMATTED_VALUE',
        },
      },
      options,
    ),
  );
  return (valueRanges?.[0]?.valueRange?.values ?? []) as RawValue[][];
}

export interface GridSize {
  readonly rows: number;
  readonly columns: number;
}

export const sizeOf = (lines: Lines): GridSize => ({
  rows: lines.length,
  columns: lines.reduce((widest, line) => Math.max(widest, line.length), 1),
});

export const summaryTab = ({ tabs }: BookShape, campaign: string): TabShape | null =>
  tabs.find(({ mark }) => mark === `summary/${campaign}`) ?? null;

/** Cells that the spreadsheet gets more. */
export function grownBy(tab: TabShape | null, { rows, columns }: GridSize): number {
  if (tab === null) return rows * columns;
  return Math.max(rows, tab.rowCount) * Math.max(columns, tab.columnCount) - tab.rowCount * tab.columnCount;
}

/** Makes the tab, or enlarges it. */
export function summaryRequests(book: BookShape, sheet: ResultSheet, size: GridSize): sheets_v4.Schema$Request[] {
  const tab = summaryTab(book, sheet.campaign);
  return tab ? growth(tab, size) : creation(book, sheet, size);
}

const growth = ({ sheetId, rowCount, columnCount }: TabShape, { rows, columns }: GridSize) => [
  ...(rows > rowCount ? [{ appendDimension: { sheetId, dimension: 'ROWS', length: rows - rowCount } }] : []),
  ...(columns > columnCount
    ? [{ appendDimension: { sheetId, dimension: 'COLUMNS', length: columns - columnCount } }]
    : []),
];

function creation({ tabs }: BookShape, sheet: ResultSheet, { rows, columns }: GridSize): sheets_v4.Schema$Request[] {
  const ids = new Set(tabs.map((tab) => tab.sheetId));
  let sheetId = 1;
  while (ids.has(sheetId)) sheetId += 1;
  const title = freeTitle(`${sheet.excludedTab}: ${sheet.group}`, tabs);
  const metadataValue: MarkValue = `summary/${sheet.campaign}`;
  return [
    { addSheet: { properties: { sheetId, title, gridProperties: { rowCount: rows, columnCount: columns } } } },
    {
      createDeveloperMetadata: {
        developerMetadata: { metadataKey: MARK, metadataValue, visibility: 'DOCUMENT', location: { sheetId } },
      },
    },
  ];
}

/** No two tabs have one name, upper and lower case alike. */
function freeTitle(wished: string, tabs: readonly TabShape[]): string {
  const taken = new Set(tabs.map(({ title }) => title.toLowerCase()));
  for (let n = 1; ; n += 1) {
    const tail = n === 1 ? '' : ` (${n})`;
    const title = `${plainText(wished)
      .replace(/\s+/g, ' ')
      .slice(0, TITLE_CHARACTERS - tail.length)
      .toWellFormed()}${tail}`;
    if (!taken.has(title.toLowerCase())) return title;
  }
}
