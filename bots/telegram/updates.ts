/**
 * What an update means to us. In private everything that is said is heard; in groups only what is addressed to the bot, and of
 * that no more than who it was: campaigns are no matter for groups.
 */
import type { Chat, Message, Update, User } from 'telegraf/types';
import type { ChatEvent } from '../../src/staff/surface.ts';

/** What every event has, made of who spoke and where. */
export type Speaker = Pick<ChatEvent, 'account' | 'displayName' | 'conversation'>;

export interface Document {
  readonly id: string;
  readonly name: string;
  /** Bytes, where Telegram knows. */
  readonly size: number;
}

export type Heard =
  | { readonly kind: 'said'; readonly by: Speaker; readonly text: string; readonly document?: Document }
  | {
      readonly kind: 'pressed';
      readonly by: Speaker;
      readonly isPrivate: boolean;
      /** The press itself, to be answered; and the message that has the button. */
      readonly query: string;
      readonly message: string;
      readonly data: string;
    }
  /** A picture, a voice, a place: nothing that Herald reads. */
  | { readonly kind: 'not-read'; readonly by: Speaker }
  /** The bot was spoken to in a group. */
  | { readonly kind: 'in-group'; readonly by: Speaker; readonly message: number }
  | { readonly kind: 'membership'; readonly by: Speaker; readonly status: string }
  | { readonly kind: 'nothing' };

const NOTHING: Heard = { kind: 'nothing' };

/** `username` is the bot's own, without `@`. */
export function readUpdate(update: Update, username: string): Heard {
  if ('callback_query' in update) {
    const { id, from, message } = update.callback_query;
    const data = 'data' in update.callback_query ? update.callback_query.data : '';
    if (!message) return NOTHING;
    const by = speaker(from, message.chat);
    return {
      kind: 'pressed',
      by,
      isPrivate: isPrivate(message.chat),
      query: id,
      message: String(message.message_id),
      data,
    };
  }
  if ('my_chat_member' in update) {
    const { from, chat, new_chat_member } = update.my_chat_member;
    return { kind: 'membership', by: speaker(from, chat), status: new_chat_member.status };
  }
  if (!('message' in update) || update.message.from.is_bot) return NOTHING;
  return isPrivate(update.message.chat) ? inPrivate(update.message) : inGroup(update.message, username);
}

const isPrivate = (chat: Chat): boolean => chat.type === 'private';

const speaker = (from: User, chat: Chat): Speaker => ({
  account: String(from.id),
  displayName: [from.first_name, from.last_name].filter(Boolean).join(' '),
  conversation: String(chat.id),
});

type Said = Message & { readonly from: User };

const NOT_READ = [
  'animation',
  'audio',
  'contact',
  'dice',
  'location',
  'photo',
  'poll',
  'sticker',
  'story',
  'video',
  'video_note',
  'voice',
];

function inPrivate(message: Said): Heard {
  const by = speaker(message.from, message.chat);
  if ('text' in message) return { kind: 'said', by, text: withoutStart(message.text) };
  // An animation has a document besides.
  if (NOT_READ.some((kind) => kind in message)) return { kind: 'not-read', by };
  if (!('document' in message)) return NOTHING;
  const { file_id, file_name = 'file', file_size = 0 } = message.document;
  return { kind: 'said', by, text: message.caption ?? '', document: { id: file_id, name: file_name, size: file_size } };
}

/** A link that opens the bot in private and has `/start <payload>` said; up to 64 letters of `A-Za-z0-9_-`. */
export const addressOf = (username: string, payload: string): string => `https://t.me/${username}?start=${payload}`;

/** What a link to the bot adds where it leads from a group: it says nothing but hello. */
export const HELLO = 'hello';

/** The slash is Telegram's own before `start`, which a person only presses. */
function withoutStart(text: string): string {
  const start = /^\/start(?:@\w+)?(?<payload>\s[\s\S]*)?$/u.exec(text);
  if (!start) return text;
  const payload = start.groups?.payload?.trim() ?? '';
  return payload === '' || payload === HELLO ? 'start' : `start ${payload}`;
}

/** A command for this bot, a mention, an answer to what it wrote, or the one command that its menu has in groups. */
function inGroup(message: Said, username: string): Heard {
  const text = 'text' in message ? message.text : 'caption' in message ? (message.caption ?? '') : '';
  const repliesTo = 'reply_to_message' in message ? message.reply_to_message?.from?.username : undefined;
  const names = [...text.matchAll(/@(\w+)/gu)].map(([, name]) => name!.toLowerCase());
  const own = username.toLowerCase();
  const isMeant = names.includes(own) || repliesTo?.toLowerCase() === own || /^\/(?:help|start)$/u.test(text.trim());
  if (!isMeant) return NOTHING;
  return { kind: 'in-group', by: speaker(message.from, message.chat), message: message.message_id };
}
