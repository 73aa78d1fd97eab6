/**
 * The chat core: what every chat speaks with. A bot verifies an event, hands it to `handle` and shows the card; what people are
 * told unasked comes by the listeners, as notices for the bots to show.
 */
import type { OutboxEvent } from '../platform/outbox.ts';
import type { Notice } from '../staff/store.ts';
import type { ChatCore } from '../staff/surface.ts';
import { createBackground } from './background.ts';
import { formFieldsFor } from './form-fields.ts';
import { handle } from './handle.ts';
import { CHAT_SUBSCRIPTIONS, createNotices, noticesFor } from './notify.ts';
import { createNumbers } from './numbers.ts';
import type { ChatRoom } from './room.ts';
import { noticesShown } from './shown.ts';
import { createProviderNews } from './tell-providers.ts';

export interface Listener {
  readonly name: keyof typeof CHAT_SUBSCRIPTIONS;
  readonly kinds: readonly string[];
  handle(event: OutboxEvent): Promise<void>;
}

export interface Chat extends ChatCore {
  /** What waits for the employee and may be shown now, the oldest first. */
  notices(employee: string): Promise<readonly Notice[]>;
  /** They were shown, and are not shown again. */
  shown(notices: readonly string[]): Promise<void>;
  readonly listeners: readonly Listener[];
  /** Breaks off what goes on in the background where it can be taken up again, and waits for the rest. */
  stop(): Promise<void>;
}

export function createChat(room: ChatRoom): Chat {
  const background = createBackground(room.log);
  const desk = { room, background, numbers: createNumbers(room, background) };
  return {
    handle: (event) => handle(desk, event),
    async localeOf(surface, account) {
      const reach = await room.reaches.reach(surface, account);
      const person = reach && (await room.staff.store.employee(reach.employee));
      return (person ?? room.staff.defaults).locale;
    },
    formFields: (surface, account, campaign) => formFieldsFor(room, surface, account, campaign),
    notices: (employee) => noticesFor(room, employee),
    shown: (notices) => noticesShown(room, notices),
    listeners: [
      { name: 'chat-notices', kinds: CHAT_SUBSCRIPTIONS['chat-notices'], handle: createNotices(room) },
      { name: 'chat-providers', kinds: CHAT_SUBSCRIPTIONS['chat-providers'], handle: createProviderNews(room) },
    ],
    stop: () => background.stop(),
  };
}
