/** Asking whether messages may go by a dearer route than was approved, and the answer. Both are in the audit trail. */
import type { Employee } from '../staff/employee.ts';
import { WHOLE_COMPANY } from '../staff/employee.ts';
import { authorityOf, principalsOf } from './approvers.ts';
import {
  asAsked,
  type DearerStep,
  decisionsNeeded,
  extraOf,
  isAsking,
  type Met,
  markOfSteps,
  stepsWith,
  toAsk,
} from './dearer.ts';
import { type CampaignRoom, campaignFor, change, refuse, type Verdict } from './room.ts';

/** Asks about what was met and nobody was asked about yet; does nothing when there is no such thing. */
export async function askDearer(room: CampaignRoom, id: string, met: readonly Met[]): Promise<void> {
  const campaign = await room.store.campaign(WHOLE_COMPANY, id);
  if (!campaign?.frozen || campaign.kind !== 'campaign' || campaign.state !== 'sending') return;
  const wanted = toAsk(campaign, met);
  if (wanted.length === 0) return;
  const queued = await room.messages.queuedByCeiling(campaign.frozen.run);
  const counted = wanted.map((one): DearerStep => ({ ...one, ...(queued.get(one.from) ?? { messages: 0, parts: 0 }) }));
  const steps = stepsWith(campaign, counted);
  const mark = markOfSteps(campaign.frozen.run, steps);
  const asked = { steps, at: room.now(), mark, decisions: [] };
  await change(
    room,
    campaign,
    { dearer: { asked, allowed: campaign.dearer?.allowed ?? [] } },
    { by: 'herald', action: 'campaign.dearer', event: 'campaign.dearer', detail: { mark, steps } },
  );
}

/** Allows the steps whose mark was seen. With the last decision needed, the messages go. */
export async function allowDearer(room: CampaignRoom, by: Employee, id: string, seen: string): Promise<Verdict> {
  const found = await campaignFor(room, by, id, 'see');
  if (found.kind === 'refused') return found;
  const { campaign } = found;
  const asked = campaign.dearer?.asked;
  if (!asked || !isAsking(campaign)) return refuse({ code: 'nothing-asked' });
  const rules = room.settings.approvalRules;
  const principals = principalsOf(by.id, await room.staff.employees(), room.now());
  const authority = authorityOf(asAsked(campaign), by, principals, rules);
  if (authority.kind === 'may-not') return refuse({ code: authority.why });
  if (asked.mark !== seen) return refuse({ code: 'stale-version', seen, current: asked.mark });
  const at = room.now();
  const decisions = [...asked.decisions, { by: by.id, inPlaceOf: authority.inPlaceOf, at }];
  const allowed = campaign.dearer?.allowed ?? [];
  const { mark, steps } = asked;
  const detail = { mark, steps, extra: extraOf(steps), inPlaceOf: authority.inPlaceOf };
  if (decisions.length < decisionsNeeded(campaign, steps, rules)) {
    const told = { by: by.id, action: 'campaign.dearer-half-allowed', detail };
    return change(room, campaign, { dearer: { asked: { ...asked, decisions }, allowed } }, told);
  }
  const people = decisions.map((one) => one.by);
  return change(
    room,
    campaign,
    { dearer: { asked: null, allowed: [...allowed, ...steps.map((step) => ({ ...step, at, by: people }))] } },
    { by: by.id, action: 'campaign.dearer-allowed', event: 'campaign.dearer-allowed', detail },
  );
}
