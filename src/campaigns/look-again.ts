/**
 * Looks again at the sources of campaigns that wait to be sent, so that whoever was taken off the list meanwhile is not sent to.
 * What was approved stays as it is; that rows were changed or added is told, and nothing more. What one process has found is not
 * done once more by another.
 */
import { isDeepStrictEqual } from 'node:util';
import { lookAgain as lookAtSource, type SeenAgain } from '../audiences/look-again.ts';
import { columnOf } from '../messages/names.ts';
import { WHOLE_COMPANY } from '../staff/employee.ts';
import type { Campaign, CampaignState, SourceLook, SourceSeen } from './campaign.ts';
import { templateOf } from './freeze.ts';
import { type CampaignRoom, tell } from './room.ts';

/** States in which what is sent stands, and nothing of it was sent. */
const WAITING: readonly CampaignState[] = ['submitted', 'approved', 'scheduled', 'missed'];
/** How long a source may take: while a start waits for it, and while nobody does; ms. */
export const PATIENCE = { start: 20_000, poll: 120_000 } as const;
/** Whoever opens a card has the source looked at when nobody has for so long, ms. */
const LATELY = 60_000;

/** Whether there is a source that may still change: an uploaded file is gone once it was read. */
export function isLookedAt({ kind, state, source, audience, frozen, revision }: Campaign): boolean {
  return (
    kind === 'campaign' &&
    WAITING.includes(state) &&
    source !== null &&
    !source.uploaded &&
    audience !== null &&
    frozen?.revision === revision
  );
}

/** What was found out about the run as it is now. */
export const lookOf = ({ look, frozen }: Campaign): SourceLook | null =>
  look && look.run === frozen?.run ? look : null;

/** So much of the source was gone at the last reading that a person must say what is to be sent. */
export const isDoubtful = (campaign: Campaign): boolean => lookOf(campaign)?.seen?.kind === 'shrunk';

/** Looks at all campaigns that wait, or at those whose source is meant; a failure of one does not hold up the others. */
export async function lookAtWaiting(
  room: CampaignRoom,
  signal: AbortSignal,
  isMeant: (ref: string) => boolean = () => true,
): Promise<void> {
  const failures: unknown[] = [];
  for (const campaign of await waitingNow(room)) {
    if (signal.aborted) return;
    if (!isMeant(campaign.source!.ref)) continue;
    await lookAgain(room, campaign, PATIENCE.poll, signal).catch((failure) => failures.push(failure));
  }
  if (failures.length > 0) throw new AggregateError(failures, 'the lists of some campaigns could not be looked at');
}

/** Those that may still be sent: of one that was missed, only until its latest time has passed. */
async function waitingNow(room: CampaignRoom): Promise<readonly Campaign[]> {
  const now = room.now();
  const isOver = ({ state, submission }: Campaign) =>
    state === 'missed' && (submission === null || submission.terms.notAfter <= now);
  return (await room.store.inStates(WAITING)).filter((campaign) => isLookedAt(campaign) && !isOver(campaign));
}

/** The sources that may still change before their campaigns are sent, and in whose name each is read. */
export async function sourcesWaiting(
  room: CampaignRoom,
): Promise<readonly { readonly ref: string; readonly by: string }[]> {
  const waiting = await waitingNow(room);
  return Promise.all(
    waiting.map(async ({ source, audience, createdBy }) => ({
      ref: source!.ref,
      by: (await room.audiences.audience(WHOLE_COMPANY, audience!))?.by ?? createdBy,
    })),
  );
}

/** To be called when a source says of itself that it has changed. */
export const sourceChanged = (room: CampaignRoom, isMeant: (ref: string) => boolean, signal: AbortSignal) =>
  lookAtWaiting(room, signal, isMeant);

/** Looks unless somebody has lately, or does just now: whoever opens a card may do so often. */
export async function lookUnlessLately(room: CampaignRoom, campaign: Campaign, signal: AbortSignal): Promise<void> {
  if (!isLookedAt(campaign)) return;
  const at = room.now();
  const before = new Date(at.getTime() - LATELY);
  if ((lookOf(campaign)?.at ?? before) > before) return;
  if (!(await room.store.beginLook(campaign._id, at, before))) return;
  await lookAgain(room, campaign, PATIENCE.poll, signal);
}

/** Looks once, for no longer than `patienceMs`, and keeps what it found; resolves with the campaign as it stands then. */
export async function lookAgain(
  room: CampaignRoom,
  campaign: Campaign,
  patienceMs: number,
  signal: AbortSignal,
): Promise<Campaign> {
  const at = room.now();
  const seen = await within(room, campaign, patienceMs, signal);
  if (seen === null) return campaign;
  if (seen.kind === 'unseen') {
    room.log.warn({ campaign: campaign._id, why: seen.why }, 'the list of a campaign could not be looked at again');
  }
  await keep(room, campaign, lookWith(campaign, seen, at), goneIn(seen));
  return (await room.store.campaign(WHOLE_COMPANY, campaign._id)) ?? campaign;
}

/** What to do beside starting: the messages of rows that are gone end unsent, in the same transaction. */
export async function withoutRemoved(room: CampaignRoom, campaign: Campaign) {
  const { run } = campaign.frozen!;
  const gone = await room.store.removals(campaign._id, run);
  const persons: string[] = [];
  for (let from = 0; from < gone.length; from += 1000) {
    const rows = await room.audiences.rowsByIds(gone.slice(from, from + 1000));
    persons.push(...rows.flatMap(({ recipient }) => (recipient ? [recipient.person] : [])));
  }
  return (session: Parameters<CampaignRoom['messages']['endRemoved']>[3]): Promise<void> =>
    room.messages.endRemoved(run, persons, room.now(), session);
}

/** What a look finds, or null when Herald stops meanwhile. Whatever breaks, and whoever does not answer, leaves it unseen. */
async function within(
  room: CampaignRoom,
  campaign: Campaign,
  patienceMs: number,
  signal: AbortSignal,
): Promise<SeenAgain | null> {
  const late = AbortSignal.timeout(patienceMs);
  const ending = AbortSignal.any([signal, late]);
  const ended = Promise.withResolvers<never>();
  const end = () => ended.reject(ending.reason);
  ending.addEventListener('abort', end, { once: true });
  try {
    ending.throwIfAborted();
    return await Promise.race([look(room, campaign, ending), ended.promise]);
  } catch (failure) {
    if (signal.aborted) return null;
    if (late.aborted) return { kind: 'unseen', why: 'timed-out' };
    room.log.error({ campaign: campaign._id, err: failure }, 'a list could not be looked at again');
    return { kind: 'unseen', why: 'broken' };
  } finally {
    ending.removeEventListener('abort', end);
  }
}

async function look(room: CampaignRoom, campaign: Campaign, signal: AbortSignal): Promise<SeenAgain> {
  const audience = await room.audiences.audience(WHOLE_COMPANY, campaign.audience!);
  if (!audience) throw new Error(`audience ${campaign.audience} is gone`);
  const { answers, rowsOf } = campaign.source!;
  const { variables } = templateOf(campaign.text!);
  const used = variables.flatMap((name) => columnOf(name, audience.headings) ?? []);
  const known = lookOf(campaign)?.seen?.revision ?? null;
  return lookAtSource(room.reading, { audience, answers, used, known, onlyThese: rowsOf !== undefined }, signal);
}

function lookWith(campaign: Campaign, seen: SeenAgain, at: Date): SourceLook {
  const { run } = campaign.frozen!;
  const before = lookOf(campaign)?.seen ?? null;
  switch (seen.kind) {
    case 'unseen':
      return { run, at, unseen: seen.why, seen: before };
    case 'known':
      return { run, at, unseen: null, seen: before && { ...before, at } };
    case 'changed': {
      const { revision, changes } = seen;
      const { removed, changed, added } = changes;
      return { run, at, unseen: null, seen: { kind: 'changed', at, revision, removed, changed, added } };
    }
    case 'same':
    case 'other-file':
    case 'shrunk':
      return { run, at, unseen: null, seen: { ...seen, at } };
  }
}

/** Rows to be left out from now on; null where what was known before holds. */
function goneIn(seen: SeenAgain): readonly string[] | null {
  if (seen.kind === 'changed') return seen.changes.gone;
  return seen.kind === 'same' ? [] : null;
}

/** Keeps it, unless the campaign was changed meanwhile; a version of its own only where people are told something else. */
async function keep(
  room: CampaignRoom,
  campaign: Campaign,
  look: SourceLook,
  gone: readonly string[] | null,
): Promise<void> {
  const isNews = !isDeepStrictEqual(toldIn(look), toldIn(lookOf(campaign)));
  const before = lookOf(campaign)?.told ?? [];
  const kind = look.seen?.kind ?? 'same';
  const isFirst = kind !== 'same' && !before.includes(kind);
  const told = { ...look, told: isFirst ? [...before, kind] : before };
  await room.database.inTransaction(async (session) => {
    const kept = isNews
      ? await room.store.change(campaign, { look: told }, session)
      : await room.store.keepLook(campaign, told, session);
    if (!kept) return;
    if (gone) await room.store.keepRemovals(campaign._id, look.run, gone, session);
    if (!isNews) return;
    const detail = { unseen: look.unseen, seen: look.seen?.kind ?? null };
    // Of a list that goes on changing the card tells: a message for each change would be too many.
    const event = isFirst ? ({ event: 'campaign.list-changed' } as const) : {};
    await tell(
      room,
      campaign,
      { by: 'herald', action: 'campaign.source-looked-at', ...event, detail },
      look.at,
      session,
    );
  });
}

/** What a card tells of it. Not having looked and having found nothing read the same. */
function toldIn(look: SourceLook | null): unknown {
  const { unseen = null, seen = null } = look ?? {};
  if (seen === null || seen.kind === 'same') return { unseen };
  const { at: _at, revision: _revision, ...found }: SourceSeen = seen;
  return { unseen, found };
}
