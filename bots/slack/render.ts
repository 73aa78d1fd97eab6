/**
 * A card as Slack's blocks, with a text beside them for notifications and screen readers. What is too large for a message is cut
 * at its end, with a line that says so: no card is ever refused.
 */
import type { types } from '@slack/bolt';
import type { Action, Card, Section } from '../../src/staff/card.ts';
import { type Locale, texts } from '../../src/texts/index.ts';
import { harmless } from '../console/width.ts';
import { cut, LIMITS } from './limits.ts';
import { factsBlocks, isDrawing, linesBlocks, monospace, tableBlocks, titleBlock } from './rich-text.ts';
import { escaped } from './said.ts';

export type Block = types.KnownBlock;

export interface Rendered {
  /** Mrkdwn, escaped. */
  readonly text: string;
  readonly blocks: Block[];
}

export interface RenderOptions {
  readonly locale: Locale;
  /** How many blocks the card may take; as many as a message takes when absent. */
  readonly most?: number;
  /** Without buttons, where nobody could press them. */
  readonly silent?: boolean;
  /** Tells the cards of one view apart; letters only. */
  readonly tag?: string;
}

export function renderCard(
  given: Card,
  { locale, most = LIMITS.blocksInMessage, silent = false, tag = '' }: RenderOptions,
): Rendered {
  const card = cleaned(given);
  const say = texts(locale);
  const buttons = silent ? { taken: [], left: [] } : takenButtons(card.actions ?? []);
  const tail = [...buttonBlocks(card, buttons.taken, tag), ...noteBlocks(card.note)];
  const parts = [
    ...opening(card),
    ...(card.sections ?? []).map(sectionPart),
    ...(silent ? [] : typedCommands(card, say.t('slack.to-type'))),
  ];
  const { blocks, left } = fitted(parts, most - tail.length, LIMITS.blocksText - sizeOf(tail));
  const what = cut([...left, ...buttons.left].join('; '), 300);
  const cutLine = what === '' ? [] : linesBlocks([say.t('slack.cut', { what })]);
  return { text: spokenText(card), blocks: [...blocks, ...cutLine, ...tail] };
}

/** Blocks that belong together, and what they are called when they are left out. */
interface Part {
  readonly name: string;
  readonly blocks: readonly Block[];
}

function opening({ title, lead = [], facts = [] }: Card): readonly Part[] {
  const rest = title.length > LIMITS.header ? [title] : [];
  return [
    {
      name: title,
      blocks: [
        {
          type: 'header',
          text: { type: 'plain_text', text: cut(title.replace(/\s+/gu, ' '), LIMITS.header) || ' ', emoji: false },
        },
      ],
    },
    { name: cut(lead[0] ?? title, 40), blocks: linesBlocks([...rest, ...lead]) },
    { name: facts.map(({ label }) => label).join(', '), blocks: factsBlocks(facts) },
  ];
}

function sectionPart({ title, lines = [], facts = [], table }: Section): Part {
  return {
    name: title || cut(lines[0] ?? '', 40),
    blocks: [
      ...titleBlock(title),
      ...(isDrawing(lines) ? monospace(lines.join('\n')) : linesBlocks(lines)),
      ...factsBlocks(facts),
      ...(table ? tableBlocks(table) : []),
    ],
  };
}

/** As many blocks from the beginning as there is room for, and what the others are called; one is kept for saying so. */
function fitted(parts: readonly Part[], room: number, letters: number): { blocks: Block[]; left: readonly string[] } {
  const all = parts.flatMap((part) => part.blocks.map((block) => ({ block, name: part.name })));
  const whole = all.map(({ block }) => block);
  if (whole.length <= room && sizeOf(whole) <= letters) return { blocks: whole, left: [] };
  const blocks: Block[] = [];
  let size = CUT_LINE;
  for (const { block } of all) {
    size += sizeOf([block]);
    if (blocks.length === room - 1 || size > letters) break;
    blocks.push(block);
  }
  const left = all.slice(blocks.length).map(({ name }) => name);
  return { blocks, left: [...new Set(left.filter((name) => name !== ''))] };
}

const CUT_LINE = 500;

const sizeOf = (blocks: readonly Block[]): number =>
  blocks.reduce((sum, block) => sum + JSON.stringify(block).length, 0);

/** The buttons that a message holds beside its text, and what the others are called. */
function takenButtons(actions: readonly Action[]): { taken: readonly Action[]; left: readonly string[] } {
  const pressable = actions.filter(isPressable);
  let size = 0;
  const count = pressable.findIndex(({ label, command }) => {
    size += label.length + command.length + BUTTON_FRAME;
    return size > LIMITS.blocksText / 2;
  });
  const end = count === -1 ? pressable.length : count;
  return { taken: pressable.slice(0, end), left: pressable.slice(end).map(({ label }) => label) };
}

/** What a button takes beside its label and its command. */
const BUTTON_FRAME = 250;

/** The block's id names the card's subject, so that an answer knows whether it is about the message whose button was pressed. */
function buttonBlocks({ subject, title }: Card, buttons: readonly Action[], tag: string): readonly Block[] {
  return inRows(buttons).map((row, index) => ({
    type: 'actions',
    block_id: cut(`${tag}${index}:${subject}`, LIMITS.blockId),
    elements: row.map((action, at) => button(action, title, `${tag}${index * LIMITS.buttonsInBlock + at}`)),
  }));
}

/** The subject that `buttonBlocks` wrote. */
export const subjectIn = (blockId: string): string => blockId.replace(/^[a-z]*\d+:/u, '');

function inRows(buttons: readonly Action[]): readonly (readonly Action[])[] {
  const rows: Action[][] = [];
  for (let at = 0; at < buttons.length; at += LIMITS.buttonsInBlock)
    rows.push(buttons.slice(at, at + LIMITS.buttonsInBlock));
  return rows;
}

export const SAY = /^say:[a-z]*\d+$/u;

const button = ({ label, command, style }: Action, title: string, number: string): types.Button => ({
  type: 'button',
  action_id: `say:${number}`,
  text: { type: 'plain_text', text: cut(label, LIMITS.button) || command.slice(0, LIMITS.button), emoji: false },
  value: command,
  accessibility_label: cut(`${label}: ${title}`, LIMITS.buttonLabel),
  ...(style && { style }),
});

const isPressable = ({ command }: Action): boolean => command.length <= LIMITS.value;

/** What no button can hold is there to be copied. */
function typedCommands({ actions = [] }: Card, heading: string): readonly Part[] {
  return actions
    .filter((action) => !isPressable(action))
    .map(({ label, command }) => ({
      name: label,
      blocks: [...titleBlock(`${heading} ${label}`), ...monospace(command)],
    }));
}

function noteBlocks(note: string | undefined): readonly Block[] {
  if (note === undefined || note === '') return [];
  return [
    {
      type: 'context',
      elements: [{ type: 'mrkdwn', text: cut(escaped(cut(note, 400)), LIMITS.contextText), verbatim: true }],
    },
  ];
}

/** What is read aloud, and shown in notifications: all that matters, without what is for the eyes. */
function spokenText({ title, lead = [], facts = [] }: Card): string {
  const lines = [title, ...lead, ...facts.map(({ label, value }) => `${label}: ${value}`)];
  return cut(escaped(cut(lines.join('\n'), LIMITS.text / 2)), LIMITS.text);
}

/** Every text of the card without signs that steer a screen. */
const cleaned = (card: Card): Card =>
  JSON.parse(JSON.stringify(card), (_, value) => (typeof value === 'string' ? harmless(value) : value)) as Card;
