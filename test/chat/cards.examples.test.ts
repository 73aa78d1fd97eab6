/** `docs/examples/cards.md` shows the cards as they are: `vitest -u` writes it anew after a card was changed. */
import { join } from 'node:path';
import { expect, test } from 'vitest';
import { renderCard } from '../../bots/console/render.ts';
import type { Locale } from '../../src/texts/index.ts';
import { type Chapter, GALLERY, type Shown } from './cards/gallery.ts';

const FILE = join(import.meta.dirname, '../../docs/examples/cards.md');

const INTRODUCTION = `# What people see

Every answer and every notice is a *card*. The chats show the same cards with buttons; here they are as the console bot prints
them, which lists commands to type in place of buttons. Each is shown in English and in Russian.

This file is made by a test from the real cards. Change the cards, not the file.
`;

const drawn = ({ card }: Shown, locale: Locale): string => {
  const text = renderCard(card(locale), { locale, width: 96 });
  return `\`\`\`\`text\n${text.trimEnd()}\n\`\`\`\``;
};

const shownCard = (one: Shown): string =>
  `### ${one.title.en} / ${one.title.ru}\n\n${drawn(one, 'en')}\n\n${drawn(one, 'ru')}\n`;

const chapter = ({ title, cards }: Chapter): string =>
  `## ${title.en} / ${title.ru}\n\n${cards.map(shownCard).join('\n')}`;

const anchor = ({ title }: Chapter): string =>
  `${title.en} / ${title.ru}`
    .toLowerCase()
    .replace(/[^\p{L}\p{N} ]/gu, '')
    .replaceAll(' ', '-');

const contents = GALLERY.map((one) => `- [${one.title.en} / ${one.title.ru}](#${anchor(one)})`).join('\n');

test('the examples of cards are what the cards are', async () => {
  await expect(`${INTRODUCTION}\n${contents}\n\n${GALLERY.map(chapter).join('\n')}`).toMatchFileSnapshot(FILE);
});
