/**
 * What staff ask of a chat: take what people say, show them cards. Implemented in `bots/`.
 */
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
  readonly text: string;
  /** A file that came with it, already stored where the audience source can read it. */
  readonly file?: { readonly name: string; readonly path: string };
}

export interface ChatSurface {
  readonly name: string;
  start(handle: (event: ChatEvent) => Promise<Card | null>): Promise<void>;
  post(to: string, card: Card): Promise<CardRef>;
  update(ref: CardRef, card: Card): Promise<void>;
  stop(): Promise<void>;
}
