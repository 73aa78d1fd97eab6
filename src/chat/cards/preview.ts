/** What recipients will read: the first, the longest and a doubtful one, exactly as they would be sent. */
import type { Campaign } from '../../campaigns/campaign.ts';
import type { Encoding } from '../../messages/encoding.ts';
import type { PhoneDoubt } from '../../messages/phone.ts';
import type { Card } from '../../staff/card.ts';
import type { Reader } from '../reader.ts';

export interface Sample {
  readonly kind: 'first' | 'longest' | 'doubtful';
  readonly text: string;
  /** E.164; shown as the reader may see it. */
  readonly phone: string;
  readonly encoding: Encoding;
  readonly parts: number;
  /** Row of the source, from 1. */
  readonly row: number;
  readonly doubt: PhoneDoubt | null;
  /** At the cheapest route, micro-units. */
  readonly cost?: number | undefined;
}

export interface PreviewView {
  readonly campaign: Campaign;
  readonly samples: readonly Sample[];
  /** The reader has a confirmed phone, so that `test` can be offered. */
  readonly canTest?: boolean | undefined;
}

export function previewCard({ campaign }: PreviewView, _reader: Reader): Card {
  return { subject: `preview:${campaign._id}`, tone: 'info', title: campaign.name };
}
