/** The App Home: what waits for the person who looks, what runs, and what went wrong, each as the command that asks for it says. */
import type { types } from '@slack/bolt';
import type { Card } from '../../src/staff/card.ts';
import { accountIn, type Desk, localeOf, type Speaker, say } from './desk.ts';
import { type Block, renderCard } from './render.ts';

const PARTS = [
  { tag: 'waits', text: 'waiting' },
  { tag: 'runs', text: 'list sending' },
  { tag: 'wrong', text: 'list missed' },
] as const;

/** A view holds 100 blocks. */
const BLOCKS_EACH = 30;

/** `occasion` names what it is shown for, so that each of its questions is a saying of its own. */
export async function publishHome(desk: Desk, speaker: Speaker, occasion: string): Promise<void> {
  const conversation = `${accountIn(speaker)}:home`;
  const ask = ({ tag, text }: (typeof PARTS)[number]) =>
    say(desk, speaker, { id: `${occasion}:${tag}`, text, isPrivate: true, conversation });
  const cards: { readonly tag: string; readonly card: Card }[] = [];
  for (const part of PARTS) {
    const card = await ask(part);
    // A stranger is told one thing, whatever is asked.
    const isNews = card && !cards.some((one) => JSON.stringify(one.card) === JSON.stringify(card));
    if (isNews) cards.push({ tag: part.tag, card });
  }
  if (cards.length === 0) return;
  const locale = await localeOf(desk, speaker);
  const blocks = cards.flatMap(({ tag, card }, index): Block[] => [
    ...(index === 0 ? [] : [{ type: 'divider' } as const]),
    ...renderCard(card, { locale, most: BLOCKS_EACH, tag }).blocks,
  ]);
  const view: types.HomeView = { type: 'home', blocks };
  await desk.clientOf(speaker.workspace.token).views.publish({ user_id: speaker.user, view });
}
