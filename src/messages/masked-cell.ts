/**
 * A cell of a manager's list as it may be seen where phones are masked: whatever reads as a phone is, in any column and any
 * spelling; names, dates and sums stay. It would rather hide a long number than show a person's.
 */
import { maskPhones } from '../platform/mask.ts';
import { type CountryCode, readPhone } from './phone.ts';
import type { PhoneProblem } from './phone-cell.ts';

type Cell = string | number | boolean | null;

/** The cell with nothing left of each phone but its last four digits; numbers without a plus are of `country`. */
export function maskedCell(cell: Cell, country: CountryCode): Cell {
  if (typeof cell === 'number') {
    return LONG.test(String(cell)) || isSomebodys({ text: '', value: cell }, country) ? lastFour(String(cell)) : cell;
  }
  if (typeof cell !== 'string') return cell;
  const masked = maskedText(cell);
  // What is left may be a phone of a country whose numbers are short.
  return isSomebodys({ text: masked.replaceAll(DATES, '') }, country) ? lastFour(masked) : masked;
}

/** As long as phones are in most countries, whether or not a numbering plan knows it. */
const LONG = /^\d{10,15}$/;
/** Long numbers as people and spreadsheets write them: 8 (916) 123-45-67, 7.9161234567E+10. */
const SPELT = /\+?\d(?:[\s().,E+-]{0,3}\d){9,}/gi;
/** Dates are digits, dots and dashes as well: 2026-11-23 10:00, 23.11.2026, 23/11/2026. */
const DATES =
  /(?<!\d)((?:19|20)\d\d-[01]\d-[0-3]\d(?:[T ][0-2]\d:[0-5]\d)?|[0-3]?\d[./][01]?\d[./](?:19|20)\d\d)(?!\d)/g;

/** Masks what stands between dates. */
const maskedText = (text: string): string =>
  text
    .split(DATES)
    .map((piece, index) => (index % 2 === 0 ? maskPhones(piece).replace(SPELT, lastFour) : piece))
    .join('');

/** Numbers that no SMS goes to, but that somebody answers. */
const NO_MOBILE: ReadonlySet<PhoneProblem> = new Set(['not-mobile', 'other-country', 'several-numbers']);

function isSomebodys(cell: Parameters<typeof readPhone>[0], country: CountryCode): boolean {
  const reading = readPhone(cell, country);
  return reading.kind === 'phone' || NO_MOBILE.has(reading.why);
}

const lastFour = (number: string): string => `***${number.replace(/\D/g, '').slice(-4)}`;
