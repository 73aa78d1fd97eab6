/** All sending was stopped, or goes on again: told to those whose campaigns were being sent. */
import type { Campaign } from '../../campaigns/campaign.ts';
import type { Card } from '../../staff/card.ts';
import type { Reader } from '../reader.ts';
import { nameOf } from './facts.ts';
import { action, oneLine, speechFor } from './speech.ts';

export interface AllSendingNews {
  readonly isStopped: boolean;
  /** Name of who did it. */
  readonly by: string;
  /** The reader's, at least one. */
  readonly campaigns: readonly Campaign[];
}

export function allSendingCard({ isStopped, by, campaigns }: AllSendingNews, reader: Reader): Card {
  const say = speechFor(reader);
  const [only, ...others] = campaigns;
  return {
    subject: 'sending:all',
    tone: isStopped ? 'attention' : 'good',
    title: say.t(isStopped ? 'notice.all-stopped' : 'notice.all-going-on', { by: oneLine(by) }),
    lead: [say.t(isStopped ? 'notice.all-stopped.how' : 'notice.all-going-on.how', { n: campaigns.length })],
    sections: [
      {
        title: say.t('notice.all-sending.campaigns'),
        lines: campaigns.map((one) => say.t('notice.all-sending.campaign', { id: one._id, name: nameOf(one) })),
      },
    ],
    actions: [
      only && others.length === 0
        ? action(say, 'do.open', say.command('show', only._id))
        : action(say, 'do.status', say.command('status')),
    ],
  };
}
