/**
 * Lines of a card as Slack's rich text, which takes letters as they are: nothing that a person wrote can become a link, a mention
 * or a format there. Only what the cards mark as a command to type is set apart.
 */
import type { types } from '@slack/bolt';
import type { Fact, Table } from '../../src/staff/card.ts';
import { tableLines } from '../console/table.ts';
import { LIMITS, pieces } from './limits.ts';

type Element = types.RichTextText;
export type RichText = types.RichTextBlock;

const COMMAND = /`([^`\n]+)`/gu;

/** Text with its commands set as code. */
export function spoken(text: string): readonly Element[] {
  const elements: Element[] = [];
  let at = 0;
  for (const match of text.matchAll(COMMAND)) {
    elements.push(...plain(text.slice(at, match.index)), { type: 'text', text: match[1]!, style: { code: true } });
    at = match.index + match[0].length;
  }
  return [...elements, ...plain(text.slice(at))];
}

const plain = (text: string): readonly Element[] => (text === '' ? [] : [{ type: 'text', text }]);
export const bold = (text: string): readonly Element[] =>
  text === '' ? [] : [{ type: 'text', text, style: { bold: true } }];

/** Lines below one another, as blocks of a length that Slack takes. */
export const linesBlocks = (lines: readonly string[]): readonly RichText[] =>
  sections(lines.flatMap((line) => pieces(line, LIMITS.section - 1)).map(spoken));

/** One a line, the label in bold letters. */
export const factsBlocks = (facts: readonly Fact[]): readonly RichText[] =>
  sections(
    facts.flatMap(({ label, value }) => {
      const [first = '', ...more] = pieces(value, LIMITS.section - 1 - label.length - 2);
      return [[...bold(`${label}: `), ...spoken(first)], ...more.map(spoken)];
    }),
  );

/** A title over what belongs to it. */
export const titleBlock = (title: string): readonly RichText[] =>
  pieces(title, LIMITS.section - 1).flatMap((piece) => sections([bold(piece)]));

function sections(lines: readonly (readonly Element[])[]): readonly RichText[] {
  const blocks: Element[][] = [];
  let length = 0;
  for (const line of lines) {
    const size = lengthOf(line) + 1;
    const last = blocks.at(-1);
    if (last && length + size <= LIMITS.section) {
      last.push({ type: 'text', text: '\n' }, ...line);
      length += size;
    } else {
      blocks.push([...line]);
      length = size;
    }
  }
  return blocks
    .filter((elements) => elements.length > 0)
    .map((elements) => ({ type: 'rich_text', elements: [{ type: 'rich_text_section', elements: joined(elements) }] }));
}

/** Neighbours of one style in one element. */
function joined(elements: readonly Element[]): Element[] {
  const all: Element[] = [];
  for (const element of elements) {
    const last = all.at(-1);
    if (last && JSON.stringify(last.style) === JSON.stringify(element.style)) {
      all[all.length - 1] = { ...last, text: last.text + element.text };
    } else all.push(element);
  }
  return all;
}

const lengthOf = (elements: readonly Element[]): number => elements.reduce((sum, { text }) => sum + text.length, 0);

/** A phone shows some forty letters in a row; a computer some eighty. Longer tables are wrapped between these. */
const TABLE_WIDTH = 72;

/** A table in letters of one width. */
export const tableBlocks = (table: Table): readonly RichText[] => monospace(tableLines(table, TABLE_WIDTH).join('\n'));

/** Lines whose columns mean something: letters of one width, no wrapping. */
export const monospace = (text: string): readonly RichText[] =>
  pieces(text, LIMITS.section - 1).map((piece) => ({
    type: 'rich_text',
    elements: [{ type: 'rich_text_preformatted', elements: [{ type: 'text', text: piece.replace(/\n$/u, '') }] }],
  }));

/** A line with a caret under it points at a place. */
export const isDrawing = (lines: readonly string[]): boolean => lines.some((line) => /^ *\^$/u.test(line));
