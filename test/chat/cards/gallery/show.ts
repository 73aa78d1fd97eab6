/** How the gallery is hung: chapters of cards, each with what the person did or what has happened. */
import { campaignCard } from '../../../../src/chat/cards/campaign.ts';
import type { Reader } from '../../../../src/chat/reader.ts';
import type { Card } from '../../../../src/staff/card.ts';
import type { Locale } from '../../../../src/texts/index.ts';
import * as sample from '../samples.ts';

export interface Shown {
  /** What the person does, or what has happened. */
  readonly title: Readonly<Record<Locale, string>>;
  readonly card: (locale: Locale) => Card;
}

export interface Chapter {
  readonly title: Readonly<Record<Locale, string>>;
  readonly cards: readonly Shown[];
}

export const shown = (en: string, ru: string, card: (reader: Reader, locale: Locale) => Card): Shown => ({
  title: { en, ru },
  card: (locale) => card(sample.reader(locale), locale),
});

/** A campaign in a state, half an hour into the story or at another time. */
export const campaign = (en: string, ru: string, view: (locale: Locale) => Parameters<typeof campaignCard>[0]): Shown =>
  shown(en, ru, (reader, locale) => campaignCard(view(locale), reader));
