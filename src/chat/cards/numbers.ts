/** The numbering plan: the one that holds, where a number belongs, and one on its way in. */
import type { Question } from '../../audiences/questions.ts';
import { type PlanCounts, planCounts } from '../../dispatch/plan-changes.ts';
import type { PlanApplied, PlanProposed } from '../../dispatch/plan-import.ts';
import { PLAN_COLUMNS, type PlanColumn, type PlanProblem } from '../../dispatch/plan-sheet.ts';
import type { PlanHead } from '../../dispatch/plan-store.ts';
import type { NumberPlace, NumberRange } from '../../messages/number-plan.ts';
import type { E164 } from '../../messages/phone.ts';
import type { Card, Fact, Section } from '../../staff/card.ts';
import type { Reader } from '../reader.ts';
import { answersTo, questionLines, seenBeside } from './questions.ts';
import { action, asArgument, oneLine, type Speech, speechFor } from './speech.ts';

export interface HeldPlanView {
  /** All plans that were taken over, the latest first. */
  readonly history: readonly PlanHead[];
  readonly held: readonly NumberRange[];
  readonly names: (handle: string) => string;
}

/** Earlier plans that a card names. */
const REMEMBERED = 8;

export function heldPlanCard({ history, held, names }: HeldPlanView, reader: Reader): Card {
  const say = speechFor(reader);
  const [now] = history;
  const base = { subject: 'numbers', tone: 'info', actions: [helpOn(say)] } as const;
  if (!now) return { ...base, title: say.t('numbers.none'), lead: [say.t('numbers.none.why')] };
  const rows = history
    .slice(0, REMEMBERED)
    .map(({ number, source, ranges, at, by }) => [
      say.number(number ?? 0),
      oneLine(source),
      say.number(ranges),
      say.t('prices.taken-how', { when: say.dateTime(at, reader.zone), by: names(by) }),
    ]);
  const head = ['numbers.plan', 'prices.source', 'numbers.ranges', 'prices.taken'] as const;
  return {
    ...base,
    title: say.t('numbers.held', { number: now.number ?? 0 }),
    facts: countFacts(planCounts(held), say),
    sections: [{ title: say.t('numbers.history'), table: { head: head.map((key) => say.t(key)), rows } }],
    note: say.t('numbers.one', { command: say.typed('numbers', '+79000000001') }),
  };
}

const countFacts = (counts: PlanCounts, say: Speech): readonly Fact[] =>
  (['ranges', 'operators', 'regions', 'zones', 'withoutNetwork', 'withoutZone'] as const)
    .filter((kind) => counts[kind] > 0 || !kind.startsWith('without'))
    .map((kind) => ({ label: say.t(`numbers.${kind}`), value: say.number(counts[kind]) }));

export function numberPlaceCard(
  { phone, place }: { readonly phone: E164; readonly place: NumberPlace | null },
  reader: Reader,
): Card {
  const say = speechFor(reader);
  const base = {
    subject: 'numbers',
    tone: 'info',
    actions: [action(say, 'do.numbers', say.command('numbers'))],
  } as const;
  if (!place) return { ...base, title: say.t('numbers.unknown', { phone }) };
  const facts = [
    { label: say.t('numbers.column.operator'), value: place.operator },
    { label: say.t('numbers.column.network'), value: place.network ?? '—' },
    { label: say.t('numbers.column.region'), value: place.region || '—' },
    { label: say.t('numbers.column.zone'), value: place.zone ?? '—' },
  ];
  return { ...base, title: phone, lead: [say.t('numbers.by-plan')], facts };
}

export interface PlanProposedView {
  /** The file, as the person called it. */
  readonly name: string;
  readonly proposed: PlanProposed;
  /** Rows that were left out because nobody sees them in the sheet. */
  readonly hidden: number;
}

export function planProposedCard({ name, proposed, hidden }: PlanProposedView, reader: Reader): Card {
  const say = speechFor(reader);
  const { id, counts, changes, before } = proposed;
  const changed = (['added', 'moved', 'lost', 'same'] as const).map((kind) => ({
    label: say.t(`numbers.${kind}`),
    value: say.number(changes[kind]),
  }));
  return {
    subject: `numbers-import:${id}`,
    tone: changes.lost > 0 ? 'attention' : 'info',
    title: say.t('numbers.proposed', { name: oneLine(name) }),
    lead: hidden > 0 ? [say.t('prices.hidden', { n: hidden })] : [],
    facts: countFacts(counts, say),
    sections: before
      ? [
          { title: say.t('numbers.against', { number: before.number ?? 0 }), facts: changed },
          ...movedSection(proposed, say),
        ]
      : [],
    actions: [
      action(say, 'do.numbers-apply', say.command('numbers-apply', id), 'primary'),
      action(say, 'do.numbers', say.command('numbers')),
    ],
    note: say.t('prices.confirm', { command: say.typed('numbers-apply', id) }),
  };
}

function movedSection({ changes }: PlanProposed, say: Speech): readonly Section[] {
  if (changes.examples.length === 0) return [];
  const rows = changes.examples.map(({ before, after }) => [
    rangeSaid(before),
    ...[before, after].map(({ operator, region }) => [operator, region].filter(Boolean).join(', ')),
  ]);
  const head = [say.t('numbers.range'), say.t('prices.before'), say.t('prices.after')];
  return [{ title: say.t('numbers.moved'), table: { head, rows } }];
}

const rangeSaid = ({ first, last }: NumberRange): string => (first === last ? `+${first}` : `+${first}–${last}`);

const PROBLEMS = 20;

/** Rows that cannot be read; none at all where the sheet has no ranges. */
export function planProblemsCard(
  { name, problems }: { readonly name: string; readonly problems: readonly PlanProblem[] },
  reader: Reader,
): Card {
  const say = speechFor(reader);
  const more = problems.length - PROBLEMS;
  const rows = problems
    .slice(0, PROBLEMS)
    .map(({ row, why, said }) => [say.number(row), say.t(`numbers.${why}`, { said: oneLine(said) })]);
  const table = { head: [say.t('prices.row'), say.t('prices.why')], rows };
  const isEmpty = problems.length === 0;
  const file = oneLine(name);
  return {
    subject: 'numbers-import',
    tone: 'attention',
    title: isEmpty
      ? say.t('numbers.empty', { name: file })
      : say.t('prices.problems', { n: problems.length, name: file }),
    lead: isEmpty ? [] : [say.t('numbers.problems.do')],
    sections: [
      ...(isEmpty ? [] : [{ title: '', table }]),
      ...(more > 0 ? [{ title: '', lines: [say.t('prices.more-problems', { n: more })] }] : []),
    ],
    actions: [helpOn(say)],
    note: say.t('prices.nothing-done'),
  };
}

const helpOn = (say: Speech) => action(say, 'do.help', say.command('help', say.command('numbers-import')));

export interface PlanColumnsView {
  readonly name: string;
  readonly missing: readonly PlanColumn[];
  /** Said by more than one heading. */
  readonly twice: readonly PlanColumn[];
}

export function planColumnsCard({ name, missing, twice }: PlanColumnsView, reader: Reader): Card {
  const say = speechFor(reader);
  const named = (columns: readonly PlanColumn[]) => columns.map((one) => say.t(`numbers.column.${one}`)).join(', ');
  const facts = [...missing, ...twice].map((column) => ({
    label: say.t(`numbers.column.${column}`),
    value: PLAN_COLUMNS[column].join(', '),
  }));
  return {
    subject: 'numbers-import',
    tone: 'attention',
    title: say.t('numbers.columns', { name: oneLine(name) }),
    lead: [
      ...(missing.length > 0 ? [say.t('prices.missing', { columns: named(missing) })] : []),
      ...(missing.includes('prefix') ? [say.t('numbers.or-ends')] : []),
      ...(twice.length > 0 ? [say.t('prices.column-twice', { columns: named(twice) })] : []),
    ],
    sections: [{ title: say.t('prices.words'), facts }],
    actions: [helpOn(say)],
    note: say.t('prices.nothing-done'),
  };
}

export interface PlanTabView {
  readonly name: string;
  /** Null when it cannot be named again (an upload). */
  readonly ref: string | null;
  readonly question: Extract<Question, { kind: 'tab' }>;
}

/** Several tabs of the workbook look like a numbering plan. */
export function planTabCard({ name, ref, question }: PlanTabView, reader: Reader): Card {
  const say = speechFor(reader);
  const again = say.typed('numbers-import', say.named('tab', question.options[0]!.name));
  const answer = (said: string) => say.command('numbers-import', asArgument(ref ?? ''), said);
  return {
    subject: 'numbers-import',
    tone: 'attention',
    title: say.t('ask.title', { source: oneLine(name) }),
    lead: questionLines(question, say),
    sections: seenBeside(question, say),
    actions: ref === null ? [] : answersTo(question, answer, say),
    note: ref === null ? say.t('prices.send-again', { command: again }) : say.t('prices.nothing-done'),
  };
}

/** What became of `numbers apply`. */
export function planAppliedCard(
  { applied, said }: { readonly applied: Exclude<PlanApplied, { kind: 'not-allowed' }>; readonly said: string },
  reader: Reader,
): Card {
  const say = speechFor(reader);
  const actions = [action(say, 'do.numbers', say.command('numbers'))];
  const refusal = (title: string, what: string): Card => ({
    subject: 'numbers-import',
    tone: 'attention',
    title,
    lead: [what],
    actions,
    note: say.t('prices.nothing-done'),
  });
  switch (applied.kind) {
    case 'applied':
      return {
        subject: `numbers-import:${said}`,
        tone: 'good',
        title: say.t('numbers.applied', { number: applied.plan.number ?? 0 }),
        lead: [say.t('numbers.applied-how')],
        actions,
      };
    case 'no-such-proposal':
      return refusal(say.t('numbers.no-such-proposal', { said: oneLine(said) }), say.t('prices.no-such-proposal.do'));
    case 'overtaken':
      return refusal(say.t('numbers.overtaken'), say.t('prices.overtaken.do'));
  }
}
