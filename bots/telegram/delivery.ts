/**
 * Answers on their way to a chat. An answer is not queued durably, as whoever asked can ask again; but when Telegram asks to wait
 * for a little, it comes a little later, and nobody else waits meanwhile. The file of a card follows it.
 */
import { notHandedCard } from '../../src/chat/handing.ts';
import type { Log } from '../../src/platform/log.ts';
import type { Attachment, Card } from '../../src/staff/card.ts';
import type { CardRef, Posted } from '../../src/staff/surface.ts';
import type { Locale } from '../../src/texts/index.ts';
import type { Hand } from './handing.ts';
import type { Posting } from './posting.ts';

/** Shows the card in place of the one at `over`, or as a new message. */
export type Deliver = (chat: string, card: Card, over: CardRef | null, locale: Locale) => Promise<void>;

/** An answer that comes later than this is none. */
const LATEST_MS = 60_000;
const TRIES = 4;
/** Edits of unknown fate are made again: an edit made twice is one. */
const AGAIN_MS = 1_000;

export function createDelivery(posting: Posting, hand: Hand, log: Log): { deliver: Deliver; stop(): void } {
  const waiting = new Set<NodeJS.Timeout>();

  async function attempt(chat: string, card: Card, over: CardRef | null, locale: Locale, tries: number): Promise<void> {
    const outcome = over ? await posting.update(over, card, locale) : await posting.post(chat, card, locale);
    if (outcome.kind === 'posted') return card.attachment && handOver(chat, card.attachment, locale, TRIES);
    if (outcome.kind === 'moved') return attempt(outcome.to, card, null, locale, tries);
    if (over && (outcome.kind === 'stale' || outcome.kind === 'refused'))
      return attempt(chat, card, null, locale, tries);
    const afterMs = pauseAfter(outcome, over);
    if (afterMs === null || afterMs > LATEST_MS || tries <= 1) {
      log.warn({ outcome }, 'an answer was not shown');
      return;
    }
    later(afterMs, () => attempt(chat, card, over, locale, tries - 1));
  }

  async function handOver(chat: string, file: Attachment, locale: Locale, tries: number): Promise<void> {
    const handed = await hand(chat, file);
    switch (handed.kind) {
      case 'handed':
      case 'gone':
        return;
      case 'later':
        if (handed.afterMs <= LATEST_MS && tries > 1)
          return later(handed.afterMs, () => handOver(chat, file, locale, tries - 1));
        return attempt(chat, notHandedCard(file, { kind: 'failed' }, locale), null, locale, TRIES);
      case 'not':
        return attempt(chat, notHandedCard(file, handed.why, locale), null, locale, TRIES);
    }
  }

  function later(afterMs: number, work: () => Promise<void>): void {
    const timer = setTimeout(() => {
      waiting.delete(timer);
      work().catch((err) => log.error({ err }, 'an answer was not shown'));
    }, afterMs);
    waiting.add(timer);
  }

  return {
    deliver: (chat, card, over, locale) => attempt(chat, card, over, locale, TRIES),
    stop() {
      if (waiting.size > 0) log.warn({ answers: waiting.size }, 'answers that Telegram let wait are not shown');
      for (const timer of waiting) clearTimeout(timer);
      waiting.clear();
    },
  };
}

function pauseAfter(outcome: Exclude<Posted, { kind: 'posted' | 'moved' }>, over: CardRef | null): number | null {
  if (outcome.kind === 'later') return outcome.afterMs;
  return outcome.kind === 'unknown' && over ? AGAIN_MS : null;
}
