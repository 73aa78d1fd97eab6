/**
 * Numbers of a workbook as plain text: digits in full, never 7.9E+10, but with what the format says about decimals,
 * percent and leading zeros, because that is what the manager sees. Grouping and currency are left out.
 */
import type { Cell } from '../../src/audiences/source.ts';
import { type DateStyle, dateCells, isDatePattern } from './date-format.ts';

/** Makes a cell of a number. */
export type NumberStyle = (value: number) => Cell;

/** The style of cells that have this format code. */
export function numberStyle(code: string, dates: DateStyle): NumberStyle {
  if (isDatePattern(code)) {
    const toDate = dateCells(code, dates);
    return (value) => toDate(value) ?? numberCell(value, plainNumber(value));
  }
  const shape = shapeOf(code);
  return (value) => numberCell(value, shape === null ? plainNumber(value) : shaped(value, shape));
}

const numberCell = (value: number, text: string): Cell => ({ kind: 'number', value, text });

/** All digits that a spreadsheet keeps, which are 15, without an exponent. */
export function plainNumber(value: number): string {
  if (Number.isInteger(value)) return BigInt(value).toString();
  const text = String(Number(value.toPrecision(15)));
  return text.includes('e') ? value.toFixed(20).replace(/\.?0+$/, '') : text;
}

interface Shape {
  readonly wholeDigits: number;
  readonly decimals: { readonly least: number; readonly most: number };
  readonly percent: boolean;
}

/** Digit places of the format's first section; null for those that round nothing or cannot be kept plain. */
function shapeOf(code: string): Shape | null {
  const section = code
    .replace(/"[^"]*"|\\.|[_*].|\[[^\]]*\]/g, '')
    .split(';', 1)[0]!
    .replace(/[^0#?.,%E/@a-z]/gi, '');
  const places = /^([#?0,]*[#?0])(?:\.([#?0]*))?(%?)$/.exec(section);
  if (!places) return null;
  const [, whole = '', fraction = '', percent] = places;
  return {
    wholeDigits: whole.replace(/[^0]/g, '').length,
    decimals: { least: fraction.replace(/[^0]/g, '').length, most: fraction.length },
    percent: percent === '%',
  };
}

function shaped(value: number, shape: Shape): string {
  const shown = shape.percent ? value * 100 : value;
  if (Math.abs(shown) >= 1e21) return plainNumber(value);
  // Rounded as it is read, in decimal: 1.005 to two places is 1.01 in a spreadsheet, 1.00 by its binary digits.
  const [whole = '0', fraction = ''] = decimalRound(Math.abs(shown), shape.decimals.most).split('.');
  const kept = fraction.slice(0, shape.decimals.least) + fraction.slice(shape.decimals.least).replace(/0+$/, '');
  const text = whole.padStart(shape.wholeDigits, '0') + (kept === '' ? '' : `.${kept}`) + (shape.percent ? '%' : '');
  return shown < 0 && /[1-9]/.test(text) ? `-${text}` : text;
}

function decimalRound(value: number, decimals: number): string {
  const nudged = Number(`${Math.round(Number(`${Number(value.toPrecision(15))}e${decimals}`))}e-${decimals}`);
  return Number.isFinite(nudged) ? nudged.toFixed(decimals) : value.toFixed(decimals);
}
