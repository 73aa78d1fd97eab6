/**
 * Asks Telegram for updates until it is told to stop, whatever happens meanwhile. Telegraf's own `launch` ends for good when
 * another instance polls (409) or a token is refused, and waits where it cannot be stopped; so the loop is ours, its updates go
 * to the same `handleUpdate`.
 */
import { setTimeout as sleep } from 'node:timers/promises';
import { TelegramError } from 'telegraf';
import type { Update } from 'telegraf/types';
import type { Log } from '../../src/platform/log.ts';
import type { Api } from './api.ts';

/** Nothing else is sent to us. Edited messages are not heard: what was said was acted on already. */
export const ALLOWED_UPDATES = ['message', 'callback_query', 'my_chat_member'] as const;

export interface Patience {
  /** The first wait after a failure, ms; each further one is twice as long. */
  readonly leastMs: number;
  readonly mostMs: number;
}

export interface PollingOptions {
  readonly api: Api;
  /** Resolves when the update is in good hands; never rejects. */
  readonly take: (update: Update) => Promise<void>;
  /** Made before the first request and after each failure: who we are, and that no webhook stands in the way. */
  readonly connect: () => Promise<void>;
  readonly patience: Patience;
  /** How long Telegram holds a request while nothing happens, s. */
  readonly holdSeconds: number;
  readonly signal: AbortSignal;
  readonly log: Log;
}

export async function poll({ api, take, connect, patience, holdSeconds, signal, log }: PollingOptions): Promise<void> {
  let offset = 0;
  await persist({ patience, signal, log }, async (succeeded) => {
    await connect();
    while (!signal.aborted) {
      const request = { offset, timeout: holdSeconds, allowed_updates: [...ALLOWED_UPDATES] };
      const updates = await api.call('getUpdates', request, { ms: holdSeconds * 1000 + LENIENCE_MS, signal });
      succeeded();
      await Promise.all(updates.map(take));
      offset = (updates.at(-1)?.update_id ?? offset - 1) + 1;
    }
  });
  // Telegram learns by the next request only what was taken by the last.
  if (offset > 0) await api.call('getUpdates', { offset, limit: 1, timeout: 0 }, { ms: LAST_WORD_MS }).catch(() => {});
}

/** An answer is on its way this much longer than Telegram held the request. */
const LENIENCE_MS = 10_000;
/** What is not confirmed at the end is delivered once more, which the core bears: a stop does not wait long for it. */
const LAST_WORD_MS = 2_000;

/** Does it until it resolves or the signal says stop: after a failure again, each time a little later. */
export async function persist(
  { patience, signal, log }: Pick<PollingOptions, 'patience' | 'signal' | 'log'>,
  work: (succeeded: () => void) => Promise<void>,
): Promise<void> {
  for (let failures = 0; !signal.aborted; failures++) {
    try {
      await work(() => {
        failures = 0;
      });
      return;
    } catch (error) {
      if (signal.aborted) return;
      const afterMs = waitAfter(error, failures, patience);
      log.warn({ err: error, afterMs }, 'Telegram does not answer as it should; trying again');
      await sleep(afterMs, undefined, { signal }).catch(() => {});
    }
  }
}

function waitAfter(error: unknown, failures: number, { leastMs, mostMs }: Patience): number {
  const asked = error instanceof TelegramError ? error.parameters?.retry_after : undefined;
  if (asked !== undefined) return asked * 1000;
  return Math.min(mostMs, leastMs * 2 ** Math.min(failures, 20));
}
