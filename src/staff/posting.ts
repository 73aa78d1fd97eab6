/**
 * A posting: one card in one person's chat, from the first try to show it to its last edit. What becomes of it after each try is
 * decided here, by pure rules: what was certainly not shown is tried again, what may have been shown never blindly.
 */
import type { Card } from './card.ts';
import type { CardRef, Posted } from './surface.ts';

export const POSTING_STATES = [
  /** To be shown, or to be edited: `kind` says which. */
  'waiting',
  /** The chat is being asked, as far as anybody knows: written before the call. */
  'posting',
  /** It may have been shown; the chat is to be asked whether it was. */
  'doubtful',
  'posted',
  /** It may have been shown, and the chat cannot tell: it is not repeated. */
  'unknown',
  /** The chat will not take it, or it was tried too often. */
  'parked',
  /** Nothing can be shown at its place any more. */
  'gone',
  /** It was not meant any more when its turn came. */
  'dropped',
] as const;
export type PostingState = (typeof POSTING_STATES)[number];

export interface Posting {
  /** Names the card for good: what is wanted under the same key later is an edit of it. */
  readonly key: string;
  readonly surface: string;
  /** The linked account, without its surface, to whose private place it goes. */
  readonly account: string;
  readonly employee: string;
  /** The newest that is wanted; null once it is shown and nothing newer is wanted. */
  readonly card: Card | null;
  /** Goes up with each message that it had to be shown in anew: one that was lost is never taken for another. */
  readonly copy: number;
  /** Goes up with every newer card. */
  readonly version: number;
  readonly kind: 'new' | 'edit';
  /** Where it stands, once shown. */
  readonly ref: CardRef | null;
  readonly state: PostingState;
  /** Tries that came to nothing through no wish of the chat. */
  readonly tries: number;
  readonly dueAt: Date;
  /** Notices that are told by this card. */
  readonly notices: readonly string[];
}

/** What a message of this posting is called in the chat. */
export const messageKey = ({ key, copy }: Pick<Posting, 'key' | 'copy'>): string =>
  copy === 0 ? key : `${key}~${copy}`;

/** What is done with a posting after a try. */
export type Next =
  | { readonly kind: 'shown'; readonly ref: CardRef }
  /** Certainly not shown, or an edit, which may be repeated: back into the queue. */
  | { readonly kind: 'again'; readonly at: Date; readonly as: 'new' | 'edit'; readonly tries: number }
  /** May have been shown; the chat is asked at `at`. */
  | { readonly kind: 'look'; readonly at: Date; readonly tries: number }
  | { readonly kind: 'over'; readonly state: 'unknown' | 'parked' | 'gone' };

export interface PostingTerms {
  readonly now: Date;
  /** The chat can tell later whether a card was shown. */
  readonly canFind: boolean;
  /** How long an answer that did not come may be on its way: so long nobody asks whether the card is there, ms. */
  readonly settleMs: number;
  /** After so many tries it is parked. */
  readonly mostTries: number;
  /** The wait after the first try that failed, ms; it doubles. */
  readonly backoffMs: number;
}

const LONGEST_BACKOFF_MS = 600_000;

const later = ({ now }: PostingTerms, ms: number): Date => new Date(now.getTime() + ms);

/** The wait after so many failures, ms. */
const backoff = ({ backoffMs }: PostingTerms, tries: number): number =>
  Math.min(LONGEST_BACKOFF_MS, backoffMs * 2 ** Math.min(20, Math.max(0, tries - 1)));

/** After the chat was asked to show or to edit the card. */
export function afterTry({ kind, tries }: Pick<Posting, 'kind' | 'tries'>, posted: Posted, terms: PostingTerms): Next {
  switch (posted.kind) {
    case 'posted':
      return { kind: 'shown', ref: posted.ref };
    case 'later':
      return { kind: 'again', at: later(terms, posted.afterMs), as: kind, tries };
    case 'moved': // what was posted before cannot be edited from the new place
    case 'stale':
      return tryAgain('new', tries, terms, 0);
    case 'gone':
      return { kind: 'over', state: 'gone' };
    case 'refused':
      return { kind: 'over', state: 'parked' };
    case 'unknown':
      return kind === 'edit' ? tryAgain('edit', tries, terms) : doubted(tries, terms);
  }
}

/** After it was certainly not shown, because not even the asking began: the person's place could not be looked up. */
export const afterNoTry = ({ kind, tries }: Pick<Posting, 'kind' | 'tries'>, terms: PostingTerms): Next =>
  tryAgain(kind, tries, terms);

/** After the chat was asked whether it shows the card; `undefined`: it did not answer. */
export function afterLook(
  { tries }: Pick<Posting, 'tries'>,
  found: CardRef | null | undefined,
  terms: PostingTerms,
): Next {
  if (found) return { kind: 'shown', ref: found };
  if (found === null) return tryAgain('new', tries, terms);
  if (tries + 1 >= terms.mostTries) return { kind: 'over', state: 'unknown' };
  return { kind: 'look', at: later(terms, backoff(terms, tries + 1)), tries: tries + 1 };
}

/** After the process died, or lost its turn, while it was asking. */
export const afterCrash = ({ kind, tries }: Pick<Posting, 'kind' | 'tries'>, terms: PostingTerms): Next =>
  kind === 'edit' ? { kind: 'again', at: terms.now, as: 'edit', tries } : doubted(tries, terms);

function doubted(tries: number, terms: PostingTerms): Next {
  if (!terms.canFind) return { kind: 'over', state: 'unknown' };
  return { kind: 'look', at: later(terms, terms.settleMs), tries };
}

function tryAgain(as: 'new' | 'edit', tries: number, terms: PostingTerms, waitMs?: number): Next {
  if (tries + 1 >= terms.mostTries) return { kind: 'over', state: 'parked' };
  return { kind: 'again', at: later(terms, waitMs ?? backoff(terms, tries + 1)), as, tries: tries + 1 };
}
