/**
 * The rows of one sheet as its XML goes by: cells as people see them, numbers of rows, and which of them are hidden. Rows
 * with nothing in them are left out; nothing but the row at hand is kept in memory.
 */
import { type Cell, SourceBroken, type SourceRow } from '../../src/audiences/source.ts';
import type { FileLimits } from './limits.ts';
import { type NumberStyle, numberStyle } from './number-format.ts';
import type { TableItem } from './table-reader.ts';
import { type SharedParts, textCollector, unescapeText } from './workbook-parts.ts';
import { isTrue, type XmlEvent, xmlEvents } from './xml.ts';

export async function* sheetItems(
  text: AsyncIterable<string>,
  parts: SharedParts,
  language: 'en' | 'ru',
  limits: FileLimits,
): AsyncGenerator<TableItem> {
  const take = rowScanner(parts, language, limits);
  for await (const events of xmlEvents(text)) {
    const rows: SourceRow[] = [];
    let filter = false;
    for (const event of events) {
      const row = take(event);
      if (row) rows.push(row);
      if (event.kind === 'open' && setsFilter(event)) filter = true;
    }
    if (rows.length > 0) yield { kind: 'rows', rows };
    if (filter) yield { kind: 'filter' };
  }
}

/** `filterMode` stands above the rows when some are hidden by a filter (18.3.1.82); `autoFilter` below them (18.3.1.2). */
const setsFilter = (event: XmlEvent & { kind: 'open' }): boolean =>
  event.name === 'autoFilter' || (event.name === 'sheetPr' && isTrue(event.attributes.filterMode));

const EMPTY: Cell = { kind: 'empty' };

interface RawCell {
  readonly column: number;
  readonly type: string;
  readonly style: number;
}

/** Takes events one by one and gives a row at the end of each that has anything in it. */
function rowScanner(parts: SharedParts, language: 'en' | 'ru', limits: FileLimits) {
  const styles = parts.formats.map((code) => numberStyle(code, { date1904: parts.date1904, language }));
  const toCell = cellMaker(parts, styles, limits);
  const inline = textCollector();
  let number = 0;
  let hidden = false;
  let cells: Cell[] = [];
  let column = -1;
  let cell: RawCell | null = null;
  let value: string | null = null;
  let inValue = false;
  let inRow = false;

  function openRow(attributes: Readonly<Record<string, string>>): void {
    // Numbers of rows and cells may be left out; then they follow the one before (18.3.1.73, 18.3.1.4).
    number = attributes.r === undefined ? number + 1 : Number(attributes.r);
    if (!Number.isInteger(number) || number < 1) throw broken('a row without a number');
    if (number > limits.rows) throw new SourceBroken({ code: 'too-large', what: 'rows', limit: limits.rows });
    hidden = isTrue(attributes.hidden) || attributes.ht === '0';
    cells = [];
    column = -1;
    inRow = true;
  }

  function openCell(attributes: Readonly<Record<string, string>>): void {
    column = attributes.r === undefined ? column + 1 : columnOf(attributes.r);
    cell = { column, type: attributes.t ?? 'n', style: Number(attributes.s ?? 0) };
    value = null;
    inline.begin();
  }

  function closeCell({ column, type, style }: RawCell): void {
    const made = toCell(type === 'inlineStr' ? inline.end() : (value ?? ''), type, style);
    if (made.kind === 'empty') return;
    if (column >= limits.columns) throw new SourceBroken({ code: 'too-large', what: 'columns', limit: limits.columns });
    while (cells.length < column) cells.push(EMPTY);
    cells[column] = made;
  }

  function take(event: XmlEvent): SourceRow | null {
    if (event.kind === 'text') {
      if (inValue) value = (value ?? '') + event.text;
      else if (cell) inline.take(event);
      return null;
    }
    if (event.kind === 'open') {
      if (event.name === 'row') openRow(event.attributes);
      else if (event.name === 'c' && inRow) openCell(event.attributes);
      else if (event.name === 'v' && cell) inValue = true;
      else if (cell) inline.take(event);
      return null;
    }
    if (event.name === 'v') inValue = false;
    else if (event.name === 'c' && cell) {
      closeCell(cell);
      cell = null;
    } else if (event.name === 'row' && inRow) {
      inRow = false;
      return cells.length === 0 ? null : { key: String(number), number, cells, hidden };
    } else if (cell) inline.take(event);
    return null;
  }
  return take;
}

/** Types of cells (18.18.11) as cells; a formula's cell holds the value that was computed last. */
function cellMaker(parts: SharedParts, styles: readonly NumberStyle[], limits: FileLimits) {
  const general = numberStyle('General', { date1904: false, language: 'en' });

  function textCell(text: string): Cell {
    if (text.length > limits.cellLength) {
      throw new SourceBroken({ code: 'too-large', what: 'cell', limit: limits.cellLength });
    }
    return text.trim() === '' ? EMPTY : { kind: 'text', text };
  }

  function shared(index: string): Cell {
    const text = parts.strings[Number(index)];
    if (text === undefined) throw broken('a cell whose text is missing');
    return textCell(text);
  }

  return (value: string, type: string, style: number): Cell => {
    if (value === '') return EMPTY;
    switch (type) {
      case 's':
        return shared(value);
      case 'str':
        return textCell(unescapeText(value));
      case 'inlineStr':
        return textCell(value);
      case 'b':
        return isTrue(value) ? { kind: 'boolean', value: true, text: 'TRUE' } : FALSE;
      case 'e':
        return { kind: 'error', text: value };
      case 'd': // strict workbooks may write a date as ISO 8601
        return { kind: 'date', iso: value.replace(/T00:00:00(?:\.0+)?Z?$|Z$/, ''), text: value.replace(/T.*$/, '') };
      default: {
        const number = Number(value);
        return Number.isFinite(number) ? (styles[style] ?? general)(number) : { kind: 'error', text: value };
      }
    }
  };
}

const FALSE: Cell = { kind: 'boolean', value: false, text: 'FALSE' };

/** Index of the column from 0, of a cell's reference such as `AB12`. */
function columnOf(reference: string): number {
  let column = 0;
  for (let i = 0; i < reference.length; i++) {
    const letter = reference.charCodeAt(i) - 64;
    if (letter < 1 || letter > 26) break;
    column = column * 26 + letter;
  }
  if (column === 0) throw broken('a cell without a place');
  return column - 1;
}

const broken = (detail: string) => new SourceBroken({ code: 'broken', detail });
