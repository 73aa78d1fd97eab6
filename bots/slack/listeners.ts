/** What of Slack is listened to, and who listens. The app's manifest says the same; a test holds it to that. */
import type { App, Context } from '@slack/bolt';
import type { Desk } from './desk.ts';
import { hearCommand, hearMention, hearMessage } from './hear.ts';
import { publishHome } from './home.ts';
import { FORM_VIEW } from './modal.ts';
import { type Ack, takeShortcut, takeSubmission } from './open-form.ts';
import { envelope, homeOpened, tokensRevoked } from './payloads.ts';
import { takePress } from './press.ts';
import { SAY } from './render.ts';
import { unfurl } from './unfurl.ts';
import type { Workspace, Workspaces } from './workspaces.ts';

export const COMMAND = '/sms';
export const SHORTCUTS = { everywhere: 'new_campaign', message: 'new_campaign_from_message' } as const;

/** The key under which the installation travels from the authorization to a listener. */
export const WORKSPACE = 'heraldWorkspace';

const workspaceIn = (context: Context): Workspace => context[WORKSPACE] as Workspace;

type Heard = (desk: Desk, workspace: Workspace, event: unknown, id: string) => Promise<void>;

/** Events of the Events API by their type, `message` being only what is said in private. */
export const EVENTS: Readonly<Record<'app_home_opened' | 'app_mention' | 'link_shared' | 'message', Heard>> = {
  async app_home_opened(desk, workspace, event, id) {
    const { user, tab } = homeOpened.parse(event);
    if (tab === 'home') await publishHome(desk, { workspace, user, name: '' }, id);
  },
  app_mention: hearMention,
  link_shared: unfurl,
  message: hearMessage,
};

/** Events that tell of the end of an installation: they come without a token. */
export const ENDINGS = ['app_uninstalled', 'tokens_revoked'] as const;

/** Everything is acknowledged before it is looked at, but a form, whose mistakes are told with that. */
export function listen(app: App, desk: () => Desk, workspaces: Workspaces): void {
  app.command(COMMAND, async ({ body, ack, context }) => {
    await ack();
    await desk().turns.beside(() => hearCommand(desk(), workspaceIn(context), body));
  });
  app.action({ action_id: SAY, type: 'block_actions' }, async ({ body, ack, context }) => {
    await ack();
    await desk().turns.beside(() => takePress(desk(), workspaceIn(context), body));
  });
  for (const name of Object.values(SHORTCUTS)) {
    app.shortcut(name, async ({ body, ack, context }) => {
      await ack();
      await desk().turns.beside(() => takeShortcut(desk(), workspaceIn(context), body));
    });
  }
  app.view({ callback_id: FORM_VIEW, type: 'view_submission' }, async ({ body, ack, context }) => {
    await desk().turns.beside(() => takeSubmission(desk(), workspaceIn(context), body, ack as Ack));
  });
  for (const [name, heard] of Object.entries(EVENTS)) {
    app.event(name, async ({ event, body, context }) => {
      const { event_id } = envelope.parse(body);
      await desk().turns.beside(() => heard(desk(), workspaceIn(context), event, event_id));
    });
  }
  app.event('app_uninstalled', async ({ context }) => {
    const id = context.isEnterpriseInstall ? context.enterpriseId : context.teamId;
    if (id) await workspaces.removed(id);
  });
  app.event('tokens_revoked', async ({ event, context }) => {
    const { bot = [] } = tokensRevoked.parse(event).tokens;
    const id = context.isEnterpriseInstall ? context.enterpriseId : context.teamId;
    if (id && bot.length > 0) await workspaces.removed(id, bot);
  });
}
