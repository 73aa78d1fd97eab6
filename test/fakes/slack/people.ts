/** People of the little Slack: what they do, and what they see of it. */
import type { Told } from './delivery.ts';
import type { SlackFake } from './server.ts';
import { type Button, buttonsIn, type InputElement, type View, wordsIn } from './validity.ts';
import type { Channel, FileRecord, Message, OpenView, Person, Team } from './world.ts';

/** A message as a person sees it. */
export interface Seen {
  readonly id: string;
  readonly channel: string;
  /** What is read, without markup; buttons aside. */
  readonly text: string;
  /** What is read aloud. */
  readonly spoken: string;
  readonly buttons: readonly string[];
  readonly isEphemeral: boolean;
  readonly thread: string | undefined;
  readonly message: Message;
}

export interface User {
  readonly id: string;
  readonly person: Person;
  readonly account: string;
  /** The private conversation with the bot. */
  readonly direct: Channel;
  says(text: string, files?: readonly FileRecord[], thread?: string): Promise<Told>;
  mentions(channel: Channel, text: string, thread?: string): Promise<Told>;
  commands(text: string, channel?: Channel): Promise<Told>;
  presses(seen: Pick<Seen, 'id'>, label: string, channel?: Channel): Promise<Told>;
  pressesHome(label: string): Promise<Told>;
  opensHome(): Promise<Told>;
  /** The form that is open; undefined when none is. */
  form(): OpenView | undefined;
  /** Fills in fields of the open form and sends it. */
  submits(values: Readonly<Record<string, string | FileRecord>>): Promise<Told>;
  shortcut(
    callback: string,
    message?: { readonly text: string; readonly files?: readonly FileRecord[] },
  ): Promise<Told>;
  shares(channel: Channel, url: string): Promise<{ readonly told: Told; readonly message: Message }>;
  uploads(name: string, bytes: Buffer | string): FileRecord;
  sees(channel?: Channel): readonly Seen[];
  /** The files that the bot has given in a conversation. */
  given(channel?: Channel): readonly FileRecord[];
  home(): View | undefined;
  leaves(): void;
}

export function userOf(slack: SlackFake, name: string, team: Team = slack.team): User {
  const { world, delivery, manifest } = slack;
  const person = world.addPerson(team, name);
  const direct = world.direct(team.id, person.id);
  const { id } = person;
  /** Slack tells of what one person does in its order. */
  let turn: Promise<unknown> = Promise.resolve();
  const inTurn = (work: () => Promise<Told>): Promise<Told> => {
    const done = turn.then(work);
    turn = done.catch(() => {});
    return done;
  };

  const teamField = { id: team.id, domain: 'northern', ...(team.enterprise && { enterprise_id: team.enterprise }) };
  const user = { id, username: name, name, team_id: team.id };

  /** Events that the app has not subscribed to, or has no scope for, are told to nobody. */
  function event(type: string, fields: Readonly<Record<string, unknown>>, name = type): Promise<Told> {
    const eventId = world.newId('Ev');
    if (!manifest.settings.event_subscriptions.bot_events.includes(name)) {
      throw new Error(`the app has not subscribed to ${name}`);
    }
    const payload = {
      token: 'old',
      team_id: team.id,
      enterprise_id: team.enterprise,
      api_app_id: 'A1',
      type: 'event_callback',
      event_id: eventId,
      event_time: Math.floor(Date.now() / 1000),
      authorizations: [
        {
          enterprise_id: team.enterprise,
          team_id: team.id,
          user_id: team.botUser,
          is_bot: true,
          is_enterprise_install: false,
        },
      ],
      event: { type, ...fields },
    };
    return inTurn(() => delivery.tell('events_api', payload));
  }

  const interactive = (payload: Told['payload']): Promise<Told> => inTurn(() => delivery.tell('interactive', payload));
  const common = () => ({
    team: teamField,
    enterprise: null,
    is_enterprise_install: false,
    user,
    api_app_id: 'A1',
    token: 'old',
    trigger_id: slack.trigger(id),
  });

  const messageIn = (ts: string): Message => {
    const found = world.messages.find((one) => one.ts === ts);
    if (!found) throw new Error('there is no such message');
    return found;
  };
  const buttonOn = (buttons: readonly Button[], label: string): Button => {
    const found = buttons.find((one) => one.text.text === label);
    if (!found) throw new Error(`there is no button ${label}, only ${buttons.map((one) => one.text.text).join(', ')}`);
    return found;
  };
  const action = (button: Button) => ({
    type: 'button',
    action_id: button.action_id,
    block_id: button.block_id,
    value: button.value,
    text: button.text,
    action_ts: world.newTs(),
  });

  /** What a view brings back of one input; nobody can choose what is not offered. */
  function stateOf(element: InputElement, value: string | FileRecord | undefined): object {
    switch (element.type) {
      case 'file_input':
        return { files: typeof value === 'object' ? [slack.describe(value)] : [] };
      case 'plain_text_input':
        return { value: value ?? null };
      case 'static_select': {
        const chosen = element.options.find((option) => option.text.text === value || option.value === value);
        if (value !== undefined && !chosen) throw new Error(`${value} cannot be chosen`);
        return { selected_option: chosen ?? null };
      }
    }
  }

  const fromBot = (channel: Channel): readonly Message[] =>
    world.messages
      .filter((one) => one.channel === channel.id && one.user === team.botUser)
      .filter((one) => one.onlyFor === undefined || one.onlyFor === id);
  const sees = (channel: Channel = direct): readonly Seen[] =>
    fromBot(channel)
      .filter(({ files }) => files.length === 0)
      .map((message) => ({
        id: message.ts,
        channel: message.channel,
        text: wordsIn(message.blocks),
        spoken: message.text,
        buttons: buttonsIn(message.blocks).map((one) => one.text.text),
        isEphemeral: message.onlyFor !== undefined,
        thread: message.thread,
        message,
      }));

  const form = () => [...world.views.values()].find((one) => one.user === id);

  return {
    id,
    person,
    account: `${team.enterprise ?? team.id}:${id}`,
    direct,
    says(text, files = [], thread) {
      const message = world.message({ channel: direct.id, user: id, text, files, thread });
      return event(
        'message',
        {
          user: id,
          channel: direct.id,
          channel_type: 'im',
          text: escaped(text),
          ts: message.ts,
          ...(thread !== undefined && { thread_ts: thread }),
          ...(files.length > 0 && { subtype: 'file_share', files: files.map(slack.describe) }),
        },
        'message.im',
      );
    },
    mentions(channel, text, thread) {
      const written = `<@${team.botUser}> ${escaped(text)}`;
      const message = world.message({ channel: channel.id, user: id, text: written, thread });
      return event('app_mention', {
        user: id,
        channel: channel.id,
        text: written,
        ts: message.ts,
        ...(thread !== undefined && { thread_ts: thread }),
      });
    },
    async commands(text, channel = direct) {
      const [command] = manifest.features.slash_commands;
      const payload = {
        token: 'old',
        team_id: team.id,
        team_domain: 'northern',
        ...(team.enterprise && { enterprise_id: team.enterprise }),
        channel_id: channel.id,
        channel_name: channel.name,
        user_id: id,
        user_name: name,
        command: command!.command,
        text,
        api_app_id: 'A1',
        is_enterprise_install: 'false',
        response_url: slack.addresses.open({ channel: channel.id, user: id, bot: team.botUser, original: undefined }),
        trigger_id: slack.trigger(id),
      };
      const told = await inTurn(() => delivery.tell('slash_commands', payload));
      if (typeof told.answer.text === 'string' && told.answer.text !== '') {
        world.message({ channel: channel.id, user: team.botUser, onlyFor: id, text: told.answer.text });
      }
      return told;
    },
    presses(seen, label) {
      const message = messageIn(seen.id);
      const button = buttonOn(buttonsIn(message.blocks), label);
      const isEphemeral = message.onlyFor !== undefined;
      return interactive({
        type: 'block_actions',
        ...common(),
        channel: { id: message.channel, name: 'any' },
        container: { type: 'message', message_ts: message.ts, channel_id: message.channel, is_ephemeral: isEphemeral },
        // Slack does not tell the app of a message that one person alone saw.
        ...(!isEphemeral && {
          message: {
            type: 'message',
            ts: message.ts,
            text: message.text,
            ...(message.thread && { thread_ts: message.thread }),
          },
        }),
        response_url: slack.addresses.open({
          channel: message.channel,
          user: id,
          bot: team.botUser,
          original: message,
        }),
        actions: [action(button)],
      });
    },
    pressesHome(label) {
      const view = world.homes.get(id);
      if (!view) throw new Error('there is nothing at home');
      const button = buttonOn(buttonsIn(view.view.blocks), label);
      return interactive({
        type: 'block_actions',
        ...common(),
        container: { type: 'view', view_id: view.id },
        view: { id: view.id, type: 'home', hash: view.hash },
        actions: [action(button)],
      });
    },
    opensHome: () => event('app_home_opened', { user: id, channel: direct.id, tab: 'home', event_ts: world.newTs() }),
    form,
    async submits(values) {
      const open = form();
      if (!open) throw new Error('no form is open');
      const inputs = open.view.blocks.filter((block) => block.type === 'input');
      const unknown = Object.keys(values).filter((field) => !inputs.some((one) => one.block_id === field));
      if (unknown.length > 0) throw new Error(`the form has no field ${unknown.join(', ')}`);
      const state = Object.fromEntries(
        inputs.map(({ block_id, element }) => {
          const value = values[block_id] ?? ('initial_value' in element ? element.initial_value : undefined);
          return [block_id, { [element.action_id]: { type: element.type, ...stateOf(element, value) } }];
        }),
      );
      const told = await interactive({
        type: 'view_submission',
        ...common(),
        view: { ...open.view, id: open.id, hash: open.hash, state: { values: state } },
      });
      const errors = told.answer.response_action === 'errors' ? (told.answer.errors as Record<string, string>) : null;
      const astray = Object.keys(errors ?? {}).filter((field) => !inputs.some((one) => one.block_id === field));
      if (astray.length > 0) throw new Error(`errors at fields that there are not: ${astray.join(', ')}`);
      if (errors) open.errors = errors;
      else if (told.acked) world.views.delete(open.id);
      return told;
    },
    shortcut(callback, message) {
      const known = manifest.features.shortcuts.find((one) => one.callback_id === callback);
      if (known?.type !== (message ? 'message' : 'global'))
        throw new Error(`the app has no such shortcut: ${callback}`);
      if (!message)
        return interactive({ type: 'shortcut', ...common(), callback_id: callback, action_ts: world.newTs() });
      const said = world.message({ channel: direct.id, user: id, text: message.text, files: message.files ?? [] });
      return interactive({
        type: 'message_action',
        ...common(),
        callback_id: callback,
        action_ts: world.newTs(),
        message_ts: said.ts,
        channel: { id: direct.id, name: 'directmessage' },
        response_url: slack.addresses.open({ channel: direct.id, user: id, bot: team.botUser, original: undefined }),
        message: {
          type: 'message',
          user: id,
          ts: said.ts,
          text: escaped(message.text),
          files: message.files?.map(slack.describe),
        },
      });
    },
    async shares(channel, url) {
      const message = world.message({ channel: channel.id, user: id, text: `<${url}>` });
      const told = await event('link_shared', {
        user: id,
        channel: channel.id,
        message_ts: message.ts,
        unfurl_id: message.ts,
        source: 'conversations_history',
        links: [{ domain: new URL(url).hostname, url }],
      });
      return { told, message };
    },
    uploads(fileName, bytes) {
      const file: FileRecord = { id: world.newId('F'), name: fileName, bytes: Buffer.from(bytes), team: team.id };
      world.files.set(file.id, file);
      return file;
    },
    sees,
    given: (channel = direct) => fromBot(channel).flatMap(({ files }) => files),
    home: () => world.homes.get(id)?.view,
    leaves() {
      person.isActive = false;
    },
  };
}

const escaped = (text: string): string => text.replaceAll('&', '&amp;').replaceAll('<', '&lt;').replaceAll('>', '&gt;');
