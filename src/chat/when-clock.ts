/**
 * The time of day in a text: `10:00`, `в 10 утра`, `6pm`, `в полдень`. Chrono reads «5 вечера» as five in the morning and drops
 * «24.11» before a time, so the clock is read here and only days are left to it.
 */
import { take, words } from './when-words.ts';

export type ClockReading =
  | { readonly kind: 'none' }
  /** Minutes since midnight; two where morning and evening are equally likely. */
  | { readonly kind: 'clock'; readonly minutes: readonly number[]; readonly rest: string }
  | { readonly kind: 'no-such-time' };

const PART = '[ap]\\.?m|утра|дня|вечера|ночи|(?:in the )?(?:morning|afternoon|evening)|(?:at )?night';
const PART_ELSEWHERE = words('утром|днем|вечером|ночью|(?:in the )?(?:morning|afternoon|evening)|(?:at )?night');
const AT = '(?<=(?:at|в|во|@) ?)';
const BEFORE = '(?<![\\p{L}\\p{N}.:/-])(?:(?:at|в|во|@) ?)?';
const AFTER = '(?![\\p{L}\\p{N}:])';

const clockPattern = (source: string): RegExp =>
  new RegExp(`${BEFORE}(?:${source})(?: ?(?<part>${PART}))?${AFTER}`, 'u');

/** In the order in which they are tried. */
const PATTERNS: readonly RegExp[] = [
  clockPattern('(?<hour>\\d{1,2}):(?<minute>\\d{2})(?::00)?'),
  clockPattern(`${AT}(?<hour>\\d{1,2})\\.(?<minute>\\d{2})(?![.\\d])`),
  clockPattern(`${AT}(?<hour>\\d{1,2}) ?(?:ч|час|часа|часов)\\.?(?: ?(?<minute>\\d{1,2}) ?(?:м|мин|минут|минуты))?`),
  // Not the three days of «через 3 дня».
  new RegExp(`(?<!(?:через|in) )${BEFORE}(?<hour>\\d{1,2})(?: ?ч| час| часа| часов)? ?(?<part>${PART})${AFTER}`, 'u'),
  clockPattern(`${AT}(?<hour>\\d{1,2})(?![.:/-]\\d)(?: o'clock)?`),
];

const NOON = words('(?:at |в )?(?:noon|midday|полдень)');

/** A last word of digits after a day: `завтра 10.30`, `24.11 10`. */
const AT_THE_END = /(?<=(?<head>.*\S) )(?<hour>\d{1,2})(?:\.(?<minute>\d{2}))?$/u;
const MONTH =
  /(?:^| )(?:янв|фев|мар|апр|ма[йя]|июн|июл|авг|сен|окт|ноя|дек|jan|feb|mar|apr|may|jun|jul|aug|sep|oct|nov|dec)\p{L}*\.?$/u;

/** Takes the clock out of a text. */
export function readClock(text: string): ClockReading {
  const noon = take(text, NOON);
  if (noon) return { kind: 'clock', minutes: [12 * 60], rest: noon.rest };
  for (const pattern of PATTERNS) {
    const taken = take(text, pattern);
    if (taken) return clockOf(taken.match.groups!, taken.rest);
  }
  const last = take(text, AT_THE_END);
  if (!last) return { kind: 'none' };
  const { head, hour, minute } = last.match.groups!;
  // In "nov 24" the number is a day, in "24 nov 10" an hour, in "24 ноября 26" a year.
  const isDay = MONTH.test(head!) && !/\d/.test(head!);
  if (isDay || Number(hour) > 23 || Number(minute ?? 0) > 59) return { kind: 'none' };
  return clockOf(last.match.groups!, last.rest);
}

function clockOf(said: Readonly<Record<string, string | undefined>>, rest: string): ClockReading {
  const elsewhere = said.part ? null : take(rest, PART_ELSEWHERE);
  const part = said.part ?? elsewhere?.match[0];
  const left = elsewhere?.rest ?? rest;
  const minute = Number(said.minute ?? 0);
  const hour = part ? hourIn(part, Number(said.hour)) : Number(said.hour);
  if (hour === null || hour > 23 || minute > 59) return { kind: 'no-such-time' };
  const minutes = hour * 60 + minute;
  // "at 5" is five in the afternoon as often as not; "05" and "5:00" are on the 24-hour clock.
  const either = part === undefined && said.minute === undefined && /^[1-7]$/.test(said.hour!);
  return { kind: 'clock', minutes: either ? [minutes, minutes + 12 * 60] : [minutes], rest: left };
}

/** The hour on the 24-hour clock, or null when that part of the day has no such hour. */
function hourIn(part: string, hour: number): number | null {
  const within = (from: number, to: number): boolean => hour >= from && hour <= to;
  if (/^a\.?m/.test(part)) return hour === 12 ? 0 : within(0, 11) ? hour : null;
  if (/^p\.?m/.test(part)) return within(12, 23) ? hour : within(1, 11) ? hour + 12 : null;
  if (/утр|morning/.test(part)) return within(0, 11) ? hour : null;
  if (/^дн|afternoon/.test(part)) return within(11, 17) ? hour : within(1, 6) ? hour + 12 : null;
  if (/вечер|evening/.test(part)) return within(16, 23) ? hour : within(4, 11) ? hour + 12 : null;
  return within(0, 4) || within(21, 23) ? hour : within(9, 11) ? hour + 12 : null;
}
