/**
 * A card as a message of Telegram: HTML of at most 4096 letters, narrow enough for a phone, with its buttons. Never refused: what
 * is too long is cut, and the last line says how to see the rest.
 */
import { phraseIn } from '../../src/chat/vocabulary.ts';
import type { Card, Fact, Section, Table } from '../../src/staff/card.ts';
import { type Locale, texts } from '../../src/texts/index.ts';
import { tableLines } from '../console/table.ts';
import { harmless, widthOf } from '../console/width.ts';
import { cut, EMPTY, type Line, lengthOf, linesOf, marked, preLine, toHtml, wholeLetters } from './html.ts';
import { type Keyboard, keyboardOf } from './keyboard.ts';

export interface Message {
  /** HTML. */
  readonly text: string;
  readonly keyboard: Keyboard;
}

/** "Text of the message to be sent, 1-4096 characters after entities parsing" (Bot API, sendMessage). */
export const LONGEST = 4096;

/** Letters of one width that a narrow phone shows in a line. */
const PHONE_WIDTH = 34;

export function renderCard(card: Card, locale: Locale): Message {
  const { rows, left } = keyboardOf(card);
  const lines = [
    ...linesOf(card.title.replaceAll('\n', ' '), 'b'),
    ...(card.lead ?? []).flatMap((line) => linesOf(line)),
    ...block(factLines(card.facts ?? [])),
    ...(card.sections ?? []).flatMap((section) => block(sectionLines(section))),
    ...block(left.map(({ label, command }) => ({ spans: [{ text: `${harmless(label)}: ` }, codeOf(command)] }))),
    ...block(card.note === undefined ? [] : linesOf(card.note, 'i')),
  ];
  return { text: toHtml(withinOneMessage(lines, card.subject, locale)), keyboard: rows };
}

/** The card in a few words without markup, for a notification that takes 200 letters; null when it has more to say. */
export function briefly({ title, lead = [], sections = [] }: Card, most: number): string | null {
  const text = harmless([title, ...lead].join('\n')).replaceAll('`', '');
  return text.length <= most && sections.length === 0 ? wholeLetters(text, most) : null;
}

const block = (lines: readonly Line[]): readonly Line[] => (lines.length === 0 ? [] : [EMPTY, ...lines]);
const codeOf = (command: string) => ({ text: harmless(command), mark: 'code' as const });

const factLines = (facts: readonly Fact[]): readonly Line[] =>
  facts.flatMap(({ label, value }) => {
    const [first = '', ...more] = value.split('\n');
    return [
      { spans: [...marked(`${label}:`, 'b'), { text: ' ' }, ...marked(first)] },
      ...more.map((line) => ({ spans: marked(line) })),
    ];
  });

function sectionLines({ title, lines = [], facts = [], table }: Section): readonly Line[] {
  return [
    ...(title === '' ? [] : linesOf(title, 'b')),
    ...(isDrawing(lines) ? drawing(lines) : lines.flatMap((line) => linesOf(line))),
    ...(table ? tabled(table) : []),
    ...factLines(facts),
  ];
}

/** A line with a caret under it means a place, which a phone would move by wrapping: so much is shown as stays in one line. */
const isDrawing = (lines: readonly string[]): boolean => lines.some((line) => /^ *\^$/.test(line));

function drawing(lines: readonly string[]): readonly Line[] {
  const caret = lines.find((line) => /^ *\^$/.test(line))!.length;
  const from = Math.max(0, caret - PHONE_WIDTH + 6);
  return lines.map((line) => {
    const seen = harmless(line).slice(from, from + PHONE_WIDTH - 1);
    return preLine(from > 0 && !/^ *\^$/.test(line) ? `…${seen.slice(1)}` : seen);
  });
}

/** In columns where a phone has room for them; two of them may wrap. Else a row is a line for itself, each value with its label. */
function tabled(table: Table): readonly Line[] {
  const plain = { head: table.head, rows: table.rows.map((row) => row.map((cell) => cell.replaceAll('`', ''))) };
  const lines = tableLines(plain, table.head.length <= 2 ? PHONE_WIDTH : Number.MAX_SAFE_INTEGER);
  if (lines.every((line) => widthOf(line) <= PHONE_WIDTH)) return lines.map(preLine);
  return table.rows.flatMap((row) => rowLines(table.head, row));
}

function rowLines(head: readonly string[], row: readonly string[]): readonly Line[] {
  // Numbers alone are no name.
  const names = Math.max(1, row.findIndex((cell) => !/^[\d\s.,%]*$/u.test(cell)) + 1);
  const rest = row.slice(names).flatMap((value, index) => {
    const label = head[index + names] ?? '';
    if (value === '') return [];
    return [label === '' ? value : `${label}: ${value}`];
  });
  const name = row.slice(0, names).join(' ').trim();
  return [...linesOf(name, 'b'), ...(rest.length === 0 ? [] : linesOf(rest.join(' · ')))];
}

function withinOneMessage(lines: readonly Line[], subject: string, locale: Locale): readonly Line[] {
  const length = lines.reduce((sum, line) => sum + lengthOf(line) + 1, -1);
  if (length <= LONGEST) return lines;
  const rest = linesOf(howToSeeTheRest(subject, locale), 'i');
  const room = LONGEST - rest.reduce((sum, line) => sum + lengthOf(line) + 1, 1);
  return [...cut(lines, room), EMPTY, ...rest];
}

function howToSeeTheRest(subject: string, locale: Locale): string {
  const { t } = texts(locale);
  const [kind, id] = subject.split(':');
  const help = phraseIn(locale, 'help');
  if (kind === 'help') return t('telegram.cut.help', { command: `${help} ${phraseIn(locale, 'new')}` });
  return t('telegram.cut', { command: kind === 'campaign' ? `${phraseIn(locale, 'preview')} ${id}` : help });
}
