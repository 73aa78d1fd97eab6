/**
 * Whether a notice is still meant when its turn comes, in a chat or at the console: its reader works here and may see what it is
 * about, and what it asks to be decided still waits for that person.
 */
import type { Campaign } from '../campaigns/campaign.ts';
import { isAsking } from '../campaigns/dearer.ts';
import { campaignFor } from '../campaigns/room.ts';
import type { Employee } from '../staff/employee.ts';
import { may } from '../staff/rights.ts';
import type { Notice } from '../staff/store.ts';
import type { ChatRoom } from './room.ts';
import { authorityNow } from './view.ts';

export type Meant =
  | { readonly kind: 'meant' }
  /** Not now: rights that are given back make it so again. */
  | { readonly kind: 'hidden' }
  /** Never again: it was decided, or taken back. */
  | { readonly kind: 'moot' };

/** News that ask somebody to decide. */
export const ASKING: ReadonlySet<string> = new Set(['waiting', 'reminder', 'half-approved']);

const MEANT: Meant = { kind: 'meant' };
const HIDDEN: Meant = { kind: 'hidden' };
const MOOT: Meant = { kind: 'moot' };

export async function isMeant(
  room: ChatRoom,
  person: Employee,
  notice: Pick<Notice, 'card' | 'about'>,
): Promise<Meant> {
  if (!person.active) return HIDDEN;
  const { card, about } = notice;
  const campaign = /^campaign:([^:]+)/u.exec(card.subject)?.[1];
  if (campaign !== undefined) {
    const found = await campaignFor(room.campaigns, person, campaign, 'see');
    if (found.kind === 'refused') return HIDDEN;
    if (about?.kind === 'dearer') return isAsking(found.campaign) ? MEANT : MOOT;
    return ASKING.has(about?.kind ?? '') ? stillAsks(room, person, found.campaign) : MEANT;
  }
  const request = /^access:(.+)/u.exec(card.subject)?.[1];
  if (request === undefined) return MEANT;
  if ((await room.staff.store.request(request))?.state !== 'waiting') return MOOT;
  return may(person, 'staff', null) ? MEANT : HIDDEN;
}

async function stillAsks(room: ChatRoom, person: Employee, campaign: Campaign): Promise<Meant> {
  if (campaign.state !== 'submitted') return MOOT;
  // Its author is told how far the approval has come.
  if (campaign.editors.includes(person.id) || campaign.submission?.by === person.id) return MEANT;
  const everyone = await room.staff.store.employees();
  return authorityNow(room, person, campaign, everyone).kind === 'may' ? MEANT : HIDDEN;
}
