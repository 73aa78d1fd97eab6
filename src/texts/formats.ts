/**
 * Numbers, money, moments, spans and lists as English and Russian readers write them. Money and counts keep every digit;
 * a moment names its day of the week, its zone and that zone's distance from UTC, so that nobody can misread it.
 */
import type { Amount } from './catalogue.ts';
import type { Keys } from './en/index.ts';

export interface Formats {
  /** `1,234,567` or `1 234 567`; every decimal that the number has. */
  number(value: number | bigint): string;
  /** Micro-units with two to six decimals and the currency's code: `1,234.50 EUR` or `1 234,50 EUR`. */
  money(amount: Amount): string;
  /** A size with at most one decimal: `50 MB`, in the units of 1024 that file managers show. */
  bytes(size: number): string;
  /** `Tue 24 Nov 2026, 10:00 (Europe/Moscow, UTC+3)`. */
  dateTime(instant: Date, zone: string): string;
  /** `Tue 24 Nov 2026`. */
  date(instant: Date, zone: string): string;
  /** `10:00`. */
  time(instant: Date, zone: string): string;
  /** A span roughly, for people who wait: `about 5 minutes`. */
  duration(ms: number): string;
  /** `a, b, and c`, or with `or`. */
  list(items: readonly string[], join?: 'and' | 'or'): string;
}

/** Keys of texts with a count alone that spans are made of. */
type SpanKey = Extract<keyof Keys, `span.${string}`>;

const NBSP = '\u00a0';
const MINUTE = 60_000;
const HOUR = 60 * MINUTE;
const DAY = 24 * HOUR;

/** `say` finds the text of a span with its count. */
export function formatsOf(locale: 'en' | 'ru', say: (key: SpanKey, n: number) => string): Formats {
  const plain = new Intl.NumberFormat(locale, { maximumFractionDigits: 20 });
  const decimal = new Intl.NumberFormat(locale, { minimumFractionDigits: 2, maximumFractionDigits: 6 });
  const lists = {
    and: new Intl.ListFormat(locale, { type: 'conjunction' }),
    or: new Intl.ListFormat(locale, { type: 'disjunction' }),
  };
  const gap = locale === 'ru' ? NBSP : ' ';

  const date = (instant: Date, zone: string): string => {
    const { weekday, day, month, year } = wall(locale, instant, zone);
    return `${weekday} ${day} ${month} ${year}`;
  };
  const time = (instant: Date, zone: string): string => {
    const { hour, minute } = wall(locale, instant, zone);
    return `${hour}:${minute}`;
  };

  return {
    number: (value) => plain.format(value),
    money({ micros, currency }) {
      if (!Number.isSafeInteger(micros)) throw new RangeError(`${micros} is not a whole number of micro-units`);
      // A decimal string keeps every digit (ECMA-402, Intl.NumberFormat.format); a division would not.
      return `${decimal.format(`${micros}E-6` as `${number}`)}${gap}${currency}`;
    },
    bytes: (size) => bytes(locale, size),
    dateTime: (instant, zone) =>
      `${date(instant, zone)}, ${time(instant, zone)} (${zone === 'UTC' ? zone : `${zone}, ${utcOffset(instant, zone)}`})`,
    date,
    time,
    duration: (ms) => span(ms, say),
    list: (items, join = 'and') => lists[join].format(items),
  };
}

/** `UTC+3`, `UTC-3:30`, `UTC+0`: how far the clock of the zone is from UTC at that instant. */
function utcOffset(instant: Date, zone: string): string {
  const parts = zoned('en', zone, { timeZoneName: 'shortOffset' }).formatToParts(instant);
  return parts
    .find((part) => part.type === 'timeZoneName')!
    .value.replace(/^GMT$/, 'GMT+0')
    .replace('GMT', 'UTC');
}

/** What calendar and clock on a wall in the zone show. A Russian month follows a number, so it is in the genitive. */
function wall(locale: 'en' | 'ru', instant: Date, zone: string): Record<Intl.DateTimeFormatPartTypes, string> {
  const month = locale === 'ru' ? 'long' : 'short';
  const parts = zoned(locale, zone, {
    weekday: 'short',
    day: 'numeric',
    month,
    year: 'numeric',
    hour: '2-digit',
    minute: '2-digit',
    hourCycle: 'h23',
  }).formatToParts(instant);
  return Object.fromEntries(parts.map((part) => [part.type, part.value])) as ReturnType<typeof wall>;
}

const kept = new Map<string, Intl.DateTimeFormat>();

/** Making a formatter costs a thousand times what using it does, and there are few zones. */
function zoned(locale: string, zone: string, fields: Intl.DateTimeFormatOptions): Intl.DateTimeFormat {
  const key = `${locale} ${zone} ${'timeZoneName' in fields}`;
  const known = kept.get(key);
  if (known) return known;
  const made = new Intl.DateTimeFormat(locale, { ...fields, timeZone: zone });
  kept.set(key, made);
  return made;
}

const SIZES = ['kilobyte', 'megabyte', 'gigabyte'] as const;

function bytes(locale: 'en' | 'ru', size: number): string {
  const rank = Math.min(SIZES.length, Math.max(1, Math.floor(Math.log2(Math.max(1, size)) / 10)));
  const unit = SIZES[rank - 1]!;
  return new Intl.NumberFormat(locale, { style: 'unit', unit, maximumFractionDigits: 1 }).format(size / 1024 ** rank);
}

/** Minutes to an hour and a half, hours and tens of minutes to ten hours, hours to two days, then days. */
function span(ms: number, say: (key: SpanKey, n: number) => string): string {
  if (ms < MINUTE) return say('span.moment', 0);
  const minutes = Math.round(ms / MINUTE);
  if (minutes < 90) return say('span.about-minutes', minutes);
  const tens = Math.round(ms / (10 * MINUTE));
  const over = (tens % 6) * 10;
  if (tens < 60 && over > 0) return `${say('span.about-hours', Math.floor(tens / 6))} ${say('span.and-minutes', over)}`;
  const hours = Math.round(ms / HOUR);
  return hours < 48 ? say('span.about-hours', hours) : say('span.about-days', Math.round(ms / DAY));
}
