/**
 * A card as plain text for a terminal: aligned whatever the alphabet, wrapped to the width, and readable without its colours.
 * What can be done stands at the end as commands to type.
 */
import { styleText } from 'node:util';
import type { Action, Card, Fact, Section, Tone } from '../../src/staff/card.ts';
import { type Locale, texts } from '../../src/texts/index.ts';
import { tableLines } from './table.ts';
import { harmless, padEnd, widthOf, wrap } from './width.ts';

export interface RenderOptions {
  readonly locale: Locale;
  /** Columns of the terminal; 80 where nobody knows. */
  readonly width?: number;
  /** Only on a terminal that shows them. */
  readonly colour?: boolean;
}

const USUAL_WIDTH = 80;
/** Longer lines are hard to read, however wide the screen. */
const WIDEST = 100;
const NARROWEST = 30;
const INDENT = '  ';

export function renderCard(card: Card, options: RenderOptions): string {
  const { locale, colour = false } = options;
  const width = Math.max(NARROWEST, Math.min(WIDEST, options.width ?? USUAL_WIDTH));
  const paint = painter(colour);
  const { title, lead = [], facts = [], sections = [], actions = [], note, tone } = cleaned(card);
  const blocks = [
    [...titleLines(title, tone, width, paint), ...lead.flatMap((line) => wrap(line, width)).map(paint.commands)],
    factLines(facts, width, paint),
    ...sections.map((section) => sectionLines(section, width, paint)),
    actionLines(actions, texts(locale).t('console.actions'), width, paint),
    note === undefined ? [] : wrap(note, width).map((line) => paint.dim(paint.commands(line))),
  ];
  return `${blocks
    .filter((lines) => lines.length > 0)
    .map((lines) => lines.join('\n'))
    .join('\n\n')}\n`;
}

/** Attention is asked for by a sign that shows without any colour. */
const SIGNS: Readonly<Record<Tone, string>> = { info: '', good: '', attention: '! ', bad: '!! ' };

function titleLines(title: string, tone: Tone, width: number, paint: Painter): readonly string[] {
  const lines = wrap(SIGNS[tone] + title.replaceAll('\n', ' '), width);
  const longest = Math.max(...lines.map(widthOf));
  return [...lines.map((line) => paint.title(line, tone)), '='.repeat(Math.min(width, longest))];
}

/** Labels in one column, values in the next; a long label stands on a line of its own. */
function factLines(facts: readonly Fact[], width: number, paint: Painter): readonly string[] {
  const most = Math.floor(width / 3);
  const column = Math.max(0, ...facts.map(({ label }) => widthOf(label)).filter((label) => label <= most));
  return facts.flatMap(({ label, value }) => {
    const room = width - INDENT.length * 2 - column;
    const [first = '', ...more] = wrap(value, room).map(paint.commands);
    const gap = `${INDENT}${' '.repeat(column)}${INDENT}`;
    if (widthOf(label) > most)
      return [`${INDENT}${paint.dim(label)}`, ...[first, ...more].map((line) => `${gap}${line}`)];
    return [
      `${INDENT}${paint.dim(padEnd(label, column))}${INDENT}${first}`.trimEnd(),
      ...more.map((line) => `${gap}${line}`),
    ];
  });
}

function sectionLines(
  { title, lines = [], facts = [], table }: Section,
  width: number,
  paint: Painter,
): readonly string[] {
  const room = width - INDENT.length;
  const body = [
    ...(isDrawing(lines) ? lines : lines.flatMap((line) => wrap(line, room))).map(paint.commands),
    ...(table ? tableLines(table, room) : []),
  ];
  return [
    ...(title === '' ? [] : wrap(title, width).map(paint.heading)),
    ...body.map((line) => `${INDENT}${line}`.trimEnd()),
    ...(body.length > 0 && facts.length > 0 ? [''] : []),
    ...factLines(facts, width, paint),
  ];
}

/** A line with a caret under it means a place, which wrapping would move. */
const isDrawing = (lines: readonly string[]): boolean => lines.some((line) => /^ *\^$/.test(line));

/** What to type first, what it does after it. */
function actionLines(actions: readonly Action[], heading: string, width: number, paint: Painter): readonly string[] {
  if (actions.length === 0) return [];
  const commands = actions.map(({ command }) => command.replaceAll('\n', ' '));
  const column = Math.max(...commands.map(widthOf).filter((one) => one <= width / 2), 0);
  const lines = actions.flatMap(({ label }, index) => {
    const command = commands[index]!;
    if (widthOf(command) > column)
      return [`${INDENT}${paint.command(command)}`, `${INDENT}${' '.repeat(column)}${INDENT}${label}`];
    return [`${INDENT}${paint.command(padEnd(command, column))}${INDENT}${label}`];
  });
  return [paint.heading(heading), ...lines];
}

/** Every text of the card without what would command the terminal. */
function cleaned(card: Card): Card {
  return JSON.parse(JSON.stringify(card), (_, value) => (typeof value === 'string' ? harmless(value) : value)) as Card;
}

interface Painter {
  title(text: string, tone: Tone): string;
  heading(text: string): string;
  dim(text: string): string;
  command(text: string): string;
  /** Paints what stands in backticks. */
  commands(line: string): string;
}

const TONES = { info: 'bold', good: 'green', attention: 'yellow', bad: 'red' } as const;

function painter(colour: boolean): Painter {
  const paint = (format: Parameters<typeof styleText>[0], text: string): string =>
    colour && text !== '' ? styleText(format, text, { validateStream: false }) : text;
  return {
    title: (text, tone) => paint(tone === 'info' ? 'bold' : ['bold', TONES[tone]], text),
    heading: (text) => paint('bold', text),
    dim: (text) => paint('dim', text),
    command: (text) => paint('cyan', text),
    commands: (line) => line.replace(/`[^`]+`/g, (typed) => paint('cyan', typed)),
  };
}
