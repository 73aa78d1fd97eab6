/** What Herald must ask before it can read a table, with the answers as commands. */
import type { Question } from '../../audiences/questions.ts';
import type { Card } from '../../staff/card.ts';
import type { Reader } from '../reader.ts';

export interface QuestionView {
  readonly question: Question;
  /** Id of the campaign, which the answers edit. */
  readonly campaign: string;
  /** Name of the file or sheet that is asked about. */
  readonly source: string;
  /** How many questions there are, this one included. */
  readonly of?: number | undefined;
}

export function questionCard({ campaign, source }: QuestionView, _reader: Reader): Card {
  return { subject: `campaign:${campaign}`, tone: 'attention', title: source };
}
