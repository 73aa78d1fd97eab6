/**
 * What time it is for all processes of a deployment: that of the database's server. A machine whose clock is wrong would otherwise
 * send before a window opens, or give up what is in time. A process believes its own clock as far as the server does not contradict it.
 */
import type { Log } from './log.ts';

export interface Clock {
  now(): Date;
  stop(): void;
}

export interface ClockOptions {
  /** Asks the server for its time. */
  readonly ask: () => Promise<Date>;
  /** Milliseconds since 1970 by this machine's clock. */
  readonly own?: () => number;
  /** Between two questions, ms: as long may a clock that jumps go unnoticed. */
  readonly everyMs?: number;
  readonly log: Pick<Log, 'warn'>;
}

/** What a clock may be off without anybody being told, ms. */
const NOTICED_MS = 2000;

export async function agreedClock({ ask, own = Date.now, everyMs = 5000, log }: ClockOptions): Promise<Clock> {
  let offset = 0;
  const compare = async () => {
    const asked = own();
    const server = await ask();
    const before = offset;
    offset = corrected(offset, asked, server.getTime(), own());
    if (Math.abs(offset) > NOTICED_MS && Math.abs(offset - before) > NOTICED_MS)
      log.warn({ offsetMs: offset }, "the clock of this machine is wrong; the database's is used");
  };
  await compare();
  // While the server cannot be asked, what it said last holds.
  const timer = setInterval(() => void compare().catch(() => {}), everyMs);
  timer.unref();
  return { now: () => new Date(own() + offset), stop: () => clearInterval(timer) };
}

/** Servers tell the time in whole milliseconds. */
const GRAIN_MS = 1;

/** Of the offsets that fit an answer which came between `asked` and `answered` by one's own clock, the nearest to the present one. */
export const corrected = (offset: number, asked: number, server: number, answered: number): number =>
  Math.max(server - answered - GRAIN_MS, Math.min(server - asked + GRAIN_MS, offset));
