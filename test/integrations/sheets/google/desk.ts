/** A fake Google with Herald's client before it, by a clock that only waiting moves. */
import { randomInt } from 'node:crypto';
import { mkdtempSync } from 'node:fs';
import { tmpdir } from 'node:os';
import { join } from 'node:path';
import { fileSource } from '../../../../integrations/sheets/file-source.ts';
import type { Clock } from '../../../../integrations/sheets/google/budget.ts';
import { type GoogleClient, googleClient } from '../../../../integrations/sheets/google/client.ts';
import { keyMaker } from '../../../../integrations/sheets/google/keys.ts';
import { singleWriter } from '../../../../integrations/sheets/google/single-writer.ts';
import { type GoogleSourceOptions, googleSource } from '../../../../integrations/sheets/google/source.ts';
import type { OwnWords } from '../../../../integrations/sheets/google/table.ts';
import { type FakeGoogle, startGoogle } from '../../../fakes/google/google.ts';

export interface TestClock extends Clock {
  /** Milliseconds that were slept since it was made. */
  slept(): number;
  forward(ms: number): void;
}

/** Sleeping moves it at once, so that minutes cost nothing. */
export function testClock(start = Date.parse('2026-11-23T09:00:00Z')): TestClock {
  let now = start;
  return {
    now: () => now,
    async sleep(ms, signal) {
      signal?.throwIfAborted();
      now += ms;
      await new Promise(setImmediate);
    },
    slept: () => now - start,
    forward(ms) {
      now += ms;
    },
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
}

export async function googleDesk(
  options: { delegation?: boolean; quota?: { read: number; write: number } } = {},
): Promise<GoogleDesk> {
  const clock = testClock();
  const google = await startGoogle({ now: clock.now, ...(options.quota ? { quota: options.quota } : {}) });
  const client = googleClient({
    account: google.account,
    delegation: options.delegation ?? false,
    apiUrl: google.url,
    clock,
    random: () => 0.5,
  });
  const writer = singleWriter(clock, null);
  const office = { folder: mkdtempSync(join(tmpdir(), 'herald-drive-')), files: fileSource() };
  return {
    google,
    clock,
    client,
    writer,
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
