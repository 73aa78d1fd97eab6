/**
 * Telegram as a chat of Herald, over Telegraf: by polling, which needs nothing, or by a webhook with a secret. An update is taken
 * when its answer was shown, or after a moment when that takes long; what was not taken is delivered again, and the core acts
 * once on what it hears twice.
 */
import { setTimeout as sleep } from 'node:timers/promises';
import type { Express } from 'express';
import type { Update } from 'telegraf/types';
import type { ButtonsStore } from '../../src/chat/buttons-store.ts';
import { createTaps } from '../../src/chat/taps.ts';
import type { Log } from '../../src/platform/log.ts';
import type { Uploads } from '../../src/platform/uploads.ts';
import type { ChatCore, ChatSurface } from '../../src/staff/surface.ts';
import type { Locale } from '../../src/texts/index.ts';
import { createAnswering } from './answering.ts';
import { createApi } from './api.ts';
import { createDelivery } from './delivery.ts';
import { createHanding } from './handing.ts';
import { createLanes } from './lanes.ts';
import { offerCommands } from './menu.ts';
import { ALLOWED_UPDATES, type Patience, persist, poll } from './polling.ts';
import { createPosting, TELEGRAM } from './posting.ts';
import { addressOf, readUpdate } from './updates.ts';
import { mountWebhook, WEBHOOK_PATH } from './webhook.ts';

export interface TelegramOptions {
  readonly token: string;
  /** Another address instead of Telegram's own. */
  readonly apiUrl?: string | undefined;
  readonly mode:
    | { readonly kind: 'polling' }
    /** `publicUrl` is the https address of the web server; the secret is 1 to 256 letters of `A-Za-z0-9_-`. */
    | { readonly kind: 'webhook'; readonly publicUrl: string; readonly secret: string };
  readonly buttons: ButtonsStore;
  readonly uploads: Uploads;
  /** Whether an account is an employee's: files of strangers are not stored. */
  readonly knows: (account: string) => Promise<boolean>;
  /** The language of the menu for people whose Telegram speaks neither English nor Russian. */
  readonly locale: Locale;
  readonly now: () => Date;
  readonly log: Log;
  readonly timers?: Partial<TelegramTimers>;
}

export interface TelegramTimers {
  /** How long somebody waits before being told that the answer is on its way; two taps within it are one. */
  readonly momentMs: number;
  /** How long a call may take before nobody knows what came of it. */
  readonly callMs: number;
  readonly patience: Patience;
  /** How long Telegram holds a poll while nothing happens, s. */
  readonly holdSeconds: number;
}

const TIMERS: TelegramTimers = {
  momentMs: 1_000,
  callMs: 10_000,
  patience: { leastMs: 1_000, mostMs: 30_000 },
  holdSeconds: 50,
};

export interface TelegramSurface extends ChatSurface {
  /** Hangs the webhook's route on the web server, when that is the mode; before `start`, and before any reader of bodies. */
  mount(app: Express): void;
  /** The address that opens a private chat with the bot and says `start <payload>`; null before Telegram has told our name. */
  deepLink(payload: string): string | null;
}

export function telegramSurface(options: TelegramOptions): TelegramSurface {
  const { mode, buttons, uploads, knows, now } = options;
  const log = options.log.child({ chat: TELEGRAM });
  const { momentMs, callMs, patience, holdSeconds } = { ...TIMERS, ...options.timers };
  const api = createApi({ token: options.token, apiUrl: options.apiUrl, callMs });
  const posting = createPosting({ api, buttons, now, log });
  const lanes = createLanes((err) => log.error({ err }, 'what was said in Telegram could not be answered'));
  const taps = createTaps(momentMs);
  const ending = new AbortController();
  const { signal } = ending;
  const delivery = createDelivery(posting, createHanding(api, signal, log), log);
  let core: ChatCore | undefined;
  let answering: ReturnType<typeof createAnswering> | undefined;
  let running: readonly Promise<void>[] = [];

  api.bot.use((context) => answer(context.update));
  api.bot.catch((err) => log.error({ err }, 'an update could not be read'));

  /** Resolves when it is answered, and no later than after a moment. */
  async function answer(update: Update): Promise<void> {
    const heard = readUpdate(update, api.bot.botInfo!.username);
    const id = String(update.update_id);
    const { said, pressed, pressAnswerer, inGroup, notRead } = answering!;
    const inLane = (chat: string, work: () => Promise<void>) =>
      Promise.race([lanes.run(chat, work), sleep(momentMs, undefined, { ref: false })]);
    switch (heard.kind) {
      case 'said':
        return inLane(heard.by.conversation, () => said(id, heard));
      case 'pressed': {
        const answerPress = pressAnswerer(heard.query, heard.by);
        const button = `${heard.by.account} ${heard.by.conversation} ${heard.message} ${heard.data}`;
        const at = now().getTime();
        return inLane(heard.by.conversation, async () => {
          if (taps.isSame(button, at)) return answerPress();
          await pressed(id, heard, answerPress).finally(() => answerPress());
          taps.answered(button, now().getTime());
        });
      }
      case 'in-group':
        return inLane(heard.by.conversation, () => inGroup(heard));
      case 'not-read':
        return inLane(heard.by.conversation, () => notRead(heard));
      case 'membership':
        return log.info(
          { place: heard.by.conversation, status: heard.status },
          'the bot is treated otherwise in a chat',
        );
      case 'nothing':
        return;
    }
  }

  const take = (update: Update): Promise<void> => api.bot.handleUpdate(update);

  /** False: not now, please say it again. */
  async function takeOrNot(update: Update): Promise<boolean> {
    if (!api.bot.botInfo || signal.aborted) return false;
    await take(update);
    return true;
  }

  async function meet(): Promise<void> {
    api.bot.botInfo ??= await api.call('getMe', {}, { signal });
  }

  async function listen(): Promise<void> {
    if (mode.kind === 'polling') {
      const connect = async () => {
        await meet();
        await api.call('deleteWebhook', {}, { signal });
      };
      return poll({ api, take, connect, patience, holdSeconds, signal, log });
    }
    const url = new URL(WEBHOOK_PATH, mode.publicUrl).href;
    await persist({ patience, signal, log }, async () => {
      await meet();
      const { secret: secret_token } = mode;
      await api.call('setWebhook', { url, secret_token, allowed_updates: [...ALLOWED_UPDATES] }, { signal });
    });
  }

  const localeOf = (account: string) => core?.localeOf(TELEGRAM, account) ?? Promise.resolve(options.locale);

  return {
    name: TELEGRAM,
    // "Avoid sending more than one message per second" to one chat, and 30 a second in all (Bots FAQ).
    pace: { placeMs: 1_000, editMs: 3_000, perSecond: 25 },
    mount(app) {
      if (mode.kind === 'webhook') mountWebhook(app, { secret: mode.secret, take: takeOrNot });
    },
    async start(given) {
      core = given;
      const { deliver } = delivery;
      const { locale } = options;
      answering = createAnswering({ core, api, uploads, buttons, knows, deliver, momentMs, locale, log });
      running = [listen(), persist({ patience, signal, log }, () => offerCommands(api, locale))];
    },
    deepLink(payload) {
      const username = api.bot.botInfo?.username;
      return username === undefined ? null : addressOf(username, payload);
    },
    // A private chat has the id of the person.
    placeOf: async (account) => account,
    post: async (to, card) => posting.post(to, card, await localeOf(to)),
    update: async (ref, card) => posting.update(ref, card, await localeOf(ref.to)),
    async stop() {
      ending.abort();
      await Promise.all(running);
      await lanes.idle();
      delivery.stop();
    },
  };
}
