/** What Herald must ask before it can read a table, with the answers as commands. */
import type { Question } from '../../audiences/questions.ts';
import type { Action, Card, Section } from '../../staff/card.ts';
import type { Reader } from '../reader.ts';
import type { KeyName } from '../vocabulary.ts';
import { cellShown } from './customer.ts';
import { oneLine, type Speech, speechFor } from './speech.ts';

export interface QuestionView {
  readonly question: Question;
  /** Id of the campaign, which the answers edit. */
  readonly campaign: string;
  /** Name of the file or sheet that is asked about. */
  readonly source: string;
  /** How many questions there are, this one included. */
  readonly of?: number | undefined;
}

export function questionCard({ question, campaign, source, of = 1 }: QuestionView, reader: Reader): Card {
  const say = speechFor(reader);
  const typed = toType(question, campaign, say);
  return {
    subject: `campaign:${campaign}`,
    tone: 'attention',
    title: say.t('ask.title', { source: oneLine(source) }),
    lead: [...questionLines(question, say), ...(of > 1 ? [say.t('ask.of', { n: of })] : [])],
    sections: seenBeside(question, say),
    actions: answersTo(question, (answer) => say.command('edit', campaign, answer), say),
    ...(typed !== null && { note: typed }),
  };
}

/** The question, and what there is to say about it. */
export function questionLines(question: Question, say: Speech): readonly string[] {
  switch (question.kind) {
    case 'header': {
      const { guess } = question;
      return [
        say.t('ask.header'),
        guess === null ? say.t('ask.header-no-guess') : say.t('ask.header-guess', { row: guess }),
      ];
    }
    case 'hidden-rows':
      return [say.t('ask.hidden-rows', { n: question.count }), ...(question.filtered ? [say.t('ask.filtered')] : [])];
    case 'tab':
    case 'phone-column':
    case 'no-phone-column':
      return [say.t(`ask.${question.kind}`)];
  }
}

/** Answers that are buttons; with more, the name is typed. */
const BUTTONS = 12;

/** `command` makes one of an answer such as `tab="Клиенты"`. */
export function answersTo(question: Question, command: (answer: string) => string, say: Speech): readonly Action[] {
  const named = (name: string, key: KeyName): Action => ({
    label: oneLine(name),
    command: command(say.named(key, name)),
  });
  const option = (label: string, key: KeyName, word: string): Action => ({
    label,
    command: command(say.option(key, word)),
  });
  switch (question.kind) {
    case 'tab':
      return question.options.slice(0, BUTTONS).map(({ name }) => named(name, 'tab'));
    case 'phone-column':
      return question.options.slice(0, BUTTONS).map(({ name }) => named(name, 'phone'));
    case 'no-phone-column':
      return question.columns.slice(0, BUTTONS).map((name) => named(name, 'phone'));
    case 'header':
      return [
        ...question.rows.map(({ number }) =>
          option(say.t('ask.row-number', { row: number }), 'header', String(number)),
        ),
        option(say.t('do.no-header'), 'header', '0'),
      ];
    case 'hidden-rows':
      return [
        option(say.t('do.take-hidden'), 'hidden', say.t('word.take')),
        option(say.t('do.leave-hidden'), 'hidden', say.t('word.leave')),
      ];
  }
}

/** What a person must see to choose. */
export function seenBeside(question: Question, say: Speech): readonly Section[] {
  const table = (head: readonly string[], rows: readonly (readonly string[])[]): readonly Section[] => [
    { title: '', table: { head, rows } },
  ];
  switch (question.kind) {
    case 'tab': {
      const rows = question.options.map(({ name, rows, hidden }) => [
        hidden ? say.t('ask.tab-hidden', { name: oneLine(name) }) : oneLine(name),
        say.number(rows),
      ]);
      return table([say.t('ask.tab-name'), say.t('card.rows')], rows);
    }
    case 'phone-column': {
      const rows = question.options.map(({ name, example }) => [oneLine(name), cellShown(example, say)]);
      return table([say.t('ask.column'), say.t('ask.example')], rows);
    }
    case 'header':
      return table([say.t('ask.row'), say.t('ask.cells')], headerRows(question, say));
    case 'no-phone-column':
      return table(
        [say.t('ask.column')],
        question.columns.slice(0, COLUMNS).map((name) => [oneLine(name)]),
      );
    case 'hidden-rows':
      return [];
  }
}

/** How to name a column that has no button. */
function toType(question: Question, campaign: string, say: Speech): string | null {
  if (question.kind !== 'no-phone-column' || question.columns.length <= BUTTONS) return null;
  const command = say.typed('edit', campaign, say.named('phone', question.columns.at(-1)!));
  return say.t('ask.type-name', { command });
}

/** Columns that are listed; who has more knows their names. */
const COLUMNS = 30;

/** Cells of a row that are shown. */
const CELLS = 6;

/** Headings are no personal data, so the row that is probably theirs is always shown as it is. */
const headerRows = (
  { rows, guess }: Extract<Question, { kind: 'header' }>,
  say: Speech,
): readonly (readonly string[])[] =>
  rows.map(({ number, texts }) => {
    const cells = texts.slice(0, CELLS).map((text) => (number === guess ? oneLine(text) : cellShown(text, say)));
    return [say.number(number), [...cells, ...(texts.length > CELLS ? ['…'] : [])].join(' | ')];
  });
