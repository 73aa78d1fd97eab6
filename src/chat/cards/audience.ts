/** What a look at an audience found: how many can be reached, who is left out and why, what must be answered first. */
import type { Question } from '../../audiences/questions.ts';
import type { SourceProblem } from '../../audiences/source.ts';
import type { AudienceCounts } from '../../audiences/store.ts';
import type { PhoneDoubt } from '../../messages/phone.ts';
import type { Card } from '../../staff/card.ts';
import type { Reader } from '../reader.ts';

/** One row as it was read. */
export interface RowShown {
  readonly number: number;
  /** E.164, or null when the row is left out. */
  readonly phone: string | null;
  readonly doubt: PhoneDoubt | null;
  /** Why it is left out: an exclusion reason. */
  readonly excluded: string | null;
  readonly values: Readonly<Record<string, string>>;
}

export interface AudienceView {
  /** As the person called it. */
  readonly name: string;
  /** Where it is, for a command that makes a campaign of it; null when it cannot be named (an upload). */
  readonly ref: string | null;
  readonly headings: readonly string[];
  readonly counts: AudienceCounts;
  readonly rows: readonly RowShown[];
}

export function audienceCard({ name }: AudienceView, _reader: Reader): Card {
  return { subject: 'audience', tone: 'info', title: name };
}

/** A source that cannot be read. */
export function sourceProblemCard(
  { name }: { readonly name: string; readonly problem: SourceProblem; readonly campaign?: string | undefined },
  _reader: Reader,
): Card {
  return { subject: 'audience', tone: 'bad', title: name };
}

/** A source about which something must be asked before it can be counted; asked by `audience check`, with no campaign yet. */
export function audienceQuestionsCard(
  { name }: { readonly name: string; readonly ref: string; readonly questions: readonly Question[] },
  _reader: Reader,
): Card {
  return { subject: 'audience', tone: 'attention', title: name };
}
