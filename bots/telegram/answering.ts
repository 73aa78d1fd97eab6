/**
 * From what was heard to the answer in its chat. Whoever waits is told within a moment that the answer comes, and every press of a
 * button is answered, refusals included; the answer to a press replaces the card when it is about the same thing.
 */
import type { ButtonsStore } from '../../src/chat/buttons-store.ts';
import type { Log } from '../../src/platform/log.ts';
import type { Card } from '../../src/staff/card.ts';
import type { CardRef, ChatCore, ChatEvent } from '../../src/staff/surface.ts';
import { type Locale, texts } from '../../src/texts/index.ts';
import type { Api } from './api.ts';
import type { Deliver } from './delivery.ts';
import { type Fetching, fetchDocument } from './files.ts';
import { readPress, subjectMark } from './keyboard.ts';
import { TELEGRAM } from './posting.ts';
import { briefly } from './render.ts';
import { addressOf, HELLO, type Heard, type Speaker } from './updates.ts';

export interface AnsweringOptions extends Fetching {
  readonly core: ChatCore;
  readonly api: Api;
  readonly buttons: ButtonsStore;
  /** Whether an account is an employee's: files of strangers are not stored. */
  readonly knows: (account: string) => Promise<boolean>;
  readonly deliver: Deliver;
  /** The company's language, when nobody can say what the person's is. */
  readonly locale: Locale;
  /** How long somebody waits before being told that the answer is on its way, ms. */
  readonly momentMs: number;
  readonly log: Log;
}

type Of<Kind extends Heard['kind']> = Extract<Heard, { kind: Kind }>;

/** "0-200 characters" (Bot API, answerCallbackQuery). */
const LONGEST_ALERT = 200;

export function createAnswering(options: AnsweringOptions) {
  const { core, api, buttons, knows, deliver, momentMs, log, locale: usual } = options;
  const localeOf = ({ account }: Speaker): Promise<Locale> => core.localeOf(TELEGRAM, account).catch(() => usual);

  async function said(id: string, { by, text, document }: Of<'said'>): Promise<void> {
    const locale = await localeOf(by);
    const event = { ...eventOf(id, by, true), text };
    const answer = answered(async () => {
      if (!document || !(await knows(by.account))) return core.handle(event);
      const fetched = await fetchDocument(options, document, locale);
      if (fetched.kind === 'not') return plainCard('mistake', fetched.sentence);
      return core.handle({ ...event, file: { name: fetched.name, path: fetched.path } });
    }, locale);
    const waiting = await within(answer, momentMs, () => sayMoment(by.conversation, locale));
    await finish(by, await answer, await waiting, locale);
  }

  async function finish(by: Speaker, card: Card | null, moment: CardRef | null, locale: Locale): Promise<void> {
    if (card) return deliver(by.conversation, card, moment, locale);
    if (moment) await quietly(api.call('deleteMessage', { chat_id: moment.to, message_id: Number(moment.id) }));
  }

  async function sayMoment(chat: string, locale: Locale): Promise<CardRef | null> {
    const text = texts(locale).t('telegram.moment');
    const sent = await quietly(api.call('sendMessage', { chat_id: chat, text, disable_notification: true }));
    return sent ? { surface: TELEGRAM, to: chat, id: String(sent.message_id) } : null;
  }

  async function pressed(id: string, press: Of<'pressed'>, answerPress: AnswerPress): Promise<void> {
    const { by } = press;
    const locale = await localeOf(by);
    const { t } = texts(locale);
    if (!press.isPrivate) return answerPress(t('telegram.in-private'), true);
    const read = readPress(press.data);
    const command = read && (await buttons.command(read.id));
    if (!read || command === null) return answerPress(t('telegram.old-button'), true);
    const event = { ...eventOf(id, by, true), text: command };
    const card = await answered(() => core.handle(event), locale);
    const alert = card && refusalIn(card, read.about);
    if (alert && !answerPress.isDone()) return answerPress(alert, true);
    const done = answerPress();
    if (card) {
      const isSame = subjectMark(card.subject) === read.about;
      const over = isSame ? { surface: TELEGRAM, to: by.conversation, id: press.message } : null;
      await deliver(by.conversation, card, over, locale);
    }
    await done;
  }

  /** Tells the presser's own chat program, once; what it says is `null` after a moment of waiting. */
  function pressAnswerer(query: string, by: Speaker): AnswerPress {
    let isDone = false;
    const answer = async (text?: string, isAlert = false): Promise<void> => {
      if (isDone) return;
      isDone = true;
      clearTimeout(timer);
      const more = text === undefined ? {} : { text: text.slice(0, LONGEST_ALERT), show_alert: isAlert };
      await quietly(api.call('answerCallbackQuery', { callback_query_id: query, ...more }));
    };
    const timer = setTimeout(() => {
      void localeOf(by).then((locale) => answer(texts(locale).t('telegram.moment')));
    }, momentMs);
    return Object.assign(answer, { isDone: () => isDone });
  }

  async function inGroup({ by, message }: Of<'in-group'>): Promise<void> {
    const { t } = texts(await localeOf(by));
    const url = addressOf(api.bot.botInfo!.username, HELLO);
    await quietly(
      api.call('sendMessage', {
        chat_id: by.conversation,
        text: t('telegram.in-private'),
        reply_parameters: { message_id: message, allow_sending_without_reply: true },
        reply_markup: { inline_keyboard: [[{ text: t('telegram.in-private.button'), url }]] },
      }),
    );
  }

  async function notRead({ by }: Of<'not-read'>): Promise<void> {
    const locale = await localeOf(by);
    await deliver(by.conversation, plainCard('mistake', texts(locale).t('telegram.not-read')), null, locale);
  }

  /** A core that breaks is answered for: nobody is left without a word. */
  async function answered(ask: () => Promise<Card | null>, locale: Locale): Promise<Card | null> {
    try {
      return await ask();
    } catch (err) {
      log.error({ err }, 'an answer failed');
      return plainCard('trouble', texts(locale).t('telegram.trouble'));
    }
  }

  /** What is not worth an error: a press too old to be answered, a hint that nobody waits for. */
  async function quietly<T>(call: Promise<T>): Promise<T | null> {
    try {
      return await call;
    } catch (err) {
      log.debug({ err }, 'Telegram did not take a small thing');
      return null;
    }
  }

  return { said, pressed, pressAnswerer, inGroup, notRead };
}

export interface AnswerPress {
  (text?: string, isAlert?: boolean): Promise<void>;
  isDone(): boolean;
}

const eventOf = (id: string, by: Speaker, isPrivate: boolean): Omit<ChatEvent, 'text'> => ({
  surface: TELEGRAM,
  ...by,
  isPrivate,
  id,
});

const plainCard = (subject: string, title: string): Card => ({ subject, tone: 'attention', title });

/** Why nothing was done about what the card shows, short enough to be told over it; null when it takes a card to say. */
function refusalIn(card: Card, about: string): string | null {
  if (card.tone !== 'bad' && card.tone !== 'attention') return null;
  const refused = /^refusal(?::(?<of>.+))?$/u.exec(card.subject);
  if (!refused || (refused.groups?.of !== undefined && subjectMark(refused.groups.of) !== about)) return null;
  return briefly(card, LONGEST_ALERT);
}

/** Does `late` when the work is not done after `ms`; resolves with what came of that, when the work is done or `late` is. */
async function within<T, L>(work: Promise<T>, ms: number, late: () => Promise<L>): Promise<L | null> {
  const { promise: over, resolve } = Promise.withResolvers<'over'>();
  const timer = setTimeout(() => resolve('over'), ms);
  const first = await Promise.race([work, over]);
  clearTimeout(timer);
  return first === 'over' ? late() : null;
}
