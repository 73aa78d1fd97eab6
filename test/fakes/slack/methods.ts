/** The methods of the Web API that Herald calls, as docs.slack.dev/reference/methods has them: scopes, errors and answers. */
import { judgeBlocks, judgeView } from './validity.ts';
import type { Channel, FileRecord, Message, Team, Token, World } from './world.ts';

export type Fields = Readonly<Record<string, unknown>>;
export type Answer = Readonly<Record<string, unknown>> & { readonly ok: boolean };

export interface Call {
  readonly world: World;
  readonly team: Team;
  readonly token: Token;
  readonly fields: Fields;
  /** Uses up a trigger: whose it was, or why it is of no use. */
  readonly trigger: (id: string) => { readonly user: string } | { readonly error: string };
  readonly unfurlDomains: readonly string[];
  /** A file as Slack tells of it. */
  readonly describe: (file: FileRecord) => Fields;
  /** Where the bytes of an upload are to go. */
  readonly uploadAddress: (id: string) => string;
}

interface Method {
  readonly scope?: string | ((call: Call) => string);
  run(call: Call): Answer;
}

const text = (fields: Fields, name: string): string => (typeof fields[name] === 'string' ? fields[name] : '');
const error = (code: string, messages: readonly string[] = []): Answer => ({
  ok: false,
  error: code,
  ...(messages.length > 0 && { response_metadata: { messages } }),
});

const channelOf = ({ world, team, fields }: Call): Channel | undefined => {
  const found = world.channels.get(text(fields, 'channel'));
  return found?.team === team.id ? found : undefined;
};

/** What a message is made of, or what is wrong with it. */
function written({ fields }: Call): Pick<Message, 'text' | 'blocks' | 'metadata'> | Answer {
  const said = text(fields, 'text');
  if (fields.blocks === undefined && said === '') return error('no_text');
  if (said.length > 40_000) return error('msg_too_long');
  if (said === '') return error('no_text', ['[WARN] the top-level `text` is missing']);
  const judged = judgeBlocks(fields.blocks ?? []);
  if (!judged.ok) return error(judged.error, judged.messages);
  return { text: said, blocks: judged.value, metadata: fields.metadata };
}

const isAnswer = (one: object): one is Answer => 'ok' in one;

/** Why the bot may not write there. */
function closed({ world, team }: Call, channel: Channel): string | null {
  if (channel.isArchived) return 'is_archived';
  if (!channel.isDirect) return channel.members.has(team.botUser) ? null : 'not_in_channel';
  const other = [...channel.members].map((id) => world.people.get(id)).find((one) => one !== undefined);
  return other?.isActive ? null : 'channel_not_found';
}

const formatted = (message: Message): Readonly<Record<string, unknown>> => ({
  type: 'message',
  ts: message.ts,
  user: message.user,
  text: message.text,
  blocks: message.blocks,
  ...(message.thread !== undefined && { thread_ts: message.thread }),
  ...(message.metadata !== undefined && { metadata: message.metadata }),
});

const own = ({ world, team, fields }: Call): Message | undefined =>
  world.messages.find(
    (one) =>
      one.channel === text(fields, 'channel') &&
      one.ts === text(fields, 'ts') &&
      one.onlyFor === undefined &&
      team !== undefined,
  );

function history(call: Call, among: (message: Message) => boolean): Answer {
  const channel = channelOf(call);
  if (!channel) return error('channel_not_found');
  const withMetadata = String(call.fields.include_all_metadata) === 'true';
  const all = call.world.messages
    .filter((one) => one.channel === channel.id && one.onlyFor === undefined && among(one))
    .toSorted((a, b) => (a.ts < b.ts ? 1 : -1));
  const limit = Math.min(Number(call.fields.limit ?? 100), 999);
  const from = Number(text(call.fields, 'cursor') || 0);
  const page = all.slice(from, from + limit).map(formatted);
  const more = from + limit < all.length;
  return {
    ok: true,
    messages: page.map(({ metadata, ...rest }) =>
      withMetadata && metadata !== undefined ? { ...rest, metadata } : rest,
    ),
    has_more: more,
    response_metadata: { next_cursor: more ? String(from + limit) : '' },
  };
}

const historyScope = ({ fields }: Call): string =>
  text(fields, 'channel').startsWith('D') ? 'im:history' : 'channels:history';

export const METHODS: Readonly<Record<string, Method>> = {
  'auth.test': {
    run: ({ team }) => ({
      ok: true,
      team: team.name,
      team_id: team.id,
      user: 'herald',
      user_id: team.botUser,
      bot_id: team.botId,
      ...(team.enterprise !== null && { enterprise_id: team.enterprise }),
      is_enterprise_install: false,
    }),
  },
  'users.info': {
    scope: 'users:read',
    run({ world, fields }) {
      const person = world.people.get(text(fields, 'user'));
      if (!person) return error('user_not_found');
      return {
        ok: true,
        user: {
          id: person.id,
          team_id: person.team,
          name: person.name,
          real_name: person.name,
          deleted: !person.isActive,
          profile: { display_name: person.name },
        },
      };
    },
  },
  'conversations.open': {
    scope: 'im:write',
    run({ world, team, fields }) {
      const user = text(fields, 'users');
      if (user === '') return error('users_list_not_supplied');
      const person = world.people.get(user);
      if (!person) return error('user_not_found');
      if (!person.isActive) return error('user_disabled');
      return { ok: true, channel: { id: world.direct(team.id, user).id } };
    },
  },
  'conversations.history': {
    scope: historyScope,
    run: (call) => history(call, ({ thread, ts }) => thread === undefined || thread === ts),
  },
  'conversations.replies': {
    scope: historyScope,
    run: (call) =>
      history(call, ({ thread, ts }) => thread === text(call.fields, 'ts') || ts === text(call.fields, 'ts')),
  },
  'chat.postMessage': {
    scope: 'chat:write',
    run(call) {
      const { world, team, fields } = call;
      const person = world.people.get(text(fields, 'channel'));
      const channel = person?.team === team.id ? world.direct(team.id, person.id) : channelOf(call);
      if (!channel) return error('channel_not_found');
      const why = closed(call, channel);
      if (why) return error(why);
      const made = written(call);
      if (isAnswer(made)) return made;
      const thread = text(fields, 'thread_ts') || undefined;
      const message = world.message({ channel: channel.id, user: team.botUser, thread, ...made });
      return { ok: true, channel: channel.id, ts: message.ts, message: formatted(message) };
    },
  },
  'chat.postEphemeral': {
    scope: 'chat:write',
    run(call) {
      const { world, team, fields } = call;
      const channel = channelOf(call);
      if (!channel) return error('channel_not_found');
      const why = closed(call, channel);
      if (why) return error(why);
      const user = text(fields, 'user');
      if (!channel.members.has(user)) return error('user_not_in_channel');
      const made = written(call);
      if (isAnswer(made)) return made;
      const thread = text(fields, 'thread_ts') || undefined;
      const message = world.message({ channel: channel.id, user: team.botUser, onlyFor: user, thread, ...made });
      return { ok: true, message_ts: message.ts };
    },
  },
  'chat.update': {
    scope: 'chat:write',
    run(call) {
      if (!channelOf(call)) return error('channel_not_found');
      const message = own(call);
      if (!message) return error('message_not_found');
      if (message.user !== call.team.botUser) return error('cant_update_message');
      const made = written(call);
      if (isAnswer(made)) return made;
      message.text = made.text;
      message.blocks = made.blocks;
      // "If you don't include this field, the message's previous metadata will be retained."
      if (made.metadata !== undefined) message.metadata = made.metadata;
      return { ok: true, channel: message.channel, ts: message.ts, text: message.text, message: formatted(message) };
    },
  },
  'chat.delete': {
    scope: 'chat:write',
    run(call) {
      if (!channelOf(call)) return error('channel_not_found');
      const message = own(call);
      if (!message) return error('message_not_found');
      if (message.user !== call.team.botUser) return error('cant_delete_message');
      call.world.messages.splice(call.world.messages.indexOf(message), 1);
      return { ok: true, channel: message.channel, ts: message.ts };
    },
  },
  'chat.unfurl': {
    scope: 'links:write',
    run(call) {
      const { world, fields, unfurlDomains } = call;
      const unfurls = (fields.unfurls ?? {}) as Record<string, { blocks?: unknown }>;
      const ts = text(fields, 'ts') || text(fields, 'unfurl_id');
      const message = world.messages.find((one) => one.ts === ts);
      if (!message) return error('cannot_find_message');
      const shown: Record<string, { blocks: Message['blocks'] }> = {};
      for (const [url, { blocks }] of Object.entries(unfurls)) {
        const judged = judgeBlocks(blocks);
        const isOurs = message.text.includes(url) && unfurlDomains.includes(new URL(url).hostname);
        if (!isOurs || !judged.ok) return error('cannot_unfurl_url');
        shown[url] = { blocks: judged.value };
      }
      message.unfurls = shown;
      return { ok: true };
    },
  },
  'files.info': {
    scope: 'files:read',
    run({ world, fields, describe }) {
      const file = world.files.get(text(fields, 'file'));
      return file ? { ok: true, file: describe(file) } : error('file_not_found');
    },
  },
  'files.getUploadURLExternal': {
    scope: 'files:write',
    run({ world, team, fields, uploadAddress }) {
      const name = text(fields, 'filename');
      const length = Number(fields.length);
      if (name === '' || !(length > 0)) return error('invalid_arguments');
      const id = world.newId('F');
      world.uploads.set(id, { id, name, length, team: team.id, bytes: null });
      return { ok: true, upload_url: uploadAddress(id), file_id: id };
    },
  },
  'files.completeUploadExternal': {
    scope: 'files:write',
    run(call) {
      const { world, team, fields } = call;
      const place = { ...call, fields: { channel: fields.channel_id } };
      const channel = channelOf(place);
      if (!channel) return error('channel_not_found');
      const why = closed(place, channel);
      if (why) return error(why);
      const asked = (fields.files ?? []) as readonly { readonly id: string; readonly title?: string }[];
      const files = asked.flatMap(({ id, title }): FileRecord[] => {
        const { name, bytes } = world.uploads.get(id) ?? {};
        return bytes ? [{ id, name: title ?? name!, bytes, team: team.id }] : [];
      });
      if (files.length === 0 || files.length < asked.length) return error('file_not_found');
      for (const file of files) world.files.set(file.id, file);
      const thread = text(fields, 'thread_ts') || undefined;
      world.message({ channel: channel.id, user: team.botUser, thread, files });
      return { ok: true, files: files.map(({ id, name }) => ({ id, title: name })) };
    },
  },
  'views.open': {
    run(call) {
      const { world, team, fields } = call;
      const opened = call.trigger(text(fields, 'trigger_id'));
      if ('error' in opened) return error(opened.error);
      const judged = judgeView(fields.view, 'modal');
      if (!judged.ok) return error(judged.error, judged.messages);
      const view = {
        id: world.newId('V'),
        user: opened.user,
        team: team.id,
        hash: world.newTs(),
        view: judged.value,
        errors: {},
      };
      for (const one of world.views.values()) if (one.user === opened.user) world.views.delete(one.id);
      world.views.set(view.id, view);
      return { ok: true, view: { id: view.id, hash: view.hash, ...view.view } };
    },
  },
  'views.update': {
    run({ world, fields }) {
      const view = world.views.get(text(fields, 'view_id'));
      if (!view) return error('not_found');
      const hash = text(fields, 'hash');
      if (hash !== '' && hash !== view.hash) return error('hash_conflict');
      const judged = judgeView(fields.view, 'modal');
      if (!judged.ok) return error(judged.error, judged.messages);
      view.view = judged.value;
      view.hash = world.newTs();
      return { ok: true, view: { id: view.id, hash: view.hash, ...view.view } };
    },
  },
  'views.publish': {
    run({ world, team, fields }) {
      const user = text(fields, 'user_id');
      if (!world.people.has(user)) return error('user_not_found');
      const judged = judgeView(fields.view, 'home');
      if (!judged.ok) return error(judged.error, judged.messages);
      const known = world.homes.get(user);
      const view = {
        id: known?.id ?? world.newId('V'),
        user,
        team: team.id,
        hash: world.newTs(),
        view: judged.value,
        errors: {},
      };
      world.homes.set(user, view);
      return { ok: true, view: { id: view.id, hash: view.hash, ...view.view } };
    },
  },
};
