/** The chats by the names that people use for them. */
import { isText } from './cards/speech.ts';

const WORDS: Readonly<Record<string, RegExp>> = {
  slack: /^(?:slack|слак)/u,
  telegram: /^(?:telegram|tg$|телег)/u,
  console: /^(?:console|консол)/u,
};

/** The chat that is meant, or null. */
export function surfaceNamed(said: string): string | null {
  const plain = said.trim().toLowerCase();
  return Object.entries(WORDS).find(([, word]) => word.test(plain))?.[0] ?? null;
}

/** The catalogue's key for a chat's name; a chat that it does not know goes by its own. */
export const chatName = (surface: string, say: { t(key: 'chat-name.console'): string }): string =>
  isText(`chat-name.${surface}`) ? say.t(`chat-name.${surface}` as 'chat-name.console') : surface;
