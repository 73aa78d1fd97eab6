/** What people are told without asking: a campaign waits for them, was decided about, began, stopped, ended. */
import type { Card } from '../../staff/card.ts';
import type { Reader } from '../reader.ts';
import { type CampaignView, campaignCard } from './campaign.ts';
import { isCounting } from './draft.ts';
import { nameOf, startOf } from './facts.ts';
import { oneLine, type Speech, speechFor } from './speech.ts';

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

/** The campaign's card under a title that says what happened; what it is about comes first, as the person may have forgotten. */
export function noticeCard(view: NoticeView, reader: Reader): Card {
  const say = speechFor(reader);
  const { campaign, kind, by, names } = view;
  const card = campaignCard(view, reader);
  const id = campaign._id;
  const name = nameOf(campaign);
  const who = by === null || by === 'herald' ? say.t('notice.herald') : oneLine(names(by));
  return {
    ...card,
    // A reminder is a new message: one that replaced the first would ring no bell.
    subject: kind === 'reminder' ? `${card.subject}:reminder:${campaign.reminders}` : card.subject,
    title: say.t(titleKey(view), { id, name, by: who }),
    lead: [...whatItIs(view, say), ...(card.lead ?? [])],
  };
}

function titleKey({ kind, campaign }: NoticeView): TitleKey {
  if (kind !== 'numbers') return `notice.${kind}`;
  return campaign.problem || isCounting(campaign) ? 'notice.numbers-problem' : 'notice.numbers';
}
type TitleKey = `notice.${NoticeKind | 'numbers-problem'}`;

/** When it is to start, for those who are asked to decide; the submitted card's first line has people and cost. */
function whatItIs({ kind, campaign }: NoticeView, say: Speech): readonly string[] {
  if (kind !== 'waiting' && kind !== 'reminder') return [];
  return [`${say.t('card.start')}: ${startOf(campaign, say)}`];
}
