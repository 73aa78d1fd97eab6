/**
 * A command as a line that `src/chat/parse.ts` reads back as it was meant, whatever a person wrote into the fields of a form.
 */
import { type CommandName, PHRASES } from '../../src/chat/vocabulary.ts';

/** Named values in their order; empty ones are not said at all. */
export type Named = Readonly<Record<string, string | undefined>>;

/**
 * The slash makes it a command also where a form waits for an answer.
 * @example commandLine('edit', ['12'], { text: 'Hello "you"' }) // /edit 12 text="Hello \"you\""
 */
export function commandLine(name: CommandName, words: readonly string[], named: Named = {}): string {
  const values = Object.entries(named).flatMap(([key, value]) =>
    value === undefined || value.trim() === '' ? [] : [`${key}=${quoted(value)}`],
  );
  return [`/${PHRASES[name][0]}`, ...words, ...values].join(' ');
}

/** Every sign that could close the quotes has a backslash before it; the last letter may not be one, so it gets a space behind it. */
export function quoted(text: string): string {
  const safe = text.replace(/["“”„«»'‘’`]/gu, '\\$&');
  return `"${safe}${safe.endsWith('\\') ? ' ' : ''}"`;
}
