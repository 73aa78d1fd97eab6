/** A campaign's value as it stands in a cell of Google's: written RAW, so that text is text whatever it begins with. Pure. */
import type { sheets_v4 } from 'googleapis/build/src/apis/sheets/index.js';
import type { ResultColumnKind } from '../../../src/results/sink.ts';
import { clockOf } from '../workbook-cells.ts';
import type { RawValue } from './snapshot.ts';

/** Characters that a cell holds. */
const CELL_CHARACTERS = 50_000;
const DAY_MS = 86_400_000;
/** Days from 30 December 1899 to 1970. */
const UNIX_EPOCH = 25_569;

export const FORMATS: Readonly<Record<ResultColumnKind, sheets_v4.Schema$NumberFormat>> = {
  text: { type: 'TEXT' },
  count: { type: 'NUMBER', pattern: '0' },
  money: { type: 'NUMBER', pattern: '#,##0.00##' },
  time: { type: 'DATE_TIME', pattern: 'yyyy-mm-dd hh:mm:ss' },
};

/** Empty text empties a cell. Times are what a clock in `zone` shows, as a count of days. */
export function cellWriter(zone: string): (value: string | number | boolean | Date | null) => RawValue {
  const clock = clockOf(zone);
  return (value) => {
    if (value === null) return '';
    if (value instanceof Date) return Number.isNaN(value.getTime()) ? '' : clock(value).getTime() / DAY_MS + UNIX_EPOCH;
    if (typeof value === 'number') return Number.isFinite(value) ? value : String(value);
    return typeof value === 'boolean' ? value : plainText(value);
  };
}

/** One kind of line ends, no broken characters, no longer than a cell. */
export function plainText(text: string): string {
  const clean = text.replace(/\r\n?/g, '\n').toWellFormed();
  return clean.length <= CELL_CHARACTERS ? clean : `${clean.slice(0, CELL_CHARACTERS - 1).toWellFormed()}…`;
}

/** Whether a cell holds the value already. Google gives numbers back with fifteen digits. */
export function holds(cell: RawValue | undefined, value: RawValue): boolean {
  const held = cell ?? '';
  if (typeof held === 'number' && typeof value === 'number') {
    return held === value || Math.abs(held - value) <= Math.abs(value) * 1e-14;
  }
  return held === value;
}
