/** Real files for the tests of reading: workbooks by exceljs, packages by hand with yazl, in a folder that goes away. */
import { createWriteStream, mkdtempSync, rmSync } from 'node:fs';
import { tmpdir } from 'node:os';
import { join } from 'node:path';
import { pipeline } from 'node:stream/promises';
import ExcelJS from 'exceljs';
import { afterAll } from 'vitest';
import yazl from 'yazl';
import { FILE_LIMITS, type FileLimits } from '../../../integrations/sheets/limits.ts';
import { readFile } from '../../../integrations/sheets/read-file.ts';
import type { ReadRequest } from '../../../integrations/sheets/wire.ts';
import type { Cell, SourceProblem, SourceRow, SourceTable } from '../../../src/audiences/source.ts';

/** A folder for one test file; answers paths in it. */
export function madeFolder(): (name: string) => string {
  const folder = mkdtempSync(join(tmpdir(), 'herald-files-'));
  afterAll(() => rmSync(folder, { recursive: true, force: true }));
  return (name) => join(folder, name);
}

export async function makeWorkbook(path: string, fill: (workbook: ExcelJS.Workbook) => void): Promise<string> {
  const workbook = new ExcelJS.Workbook();
  fill(workbook);
  await workbook.xlsx.writeFile(path);
  return path;
}

export interface ZipOptions {
  readonly compress?: boolean;
}

export async function makeZip(
  path: string,
  parts: Readonly<Record<string, string | Buffer>>,
  options: ZipOptions = {},
): Promise<string> {
  const zip = new yazl.ZipFile();
  for (const [name, content] of Object.entries(parts)) {
    zip.addBuffer(Buffer.from(content), name, { compress: options.compress ?? true });
  }
  zip.end();
  await pipeline(zip.outputStream, createWriteStream(path));
  return path;
}

const NS = 'xmlns="http://schemas.openxmlformats.org/spreadsheetml/2006/main"';
const RELS = 'http://schemas.openxmlformats.org/package/2006/relationships';
const OFFICE = 'http://schemas.openxmlformats.org/officeDocument/2006/relationships';

/** The least package that is a workbook: one sheet called Data, whose XML is given. */
export const packageOf = (sheet: string, more: Readonly<Record<string, string>> = {}) => ({
  '[Content_Types].xml': '<Types xmlns="http://schemas.openxmlformats.org/package/2006/content-types"/>',
  '_rels/.rels': `<Relationships xmlns="${RELS}"><Relationship Id="rId1" Type="${OFFICE}/officeDocument" Target="xl/workbook.xml"/></Relationships>`,
  'xl/workbook.xml': `<workbook ${NS} xmlns:r="${OFFICE}"><sheets><sheet name="Data" sheetId="1" r:id="rId1"/></sheets></workbook>`,
  'xl/_rels/workbook.xml.rels': `<Relationships xmlns="${RELS}"><Relationship Id="rId1" Type="${OFFICE}/worksheet" Target="worksheets/sheet1.xml"/><Relationship Id="rId2" Type="${OFFICE}/sharedStrings" Target="sharedStrings.xml"/><Relationship Id="rId3" Type="${OFFICE}/styles" Target="styles.xml"/></Relationships>`,
  'xl/sharedStrings.xml': `<sst ${NS}/>`,
  'xl/styles.xml': `<styleSheet ${NS}/>`,
  'xl/worksheets/sheet1.xml': sheet,
  ...more,
});

/** A sheet with these rows' XML in it, and what stands before and after them. */
export const sheetXml = (rows: string, before = '', after = ''): string =>
  `<?xml version="1.0" encoding="UTF-8"?><worksheet ${NS}>${before}<sheetData>${rows}</sheetData>${after}</worksheet>`;

const request = (verb: ReadRequest['verb'], path: string, limits: Partial<FileLimits>): ReadRequest => ({
  verb,
  path,
  tab: '',
  revision: '',
  language: 'ru',
  limits: { ...FILE_LIMITS, ...limits },
});

/** What a look finds, in this process. */
export async function look(
  path: string,
  limits: Partial<FileLimits> = {},
): Promise<readonly SourceTable[] | SourceProblem> {
  for await (const reply of readFile(request('inspect', path, limits))) {
    if (reply.kind === 'inspected') return reply.inspection.tables;
    if (reply.kind === 'refused') return reply.problem;
  }
  throw new Error('no reply');
}

/** All rows of a table, in this process. */
export async function rowsOf(path: string, tab = '', limits: Partial<FileLimits> = {}): Promise<readonly SourceRow[]> {
  const rows: SourceRow[] = [];
  let revision = '';
  for (const verb of ['open', 'rows'] as const) {
    for await (const reply of readFile({ ...request(verb, path, limits), tab, revision })) {
      if (reply.kind === 'refused') throw new Error(`refused: ${JSON.stringify(reply.problem)}`);
      if (reply.kind === 'opened') revision = reply.revision;
      if (reply.kind === 'rows') rows.push(...reply.rows);
    }
  }
  return rows;
}

/** Why the file is refused, or null. */
export async function refusalOf(path: string, limits: Partial<FileLimits> = {}): Promise<SourceProblem | null> {
  const found = await look(path, limits);
  return 'code' in found ? found : null;
}

/** Texts of the cells, null for the empty. */
export const texts = (rows: readonly SourceRow[]): readonly (string | null)[][] =>
  rows.map((row) => row.cells.map((cell: Cell) => (cell.kind === 'empty' ? null : cell.text)));
