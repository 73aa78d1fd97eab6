/**
 * One writer a spreadsheet: Google knows no "only if nobody changed it", so Herald at least does not disturb itself. In one
 * process writers wait for each other; a lease keeps other processes out, where there may be any.
 */
import type { Clock } from './budget.ts';

/** As `platform/lease.ts` gives it. */
export interface HeldLease {
  renew(): Promise<boolean>;
  release(): Promise<void>;
}

/** Takes the lease of this name for so many milliseconds; null while another holds it. */
export type TakeLease = (name: string, ms: number) => Promise<HeldLease | null>;

/** Runs `work` when nobody else writes to the spreadsheet; its signal is aborted when the lease is lost. */
export type SingleWriter = <T>(
  id: string,
  signal: AbortSignal,
  work: (signal: AbortSignal) => Promise<T>,
) => Promise<T>;

const LEASE_MS = 60_000;
const LOOK_MS = 500;

export function singleWriter(clock: Clock, take: TakeLease | null): SingleWriter {
  const last = new Map<string, Promise<unknown>>();

  async function leased(id: string, signal: AbortSignal): Promise<HeldLease | null> {
    if (take === null) return null;
    for (;;) {
      const lease = await take(`google-sheet:${id}`, LEASE_MS);
      if (lease) return lease;
      await clock.sleep(LOOK_MS, signal);
    }
  }

  async function alone<T>(id: string, signal: AbortSignal, work: (signal: AbortSignal) => Promise<T>): Promise<T> {
    signal.throwIfAborted();
    const lease = await leased(id, signal);
    const lost = new AbortController();
    const renewal = setInterval(async () => {
      // That it cannot be asked is no loss yet: it runs on for as long as it was taken for.
      const held = await (lease?.renew() ?? Promise.resolve(true)).catch(() => true);
      if (!held) lost.abort(new Error(`another process writes to spreadsheet ${id}`));
    }, LEASE_MS / 3);
    try {
      return await work(AbortSignal.any([signal, lost.signal]));
    } finally {
      clearInterval(renewal);
      await lease?.release();
    }
  }

  return (id, signal, work) => {
    const before = last.get(id) ?? Promise.resolve();
    const mine = before.then(() => alone(id, signal, work));
    const ended = mine.then(
      () => {},
      () => {},
    );
    last.set(id, ended);
    void ended.then(() => {
      if (last.get(id) === ended) last.delete(id);
    });
    return mine;
  };
}
