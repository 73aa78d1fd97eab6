/**
 * The sending window in the recipient's day: open exactly while a clock on the recipient's wall shows a time from `from` to
 * before `to`, on an allowed day. So an hour that the clock skips is never open, and one that it shows twice is open twice.
 */
import { DAY_MS, MINUTE_MS, splitWall, stretches, type Weekday, wallTime } from './wall-clock.ts';

export type { Weekday } from './wall-clock.ts';

/** Hours of one day, on a wall clock; `from` is before `to`. */
export interface SendingWindow {
  /** `HH:mm`, the first minute that is open. */
  readonly from: string;
  /** `HH:mm`, the first minute that is closed again; `24:00` is the end of the day. */
  readonly to: string;
  /** Days that it opens on, at least one; every day where it is not said. */
  readonly days?: readonly Weekday[];
}

export type WindowReading =
  | { readonly kind: 'window'; readonly window: SendingWindow }
  /** Each has a sentence for a person in the catalogue under `window.<why>`. */
  | { readonly kind: 'refused'; readonly why: 'not-a-window' | 'empty' | 'crosses-midnight' };

/** Reads `09:00-20:00`, `9-20`, `9:00 – 20:00`. */
export function parseWindow(text: string): WindowReading {
  const match = /^(\d{1,2})(?:[:.](\d{2}))?\s*[-–—]\s*(\d{1,2})(?:[:.](\d{2}))?$/.exec(text.trim());
  if (!match) return { kind: 'refused', why: 'not-a-window' };
  const from = minutesOf(match[1]!, match[2]);
  const to = minutesOf(match[3]!, match[4]);
  if (from === null || to === null) return { kind: 'refused', why: 'not-a-window' };
  if (from === to) return { kind: 'refused', why: 'empty' };
  if (from > to) return { kind: 'refused', why: 'crosses-midnight' };
  return { kind: 'window', window: { from: clock(from), to: clock(to) } };
}

/** `09:00-20:00`: what `parseWindow` reads. */
export const formatWindow = (window: SendingWindow): string => `${window.from}-${window.to}`;

/** Whether messages may go out at `instant` to people in `zone` (IANA). */
export function isOpen(window: SendingWindow, zone: string, instant: Date): boolean {
  const { weekday, ms } = wallTime(zone, instant.getTime());
  const { from, to } = bounds(window);
  return ms >= from && ms < to && opensOn(window, weekday);
}

/** The first instant from `instant` on at which it is open: `instant` itself when it is. */
export const nextOpening = (window: SendingWindow, zone: string, instant: Date): Date =>
  new Date(firstOpening(window, zone, instant).from);

/**
 * When it closes: the end of the opening that `instant` falls in, or of the next one. An opening ends with its day, so one
 * until 24:00 ends there though the next may begin at once.
 */
export const closes = (window: SendingWindow, zone: string, instant: Date): Date =>
  new Date(firstOpening(window, zone, instant).until);

/** Milliseconds between the two instants during which it is open. */
export function openMs(window: SendingWindow, zone: string, from: Date, until: Date): number {
  const end = until.getTime();
  let open = 0;
  if (from >= until) return open;
  for (const opening of openings(window, zone, from.getTime(), end)) {
    open += Math.min(opening.until, end) - opening.from;
  }
  return open;
}

/**
 * The end of the last window over the zones of a campaign that starts at `start`: everybody's own window, the one that is open
 * then or else the next, has had its time. What is "not later than" when nobody says otherwise.
 */
export function lastWindowEnd(window: SendingWindow, zones: readonly string[], start: Date): Date {
  if (zones.length === 0) throw new RangeError('there is no last window over no zones');
  return new Date(Math.max(...zones.map((zone) => closes(window, zone, start).getTime())));
}

interface Opening {
  readonly day: number;
  readonly from: number;
  readonly until: number;
}

/** Weeks to look for an opening: a window of one hour on one weekday may fall into the hour that is skipped. */
const HORIZON_MS = 21 * DAY_MS;

function firstOpening(window: SendingWindow, zone: string, instant: Date): Opening {
  const at = instant.getTime();
  for (const opening of openings(window, zone, at, at + HORIZON_MS)) return opening;
  throw new RangeError(`the window ${formatWindow(window)} never opens`);
}

/** Openings from `from` on that begin before `end`, in order; what the two halves of one day join is one. */
function* openings(window: SendingWindow, zone: string, from: number, end: number): Generator<Opening> {
  let open: Opening | undefined;
  for (const piece of pieces(window, zone, from, end)) {
    const joined: Opening | undefined = open && join(open, piece);
    if (open && !joined) yield open;
    open = joined ?? piece;
  }
  if (open) yield open;
}

/** Both as one when the second goes on where the first ends, on the same day. */
const join = (first: Opening, second: Opening): Opening | undefined =>
  first.day === second.day && first.until === second.from ? { ...first, until: second.until } : undefined;

/** Openings as far as each lies in one stretch of the clock. */
function* pieces(window: SendingWindow, zone: string, from: number, end: number): Generator<Opening> {
  const hours = bounds(window);
  for (const stretch of stretches(zone, from)) {
    if (stretch.from >= end) return;
    const last = splitWall(stretch.until - 1 + stretch.offset).day;
    for (let { day } = splitWall(stretch.from + stretch.offset); day <= last; day++) {
      if (!opensOn(window, splitWall(day * DAY_MS).weekday)) continue;
      const midnight = day * DAY_MS - stretch.offset;
      const opens = Math.max(stretch.from, midnight + hours.from);
      const until = Math.min(stretch.until, midnight + hours.to);
      if (opens < until && opens < end) yield { day, from: opens, until };
    }
  }
}

const opensOn = (window: SendingWindow, weekday: Weekday): boolean => window.days?.includes(weekday) ?? true;

function bounds(window: SendingWindow): { readonly from: number; readonly to: number } {
  const [from, to] = [window.from, window.to].map((time) => minutesOf(time.slice(0, -3), time.slice(-2)));
  if (from == null || to == null || from >= to) throw new RangeError(`${formatWindow(window)} is not a sending window`);
  return { from: from * MINUTE_MS, to: to * MINUTE_MS };
}

/** Minutes since midnight, or null when no clock shows it; 24:00 is the end of the day. */
function minutesOf(hours: string, minutes = '00'): number | null {
  const total = Number(hours) * 60 + Number(minutes);
  return Number(minutes) < 60 && total <= 24 * 60 ? total : null;
}

const clock = (minutes: number): string =>
  `${String(Math.floor(minutes / 60)).padStart(2, '0')}:${String(minutes % 60).padStart(2, '0')}`;
