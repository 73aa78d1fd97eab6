/**
 * Making and editing a campaign. Any edit of what is sent, to whom or when voids an approval and makes a draft of it again;
 * a text is kept only when it parses.
 */
import { isDeepStrictEqual } from 'node:util';
import type { ClientSession } from 'mongoose';
import type { Employee } from '../staff/employee.ts';
import { may } from '../staff/rights.ts';
import { editorsWith } from './approvers.ts';
import {
  type AudienceWish,
  type Campaign,
  type CampaignClass,
  type CampaignKind,
  runOf,
  type Start,
} from './campaign.ts';
import { keptUntil } from './kept-until.ts';
import { isOpen } from './life.ts';
import { type CampaignRoom, campaignFor, change, type RefusedVerdict, refuse, tell, type Verdict } from './room.ts';
import type { SendingWindow } from './window.ts';

/** What an author says about a campaign; all of it parsed at the edge. */
export interface DraftFields {
  readonly name?: string;
  readonly class?: CampaignClass;
  readonly purpose?: string;
  readonly costCentre?: string;
  readonly text?: string;
  readonly sender?: string;
  readonly source?: AudienceWish;
  readonly zone?: string;
  readonly start?: Start | null;
  readonly notAfter?: Date | null;
  readonly window?: SendingWindow;
  /** An audience that is frozen already, for a copy. */
  readonly audience?: string;
}

/** What a campaign is called after its source; null where only an address is known of it yet. */
export const titleOf = ({ name }: Pick<AudienceWish, 'name'>): string | null =>
  /^https?:/iu.test(name) ? null : name.replace(/\.[^.\s]{1,5}$/, '');

const unnamed = (id: string): string => `#${id}`;
export const isNamed = ({ _id, name }: Pick<Campaign, '_id' | 'name'>): boolean => name !== unnamed(_id);

/** A draft that is made of an earlier campaign stays in its department, and its writers are those of the draft as well. */
export async function createDraft(
  room: CampaignRoom,
  by: Employee,
  fields: DraftFields,
  of: Pick<Campaign, 'department' | 'editors'> = { department: by.department, editors: [] },
  isStill: (session: ClientSession) => Promise<boolean> = async () => true,
): Promise<Verdict> {
  const { department } = of;
  if (!may(by, 'write', department)) return refuse({ code: 'not-allowed', right: 'write' });
  const draft = { ...(await blank(room, by, 'campaign', fields)), department, editors: editorsWith(of.editors, by.id) };
  const made = await room.database.inTransaction(async (session) => {
    if (!(await isStill(session))) return false;
    await room.store.add(draft, session);
    await tell(room, draft, { by: by.id, action: 'campaign.created' }, draft.createdAt, session);
    return true;
  });
  return made ? { kind: 'done', campaign: draft } : refuse({ code: 'changed-meanwhile' });
}

/** A campaign document before anything is known of it. */
export async function blank(
  room: CampaignRoom,
  by: Employee,
  kind: CampaignKind,
  fields: DraftFields,
): Promise<Campaign> {
  const at = room.now();
  const id = await room.nextId();
  const draft = {
    _id: id,
    schemaVersion: 1 as const,
    kind,
    department: by.department,
    name: fields.name ?? (fields.source ? titleOf(fields.source) : null) ?? unnamed(id),
    class: fields.class ?? 'marketing',
    purpose: fields.purpose ?? (fields.class === 'service' ? 'service-notice' : 'offers'),
    costCentre: fields.costCentre ?? by.department,
    text: fields.text ?? null,
    sender: fields.sender ?? room.settings.defaultSender,
    source: fields.source ?? null,
    audience: fields.audience ?? null,
    zone: fields.zone ?? by.zone,
    start: fields.start ?? null,
    notAfter: fields.notAfter ?? null,
    window: fields.window ?? room.settings.window,
    revision: 1,
    version: 1,
    state: 'draft' as const,
    frozen: null,
    problem: null,
    progress: null,
    createdBy: by.id,
    editedBy: by.id,
    editors: [by.id],
    createdAt: at,
    changedAt: at,
    submission: null,
    approvals: [],
    approvedHash: null,
    rejection: null,
    hold: null,
    startedAt: null,
    finishedAt: null,
    reminders: 0,
  };
  return { ...draft, deleteAfter: keptUntil(draft, room.settings.retentionDays) };
}

/** What a campaign forgets when it becomes a draft again. */
export const UNDECIDED = {
  submission: null,
  approvals: [],
  approvedHash: null,
  hold: null,
  reminders: 0,
  dearer: null,
} as const;

/** How often an edit that met Herald's own counting begins again. */
const TRIES = 5;

export async function editDraft(room: CampaignRoom, by: Employee, id: string, fields: DraftFields): Promise<Verdict> {
  let seen: Campaign | null = null;
  for (let tries = 1; ; tries++) {
    const found = await editable(room, by, id);
    if (found.kind === 'refused') return found;
    const { campaign } = found;
    if (seen && !isOnlyCounted(seen, campaign)) return refuse({ code: 'changed-meanwhile' });
    const verdict = await edited(room, by, campaign, fields);
    if (verdict.kind === 'done' || verdict.refusal.code !== 'changed-meanwhile' || tries === TRIES) return verdict;
    seen = campaign;
  }
}

/** Whether no person has changed it: that its numbers were made meanwhile is nothing to trouble anybody with. */
const isOnlyCounted = (before: Campaign, after: Campaign): boolean =>
  isDeepStrictEqual(setByPeople(before), setByPeople(after));

/** What only people change; the name of a source, and a campaign's after it, Herald learns when it reads. */
function setByPeople({ state, revision, text, sender, zone, start, notAfter, window, class: kind, ...rest }: Campaign) {
  const { purpose, costCentre, editedBy, editors, submission } = rest;
  return {
    state,
    revision,
    text,
    sender,
    zone,
    start,
    notAfter,
    window,
    kind,
    purpose,
    costCentre,
    editedBy,
    editors,
    submission,
  };
}

async function edited(room: CampaignRoom, by: Employee, campaign: Campaign, fields: DraftFields): Promise<Verdict> {
  const anew = needsNewMessages(fields);
  const verdict = await change(
    room,
    campaign,
    {
      ...fields,
      ...UNDECIDED,
      ...(fields.source && { audience: null }),
      ...(anew && { revision: campaign.revision + 1, frozen: null, problem: null, progress: null }),
      state: 'draft',
      editedBy: by.id,
      editors: editorsWith(campaign.editors, by.id),
    },
    {
      by: by.id,
      action: 'campaign.edited',
      detail: { fields: Object.keys(fields), voided: campaign.state !== 'draft' },
    },
  );
  if (verdict.kind === 'done' && anew) await room.messages.drop(runOf(campaign));
  return verdict;
}

/** Reads the source anew, with the answers that were given about it: a draft again, which needs a new approval. */
export async function refresh(room: CampaignRoom, by: Employee, id: string): Promise<Verdict> {
  const found = await editable(room, by, id);
  if (found.kind === 'refused') return found;
  const { source } = found.campaign;
  if (!source || source.uploaded || source.rowsOf) return refuse({ code: 'nothing-to-read-anew' });
  return editDraft(room, by, id, { source });
}

const MAKES_MESSAGES = ['text', 'sender', 'source', 'audience', 'zone', 'class'] as const;

/** An edit of these makes other messages; an edit of the time or the name does not. */
function needsNewMessages(fields: DraftFields): boolean {
  return MAKES_MESSAGES.some((field) => fields[field] !== undefined);
}

async function editable(
  room: CampaignRoom,
  by: Employee,
  id: string,
): Promise<{ kind: 'found'; campaign: Campaign } | RefusedVerdict> {
  const found = await campaignFor(room, by, id, 'write');
  if (found.kind === 'refused') return found;
  if (!isOpen('edit', found.campaign.state)) return refuse({ code: 'wrong-state', state: found.campaign.state });
  return found;
}

/** A new draft of the same text and audience source, for the author to change. */
export async function copyCampaign(room: CampaignRoom, by: Employee, id: string, name: string): Promise<Verdict> {
  const found = await campaignFor(room, by, id, 'write');
  if (found.kind === 'refused') return found;
  const { campaign } = found;
  return createDraft(room, by, { ...sameText(campaign), name, ...sourceOf(campaign) }, campaign);
}

/**
 * A new draft for those whom an earlier run did not reach. Of a cancelled one only when nothing of it is queued any more, so that
 * it is known who was sent to; and of each once, for what its draft has reached since is known to that one alone.
 */
export async function sendAgain(room: CampaignRoom, by: Employee, id: string, name: string): Promise<Verdict> {
  const found = await campaignFor(room, by, id, 'write');
  if (found.kind === 'refused') return found;
  const { campaign } = found;
  const run = campaign.frozen?.run;
  if (!run || !campaign.audience || !campaign.source) return refuse({ code: 'nothing-to-send-again' });
  if (campaign.state !== 'finished' && campaign.state !== 'cancelled') {
    return refuse({ code: 'wrong-state', state: campaign.state });
  }
  if (campaign.state === 'cancelled' && !campaign.ended) return refuse({ code: 'still-ending' });
  const as = await room.store.sentAgainAs(run);
  if (as !== null) return refuse({ code: 'sent-again-already', as });
  const { rows } = await room.messages.notReached(run, SENT_AGAIN);
  if (rows.length === 0) return refuse({ code: 'nothing-to-send-again' });
  const source: AudienceWish = { ...campaign.source, rowsOf: { run, audience: campaign.audience } };
  // Of two who do it at once, one changes the campaign first.
  const isFirst = async (session: ClientSession) => (await room.store.change(campaign, {}, session)) !== null;
  return createDraft(room, by, { ...sameText(campaign), name, source }, campaign, isFirst);
}

/**
 * The states from which `again` takes people: the operator took no message of theirs (failed), or says that it did not arrive
 * (undelivered, expired, rejected), or it was still queued when its time or the campaign was over (missed, cancelled). Never the
 * delivered, the suppressed, or those of whom nobody knows.
 */
export const SENT_AGAIN = ['failed', 'undelivered', 'expired', 'rejected', 'missed', 'cancelled'] as const;

function sameText(campaign: Campaign): DraftFields {
  const { purpose, costCentre, zone, window } = campaign;
  return {
    class: campaign.class,
    purpose,
    costCentre,
    zone,
    window,
    ...(campaign.text !== null && { text: campaign.text }),
    ...(campaign.sender !== null && { sender: campaign.sender }),
  };
}

/**
 * An uploaded file is gone once frozen, so the copy takes the frozen audience itself, and none before it is frozen: two drafts
 * cannot read one file that the first deletes. Another source is read anew.
 */
function sourceOf({ source, audience }: Campaign): DraftFields {
  if (!source) return {};
  if (!source.uploaded) return { source };
  return audience === null ? {} : { source, audience };
}
