/** Where a campaign's results were written, and what they are in short. */
import type { Campaign } from '../../campaigns/campaign.ts';
import type { Card } from '../../staff/card.ts';
import type { Reader } from '../reader.ts';
import type { ResultsWritten } from '../room.ts';
import type { Counts } from './campaign.ts';
import { outcomeLines } from './ended.ts';
import { nameOf } from './facts.ts';
import { costFact, notReached, outcomeSection, stillLeft, totalOf } from './outcome.ts';
import { action, isText, type Speech, speechFor } from './speech.ts';

export interface ResultsView {
  readonly campaign: Campaign;
  readonly written: ResultsWritten;
  readonly counts: Counts;
  readonly mayWrite: boolean;
}

export function resultsCard({ campaign, written, counts, mayWrite }: ResultsView, reader: Reader): Card {
  const say = speechFor(reader);
  const { _id: id, frozen } = campaign;
  const some = written.kind !== 'nothing-yet' && totalOf(counts) > 0;
  const awaited = counts.states.accepted + stillLeft(counts) > 0;
  return {
    subject: `results:${id}`,
    tone: TONES[written.kind],
    title: say.t('results.title', { id, name: nameOf(campaign) }),
    lead: [...writtenLines(written, say), ...(some ? outcomeLines(counts, say) : [])],
    facts: some && frozen ? [costFact(counts, frozen, 'card.cost-actual', say)] : [],
    sections: some ? [outcomeSection(counts, say)] : [],
    actions: [
      ...(written.kind === 'failed' ? [action(say, 'do.results', say.command('results', id), 'primary')] : []),
      ...(mayWrite && some && notReached(counts) > 0 ? [action(say, 'do.again', say.command('again', id))] : []),
      action(say, 'do.open', say.command('show', id)),
    ],
    ...(written.kind === 'written' && awaited && { note: say.t('results.later') }),
  };
}

const TONES = { written: 'good', failed: 'bad', 'nothing-yet': 'info' } as const;

function writtenLines(written: ResultsWritten, say: Speech): readonly string[] {
  switch (written.kind) {
    case 'written': {
      const rows = say.t('count.rows', { n: written.rows });
      return [
        ...(written.instead === undefined ? [] : [say.t('results.instead'), whyOf(written.instead, say)]),
        say.t('results.written', { path: written.path }),
        say.t('results.counts', { rows, excluded: written.excluded }),
        ...(written.unfound ? [say.t('results.unfound', written.unfound)] : []),
        ...(written.also === undefined ? [] : [say.t('results.also', { path: written.also })]),
      ];
    }
    case 'failed':
      return [say.t('results.failed'), whyOf(written.why, say)];
    case 'nothing-yet':
      return [say.t('results.nothing-yet')];
  }
}

const whyOf = (why: string, say: Speech): string =>
  isText(`sink.${why}`) ? say.t(`sink.${why}` as 'sink.aborted') : why;
