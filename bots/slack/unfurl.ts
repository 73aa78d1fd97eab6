/**
 * Links to campaigns, shown where the person who shared them may see them. A whole channel reads it, so it says what the campaign is
 * called and how far it has come, and nothing else; and nobody has seen the campaign by it.
 */
import { accountIn, type Desk, localeOf, type Speaker, say } from './desk.ts';
import { linkShared } from './payloads.ts';
import { renderCard } from './render.ts';
import type { Workspace } from './workspaces.ts';

const MOST_LINKS = 3;
const BLOCKS = 20;

export async function unfurl(desk: Desk, workspace: Workspace, event: unknown, eventId: string): Promise<void> {
  const { user, links, channel, message_ts, unfurl_id, source } = linkShared.parse(event);
  const speaker: Speaker = { workspace, user, name: '' };
  const locale = await localeOf(desk, speaker);
  const unfurls: Record<string, { readonly blocks: ReturnType<typeof renderCard>['blocks'] }> = {};
  for (const { url } of links.slice(0, MOST_LINKS)) {
    const campaign = campaignIn(url, desk.publicUrl);
    if (campaign === null) continue;
    const card = await say(desk, speaker, {
      id: `${eventId}:${campaign}`,
      text: `show ${campaign}`,
      isPrivate: false,
      isGlance: true,
      conversation: `${accountIn(speaker)}:links`,
    });
    // A refusal is about something else.
    if (card?.subject !== `campaign:${campaign}`) continue;
    const { subject, tone, title } = card;
    unfurls[url] = { blocks: renderCard({ subject, tone, title }, { locale, most: BLOCKS, silent: true }).blocks };
  }
  if (Object.keys(unfurls).length === 0) return;
  const where = unfurl_id && source ? { unfurl_id, source } : { channel, ts: message_ts };
  await desk.clientOf(workspace.token).chat.unfurl({ ...where, unfurls });
}

/** The number in `<publicUrl>/c/<number>`; null for every other address. */
export function campaignIn(url: string, publicUrl: string | null): string | null {
  if (publicUrl === null || !URL.canParse(url)) return null;
  const { origin, pathname } = new URL(url);
  if (origin !== new URL(publicUrl).origin) return null;
  return /^\/c\/(\d{1,9})\/?$/.exec(pathname)?.[1] ?? null;
}
