/** A table in columns of plain text: numbers to the right, words to the left, wrapped where the terminal is too narrow. */
import type { Table } from '../../src/staff/card.ts';
import { padEnd, padStart, widthOf, wrap } from './width.ts';

const GAP = '  ';
/** No column is made narrower, even if lines then stick out. */
const NARROWEST = 8;

/** The lines of a table; the head is underlined, and nothing is said by its look alone. */
export function tableLines({ head, rows }: Table, width: number): readonly string[] {
  const all = [head, ...rows];
  const wanted = head.map((_, column) => Math.max(...all.map((row) => widest(row[column] ?? ''))));
  const widths = fitted(wanted, width - GAP.length * (head.length - 1));
  const right = head.map((_, column) => isNumeric(rows.map((row) => row[column] ?? '')));
  const draw = (row: readonly string[]) => rowLines(row, widths, right);
  const rule = widths.map((columns) => '-'.repeat(columns)).join(GAP);
  const titled = head.some((title) => title !== '');
  return [...(titled ? [...draw(head), rule] : []), ...rows.flatMap(draw)];
}

const widest = (cell: string): number => Math.max(...cell.split('\n').map(widthOf));

/** Takes from the widest column until all fit. */
function fitted(wanted: readonly number[], room: number): readonly number[] {
  const widths = [...wanted];
  for (let over = widths.reduce((sum, one) => sum + one, 0) - room; over > 0; over--) {
    const widestAt = widths.indexOf(Math.max(...widths));
    if (widths[widestAt]! <= NARROWEST) break;
    widths[widestAt]! -= 1;
  }
  return widths;
}

/** Counts, shares and amounts of money, in either language. */
const NUMBER = /^-?\d[\d\s.,]*(?: ?(?:%|[A-Z]{3}))?$/u;

function isNumeric(cells: readonly string[]): boolean {
  const filled = cells.filter((cell) => cell !== '');
  return filled.length > 0 && filled.every((cell) => NUMBER.test(cell));
}

function rowLines(row: readonly string[], widths: readonly number[], right: readonly boolean[]): readonly string[] {
  const cells = widths.map((width, column) => wrap(row[column] ?? '', width));
  const height = Math.max(...cells.map((lines) => lines.length));
  return Array.from({ length: height }, (_, line) =>
    widths
      .map((width, column) => (right[column] ? padStart : padEnd)(cells[column]![line] ?? '', width))
      .join(GAP)
      .trimEnd(),
  );
}
