/**
 * Lines of a card as Slack's rich text, which takes letters as they are: nothing that a person wrote can become a link, a mention
 * or a format there. Only what the cards mark as a command to type is set apart.
 */
import type { types } from '@slack/bolt';
import type { Fact, Table } from '../../src/staff/card.ts';
import { tableLines } from '../console/table.ts';
import { cut, LIMITS, pieces } from './limits.ts';

type Element = types.RichTextText | types.RichTextLink;
export type RichText = types.RichTextBlock;

/** A command to type, or an address, which shows as itself. */
const MARK = /`(?<command>[^`\n]+)`|(?<link>https?:\/\/[^\s<>"«»“”`]*[^\s<>"«»“”`.,;:!?)\]])/gu;

/** Text with its commands set as code, and addresses that can be followed. */
export function spoken(text: string): readonly Element[] {
  const elements: Element[] = [];
  let at = 0;
  for (const match of text.matchAll(MARK)) {
    const { command, link } = match.groups!;
    elements.push(...plain(text.slice(at, match.index)));
    if (command !== undefined) elements.push({ type: 'text', text: command, style: { code: true } });
    else elements.push(...(URL.canParse(link!) ? [{ type: 'link', url: link! } as const] : plain(link!)));
    at = match.index + match[0].length;
  }
  return [...elements, ...plain(text.slice(at))];
}

const plain = (text: string): readonly Element[] => (text === '' ? [] : [{ type: 'text', text }]);
export const bold = (text: string): readonly Element[] =>
  text === '' ? [] : [{ type: 'text', text, style: { bold: true } }];

/** A longer cell or label would be a page of its own. */
const LONGEST_CELL = 150;

/** Lines below one another, as blocks of a length that Slack takes. */
export const linesBlocks = (lines: readonly string[]): readonly RichText[] =>
  sections(lines.flatMap((line) => pieces(line, LIMITS.section - 1)).map(spoken));

/** One a line, the label in bold letters. */
export const factsBlocks = (facts: readonly Fact[]): readonly RichText[] =>
  sections(
    facts.flatMap(({ label: whole, value }) => {
      const label = cut(whole, LONGEST_CELL);
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
    const isAlike = last?.type === 'text' && element.type === 'text' && isSameStyle(last, element);
    if (isAlike) all[all.length - 1] = { ...last, text: last.text + element.text };
    else all.push(element);
  }
  return all;
}

const isSameStyle = (a: Element, b: Element): boolean => JSON.stringify(a.style) === JSON.stringify(b.style);

const lengthOf = (elements: readonly Element[]): number =>
  elements.reduce((sum, element) => sum + (element.type === 'link' ? element.url : element.text).length, 0);

/** A phone shows some forty letters in a row; a computer some eighty. Longer rows are wrapped. */
const TABLE_WIDTH = 72;
/** A table in letters of one width. */
export function tableBlocks({ head, rows }: Table): readonly RichText[] {
  const short = (row: readonly string[]) => row.map((cell) => cut(cell, LONGEST_CELL));
  return monospace(tableLines({ head: short(head), rows: rows.map(short) }, TABLE_WIDTH).join('\n'));
}

/** Lines whose columns mean something: letters of one width, no wrapping. */
export const monospace = (text: string): readonly RichText[] =>
  pieces(text, LIMITS.section - 1)
    .map((piece) => piece.replace(/\n$/u, ''))
    .filter((piece) => piece !== '')
    .map((piece) => ({
      type: 'rich_text',
      elements: [{ type: 'rich_text_preformatted', elements: [{ type: 'text', text: piece }] }],
    }));

/** A line with a caret under it points at a place. */
export const isDrawing = (lines: readonly string[]): boolean => lines.some((line) => /^ *\^$/u.test(line));
