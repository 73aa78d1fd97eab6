/** People of an office who have nothing but a terminal: what they say to Herald, and what they see, as it is printed. */
import { openLine } from '../../bots/console/client.ts';
import { renderCard } from '../../bots/console/render.ts';
import type { ConsoleAnswer } from '../../bots/console/server.ts';
import { issueConsoleToken, newToken } from '../../bots/console/token.ts';
import type { Card } from '../../src/staff/card.ts';
import { type TestHerald, until } from './herald.ts';

/** A busy machine takes its time to read a workbook, ms. */
export const PATIENCE_MS = 40_000;

/** Cards as they are printed, in one wide text. */
export const printed = (cards: readonly (Card | null)[]): string =>
  cards.map((card) => card && renderCard(card, { locale: 'en', width: 1000 })).join('\n');

export function terminalsIn(house: () => TestHerald) {
  const tokens = new Map<string, string>();

  async function says(who: string, text: string): Promise<ConsoleAnswer> {
    const token = tokens.get(who) ?? newToken();
    tokens.set(who, token);
    const heard = await openLine(house().url, token, who).say(text);
    if (heard.kind !== 'answer') throw new Error(`${who} was not heard: ${heard.kind}`);
    return heard.answer;
  }

  /** What has come for the person besides answers. */
  async function told(who: string): Promise<readonly Card[]> {
    const heard = await openLine(house().url, tokens.get(who)!, who).notices();
    return heard.kind === 'answer' ? heard.answer.notices : [];
  }

  return {
    /** The person is known by this token from now on. */
    known: (who: string, token: string) => void tokens.set(who, token),
    /** An employee gets a way in, as if an admin had given it. */
    async letIn(who: string): Promise<void> {
      const { staff, keyring } = house().herald;
      tokens.set(who, await issueConsoleToken(staff.store, keyring, who, new Date()));
    },
    says,
    told,
    /** What the person sees after these words: the answer, and what is told besides. */
    async sees(who: string, text: string, seen: RegExp): Promise<string> {
      const { card, notices } = await says(who, text);
      const all = [card, ...notices];
      // What takes longer than an answer may is told afterwards.
      const look = async () => {
        if (!seen.test(printed(all))) all.push(...(await told(who)));
        return seen.test(printed(all)) && printed(all);
      };
      return until(`${seen} after “${text}”, not only: ${printed(all)}`, look, PATIENCE_MS);
    },
  };
}
