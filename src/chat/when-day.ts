/**
 * The day in a text: `tomorrow`, `в пятницу`, `24.11`, `24 ноября`, `через 2 дня`. Chrono reads the words, at noon of a calendar
 * without a zone; numbers, weeks and years are read here, because it would guess them.
 */
import { createRequire } from 'node:module';
import { DateTime } from 'luxon';
import { DAY_MS, splitWall } from '../campaigns/wall-clock.ts';
import { isVague, NUMERALS, take, words } from './when-words.ts';

/** Days are whole days since 1970-01-01. */
export type DayReading =
  | { readonly kind: 'none' }
  | { readonly kind: 'day'; readonly day: number; readonly rest: string }
  | { readonly kind: 'unclear'; readonly why: DayProblem; readonly days: readonly number[]; readonly rest: string };

export type DayProblem =
  | 'vague' // "next week"
  | 'no-such-date' // 31.02
  | 'day-or-month' // 3/4
  | 'which-week' // a weekday that is today, or "next friday"
  | 'days-differ' // "friday 24.11", which is a Tuesday
  | 'which-day' // "tomorrow" in a zone where it is another day already
  | 'past'; // a date without a year that was not long ago

export interface DayContext {
  /** The day that it is where the person is. */
  readonly today: number;
  /** Whether 3/4 may be the 4th of March: nobody writes so in Russian. */
  readonly monthFirst: boolean;
}

/** Takes the day out of a text. */
export function readDay(text: string, context: DayContext): DayReading {
  const written = readNumbers(text, context) ?? readSpan(text, context.today);
  if (!written) return readWords(text, context.today);
  if (written.kind !== 'day') return written;
  return agree(written, readWords(written.rest, context.today), readWords(written.rest, written.day));
}

/** A date with a name beside it, "tomorrow 24.11" or "friday 27.11": the name as read from today, and from that very day. */
function agree(written: Extract<DayReading, { kind: 'day' }>, near: DayReading, there: DayReading): DayReading {
  if (near.kind === 'none') return written;
  if (near.kind === 'unclear' && near.days.length === 0) return near;
  const same = [near, there].some((name) =>
    name.kind === 'day' ? name.day === written.day : name.kind === 'unclear' && name.days.includes(written.day),
  );
  if (same) return { ...written, rest: near.rest };
  return { kind: 'unclear', why: 'days-differ', days: [written.day], rest: near.rest };
}

const load = createRequire(import.meta.url);
/** Loaded when somebody first names a day: it is large, and whoever only sends is never told one. */
const chronoOf = (language: 'en' | 'ru'): Pick<typeof import('chrono-node/en'), 'casual'> =>
  load(`chrono-node/${language}`);

const EDGE = '(?<![\\p{L}\\p{N}.:/-])';
const YEAR_FIRST = new RegExp(`${EDGE}(\\d{4})([-./])(\\d{1,2})\\2(\\d{1,2})(?![\\d./-])`, 'u');
const DAY_FIRST = new RegExp(`${EDGE}(\\d{1,2})([-./])(\\d{1,2})(?:\\2(\\d{4}|\\d{2}))?(?![\\d./-])`, 'u');

/** `2026-11-24`, `24.11.2026`, `24.11`, `24/11`. */
function readNumbers(text: string, context: DayContext): DayReading | null {
  const full = take(text, YEAR_FIRST);
  if (full) return inYear(Number(full.match[1]), Number(full.match[3]), Number(full.match[4]), full.rest);
  const taken = take(text, DAY_FIRST);
  if (!taken) return null;
  const [first, second] = [Number(taken.match[1]), Number(taken.match[3])];
  const said = taken.match[4];
  const year = said === undefined ? null : Number(said) + (said.length === 2 ? 2000 : 0);
  const dayFirst = onDate(year, second, first, context.today, taken.rest);
  if (taken.match[2] !== '/' || !context.monthFirst || first === second) return dayFirst;
  const monthFirst = onDate(year, first, second, context.today, taken.rest);
  if (monthFirst.kind !== 'day') return dayFirst;
  const days = dayFirst.kind === 'day' ? [dayFirst.day, monthFirst.day] : [monthFirst.day];
  return { kind: 'unclear', why: 'day-or-month', days, rest: taken.rest };
}

/** Half a year: a date without a year that is further off was meant to be the one just past. */
const FORESEEABLE_DAYS = 183;

function onDate(year: number | null, month: number, day: number, today: number, rest: string): DayReading {
  if (year !== null) return inYear(year, month, day, rest);
  const current = new Date(today * DAY_MS).getUTCFullYear();
  const soon = inYear(current, month, day, rest);
  if (soon.kind === 'day' && soon.day >= today) return soon;
  const next = inYear(current + 1, month, day, rest);
  if (next.kind !== 'day' || next.day - today <= FORESEEABLE_DAYS) return next;
  return { kind: 'unclear', why: 'past', days: [next.day], rest };
}

function inYear(year: number, month: number, day: number, rest: string): DayReading {
  const date = DateTime.utc(year, month, day);
  if (date.isValid) return { kind: 'day', day: date.toMillis() / DAY_MS, rest };
  return { kind: 'unclear', why: 'no-such-date', days: [], rest };
}

const SPAN = words(
  `(?:in|через) (?:(\\d{1,3}|${Object.keys(NUMERALS).join('|')}) )?(?:(days?|день|дня|дней)|(weeks?|неделю|недели|недель)|(months?|месяц|месяца|месяцев))`,
);

/** `in 2 days`, `через неделю`. «Через день» is one day or two, nobody knows. */
function readSpan(text: string, today: number): DayReading | null {
  const taken = take(text, SPAN);
  if (!taken) return null;
  const [, number, days, weeks] = taken.match;
  if (number === undefined && days !== undefined) return null;
  const count = number === undefined ? 1 : (NUMERALS[number] ?? Number(number));
  const unit = days ? 'days' : weeks ? 'weeks' : 'months';
  const then = DateTime.fromMillis(today * DAY_MS, { zone: 'utc' }).plus({ [unit]: count });
  return { kind: 'day', day: then.toMillis() / DAY_MS, rest: taken.rest };
}

/** What Chrono does not know, as it does. */
const SPELT_OUT: readonly (readonly [RegExp, string])[] = [
  [words('(?<!the )day after tomorrow'), 'the day after tomorrow'],
  [words('tues'), 'tuesday'],
  [words('вс'), 'воскресенье'],
  [words('февр'), 'февраля'],
  [words('июн'), 'июня'],
  [words('июл'), 'июля'],
  [words('сент'), 'сентября'],
  [words('нояб'), 'ноября'],
  [/(?<=\d)-?го(?= )/u, ''],
];

/** `tomorrow`, `friday`, `24 ноября 2026`, `friday, 27 november`. */
function readWords(text: string, today: number): DayReading {
  const phrase = SPELT_OUT.reduce((said, [short, long]) => said.replace(short, long), text);
  const noon = new Date(today * DAY_MS + DAY_MS / 2);
  const reference = new Date(noon.getUTCFullYear(), noon.getUTCMonth(), noon.getUTCDate(), 12);
  const [found] = chronoOf(/\p{Script=Cyrillic}/u.test(phrase) ? 'ru' : 'en').casual.parse(phrase, reference);
  if (!found || found.end || found.start.isCertain('hour')) return { kind: 'none' };
  if (isVague(found.text)) return { kind: 'unclear', why: 'vague', days: [], rest: '' };
  const rest = `${phrase.slice(0, found.index)} ${phrase.slice(found.index + found.text.length)}`.trim();
  const certain = (part: 'year' | 'month' | 'day' | 'weekday'): number | null =>
    found.start.isCertain(part) ? found.start.get(part) : null;
  const [year, month, day, weekday] = [certain('year'), certain('month'), certain('day'), certain('weekday')];
  if (month === null && day === null && weekday !== null) return onWeekday(weekday || 7, found.text, today, rest);
  if (month === null || day === null) return { kind: 'none' };
  const date = onDate(year, month, day, today, rest);
  const differs = date.kind === 'day' && weekday !== null && splitWall(date.day * DAY_MS).weekday !== (weekday || 7);
  return differs ? { kind: 'unclear', why: 'days-differ', days: [date.day], rest } : date;
}

/** A weekday is the coming one; on that very day, and with "next", people mean one week or the other. */
function onWeekday(weekday: number, said: string, today: number, rest: string): DayReading {
  const { weekday: current } = splitWall(today * DAY_MS);
  const inThisWeek = today - current + weekday;
  if (/эт[уо]|этот|this/.test(said)) return { kind: 'day', day: inThisWeek, rest };
  const coming = weekday > current ? inThisWeek : inThisWeek + 7;
  if (/last|past|прошл/.test(said)) return { kind: 'day', day: coming - 7, rest };
  const either = /next|след/.test(said) ? inThisWeek + 7 : weekday === current ? today : coming;
  if (either === coming) return { kind: 'day', day: coming, rest };
  return { kind: 'unclear', why: 'which-week', days: [either, coming].sort((a, b) => a - b), rest };
}
