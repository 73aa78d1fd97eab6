/**
 * What the verbs of this room work with, and the one way in which a campaign changes: the campaign, its audit entry and its
 * event are written in one transaction, or none of them.
 */
import { rm } from 'node:fs/promises';
import type { ClientSession } from 'mongoose';
import type { AudienceRoom } from '../audiences/freeze.ts';
import type { AudienceStore } from '../audiences/store.ts';
import type { CustomerStore } from '../customers/store.ts';
import type { Log } from '../platform/log.ts';
import type { Database } from '../platform/mongo/connect.ts';
import type { Outbox } from '../platform/outbox.ts';
import type { Employee } from '../staff/employee.ts';
import { may, type Right } from '../staff/rights.ts';
import type { StaffStore } from '../staff/store.ts';
import type { ApprovalRule } from './approvers.ts';
import { type Campaign, uploadOf } from './campaign.ts';
import type { OverCap } from './caps.ts';
import type { GuardTerms } from './guard-terms.ts';
import { keptUntil } from './kept-until.ts';
import type { MessagesStore } from './messages-store.ts';
import type { Quoter } from './quote.ts';
import type { CampaignStore } from './store.ts';
import type { SendingWindow } from './window.ts';

export interface CampaignRoom {
  readonly database: Database;
  readonly store: CampaignStore;
  readonly messages: MessagesStore;
  readonly audiences: AudienceStore;
  readonly reading: AudienceRoom;
  readonly quoter: Quoter;
  readonly suppressedAmong: CustomerStore['suppressedAmong'];
  readonly staff: StaffStore;
  readonly outbox: Pick<Outbox, 'emit'>;
  readonly now: () => Date;
  readonly nextId: () => Promise<string>;
  readonly log: Log;
  readonly settings: CampaignSettings;
}

export interface CampaignSettings {
  readonly window: SendingWindow;
  readonly zone: string;
  /** A start missed by more asks a person. */
  readonly maxLateMs: number;
  readonly retentionDays: number;
  readonly approvalRules: readonly ApprovalRule[];
  /** Between reminders to approvers. */
  readonly reminderMs: number;
  readonly defaultSender: string | null;
  readonly guards: GuardTerms;
}

/** Events of this room, in the outbox; `body` names what listeners need beside the campaign itself. */
export type CampaignEvent =
  | 'campaign.submitted'
  | 'campaign.withdrawn'
  | 'campaign.approved'
  | 'campaign.half-approved'
  | 'campaign.rejected'
  | 'campaign.scheduled'
  | 'campaign.started'
  | 'campaign.paused'
  | 'campaign.resumed'
  | 'campaign.finished'
  | 'campaign.cancelled'
  | 'campaign.missed'
  | 'campaign.list-changed'
  | 'campaign.dearer'
  | 'campaign.dearer-allowed'
  | 'campaign.reminder';

/** Why a verb was not carried out; each has a sentence in the catalogue. */
export type Refusal =
  | { readonly code: 'no-such-campaign'; readonly id: string }
  | { readonly code: 'not-allowed'; readonly right: Right }
  | { readonly code: 'wrong-state'; readonly state: Campaign['state'] }
  | { readonly code: 'changed-meanwhile' }
  | { readonly code: 'lacking'; readonly lacks: readonly string[] }
  | { readonly code: 'stale-version'; readonly seen: string; readonly current: string }
  | { readonly code: 'own-campaign' }
  | { readonly code: 'not-an-approver' }
  | { readonly code: 'decided-already' }
  | { readonly code: 'start-passed'; readonly at: Date }
  | { readonly code: 'past' }
  | { readonly code: 'after-deadline'; readonly notAfter: Date }
  | { readonly code: 'list-shrunk'; readonly left: number; readonly of: number }
  | { readonly code: 'nothing-to-send-again' }
  | { readonly code: 'still-ending' }
  | { readonly code: 'sent-again-already'; readonly as: string }
  | { readonly code: 'nothing-to-read-anew' }
  | { readonly code: 'nothing-asked' }
  | { readonly code: 'no-own-phone' }
  | { readonly code: 'no-route' }
  | ({ readonly code: 'over-cap'; readonly currency: string; readonly day: string } & OverCap);

export type Verdict = { readonly kind: 'done'; readonly campaign: Campaign } | RefusedVerdict;
export type RefusedVerdict = { readonly kind: 'refused'; readonly refusal: Refusal };

export const refuse = (refusal: Refusal): RefusedVerdict => ({ kind: 'refused', refusal });

/** The campaign as the employee may see it, when the employee holds `right` over it. */
export async function campaignFor(
  room: CampaignRoom,
  employee: Employee,
  id: string,
  right: Right,
): Promise<{ kind: 'found'; campaign: Campaign } | RefusedVerdict> {
  const campaign = await room.store.campaign({ departments: 'all' }, id);
  // Another department's campaign looks like none at all.
  if (!campaign || !may(employee, 'see', campaign.department)) return refuse({ code: 'no-such-campaign', id });
  if (!may(employee, right, campaign.department)) return refuse({ code: 'not-allowed', right });
  return { kind: 'found', campaign };
}

export interface Told {
  readonly by: string;
  readonly action: string;
  readonly event?: CampaignEvent;
  readonly detail?: Readonly<Record<string, unknown>>;
}

/** Changes the campaign and tells of it, `also` with it, all or nothing; refused when somebody changed it since it was read. */
export async function change(
  room: CampaignRoom,
  before: Campaign,
  fields: Partial<Campaign>,
  told: Told,
  also: (session: ClientSession) => Promise<void> = async () => {},
): Promise<Verdict> {
  const at = room.now();
  const after = await room.database.inTransaction(async (session) => {
    const after = { ...before, ...fields, changedAt: at };
    const deleteAfter = keptUntil(after, room.settings.retentionDays);
    const changed = await room.store.change(before, { ...fields, changedAt: at, deleteAfter }, session);
    if (!changed) return null;
    await also(session);
    await tell(room, changed, told, at, session);
    return changed;
  });
  if (!after) return refuse({ code: 'changed-meanwhile' });
  await forgetUpload(before, after);
  return { kind: 'done', campaign: after };
}

/** Deletes the uploaded file once nobody will read it any more: it was read, or another took its place, or all is cancelled. */
async function forgetUpload(before: Campaign, after: Campaign): Promise<void> {
  const upload = uploadOf(before);
  if (upload === null || (after.state !== 'cancelled' && uploadOf(after) === upload)) return;
  await rm(upload, { force: true });
}

export async function tell(
  room: CampaignRoom,
  campaign: Campaign,
  told: Told,
  at: Date,
  session: ClientSession,
): Promise<void> {
  const detail = { revision: campaign.revision, state: campaign.state, ...told.detail };
  await room.staff.appendAudit(
    {
      at,
      actor: told.by,
      action: told.action,
      subject: `campaign:${campaign._id}`,
      department: campaign.department,
      detail,
    },
    session,
  );
  if (!told.event || campaign.kind !== 'campaign') return;
  await room.outbox.emit(session, {
    kind: told.event,
    subject: `campaign:${campaign._id}`,
    department: campaign.department,
    body: { campaign: campaign._id, by: told.by, ...detail },
  });
}
