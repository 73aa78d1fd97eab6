/**
 * A spreadsheet as Google describes it: its tabs, the size of their grids, what is hidden, and which columns are Herald's own.
 * Those carry a mark that moves with them, wherever people drag, insert or rename.
 */
import type { sheets_v4 } from 'googleapis/build/src/apis/sheets/index.js';
import type { CallOptions, GoogleAccess } from './client.ts';

/** Key of all marks; visible to any program, so that another Herald knows them too. */
export const MARK = 'herald';

/** What a mark says: the column of keys, a column of a campaign's results, or the tab of those left out. */
export type MarkValue = 'key' | `result/${string}/${number}` | `summary/${string}`;

export interface OwnColumn {
  /** Place in the grid when it was looked at, from 0. */
  readonly index: number;
  /** By which Google finds it wherever it is. */
  readonly id: number;
  readonly value: MarkValue;
}

export interface TabShape {
  readonly sheetId: number;
  readonly title: string;
  readonly hidden: boolean;
  readonly filter: sheets_v4.Schema$BasicFilter | null;
  readonly rowCount: number;
  readonly columnCount: number;
  /** By place. */
  readonly own: readonly OwnColumn[];
  /** A tab that is Herald's own. */
  readonly mark: MarkValue | null;
}

export interface BookShape {
  readonly tabs: readonly TabShape[];
  /** Of all tabs, empty ones too: what Google's limit counts. */
  readonly cells: number;
}

const MARKS = 'developerMetadata(metadataId,metadataKey,metadataValue)';
const PROPERTIES = 'properties(sheetId,title,hidden,sheetType,gridProperties(rowCount,columnCount))';
const SHAPE = `sheets(${PROPERTIES},basicFilter,${MARKS},data(startColumn,columnMetadata(${MARKS})))`;
const LOOK = `sheets(${PROPERTIES},basicFilter,${MARKS},data(startColumn,columnMetadata(${MARKS}),rowMetadata(hiddenByUser,hiddenByFilter),rowData(values(effectiveValue(errorValue(type)),effectiveFormat(numberFormat(type,pattern))))))`;

/** What a look finds of a tab beside its values. */
export interface TabLook {
  readonly shape: TabShape;
  readonly hiddenRow: (row: number) => boolean;
  /** What a cell is shown as; null for a plain one. Rows and columns from 0. */
  readonly format: (row: number, column: number) => sheets_v4.Schema$NumberFormat | 'error' | null;
}

export async function readShape(
  access: GoogleAccess,
  id: string,
  how: Omit<CallOptions, 'quota' | 'repeatable'>,
): Promise<BookShape> {
  const { sheets } = await get(access, id, SHAPE, how);
  return shapeOf((sheets ?? []).map(tabShape));
}

export async function readLooks(
  access: GoogleAccess,
  id: string,
  how: Omit<CallOptions, 'quota' | 'repeatable'>,
): Promise<readonly TabLook[]> {
  const { sheets } = await get(access, id, LOOK, how);
  return (sheets ?? []).filter(isGrid).map(tabLook);
}

/** With a mask, `includeGridData` is not asked for: the mask names what is wanted of it. */
const get = (
  access: GoogleAccess,
  spreadsheetId: string,
  fields: string,
  how: Omit<CallOptions, 'quota' | 'repeatable'>,
) =>
  access.call({ ...how, quota: 'read', repeatable: true }, (options) =>
    access.sheets.spreadsheets.get({ spreadsheetId, fields }, options),
  );

const shapeOf = (tabs: readonly TabShape[]): BookShape => ({
  tabs,
  cells: tabs.reduce((sum, { rowCount, columnCount }) => sum + rowCount * columnCount, 0),
});

const isGrid = ({ properties }: sheets_v4.Schema$Sheet): boolean => (properties?.sheetType ?? 'GRID') === 'GRID';

function tabShape({ properties, basicFilter, developerMetadata, data }: sheets_v4.Schema$Sheet): TabShape {
  const { rowCount, columnCount } = properties?.gridProperties ?? {};
  const columns = data?.[0]?.columnMetadata ?? [];
  return {
    sheetId: properties?.sheetId ?? 0,
    title: properties?.title ?? '',
    hidden: properties?.hidden ?? false,
    filter: basicFilter ?? null,
    rowCount: rowCount ?? 0,
    columnCount: columnCount ?? 0,
    own: columns.flatMap((column, index) => {
      const mark = markOf(column.developerMetadata);
      return mark ? [{ index, ...mark }] : [];
    }),
    mark: markOf(developerMetadata)?.value ?? null,
  };
}

function markOf(
  marks: readonly sheets_v4.Schema$DeveloperMetadata[] | undefined,
): { id: number; value: MarkValue } | null {
  const mark = marks?.find(({ metadataKey }) => metadataKey === MARK);
  return mark?.metadataId != null ? { id: mark.metadataId, value: (mark.metadataValue ?? '') as MarkValue } : null;
}

function tabLook(sheet: sheets_v4.Schema$Sheet): TabLook {
  const { rowMetadata = [], rowData = [] } = sheet.data?.[0] ?? {};
  return {
    shape: tabShape(sheet),
    hiddenRow: (row) => Boolean(rowMetadata[row]?.hiddenByUser || rowMetadata[row]?.hiddenByFilter),
    format(row, column) {
      const cell = rowData[row]?.values?.[column];
      if (cell?.effectiveValue?.errorValue) return 'error';
      return cell?.effectiveFormat?.numberFormat ?? null;
    },
  };
}

export const quotedTab = (title: string): string => `'${title.replaceAll("'", "''")}'`;
