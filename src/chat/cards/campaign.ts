/**
 * The card of one campaign, in whatever state it is: first what matters now, then what to do, then the rest.
 */
import type { Campaign } from '../../campaigns/campaign.ts';
import type { MessageCounts } from '../../campaigns/messages.ts';
import type { Card } from '../../staff/card.ts';
import type { Reader } from '../reader.ts';
import { approvedCard, scheduledCard, submittedCard } from './approval.ts';
import { draftCard } from './draft.ts';
import { cancelledCard, finishedCard, missedCard } from './ended.ts';
import { speechFor } from './speech.ts';
import { pausedCard, sendingCard } from './under-way.ts';

/** What `messages.counts` of a run answers. */
export interface Counts {
  readonly states: MessageCounts;
  /** Micro-units, so far. */
  readonly cost: number;
  readonly parts: number;
}

/** What of the campaign the reader may do, by role and department; whose campaign it is counts besides. */
export interface MayDo {
  readonly write: boolean;
  /** May approve and reject this very campaign: four eyes and rules of approval are judged already. */
  readonly decide: boolean;
  readonly control: boolean;
  /** May let it go by a dearer route than was approved, where that is asked. */
  readonly raise?: boolean;
}

export interface CampaignView {
  readonly campaign: Campaign;
  /** Of its run, once anything was sent. */
  readonly counts?: Counts | undefined;
  /** The name of the employee behind a handle. */
  readonly names: (handle: string) => string;
  readonly may: MayDo;
  readonly approvalsNeeded: number;
  /** Of those who may let it go by a dearer route, where that is asked. */
  readonly decisionsNeeded?: number;
  /** Parts a second that the operators take together. */
  readonly ratePerSecond?: number | undefined;
  readonly now: Date;
  /** Accounts that may carry it and are in trial. */
  readonly trials?: readonly string[] | undefined;
  /** How many messages of it go ahead of the others, to be watched; undefined when all go at once. */
  readonly canary?: number | undefined;
  /** When sending may go on, while the window is closed for everybody. */
  readonly nextOpening?: Date | undefined;
  /** Who has stopped all sending, and when. */
  readonly stoppedAll?: { readonly by: string; readonly at: Date } | undefined;
  /** Senders that the operators carry, as far as they name them. */
  readonly senders?: readonly string[] | undefined;
}

export function campaignCard(view: CampaignView, reader: Reader): Card {
  const say = speechFor(reader);
  switch (view.campaign.state) {
    case 'draft':
      return draftCard(view, say);
    case 'submitted':
      return submittedCard(view, say);
    case 'approved':
      return approvedCard(view, say);
    case 'scheduled':
      return scheduledCard(view, say);
    case 'sending':
      return sendingCard(view, say);
    case 'paused':
      return pausedCard(view, say);
    case 'finished':
      return finishedCard(view, say);
    case 'cancelled':
      return cancelledCard(view, say);
    case 'missed':
      return missedCard(view, say);
  }
}
