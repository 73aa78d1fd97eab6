/**
 * What staff ask of a chat: take what people say, show them cards. Implemented in `bots/`; the contract is
 * `test/contract/surface.ts`. A surface obeys no limits by itself and retries nothing: it says what came of one try, and the
 * queue of postings decides.
 */
import type { Locale } from '../texts/index.ts';
import type { Card } from './card.ts';

/** Where a posted card stands, so that it can be edited; opaque to all but its surface. */
export interface CardRef {
  readonly surface: string;
  readonly to: string;
  readonly id: string;
}

/** Something a person said or pressed in a chat, already verified by the bot to come from that account. */
export interface ChatEvent {
  readonly surface: string;
  /** The person's account in that chat: numeric or opaque id, never a name that can be changed. */
  readonly account: string;
  /** What the chat calls the person; for greeting only. */
  readonly displayName: string;
  /** Where the answer goes: forms are kept per person and conversation. */
  readonly conversation: string;
  /** Nobody but the person reads the conversation: codes are taken and cards with names are shown only there. */
  readonly isPrivate?: boolean;
  readonly text: string;
  /** A file that came with it, already stored where the audience source can read it. */
  readonly file?: { readonly name: string; readonly path: string };
  /** The chat's own name for this saying. Chats repeat what they think was not heard; what has an id is acted on once. */
  readonly id?: string;
  /** The answer is shown to others in passing, and the person may never look at it: it is not taken for seen. */
  readonly isGlance?: boolean;
}

/** What a form about a campaign opens with, by its fields, each as a person would type it. */
export type FormFields = Readonly<Partial<Record<'source' | 'name' | 'text' | 'sender' | 'start', string>>> & {
  /** Lists that were used lately, which a new campaign can take again. */
  readonly recent?: readonly { readonly name: string; readonly link: string }[];
};

/** What a surface is given to answer with. */
export interface ChatCore {
  /** Answers what an account said; null when there is nothing to say. Never fails. */
  handle(event: ChatEvent): Promise<Card | null>;
  /** The language of the person behind the account; of a stranger, the company's. */
  localeOf(surface: string, account: string): Promise<Locale>;
  /** Of a campaign that the person behind the account may change, or with null of a new one; of any other, nothing. */
  formFields(surface: string, account: string, campaign: string | null): Promise<FormFields>;
}

/** What came of one try to post or edit a card. */
export type Posted =
  | { readonly kind: 'posted'; readonly ref: CardRef }
  /** The chat asks to wait; certainly not shown. `wide`: it concerns this place only, or all of the chat. */
  | { readonly kind: 'later'; readonly afterMs: number; readonly wide: 'place' | 'surface' }
  /** Nothing can be shown at this place any more: the bot was blocked, the person or channel is gone. */
  | { readonly kind: 'gone'; readonly why: 'blocked' | 'no-such-place' | 'no-right' }
  /** The place has another id now: a Telegram group became a supergroup. */
  | { readonly kind: 'moved'; readonly to: string }
  /** The card to be edited is not there any more, or too old to be edited: the next news must be a new message. */
  | { readonly kind: 'stale' }
  /** The chat will never take this card. A fault of ours: `why` is for the log. */
  | { readonly kind: 'refused'; readonly why: string }
  /** It may have been shown, no one can say: the answer did not come. */
  | { readonly kind: 'unknown'; readonly why: string };

/** How fast a chat lets itself be written to. */
export interface Pace {
  /** Least time between two postings at one place, ms. */
  readonly placeMs: number;
  /** Least time between two edits of one card, ms. */
  readonly editMs: number;
  /** Postings and edits in all, a second. */
  readonly perSecond: number;
}

export interface ChatSurface {
  /** `slack`, `telegram`: what stands in `ChatEvent.surface` and in linked accounts. */
  readonly name: string;
  readonly pace: Pace;
  start(core: ChatCore): Promise<void>;
  /** The private place of the person behind a linked account, to post to. */
  placeOf(account: string): Promise<string | null>;
  /** Shows a new card. `key` names the posting, so that `find` can tell later whether it was shown. */
  post(to: string, card: Card, key: string): Promise<Posted>;
  update(ref: CardRef, card: Card): Promise<Posted>;
  /**
   * The card that was posted under `key`, when the chat can tell; `null` when it certainly was not shown. Absent on chats
   * that cannot tell: then a posting of unknown fate is not repeated.
   */
  find?(to: string, key: string): Promise<CardRef | null>;
  /** Takes no further event and waits for the answers under way. */
  stop(): Promise<void>;
}
