/** What people are told without asking: a campaign waits for them, was decided about, began, stopped, ended. */
import type { Card } from '../../staff/card.ts';
import type { Reader } from '../reader.ts';
import { type CampaignView, campaignCard } from './campaign.ts';

export type NoticeKind =
  | 'waiting' // to those who may decide
  | 'reminder' // to those who may decide, again
  | 'half-approved'
  | 'approved'
  | 'rejected'
  | 'withdrawn'
  | 'scheduled'
  | 'started'
  | 'paused'
  | 'resumed'
  | 'finished'
  | 'cancelled'
  | 'missed'
  | 'numbers'; // the numbers of a draft are ready, or something stands in their way

export interface NoticeView extends CampaignView {
  readonly kind: NoticeKind;
  /** Handle of who did it; null when time did. */
  readonly by: string | null;
}

export function noticeCard(view: NoticeView, reader: Reader): Card {
  return campaignCard(view, reader);
}
