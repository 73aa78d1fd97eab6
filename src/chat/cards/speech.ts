/**
 * How a card speaks to its reader: the catalogue in the reader's language, commands in that language's words, and moments on
 * the reader's own clock.
 */
import type { Action } from '../../staff/card.ts';
import { en } from '../../texts/en/index.ts';
import { type Locale, type TextKey, type Texts, texts } from '../../texts/index.ts';
import type { Reader } from '../reader.ts';
import { type CommandName, type KeyName, phraseIn } from '../vocabulary.ts';

export interface Speech extends Texts {
  readonly reader: Reader;
  /** A command as the reader would type it: `approve 12 a1b2c3`, `согласовать 12 a1b2c3`. */
  command(name: CommandName, ...rest: readonly string[]): string;
  /** The same inside of a sentence, marked as something to type. */
  typed(name: CommandName, ...rest: readonly string[]): string;
  /** `tab="Клиенты"`, with the name that the reader's language has for it. */
  named(key: KeyName, value: string): string;
  /** `header=3`: a value of one word. */
  option(key: KeyName, word: string): string;
  /** The moment on the reader's clock, and on the campaign's where that shows another time. */
  moment(at: Date, campaignZone: string): string;
}

export function speechFor(reader: Reader): Speech {
  const words = texts(reader.locale);
  const command = (name: CommandName, ...rest: readonly string[]) => [phraseIn(reader.locale, name), ...rest].join(' ');
  return {
    ...words,
    reader,
    command,
    typed: (name, ...rest) => `\`${command(name, ...rest)}\``,
    named: (key, value) => `${keyOf(reader.locale, key)}="${escaped(value)}"`,
    option: (key, word) => `${keyOf(reader.locale, key)}=${word}`,
    moment(at, campaignZone) {
      const here = words.dateTime(at, reader.zone);
      if (sameClock(words, at, reader.zone, campaignZone)) return here;
      return words.t('card.moment-both', { here, there: words.dateTime(at, campaignZone) });
    },
  };
}

/** How names of values are written in each language; the vocabulary understands both. */
const KEYS: Readonly<Record<KeyName, readonly [en: string, ru: string]>> = {
  name: ['name', 'название'],
  text: ['text', 'текст'],
  sender: ['sender', 'отправитель'],
  class: ['class', 'вид'],
  purpose: ['purpose', 'цель'],
  start: ['start', 'когда'],
  until: ['until', 'до'],
  zone: ['zone', 'пояс'],
  window: ['window', 'часы'],
  'cost-centre': ['cost-centre', 'мвз'],
  source: ['source', 'файл'],
  tab: ['tab', 'лист'],
  header: ['header', 'заголовок'],
  phone: ['phone', 'телефон'],
  hidden: ['hidden', 'скрытые'],
  reason: ['reason', 'причина'],
  language: ['language', 'язык'],
  deputy: ['deputy', 'заместитель'],
  department: ['department', 'отдел'],
  roles: ['roles', 'роли'],
  from: ['from', 'с'],
};

export const keyOf = (locale: Locale, key: KeyName): string => KEYS[key][locale === 'ru' ? 1 : 0];

/** A file or link as an argument: in quotes only where it has spaces. */
export const asArgument = (text: string): string => (/^[^\s"'`«»“”„‘’]+$/u.test(text) ? text : `"${escaped(text)}"`);

/**
 * Read back by `parse.ts`, where a backslash before any quote is the quote's: one that is the text's own is written twice, and
 * quotes that could be the closing ones get one.
 */
const escaped = (text: string): string => text.replace(/\\(?=[„«»'‘’`])/gu, '\\\\').replace(/["“”]/gu, '\\$&');

const sameClock = (words: Texts, at: Date, a: string, b: string): boolean =>
  a === b || (words.date(at, a) === words.date(at, b) && words.time(at, a) === words.time(at, b));

/** Whether the catalogue has words for a code that comes from outside of this code: stored, or an operator's. */
export const isText = (key: string): key is TextKey => Object.hasOwn(en, key);

/** A button, and the command that it stands for. */
export function action(say: Speech, label: ButtonKey, command: string, style?: Action['style']): Action {
  return { label: say.t(label), command, ...(style && { style }) };
}

/** Texts of buttons, which have no parameters. */
export type ButtonKey = Extract<TextKey, `do.${string}`>;

/** No number at all: whoever copied a real one would have a stranger sent a code. */
export const EXAMPLE_PHONE = '+7 9XX XXX-XX-XX';

/** On one line, as titles and cells of tables are. */
export const oneLine = (text: string): string => text.replace(/\s+/g, ' ').trim();

/** `[#####-----]`: how much of the whole is done; full only when all of it is. */
export function bar(done: number, total: number, width = 20): string {
  const filled = total <= 0 ? 0 : Math.min(width, Math.floor((done / total) * width));
  return `[${'#'.repeat(filled)}${'-'.repeat(width - filled)}]`;
}
