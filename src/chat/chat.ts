/**
 * The chat core: what every chat speaks with. A bot verifies an event, hands it to `handle` and shows the card; what people are
 * told unasked comes by the listeners, as notices for the bots to show.
 */
import type { OutboxEvent } from '../platform/outbox.ts';
import type { Card } from '../staff/card.ts';
import type { Notice } from '../staff/store.ts';
import type { ChatEvent } from '../staff/surface.ts';
import { createBackground } from './background.ts';
import { handle } from './handle.ts';
import { CHAT_SUBSCRIPTIONS, createNotices, noticesFor } from './notify.ts';
import { createNumbers } from './numbers.ts';
import type { ChatRoom } from './room.ts';

export interface Listener {
  readonly name: keyof typeof CHAT_SUBSCRIPTIONS;
  readonly kinds: readonly string[];
  handle(event: OutboxEvent): Promise<void>;
}

export interface Chat {
  /** Answers what an account said; null when there is nothing to say. Never fails. */
  handle(event: ChatEvent): Promise<Card | null>;
  /** What waits for the employee and may be shown now, the oldest first. */
  notices(employee: string): Promise<readonly Notice[]>;
  readonly listeners: readonly Listener[];
  /** Breaks off what goes on in the background where it can be taken up again, and waits for the rest. */
  stop(): Promise<void>;
}

export function createChat(room: ChatRoom): Chat {
  const background = createBackground(room.log);
  const desk = { room, background, numbers: createNumbers(room, background) };
  return {
    handle: (event) => handle(desk, event),
    notices: (employee) => noticesFor(room, employee),
    listeners: [{ name: 'chat-notices', kinds: CHAT_SUBSCRIPTIONS['chat-notices'], handle: createNotices(room) }],
    stop: () => background.stop(),
  };
}
