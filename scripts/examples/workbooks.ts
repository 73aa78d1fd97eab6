/** Turns the examples into files. The same examples give the same content; only dates inside the zip differ. */
import ExcelJS, { type Row, type Worksheet } from 'exceljs';
import iconv from 'iconv-lite';
import { customers, HEADER_ROW, HEADINGS, TITLE } from './customers.ts';
import { PLAN_HEADINGS, planRows } from './number-plan.ts';
import { managers } from './people.ts';
import type { ExampleRow } from './sheet.ts';
import { ASK_HEADINGS, askTabs, csvRows, csvText } from './small.ts';

const MADE_AT = new Date('2026-11-23T00:00:00Z');

export async function customersFile(): Promise<Buffer> {
  const book = newBook();
  const tab = book.addWorksheet('Клиенты', { views: [{ state: 'frozen', ySplit: HEADER_ROW }] });
  tab.columns = [20, 26, 18, 22, 14, 20].map((width) => ({ width }));
  tab.getRow(1).getCell(1).value = TITLE;
  tab.getRow(1).font = { bold: true, size: 14 };
  tab.mergeCells(1, 1, 1, HEADINGS.length);
  fillHeadings(tab.getRow(HEADER_ROW), HEADINGS);
  fillRows(tab, HEADER_ROW + 1, customers());

  const people = book.addWorksheet('Справочник', { state: 'hidden' });
  fillHeadings(people.getRow(1), ['Менеджер', 'Телефон', 'Отдел']);
  managers.forEach((name, index) => {
    people.addRow([name, `+7 495 000-00-${10 + index}`, index % 2 === 0 ? 'Розница' : 'Опт']);
  });
  return bytesOf(book);
}

export async function askFile(): Promise<Buffer> {
  const book = newBook();
  for (const { name, rows, filtered } of askTabs()) {
    const tab = book.addWorksheet(name);
    tab.columns = [30, 18, 18, 24].map((width) => ({ width }));
    fillHeadings(tab.getRow(1), ASK_HEADINGS);
    fillRows(tab, 2, rows);
    if (filtered) tab.autoFilter = `A1:D${rows.length + 1}`;
  }
  return bytesOf(book);
}

export async function planFile(): Promise<Buffer> {
  const book = newBook();
  const tab = book.addWorksheet('Numbers');
  tab.columns = [20, 20, 12, 12, 18, 16].map((width) => ({ width }));
  fillHeadings(tab.getRow(1), PLAN_HEADINGS);
  for (const row of planRows()) tab.addRow([...row]);
  return bytesOf(book);
}

/** Windows-1251, the encoding of Russian programs older than Unicode. */
export const csvFile = (): Buffer => iconv.encode(csvText(csvRows()), 'win1251');

function newBook(): ExcelJS.Workbook {
  const book = new ExcelJS.Workbook();
  book.creator = 'Example Company';
  book.lastModifiedBy = 'Example Company';
  book.created = MADE_AT;
  book.modified = MADE_AT;
  return book;
}

function fillHeadings(row: Row, headings: readonly string[]): void {
  headings.forEach((heading, index) => {
    row.getCell(index + 1).value = heading;
  });
  row.font = { bold: true };
}

function fillRows(tab: Worksheet, first: number, rows: readonly ExampleRow[]): void {
  rows.forEach(({ cells, hidden }, index) => {
    const row = tab.getRow(first + index);
    cells.forEach(({ value, numFmt }, column) => {
      if (value === null) return;
      const cell = row.getCell(column + 1);
      cell.value = value;
      if (numFmt) cell.numFmt = numFmt;
    });
    if (hidden) row.hidden = true;
  });
}

const bytesOf = async (book: ExcelJS.Workbook): Promise<Buffer> => Buffer.from(await book.xlsx.writeBuffer());
