/** One step of a form: the question, what is known so far, and the answers that can be pressed. */
import type { Action, Card, Fact } from '../../staff/card.ts';
import type { Reader } from '../reader.ts';
import { action, oneLine, speechFor } from './speech.ts';

export interface FormView {
  /** What is being made, e.g. `campaign:12` or `form`: newer steps replace older ones. */
  readonly subject: string;
  /** From 1. */
  readonly step: number;
  readonly steps: number;
  readonly question: string;
  /** How to answer: examples, explanations. */
  readonly hints?: readonly string[] | undefined;
  readonly known: readonly Fact[];
  readonly options: readonly Action[];
  /** What was wrong with the last answer. */
  readonly mistake?: readonly string[] | undefined;
  readonly canGoBack: boolean;
  readonly canSkip: boolean;
}

export function formCard(view: FormView, reader: Reader): Card {
  const say = speechFor(reader);
  const { subject, step, steps, question, hints = [], known, options, mistake = [] } = view;
  const [first, ...more] = mistake;
  return {
    subject,
    tone: first === undefined ? 'info' : 'attention',
    title: steps > 1 ? say.t('step.of', { step, steps, question }) : question,
    lead: [...(first === undefined ? [] : [say.t('step.mistake', { mistake: first }), ...more]), ...hints],
    sections: known.length === 0 ? [] : [{ title: say.t('step.known'), facts: known.map(inOneLine) }],
    actions: [
      ...options,
      ...(view.canSkip ? [action(say, 'do.skip', say.t('word.skip'))] : []),
      ...(view.canGoBack ? [action(say, 'do.back', say.t('word.back'))] : []),
      action(say, 'do.leave-form', say.t('word.leave-form')),
    ],
  };
}

const inOneLine = ({ label, value }: Fact): Fact => ({ label, value: oneLine(value) });

/** The form cannot go on: what it asked about is another department's now. No word of which campaign that is. */
export function formGoneCard(reader: Reader): Card {
  const say = speechFor(reader);
  return {
    subject: 'form',
    tone: 'attention',
    title: say.t('step.left'),
    lead: [say.t('step.left.gone')],
    actions: [action(say, 'do.list', say.command('list'))],
  };
}

/** The form was left before its end. */
export function formLeftCard({ campaign }: { readonly campaign: string | null }, reader: Reader): Card {
  const say = speechFor(reader);
  return {
    subject: campaign === null ? 'form' : `campaign:${campaign}`,
    tone: 'info',
    title: say.t('step.left'),
    lead: [campaign === null ? say.t('step.left.nothing') : say.t('step.left.kept', { id: campaign })],
    actions: [
      campaign === null
        ? action(say, 'do.list', say.command('list'))
        : action(say, 'do.open', say.command('show', campaign)),
    ],
  };
}
