/**
 * How long sending will take and how much of it will be in time, at the pace that the operators take parts. Estimates, for
 * people who plan: what is really sent is counted, never foretold. Pure.
 */
import { closes, nextOpening, openMs, type SendingWindow } from '../campaigns/window.ts';

export interface Remaining {
  readonly messages: number;
  /** Parts of those messages. */
  readonly parts: number;
  /** Parts a second over all operators; above 0. */
  readonly ratePerSecond: number;
  readonly window: SendingWindow;
  /** IANA zones of the recipients, at least one. */
  readonly zones: readonly string[];
}

/** What the parts take when nothing closes in between, ms. */
export const timeFor = (parts: number, ratePerSecond: number): number => Math.ceil((parts / ratePerSecond) * 1000);

/**
 * How many of the messages go out between `from` and `until`, at least. Nobody counts recipients by zone, so each zone is taken
 * to hold as many as the others; the pace is shared among them.
 */
export function willMakeIt(remaining: Remaining, from: Date, until: Date): number {
  const { messages, parts, ratePerSecond, window, zones } = remaining;
  if (messages === 0) return 0;
  const open = zones.map((zone) => openMs(window, zone, from, until));
  const perMs = (ratePerSecond * (messages / parts)) / 1000;
  const reached = open.reduce((sum, ms) => sum + Math.min(messages / zones.length, perMs * ms), 0);
  return Math.min(messages, Math.floor(Math.min(reached, perMs * Math.max(...open)) + ROUNDING));
}

/** Sums of thirds and the like fall short of the whole by less than this. */
const ROUNDING = 1e-6;

/** Openings looked through before an end is given up as out of sight. */
const HORIZON = 400;

/** When the last of them is out, the zone whose hours come last taken for the whole; null when that is out of sight. */
export function expectedEnd(remaining: Remaining, from: Date): Date | null {
  const need = timeFor(remaining.parts, remaining.ratePerSecond);
  const ends = remaining.zones.map((zone) => endIn(remaining.window, zone, from, need));
  if (ends.some((end) => end === null)) return null;
  return new Date(Math.max(...(ends as number[])));
}

function endIn(window: SendingWindow, zone: string, from: Date, need: number): number | null {
  let left = need;
  let at = from;
  for (let opening = 0; opening < HORIZON; opening++) {
    const opens = nextOpening(window, zone, at);
    const until = closes(window, zone, opens);
    const room = until.getTime() - opens.getTime();
    if (left <= room) return opens.getTime() + left;
    left -= room;
    at = until;
  }
  return null;
}
