/** What a person wrote that cannot be understood, where exactly, and what was probably meant. */
import type { PhoneProblem } from '../../messages/phone.ts';
import type { SenderProblem } from '../../messages/sender.ts';
import type { TemplateError, UnknownVariable } from '../../messages/template.ts';
import type { Action, Card } from '../../staff/card.ts';
import { ROLES } from '../../staff/employee.ts';
import type { ArgumentMistake } from '../parse.ts';
import type { Reader } from '../reader.ts';
import type { CommandName, KeyName } from '../vocabulary.ts';
import type { When } from '../when.ts';
import { excerptOf } from './excerpt.ts';
import { textMistakeCard, variablesMistakeCard } from './mistake-in-text.ts';
import { action, keyOf, oneLine, type Speech, speechFor } from './speech.ts';

export type Mistake =
  /** A text that is no template. */
  | {
      readonly kind: 'text';
      readonly text: string;
      readonly errors: readonly TemplateError[];
      readonly campaign?: string | undefined;
    }
  /** Variables that are no columns. */
  | {
      readonly kind: 'variables';
      readonly text: string;
      readonly problems: readonly UnknownVariable[];
      readonly columns: readonly string[];
      readonly campaign?: string | undefined;
    }
  /** A time that is not clear; `choose` makes the command that an option stands for. */
  | {
      readonly kind: 'when';
      readonly said: string;
      readonly unclear: Extract<When, { kind: 'unclear' }>;
      readonly choose?: ((at: Date) => string) | undefined;
    }
  | { readonly kind: 'unknown-command'; readonly said: string; readonly nearest: CommandName | null }
  | {
      readonly kind: 'arguments';
      readonly command: CommandName;
      readonly mistake: ArgumentMistake;
      readonly line: string;
    }
  /** Something that the command cannot do without; `what` is what is missing. */
  | {
      readonly kind: 'missing';
      readonly command: CommandName;
      readonly what: Missing;
      readonly syntax?: string | undefined;
    }
  /** A value that is none of its kind. */
  | { readonly kind: 'value'; readonly command: CommandName; readonly said: string; readonly problem: ValueProblem };

export type Missing =
  | 'campaign'
  | 'mark'
  | 'reason'
  | 'when'
  | 'phone'
  | 'source'
  | 'text'
  | 'code'
  | 'employee'
  | 'request'
  | 'department'
  | 'roles'
  | 'email'
  | 'account'
  | 'proposal'
  | 'provider'
  | 'anything';

export type ValueProblem =
  | { readonly of: 'sender'; readonly why: SenderProblem }
  | { readonly of: 'phone'; readonly why: PhoneProblem }
  | { readonly of: 'window'; readonly why: 'not-a-window' | 'empty' | 'crosses-midnight' }
  | {
      readonly of:
        | 'class'
        | 'zone'
        | 'language'
        | 'header'
        | 'hidden'
        | 'campaign'
        | 'roles'
        | 'handle'
        | 'code'
        | 'purpose'
        | 'email'
        | 'day';
    }
  | { readonly of: 'choice'; readonly key: KeyName; readonly options: readonly string[] };

export function mistakeCard(mistake: Mistake, reader: Reader): Card {
  const say = speechFor(reader);
  switch (mistake.kind) {
    case 'text':
      return textMistakeCard(mistake, say);
    case 'variables':
      return variablesMistakeCard(mistake, say);
    case 'when':
      return whenCard(mistake, say);
    case 'unknown-command':
      return unknownCommandCard(mistake, say);
    case 'arguments':
      return argumentsCard(mistake, say);
    case 'missing':
      return missingCard(mistake, say);
    case 'value':
      return card(valueSentence(mistake.problem, mistake.said, say), [helpOn(mistake.command, say)]);
  }
}

type Of<Kind extends Mistake['kind']> = Extract<Mistake, { kind: Kind }>;

const card = (title: string, actions: readonly Action[], more: Partial<Card> = {}): Card => ({
  subject: 'mistake',
  tone: 'attention',
  title,
  actions,
  ...more,
});

const helpOn = (command: CommandName, say: Speech): Action =>
  action(say, 'do.help', say.command('help', say.command(command)));

function whenCard({ said, unclear, choose }: Of<'when'>, say: Speech): Card {
  const { options = [] } = unclear;
  const title = whenSentence(unclear, said, say);
  const written = options.map((at) => say.dateTime(at, say.reader.zone));
  const actions = choose ? options.map((at, index) => ({ label: written[index]!, command: choose(at) })) : [];
  const lead = [
    ...(said.trim() === '' ? [] : [say.t('mistake.said', { said: oneLine(said) })]),
    ...(choose ? [] : written),
    ...(options.length > 0 ? [say.t('mistake.choose')] : []),
  ];
  return card(title, actions, { lead });
}

function whenSentence({ why, options = [], rest }: Of<'when'>['unclear'], said: string, say: Speech): string {
  if (why === 'left-over') return say.t('when.left-over', { rest: rest ?? said });
  // The other of the two has passed.
  if (why === 'morning-or-evening' && options.length === 1) return say.t('when.is-it-this');
  return say.t(`when.${why}`);
}

function unknownCommandCard({ said, nearest }: Of<'unknown-command'>, say: Speech): Card {
  const help = action(say, 'do.help', say.command('help'));
  const lead = [
    ...(nearest === null ? [] : [say.t('mistake.unknown-command.nearest', { command: say.typed(nearest) })]),
    say.t('mistake.unknown-command.do', { command: say.typed('help') }),
  ];
  const title =
    said.trim() === '' ? say.t('mistake.nothing-said') : say.t('mistake.unknown-command', { said: oneLine(said) });
  return card(
    title,
    nearest === null
      ? [help]
      : [{ ...helpOn(nearest, say), label: `${say.t('do.help')}: ${say.command(nearest)}` }, help],
    {
      lead,
    },
  );
}

function argumentsCard({ command, mistake, line }: Of<'arguments'>, say: Speech): Card {
  const [title, ...lead] = argumentSentences(mistake, say);
  return card(title!, [helpOn(command, say)], {
    lead,
    sections: [{ title: '', lines: excerptOf(line, mistake.at) }],
    note: say.t('mistake.help', { command: say.typed('help', say.command(command)) }),
  });
}

function argumentSentences(mistake: ArgumentMistake, say: Speech): readonly string[] {
  switch (mistake.code) {
    case 'quote-open':
      return [say.t('mistake.quote-open'), say.t('mistake.quote-open.do')];
    case 'unknown-key': {
      const { key, nearest } = mistake;
      const meant =
        nearest === null ? [] : [say.t('mistake.unknown-key.nearest', { nearest: keyOf(say.locale, nearest) })];
      return [say.t('mistake.unknown-key', { key }), ...meant];
    }
    case 'key-twice':
      return [say.t('mistake.key-twice', { key: keyOf(say.locale, mistake.key) })];
    case 'left-over':
      return [say.t('mistake.left-over', { said: oneLine(mistake.said) }), say.t('mistake.left-over.do')];
  }
}

function missingCard({ command, what, syntax }: Of<'missing'>, say: Speech): Card {
  const title = what === 'roles' ? say.t('missing.roles', { roles: rolesSaid(say) }) : say.t(`missing.${what}`);
  const lead = syntax === undefined ? [] : [say.t('mistake.syntax', { syntax: `\`${syntax}\`` })];
  return card(title, [helpOn(command, say)], { lead });
}

/** All roles there are, in the reader's words. */
export const rolesSaid = (say: Speech): string => ROLES.map((role) => say.t(`role.${role}`)).join(', ');

function valueSentence(problem: ValueProblem, written: string, say: Speech): string {
  const said = oneLine(written);
  switch (problem.of) {
    case 'sender':
      return say.t(`sender.${problem.why}`);
    case 'phone':
      return say.t(`phone.${problem.why}`);
    case 'window':
      return say.t(`window.${problem.why}`);
    case 'roles':
      return say.t('value.roles', { said, roles: rolesSaid(say) });
    case 'choice':
      return say.t('value.choice', { said, options: problem.options.join(', ') });
    case 'class':
    case 'zone':
    case 'language':
    case 'header':
    case 'hidden':
    case 'campaign':
    case 'handle':
    case 'code':
    case 'purpose':
    case 'email':
    case 'day':
      return say.t(`value.${problem.of}`, { said });
  }
}
