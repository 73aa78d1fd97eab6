/**
 * Which campaign a command is about: the number in it. Where none is said, the one last spoken of is taken only where a mistake
 * does no harm; else those that it could be are offered.
 */
import type { Campaign } from '../campaigns/campaign.ts';
import { isOpen, type Step } from '../campaigns/life.ts';
import { campaignFor, type RefusedVerdict } from '../campaigns/room.ts';
import type { Card } from '../staff/card.ts';
import { scopeOf } from '../staff/employee.ts';
import type { Right } from '../staff/rights.ts';
import { type Call, missing, refused, wrongValue } from './command.ts';
import { phraseIn } from './vocabulary.ts';

/** `12`, `#12`, `№12`, `№ 12`. */
export const readId = (text: string): string | null => /^[#№]?(\d{1,9})[.,:]?$/u.exec(text.trim())?.[1] ?? null;

export interface Which {
  /** The right over it without which it is refused. */
  readonly right: Right;
  /** The step that is to be made: only campaigns where it is open are offered. */
  readonly step?: Step;
  /** Whether the campaign last spoken of may be meant when no number is said. */
  readonly orLast: boolean;
}

export type Meant =
  | {
      readonly kind: 'campaign';
      readonly campaign: Campaign /** Index of the first word behind the number. */;
      readonly next: number;
    }
  | { readonly kind: 'card'; readonly card: Card };

export async function whichCampaign(call: Call, which: Which): Promise<Meant> {
  const first = call.args.words[0];
  const id = first ? readId(first.text) : null;
  if (id !== null) return found(call, id, which.right, 1);
  // A word where a number belongs was meant for one, where nothing else could stand there.
  if (first && (which.orLast || /^\S*\d/u.test(first.text))) {
    return card(wrongValue(call, first.text, { of: 'campaign' }));
  }
  if (which.orLast && call.conversation.shown) return found(call, call.conversation.shown, which.right, 0);
  return card(await offered(call, which));
}

const card = (it: Card): Meant => ({ kind: 'card', card: it });

async function found(call: Call, id: string, right: Right, next: number): Promise<Meant> {
  const campaign = await campaignNamed(call, id, right);
  return campaign.kind === 'refused' ? card(refused(call, campaign.refusal)) : { ...campaign, kind: 'campaign', next };
}

/** Tests and codes are campaigns to the machine and nobody else. */
async function campaignNamed(
  call: Call,
  id: string,
  right: Right,
): Promise<{ kind: 'found'; campaign: Campaign } | RefusedVerdict> {
  const named = await campaignFor(call.room.campaigns, call.by, id, right);
  if (named.kind === 'found' && named.campaign.kind !== 'campaign')
    return { kind: 'refused', refusal: { code: 'no-such-campaign', id } };
  return named;
}

/** As many as fit on a card. */
const OFFERED = 5;

async function offered(call: Call, { step }: Which): Promise<Card> {
  const latest = await call.room.campaigns.store.list(scopeOf(call.by), { most: 50 });
  const open = latest.filter((one) => step === undefined || isOpen(step, one.state)).slice(0, OFFERED);
  const actions = open.map((one) => ({
    label: `#${one._id} ${one.name}`,
    command: `${phraseIn(call.by.locale, call.name)} ${one._id}`,
  }));
  return { ...missing(call, 'campaign'), actions };
}
