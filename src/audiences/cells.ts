/** What the rules ask of one cell: whether there is anything in it, its text, and what it is as a plain value. */
import type { PhoneCell } from '../messages/phone.ts';
import type { Cell } from './source.ts';

export type FilledCell = Exclude<Cell, { kind: 'empty' }>;

/** A cell's value as it goes back into the results. */
export type PlainValue = string | number | boolean | null;

/** Whether a person sees anything in the cell. */
export const isFilled = (cell: Cell | undefined): cell is FilledCell =>
  cell !== undefined && cell.kind !== 'empty' && cell.text.trim() !== '';

/** The cell's text as it is said to a customer: without spaces around it, and empty where the cell is an error. */
export function textOf(cell: Cell | undefined): string {
  if (!isFilled(cell) || cell.kind === 'error') return '';
  return (cell.text.includes('\r') ? cell.text.replace(/\r\n?/g, '\n') : cell.text).trim();
}

/** The same in one line, as headings and zones are read. */
export const lineOf = (cell: Cell | undefined): string => textOf(cell).replace(/\s+/g, ' ');

/** Ids of more than 15 digits stay text: a number in a spreadsheet would lose the rest. */
export function plainValue(cell: Cell | undefined): PlainValue {
  if (cell === undefined || cell.kind === 'empty') return null;
  if (cell.kind === 'number') return Math.abs(cell.value) < 1e15 ? cell.value : cell.text;
  return cell.kind === 'boolean' ? cell.value : cell.text;
}

/** The cell as `readPhone` takes it. */
export function asPhoneCell(cell: FilledCell): PhoneCell {
  return cell.kind === 'number' ? { text: cell.text, value: cell.value } : { text: cell.text };
}
