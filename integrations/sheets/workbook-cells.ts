/**
 * How a value becomes a cell of a workbook: text stays text whatever it begins with, a number keeps all its digits, a
 * time is a real date in the reader's zone. Pure, and exact about what the file format (ECMA-376) can carry.
 */
import type { CellRichTextValue, Style } from 'exceljs';
import { IANAZone } from 'luxon';
import type { ResultColumnKind } from '../../src/results/sink.ts';

/** What Excel allows: characters in a cell and in the name of a tab, rows in a tab. */
export const CELL_CHARACTERS = 32_767;
export const TAB_NAME_CHARACTERS = 31;
export const TAB_ROWS = 1_048_576;

export interface WrittenCell {
  readonly value: string | number | boolean | Date | CellRichTextValue | null;
  readonly style: Partial<Style>;
}

/** One object per look: exceljs recognises a style that it has seen by its identity. `@` is Excel's format "Text". */
const STYLE = {
  plain: {},
  text: { numFmt: '@' },
  digits: { numFmt: '0' },
  money: { numFmt: '#,##0.00##' },
  time: { numFmt: 'yyyy-mm-dd hh:mm:ss' },
} as const satisfies Record<string, Partial<Style>>;

/** Digits from which Excel's general format turns a whole number into 7.9E+11. */
const GENERAL_DIGITS_END = 1e11;

/** The instants whose year Excel can show: 1900-03-01, after its false leap day, to 9999-12-31. */
const FIRST_DATE = Date.UTC(1900, 2, 1);
const LAST_DATE = Date.UTC(9999, 11, 31);

const EMPTY: WrittenCell = { value: null, style: STYLE.plain };

/** Turns instants into what a clock in `zone` shows; an unknown zone is a bug of the caller. */
export function clockOf(zone: string): (instant: Date) => Date {
  const known = IANAZone.create(zone);
  if (!known.isValid) throw new Error(`"${zone}" is not an IANA time zone`);
  /** By the minute: asking the zone costs more than all else in a row, and within a minute of ours its clocks do not change. */
  const offsets = new Map<number, number>();
  return (instant) => {
    const minute = Math.floor(instant.getTime() / 60_000);
    const offset = offsets.get(minute) ?? known.offset(instant.getTime());
    offsets.set(minute, offset);
    return new Date(instant.getTime() + offset * 60_000);
  };
}

/** The cell for a value; `clock` says what time it is for the reader. */
export function cellOf(
  value: string | number | boolean | Date | null,
  clock: (instant: Date) => Date,
  kind: ResultColumnKind = 'text',
): WrittenCell {
  if (value === null || value === '') return EMPTY;
  if (typeof value === 'string') return textCell(value);
  if (typeof value === 'boolean') return { value, style: STYLE.plain };
  if (typeof value === 'number') return numberCell(value, kind);
  return dateCell(value, clock);
}

/** A cell that is text and stays text when a person edits it, whatever it begins with. */
export function textCell(text: string): WrittenCell {
  const kept = cutToCell(cleanText(text));
  if (kept === '') return EMPTY;
  return { value: needsInline(kept) ? { richText: [{ text: escapeX(kept) }] } : kept, style: STYLE.text };
}

function numberCell(value: number, kind: ResultColumnKind): WrittenCell {
  // `<v>NaN</v>` makes Excel call the whole file broken.
  if (!Number.isFinite(value)) return textCell(String(value));
  if (kind === 'money') return { value, style: STYLE.money };
  const whole = Number.isInteger(value) && (kind === 'count' || Math.abs(value) >= GENERAL_DIGITS_END);
  return { value, style: whole ? STYLE.digits : STYLE.plain };
}

function dateCell(instant: Date, clock: (instant: Date) => Date): WrittenCell {
  if (Number.isNaN(instant.getTime())) return EMPTY;
  const shown = clock(instant);
  if (shown.getTime() < FIRST_DATE || shown.getTime() > LAST_DATE) return textCell(instant.toISOString());
  return { value: shown, style: STYLE.time };
}

/** Without what XML 1.0 (2.2, Char) does not allow, lone surrogates included; line ends as Excel writes them. */
export const cleanText = (text: string): string =>
  text.replace(/\r\n?/g, '\n').replace(/[^\t\n\u0020-\u007E\u0080-\uD7FF\uE000-\uFFFD\u{10000}-\u{10FFFF}]/gu, '');

/** Cut to what a cell holds, ending in a mark that says so; never inside a surrogate pair. */
const cutToCell = (text: string): string =>
  text.length <= CELL_CHARACTERS ? text : `${headOf(text, CELL_CHARACTERS - 1)}…`;

/** The first `length` UTF-16 units, or one fewer where that would split a pair. */
function headOf(text: string, length: number): string {
  const last = text.charCodeAt(length - 1);
  return text.slice(0, last >= 0xd800 && last <= 0xdbff ? length - 1 : length);
}

const X_ESCAPE = /_x(?=[0-9A-Fa-f]{4}_)/g;

/** ECMA-376 22.9.2.19, ST_Xstring: `_x0041_` stands for A, so that text which really says so escapes its underscore. */
const escapeX = (text: string): string => text.replace(X_ESCAPE, '_x005F_x');

/**
 * exceljs writes a string as a bare `<v>`: readers trim it, and its own reader decodes entities in it twice. Only the
 * inline form `<is><t xml:space="preserve">` carries such text unharmed.
 */
const needsInline = (text: string): boolean => /^\s|\s$|&[a-z]*;/.test(text) || text.search(X_ESCAPE) >= 0;

/**
 * Gives the tabs of one workbook names that Excel takes: without `[]:*?/\`, at most 31 characters, no apostrophe at
 * their ends, and no two alike (compared without case).
 */
export function tabNames(): (wished: string) => string {
  const taken = new Set<string>();
  return (wished) => {
    const clean = cleanText(wished)
      .replace(/[[\]:*?/\\\s]+/g, ' ')
      .replace(/^[\s']+|[\s']+$/g, '');
    for (let n = 1; ; n += 1) {
      const name = tabName(clean || '1', n === 1 ? '' : ` (${n})`);
      if (taken.has(name.toLowerCase())) continue;
      taken.add(name.toLowerCase());
      return name;
    }
  };
}

/** `clean` and `tail` within what a tab's name may have. */
function tabName(clean: string, tail: string): string {
  const room = TAB_NAME_CHARACTERS - tail.length;
  const head = clean.length > room ? headOf(clean, room).replace(/[\s']+$/, '') : clean;
  return `${head}${tail}`;
}

/** Characters that a value takes on the screen: those of its longest line. */
export function shownLength(cell: WrittenCell): number {
  const { value, style } = cell;
  if (value === null) return 0;
  if (value instanceof Date) return STYLE.time.numFmt.length;
  if (typeof value === 'number')
    return style.numFmt === STYLE.money.numFmt ? value.toFixed(4).length : `${value}`.length;
  const text = typeof value === 'object' ? value.richText.map((run) => run.text).join('') : String(value);
  return Math.max(...text.split('\n').map((line) => line.length));
}
