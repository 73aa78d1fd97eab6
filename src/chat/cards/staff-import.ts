/** What came of a staff sheet: who was added and changed, which rows were not carried out, or why none of them was. */
import type { Question } from '../../audiences/questions.ts';
import type { Card, Section } from '../../staff/card.ts';
import { ROSTER_COLUMNS, type RosterColumn, type RosterDone, type RowProblem } from '../../staff/roster.ts';
import type { Reader } from '../reader.ts';
import { EXAMPLE_HANDLE } from './access.ts';
import { rolesSaid } from './mistake.ts';
import { answersTo, questionLines, seenBeside } from './questions.ts';
import { action, asArgument, oneLine, type Speech, speechFor } from './speech.ts';

export interface StaffImportedView {
  /** The file, as the person called it. */
  readonly name: string;
  readonly done: RosterDone;
  /** Rows that were left out because nobody sees them in the sheet. */
  readonly hidden: number;
}

export function staffImportedCard({ name, done, hidden }: StaffImportedView, reader: Reader): Card {
  const say = speechFor(reader);
  const { added, changed, same, problems } = done;
  const file = oneLine(name);
  const isEmpty = added + changed + same + problems.length === 0;
  return {
    subject: 'staff',
    tone: isEmpty || problems.length > 0 ? 'attention' : 'good',
    title: isEmpty
      ? say.t('staff-import.nobody', { name: file })
      : problems.length > 0
        ? say.t('staff-import.partly', { name: file, n: problems.length })
        : say.t('staff-import.done', { name: file }),
    lead: leftAsItWas(done, hidden, say),
    facts: [
      { label: say.t('staff-import.added'), value: say.number(added) },
      { label: say.t('staff-import.changed'), value: say.number(changed) },
      { label: say.t('staff-import.same'), value: say.number(same) },
    ],
    sections: problemSection(problems, say),
    actions: [action(say, 'do.staff', say.command('staff'))],
    note: say.t('staff-import.stay', { command: say.typed('staff-deactivate', EXAMPLE_HANDLE) }),
  };
}

/** What the sheet does not say was not made up. */
function leftAsItWas({ kept, viewers }: RosterDone, hidden: number, say: Speech): readonly string[] {
  const command = say.typed('staff-role', EXAMPLE_HANDLE, say.t('example.roles'));
  return [
    ...(kept > 0 ? [say.t('staff-import.kept', { n: kept })] : []),
    ...(viewers > 0 ? [say.t('staff-import.viewers', { n: viewers, command })] : []),
    ...(hidden > 0 ? [say.t('staff-import.hidden', { n: hidden })] : []),
  ];
}

/** Rows with problems that are listed; who has more mends these first. */
const LISTED = 20;

function problemSection(problems: readonly RowProblem[], say: Speech): readonly Section[] {
  if (problems.length === 0) return [];
  const more = problems.length - LISTED;
  return [
    {
      title: say.t('staff-import.problems'),
      table: {
        head: [say.t('staff-import.row'), say.t('staff-import.why')],
        rows: problems.slice(0, LISTED).map((problem) => [say.number(problem.row), reasonOf(problem, say)]),
      },
    },
    ...(more > 0 ? [{ title: '', lines: [say.t('staff-import.more', { n: more })] }] : []),
  ];
}

function reasonOf({ why, said: written }: RowProblem, say: Speech): string {
  const said = oneLine(written);
  switch (why) {
    case 'no-handle':
      return say.t('staff-import.no-handle');
    case 'no-name':
    case 'no-department':
    case 'twice':
      return say.t(`staff-import.${why}`, { said });
    case 'bad-role':
      return say.t('value.roles', { said, roles: rolesSaid(say) });
    case 'bad-email':
      return say.t('value.email', { said });
    case 'not-allowed':
      return say.t('staff-refused.not-allowed');
    case 'bad-handle':
    case 'taken':
    case 'unknown-person':
    case 'last-admin':
      return say.t(`staff-refused.${why}`, { said });
  }
}

export interface StaffColumnsView {
  readonly name: string;
  readonly missing: readonly RosterColumn[];
  /** Said by more than one heading. */
  readonly twice: readonly RosterColumn[];
}

/** The sheet has not all columns, or one of them twice. */
export function staffColumnsCard({ name, missing, twice }: StaffColumnsView, reader: Reader): Card {
  const say = speechFor(reader);
  const facts = [...missing, ...twice].map((column) => ({
    label: say.t(`staff.${column}`),
    value: ROSTER_COLUMNS[column].join(', '),
  }));
  return {
    subject: 'staff',
    tone: 'attention',
    title: say.t('staff-import.columns', { name: oneLine(name) }),
    lead: [
      ...(missing.length > 0 ? [say.t('staff-import.missing', { columns: named(missing, say) })] : []),
      ...(twice.length > 0 ? [say.t('staff-import.column-twice', { columns: named(twice, say) })] : []),
    ],
    sections: [{ title: say.t('staff-import.words'), facts }],
    actions: [action(say, 'do.help', say.command('help', say.command('staff-import')))],
    note: say.t('staff-import.nothing-done'),
  };
}

const named = (columns: readonly RosterColumn[], say: Speech): string =>
  columns.map((column) => say.t(`staff.${column}`)).join(', ');

export interface StaffTabView {
  readonly name: string;
  /** Null when it cannot be named again (an upload). */
  readonly ref: string | null;
  readonly question: Extract<Question, { kind: 'tab' }>;
}

/** Several tabs of the workbook look like a staff sheet. */
export function staffTabCard({ name, ref, question }: StaffTabView, reader: Reader): Card {
  const say = speechFor(reader);
  const command = say.typed('staff-import', say.named('tab', question.options[0]!.name));
  return {
    subject: 'staff',
    tone: 'attention',
    title: say.t('ask.title', { source: oneLine(name) }),
    lead: questionLines(question, say),
    sections: seenBeside(question, say),
    actions:
      ref === null ? [] : answersTo(question, (answer) => say.command('staff-import', asArgument(ref), answer), say),
    note: ref === null ? say.t('staff-import.send-again', { command }) : say.t('staff-import.nothing-done'),
  };
}
