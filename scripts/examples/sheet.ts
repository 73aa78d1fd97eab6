/** What an example consists of before it is a file: rows of cells, what is odd about each, and what must come of it. */
import type { CellErrorValue, CellValue } from 'exceljs';
import type { ExclusionReason } from '../../src/audiences/row.ts';

export interface ExampleCell {
  readonly value: CellValue;
  /** How a spreadsheet shows it. */
  readonly numFmt?: string;
}

/** What Herald makes of a row, as long as the text uses none of its empty or broken cells. */
export type Fate =
  | { readonly kind: 'recipient'; readonly phone: string }
  | { readonly kind: 'excluded'; readonly reason: ExclusionReason }
  | { readonly kind: 'blank' };

export interface ExampleRow {
  readonly cells: readonly ExampleCell[];
  readonly fate: Fate;
  /** Codes of what is odd about it, counted in the README. */
  readonly odd: readonly string[];
  readonly hidden?: boolean;
}

/** One kind of oddity, and how many rows of the example have it. */
export interface Oddity {
  readonly code: string;
  /** For the README. */
  readonly title: string;
  readonly rows: number;
}

export const cell = (value: CellValue, numFmt?: string): ExampleCell => (numFmt ? { value, numFmt } : { value });

/** What a look-up that finds nothing leaves in a cell. */
export const NOT_FOUND: CellErrorValue = { error: '#N/A' };

/** A formula with the result that the spreadsheet computed last. */
export const formula = (text: string, result: string | number | CellErrorValue): ExampleCell =>
  cell({ formula: text, result });

export const blankRow = (width: number, value: CellValue = null): ExampleRow => ({
  cells: Array.from({ length: width }, () => cell(value)),
  fate: { kind: 'blank' },
  odd: ['blank-row'],
});

/** A cell as the README shows it: what stands in it, and what the file says about it. */
export function shown({ value, numFmt }: ExampleCell): string {
  if (value === null || value === undefined) return '(nothing)';
  if (typeof value === 'number') return numFmt ? `${value}, shown as \`${numFmt}\`` : `${value}, a number`;
  if (value instanceof Date) return `${value.toISOString().slice(0, 10)}, a date`;
  if (typeof value !== 'object') return code(String(value));
  if ('richText' in value) return `${code(value.richText.map((run) => run.text).join(''))}, partly bold`;
  if ('hyperlink' in value) return `${code(value.text)}, a link to ${code(value.hyperlink)}`;
  if ('error' in value) return `${code(value.error)}, an error`;
  if ('formula' in value) return `${code(`=${value.formula}`)}, a formula`;
  throw new Error(`no words for ${JSON.stringify(value)}`);
}

/** Between backticks, on one line, with what cannot be seen made visible. */
function code(text: string): string {
  const visible = text.replaceAll('\u00a0', '␣').replaceAll('\t', '⇥').replaceAll('\n', '⏎').replaceAll('|', '\\|');
  return `\`${visible}\``;
}
