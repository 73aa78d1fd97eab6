/** How Herald stands: whether it sends, over whom, what is under way and what waits for people. */
import type { Campaign } from '../../campaigns/campaign.ts';
import type { Disagreement } from '../../platform/deployment-rule.ts';
import type { Card } from '../../staff/card.ts';
import type { Reader } from '../reader.ts';

export interface StatusView {
  readonly providers: readonly ProviderStatus[];
  readonly sending: readonly { readonly campaign: Campaign; readonly sent: number }[];
  readonly scheduled: number;
  /** Campaigns that wait for an approval, and how many of them the reader may decide. */
  readonly waiting: { readonly all: number; readonly forReader: number };
  /** Campaigns that were missed and ask a person. */
  readonly missed?: number | undefined;
  /** Everything was stopped by hand. */
  readonly stopped: { readonly by: string; readonly at: Date } | null;
  /** Why this deployment may not send; null when it may. */
  readonly doubt: Disagreement | string | null;
  readonly deployment: string;
  readonly names: (handle: string) => string;
  readonly may: { readonly stopAll: boolean; readonly operate: boolean };
}

export interface ProviderStatus {
  readonly name: string;
  readonly state: 'up' | 'down' | 'switched-off';
  /** Sessions that are up, of those allowed. */
  readonly sessions: { readonly up: number; readonly allowed: number };
  /** Why it is down: the worker's words. */
  readonly why?: string | undefined;
  readonly partsPerSecond: number;
}

export function statusCard(_view: StatusView, _reader: Reader): Card {
  return { subject: 'status', tone: 'info', title: 'status' };
}
