/** What Telegram knows: people, groups, what was written in them, and what the bot is still to be told. */
import type { Entity } from './html.ts';

export interface Person {
  readonly id: number;
  readonly first_name: string;
  readonly is_bot: boolean;
  readonly username?: string;
  readonly language_code?: string;
}

export interface Chat {
  id: number;
  type: 'private' | 'group' | 'supergroup';
  readonly title?: string;
  readonly first_name?: string;
  /** Of a private chat: whether the person has ever written; of a group: whether the bot is in it. */
  isOpen: boolean;
  isBlocked: boolean;
  /** What the group has become. */
  migratedTo?: number;
}

export interface InlineButton {
  readonly text: string;
  readonly callback_data?: string;
  readonly url?: string;
}

export interface StoredMessage {
  readonly message_id: number;
  readonly chat: number;
  readonly from: Person;
  readonly date: number;
  text: string;
  entities: readonly Entity[];
  keyboard: readonly (readonly InlineButton[])[];
  /** A file in place of a text. */
  readonly document: { readonly name: string; readonly bytes: Buffer } | null;
  edits: number;
  isDeleted: boolean;
}

export type Update = { readonly update_id: number } & Readonly<Record<string, unknown>>;

/** Something was asked that Telegram answers with an error. */
export class Refused extends Error {
  readonly code: number;
  readonly parameters: { readonly retry_after?: number; readonly migrate_to_chat_id?: number } | undefined;

  constructor(code: number, description: string, parameters?: Refused['parameters']) {
    super(description);
    this.code = code;
    this.parameters = parameters;
  }
}

export type World = ReturnType<typeof createWorld>;

export function createWorld(bot: Person) {
  const chats = new Map<number, Chat>();
  const people = new Map<number, Person>();
  const messages: StoredMessage[] = [];
  const files = new Map<string, { name: string; bytes: Buffer; size: number }>();
  /** Presses that wait for an answer, and what they were answered. */
  const presses = new Map<string, { by: number; isOld: boolean; answer: { text: string; isAlert: boolean } | null }>();
  const listeners: ((update: Update) => void)[] = [];
  let lastUpdate = 870_000_000;
  let last: Update | null = null;

  const world = {
    bot,
    chats,
    people,
    messages,
    files,
    presses,
    meet(first_name: string, more: Partial<Person> = {}): Person {
      const id = 5_000_000_000 + people.size + 1;
      const person = { id, first_name, is_bot: false, ...more };
      people.set(id, person);
      chats.set(id, { id, type: 'private', first_name, isOpen: false, isBlocked: false });
      return person;
    },
    found(title: string): Chat {
      const id = -(400_000_000 + chats.size);
      const chat: Chat = { id, type: 'group', title, isOpen: false, isBlocked: false };
      chats.set(id, chat);
      return chat;
    },
    /** The chat as updates and messages carry it. */
    shown(id: number) {
      const { type, title, first_name } = chats.get(id)!;
      return title === undefined ? { id, type, first_name } : { id, type, title };
    },
    write(chat: number, from: Person, content: Partial<StoredMessage>): StoredMessage {
      const message: StoredMessage = {
        message_id: messages.length + 1,
        chat,
        from,
        date: Math.floor(Date.now() / 1000),
        text: '',
        entities: [],
        keyboard: [],
        document: null,
        edits: 0,
        isDeleted: false,
        ...content,
      };
      messages.push(message);
      return message;
    },
    /** A message as the Bot API answers it. */
    asMessage(message: StoredMessage) {
      const { message_id, from, date, text, entities, keyboard, document, edits } = message;
      const file_id = `own${message_id}`;
      return {
        message_id,
        from,
        chat: world.shown(message.chat),
        date,
        ...(edits > 0 && { edit_date: date }),
        ...(text !== '' && { text }),
        ...(document && {
          document: {
            file_id,
            file_unique_id: `u${file_id}`,
            file_name: document.name,
            file_size: document.bytes.length,
          },
        }),
        ...(entities.length > 0 && { entities }),
        ...(keyboard.length > 0 && { reply_markup: { inline_keyboard: keyboard } }),
      };
    },
    tell(kind: string, content: unknown): void {
      last = { update_id: ++lastUpdate, [kind]: content };
      for (const listener of listeners) listener(last);
    },
    tellAgain(): void {
      if (last) for (const listener of listeners) listener(last);
    },
    onUpdate: (listener: (update: Update) => void) => void listeners.push(listener),
  };
  return world;
}
