/**
 * What an approval binds to, as one hash. The hash is over a canonical text, so it is the same on every machine; the batches
 * come into it by the root of their leaves, made while freezing.
 */
import { createHash } from 'node:crypto';
import { daysAfter } from '../platform/days.ts';
import type { Campaign, Terms } from './campaign.ts';
import type { FrozenMessage } from './messages.ts';
import { lastWindowEnd } from './window.ts';

const sha256 = (text: string): string => createHash('sha256').update(text).digest('hex');

/** Days that an approved campaign without a time of its own may wait for one. */
const DAYS_TO_SCHEDULE = 7;

/** A leaf: one hash over everything that is sent in one batch. */
export function leafOf(messages: readonly FrozenMessage[]): string {
  const lines = messages.map(({ _id, person, phone, sender, text, encoding, parts, ceiling }) =>
    JSON.stringify([_id, person, phone, sender, text, encoding, parts, ceiling]),
  );
  return sha256(lines.join('\n'));
}

/** The root over all leaves in the order of their batches. */
export const rootOf = (leaves: readonly string[]): string => sha256(leaves.join('\n'));

/** The hash that an approval is bound to. */
export function hashOf(terms: Terms): string {
  return sha256(
    JSON.stringify([
      'herald-terms-1',
      terms.campaign,
      terms.revision,
      terms.text,
      terms.sender,
      terms.class,
      terms.purpose,
      terms.people,
      terms.parts,
      terms.ceiling,
      terms.currency,
      [...terms.providers].sort(),
      terms.notBefore.toISOString(),
      terms.notAfter.toISOString(),
      terms.root,
    ]),
  );
}

/**
 * The terms of a campaign that lacks nothing, at `now`. Not before: its start; not after: what its author set, else the end
 * of the last window of the recipients on the day it starts (of the next day when it starts on approval).
 */
export function termsOf(campaign: Campaign, now: Date): Terms {
  const { frozen, text, sender } = campaign;
  if (!frozen || text === null || sender === null) throw new Error(`campaign ${campaign._id} has no terms yet`);
  const notBefore = campaign.start?.kind === 'at' ? campaign.start.at : now;
  return {
    campaign: campaign._id,
    revision: campaign.revision,
    text,
    sender,
    class: campaign.class,
    purpose: campaign.purpose,
    people: frozen.messages,
    parts: frozen.parts,
    ceiling: frozen.ceiling,
    currency: frozen.currency,
    providers: frozen.providers,
    notBefore,
    notAfter: campaign.notAfter ?? defaultNotAfter(campaign, frozen.zones, notBefore),
    root: frozen.root,
  };
}

function defaultNotAfter(campaign: Campaign, zones: readonly string[], notBefore: Date): Date {
  const days = campaign.start === null ? DAYS_TO_SCHEDULE : campaign.start.kind === 'on-approval' ? 1 : 0;
  return lastWindowEnd(campaign.window, zones, daysAfter(notBefore, days));
}

/** Whether what stands in the campaign now is what was approved. */
export function isWhatWasApproved(campaign: Campaign): boolean {
  const { submission, approvedHash, frozen } = campaign;
  if (!submission || !approvedHash || !frozen) return false;
  const { terms } = submission;
  return (
    approvedHash === submission.hash &&
    hashOf(terms) === approvedHash &&
    terms.root === frozen.root &&
    terms.revision === campaign.revision &&
    terms.text === campaign.text &&
    terms.sender === campaign.sender &&
    terms.class === campaign.class &&
    terms.purpose === campaign.purpose
  );
}
