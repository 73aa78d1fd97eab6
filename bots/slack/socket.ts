/**
 * Socket Mode kept alive: Slack closes each connection after some hours, and networks do sooner. The client's own reconnecting ends
 * in an error that nobody catches when the network is away, so it is done here.
 */

import { setTimeout as sleep } from 'node:timers/promises';
import type { webApi } from '@slack/bolt';
import { type AppOptions, SocketModeReceiver } from '@slack/bolt';
import type { Log } from '../../src/platform/log.ts';
import { boltLogger } from './log.ts';

export interface Socket {
  readonly receiver: NonNullable<AppOptions['receiver']>;
  /** Resolves when the first attempt has succeeded or failed; goes on trying by itself. */
  start(): Promise<void>;
  stop(): Promise<void>;
}

export interface SocketOptions {
  readonly appToken: string;
  readonly clientOptions: webApi.WebClientOptions;
  readonly reconnectMs: number;
  readonly log: Log;
}

const LONGEST_MS = 60_000;

export function keptSocket({ appToken, clientOptions, reconnectMs, log }: SocketOptions): Socket {
  const receiver = new SocketModeReceiver({
    appToken,
    autoReconnectEnabled: false,
    logger: boltLogger(log),
    installerOptions: { clientOptions },
    // What was not heard is told again.
    processEventErrorHandler: async () => false,
  });
  const stopping = new AbortController();
  let running: Promise<void> = Promise.resolve();

  /** One connection from its beginning to its end. */
  async function connection(opened: () => void): Promise<void> {
    const { client } = receiver;
    const { promise: closed, resolve } = Promise.withResolvers<void>();
    client.once('disconnected', () => resolve());
    try {
      await client.start();
    } finally {
      opened();
    }
    log.info('connected to Slack');
    await closed;
  }

  async function keep(opened: () => void): Promise<void> {
    let failures = 0;
    while (!stopping.signal.aborted) {
      try {
        await connection(opened);
        failures = 0;
      } catch (error) {
        failures += 1;
        log.warn({ code: codeIn(error) }, 'no connection to Slack; it is tried again');
      }
      if (stopping.signal.aborted) return;
      await sleep(Math.min(LONGEST_MS, reconnectMs * 2 ** Math.min(failures, 10)), null, {
        signal: stopping.signal,
      }).catch(() => {});
    }
  }

  return {
    receiver,
    async start() {
      const first = Promise.withResolvers<void>();
      running = keep(first.resolve);
      await first.promise;
    },
    async stop() {
      stopping.abort();
      await receiver.client.disconnect();
      await running;
    },
  };
}

const codeIn = (error: unknown): string =>
  error instanceof Error
    ? 'data' in error
      ? String((error.data as { error?: unknown }).error)
      : error.message
    : 'closed';
