/** Campaigns one a line: all that a person sees, and those that wait for the person's approval. */
import type { Campaign } from '../../campaigns/campaign.ts';
import type { Card } from '../../staff/card.ts';
import type { Reader } from '../reader.ts';

export interface ListView {
  /** Newest first. */
  readonly campaigns: readonly Campaign[];
  /** How many there are in all, when not all are shown. */
  readonly total?: number | undefined;
  readonly names: (handle: string) => string;
  readonly mayWrite: boolean;
  readonly now: Date;
}

export interface WaitingView {
  /** Submitted, soonest start first. */
  readonly campaigns: readonly { readonly campaign: Campaign; readonly mayDecide: boolean; readonly needed: number }[];
  readonly names: (handle: string) => string;
  readonly now: Date;
}

export function listCard(_view: ListView, _reader: Reader): Card {
  return { subject: 'list', tone: 'info', title: 'list' };
}

export function waitingCard(_view: WaitingView, _reader: Reader): Card {
  return { subject: 'waiting', tone: 'info', title: 'waiting' };
}
