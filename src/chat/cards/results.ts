/** Where a campaign's results were written, and what they are in short. */
import type { Campaign } from '../../campaigns/campaign.ts';
import type { Card } from '../../staff/card.ts';
import type { Reader } from '../reader.ts';
import type { ResultsWritten } from '../room.ts';
import type { Counts } from './campaign.ts';

export interface ResultsView {
  readonly campaign: Campaign;
  readonly written: ResultsWritten;
  readonly counts: Counts;
  readonly mayWrite: boolean;
}

export function resultsCard({ campaign }: ResultsView, _reader: Reader): Card {
  return { subject: `results:${campaign._id}`, tone: 'info', title: campaign.name };
}
