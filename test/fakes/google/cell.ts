/** Cells of the fake: what is stored when something is written RAW or as if a person had typed it, and what is shown of it. */

export interface Format {
  readonly type: string;
  readonly pattern?: string;
}

export interface BookCell {
  readonly value: string | number | boolean | null;
  /** `#N/A` and the like, by Google's names (`N_A`). */
  readonly error?: string;
  readonly formula?: string;
  readonly format?: Format;
  readonly note?: string;
}

/** Null skips a cell, an empty text empties it (ValueRange.values). */
export function rawCell(value: unknown, before: BookCell | undefined): BookCell {
  const format = before?.format ? { format: before.format } : {};
  if (value === '') return { value: null, ...format };
  if (typeof value === 'string' || typeof value === 'number' || typeof value === 'boolean') return { value, ...format };
  return { value: String(value), ...format };
}

/** As if typed: formulas are computed, numbers, dates and booleans recognised. What a formula would fetch is told to `fetched`. */
export function enteredCell(value: unknown, before: BookCell | undefined, fetched: string[]): BookCell {
  if (typeof value !== 'string') return rawCell(value, before);
  if (/^[=+-]/.test(value) && !/^[+-][\d.]+$/.test(value)) return computed(`=${value.replace(/^[=+]/, '')}`, fetched);
  if (value.startsWith("'")) return { value: value.slice(1) };
  if (/^[+-]?\d+(\.\d+)?(E\d+)?$/.test(value)) return { value: Number(value) };
  if (/^(true|false)$/i.test(value)) return { value: /^true$/i.test(value) };
  const day = /^\d{4}-\d\d-\d\d$/.test(value) ? Date.parse(`${value}T00:00:00Z`) : Number.NaN;
  if (!Number.isNaN(day)) return { value: day / 86_400_000 + 25_569, format: { type: 'DATE', pattern: 'yyyy-mm-dd' } };
  return rawCell(value, before);
}

function computed(formula: string, fetched: string[]): BookCell {
  const url = /^=(?:IMPORT\w+|IMAGE|HYPERLINK)\("([^"]+)"/i.exec(formula)?.[1];
  if (url !== undefined) fetched.push(url);
  const sum = /^=-?(\d+)([+-])(\d+)$/.exec(formula);
  if (sum)
    return { value: sum[2] === '+' ? Number(sum[1]) + Number(sum[3]) : Number(sum[1]) - Number(sum[3]), formula };
  return { value: null, error: 'NAME', formula };
}

const SHOWN_ERRORS: Readonly<Record<string, string>> = {
  N_A: '#N/A',
  NAME: '#NAME?',
  REF: '#REF!',
  DIVIDE_BY_ZERO: '#DIV/0!',
};

export const isBlank = (cell: BookCell | undefined): boolean =>
  cell === undefined || (cell.value === null && cell.error === undefined);

/** UNFORMATTED_VALUE with serial numbers for dates. */
export function unformatted(cell: BookCell | undefined): string | number | boolean {
  if (cell?.error !== undefined) return SHOWN_ERRORS[cell.error] ?? '#ERROR!';
  return cell?.value ?? '';
}

/** FORMATTED_VALUE, as far as tests need it. */
export function formatted(cell: BookCell | undefined): string {
  const value = unformatted(cell);
  if (typeof value === 'boolean') return value ? 'TRUE' : 'FALSE';
  return String(value);
}
