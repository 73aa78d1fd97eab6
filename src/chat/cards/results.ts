/** Where a campaign's results were written, with the workbook for those who cannot open it there, and what they are in short. */
import { basename } from 'node:path';
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
  /** Who reads along in a chat away from this machine; absent where its reader sits at it. */
  readonly chat?: 'private' | 'shared';
}

export function resultsCard({ campaign, written, counts, mayWrite, chat }: ResultsView, reader: Reader): Card {
  const say = speechFor(reader);
  const { _id: id, frozen } = campaign;
  const some = written.kind !== 'nothing-yet' && totalOf(counts) > 0;
  const awaited = counts.states.accepted + stillLeft(counts) > 0;
  const book = workbookOf(written);
  const again = say.command('results', id);
  return {
    subject: `results:${id}`,
    tone: TONES[written.kind],
    title: say.t('results.title', { id, name: nameOf(campaign) }),
    lead: [...writtenLines(written, say, chat && { chat, again }), ...(some ? outcomeLines(counts, say) : [])],
    facts: some && frozen ? [costFact(counts, frozen, 'card.cost-actual', say)] : [],
    sections: some ? [outcomeSection(counts, say)] : [],
    actions: [
      ...(written.kind === 'failed' ? [action(say, 'do.results', again, 'primary')] : []),
      ...(mayWrite && some && notReached(counts) > 0 ? [action(say, 'do.again', say.command('again', id))] : []),
      action(say, 'do.open', say.command('show', id)),
    ],
    ...(written.kind === 'written' && awaited && { note: say.t('results.later') }),
    ...(chat === 'private' && book !== undefined && { attachment: { name: basename(book), path: book, again } }),
  };
}

const TONES = { written: 'good', failed: 'bad', 'nothing-yet': 'info' } as const;

/** The workbook among what was written: beside a sheet there is one where not all could be written into it. */
function workbookOf(written: ResultsWritten): string | undefined {
  if (written.kind !== 'written') return undefined;
  return written.also ?? (isLink(written.path) ? undefined : written.path);
}

const isLink = (path: string): boolean => /^https?:/u.test(path);

/** How a workbook comes to somebody who cannot open its path. */
interface Remote {
  readonly chat: 'private' | 'shared';
  readonly again: string;
}

function writtenLines(written: ResultsWritten, say: Speech, remote: Remote | undefined): readonly string[] {
  switch (written.kind) {
    case 'written': {
      const { path, also } = written;
      const rows = say.t('count.rows', { n: written.rows });
      return [
        ...(written.instead === undefined ? [] : [say.t('results.instead'), whyOf(written.instead, say)]),
        remote && !isLink(path) ? handedLine(path, remote, say) : say.t('results.written', { path }),
        say.t('results.counts', { rows, excluded: written.excluded }),
        ...(written.unfound ? [say.t('results.unfound', written.unfound)] : []),
        ...(also === undefined ? [] : [say.t('results.also', { path: remote ? basename(also) : also })]),
        ...(also === undefined || !remote ? [] : [handedLine(also, remote, say)]),
      ];
    }
    case 'failed':
      return [say.t('results.failed'), whyOf(written.why, say)];
    case 'nothing-yet':
      return [say.t('results.nothing-yet')];
  }
}

const handedLine = (path: string, { chat, again }: Remote, say: Speech): string =>
  chat === 'private'
    ? say.t('results.handed', { name: basename(path) })
    : say.t('results.handed.in-private', { name: basename(path), command: again });

const whyOf = (why: string, say: Speech): string =>
  isText(`sink.${why}`) ? say.t(`sink.${why}` as 'sink.aborted') : why;
