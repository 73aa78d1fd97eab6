/**
 * Makes a draft's numbers: reads and freezes its audience, then its messages. Can be repeated at any time and from any process:
 * a lease keeps two from making the same numbers, and an edit meanwhile makes it begin anew.
 */
import { freezeAudience, lookAt } from '../audiences/freeze.ts';
import { freezeRows } from '../audiences/refreeze.ts';
import { checkVariables } from '../messages/template.ts';
import { WHOLE_COMPANY } from '../staff/employee.ts';
import type { AudienceWish, Campaign, DraftProblem } from './campaign.ts';
import { isNamed, SENT_AGAIN, titleOf } from './draft.ts';
import { freezeRun, templateOf } from './freeze.ts';
import { type CampaignRoom, change } from './room.ts';

/** How long one process may be silent before another makes the numbers. */
const LEASE_MS = 60_000;

/** Brings the draft's numbers up to date; resolves with the campaign as it stands then, or null when there is none. */
export async function prepare(
  room: CampaignRoom,
  id: string,
  owner: string,
  signal: AbortSignal,
): Promise<Campaign | null> {
  if (!(await room.store.leasePreparing(id, owner, LEASE_MS))) return room.store.campaign(WHOLE_COMPANY, id);
  const lost = new AbortController();
  const renewal = setInterval(async () => {
    const held = await room.store.renewPreparing(id, owner, LEASE_MS).catch(() => true);
    if (!held) lost.abort(new Error(`another process makes the numbers of campaign ${id}`));
  }, LEASE_MS / 3);
  try {
    const isHeld = () => room.store.renewPreparing(id, owner, LEASE_MS);
    return await prepareStepByStep(room, id, isHeld, AbortSignal.any([signal, lost.signal]));
  } finally {
    clearInterval(renewal);
    await room.store.releasePreparing(id, owner);
  }
}

/** Takes up drafts whose numbers a process that is gone has left unfinished; `tell` hears of each that is finished now. */
export async function unfinished(
  room: CampaignRoom,
  owner: string,
  signal: AbortSignal,
  tell: (campaign: Campaign) => Promise<void> = async () => {},
): Promise<void> {
  const failures: unknown[] = [];
  for (const campaign of await room.store.inStates(['draft'])) {
    if (signal.aborted) return;
    if (!needsNumbers(campaign)) continue;
    await finish(campaign._id).catch((failure) => failures.push(failure));
  }
  if (failures.length > 0) throw new AggregateError(failures, 'the numbers of some drafts could not be made');

  async function finish(id: string): Promise<void> {
    const ready = await prepare(room, id, owner, signal);
    const isReady = ready?.state === 'draft' && (ready.problem !== null || ready.frozen?.revision === ready.revision);
    if (isReady) await tell(ready);
  }
}

/** Whether there is something to read or to render that has not failed. */
export function needsNumbers(campaign: Campaign): boolean {
  if (campaign.state !== 'draft' || campaign.problem) return false;
  return (campaign.source !== null && campaign.audience === null) || needsMessages(campaign);
}

async function prepareStepByStep(
  room: CampaignRoom,
  id: string,
  isHeld: () => Promise<boolean>,
  signal: AbortSignal,
): Promise<Campaign | null> {
  // Each round does one step and reads the campaign anew: an edit meanwhile changes what the next step is.
  for (;;) {
    const campaign = await room.store.campaign(WHOLE_COMPANY, id);
    if (campaign?.state !== 'draft' || campaign.problem) return campaign;
    // After a standstill of the process no timer has looked yet: another may have made these numbers.
    if (!(await isHeld())) return campaign;
    if (campaign.source && !campaign.audience) await readAudience(room, campaign, signal);
    else if (needsMessages(campaign)) await makeMessages(room, campaign, signal);
    else return campaign;
  }
}

export function needsMessages(campaign: Campaign): boolean {
  const { audience, text, sender, frozen, revision } = campaign;
  return audience !== null && text !== null && sender !== null && frozen?.revision !== revision;
}

async function readAudience(room: CampaignRoom, campaign: Campaign, signal: AbortSignal): Promise<void> {
  const frozen = await frozenAudience(room, campaign, signal);
  if (frozen.kind === 'problem') {
    await settle(room, campaign, { problem: frozen.problem, progress: null });
    return;
  }
  const { audience, source } = frozen;
  const name = isNamed(campaign) ? {} : { name: titleOf(source) ?? campaign.name };
  const kept = await settle(room, campaign, { audience, source, ...name, progress: null });
  // Edited meanwhile: the rows that were read are not needed any more.
  if (!kept) await room.audiences.drop(audience);
}

const AUDIENCE_GONE: DraftProblem = { kind: 'broken', detail: 'audience-gone' };

type FrozenAudience =
  | { kind: 'audience'; audience: string; source: AudienceWish }
  | { kind: 'problem'; problem: DraftProblem };

async function frozenAudience(room: CampaignRoom, campaign: Campaign, signal: AbortSignal): Promise<FrozenAudience> {
  const { ref, name, answers, rowsOf } = campaign.source!;
  const common = { department: campaign.department, by: campaign.editedBy, name };
  if (rowsOf) {
    const { rows, taken } = await room.messages.notReached(rowsOf.run, SENT_AGAIN);
    const audience = await freezeRows(room.reading, { ...common, audience: rowsOf.audience, rows });
    if (!audience) return { kind: 'problem', problem: AUDIENCE_GONE };
    return { kind: 'audience', audience: audience._id, source: { ...campaign.source!, rowsOf: { ...rowsOf, taken } } };
  }
  const look = await lookAt(room.reading, ref, answers, campaign.editedBy, signal);
  if (look.kind === 'refused') return { kind: 'problem', problem: { kind: 'source', problem: look.problem } };
  if (look.kind === 'questions') return { kind: 'problem', problem: { kind: 'questions', questions: look.questions } };
  const wish = { ...campaign.source!, name: look.title ?? name };
  const order = { ...common, name: wish.name, ref, source: look.source, plan: look.plan, zone: campaign.zone };
  const onProgress = (done: number) =>
    void room.store.showProgress(campaign, { step: 'reading', done }).catch(() => {});
  const frozen = await freezeAudience(room.reading, { ...order, onProgress }, signal);
  if (frozen.kind === 'refused') return { kind: 'problem', problem: { kind: 'source', problem: frozen.problem } };
  return { kind: 'audience', audience: frozen.audience._id, source: wish };
}

async function makeMessages(room: CampaignRoom, campaign: Campaign, signal: AbortSignal): Promise<void> {
  const audience = await room.audiences.audience(WHOLE_COMPANY, campaign.audience!);
  if (!audience) {
    await settle(room, campaign, { problem: AUDIENCE_GONE });
    return;
  }
  const problems = checkVariables(templateOf(campaign.text!), audience.headings);
  if (problems.length > 0) {
    await settle(room, campaign, { problem: { kind: 'variables', problems } });
    return;
  }
  const run = await freezeRun(room, campaign, audience, (done) => {
    signal.throwIfAborted();
    void room.store.showProgress(campaign, { step: 'rendering', done }).catch(() => {});
  });
  const excluded = { ...audience.counts.excluded };
  for (const [reason, count] of Object.entries(run.excluded)) excluded[reason] = (excluded[reason] ?? 0) + count;
  const problem: DraftProblem | null = run.messages === 0 ? { kind: 'nobody' } : null;
  const kept = await settle(room, campaign, { frozen: { ...run, excluded }, problem, progress: null });
  if (kept) return;
  const now = await room.store.campaign(WHOLE_COMPANY, campaign._id);
  // The edit has dropped this run already, but perhaps before its last batch was written.
  if (now?.revision !== campaign.revision) await room.messages.drop(run.run);
}

/** Keeps what a step found, unless the draft was changed meanwhile: then false, and the next round sees the change. */
async function settle(room: CampaignRoom, campaign: Campaign, fields: Partial<Campaign>): Promise<boolean> {
  const settled = await change(room, campaign, fields, { by: 'herald', action: 'campaign.numbers' });
  return settled.kind === 'done';
}
