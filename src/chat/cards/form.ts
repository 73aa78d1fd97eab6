/** One step of a form: the question, what is known so far, and the answers that can be pressed. */
import type { Action, Card, Fact } from '../../staff/card.ts';
import type { Reader } from '../reader.ts';

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

export function formCard({ subject, question }: FormView, _reader: Reader): Card {
  return { subject, tone: 'info', title: question };
}

export function formLeftCard(_view: { readonly campaign: string | null }, _reader: Reader): Card {
  return { subject: 'form', tone: 'info', title: 'form' };
}
