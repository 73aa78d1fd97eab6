/** Short answers to commands that have no card of their own: it was done, and what it means. */
import type { Campaign } from '../../campaigns/campaign.ts';
import type { Card } from '../../staff/card.ts';
import type { Reader } from '../reader.ts';

export type Done =
  | { readonly kind: 'suppressed'; readonly phone: string; readonly reason: string; readonly already: boolean }
  | { readonly kind: 'test-sent'; readonly campaign: Campaign; readonly phone: string }
  | { readonly kind: 'stopped-all'; readonly sending: number }
  | { readonly kind: 'going-on'; readonly sending: number }
  | { readonly kind: 'deployment-confirmed' }
  | { readonly kind: 'deployment-in-doubt'; readonly why: string }
  | { readonly kind: 'no-notices' };

export function doneCard(done: Done, _reader: Reader): Card {
  return { subject: done.kind, tone: 'good', title: done.kind };
}
