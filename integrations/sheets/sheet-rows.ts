/**
 * The rows of one sheet as its XML goes by: cells as people see them, numbers of rows, and which of them are hidden. Rows
 * with nothing in them are left out; nothing but the row at hand is kept in memory.
 */
import { type Cell, SourceBroken, type SourceRow } from '../../src/audiences/source.ts';
import type { FileLimits } from './limits.ts';
import { type CellMaker, cellMaker, EMPTY, type RawCell } from './sheet-cells.ts';
import type { TableItem } from './table-reader.ts';
import { type SharedParts, textCollector } from './workbook-parts.ts';
import { isTrue, type XmlEvent, xmlEvents } from './xml.ts';

export async function* sheetItems(
  text: AsyncIterable<string>,
  parts: SharedParts,
  language: 'en' | 'ru',
  limits: FileLimits,
): AsyncGenerator<TableItem> {
  const take = rowScanner(cellMaker(parts, language, limits), limits);
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

interface OpenRow {
  readonly number: number;
  readonly hidden: boolean;
  readonly cells: Cell[];
  /** Column of the cell at hand, from 0. */
  column: number;
}

/** Takes events one by one and gives a row at the end of each that has anything in it. */
function rowScanner(toCell: CellMaker, limits: FileLimits): (event: XmlEvent) => SourceRow | null {
  const cell = cellReader();
  let lastNumber = 0;
  let row: OpenRow | null = null;
  let inCell = false;

  // Numbers of rows and references of cells may be left out; then they follow the one before (18.3.1.73, 18.3.1.4).
  function openRow(attributes: Attributes): OpenRow {
    const number = attributes.r === undefined ? lastNumber + 1 : Number(attributes.r);
    if (!Number.isInteger(number) || number < 1) throw broken('a row without a number');
    if (number > limits.rows) throw new SourceBroken({ code: 'too-large', what: 'rows', limit: limits.rows });
    lastNumber = number;
    return { number, hidden: isTrue(attributes.hidden) || attributes.ht === '0', cells: [], column: -1 };
  }

  function keepCell({ cells, column }: OpenRow): void {
    const made = toCell(cell.end());
    if (made.kind === 'empty') return;
    if (column >= limits.columns) throw new SourceBroken({ code: 'too-large', what: 'columns', limit: limits.columns });
    while (cells.length < column) cells.push(EMPTY);
    cells[column] = made;
  }

  return (event) => {
    const name = event.kind === 'text' ? '' : event.name;
    if (name === 'row') {
      const closed = row;
      row = event.kind === 'open' ? openRow(event.attributes) : null;
      if (row || !closed || closed.cells.length === 0) return null;
      const { number, hidden, cells } = closed;
      return { key: String(number), number, cells, hidden };
    }
    if (name === 'c' && row) {
      inCell = event.kind === 'open';
      if (event.kind === 'open') {
        row.column = event.attributes.r === undefined ? row.column + 1 : columnOf(event.attributes.r);
        cell.begin(event.attributes);
      } else keepCell(row);
    } else if (inCell) cell.take(event);
    return null;
  };
}

type Attributes = Readonly<Record<string, string>>;

/** Gathers what stands inside one cell: its value, or a text of its own. The formula is passed over. */
function cellReader() {
  const inline = textCollector();
  let value = '';
  let inValue = false;
  let type = 'n';
  let style = 0;
  return {
    begin(attributes: Attributes): void {
      value = '';
      type = attributes.t ?? 'n';
      style = Number(attributes.s ?? 0);
      inline.begin();
    },
    take(event: XmlEvent): void {
      if (event.kind !== 'text' && event.name === 'v') inValue = event.kind === 'open';
      else if (event.kind === 'text' && inValue) value += event.text;
      else inline.take(event);
    },
    end: (): RawCell => ({ value: type === 'inlineStr' ? inline.end() : value, type, style }),
  };
}

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
