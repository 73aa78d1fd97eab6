/** What became of a campaign's messages, counted: nothing is left out, and `unknown` is never hidden among the others. */
import type { Campaign, FrozenRun } from '../../campaigns/campaign.ts';
import { SENT_AGAIN } from '../../campaigns/draft.ts';
import type { MessageState } from '../../campaigns/messages.ts';
import type { Fact, Section } from '../../staff/card.ts';
import type { Counts } from './campaign.ts';
import type { Speech } from './speech.ts';

/** In the order in which people ask. */
const ORDER: readonly MessageState[] = [
  'delivered',
  'accepted',
  'undelivered',
  'expired',
  'rejected',
  'failed',
  'unknown',
  'suppressed',
  'removed',
  'missed',
  'cancelled',
  'submitting',
  'queued',
];

const inStates = ({ states }: Counts, which: readonly MessageState[]): number =>
  which.reduce((sum, state) => sum + states[state], 0);

export const totalOf = (counts: Counts): number => inStates(counts, ORDER);

/** Messages that have not gone to an operator and may still. */
export const stillLeft = (counts: Counts): number => inStates(counts, ['queued', 'submitting']);

/** Messages that an operator was given, or may have been. */
export const wentOut = (counts: Counts): number =>
  inStates(counts, ['accepted', 'delivered', 'undelivered', 'expired', 'rejected', 'unknown']);

/** Messages that `again` would take. */
export const notReached = (counts: Counts): number => inStates(counts, SENT_AGAIN);

/** One fact for each state that some message is in, but for those still to be sent. */
export function moreCounts({ states }: Counts, say: Speech): readonly Fact[] {
  return ORDER.filter((state) => state !== 'queued' && state !== 'submitting')
    .filter((state) => states[state] > 0 || state === 'delivered')
    .map((state) => ({ label: capital(say.t(`message-state.${state}`)), value: say.number(states[state]) }));
}

/** Whom a draft is sent to again, by what had become of their message before. */
export function takenSection({ source }: Pick<Campaign, 'source'>, say: Speech): readonly Section[] {
  const taken = source?.rowsOf?.taken;
  if (!taken) return [];
  const rows = ORDER.flatMap((state) =>
    taken[state] ? [[say.number(taken[state]), say.t(`message-state.${state}`)]] : [],
  );
  return [{ title: say.t('card.taken-title'), table: { head: [say.t('card.messages'), say.t('card.state')], rows } }];
}

/** How many messages ended in which state, and their share of all. */
export function outcomeSection(counts: Counts, say: Speech): Section {
  const total = totalOf(counts);
  const rows = ORDER.filter((state) => counts.states[state] > 0).map((state) => [
    say.number(counts.states[state]),
    shareOf(counts.states[state], total, say),
    say.t(`message-state.${state}`),
  ]);
  const sum = [say.number(total), total > 0 ? say.t('card.percent', { share: 100 }) : '', say.t('card.total')];
  return {
    title: say.t('card.results-title'),
    table: { head: [say.t('card.messages'), say.t('card.share'), say.t('card.state')], rows: [...rows, sum] },
  };
}

/** Rounded down, so that nothing short of the whole reads as 100 %. */
function shareOf(part: number, total: number, say: Speech): string {
  const tenths = Math.floor((part / total) * 1000);
  return tenths === 0 ? say.t('card.under-percent') : say.t('card.percent', { share: tenths / 10 });
}

/** Cost so far beside what was expected and what was allowed. */
export function costFact(
  counts: Counts,
  { quote, ceiling, currency }: FrozenRun,
  label: 'card.spent' | 'card.cost-actual',
  say: Speech,
): Fact {
  const amounts = {
    actual: { micros: counts.cost, currency },
    quote: { micros: quote, currency },
    ceiling: { micros: ceiling, currency },
  };
  return { label: say.t(label), value: say.t('card.cost-actual-how', amounts) };
}

/** As a label begins. */
const capital = (text: string): string => text.charAt(0).toUpperCase() + text.slice(1);
