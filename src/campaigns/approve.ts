/**
 * Submitting a campaign and deciding about it. The approval binds to the terms by their hash: the approver names the mark of
 * what was on the card, and nothing else can be approved by it.
 */
import type { Employee } from '../staff/employee.ts';
import { approvalsNeeded, authorityOf, principalsOf } from './approvers.ts';
import type { Campaign, Decision } from './campaign.ts';
import { UNDECIDED } from './draft.ts';
import { isOpen, lacks } from './life.ts';
import { repeatsOf } from './repeats.ts';
import { type CampaignRoom, campaignFor, change, type RefusedVerdict, refuse, type Verdict } from './room.ts';
import { hashOf, termsOf } from './terms.ts';
import { beyondCaps } from './within-caps.ts';

/** The short name of a hash of terms, as it stands on a card: what is approved is what was seen. */
export const markOf = (hash: string): string => hash.slice(0, 6);

export async function submit(room: CampaignRoom, by: Employee, id: string): Promise<Verdict> {
  const found = await inState(room, by, id, 'write', 'submit');
  if (found.kind === 'refused') return found;
  const { campaign } = found;
  const missing = lacks(campaign);
  if (missing.length > 0) return refuse({ code: 'lacking', lacks: missing });
  const at = room.now();
  if (campaign.start?.kind === 'at' && campaign.start.at <= at)
    return refuse({ code: 'start-passed', at: campaign.start.at });
  const terms = termsOf(campaign, at);
  if (terms.notAfter <= terms.notBefore) return refuse({ code: 'after-deadline', notAfter: terms.notAfter });
  const over = await beyondCaps(room, campaign, by.id, terms.notBefore);
  if (over) return refuse(over);
  const repeats = await repeatsOf(room, campaign);
  return change(
    room,
    campaign,
    {
      ...UNDECIDED,
      repeats,
      state: 'submitted',
      submission: { by: by.id, at, terms, hash: hashOf(terms) },
      rejection: null,
    },
    { by: by.id, action: 'campaign.submitted', event: 'campaign.submitted', detail: { hash: hashOf(terms) } },
  );
}

export async function withdraw(room: CampaignRoom, by: Employee, id: string): Promise<Verdict> {
  const found = await inState(room, by, id, 'write', 'withdraw');
  if (found.kind === 'refused') return found;
  return change(
    room,
    found.campaign,
    { ...UNDECIDED, state: 'draft' },
    { by: by.id, action: 'campaign.withdrawn', event: 'campaign.withdrawn' },
  );
}

/** Approves the terms whose mark the approver saw. With the last approval needed the campaign takes its place in time. */
export async function approve(room: CampaignRoom, by: Employee, id: string, seen: string): Promise<Verdict> {
  const found = await decidable(room, by, id, 'approve');
  if (found.kind === 'refused') return found;
  const { campaign, decision } = found;
  const { hash, terms } = campaign.submission!;
  if (markOf(hash) !== seen || hashOf(terms) !== hash) {
    return refuse({ code: 'stale-version', seen, current: markOf(hash) });
  }
  const at = room.now();
  if (campaign.start?.kind === 'at' && campaign.start.at < at)
    return refuse({ code: 'start-passed', at: campaign.start.at });
  if (terms.notAfter <= at) return refuse({ code: 'after-deadline', notAfter: terms.notAfter });
  const over = await beyondCaps(room, campaign, campaign.submission!.by, startsAt(campaign, at));
  if (over) return refuse(over);
  const approvals = [...campaign.approvals, decision];
  const told = { by: by.id, action: 'campaign.approved', detail: { hash, inPlaceOf: decision.inPlaceOf } };
  if (approvals.length < approvalsNeeded(campaign, room.settings.approvalRules)) {
    return change(room, campaign, { approvals }, { ...told, event: 'campaign.half-approved' });
  }
  return change(
    room,
    campaign,
    { approvals, approvedHash: hash, ...placeInTime(campaign, at) },
    { ...told, event: 'campaign.approved' },
  );
}

const startsAt = ({ start }: Campaign, now: Date): Date => (start?.kind === 'at' ? start.at : now);

function placeInTime(campaign: Campaign, at: Date): Partial<Campaign> {
  if (campaign.start === null) return { state: 'approved' };
  if (campaign.start.kind === 'at') return { state: 'scheduled' };
  return { state: 'scheduled', start: { kind: 'at', at } };
}

/** Sends the campaign back to its author with a reason; it is a draft again. */
export async function reject(room: CampaignRoom, by: Employee, id: string, reason: string): Promise<Verdict> {
  const found = await decidable(room, by, id, 'reject');
  if (found.kind === 'refused') return found;
  const { campaign, decision } = found;
  return change(
    room,
    campaign,
    { ...UNDECIDED, state: 'draft', rejection: { ...decision, reason, revision: campaign.revision } },
    // The reason may tell of a person: it goes with the campaign, not into what is kept for ever.
    { by: by.id, action: 'campaign.rejected', event: 'campaign.rejected', detail: { reasonLength: reason.length } },
  );
}

async function decidable(
  room: CampaignRoom,
  by: Employee,
  id: string,
  step: 'approve' | 'reject',
): Promise<{ kind: 'found'; campaign: Campaign; decision: Decision } | RefusedVerdict> {
  const found = await inState(room, by, id, 'see', step);
  if (found.kind === 'refused') return found;
  const principals = principalsOf(by.id, await room.staff.employees(), room.now());
  const authority = authorityOf(found.campaign, by, principals, room.settings.approvalRules);
  if (authority.kind === 'may-not') return refuse({ code: authority.why });
  return { ...found, decision: { by: by.id, inPlaceOf: authority.inPlaceOf, at: room.now() } };
}

async function inState(
  room: CampaignRoom,
  by: Employee,
  id: string,
  right: 'write' | 'see',
  step: 'submit' | 'withdraw' | 'approve' | 'reject',
): Promise<{ kind: 'found'; campaign: Campaign } | RefusedVerdict> {
  const found = await campaignFor(room, by, id, right);
  if (found.kind === 'refused') return found;
  if (!isOpen(step, found.campaign.state)) return refuse({ code: 'wrong-state', state: found.campaign.state });
  return found;
}
