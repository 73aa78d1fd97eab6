/** From what the XML says of a cell to the cell as a person sees it; a formula's cell is the value computed last. */
import { type Cell, SourceBroken } from '../../src/audiences/source.ts';
import type { FileLimits } from './limits.ts';
import { numberStyle } from './number-format.ts';
import { type SharedParts, unescapeText } from './workbook-parts.ts';
import { isTrue } from './xml.ts';

export interface RawCell {
  readonly value: string;
  /** `n` for numbers, `s` for shared texts and so on (18.18.11). */
  readonly type: string;
  /** Index of the cell's format. */
  readonly style: number;
}

export type CellMaker = (cell: RawCell) => Cell;

export const EMPTY: Cell = { kind: 'empty' };
const textCell = (text: string): Cell => (text.trim() === '' ? EMPTY : { kind: 'text', text });
const FALSE: Cell = { kind: 'boolean', value: false, text: 'FALSE' };

export function cellMaker(parts: SharedParts, language: 'en' | 'ru', limits: FileLimits): CellMaker {
  const styles = parts.formats.map((code) => numberStyle(code, { date1904: parts.date1904, language }));
  const general = numberStyle('General', { date1904: false, language: 'en' });

  function checkLength(text: string): void {
    if (text.length <= limits.cellLength) return;
    throw new SourceBroken({ code: 'too-large', what: 'cell', limit: limits.cellLength });
  }

  function shared(index: string): Cell {
    const text = parts.strings.at(Number(index));
    if (text === undefined) throw new SourceBroken({ code: 'broken', detail: 'a cell whose text is missing' });
    checkLength(text);
    return textCell(text);
  }

  return ({ value, type, style }) => {
    if (value === '') return EMPTY;
    checkLength(value);
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
