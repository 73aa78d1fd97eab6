/** `spreadsheets.batchUpdate`: all requests or none, in their order. */
import { z } from 'zod';
import { sheetsRefusal } from './refusal.ts';
import type { Spreadsheet } from './spreadsheet.ts';
import type { Tab } from './tab.ts';

const span = z.object({
  sheetId: z.number(),
  dimension: z.enum(['ROWS', 'COLUMNS']),
  startIndex: z.number(),
  endIndex: z.number(),
});
const gridRange = z.object({
  sheetId: z.number(),
  startRowIndex: z.number().optional(),
  endRowIndex: z.number().optional(),
  startColumnIndex: z.number().optional(),
  endColumnIndex: z.number().optional(),
}) as unknown as z.ZodType<import('./tab.ts').GridRange>;
const format = z.object({ type: z.string(), pattern: z.string().optional() });

const request = z.object({
  insertDimension: z.object({ range: span, inheritFromBefore: z.boolean().optional() }).optional(),
  deleteDimension: z.object({ range: span }).optional(),
  createDeveloperMetadata: z
    .object({
      developerMetadata: z.object({
        metadataKey: z.string(),
        metadataValue: z.string(),
        visibility: z.enum(['DOCUMENT', 'PROJECT']),
        location: z.object({ dimensionRange: span.optional(), sheetId: z.number().optional() }),
      }),
    })
    .optional(),
  addProtectedRange: z
    .object({
      protectedRange: z.object({
        range: gridRange,
        warningOnly: z.boolean().optional(),
        description: z.string().optional(),
      }),
    })
    .optional(),
  addSheet: z
    .object({
      properties: z.object({
        sheetId: z.number().optional(),
        title: z.string(),
        index: z.number().optional(),
        gridProperties: z.object({ rowCount: z.number(), columnCount: z.number() }).optional(),
      }),
    })
    .optional(),
  deleteSheet: z.object({ sheetId: z.number() }).optional(),
  appendDimension: z
    .object({ sheetId: z.number(), dimension: z.enum(['ROWS', 'COLUMNS']), length: z.number() })
    .optional(),
  repeatCell: z
    .object({
      range: gridRange,
      cell: z.object({ userEnteredFormat: z.object({ numberFormat: format.optional() }).optional() }),
      fields: z.string(),
    })
    .optional(),
  setBasicFilter: z.object({ filter: z.looseObject({ range: gridRange }) }).optional(),
});
type UpdateRequest = z.infer<typeof request>;

export const requestsBody = z.object({ requests: z.array(request).min(1).max(100_000) });

/** Answers one reply a request. When one is refused, nothing of them stands. */
export function applyRequests(book: Spreadsheet, { requests }: z.infer<typeof requestsBody>): readonly unknown[] {
  const before = book.tabs.map(copyOf);
  try {
    const replies = requests.map((one) => apply(book, one));
    book.touch();
    return replies;
  } catch (failure) {
    book.tabs = before.map(({ tab, restore }) => {
      restore();
      return tab;
    });
    throw failure;
  }
}

function copyOf(tab: Tab) {
  const kept = {
    rows: tab.rows.map((row) => ({ ...row, cells: [...row.cells] })),
    columns: tab.columns.map(({ marks }) => ({ marks: [...marks] })),
    filter: tab.filter,
    marks: [...tab.marks],
  };
  return { tab, restore: () => Object.assign(tab, kept) };
}

function apply(book: Spreadsheet, asked: UpdateRequest): unknown {
  const tabOf = (sheetId: number): Tab => {
    const found = book.tabs.find((tab) => tab.sheetId === sheetId);
    if (!found) throw sheetsRefusal(400, `Invalid requests[0]: No grid with id: ${sheetId}`);
    return found;
  };
  if (asked.insertDimension)
    return insert(book, tabOf(asked.insertDimension.range.sheetId), asked.insertDimension.range);
  if (asked.appendDimension) {
    const { sheetId, dimension, length } = asked.appendDimension;
    const tab = tabOf(sheetId);
    const startIndex = dimension === 'ROWS' ? tab.rows.length : tab.columns.length;
    return insert(book, tab, { sheetId, dimension, startIndex, endIndex: startIndex + length });
  }
  if (asked.deleteDimension) {
    const { sheetId, dimension, startIndex, endIndex } = asked.deleteDimension.range;
    const tab = tabOf(sheetId);
    if (dimension === 'ROWS') tab.deleteRows(startIndex, endIndex - startIndex);
    else tab.deleteColumns(startIndex, endIndex - startIndex);
    return {};
  }
  if (asked.createDeveloperMetadata) return mark(book, tabOf, asked.createDeveloperMetadata.developerMetadata);
  if (asked.addProtectedRange) {
    const protectedRange = { protectedRangeId: book.nextId(), ...asked.addProtectedRange.protectedRange };
    tabOf(protectedRange.range.sheetId).protections.push(protectedRange as Tab['protections'][number]);
    return { addProtectedRange: { protectedRange } };
  }
  if (asked.addSheet) {
    const { title, gridProperties } = asked.addSheet.properties;
    const tab = book.addTab(title, gridProperties?.rowCount ?? 1000, gridProperties?.columnCount ?? 26);
    const renamed = asked.addSheet.properties.sheetId;
    if (renamed !== undefined) Object.assign(tab, { sheetId: renamed });
    return { addSheet: { properties: { sheetId: tab.sheetId, title, index: book.tabs.length - 1 } } };
  }
  if (asked.deleteSheet) {
    const gone = tabOf(asked.deleteSheet.sheetId);
    book.tabs = book.tabs.filter((tab) => tab !== gone);
    return {};
  }
  if (asked.setBasicFilter) {
    const { filter } = asked.setBasicFilter;
    tabOf(filter.range.sheetId).filter = filter;
    return {};
  }
  if (asked.repeatCell) {
    const { range, cell } = asked.repeatCell;
    const tab = tabOf(range.sheetId);
    const numberFormat = cell.userEnteredFormat?.numberFormat;
    for (const row of tab.rows.slice(range.startRowIndex ?? 0, range.endRowIndex)) {
      for (let i = range.startColumnIndex ?? 0; i < (range.endColumnIndex ?? tab.columns.length); i++) {
        row.cells[i] = {
          ...(row.cells[i] ?? { value: null }),
          ...(numberFormat ? { format: numberFormat as { type: string } } : {}),
        };
      }
    }
    return {};
  }
  throw sheetsRefusal(400, 'Invalid requests[0]: No request set.');
}

function insert(book: Spreadsheet, tab: Tab, { dimension, startIndex, endIndex }: z.infer<typeof span>): unknown {
  const count = endIndex - startIndex;
  const [along, across] =
    dimension === 'ROWS' ? [tab.rows.length, tab.columns.length] : [tab.columns.length, tab.rows.length];
  if (count < 1 || startIndex > along)
    throw sheetsRefusal(400, 'Invalid requests[0].insertDimension: range is out of bounds');
  if (dimension === 'COLUMNS' && along + count > 18_278)
    throw sheetsRefusal(
      400,
      'Invalid requests[0]: This action would increase the number of columns above the limit of 18278.',
    );
  book.mayGrow(count * across);
  if (dimension === 'ROWS') tab.insertRows(startIndex, count);
  else tab.insertColumns(startIndex, count);
  return {};
}

/** Characters of metadata that one sheet may carry. */
const MARK_ROOM = 30_000;

function mark(
  book: Spreadsheet,
  tabOf: (id: number) => Tab,
  {
    metadataKey,
    metadataValue,
    location,
    ...rest
  }: NonNullable<UpdateRequest['createDeveloperMetadata']>['developerMetadata'],
): unknown {
  const sheetId = location.dimensionRange?.sheetId ?? location.sheetId!;
  const tab = tabOf(sheetId);
  const made = { metadataId: book.nextId(), metadataKey, metadataValue };
  const used = [...tab.marks, ...tab.columns.flatMap(({ marks }) => marks)].reduce(
    (sum, one) => sum + one.metadataKey.length + one.metadataValue.length,
    0,
  );
  if (used + metadataKey.length + metadataValue.length > MARK_ROOM)
    throw sheetsRefusal(400, 'Invalid requests[0].createDeveloperMetadata: the storage quota is exceeded');
  if (!location.dimensionRange) tab.marks.push(made);
  else {
    const { startIndex, endIndex, dimension } = location.dimensionRange;
    if (dimension !== 'COLUMNS' || endIndex !== startIndex + 1)
      throw sheetsRefusal(400, 'Invalid requests[0].createDeveloperMetadata: the range must be one row or column');
    tab.columns[startIndex]!.marks.push(made);
  }
  return { createDeveloperMetadata: { developerMetadata: { ...made, ...rest, location } } };
}
