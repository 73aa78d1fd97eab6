/** A text that is no template, or names what is no column: each mistake by a sentence, and drawn under the text. */
import type { TemplateError, UnknownVariable } from '../../messages/template.ts';
import type { Action, Card, Section } from '../../staff/card.ts';
import { excerptAt } from './excerpt.ts';
import { action, type Speech } from './speech.ts';
import { columnsLine, variableLine } from './variables.ts';

/** Mistakes shown at once; who has more mends these first. */
const SHOWN = 5;

interface Written {
  readonly text: string;
  readonly campaign?: string | undefined;
}

export function textMistakeCard(
  { text, errors, campaign }: Written & { errors: readonly TemplateError[] },
  say: Speech,
): Card {
  return {
    ...about(campaign),
    title: say.t('mistake.text'),
    lead: [say.t('mistake.text.kept')],
    sections: errors.slice(0, SHOWN).map((error) => ({ title: errorSentence(error, say), lines: drawn(error, text) })),
    actions: openAction(campaign, say),
  };
}

export function variablesMistakeCard(
  { text, problems, columns, campaign }: Written & { problems: readonly UnknownVariable[]; columns: readonly string[] },
  say: Speech,
): Card {
  return {
    ...about(campaign),
    title: say.t('mistake.variables'),
    lead: [say.t('mistake.variables.do')],
    sections: [
      ...problems.slice(0, SHOWN).map((problem) => ({
        title: variableLine(problem, say),
        lines: excerptAt(text, problem.line, problem.column),
      })),
      ...columnsOf(columns, say),
    ],
    actions: openAction(campaign, say),
  };
}

const about = (campaign: string | undefined) =>
  ({ subject: campaign === undefined ? 'mistake' : `campaign:${campaign}`, tone: 'attention' }) as const;

const openAction = (campaign: string | undefined, say: Speech): readonly Action[] =>
  campaign === undefined
    ? [action(say, 'do.help', say.command('help', say.command('new')))]
    : [action(say, 'do.open', say.command('show', campaign))];

const columnsOf = (columns: readonly string[], say: Speech): readonly Section[] =>
  columns.length === 0 ? [] : [{ title: say.t('mistake.columns'), lines: [columnsLine(columns)] }];

/** Of the text as a whole there is no place to draw. */
const drawn = ({ code, line, column }: TemplateError, text: string): readonly string[] =>
  code === 'not-text' || code === 'too-long' ? [] : excerptAt(text, line, column);

export function errorSentence({ code, line, column, detail = '' }: TemplateError, say: Speech): string {
  switch (code) {
    case 'not-text':
      return say.t('template.not-text');
    case 'too-long':
      return say.t('template.too-long', { detail });
    case 'too-deep':
    case 'needs-brackets':
      return say.t(`template.${code}`, { line, column, detail });
    case 'syntax':
    case 'not-closed':
    case 'mismatched':
    case 'not-allowed':
      return say.t(`template.${code}`, { line, column });
  }
}
