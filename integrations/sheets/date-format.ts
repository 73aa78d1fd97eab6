/** Days and times of a workbook: a count of days becomes an ISO date, and the text that the format shows of it. */
import type { Cell } from '../../src/audiences/source.ts';
import { SHORT_DATE } from './built-in-formats.ts';

export interface DateStyle {
  /** Days count from 1904. */
  readonly date1904: boolean;
  /** Whose short date and names of months are shown where the format leaves it to the reader. */
  readonly language: 'en' | 'ru';
}

/** An English short date may be read with its day and month swapped; ISO 8601 cannot. */
const SHORT_DATES = { en: 'yyyy-mm-dd', ru: 'dd.mm.yyyy' } as const;

const DAY_MS = 86_400_000;
/** Days from 30 December 1899 to 1970. */
const UNIX_EPOCH = 25_569;
const FROM_1904 = 1462;
/** 31 December 9999 is the last day that spreadsheets know; what is above it is no date, whatever its format. */
const LAST_DAY = 2_958_465;

/** Whether a format code shows a date or a time: it has one of their letters outside quotes and brackets. */
export function isDatePattern(code: string): boolean {
  if (code === 'General') return false;
  const bare = code.replace(/"[^"]*"|\\.|[_*]./g, '').replace(/\[(?!h+\]|m+\]|s+\])[^\]]*\]/gi, '');
  return /[ymdhs]/i.test(bare);
}

/** Makes cells of day counts; null for one that lies outside the calendar and must be a plain number. */
export function dateCells(code: string, style: DateStyle): (days: number) => Cell | null {
  const show = shownBy(code, style.language);
  return (days) => {
    const serial = style.date1904 ? days + FROM_1904 : days;
    if (!(serial >= 0 && serial < LAST_DAY + 1)) return null;
    // There is no 29 February 1900, but spreadsheets count one (18.17.4.1).
    const real = serial < 60 && !style.date1904 ? serial + 1 : serial;
    const at = new Date(Math.round((real - UNIX_EPOCH) * DAY_MS));
    return { kind: 'date', iso: isoOf(at, serial), text: show(at, days) };
  };
}

/** A day, a time of day, or both: as much as the count says. */
function isoOf(at: Date, serial: number): string {
  const iso = at.toISOString();
  const day = iso.slice(0, 10);
  const clock = iso.slice(11, -1).replace(/\.000$/, '');
  if (serial < 1 && serial > 0) return clock;
  return clock === '00:00:00' ? day : `${day}T${clock}`;
}

/** Quotes and escapes, elapsed hours, then runs of one letter; all else stands for itself. */
const TOKENS = /"([^"]*)"|\\(.)|\[(h+|m+|s+)\]|(AM\/PM|A\/P)|(y+|m+|d+|h+|s+)|(\.0+)|([_*].)|([^"\\])/gi;

/** What one token of a format shows of an instant, or of a count of days. */
type Field = (at: Date, days: number) => string;

function shownBy(code: string, ownLanguage: 'en' | 'ru'): Field {
  const pattern = code.split(';', 1)[0]!.replace(SHORT_DATE, SHORT_DATES[ownLanguage]);
  const language = languageOf(pattern) ?? ownLanguage;
  const tokens = [...pattern.replace(/\[(?!h+\]|m+\]|s+\])[^\]]*\]/gi, '').matchAll(TOKENS)];
  const halves = tokens.some((token) => token[4]);
  const fields = tokens.map((token, i): Field => {
    const [, quoted, escaped, elapsed, half, letters, fraction, , literal] = token;
    if (elapsed) return elapsedField(elapsed);
    if (half) return (at) => (at.getUTCHours() < 12 ? 'AM' : 'PM');
    if (letters) return field(isMinutes(tokens, i) ? letters.replaceAll(/m/gi, 'n') : letters, halves, language);
    if (fraction) return (at) => (at.getUTCMilliseconds() / 1000).toFixed(fraction.length - 1).slice(1);
    const same = quoted ?? escaped ?? (literal === '@' ? '' : (literal ?? ''));
    return () => same;
  });
  return (at, days) => {
    let text = '';
    for (const show of fields) text += show(at, days);
    return text.trim();
  };
}

/** `m` is minutes next to hours or seconds, else months (18.8.31). */
function isMinutes(tokens: readonly RegExpExecArray[], i: number): boolean {
  if (!/^m{1,2}$/i.test(tokens[i]![5]!)) return false;
  const letter = (token: RegExpExecArray | undefined) => (token?.[5] ?? token?.[3] ?? '')[0]?.toLowerCase();
  const before = tokens.slice(0, i).findLast((token) => token[5] || token[3]);
  const after = tokens.slice(i + 1).find((token) => token[5] || token[3]);
  return letter(before) === 'h' || letter(after) === 's';
}

/** A field by its letters; `n` is minutes. */
function field(letters: string, halves: boolean, language: 'en' | 'ru'): Field {
  const two = (n: number) => (letters.length > 1 && n < 10 ? `0${n}` : String(n));
  const long = letters.length > 2;
  switch (letters[0]!.toLowerCase()) {
    case 'y':
      return (at) => (long ? String(at.getUTCFullYear()) : String(at.getUTCFullYear() % 100).padStart(2, '0'));
    case 'm':
      return long ? nameField('month', letters.length, language) : (at) => two(at.getUTCMonth() + 1);
    case 'd':
      return long ? nameField('weekday', letters.length, language) : (at) => two(at.getUTCDate());
    case 'h':
      return (at) => two(halves ? at.getUTCHours() % 12 || 12 : at.getUTCHours());
    case 'n':
      return (at) => two(at.getUTCMinutes());
    default:
      return (at) => two(at.getUTCSeconds());
  }
}

/** Names beside a day, so that Russian months come in the genitive: 5 ноября. */
function nameField(kind: 'month' | 'weekday', length: number, language: 'en' | 'ru'): Field {
  const style = length === 3 ? 'short' : 'long';
  const names = new Intl.DateTimeFormat(language, { timeZone: 'UTC', day: 'numeric', month: 'long', [kind]: style });
  return (at) => names.formatToParts(at).find((part) => part.type === kind)!.value;
}

function elapsedField(letters: string): Field {
  const unit = { h: 3600, m: 60, s: 1 }[letters[0]!.toLowerCase() as 'h' | 'm' | 's'];
  return (_, days) => String(Math.floor(Math.round(days * 86_400) / unit)).padStart(letters.length, '0');
}

/** `[$-419]` names a locale by Microsoft's number; its last two digits are the language: 19 is Russian, 09 English. */
function languageOf(code: string): 'en' | 'ru' | null {
  const locale = /\[\$[^\]-]*-[0-9A-F]*?([0-9A-F]{2})\]/i.exec(code)?.[1];
  return locale === '19' ? 'ru' : locale === '09' ? 'en' : null;
}
