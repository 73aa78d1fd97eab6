/**
 * Reads workbooks (.xlsx) as a stream: a sheet's rows go by one chunk at a time, and only the texts that cells share are
 * kept in memory. It stands on the XML reader of exceljs; why not on exceljs's own reader of workbooks, see
 * `docs/decisions/0002-reading-workbooks-ourselves.md`.
 */
import type { Archive } from './archive.ts';
import type { FileLimits } from './limits.ts';
import { sheetItems } from './sheet-rows.ts';
import type { TableReader } from './table-reader.ts';
import { hasFilteredTable, readWorkbook } from './workbook-parts.ts';

/** The tables of a workbook, one for each tab, in the order of the tabs. */
export async function openWorkbook(
  archive: Archive,
  language: 'en' | 'ru',
  limits: FileLimits,
): Promise<readonly TableReader[]> {
  const workbook = await readWorkbook(archive);
  return workbook.tabs.map(({ name, hidden, part }) => ({
    name,
    hidden,
    hides: true,
    items: async function* () {
      if (await hasFilteredTable(archive, part)) yield { kind: 'filter' };
      yield* sheetItems(archive.text(part), await workbook.shared(), language, limits);
    },
  }));
}
