/** What a look at an audience found: how many can be reached, who is left out and why, what must be answered first. */
import type { Question } from '../../audiences/questions.ts';
import type { SourceProblem } from '../../audiences/source.ts';
import type { AudienceCounts } from '../../audiences/store.ts';
import type { PhoneDoubt } from '../../messages/phone.ts';
import type { Card, Section } from '../../staff/card.ts';
import type { Reader } from '../reader.ts';
import { cellShown, phoneShown } from './customer.ts';
import { excludedSection, leftOut, reasonOf } from './facts.ts';
import { answersTo, questionLines, seenBeside } from './questions.ts';
import { sourceProblemOf } from './source-problem.ts';
import { action, asArgument, oneLine, type Speech, speechFor } from './speech.ts';
import { columnsLine } from './variables.ts';

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

export function audienceCard({ name, ref, headings, counts, rows }: AudienceView, reader: Reader): Card {
  const say = speechFor(reader);
  const { recipients } = counts;
  const shown = oneLine(name);
  return {
    subject: 'audience',
    tone: recipients > 0 ? 'good' : 'attention',
    title:
      recipients > 0
        ? say.t('audience.title', { name: shown, recipients: say.t('count.recipients', { n: recipients }) })
        : say.t('audience.none', { name: shown }),
    lead: [
      say.t('audience.of-rows', { n: counts.rows }),
      ...(leftOut(counts.excluded) === 0 && recipients > 0 ? [say.t('audience.all-good')] : []),
    ],
    sections: [
      ...excludedSection(counts.excluded, say, 'excluded'),
      ...(rows.length > 0 ? [rowsSection(rows, headings, say)] : []),
      ...columnsSection(headings, say),
    ],
    actions:
      ref === null || recipients === 0
        ? [action(say, 'do.new', say.command('new'))]
        : [action(say, 'do.new-of-this', say.command('new', asArgument(ref)), 'primary')],
    note: say.t('audience.nothing-kept'),
  };
}

/** Columns of the manager's that are shown beside the phone: enough to know a row again. */
const VALUES_SHOWN = 2;

function rowsSection(rows: readonly RowShown[], headings: readonly string[], say: Speech): Section {
  const columns =
    say.reader.personalData === 'none' ? [] : headings.filter((one) => !holdsPhones(one, rows)).slice(0, VALUES_SHOWN);
  return {
    title: say.t('audience.first-rows'),
    table: {
      head: [say.t('audience.row'), say.t('audience.phone'), ...columns.map(oneLine), say.t('audience.remark')],
      rows: rows.map((row) => [
        say.number(row.number),
        row.phone === null ? '' : phoneShown(row.phone, say),
        ...columns.map((column) => cellShown(row.values[column] ?? '', say)),
        remarkOf(row, say),
      ]),
    },
  };
}

/** The phone has a column of its own on the card. */
const holdsPhones = (column: string, rows: readonly RowShown[]): boolean =>
  rows.some(
    ({ phone, values }) => phone !== null && (values[column] ?? '').replace(/\D/g, '').endsWith(phone.slice(-7)),
  );

function remarkOf({ excluded, doubt }: RowShown, say: Speech): string {
  if (excluded !== null) return reasonOf(excluded, say, 'left-out');
  return doubt === null ? '' : say.t(`doubt.${doubt}`);
}

function columnsSection(headings: readonly string[], say: Speech): readonly Section[] {
  if (headings.length === 0) return [];
  return [
    { title: say.t('audience.columns'), lines: [say.t('audience.columns-hint', { variables: columnsLine(headings) })] },
  ];
}

/** A source that cannot be read. */
export function sourceProblemCard(
  {
    name,
    problem,
    campaign,
  }: { readonly name: string; readonly problem: SourceProblem; readonly campaign?: string | undefined },
  reader: Reader,
): Card {
  const say = speechFor(reader);
  return {
    subject: campaign === undefined ? 'audience' : `campaign:${campaign}`,
    tone: 'bad',
    title: say.t('audience.unreadable', { name: oneLine(name) }),
    lead: [sourceProblemOf(problem, say)],
    ...(campaign !== undefined && {
      note: say.t('card.add-audience', {
        command: say.typed('edit', campaign, say.named('source', say.t('example.file'))),
      }),
    }),
    actions: problem.code === 'no-such-tab' && campaign !== undefined ? tabActions(problem.tabs, campaign, say) : [],
  };
}

const TABS_OFFERED = 10;

const tabActions = (tabs: readonly string[], campaign: string, say: Speech) =>
  tabs
    .slice(0, TABS_OFFERED)
    .map((tab) => ({ label: oneLine(tab), command: say.command('edit', campaign, say.named('tab', tab)) }));

/** A source about which something must be asked before it can be counted; asked by `audience check`, with no campaign yet. */
export interface AudienceQuestionsView {
  readonly name: string;
  /** Null when it cannot be named again (an upload). */
  readonly ref: string | null;
  readonly questions: readonly Question[];
}

export function audienceQuestionsCard({ name, ref, questions }: AudienceQuestionsView, reader: Reader): Card {
  const say = speechFor(reader);
  const [only, another] = questions;
  const check = (answer: string) => say.command('audience-check', asArgument(ref ?? ''), answer);
  return {
    subject: 'audience',
    tone: 'attention',
    title: say.t('audience.questions', { name: oneLine(name) }),
    lead: questions.flatMap((question) => questionLines(question, say)),
    sections: questions.flatMap((question) => seenBeside(question, say)),
    actions: [
      // One answer is enough to look again; several are asked for one after another by a campaign.
      ...(ref !== null && only && !another ? answersTo(only, check, say) : []),
      ref === null
        ? action(say, 'do.new', say.command('new'))
        : action(say, 'do.new-of-this', say.command('new', asArgument(ref))),
    ],
    note: say.t('audience.questions-when'),
  };
}
