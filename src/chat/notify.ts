/**
 * What people are told without asking. Events of campaigns become notices: to those who may decide, to the author, to who
 * approved. An event may be heard twice; a notice is named after it and its reader, so it is posted once. Whether somebody may
 * see a notice is judged when it is posted, and again when it is shown.
 */
import type { Campaign } from '../campaigns/campaign.ts';
import { asAsked, isAsking } from '../campaigns/dearer.ts';
import type { CampaignEvent } from '../campaigns/room.ts';
import type { ProviderEvent } from '../dispatch/outages.ts';
import type { OutboxEvent } from '../platform/outbox.ts';
import { type Employee, WHOLE_COMPANY } from '../staff/employee.ts';
import { may } from '../staff/rights.ts';
import type { Notice } from '../staff/store.ts';
import { type NoticeKind, noticeCard } from './cards/notice.ts';
import { changesBetween, versionOf } from './changes.ts';
import { readerOf } from './command.ts';
import { ASKING, isMeant } from './meant.ts';
import type { ChatRoom } from './room.ts';
import { authorityNow, viewFor } from './view.ts';

/** Who is told of what. `deciders`: all who may decide now; `author`: who wrote, edited or submitted it. */
const TOLD = {
  'campaign.submitted': { kind: 'waiting', to: ['deciders'] },
  'campaign.reminder': { kind: 'reminder', to: ['deciders'] },
  'campaign.half-approved': { kind: 'half-approved', to: ['author', 'deciders'] },
  'campaign.approved': { kind: 'approved', to: ['author'] },
  'campaign.rejected': { kind: 'rejected', to: ['author'] },
  'campaign.withdrawn': { kind: 'withdrawn', to: ['author'] },
  'campaign.scheduled': { kind: 'scheduled', to: ['author', 'approvers'] },
  'campaign.started': { kind: 'started', to: ['author', 'approvers'] },
  'campaign.paused': { kind: 'paused', to: ['author', 'approvers'] },
  'campaign.resumed': { kind: 'resumed', to: ['author', 'approvers'] },
  'campaign.finished': { kind: 'finished', to: ['author', 'approvers'] },
  'campaign.cancelled': { kind: 'cancelled', to: ['author', 'approvers'] },
  'campaign.missed': { kind: 'missed', to: ['author', 'approvers'] },
  'campaign.list-changed': { kind: 'list-changed', to: ['author'] },
  'campaign.dearer': { kind: 'dearer', to: ['author', 'raisers'] },
  'campaign.dearer-allowed': { kind: 'dearer-allowed', to: ['author', 'approvers', 'raisers'] },
} as const satisfies Record<CampaignEvent, { kind: NoticeKind; to: readonly Audience[] }>;

const WAITING: ReadonlySet<Campaign['state']> = new Set(['submitted', 'approved', 'scheduled']);

/** `raisers`: all who may allow a dearer route now. */
type Audience = 'author' | 'approvers' | 'deciders' | 'raisers';

/** The kinds of event that the chat listens to, for the outbox to know before anything is told. */
export const CHAT_SUBSCRIPTIONS = {
  'chat-notices': Object.keys(TOLD) as readonly CampaignEvent[],
  'chat-providers': ['provider.down', 'provider.back'] satisfies readonly ProviderEvent[],
} as const;

export function createNotices(room: ChatRoom): (event: OutboxEvent) => Promise<void> {
  return async (event) => {
    const told = TOLD[event.kind as CampaignEvent] as (typeof TOLD)[CampaignEvent] | undefined;
    const id = event.body.campaign;
    if (!told || typeof id !== 'string') return;
    const campaign = await room.campaigns.store.campaign(WHOLE_COMPANY, id);
    // What is decided, or taken back, waits for nobody any more.
    if (!campaign || (ASKING.has(told.kind) && campaign.state !== 'submitted')) return;
    if (told.kind === 'dearer' && !isAsking(campaign)) return;
    // Once it has begun, or is to be decided about, its own news say what became of the list.
    if (told.kind === 'list-changed' && !WAITING.has(campaign.state)) return;
    const by = typeof event.body.by === 'string' && event.body.by !== 'herald' ? event.body.by : null;
    for (const person of await concerned(room, campaign, told.to, by)) {
      const view = await viewFor(room, person, campaign);
      const version = ASKING.has(told.kind) ? versionOf(campaign) : null;
      const last = version && (await room.seen.last(id, person.id));
      const changes = last ? changesBetween(last, version) : undefined;
      const card = noticeCard({ ...view, kind: told.kind, by, changes }, readerOf(room, person));
      const about = { kind: told.kind, campaign: id, ...(version && { version }) };
      await room.staff.store.post({ id: `${event.id}:${person.id}`, employee: person.id, card, at: room.now(), about });
    }
  };
}

/** The people to tell, each once; who did it knows it already. */
async function concerned(
  room: ChatRoom,
  campaign: Campaign,
  to: readonly Audience[],
  by: string | null,
): Promise<readonly Employee[]> {
  const everyone = await room.staff.store.employees();
  const authors = new Set([campaign.createdBy, campaign.editedBy, campaign.submission?.by]);
  const approvers = new Set(campaign.approvals.map((one) => one.by));
  const isConcerned = (one: Employee): boolean =>
    (to.includes('author') && authors.has(one.id)) ||
    (to.includes('approvers') && approvers.has(one.id)) ||
    (to.includes('deciders') && authorityNow(room, one, campaign, everyone).kind === 'may') ||
    (to.includes('raisers') && authorityNow(room, one, asAsked(campaign), everyone).kind === 'may');
  return everyone.filter((one) => one.id !== by && may(one, 'see', campaign.department) && isConcerned(one));
}

/** What waits to be shown to the employee, as far as it is meant now; what may not be seen waits on, and runs out. */
export async function noticesFor(room: ChatRoom, id: string): Promise<readonly Notice[]> {
  const employee = await room.staff.store.employee(id);
  if (!employee) return [];
  const waiting = await room.staff.store.noticesFor(id);
  const judged = await Promise.all(waiting.map((notice) => isMeant(room, employee, notice)));
  return waiting.filter((_, index) => judged[index]!.kind === 'meant');
}
