/** A price list on its way in: what it would change, what is wrong with it, and that it was taken over. */
import type { Question } from '../../audiences/questions.ts';
import { type PriceChange, type PriceChanges, ratioOf } from '../../dispatch/price-changes.ts';
import type { Applied, Proposed } from '../../dispatch/price-import.ts';
import { PRICE_COLUMNS, type PriceColumn, type PriceProblem } from '../../dispatch/price-sheet.ts';
import type { Price } from '../../messages/price.ts';
import type { Card, Section } from '../../staff/card.ts';
import type { Reader } from '../reader.ts';
import { prefixSaid } from './prices.ts';
import { answersTo, questionLines, seenBeside } from './questions.ts';
import { action, asArgument, oneLine, type Speech, speechFor } from './speech.ts';

export interface ProposedView {
  readonly account: string;
  /** The file, as the person called it. */
  readonly name: string;
  readonly proposed: Proposed;
  /** Rows that were left out because nobody sees them in the sheet. */
  readonly hidden: number;
  readonly zone: string;
}

export function pricesProposedCard({ account, name, proposed, hidden, zone }: ProposedView, reader: Reader): Card {
  const say = speechFor(reader);
  const { id, changes, validFrom } = proposed;
  const { added, lost, dearer, cheaper, otherwise, same, ceasing } = changes;
  const isNothing = added.length + lost.length + dearer.length + cheaper.length + otherwise.length === 0;
  const facts = (['added', 'dearer', 'cheaper', 'otherwise', 'lost'] as const)
    .filter((kind) => kind !== 'otherwise' || otherwise.length > 0)
    .map((kind) => ({ label: say.t(`prices.${kind}`), value: say.number(changes[kind].length) }));
  return {
    subject: `prices-import:${id}`,
    tone: lost.length > 0 || ceasing.length > 0 ? 'attention' : 'info',
    title: isNothing
      ? say.t('prices.proposed-none', { name: oneLine(name), account })
      : say.t('prices.proposed', { account, when: say.dateTime(validFrom, zone) }),
    lead: [
      ...(lost.length > 0 ? [say.t('prices.lost-warning', { n: lost.length, account })] : []),
      ...(ceasing[0]
        ? [say.t('prices.ceasing-warning', { n: ceasing.length, when: say.date(ceasing[0].at, zone) })]
        : []),
      ...nextWarning(proposed, zone, say),
      ...(hidden > 0 ? [say.t('prices.hidden', { n: hidden })] : []),
    ],
    facts: [...facts, { label: say.t('prices.same'), value: say.number(same) }],
    sections: changesSection(changes, say),
    actions: [
      action(say, 'do.prices-apply', say.command('prices-apply', id), lost.length > 0 ? 'danger' : 'primary'),
      action(say, 'do.prices', say.command('prices', account)),
    ],
    note: say.t('prices.confirm', { command: say.typed('prices-apply', id) }),
  };
}

const nextWarning = ({ next }: Proposed, zone: string, say: Speech): readonly string[] =>
  next ? [say.t('prices.next-warning', { version: next.version, when: say.date(next.validFrom, zone) })] : [];

/** Changes that are listed: what is lost first, then what changes most. */
const LISTED = 12;

function changesSection({ lost, dearer, cheaper, otherwise, added }: PriceChanges, say: Speech): readonly Section[] {
  const moved = [...dearer, ...cheaper].sort((a, b) => ratioOf(b) - ratioOf(a));
  const rows = [...lost, ...moved, ...otherwise, ...added]
    .slice(0, LISTED)
    .map(({ prefix, before, after }: PriceChange) => [
      prefixSaid(prefix, say),
      priceSaid(before, say),
      priceSaid(after, say),
    ]);
  if (rows.length === 0) return [];
  const head = [say.t('prices.prefix'), say.t('prices.before'), say.t('prices.after')];
  return [{ title: say.t('prices.changes'), table: { head, rows } }];
}

function priceSaid(price: Price | null, say: Speech): string {
  if (!price) return say.t('prices.no-price');
  const money = say.money(price.perPart);
  return price.chargedOn === 'delivery' ? say.t('prices.if-delivered', { money }) : money;
}

export interface PriceProblemsView {
  readonly name: string;
  readonly problems: readonly PriceProblem[];
}

const PROBLEMS = 20;

/** Rows that cannot be read; none at all where the sheet has no prices. */
export function priceProblemsCard({ name, problems }: PriceProblemsView, reader: Reader): Card {
  const say = speechFor(reader);
  const file = oneLine(name);
  const more = problems.length - PROBLEMS;
  const rows = problems.slice(0, PROBLEMS).map((problem) => [say.number(problem.row), reasonOf(problem, say)]);
  const table = { head: [say.t('prices.row'), say.t('prices.why')], rows };
  const isEmpty = problems.length === 0;
  return {
    subject: 'prices-import',
    tone: 'attention',
    title: isEmpty
      ? say.t('prices.empty', { name: file })
      : say.t('prices.problems', { n: problems.length, name: file }),
    lead: isEmpty ? [] : [say.t('prices.problems.do')],
    sections: [
      ...(isEmpty ? [] : [{ title: '', table }]),
      ...(more > 0 ? [{ title: '', lines: [say.t('prices.more-problems', { n: more })] }] : []),
    ],
    actions: [helpOn(say)],
    note: say.t('prices.nothing-done'),
  };
}

const helpOn = (say: Speech) => action(say, 'do.help', say.command('help', say.command('prices-import')));

function reasonOf({ why, said: written }: PriceProblem, say: Speech): string {
  const said = oneLine(written);
  switch (why) {
    case 'no-prefix':
      return say.t('prices.no-prefix');
    case 'no-price':
      return say.t('prices.no-price-said', { said });
    case 'bad-prefix':
    case 'bad-network':
    case 'bad-price':
    case 'bad-charged':
    case 'bad-date':
    case 'ends-early':
    case 'overlaps':
      return say.t(`prices.${why}`, { said });
  }
}

export interface PriceColumnsView {
  readonly name: string;
  readonly missing: readonly PriceColumn[];
  /** Said by more than one heading. */
  readonly twice: readonly PriceColumn[];
}

export function priceColumnsCard({ name, missing, twice }: PriceColumnsView, reader: Reader): Card {
  const say = speechFor(reader);
  const named = (columns: readonly PriceColumn[]) => columns.map((one) => say.t(`prices.column.${one}`)).join(', ');
  const facts = [...missing, ...twice].map((column) => ({
    label: say.t(`prices.column.${column}`),
    value: PRICE_COLUMNS[column].join(', '),
  }));
  return {
    subject: 'prices-import',
    tone: 'attention',
    title: say.t('prices.columns', { name: oneLine(name) }),
    lead: [
      ...(missing.length > 0 ? [say.t('prices.missing', { columns: named(missing) })] : []),
      ...(twice.length > 0 ? [say.t('prices.column-twice', { columns: named(twice) })] : []),
    ],
    sections: [{ title: say.t('prices.words'), facts }],
    actions: [helpOn(say)],
    note: say.t('prices.nothing-done'),
  };
}

export interface PriceTabView {
  readonly account: string;
  readonly name: string;
  /** Null when it cannot be named again (an upload). */
  readonly ref: string | null;
  /** What else was said in the command. */
  readonly rest: readonly string[];
  readonly question: Extract<Question, { kind: 'tab' }>;
}

/** Several tabs of the workbook look like a price list. */
export function priceTabCard({ account, name, ref, rest, question }: PriceTabView, reader: Reader): Card {
  const say = speechFor(reader);
  const again = say.typed('prices-import', account, ...rest, say.named('tab', question.options[0]!.name));
  const answer = (said: string) => say.command('prices-import', account, asArgument(ref ?? ''), ...rest, said);
  return {
    subject: 'prices-import',
    tone: 'attention',
    title: say.t('ask.title', { source: oneLine(name) }),
    lead: questionLines(question, say),
    sections: seenBeside(question, say),
    actions: ref === null ? [] : answersTo(question, answer, say),
    note: ref === null ? say.t('prices.send-again', { command: again }) : say.t('prices.nothing-done'),
  };
}

/** What became of `prices apply`. */
export function pricesAppliedCard(
  { applied, said, zone }: { applied: Exclude<Applied, { kind: 'not-allowed' }>; said: string; zone: string },
  reader: Reader,
): Card {
  const say = speechFor(reader);
  switch (applied.kind) {
    case 'applied': {
      const { version, provider: account, validFrom, takenAt } = applied.list;
      const when = say.dateTime(validFrom > takenAt ? validFrom : takenAt, zone);
      return {
        subject: `prices-import:${said}`,
        tone: 'good',
        title: say.t('prices.applied', { version, account }),
        lead: [say.t('prices.applied-how', { when })],
        actions: [action(say, 'do.prices', say.command('prices', account))],
      };
    }
    case 'no-such-proposal':
      return refusal(
        say.t('prices.no-such-proposal', { said: oneLine(said) }),
        say.t('prices.no-such-proposal.do'),
        say,
      );
    case 'overtaken':
      return refusal(say.t('prices.overtaken', { account: applied.provider }), say.t('prices.overtaken.do'), say);
  }
}

const refusal = (title: string, what: string, say: Speech): Card => ({
  subject: 'prices-import',
  tone: 'attention',
  title,
  lead: [what],
  actions: [action(say, 'do.prices', say.command('prices'))],
  note: say.t('prices.nothing-done'),
});
