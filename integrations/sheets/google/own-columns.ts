/**
 * Puts columns of Herald's own into a tab: inserted, so that nothing of anybody's is ever overwritten, marked, and inside the
 * filter where there is one, since sorting by a filter would tear rows apart at its edge.
 */
import type { sheets_v4 } from 'googleapis/build/src/apis/sheets/index.js';
import { MARK, type MarkValue, type TabShape } from './book.ts';

export interface NewColumn {
  readonly value: MarkValue;
  readonly format: sheets_v4.Schema$NumberFormat;
}

/** Requests of one `batchUpdate`, which Google carries out whole or not at all. `at`: the first of them, from 0. */
export function insertColumns(tab: TabShape, at: number, columns: readonly NewColumn[]): sheets_v4.Schema$Request[] {
  const { sheetId } = tab;
  const end = at + columns.length;
  return [
    at >= tab.columnCount
      ? { appendDimension: { sheetId, dimension: 'COLUMNS', length: columns.length } }
      : {
          insertDimension: {
            range: { sheetId, dimension: 'COLUMNS', startIndex: at, endIndex: end },
            inheritFromBefore: at > 0,
          },
        },
    ...columns.flatMap(({ value, format }, i): sheets_v4.Schema$Request[] => [
      markColumn(sheetId, at + i, value),
      {
        // What the neighbour's cells look like, and what may be chosen in them, is not for ours.
        repeatCell: {
          range: { sheetId, startColumnIndex: at + i, endColumnIndex: at + i + 1 },
          cell: { userEnteredFormat: { numberFormat: format } },
          fields: 'userEnteredFormat,dataValidation',
        },
      },
    ]),
    ...grownFilter(tab, at, end),
  ];
}

export const markColumn = (sheetId: number, index: number, value: MarkValue): sheets_v4.Schema$Request => ({
  createDeveloperMetadata: {
    developerMetadata: {
      metadataKey: MARK,
      metadataValue: value,
      visibility: 'DOCUMENT',
      location: { dimensionRange: { sheetId, dimension: 'COLUMNS', startIndex: index, endIndex: index + 1 } },
    },
  },
});

/** A filter that ends where the new columns begin is drawn over them. */
function grownFilter({ filter }: TabShape, at: number, end: number): sheets_v4.Schema$Request[] {
  if (filter?.range?.endColumnIndex !== at) return [];
  return [{ setBasicFilter: { filter: { ...filter, range: { ...filter.range, endColumnIndex: end } } } }];
}
