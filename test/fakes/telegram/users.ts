/** People in the fake: what they do with the bot, and what they see of it. */
import type { Chat, Person, StoredMessage, World } from './world.ts';

export interface SeenMessage {
  readonly id: string;
  readonly text: string;
  readonly buttons: readonly string[];
  /** Labels, row by row. */
  readonly rows: readonly (readonly string[])[];
  /** Where buttons with an address lead. */
  readonly links: readonly string[];
  /** Texts that a tap copies. */
  readonly codes: readonly string[];
}

export type FakeUser = ReturnType<ReturnType<typeof createUsers>['user']>;
export type FakeGroup = ReturnType<ReturnType<typeof createUsers>['group']>;

export function createUsers(world: World) {
  const ownIn = (chat: number): readonly StoredMessage[] =>
    world.messages.filter((one) => one.chat === chat && one.from === world.bot && !one.isDeleted);
  const seenIn = (chat: number): readonly SeenMessage[] =>
    ownIn(chat)
      .filter(({ document }) => document === null)
      .map(seen);

  function write(person: Person, chat: number, text: string, more: object = {}): void {
    const message = world.write(chat, person, { text, entities: commandsIn(text) });
    world.tell('message', { ...world.asMessage(message), ...more });
  }

  function member(person: Person, chat: Chat, before: string, after: string): void {
    world.tell('my_chat_member', {
      chat: world.shown(chat.id),
      from: person,
      date: Math.floor(Date.now() / 1000),
      old_chat_member: { user: world.bot, status: before },
      new_chat_member: { user: world.bot, status: after },
    });
  }

  function user(name: string, more: Partial<Person> = {}) {
    const person = world.meet(name, more);
    const chat = world.chats.get(person.id)!;
    return {
      id: person.id,
      account: String(person.id),
      person,
      /** Has met the bot, without a word. */
      knowsBot(): void {
        chat.isOpen = true;
      },
      says(text: string): void {
        chat.isOpen = true;
        write(person, chat.id, text);
      },
      /** Follows a link to the bot and presses the button. */
      starts(payload?: string): void {
        this.says(payload === undefined ? '/start' : `/start ${payload}`);
      },
      /** `size` where the bytes are not to be had: a file may be larger than it is worth making. */
      sends(file: { name: string; bytes: Buffer; size?: number; caption?: string }): void {
        chat.isOpen = true;
        const id = `doc${world.files.size + 1}`;
        const { name, bytes, size = bytes.length, caption } = file;
        world.files.set(id, { name, bytes, size });
        const document = { file_id: id, file_unique_id: `u${id}`, file_name: name, file_size: size };
        write(person, chat.id, '', { document, ...(caption && { caption }) });
      },
      /** Something that is neither text nor a document: `{ sticker: {…} }`. */
      shows(content: object): void {
        chat.isOpen = true;
        write(person, chat.id, '', content);
      },
      presses(message: { readonly id: string }, label: string): string {
        return press(person, message, label);
      },
      /** What the person was told over a message after pressing. */
      told: (query: string) => world.presses.get(query)?.answer ?? null,
      sees: () => seenIn(chat.id),
      /** The files that the bot has given, opened. */
      given: () => ownIn(chat.id).flatMap(({ document }) => document ?? []),
      blocks(): void {
        chat.isBlocked = true;
        member(person, chat, 'member', 'kicked');
      },
      unblocks(): void {
        chat.isBlocked = false;
        member(person, chat, 'kicked', 'member');
      },
    };
  }

  function press(person: Person, { id }: { readonly id: string }, label: string, data?: string): string {
    const message = world.messages.find((one) => String(one.message_id) === id)!;
    const button = message.keyboard.flat().find(({ text }) => text === label);
    if (!button && data === undefined) throw new Error(`there is no button ${label}`);
    const query = String(4_000_000_000 + world.presses.size);
    world.presses.set(query, { by: person.id, isOld: false, answer: null });
    world.tell('callback_query', {
      id: query,
      from: person,
      message: world.asMessage(message),
      chat_instance: String(message.chat),
      data: data ?? button!.callback_data,
    });
    return query;
  }

  return {
    user,
    /** A press whose data is no button's: what a client of somebody's own making may send. */
    forge: (by: { person: Person }, message: { readonly id: string }, data: string) =>
      press(by.person, message, '', data),
    /** A group that the bot was added to by this person. */
    group(title: string, by: { person: Person }) {
      const chat = world.found(title);
      chat.isOpen = true;
      member(by.person, chat, 'left', 'member');
      return {
        id: () => String(chat.id),
        hears: (who: { person: Person }, text: string, more: object = {}) => write(who.person, chat.id, text, more),
        sees: () => seenIn(chat.migratedTo ?? chat.id),
        /** Becomes a supergroup, as large groups do: with another id, and nothing of what was written before. */
        grows(): string {
          const id = -(1_000_000_000_000 - chat.id);
          world.chats.set(id, { ...chat, id, type: 'supergroup' });
          chat.migratedTo = id;
          return String(id);
        },
        removesBot(): void {
          chat.isBlocked = true;
        },
      };
    },
    removes({ id }: { readonly id: string }): void {
      world.messages.find((one) => String(one.message_id) === id)!.isDeleted = true;
    },
  };
}

const seen = ({ message_id, text, keyboard, entities }: StoredMessage): SeenMessage => ({
  id: String(message_id),
  text,
  buttons: keyboard.flat().map((button) => button.text),
  rows: keyboard.map((row) => row.map((button) => button.text)),
  links: keyboard.flat().flatMap(({ url }) => (url === undefined ? [] : [url])),
  codes: entities
    .filter(({ type }) => type === 'code')
    .map(({ offset, length }) => text.slice(offset, offset + length)),
});

const commandsIn = (text: string) => {
  const command = /^\/\w+(?:@\w+)?/u.exec(text);
  return command ? [{ type: 'bot_command', offset: 0, length: command[0].length }] : [];
};
