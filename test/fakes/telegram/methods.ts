/** The methods of the Bot API that Herald may call, with what they refuse and in which words. */
import { type Entity, parseHtml } from './html.ts';
import type { createUpdates } from './updates.ts';
import { type Chat, type InlineButton, Refused, type StoredMessage, type World } from './world.ts';

type Payload = Readonly<Record<string, unknown>>;
export type MethodName = keyof ReturnType<typeof createMethods>;

/** Menus by scope and language: `all_private_chats:ru`. */
export type Menus = Map<string, readonly { readonly command: string; readonly description: string }[]>;

const bad = (why: string): never => {
  throw new Refused(400, `Bad Request: ${why}`);
};

const MB = 1024 * 1024;

export function createMethods(world: World, updates: ReturnType<typeof createUpdates>, menus: Menus) {
  const { bot, chats, messages } = world;

  function placeOf({ chat_id }: Payload): Chat {
    const chat = chats.get(Number(chat_id));
    if (!chat) return bad('chat not found');
    if (chat.migratedTo !== undefined) {
      const why = 'Bad Request: group chat was upgraded to a supergroup chat';
      throw new Refused(400, why, { migrate_to_chat_id: chat.migratedTo });
    }
    const isPrivate = chat.type === 'private';
    if (chat.isBlocked)
      throw new Refused(403, `Forbidden: bot was ${isPrivate ? 'blocked by the user' : 'kicked from the group chat'}`);
    if (!chat.isOpen) {
      const why = isPrivate ? "bot can't initiate conversation with a user" : 'bot is not a member of the group chat';
      throw new Refused(403, `Forbidden: ${why}`);
    }
    return chat;
  }

  function contentOf(payload: Payload): {
    text: string;
    entities: readonly Entity[];
    keyboard: StoredMessage['keyboard'];
  } {
    if (typeof payload.text !== 'string') return bad('message text is empty');
    if (Buffer.byteLength(payload.text) > 35_000) return bad('message is too long');
    const parsed =
      payload.parse_mode === 'HTML' ? parseHtml(payload.text) : { ok: true as const, text: payload.text, entities: [] };
    if (!parsed.ok) throw new Refused(400, parsed.why);
    const text = parsed.text.trim();
    if (text === '') return bad('message text is empty');
    if (text.length > 4096) return bad('message is too long');
    return { text, entities: parsed.entities, keyboard: keyboardOf(payload) };
  }

  /** A message of the bot's own that can be edited or deleted. */
  function ownMessage(payload: Payload, toDo: 'edit' | 'delete'): StoredMessage {
    const chat = placeOf(payload);
    const found = messages.find((one) => one.message_id === Number(payload.message_id) && one.chat === chat.id);
    if (!found || found.isDeleted) return bad(`message to ${toDo} not found`);
    if (found.from !== bot) return bad(`message can't be ${toDo}ed`);
    return found;
  }

  return {
    getMe: () => ({
      ...bot,
      can_join_groups: true,
      can_read_all_group_messages: false,
      supports_inline_queries: false,
    }),
    getUpdates: (payload: Payload) => updates.getUpdates(payload),
    setWebhook({ url, secret_token = '', allowed_updates }: Payload) {
      if (url === '') return deleteWebhook();
      if (typeof url !== 'string' || !url.startsWith('https://'))
        return bad('bad webhook: An HTTPS URL must be provided for webhook');
      if (typeof secret_token !== 'string' || !/^[\w-]{0,256}$/u.test(secret_token)) {
        return bad('secret token contains unallowed characters');
      }
      updates.setWebhook({ url, secret: secret_token }, allowed_updates as string[] | undefined);
      return true;
    },
    deleteWebhook,
    getWebhookInfo() {
      const { url = '' } = updates.webhook() ?? {};
      const error = updates.lastError();
      const pending_update_count = updates.waiting().length;
      return { url, has_custom_certificate: false, pending_update_count, ...(error && { last_error_message: error }) };
    },
    sendMessage(payload: Payload) {
      const chat = placeOf(payload);
      return world.asMessage(world.write(chat.id, bot, contentOf(payload)));
    },
    sendDocument(payload: Payload) {
      const chat = placeOf(payload);
      const { document } = payload as { document?: { name: string; bytes: Buffer } };
      if (!Buffer.isBuffer(document?.bytes)) return bad('there is no document in the request');
      if (document.bytes.length === 0) return bad('file must be non-empty');
      if (document.bytes.length > 50 * MB) throw new Refused(413, 'Request Entity Too Large');
      return world.asMessage(world.write(chat.id, bot, { document }));
    },
    editMessageText(payload: Payload) {
      const message = ownMessage(payload, 'edit');
      const content = contentOf(payload);
      const { text, entities, keyboard } = message;
      if (JSON.stringify(content) === JSON.stringify({ text, entities, keyboard })) {
        const why = 'specified new message content and reply markup are exactly the same as a current content';
        return bad(`message is not modified: ${why} and reply markup of the message`);
      }
      Object.assign(message, content, { edits: message.edits + 1 });
      return world.asMessage(message);
    },
    deleteMessage(payload: Payload) {
      ownMessage(payload, 'delete').isDeleted = true;
      return true;
    },
    answerCallbackQuery({ callback_query_id, text = '', show_alert = false }: Payload) {
      const press = world.presses.get(String(callback_query_id));
      if (!press || press.isOld || press.answer) {
        return bad('query is too old and response timeout expired or query ID is invalid');
      }
      if (String(text).length > 200) return bad('MESSAGE_TOO_LONG');
      press.answer = { text: String(text), isAlert: show_alert === true };
      return true;
    },
    sendChatAction(payload: Payload) {
      placeOf(payload);
      return true;
    },
    setMyCommands({ commands, scope, language_code = '' }: Payload) {
      if (!Array.isArray(commands) || commands.length > 100) return bad('BOT_COMMANDS_TOO_MUCH');
      for (const { command, description } of commands) {
        if (!/^[a-z0-9_]{1,32}$/u.test(command)) return bad('BOT_COMMAND_INVALID');
        if (description.length < 1 || description.length > 256) return bad('BOT_COMMAND_DESCRIPTION_INVALID');
      }
      if (!/^(?:[a-z]{2})?$/u.test(String(language_code))) return bad('invalid language code specified');
      menus.set(`${scopeOf(scope)}:${language_code}`, commands);
      return true;
    },
    getMyCommands: ({ scope, language_code = '' }: Payload) => menus.get(`${scopeOf(scope)}:${language_code}`) ?? [],
    getFile({ file_id }: Payload) {
      const file = world.files.get(String(file_id));
      if (!file) return bad('invalid file_id');
      if (file.size > 20 * MB) return bad('file is too big');
      const id = String(file_id);
      return { file_id, file_unique_id: `u${id}`, file_size: file.size, file_path: `documents/${id}` };
    },
  };

  function deleteWebhook() {
    updates.setWebhook(null);
    return true;
  }
}

const scopeOf = (scope: unknown): string => (scope as { type?: string } | undefined)?.type ?? 'default';

function keyboardOf({ reply_markup }: Payload): readonly (readonly InlineButton[])[] {
  const { inline_keyboard: rows = [] } = (reply_markup ?? {}) as {
    inline_keyboard?: readonly (readonly InlineButton[])[];
  };
  if (!Array.isArray(rows) || !rows.every(Array.isArray))
    return bad('field "inline_keyboard" of the InlineKeyboardMarkup must be an Array of Arrays');
  if (rows.flat().length > 100 || Buffer.byteLength(JSON.stringify(rows)) > 10_240) return bad('REPLY_MARKUP_TOO_LONG');
  for (const { text, callback_data, url } of rows.flat() as readonly InlineButton[]) {
    if (typeof text !== 'string' || text.trim() === '')
      return bad("can't parse inline keyboard button: Text buttons are unallowed in the inline keyboard");
    const bytes = callback_data === undefined ? null : Buffer.byteLength(callback_data);
    if (bytes !== null && (bytes < 1 || bytes > 64)) return bad('BUTTON_DATA_INVALID');
    if (bytes === null && !/^(?:https?|tg):\/\/\S+$/u.test(url ?? '')) return bad('BUTTON_URL_INVALID');
  }
  return rows.filter((row) => row.length > 0);
}
