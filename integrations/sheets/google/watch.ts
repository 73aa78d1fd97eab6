/**
 * Watches sheets for changes: Google calls when a file changes, for a day at most, so that a channel is opened anew before the old
 * one ends; and since channels also end without a word, each file's version is asked for now and then. What it tells is that
 * something changed, also when that was Herald itself: whether people's content did is for the revision of the content to say.
 */
import { createHmac, timingSafeEqual } from 'node:crypto';
import type { GoogleClient } from './client.ts';
import { driveFile } from './drive-file.ts';
import { fileIdOf } from './link.ts';
import { GoogleTrouble } from './trouble.ts';

export interface WatchOptions {
  readonly client: GoogleClient;
  /** Public https address that Google calls; null: only versions are asked for. */
  readonly address: string | null;
  /** Proves that a call is about a channel of ours, in whichever process it was opened. */
  readonly secret: string;
  readonly newId: () => string;
  /**
   * Told at most once in `restMs`, as Google calls for every letter typed. `isMeant` knows every link that leads to the file: two
   * campaigns may have come to it by two.
   */
  readonly changed: (isMeant: (ref: string) => boolean) => void;
  readonly restMs?: number;
}

/** What Google says with a call: all of it is in the headers. */
export type ChannelHeaders = Readonly<Record<string, string | string[] | undefined>>;

export interface SheetWatch {
  /** Watches the file behind the link, in the name of an employee where people are acted for. */
  watch(ref: string, email: string | null): void;
  unwatch(ref: string): Promise<void>;
  /**
   * Asks for versions, and opens and renews channels; to be called every minute or so. What fails with one file, as when Google does
   * not like our address, keeps none from being asked for, and is thrown in the end.
   */
  tick(signal: AbortSignal): Promise<void>;
  /** Takes a call of Google's; false when it is not about a channel of ours. */
  take(headers: ChannelHeaders): boolean;
  /** Closes all channels. */
  stop(): Promise<void>;
}

interface Channel {
  readonly id: string;
  readonly resourceId: string;
  readonly until: number;
}

interface Watched {
  readonly file: string;
  readonly email: string | null;
  version: string | null;
  channel: Channel | null;
  /** When opening a channel is tried again after it was refused. */
  nextTry: number;
  toldAt: number;
  /** Changed while it rested. */
  due: boolean;
}

/** The longest that Google keeps a channel of a file (developers.google.com/workspace/drive/api/guides/push). */
const LIFE_MS = 24 * 3_600_000;
/** So long before its end a channel is followed by the next. */
const RENEW_MS = 2 * 3_600_000;
const PATIENCE_MS = 20_000;
const NEXT_TRY_MS = 3_600_000;

export function sheetWatch({ client, address, secret, newId, changed, restMs = 15_000 }: WatchOptions): SheetWatch {
  const files = new Map<string, Watched>();
  /** Files of channels that other processes have opened: Google calls whichever of us it reaches. */
  const elsewhere = new Map<string, number>();
  const { clock } = client;
  const proof = (file: string, channel: string) =>
    `${file}.${createHmac('sha256', secret).update(`${channel} ${file}`).digest('base64url')}`;

  function tell(one: Watched): void {
    one.due = clock.now() - one.toldAt < restMs;
    if (one.due) return;
    one.toldAt = clock.now();
    changed(leadsTo(one.file));
  }

  /** What is changed while it rests is found by whoever asks for its version. */
  function tellForOthers(file: string): void {
    const now = clock.now();
    for (const [other, toldAt] of elsewhere) if (now - toldAt >= restMs) elsewhere.delete(other);
    if (elsewhere.has(file)) return;
    elsewhere.set(file, now);
    changed(leadsTo(file));
  }

  async function open(one: Watched, webhook: string, signal: AbortSignal): Promise<void> {
    const access = client.as(one.email);
    const id = newId();
    const { resourceId, expiration } = await access.call(
      { quota: 'none', patienceMs: PATIENCE_MS, signal, repeatable: false },
      (how) =>
        access.drive.files.watch(
          {
            fileId: one.file,
            supportsAllDrives: true,
            requestBody: {
              id,
              type: 'web_hook',
              address: webhook,
              token: proof(one.file, id),
              expiration: String(clock.now() + LIFE_MS),
            },
          },
          how,
        ),
    );
    const before = one.channel;
    one.channel = { id, resourceId: resourceId ?? '', until: Number(expiration ?? 0) };
    if (before) await close(one, before);
  }

  /** There is no renewing a channel: the next one is open before the last is closed. That one may have ended by itself. */
  async function close(one: Watched, { id, resourceId }: Channel): Promise<void> {
    const access = client.as(one.email);
    const signal = AbortSignal.timeout(PATIENCE_MS);
    await access
      .call({ quota: 'none', patienceMs: 0, signal, repeatable: true }, (how) =>
        access.drive.channels.stop({ requestBody: { id, resourceId } }, how),
      )
      .catch(() => {});
  }

  async function look(one: Watched, signal: AbortSignal): Promise<void> {
    const { version } = await driveFile(client.as(one.email), one.file, { patienceMs: PATIENCE_MS, signal });
    const before = one.version;
    one.version = version;
    if (one.due || (before !== null && before !== version)) tell(one);
    const now = clock.now();
    if (address === null || now < one.nextTry || (one.channel?.until ?? 0) - now >= RENEW_MS) return;
    one.nextTry = now + NEXT_TRY_MS;
    await open(one, address, signal);
    one.nextTry = 0;
  }

  return {
    watch(ref, email) {
      const file = fileIdOf(ref);
      if (file === null || files.has(file)) return;
      files.set(file, {
        file,
        email,
        version: null,
        channel: null,
        nextTry: 0,
        toldAt: Number.NEGATIVE_INFINITY,
        due: false,
      });
    },
    async unwatch(ref) {
      const file = fileIdOf(ref) ?? '';
      const one = files.get(file);
      files.delete(file);
      if (one?.channel) await close(one, one.channel);
    },
    async tick(signal) {
      const failures: unknown[] = [];
      for (const one of files.values()) {
        await look(one, signal).catch((failure: unknown) => {
          // Gone, closed or silent: whoever reads it next is told so.
          if (!(failure instanceof GoogleTrouble)) failures.push(failure);
        });
      }
      if (failures.length > 0) throw new AggregateError(failures, 'some sheets cannot be watched');
    },
    take(headers) {
      const said = (name: string) => String(headers[name] ?? '');
      const token = said('x-goog-channel-token');
      const file = token.slice(0, Math.max(0, token.lastIndexOf('.')));
      const expected = Buffer.from(proof(file, said('x-goog-channel-id')));
      const given = Buffer.from(token);
      if (given.length !== expected.length || !timingSafeEqual(given, expected)) return false;
      if (said('x-goog-resource-state') === 'sync') return true;
      const one = files.get(file);
      if (one) tell(one);
      else tellForOthers(file);
      return true;
    },
    async stop() {
      await Promise.all([...files.values()].map((one) => one.channel && close(one, one.channel)));
      files.clear();
    },
  };
}

const leadsTo =
  (file: string) =>
  (ref: string): boolean =>
    fileIdOf(ref) === file;
