/** A fake Google with Herald's client before it, by a clock that only waiting moves. */
import { randomInt } from 'node:crypto';
import { mkdtempSync } from 'node:fs';
import { tmpdir } from 'node:os';
import { join } from 'node:path';
import { setTimeout } from 'node:timers/promises';
import { fileSource } from '../../../../integrations/sheets/file-source.ts';
import { type Budget, type Clock, createBudget } from '../../../../integrations/sheets/google/budget.ts';
import { type GoogleClient, googleClient } from '../../../../integrations/sheets/google/client.ts';
import { keyMaker } from '../../../../integrations/sheets/google/keys.ts';
import { singleWriter } from '../../../../integrations/sheets/google/single-writer.ts';
import { type GoogleSourceOptions, googleSource } from '../../../../integrations/sheets/google/source.ts';
import type { OwnWords } from '../../../../integrations/sheets/google/table.ts';
import { type FakeGoogle, startGoogle } from '../../../fakes/google/google.ts';

export interface TestClock extends Clock {
  /** Time stands still while this says so. */
  busy: () => boolean;
  /** Milliseconds that went by since it was made. */
  slept(): number;
  forward(ms: number): void;
}

/** A call that was let go has come back within so many milliseconds, or never set out. */
const LONGEST_CALL_MS = 20_000;

/**
 * Goes forward to whoever wakes up first, so that minutes cost nothing; but not while a call is on its way, which would arrive
 * minutes after it was sent.
 */
export function testClock(start = Date.parse('2026-11-23T09:00:00Z')): TestClock {
  let now = start;
  let sleepers: { readonly at: number; readonly wake: () => void }[] = [];
  let running = false;

  async function run(): Promise<void> {
    if (running) return;
    running = true;
    while (sleepers.length > 0) {
      const until = performance.now() + LONGEST_CALL_MS;
      do await setTimeout(2);
      while (clock.busy() && performance.now() < until);
      now = Math.max(now, Math.min(...sleepers.map(({ at }) => at)));
      const awake = sleepers.filter(({ at }) => at <= now);
      sleepers = sleepers.filter(({ at }) => at > now);
      for (const { wake } of awake) wake();
    }
    running = false;
  }

  const clock: TestClock = {
    busy: () => false,
    now: () => now,
    sleep(ms, signal) {
      signal?.throwIfAborted();
      return new Promise((wake) => {
        sleepers.push({ at: now + ms, wake });
        void run();
      });
    },
    slept: () => now - start,
    forward(ms) {
      now += ms;
    },
  };
  return clock;
}

/** How many calls were let go. */
function counting(budget: Budget): Budget & { granted(): number } {
  let granted = 0;
  return {
    ...budget,
    async take(quota, fresh, signal) {
      await budget.take(quota, fresh, signal);
      granted += 1;
    },
    granted: () => granted,
  };
}

export const WORDS: OwnWords = {
  keyHeading: 'Herald ID',
  keyProtection: 'Please leave it as it is.',
  kindOf: (heading) =>
    heading === 'Herald ID' ? 'key' : /: (?:Status|Parts|Cost|Time)$/.test(heading) ? 'result' : null,
};

export const never = new AbortController().signal;

/** A link as a browser shows it. */
export const link = (id: string): string =>
  `https://docs.google.com/spreadsheets/d/${id.padEnd(10, '0')}/edit?gid=0#gid=0`;
export const idOf = (name: string): string => name.padEnd(10, '0');

export interface GoogleDesk {
  readonly google: FakeGoogle;
  readonly clock: TestClock;
  readonly client: GoogleClient;
  source(options?: Partial<GoogleSourceOptions>): ReturnType<typeof googleSource>;
  readonly writer: ReturnType<typeof singleWriter>;
  /** Where Office files are downloaded to. */
  readonly downloads: string;
}

export async function googleDesk(
  options: { delegation?: boolean; quota?: { read: number; write: number } } = {},
): Promise<GoogleDesk> {
  const clock = testClock();
  const google = await startGoogle({ now: clock.now, ...(options.quota ? { quota: options.quota } : {}) });
  const budget = counting(createBudget(clock));
  clock.busy = () => google.busy() || budget.granted() > google.sheetsCalls();
  const client = googleClient({
    account: google.account,
    delegation: options.delegation ?? false,
    apiUrl: google.url,
    clock,
    budget,
    random: () => 0.5,
  });
  const writer = singleWriter(clock, null);
  const office = { folder: mkdtempSync(join(tmpdir(), 'herald-drive-')), files: fileSource() };
  return {
    google,
    clock,
    client,
    writer,
    downloads: office.folder,
    source: (more) =>
      googleSource({
        client,
        words: WORDS,
        language: 'ru',
        singleWriter: writer,
        makeKey: keyMaker(randomInt),
        office,
        ...more,
      }),
  };
}
