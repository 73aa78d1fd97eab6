/** A tab of Herald's own beside the manager's: how many rows were left out for which reason, and which. */
import type { sheets_v4 } from 'googleapis/build/src/apis/sheets/index.js';
import type { ResultSheet } from '../../../src/results/sink.ts';
import { MARK, type MarkValue, readShape, type TabShape } from './book.ts';
import type { Gathered } from './gathered.ts';
import { PAYLOAD_BYTES } from './payload.ts';
import { holds, plainText } from './result-cell.ts';
import { MOST_CELLS, type SheetDesk } from './result-group.ts';
import type { RawValue } from './snapshot.ts';
import { GoogleTrouble } from './trouble.ts';

/** Characters in the name of a tab. */
const TITLE_CHARACTERS = 100;
const TRIES = 4;

type Lines = readonly (readonly RawValue[])[];

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

export async function writeSummary(desk: SheetDesk, sheet: ResultSheet, gathered: Gathered): Promise<void> {
  const lines = summaryLines(sheet, gathered);
  const width = lines.reduce((widest, line) => Math.max(widest, line.length), 1);
  const tab = await summaryTab(desk, sheet, { rows: lines.length, columns: width });
  const standing = await readTab(desk, tab);
  const rows = Math.max(lines.length, standing.length);
  const changed = Array.from({ length: rows }, (_, row) => row).filter(
    (row) => !sameLine(standing[row] ?? [], lines[row] ?? []),
  );
  for (const block of blocksOf(changed, lines, standing)) {
    await desk.access.call({ ...desk.how, quota: 'write', repeatable: true }, (options) =>
      desk.access.sheets.spreadsheets.values.batchUpdateByDataFilter(
        {
          spreadsheetId: desk.id,
          requestBody: { valueInputOption: 'RAW', data: block.map((part) => at(tab.sheetId, part)) },
        },
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

async function readTab({ access, id, how }: SheetDesk, { sheetId }: TabShape): Promise<Lines> {
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

/** The campaign's tab, large enough. */
async function summaryTab(
  desk: SheetDesk,
  sheet: ResultSheet,
  size: { rows: number; columns: number },
): Promise<TabShape> {
  const mark: MarkValue = `summary/${sheet.campaign}`;
  for (let attempt = 0; attempt < TRIES; attempt += 1) {
    const { tabs, cells } = await readShape(desk.access, desk.id, desk.how);
    const tab = tabs.find((one) => one.mark === mark);
    if (tab && tab.rowCount >= size.rows && tab.columnCount >= size.columns) return tab;
    const grown = size.rows * size.columns - (tab ? tab.rowCount * tab.columnCount : 0);
    if (cells + grown > MOST_CELLS) throw new GoogleTrouble('full', null);
    const requests = tab ? growth(tab, size) : creation(tabs, sheet, mark, size);
    try {
      await desk.access.call({ ...desk.how, quota: 'write', repeatable: false }, (options) =>
        desk.access.sheets.spreadsheets.batchUpdate({ spreadsheetId: desk.id, requestBody: { requests } }, options),
      );
    } catch (failure) {
      if (!(failure instanceof GoogleTrouble) || (failure.kind !== 'unavailable' && failure.kind !== 'moved'))
        throw failure;
    }
  }
  throw new GoogleTrouble('unavailable', null);
}

const growth = ({ sheetId, rowCount, columnCount }: TabShape, { rows, columns }: { rows: number; columns: number }) => [
  ...(rows > rowCount ? [{ appendDimension: { sheetId, dimension: 'ROWS', length: rows - rowCount } }] : []),
  ...(columns > columnCount
    ? [{ appendDimension: { sheetId, dimension: 'COLUMNS', length: columns - columnCount } }]
    : []),
];

function creation(
  tabs: readonly TabShape[],
  sheet: ResultSheet,
  mark: MarkValue,
  { rows, columns }: { rows: number; columns: number },
): sheets_v4.Schema$Request[] {
  const sheetId = Math.max(...tabs.map((tab) => tab.sheetId)) + 1;
  const title = freeTitle(`${sheet.excludedTab}: ${sheet.group}`, tabs);
  return [
    { addSheet: { properties: { sheetId, title, gridProperties: { rowCount: rows, columnCount: columns } } } },
    {
      createDeveloperMetadata: {
        developerMetadata: { metadataKey: MARK, metadataValue: mark, visibility: 'DOCUMENT', location: { sheetId } },
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
