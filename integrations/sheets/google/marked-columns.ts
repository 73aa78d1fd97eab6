/** Reads and writes columns by their marks, wherever people have moved them to. Everything is written RAW: nothing becomes a formula. */
import type { CallOptions, GoogleAccess } from './client.ts';
import { type ColumnChange, payloads } from './payload.ts';
import type { RawValue } from './snapshot.ts';

type How = Omit<CallOptions, 'quota' | 'repeatable'>;

/** Values of columns by the id of their mark, all as they stood at one moment. A column that is gone is not there. */
export async function readColumns(
  access: GoogleAccess,
  spreadsheetId: string,
  ids: readonly number[],
  how: How,
): Promise<ReadonlyMap<number, readonly RawValue[]>> {
  const { valueRanges } = await access.call({ ...how, quota: 'read', repeatable: true }, (options) =>
    access.sheets.spreadsheets.values.batchGetByDataFilter(
      {
        spreadsheetId,
        requestBody: {
          dataFilters: ids.map((metadataId) => ({ developerMetadataLookup: { metadataId } })),
          majorDimension: 'COLUMNS',
          valueRenderOption: 'UNFORMATTED_VALUE',
          dateTimeRenderOption: 'SERIAL_NUMBER',
        },
      },
      options,
    ),
  );
  const columns = new Map<number, readonly RawValue[]>();
  for (const { valueRange, dataFilters } of valueRanges ?? []) {
    const id = dataFilters?.[0]?.developerMetadataLookup?.metadataId;
    if (id != null) columns.set(id, (valueRange?.values?.[0] ?? []) as RawValue[]);
  }
  return columns;
}

/** Writes what has changed; the same values may be written again. Resolves with the number of calls. */
export async function writeColumns(
  access: GoogleAccess,
  spreadsheetId: string,
  changes: readonly ColumnChange[],
  how: How,
): Promise<number> {
  const calls = payloads(changes);
  for (const data of calls) {
    await access.call({ ...how, quota: 'write', repeatable: true }, (options) =>
      access.sheets.spreadsheets.values.batchUpdateByDataFilter(
        { spreadsheetId, requestBody: { valueInputOption: 'RAW', data } },
        options,
      ),
    );
  }
  return calls.length;
}
