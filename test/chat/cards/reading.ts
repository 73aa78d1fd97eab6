/** What tests read of a card: every text in it, and its commands as the chat would understand them. */
import { readArguments } from '../../../src/chat/parse.ts';
import { type CommandName, type KeyName, readCommand, readFormWord } from '../../../src/chat/vocabulary.ts';
import type { Card } from '../../../src/staff/card.ts';

/** Every text that a person sees. */
export function textsOf({ title, lead = [], facts = [], sections = [], actions = [], note }: Card): readonly string[] {
  return [
    title,
    ...lead,
    ...facts.flatMap(({ label, value }) => [label, value]),
    ...sections.flatMap((section) => [
      section.title,
      ...(section.lines ?? []),
      ...(section.facts ?? []).flatMap(({ label, value }) => [label, value]),
      ...(section.table ? [...section.table.head, ...section.table.rows.flat()] : []),
    ]),
    ...actions.flatMap(({ label, command }) => [label, command]),
    ...(note === undefined ? [] : [note]),
  ];
}

export const wholeText = (card: Card): string => textsOf(card).join('\n').replaceAll('\u00a0', ' ');

export interface Understood {
  readonly name: CommandName;
  readonly words: readonly string[];
  readonly named: Readonly<Record<string, string>>;
}

const KEYS: readonly KeyName[] = [
  'text',
  'sender',
  'source',
  'tab',
  'header',
  'phone',
  'hidden',
  'zone',
  'language',
  'deputy',
  'until',
];

/** A command as the chat reads it; fails where it would not be understood. */
export function understood(command: string, keys: readonly KeyName[] = KEYS): Understood {
  const reading = readCommand(command);
  if (reading.kind === 'unknown') throw new Error(`“${command}” is no command`);
  const read = readArguments(command, reading.end, keys);
  if (read.kind === 'mistake') throw new Error(`“${command}” is not understood: ${read.mistake.code}`);
  const { words, named } = read.arguments;
  return {
    name: reading.name,
    words: words.map(({ text }) => text),
    named: Object.fromEntries([...named].map(([key, { text }]) => [key, text])),
  };
}

/** The names of the commands that a card offers. */
export const offered = ({ actions = [] }: Card): readonly string[] =>
  actions.map(({ command }) => (readFormWord(command) ? `form:${readFormWord(command)}` : understood(command).name));

/** Commands that stand in the card's sentences, in backticks. */
export const typed = (card: Card): readonly string[] =>
  textsOf(card).flatMap((text) => [...text.matchAll(/`([^`]+)`/g)].map((match) => match[1]!));
