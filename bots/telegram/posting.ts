/** Cards posted and edited, and what came of it. The commands of buttons are kept before anybody can press them. */
import type { ButtonsStore } from '../../src/chat/buttons-store.ts';
import type { Log } from '../../src/platform/log.ts';
import type { Card } from '../../src/staff/card.ts';
import type { CardRef, Posted } from '../../src/staff/surface.ts';
import type { Locale } from '../../src/texts/index.ts';
import type { Api } from './api.ts';
import { A_MOMENT_MS, failureOf } from './outcome.ts';
import { renderCard } from './render.ts';

/** `ChatEvent.surface` of all that comes from Telegram, and the name of its accounts. */
export const TELEGRAM = 'telegram';

export interface Posting {
  post(to: string, card: Card, locale: Locale): Promise<Posted>;
  update(ref: CardRef, card: Card, locale: Locale): Promise<Posted>;
}

export interface PostingOptions {
  readonly api: Api;
  readonly buttons: ButtonsStore;
  readonly now: () => Date;
  readonly log: Log;
}

export function createPosting({ api, buttons, now, log }: PostingOptions): Posting {
  const limits = createLimits(now);

  async function attempt(
    to: string,
    card: Card,
    locale: Locale,
    show: (content: Content) => Promise<CardRef>,
    shown?: CardRef,
  ): Promise<Posted> {
    if (!/^-?\d{1,16}$/u.test(to)) return { kind: 'gone', why: 'no-such-place' };
    if (!(await keepButtons(card))) return { kind: 'later', afterMs: A_MOMENT_MS, wide: 'surface' };
    try {
      return { kind: 'posted', ref: await show(contentOf(card, locale)) };
    } catch (error) {
      const failure = failureOf(error);
      if (failure.kind === 'unchanged') return shown ? { kind: 'posted', ref: shown } : { kind: 'stale' };
      if (failure.kind === 'later') return limits.widened(to, failure);
      if (failure.kind === 'refused') log.error({ why: failure.why }, 'Telegram refuses a card');
      return failure;
    }
  }

  /** A card whose buttons would not be understood is not shown. */
  async function keepButtons({ actions = [] }: Card): Promise<boolean> {
    try {
      const commands = actions.map(({ command }) => command);
      await buttons.keep(commands, now());
      return true;
    } catch (err) {
      log.error({ err }, 'buttons could not be kept');
      return false;
    }
  }

  return {
    post(to, card, locale) {
      return attempt(to, card, locale, async (content) => {
        const { message_id } = await api.call('sendMessage', { chat_id: to, ...content });
        return { surface: TELEGRAM, to, id: String(message_id) };
      });
    },
    update(ref, card, locale) {
      const edit = async (content: Content) => {
        await api.call('editMessageText', { chat_id: ref.to, message_id: Number(ref.id), ...content });
        return ref;
      };
      return attempt(ref.to, card, locale, edit, ref);
    },
  };
}

type Content = ReturnType<typeof contentOf>;

/** What posts and edits have in common. */
function contentOf(card: Card, locale: Locale) {
  const { text, keyboard } = renderCard(card, locale);
  return {
    text,
    parse_mode: 'HTML' as const,
    link_preview_options: { is_disabled: true },
    reply_markup: { inline_keyboard: keyboard.map((row) => [...row]) },
  };
}

type Later = Extract<Posted, { kind: 'later' }>;

/** Telegram asks to wait and does not say whom it means: when it asks so of two places at once, it means all. */
function createLimits(now: () => Date) {
  const until = new Map<string, number>();
  return {
    widened(place: string, later: Later): Later {
      const at = now().getTime();
      for (const [other, end] of until) if (end <= at) until.delete(other);
      until.set(place, at + later.afterMs);
      return until.size > 1 ? { ...later, wide: 'surface' } : later;
    },
  };
}
