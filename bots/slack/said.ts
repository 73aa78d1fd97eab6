/**
 * What a person typed, out of what Slack makes of it: links, people and channels come in angle brackets, and three signs come
 * escaped (docs.slack.dev/messaging/formatting-message-text).
 */

const MARKED = /<(?<mark>[@#!])?(?<what>[^<>|\n]+)(?:\|(?<label>[^<>\n]*))?>/gu;
const LINK = /^(?:https?|mailto|tel|slack):/iu;

/** The text as it was typed. What stands in angle brackets and is none of Slack's own is left as it is. */
export function typed(marked: string): string {
  return unescaped(
    marked.replace(MARKED, (whole, ...rest) => {
      const { mark, what, label } = rest.at(-1) as { mark?: string; what: string; label?: string };
      if (mark === '@' || mark === '#') return `${mark}${label || what}`;
      if (mark === '!') return `@${label || what.split('^')[0]}`;
      if (!LINK.test(what)) return whole;
      // `example.com` is linked to http://example.com; a phone or an address to a scheme that nobody typed.
      return label !== undefined && !/^https:/iu.test(what) ? label : what;
    }),
  );
}

/** What was said to the bot, without its name at the beginning. */
export function saidTo(bot: string | undefined, marked: string): string {
  const name = bot === undefined ? /^\s*<@[UW][A-Z0-9]+(?:\|[^>]*)?>[\s,:]*/u : mentionOf(bot);
  return typed(marked.replace(name, '')).trim();
}

const mentionOf = (bot: string): RegExp => new RegExp(`^\\s*<@${bot}(?:\\|[^>]*)?>[\\s,:]*`, 'u');

/** `&amp;` last, so that `&amp;lt;` stays `&lt;`. */
const unescaped = (text: string): string =>
  text.replaceAll('&lt;', '<').replaceAll('&gt;', '>').replaceAll('&amp;', '&');

/** What must not be taken for Slack's own marks. */
export const escaped = (text: string): string =>
  text.replaceAll('&', '&amp;').replaceAll('<', '&lt;').replaceAll('>', '&gt;');
