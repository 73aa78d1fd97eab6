/**
 * Gathers what a campaign's card shows to one person: numbers of its messages, names behind handles, and what this person may
 * do about it at this moment.
 */
import { type Authority, approvalsNeeded, authorityOf, principalsOf } from '../campaigns/approvers.ts';
import type { Campaign } from '../campaigns/campaign.ts';
import { asAsked, decisionsNeeded, isAsking } from '../campaigns/dearer.ts';
import { isOpen, nextOpening } from '../campaigns/window.ts';
import type { Account } from '../dispatch/account.ts';
import { canarySize } from '../dispatch/canary.ts';
import { inTrial } from '../dispatch/trial-period.ts';
import type { Card } from '../staff/card.ts';
import type { Employee } from '../staff/employee.ts';
import { may } from '../staff/rights.ts';
import { type CampaignView, campaignCard } from './cards/campaign.ts';
import { versionOf } from './changes.ts';
import type { Talk } from './command.ts';
import type { ChatRoom } from './room.ts';

/** Names for the handles that stand in cards. */
export function namesOf(everyone: readonly Employee[]): (handle: string) => string {
  const names = new Map(everyone.map((one) => [one.id, one.name]));
  return (handle) => names.get(handle) ?? handle;
}

/** Whether the person may decide about the campaign now, alone or in another's place; `everyone` is the whole staff. */
export function authorityNow(
  room: ChatRoom,
  by: Employee,
  campaign: Campaign,
  everyone: readonly Employee[],
): Authority {
  const principals = principalsOf(by.id, everyone, room.now());
  return authorityOf(campaign, by, principals, room.campaigns.settings.approvalRules);
}

export const viewFor = async (room: ChatRoom, by: Employee, campaign: Campaign): Promise<CampaignView> =>
  (await viewsOf(room, campaign))(by);

/** The campaign as each of several people sees it, its messages counted once. */
export async function viewsOf(room: ChatRoom, campaign: Campaign): Promise<(by: Employee) => CampaignView> {
  const now = room.now();
  const everyone = await room.staff.store.employees();
  const ran = campaign.frozen !== null && campaign.startedAt !== null;
  const carriers = campaign.submission?.terms.providers ?? campaign.frozen?.providers ?? [];
  const [counts, accounts, off, slots] = await Promise.all([
    ran ? room.campaigns.messages.recentCounts(campaign.frozen!.run) : undefined,
    room.accounts.accounts(),
    room.accounts.switchedOff(),
    room.accounts.liveSlots(),
  ]);
  const opens = campaign.state === 'sending' ? opensNext(campaign, now) : undefined;
  const ratePerSecond = paceOf(accounts, carriers);
  return (by) => ({
    campaign,
    counts,
    names: namesOf(everyone),
    may: {
      write: may(by, 'write', campaign.department),
      decide: authorityNow(room, by, campaign, everyone).kind === 'may',
      control: may(by, 'control', campaign.department),
      raise: isAsking(campaign) && authorityNow(room, by, asAsked(campaign), everyone).kind === 'may',
    },
    ...(campaign.dearer?.asked && {
      decisionsNeeded: decisionsNeeded(campaign, campaign.dearer.asked.steps, room.campaigns.settings.approvalRules),
    }),
    approvalsNeeded: approvalsNeeded(campaign, room.campaigns.settings.approvalRules),
    ratePerSecond,
    now,
    nextOpening: opens,
    stoppedAll: off.find(({ _id }) => _id === 'all'),
    senders: sendersOf(accounts),
    canary: canarySize(campaign, room.campaigns.settings.guards) ?? undefined,
    trials: inTrial(accounts, slots).filter((name) => carriers.includes(name)),
  });
}

/** Parts a second of the accounts that may carry it; of all in use where none of those is known. */
function paceOf(accounts: readonly Account[], carriers: readonly string[]): number {
  const enabled = accounts.filter((one) => one.enabled);
  const own = enabled.filter(({ name }) => carriers.includes(name));
  return (own.length > 0 ? own : enabled).reduce((sum, one) => sum + one.partsPerSecond, 0);
}

/** What campaigns may be sent from, by the accounts in use; none where any name is carried. */
export function sendersOf(accounts: readonly Account[]): readonly string[] {
  const enabled = accounts.filter((one) => one.enabled);
  return enabled.some(({ senders }) => senders.length === 0) ? [] : [...new Set(enabled.flatMap((one) => one.senders))];
}

/** The next moment at which anybody may be sent to, while nobody may. */
function opensNext({ window, frozen }: Campaign, now: Date): Date | undefined {
  const zones = frozen?.zones ?? [];
  if (zones.length === 0 || zones.some((zone) => isOpen(window, zone, now))) return undefined;
  return zones.map((zone) => nextOpening(window, zone, now)).reduce((a, b) => (a < b ? a : b));
}

/** The campaign's card, and this conversation is about it from now on; unless it is but glanced at. */
export async function shown(talk: Talk, campaign: Campaign): Promise<Card> {
  const { room, by, event, reader } = talk;
  const view = await viewFor(room, by, campaign);
  if (event.isGlance) return campaignCard(view, reader);
  await room.forms.keep(event, { shown: campaign._id }, room.now());
  if (view.may.decide && campaign.frozen) await room.seen.keep(campaign._id, by.id, versionOf(campaign), room.now());
  return campaignCard(view, reader);
}
