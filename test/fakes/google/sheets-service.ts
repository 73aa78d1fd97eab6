/** Sheets v4 over the fake's spreadsheets: what each method answers, by Google's rules. */
import { z } from 'zod';
import { type Area, letters, parseA1 } from './a1.ts';
import { type BookCell, formatted, isBlank, unformatted } from './cell.ts';
import { sheetsRefusal } from './refusal.ts';
import type { Spreadsheet } from './spreadsheet.ts';
import type { Tab } from './tab.ts';
import { applyRequests, requestsBody } from './update-requests.ts';

export type Answer = Record<string, unknown>;

export function sheetsService(
  method: string,
  book: Spreadsheet,
  query: URLSearchParams,
  body: unknown,
  path: Readonly<Record<string, string>>,
): Answer {
  switch (method) {
    case 'spreadsheets.get':
      // A mask says itself whether the grid is wanted.
      return whole(book, query.getAll('ranges'), query.has('fields') || query.get('includeGridData') === 'true');
    case 'spreadsheets.values.get':
      return valuesOf(book, path.range!, query);
    case 'spreadsheets.values.batchGet':
      return {
        spreadsheetId: book.id,
        valueRanges: query.getAll('ranges').map((range) => valuesOf(book, range, query)),
      };
    case 'spreadsheets.values.batchUpdate':
      return updateValues(book, valuesBody.parse(body));
    case 'spreadsheets.values.batchGetByDataFilter':
      return valuesByFilter(book, filteredRead.parse(body));
    case 'spreadsheets.values.batchUpdateByDataFilter':
      return updateByFilter(book, filteredWrite.parse(body));
    case 'spreadsheets.batchUpdate':
      return { spreadsheetId: book.id, replies: applyRequests(book, requestsBody.parse(body)) };
    default:
      throw sheetsRefusal(501 as 500, `the fake does not speak ${method}`);
  }
}

interface Place extends Area {
  readonly sheet: Tab;
}

function placeOf(book: Spreadsheet, text: string): Place {
  const area = parseA1(
    text,
    book.tabs.map((tab) => tab.title),
  );
  const sheet = area && (area.tab === null ? book.tabs[0] : book.tabs.find((tab) => tab.title === area.tab));
  if (!area || !sheet) throw sheetsRefusal(400, `Unable to parse range: ${text}`);
  const [rows, columns] = [sheet.rows.length, sheet.columns.length];
  if (area.row >= rows || area.column >= columns) {
    throw sheetsRefusal(400, `Range (${text}) exceeds grid limits. Max rows: ${rows}, max columns: ${columns}`);
  }
  return { ...area, sheet };
}

const valuesOf = (book: Spreadsheet, range: string, query: URLSearchParams): Answer =>
  valuesIn(placeOf(book, range), query);

function valuesIn({ sheet, row, rowEnd, column, columnEnd }: Place, query: URLSearchParams): Answer {
  const lastRow = Math.min(rowEnd, sheet.rows.length);
  const lastColumn = Math.min(columnEnd, sheet.columns.length);
  const show = query.get('valueRenderOption') === 'UNFORMATTED_VALUE' ? unformatted : formatted;
  const values = sheet.rows.slice(row, lastRow).map(({ cells }) => trimmed(cells.slice(column, lastColumn)).map(show));
  while (values.length > 0 && values.at(-1)!.length === 0) values.pop();
  const at = `${quoted(sheet.title)}!${letters(column)}${row + 1}:${letters(lastColumn - 1)}${lastRow}`;
  // Empty trailing rows and columns are omitted, and all of it where there is nothing.
  return { range: at, majorDimension: 'ROWS', ...(values.length > 0 ? { values } : {}) };
}

const quoted = (title: string) => (/^\w+$/.test(title) ? title : `'${title.replaceAll("'", "''")}'`);

const trimmed = (cells: readonly (BookCell | undefined)[]) =>
  Array.from(cells.slice(0, cells.findLastIndex((cell) => !isBlank(cell)) + 1));

const valuesBody = z.object({
  valueInputOption: z.enum(['RAW', 'USER_ENTERED']),
  data: z.array(z.object({ range: z.string(), values: z.array(z.array(z.unknown())) })),
});

function checkLengths(values: readonly (readonly unknown[])[]): void {
  for (const row of values) {
    for (const cell of row) {
      if (typeof cell !== 'string' || cell.length <= 50_000) continue;
      throw sheetsRefusal(400, 'Your input contains more than the maximum of 50000 characters in a single cell.');
    }
  }
}

/** All ranges are looked at before anything is written. */
function updateValues(book: Spreadsheet, { valueInputOption, data }: z.infer<typeof valuesBody>): Answer {
  const places = data.map(({ range, values }) => {
    const place = placeOf(book, range);
    const width = Math.max(...values.map((row) => row.length));
    const { rows, columns } = place.sheet;
    if (
      place.row + values.length > Math.min(place.rowEnd, Number.POSITIVE_INFINITY) ||
      place.column + width > place.columnEnd
    ) {
      throw sheetsRefusal(400, `Requested writing within range [${range}], but tried writing beyond it`);
    }
    if (place.row + values.length > rows.length || place.column + width > columns.length) {
      throw sheetsRefusal(
        400,
        `Range (${range}) exceeds grid limits. Max rows: ${rows.length}, max columns: ${columns.length}`,
      );
    }
    checkLengths(values);
    return { place, values };
  });
  let cells = 0;
  for (const { place, values } of places) {
    values.forEach((row, i) => {
      row.forEach((value, j) => {
        book.write(place.sheet, place.row + i, place.column + j, value, valueInputOption);
        cells += 1;
      });
    });
  }
  book.touch();
  return { spreadsheetId: book.id, totalUpdatedCells: cells };
}

function whole(book: Spreadsheet, ranges: readonly string[], grid: boolean): Answer {
  const asked = ranges.map((range) => placeOf(book, range));
  const tabs = asked.length === 0 ? book.tabs : book.tabs.filter((tab) => asked.some(({ sheet }) => sheet === tab));
  return {
    spreadsheetId: book.id,
    properties: { title: book.name, locale: 'ru_RU', timeZone: 'Europe/Moscow' },
    sheets: tabs.map((tab) => ({
      properties: {
        sheetId: tab.sheetId,
        title: tab.title,
        index: book.tabs.indexOf(tab),
        sheetType: 'GRID',
        gridProperties: { rowCount: tab.rows.length, columnCount: tab.columns.length },
        ...(tab.hidden ? { hidden: true } : {}),
      },
      ...(tab.filter ? { basicFilter: tab.filter } : {}),
      ...(tab.marks.length > 0 ? { developerMetadata: tab.marks } : {}),
      ...(tab.protections.length > 0 ? { protectedRanges: tab.protections } : {}),
      ...(grid
        ? {
            data: (asked.length === 0
              ? [{ sheet: tab, row: 0, rowEnd: Infinity, column: 0, columnEnd: Infinity }]
              : asked
            )
              .filter(({ sheet }) => sheet === tab)
              .map((area) => gridData(tab, area)),
          }
        : {}),
    })),
  };
}

function gridData(tab: Tab, { row, rowEnd, column, columnEnd }: Omit<Area, 'tab'>): Answer {
  const rows = tab.rows.slice(row, Math.min(rowEnd, tab.rows.length));
  return {
    ...(row > 0 ? { startRow: row } : {}),
    ...(column > 0 ? { startColumn: column } : {}),
    rowMetadata: rows.map(({ hiddenByUser, hiddenByFilter }) => ({
      pixelSize: 21,
      ...(hiddenByUser ? { hiddenByUser } : {}),
      ...(hiddenByFilter ? { hiddenByFilter } : {}),
    })),
    columnMetadata: tab.columns
      .slice(column, Math.min(columnEnd, tab.columns.length))
      .map(({ marks }) => ({ pixelSize: 100, ...(marks.length > 0 ? { developerMetadata: marks } : {}) })),
    rowData: rows.map(({ cells }) => {
      const values = trimmed(cells.slice(column, columnEnd === Infinity ? undefined : columnEnd)).map(cellData);
      return values.length > 0 ? { values } : {};
    }),
  };
}

function cellData(cell: BookCell | undefined): Answer {
  if (cell === undefined || isBlank(cell)) return cell?.note ? { note: cell.note } : {};
  const { value, error, format, note } = cell;
  const effectiveValue =
    error !== undefined
      ? { errorValue: { type: error } }
      : typeof value === 'number'
        ? { numberValue: value }
        : typeof value === 'boolean'
          ? { boolValue: value }
          : { stringValue: value };
  return {
    effectiveValue,
    formattedValue: formatted(cell),
    ...(format ? { effectiveFormat: { numberFormat: format } } : {}),
    ...(note ? { note } : {}),
  };
}

const dataFilter = z.object({
  developerMetadataLookup: z
    .object({
      metadataId: z.number().optional(),
      metadataKey: z.string().optional(),
      metadataValue: z.string().optional(),
    })
    .optional(),
  gridRange: z
    .object({
      sheetId: z.number(),
      startRowIndex: z.number().default(0),
      endRowIndex: z.number().default(Infinity),
      startColumnIndex: z.number().default(0),
      endColumnIndex: z.number().default(Infinity),
    })
    .optional(),
});
const filteredRead = z.object({
  dataFilters: z.array(dataFilter),
  majorDimension: z.enum(['ROWS', 'COLUMNS']).default('ROWS'),
  valueRenderOption: z.string().default('FORMATTED_VALUE'),
});
const filteredWrite = z.object({
  valueInputOption: z.enum(['RAW', 'USER_ENTERED']),
  data: z.array(
    z.object({
      dataFilter,
      majorDimension: z.enum(['ROWS', 'COLUMNS']).default('ROWS'),
      values: z.array(z.array(z.unknown())),
    }),
  ),
});
type DataFilter = z.infer<typeof dataFilter>;

/** Where a filter leads now: marked columns wherever they have been moved to. */
function matches(book: Spreadsheet, { developerMetadataLookup: lookup, gridRange }: DataFilter): Place[] {
  if (gridRange) {
    const sheet = book.tabs.find((tab) => tab.sheetId === gridRange.sheetId);
    if (!sheet) throw sheetsRefusal(400, `Invalid dataFilter: No grid with id: ${gridRange.sheetId}`);
    const { startRowIndex: row, endRowIndex: rowEnd, startColumnIndex: column, endColumnIndex: columnEnd } = gridRange;
    return [{ tab: sheet.title, sheet, row, rowEnd, column, columnEnd }];
  }
  return book.tabs.flatMap((sheet) =>
    sheet.columns.flatMap(({ marks }, column) =>
      marks
        .filter(
          (mark) =>
            (lookup?.metadataId ?? mark.metadataId) === mark.metadataId &&
            (lookup?.metadataKey ?? mark.metadataKey) === mark.metadataKey &&
            (lookup?.metadataValue ?? mark.metadataValue) === mark.metadataValue,
        )
        .map(() => ({ tab: sheet.title, sheet, row: 0, rowEnd: Infinity, column, columnEnd: column + 1 })),
    ),
  );
}

function valuesByFilter(
  book: Spreadsheet,
  { dataFilters, majorDimension, valueRenderOption }: z.infer<typeof filteredRead>,
): Answer {
  const query = new URLSearchParams({ valueRenderOption });
  const valueRanges = dataFilters.flatMap((filter) =>
    matches(book, filter).map((place) => {
      const read = valuesIn(place, query) as { values?: unknown[][] };
      const values = majorDimension === 'ROWS' ? read.values : turned(read.values ?? []);
      const valueRange = { ...read, majorDimension, ...(values && values.length > 0 ? { values } : {}) };
      return { valueRange, dataFilters: [filter] };
    }),
  );
  return { spreadsheetId: book.id, valueRanges };
}

function turned(rows: readonly (readonly unknown[])[]): unknown[][] {
  const width = Math.max(0, ...rows.map((row) => row.length));
  return Array.from({ length: width }, (_, column) => rows.map((row) => row[column] ?? ''));
}

function updateByFilter(book: Spreadsheet, { valueInputOption, data }: z.infer<typeof filteredWrite>): Answer {
  let totalUpdatedCells = 0;
  const writes = data.flatMap(({ dataFilter: filter, majorDimension, values }) => {
    const found = matches(book, filter);
    if (found.length === 0) throw sheetsRefusal(400, 'Invalid dataFilter: it matches no range');
    const downwards = majorDimension === 'COLUMNS';
    const [tall, wide] = [longest(values), values.length];
    const [height, width] = downwards ? [tall, wide] : [wide, tall];
    for (const { sheet, row, rowEnd, column, columnEnd } of found) {
      if (
        row + height > Math.min(rowEnd, sheet.rows.length) ||
        column + width > Math.min(columnEnd, sheet.columns.length)
      ) {
        throw sheetsRefusal(
          400,
          `Range (${sheet.title}) exceeds grid limits. Max rows: ${sheet.rows.length}, max columns: ${sheet.columns.length}`,
        );
      }
    }
    checkLengths(values);
    return found.map((place) => ({ place, downwards, values }));
  });
  for (const { place, downwards, values } of writes) {
    values.forEach((line, i) => {
      line.forEach((value, j) => {
        const [row, column] = downwards ? [j, i] : [i, j];
        book.write(place.sheet, place.row + row, place.column + column, value, valueInputOption);
        if (value !== null) totalUpdatedCells += 1;
      });
    });
  }
  book.touch();
  return { spreadsheetId: book.id, totalUpdatedCells };
}

const longest = (lines: readonly (readonly unknown[])[]): number =>
  lines.reduce((most, line) => Math.max(most, line.length), 0);
