/** Buttons: what one says is said by the person who pressed it, now; the card that it stood on shows what came of it. */
import { accountIn, conversationOf, type Desk, type Speaker, say } from './desk.ts';
import { publishHome } from './home.ts';
import { formFor } from './modal.ts';
import { openForm } from './open-form.ts';
import { nameOf, type Press, press } from './payloads.ts';
import { subjectIn } from './render.ts';
import type { Spot } from './reply.ts';
import type { Workspace } from './workspaces.ts';

export async function takePress(desk: Desk, workspace: Workspace, body: unknown): Promise<void> {
  const pressed = press.parse(body);
  const [action] = pressed.actions;
  const text = action?.value ?? '';
  if (!action || text === '') return;
  const speaker: Speaker = { workspace, user: pressed.user.id, name: nameOf(pressed.user) };
  const isHome = pressed.view?.type === 'home';
  const spot = spotOf(workspace, pressed, subjectIn(action.block_id));
  const form = formFor(text);
  if (form) return openForm(desk, speaker, pressed.trigger_id, { form, spot });
  const card = pressed.container.message_ts ?? pressed.view?.id ?? '';
  const button = `${accountIn(speaker)} ${card} ${action.action_id} ${text}`;
  const at = desk.now().getTime();
  await desk.turns.after(accountIn(speaker), async () => {
    // Slack gives each click of a double click a time of its own.
    if (desk.taps.isSame(button, at)) return;
    const where = isHome ? { ...spot, channel: await desk.replies.directChannel(spot) } : spot;
    await desk.replies.answer(where, () =>
      say(desk, speaker, {
        id: `press:${card}:${action.action_id}:${action.action_ts}:${speaker.user}`,
        text,
        isPrivate: spot.isDirect || spot.pressed?.isEphemeral === true,
        conversation: conversationOf(where),
      }),
    );
    desk.taps.answered(button, desk.now().getTime());
    if (isHome) await publishHome(desk, speaker, `press:${action.action_ts}`);
  });
}

function spotOf(workspace: Workspace, pressed: Press, subject: string): Spot {
  const { channel, container, message, user } = pressed;
  const ts = message?.ts ?? container.message_ts;
  const isEphemeral = container.is_ephemeral === true;
  return {
    workspace: workspace.id,
    user: user.id,
    channel: channel?.id,
    thread: message?.thread_ts,
    // What one person alone sees may stand in a conversation that Herald is no member of.
    isDirect: !isEphemeral && (channel?.id.startsWith('D') ?? true),
    responseUrl: pressed.response_url,
    ...(ts !== undefined && { pressed: { ts, subject, isEphemeral } }),
  };
}
