/**
 * The card of one campaign, in whatever state it is: first what matters now, then what to do, then the rest.
 */
import type { Campaign } from '../../campaigns/campaign.ts';
import type { MessageCounts } from '../../campaigns/messages.ts';
import type { Card } from '../../staff/card.ts';
import type { Reader } from '../reader.ts';

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
}

export interface CampaignView {
  readonly campaign: Campaign;
  /** Of its run, once anything was sent. */
  readonly counts?: Counts | undefined;
  /** The name of the employee behind a handle. */
  readonly names: (handle: string) => string;
  readonly may: MayDo;
  readonly approvalsNeeded: number;
  /** Parts a second that the operators take together. */
  readonly ratePerSecond?: number | undefined;
  readonly now: Date;
  /** When sending may go on, while the window is closed for everybody. */
  readonly nextOpening?: Date | undefined;
}

export function campaignCard({ campaign }: CampaignView, _reader: Reader): Card {
  return { subject: `campaign:${campaign._id}`, tone: 'info', title: campaign.name };
}
