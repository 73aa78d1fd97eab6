/**
 * What is concluded from what has become of a run's messages: whether its canary has passed, and whether a campaign is to be
 * stopped. Pure. A share is judged only once there is enough to judge by.
 */
import type { Campaign } from '../campaigns/campaign.ts';
import type { Canary, Found, Guard, GuardTerms } from '../campaigns/guard-terms.ts';

/** The first 1 % of a campaign, or 50. */
const SHARE = 1 / 100;
const LEAST_CANARY = 50;
/** So many must have an outcome, or be sent, before a share of them says anything. */
const ENOUGH = 50;
const ENOUGH_OF_CANARY = 10;
/** A canary has been heard of when this part of it has an outcome; the rest are phones that are off. */
const HEARD_SHARE = 0.8;
/** A campaign that a person let go on is stopped again when its share of failures has grown by so many points; of opt-outs, doubled. */
const POINTS_MORE = 10;

/** How many messages go ahead of the others; null when all go at once. */
export function canarySize({ kind, class: of, frozen }: Campaign, terms: GuardTerms): number | null {
  const people = frozen?.messages ?? 0;
  if (kind !== 'campaign' || of !== 'marketing' || people <= terms.canaryAbove) return null;
  const size = Math.max(LEAST_CANARY, Math.ceil(people * SHARE));
  return size < people ? size : null;
}

export interface Trouble {
  readonly kind: 'failures' | 'opt-outs';
  readonly limit: number;
}

export const failedShare = ({ delivered, failed }: Found): number => shareOf(failed, delivered + failed);
export const optOutShare = ({ sent, optOuts }: Found): number => shareOf(optOuts, sent);

const shareOf = (part: number, of: number): number => (of === 0 ? 0 : (100 * part) / of);

type Limits = Pick<GuardTerms, 'failuresPercent' | 'optOutsPercent'>;

/** The limits of a run, higher once a person has let it go on in spite of them. */
export function limitsOf({ stoppedAt = {} }: Pick<Guard, 'stoppedAt'>, terms: Limits): Limits {
  const { failures, optOuts } = stoppedAt;
  return {
    failuresPercent: Math.max(terms.failuresPercent, failures === undefined ? 0 : failures + POINTS_MORE),
    optOutsPercent: Math.max(terms.optOutsPercent, optOuts === undefined ? 0 : optOuts * 2),
  };
}

/** What is wrong with what was found, once there is enough of it; null when nothing is. */
export function troubleIn(found: Found, limits: Limits, enough = ENOUGH): Trouble | null {
  const { sent, delivered, failed } = found;
  if (delivered + failed >= enough && failedShare(found) > limits.failuresPercent)
    return { kind: 'failures', limit: limits.failuresPercent };
  if (sent >= enough && optOutShare(found) > limits.optOutsPercent)
    return { kind: 'opt-outs', limit: limits.optOutsPercent };
  return null;
}

/** Of a canary, beside what has become of its messages. */
export interface CanaryFound extends Found {
  /** Not sent yet. */
  readonly waiting: number;
  /** Taken by an operator, and nothing heard of them yet. */
  readonly awaited: number;
  /** Perhaps taken, as of those who were killed while they sent: perhaps nothing will ever be heard of them. */
  readonly unknown: number;
}

export type CanaryVerdict =
  | { readonly kind: 'wait' }
  /** Too few could be sent, as people were suppressed or their rows are gone: it is given so many more. */
  | { readonly kind: 'more'; readonly count: number }
  /** All of it is sent: from now on its receipts are waited for. */
  | { readonly kind: 'sent' }
  | { readonly kind: 'passed' }
  | { readonly kind: 'failed'; readonly trouble: Trouble };

/**
 * `found` is read after `canary`. What was taken of it may not be claimed yet by whoever took it, so that little was sent means
 * something only after `settleMs`: by then it is claimed, or who took it is gone.
 */
export function canaryVerdict(
  canary: Canary,
  found: CanaryFound,
  now: Date,
  terms: GuardTerms,
  settleMs: number,
): CanaryVerdict {
  const { size, left, sentAt } = canary;
  const heard = found.delivered + found.failed;
  const handed = heard + found.awaited + found.unknown;
  // What can only get worse is not waited for.
  if (shareOf(found.failed, size) > terms.failuresPercent)
    return { kind: 'failed', trouble: { kind: 'failures', limit: terms.failuresPercent } };
  if (left > 0) return { kind: 'wait' };
  // An outcome that is not written yet changes nothing then.
  if (heard >= HEARD_SHARE * size) return judged(found, terms);
  if (found.waiting > 0) return { kind: 'wait' };
  if (!sentAt) return { kind: 'sent' };
  const waited = now.getTime() - sentAt.getTime();
  if (handed < size / 2) return waited < settleMs ? { kind: 'wait' } : { kind: 'more', count: size - handed };
  const telling = Math.max(size / 2, handed - found.unknown);
  if (heard < HEARD_SHARE * telling && waited < terms.canaryMs) return { kind: 'wait' };
  return judged(found, terms);
}

function judged(found: Found, terms: GuardTerms): CanaryVerdict {
  const trouble = troubleIn(found, terms, ENOUGH_OF_CANARY);
  return trouble ? { kind: 'failed', trouble } : { kind: 'passed' };
}
