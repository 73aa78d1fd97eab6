/**
 * One command as it is carried out: who calls, in what words, and the answers that several commands give. A command returns a
 * card; rights are judged by the verbs it calls, for the person who calls, now.
 */
import type { Campaign } from '../campaigns/campaign.ts';
import type { Refusal, Verdict } from '../campaigns/room.ts';
import type { Card } from '../staff/card.ts';
import type { Employee } from '../staff/employee.ts';
import type { ChatEvent } from '../staff/surface.ts';
import { type Texts, texts } from '../texts/index.ts';
import type { Background } from './background.ts';
import { type Missing, type Mistake, mistakeCard, type ValueProblem } from './cards/mistake.ts';
import { refusalCard } from './cards/refusal.ts';
import type { FieldProblem } from './fields.ts';
import type { Conversation } from './form-store.ts';
import type { Numbers } from './numbers.ts';
import type { ArgumentMistake, Arguments } from './parse.ts';
import type { Reader } from './reader.ts';
import type { ChatRoom } from './room.ts';
import type { CommandName, KeyName } from './vocabulary.ts';

/** What every answer to an employee is made with. */
export interface Talk {
  readonly room: ChatRoom;
  readonly numbers: Numbers;
  readonly background: Background;
  readonly event: ChatEvent;
  readonly by: Employee;
  readonly reader: Reader;
  readonly words: Texts;
  readonly conversation: Conversation;
}

export interface Call extends Talk {
  readonly name: CommandName;
  readonly args: Arguments;
}

export interface Command {
  /** Names that may be said as `name=value`; without any, what follows is free text. */
  readonly keys: readonly KeyName[];
  /** Null: there is nothing to add to what the chat shows anyway. */
  run(call: Call): Promise<Card | null>;
}

/** How an employee reads cards. */
export const readerOf = (room: ChatRoom, { locale, zone }: Pick<Employee, 'locale' | 'zone'>): Reader => ({
  locale,
  zone,
  personalData: room.settings.personalData,
});

export const wordsOf = ({ locale }: Pick<Employee, 'locale'>): Texts => texts(locale);

export const mistaken = ({ reader }: Talk, mistake: Mistake): Card => mistakeCard(mistake, reader);

/** A mistake in a command, with an example of how it is written. */
function withExample(talk: Talk, name: CommandName, card: Card): Card {
  const [example = ''] = talk.words.t(`help.${name}.examples`).split('\n').slice(-1);
  return { ...card, sections: [...(card.sections ?? []), { title: talk.words.t('example'), lines: [example] }] };
}

/** What could not be taken to pieces. */
export const unreadable = (talk: Talk, command: CommandName, mistake: ArgumentMistake): Card =>
  withExample(talk, command, mistaken(talk, { kind: 'arguments', command, mistake, line: talk.event.text }));

/** The command says too little; how it is written comes with the answer. */
export const missing = (call: Call, what: Missing): Card => withExample(call, call.name, missed(call, what));

const missed = (call: Call, what: Missing): Card =>
  mistaken(call, { kind: 'missing', command: call.name, what, syntax: syntaxOf(call.words, call.name) });

export const wrongValue = (call: Call, said: string, problem: ValueProblem): Card =>
  withExample(call, call.name, mistaken(call, { kind: 'value', command: call.name, said, problem }));

/** A word that the command has no use for. */
export function leftOver(call: Call, index: number): Card {
  const { text, at } = call.args.words[index]!;
  return unreadable(call, call.name, { code: 'left-over', said: text, at });
}

export function fieldProblem(call: Call, problem: FieldProblem, campaign?: string): Card {
  switch (problem.kind) {
    case 'text':
      return mistaken(call, { ...problem, campaign });
    case 'when':
      return mistaken(call, problem);
    case 'value':
      return wrongValue(call, problem.said, problem.problem);
    case 'missing':
      return missing(call, problem.what);
  }
}

/** How a command is written, without the backticks that the catalogue marks typed words with. */
export const syntaxOf = (words: Texts, name: CommandName): string => words.t(`help.${name}.how`).replaceAll('`', '');

export function refused(call: Talk & { readonly name: CommandName }, refusal: Refusal, campaign?: Campaign): Card {
  return refusalCard({ refusal, command: call.name, campaign }, call.reader);
}

/** The refusal of a verb, or what follows when it was carried out. */
export async function settled(
  call: Call,
  verdict: Verdict,
  before: Campaign | undefined,
  then: (campaign: Campaign) => Promise<Card>,
): Promise<Card> {
  if (verdict.kind === 'refused') return refused(call, verdict.refusal, before);
  return then(verdict.campaign);
}
