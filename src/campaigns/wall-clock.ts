/**
 * From the clock on a wall in a zone to instants and back. A wall clock skips times and shows some twice when summer time
 * begins and ends; nothing here hides that.
 */
import { IANAZone } from 'luxon';

/** Minutes since midnight that a wall clock shows, beside a day and its weekday. */
export interface WallTime {
  /** Whole days since 1970-01-01, as the calendar in the zone counts them. */
  readonly day: number;
  /** 1 Monday … 7 Sunday (ISO 8601). */
  readonly weekday: Weekday;
  /** Milliseconds since 00:00 as the clock shows it. */
  readonly ms: number;
}

export type Weekday = 1 | 2 | 3 | 4 | 5 | 6 | 7;

export const MINUTE_MS = 60_000;
export const DAY_MS = 86_400_000;

/** What has to be added to UTC to get the wall clock of the zone at that instant, in milliseconds. */
export function offsetMs(zone: string, instant: number): number {
  const minutes = IANAZone.create(zone).offset(instant);
  if (Number.isNaN(minutes)) throw new RangeError(`${zone} at ${instant} is no instant in a known time zone`);
  return minutes * MINUTE_MS;
}

/** Reads the wall clock. */
export const wallTime = (zone: string, instant: number): WallTime => splitWall(instant + offsetMs(zone, instant));

/** A wall clock's reading, counted in milliseconds as if it were UTC, as day and time. */
export function splitWall(wall: number): WallTime {
  const day = Math.floor(wall / DAY_MS);
  return { day, weekday: weekdayOf(day), ms: wall - day * DAY_MS };
}

/** 1970-01-01 was a Thursday. */
const weekdayOf = (day: number): Weekday => (((((day + 3) % 7) + 7) % 7) + 1) as Weekday;

/**
 * Every instant at which the wall clock shows this reading (milliseconds as if it were UTC), in order: one as a rule, two in
 * the hour that comes twice, none in the hour that is skipped.
 */
export function instantsOf(zone: string, wall: number): readonly number[] {
  return offsetsAround(zone, wall)
    .map((offset) => wall - offset)
    .filter((instant) => instant + offsetMs(zone, instant) === wall)
    .sort((a, b) => a - b);
}

/** For a reading that is skipped: as far before the skip as it is behind its beginning, and as far after its end. */
export function instantsBeside(zone: string, wall: number): readonly number[] {
  return offsetsAround(zone, wall)
    .map((offset) => wall - offset)
    .sort((a, b) => a - b);
}

/** The zone's offsets a day before and a day after: no zone changes its clock twice in two days. */
const offsetsAround = (zone: string, wall: number): readonly number[] => [
  ...new Set([offsetMs(zone, wall - DAY_MS), offsetMs(zone, wall + DAY_MS)]),
];

/** A stretch of time in which the zone's clock runs without a jump. */
export interface Stretch {
  readonly from: number;
  readonly until: number;
  readonly offset: number;
}

/** Time from `from` on in stretches of at most a day, without end. */
export function* stretches(zone: string, from: number): Generator<Stretch, never> {
  for (let at = from; ; ) {
    const offset = offsetMs(zone, at);
    const end = at + DAY_MS;
    const until = offsetMs(zone, end) === offset ? end : jump(zone, at, end);
    yield { from: at, until, offset };
    at = until;
  }
}

/** The first instant after `before` that has not its offset, known to be not later than `after`. */
function jump(zone: string, before: number, after: number): number {
  const offset = offsetMs(zone, before);
  let [same, other] = [before, after];
  while (other - same > 1) {
    const middle = Math.floor((same + other) / 2);
    if (offsetMs(zone, middle) === offset) same = middle;
    else other = middle;
  }
  return other;
}
