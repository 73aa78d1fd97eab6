/** What people say: the slash command, a mention in a channel, and a message in private. */

import { accountIn, conversationOf, type Desk, type Speaker, say, sayWith } from './desk.ts';
import { formFor } from './modal.ts';
import { openForm } from './open-form.ts';
import { type Message, message, slashCommand } from './payloads.ts';
import type { Spot } from './reply.ts';
import { saidTo, typed } from './said.ts';
import type { Workspace } from './workspaces.ts';

/** `/sms …`: nobody else sees it, nor what is answered. */
export async function hearCommand(desk: Desk, workspace: Workspace, body: unknown): Promise<void> {
  const command = slashCommand.parse(body);
  const speaker = { workspace, user: command.user_id, name: command.user_name };
  const spot: Spot = {
    workspace: workspace.id,
    user: command.user_id,
    channel: command.channel_id,
    isDirect: false,
    responseUrl: command.response_url,
  };
  const text = typed(command.text).trim();
  const form = formFor(text);
  if (form) return openForm(desk, speaker, command.trigger_id, { form, spot });
  await desk.turns.after(accountIn(speaker), async () => {
    const where = await whereOf(desk, spot);
    await desk.replies.answer(where, () =>
      say(desk, speaker, {
        id: `command:${command.trigger_id}`,
        // Nothing at all is a question too.
        text: text === '' ? 'help' : text,
        isPrivate: true,
        conversation: conversationOf(where),
      }),
    );
  });
}

/** In the conversation with Herald itself answers stay; in one with somebody else Herald is no member, and whispers. */
async function whereOf(desk: Desk, spot: Spot): Promise<Spot> {
  if (!spot.channel?.startsWith('D')) return spot;
  const own = await desk.replies.directChannel(spot).catch(() => null);
  return { ...spot, isDirect: own === spot.channel };
}

/** `@herald show 12`: heard by all in the channel, answered to who asked. */
export async function hearMention(desk: Desk, workspace: Workspace, event: unknown, eventId: string): Promise<void> {
  const said = message.parse(event);
  const spot = { isDirect: false, channel: said.channel, thread: said.thread_ts };
  await hear(desk, workspace, said, eventId, spot, saidTo(workspace.botUserId, said.text ?? ''));
}

/** Subtypes of what a person says; all others tell of changes. */
const SAID = new Set([undefined, 'file_share', 'thread_broadcast']);

/** A message in the private conversation with Herald. */
export async function hearMessage(desk: Desk, workspace: Workspace, event: unknown, eventId: string): Promise<void> {
  const read = message.safeParse(event);
  // Edits and deletions have another shape.
  if (!read.success || read.data.channel_type !== 'im' || !SAID.has(read.data.subtype)) return;
  const said = read.data;
  const spot = { isDirect: true, channel: said.channel, thread: said.thread_ts };
  await hear(desk, workspace, said, eventId, spot, saidTo(workspace.botUserId, said.text ?? ''));
}

async function hear(
  desk: Desk,
  workspace: Workspace,
  said: Message,
  eventId: string,
  where: Pick<Spot, 'isDirect' | 'channel' | 'thread'>,
  text: string,
): Promise<void> {
  const { user, files = [] } = said;
  if (user === undefined || said.bot_id) return;
  const spot: Spot = { workspace: workspace.id, user, ...where };
  const file = files[0];
  await desk.turns.after(accountIn({ workspace, user }), () =>
    desk.replies.answer(spot, async () => {
      const speaker: Speaker = { workspace, user, name: await nameOf(desk, workspace, user) };
      return sayWith(
        desk,
        speaker,
        {
          id: eventId,
          text: text === '' && !file ? 'help' : text,
          isPrivate: where.isDirect,
          conversation: conversationOf(spot),
        },
        file,
      );
    }),
  );
}

/** Messages do not say what the person is called, and an admin who is asked for access must be told. */
async function nameOf(desk: Desk, workspace: Workspace, user: string): Promise<string> {
  const { names } = desk;
  const account = accountIn({ workspace, user });
  const known = names.get(account);
  if (known !== undefined) return known;
  try {
    const { user: found } = await desk.clientOf(workspace.token).users.info({ user });
    const name = found?.profile?.display_name || found?.real_name || found?.name || '';
    if (names.size >= MOST_NAMES) names.clear();
    names.set(account, name);
    return name;
  } catch {
    return '';
  }
}

const MOST_NAMES = 10_000;
