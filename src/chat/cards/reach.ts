/** What is said on a card about reaching its reader: chats that take nothing any more, cards that may not have arrived. */
import type { Card } from '../../staff/card.ts';
import type { Reader } from '../reader.ts';
import { chatName } from '../surfaces.ts';
import { oneLine, speechFor } from './speech.ts';

/** With the titles of what the person may not have been shown in this chat. */
export function withDoubts(card: Card, titles: readonly string[], reader: Reader): Card {
  if (titles.length === 0) return card;
  const say = speechFor(reader);
  const lines = titles.map((title) => say.t('reach.doubtful-line', { title: oneLine(title) }));
  return { ...card, sections: [...(card.sections ?? []), { title: say.t('reach.doubtful'), lines }] };
}

/** With a word on each chat in which the person cannot be written to any more. */
export function withDeadChats(card: Card, surfaces: readonly string[], reader: Reader): Card {
  if (surfaces.length === 0) return card;
  const say = speechFor(reader);
  const words = surfaces.map((surface) => say.t('reach.dead', { chat: chatName(surface, say) }));
  return { ...card, note: [...(card.note ? [card.note] : []), ...words].join(' ') };
}
