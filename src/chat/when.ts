/**
 * Times as people write them, English or Russian, on the clock of the person who writes: `tomorrow 10:00`, «завтра в 10»,
 * «24.11 в 9», `in 30 minutes`, `now`. What could be meant in two ways is not guessed but asked about, with the ways as options.
 */
import { DAY_MS, instantsBeside, instantsOf, MINUTE_MS, splitWall, wallTime } from '../campaigns/wall-clock.ts';
import type { Locale } from '../texts/index.ts';
import { type ClockReading, readClock } from './when-clock.ts';
import { type DayProblem, type DayReading, readDay } from './when-day.ts';
import { readDelay } from './when-delay.ts';
import { isRange, isVague, meansNow, plainText, withoutFillers } from './when-words.ts';
import { readZone, type Said } from './when-zone.ts';

/** Why it is not clear; each has a sentence for a person in the catalogue under `when.<why>`. */
export type WhenProblem =
  | DayProblem
  | 'empty'
  | 'not-understood'
  | 'left-over' // a day or a time, and words that were not understood
  | 'range' // from … to …
  | 'no-time' // a day without a time
  | 'no-such-time' // 25:00, "13 утра"
  | 'morning-or-evening' // "at 5"
  | 'today-is-past' // a time without a day that has been today
  | 'too-far'
  | 'skipped' // the clock jumps over it
  | 'twice'; // the clock shows it twice

export type When =
  /** `zone` (IANA) is the one to echo it in: the one that was named, else the person's. */
  | { readonly kind: 'instant'; readonly at: Date; readonly zone: string }
  /** As soon as it may. */
  | { readonly kind: 'now' }
  | {
      readonly kind: 'unclear';
      readonly why: WhenProblem;
      /** What may have been meant, earliest first, all in the future. */
      readonly options?: readonly Date[];
      /** The words that were not understood. */
      readonly rest?: string;
    };

export interface WhenContext {
  readonly now: Date;
  /** The person's IANA zone. */
  readonly zone: string;
  /** The person's language; both are understood whatever it is. */
  readonly locale: Locale;
}

/** Nobody plans a campaign further ahead; whoever writes 2206 meant 2026. */
const FORESEEABLE_MS = 400 * DAY_MS;

/** Longer texts are no times, and patterns take their time over them. */
const LONGEST = 200;

/** What a person meant by `text`, or why that is not clear. */
export function readWhen(text: string, context: WhenContext): When {
  const plain = plainText(text);
  if (plain === '') return { kind: 'unclear', why: 'empty' };
  if (plain.length > LONGEST) return { kind: 'unclear', why: 'not-understood' };
  if (meansNow(plain)) return { kind: 'now' };
  const delay = readDelay(plain);
  if (delay !== null) return instantAt(afterDelay(context.now, delay), context.zone, context.now);
  if (isRange(plain)) return { kind: 'unclear', why: 'range' };
  const { said, rest } = readZone(plain);
  return readDayAndTime(rest, said, context);
}

/** On a whole minute, as it will be echoed, and never sooner than asked. */
const afterDelay = (now: Date, delayMs: number): number => Math.ceil((now.getTime() + delayMs) / MINUTE_MS) * MINUTE_MS;

function readDayAndTime(text: string, said: Said | null, context: WhenContext): When {
  const spoken = text.replace(/(?<!\p{L})(?:tonight|this (?=morning|afternoon|evening))/u, (word) =>
    word === 'tonight' ? 'today evening' : 'today ',
  );
  const clock = readClock(spoken);
  if (clock.kind === 'no-such-time') return { kind: 'unclear', why: 'no-such-time' };
  const place = placeOf(said, context);
  const day = readDayThere(clock.kind === 'clock' ? clock.rest : spoken, place, context);
  const problem = unreadable(spoken, clock, day);
  if (problem || clock.kind === 'none') return problem ?? { kind: 'unclear', why: 'no-time' };
  if (day.kind === 'none') return onNoDay(clock.minutes, place, context);
  const days = day.kind === 'day' ? [day.day] : day.days;
  const why = day.kind === 'unclear' ? day.why : clock.minutes.length > 1 ? 'morning-or-evening' : null;
  return settle(days, clock.minutes, why, place, context);
}

/** What there is to say before any calendar is asked: words that are no time, or not all of it. */
function unreadable(text: string, clock: ClockReading, day: DayReading): When | null {
  if (day.kind === 'unclear' && day.days.length === 0) return { kind: 'unclear', why: day.why };
  const left = day.kind !== 'none' ? day.rest : clock.kind === 'clock' ? clock.rest : text;
  if (clock.kind === 'none' && isVague(left)) return { kind: 'unclear', why: 'vague' };
  if (clock.kind === 'none' && day.kind === 'none') return { kind: 'unclear', why: 'not-understood' };
  const rest = withoutFillers(left);
  return rest === '' ? null : { kind: 'unclear', why: 'left-over', rest };
}

/** Where the clock hangs that the time is meant on. */
interface Place {
  /** To echo the time in. */
  readonly zone: string;
  readonly today: number;
  /** The instants of a reading: none, one or two; and those beside it when none. */
  instants(wall: number): readonly number[];
  beside(wall: number): readonly number[];
}

function placeOf(said: Said | null, context: WhenContext): Place {
  const now = context.now.getTime();
  if (said?.kind === 'offset') {
    const offset = said.minutes * MINUTE_MS;
    const instants = (wall: number) => [wall - offset];
    return { zone: context.zone, today: splitWall(now + offset).day, instants, beside: instants };
  }
  const zone = said?.zone ?? context.zone;
  return {
    zone,
    today: wallTime(zone, now).day,
    instants: (wall) => instantsOf(zone, wall),
    beside: (wall) => instantsBeside(zone, wall),
  };
}

/** The day on the calendar there; "tomorrow" may be another day there than here, and then either may be meant. */
function readDayThere(text: string, place: Place, context: WhenContext): DayReading {
  const monthFirst = context.locale === 'en';
  const there = readDay(text, { today: place.today, monthFirst });
  const here = readDay(text, { today: wallTime(context.zone, context.now.getTime()).day, monthFirst });
  if (there.kind !== 'day' || here.kind !== 'day' || there.day === here.day) return there;
  return { kind: 'unclear', why: 'which-day', days: [there.day, here.day], rest: there.rest };
}

/** A time alone is today's; when that has passed, tomorrow's is offered and not taken. */
function onNoDay(minutes: readonly number[], place: Place, context: WhenContext): When {
  const today = settle([place.today], minutes, minutes.length > 1 ? 'morning-or-evening' : null, place, context);
  const passed = today.kind === 'unclear' && (today.why === 'past' || !today.options);
  if (!passed) return today;
  return settle([place.today + 1], minutes, 'today-is-past', place, context);
}

/** The instant that day and time come to; a `why` that is known already makes options of all that they may come to. */
function settle(
  days: readonly number[],
  minutes: readonly number[],
  why: WhenProblem | null,
  place: Place,
  context: WhenContext,
): When {
  const walls = days.flatMap((day) => minutes.map((minute) => day * DAY_MS + minute * MINUTE_MS));
  const instants = walls.flatMap((wall) => place.instants(wall));
  if (why !== null) return ask(why, instants, context.now);
  if (instants.length === 0) return ask('skipped', place.beside(walls[0]!), context.now);
  if (instants.length > 1) return ask('twice', instants, context.now);
  return instantAt(instants[0]!, place.zone, context.now);
}

function instantAt(instant: number, zone: string, now: Date): When {
  if (instant <= now.getTime()) return { kind: 'unclear', why: 'past' };
  if (instant - now.getTime() > FORESEEABLE_MS) return { kind: 'unclear', why: 'too-far' };
  return { kind: 'instant', at: new Date(instant), zone };
}

/** Asks, with those of the instants as options that are still to come. */
function ask(why: WhenProblem, instants: readonly number[], now: Date): When {
  const ahead = [...new Set(instants)].filter((instant) => instant > now.getTime()).sort((a, b) => a - b);
  if (ahead.length === 0) return { kind: 'unclear', why };
  return { kind: 'unclear', why, options: ahead.map((instant) => new Date(instant)) };
}
