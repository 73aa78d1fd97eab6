/**
 * Calls to the Bot API by Telegraf's client, each with a deadline. The token is part of every address, and errors of the network
 * repeat addresses: what leaves this file has it taken out.
 */
import { Telegraf, type Telegram, TelegramError } from 'telegraf';
import type { Telegram as Methods, Opts } from 'telegraf/types';

export type Method = keyof Methods;
export type Answer<M extends Method> = ReturnType<Methods[M]>;

export interface Api {
  readonly bot: Telegraf;
  /** Throws `TelegramError` when Telegram refuses, else what `node-fetch` throws. */
  call<M extends Method>(method: M, payload: Opts<M>, more?: { ms?: number; signal?: AbortSignal }): Promise<Answer<M>>;
  /** The bytes of a document by its `file_id`. */
  download(fileId: string): Promise<AsyncIterable<Uint8Array>>;
}

export interface ApiOptions {
  readonly token: string;
  /** Another address instead of Telegram's own. */
  readonly apiUrl?: string | undefined;
  /** How long a call may take, ms. */
  readonly callMs: number;
}

export function createApi({ token, apiUrl, callMs }: ApiOptions): Api {
  // Answers in the body of a webhook's response cannot be refused, so no one would know what came of them.
  const bot = new Telegraf(token, { telegram: { ...(apiUrl && { apiRoot: apiUrl }), webhookReply: false } });
  const call: Api['call'] = async (method, payload, { ms = callMs, signal } = {}) => {
    const deadline = AbortSignal.timeout(ms);
    const ending = signal ? AbortSignal.any([deadline, signal]) : deadline;
    try {
      return await bot.telegram.callApi(method, payload, { signal: ending as CallSignal });
    } catch (error) {
      throw withoutToken(error, token);
    }
  };
  return {
    bot,
    call,
    async download(fileId) {
      const link = await bot.telegram.getFileLink(await call('getFile', { file_id: fileId }));
      const response = await fetch(link, { signal: AbortSignal.timeout(DOWNLOAD_MS), redirect: 'error' });
      if (!response.ok || !response.body) throw new Error(`the file was answered with status ${response.status}`);
      return response.body;
    },
  };
}

const DOWNLOAD_MS = 60_000;

/** Telegraf names the signals of a package that stood in for those of Node. */
type CallSignal = NonNullable<NonNullable<Parameters<Telegram['callApi']>[2]>['signal']>;

/** The same error as far as anyone decides by it, without addresses, and without the message that was to be sent. */
function withoutToken(error: unknown, token: string): Error {
  if (error instanceof TelegramError) return new TelegramError(error.response);
  const { name, message, code } = error as { name?: string; message?: string; code?: string };
  return Object.assign(new Error(String(message).replaceAll(token, '…')), {
    name: name ?? 'Error',
    ...(code && { code }),
  });
}
