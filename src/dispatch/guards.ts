/**
 * Looks after the guards of what is being sent: reserves a run's share of the day before anything of it is claimed, watches its
 * canary, and stops it when too much fails or too many ask to be left alone. Any number of workers may look at once: every step is
 * a compare-and-set, and what it rests on stands in MongoDB. No message is asked about on its way.
 */
import type { Campaign } from '../campaigns/campaign.ts';
import { type Amounts, dayOf, NOTHING, overCap } from '../campaigns/caps.ts';
import { takenBy } from '../campaigns/guard-store.ts';
import type { Found, Guard, GuardFinding } from '../campaigns/guard-terms.ts';
import { change } from '../campaigns/room.ts';
import { amountsOf } from '../campaigns/within-caps.ts';
import { canarySize, canaryVerdict, failedShare, limitsOf, optOutShare, type Trouble, troubleIn } from './canary.ts';
import type { DispatchRoom } from './room.ts';

const HERALD = 'herald';

/** Between two counts of a run, by whoever counts it, ms. */
const LOOK_MS = 3000;

/** The guard of the run that is sent now; undefined while it has none, or that of another revision. */
export const guardOf = ({ guard, frozen }: Campaign): Guard | undefined =>
  guard && guard.run === frozen?.run ? guard : undefined;

/** Whether anything may be claimed of it now, as far as guards are concerned. */
export const isCleared = (campaign: Campaign, day: string): boolean =>
  campaign.kind !== 'campaign' || guardOf(campaign)?.day === day;

/** Whether only its canary may be claimed. */
export const hasOpenCanary = (campaign: Campaign): boolean => guardOf(campaign)?.canary?.state === 'open';

/** One look at everything that is being sent; true when what may be claimed has changed. */
export async function tendGuards(room: DispatchRoom, running: readonly Campaign[]): Promise<boolean> {
  const day = dayOf(room.now(), room.campaigns.settings.zone);
  const changes = await Promise.all(
    running
      .filter(({ kind }) => kind === 'campaign')
      .map((campaign) =>
        tend(room, campaign, day).catch((err) => {
          room.log.error({ err, campaign: campaign._id }, 'the guards of a campaign could not be looked after');
          return false;
        }),
      ),
  );
  return changes.includes(true);
}

async function tend(room: DispatchRoom, campaign: Campaign, day: string): Promise<boolean> {
  const guard = guardOf(campaign);
  if (guard?.day !== day) return clear(room, campaign, guard, day);
  if (guard.canary?.state === 'open') return watchCanary(room, campaign, guard);
  return watchRun(room, campaign, guard);
}

/** Reserves what is left of the run on the day's budget, or stops it where a cap stands in the way. */
async function clear(room: DispatchRoom, campaign: Campaign, guard: Guard | undefined, day: string): Promise<boolean> {
  const { store, settings } = room.campaigns;
  const { run } = campaign.frozen!;
  const by = campaign.submission?.by ?? campaign.createdBy;
  const before = guard ? await room.found.taken(run) : NOTHING;
  if (guard) await settle(room, guard.day, run, before);
  const wanted = minus(amountsOf(campaign), before);
  if (!(await store.reserve(day, { run, by, ...wanted, isOpen: true, before }, settings.guards.caps))) {
    const over = overCap(wanted, takenBy(await store.reservationsOf(day), run, by), settings.guards.caps);
    // What stood in the way may have been given back at this moment: then it is tried again.
    return over ? stop(room, campaign, { kind: 'cap', ...over, currency: campaign.frozen!.currency }) : false;
  }
  if (guard) return store.moveGuardTo(campaign._id, run, day);
  const size = canarySize(campaign, settings.guards);
  const canary = size === null ? null : { size, left: size, round: 0, state: 'open' as const };
  return store.beginGuard(campaign._id, { run, day, canary });
}

async function watchCanary(room: DispatchRoom, campaign: Campaign, guard: Guard): Promise<boolean> {
  const { store, settings } = room.campaigns;
  const { run } = guard;
  // The board is a moment old: what was taken of the canary since is on the campaign.
  const fresh = await store.campaign({ departments: 'all' }, campaign._id);
  const canary = fresh && guardOf(fresh)?.canary;
  if (fresh?.state !== 'sending' || canary?.state !== 'open') return true;
  const found = await room.found.canary(run, fresh.startedAt ?? room.now());
  const verdict = canaryVerdict(canary, found, room.now(), settings.guards, room.timers.leaseMs);
  switch (verdict.kind) {
    case 'wait':
      return false;
    case 'more':
      return store.growCanary(campaign._id, run, canary.round, verdict.count);
    case 'sent':
      return store.canarySent(campaign._id, run, room.now());
    case 'passed':
      return store.passCanary(campaign._id, run, plain(found));
    case 'failed':
      return stopFor(room, fresh, verdict.trouble, plain(found), 'canary');
  }
}

/** A sample now and then; only where it looks bad is everything counted. */
async function watchRun(room: DispatchRoom, campaign: Campaign, guard: Guard): Promise<boolean> {
  const { store, settings } = room.campaigns;
  const { messages } = campaign.frozen!;
  if (messages === 0 || !(await store.takeLook(campaign._id, LOOK_MS))) return false;
  const since = campaign.startedAt ?? room.now();
  const limits = limitsOf(guard, settings.guards);
  if (!troubleIn(await room.found.about(guard.run, messages, since), limits)) return false;
  const found = await room.found.exactly(guard.run, since);
  const trouble = troubleIn(found, limits);
  return trouble ? stopFor(room, campaign, trouble, found, 'run') : false;
}

async function stopFor(
  room: DispatchRoom,
  campaign: Campaign,
  { kind, limit }: Trouble,
  found: Found,
  of: 'canary' | 'run',
): Promise<boolean> {
  const share = kind === 'failures' ? { failures: failedShare(found) } : { optOuts: optOutShare(found) };
  const kept = ({ canary, stoppedAt, ...guard }: Guard): Guard => ({
    ...guard,
    canary: canary && of === 'canary' ? { ...canary, left: 0, state: 'failed', found } : canary,
    stoppedAt: { ...stoppedAt, ...share },
  });
  return stop(room, campaign, { kind, of, found, limit }, kept);
}

/** Its guard is changed with it, or neither: what has stopped a campaign must not let it go on after a crash. */
async function stop(
  room: DispatchRoom,
  campaign: Campaign,
  finding: GuardFinding,
  kept: (guard: Guard) => Guard = (guard) => guard,
): Promise<boolean> {
  const fresh = await room.campaigns.store.campaign({ departments: 'all' }, campaign._id);
  if (fresh?.state !== 'sending' || fresh.frozen?.run !== campaign.frozen?.run) return false;
  const hold = { why: 'guarded', by: HERALD, at: room.now(), finding } as const;
  const fields = { state: 'paused', hold, ...(fresh.guard && { guard: kept(fresh.guard) }) } as const;
  const told = {
    by: HERALD,
    action: 'campaign.paused',
    event: 'campaign.paused',
    detail: { why: hold.why, finding },
  } as const;
  room.log.warn({ campaign: campaign._id, finding }, 'a guard has stopped a campaign');
  return (await change(room.campaigns, fresh, fields, told)).kind === 'done';
}

/** What an ended run has still reserved is waited for so long, as its last messages may be on their way, ms. */
const SETTLE_AFTER_MS = 60_000;
const DAY_MS = 86_400_000;

/** Gives back what runs that are over have reserved of today and yesterday, and not taken. */
export async function settleBudgets(room: DispatchRoom): Promise<void> {
  const { store, settings } = room.campaigns;
  const now = room.now();
  for (const at of [now, new Date(now.getTime() - DAY_MS)]) {
    const day = dayOf(at, settings.zone);
    for (const { run, isOpen } of await store.reservationsOf(day)) {
      if (!isOpen) continue;
      const campaign = await store.campaign({ departments: 'all' }, run.slice(0, run.lastIndexOf('.')));
      if (campaign && !isOver(campaign, run, now)) continue;
      await settle(room, day, run, await room.found.taken(run));
    }
  }
}

function isOver({ state, frozen, finishedAt }: Campaign, run: string, now: Date): boolean {
  if (frozen?.run !== run) return true;
  const isEnded = state === 'finished' || state === 'cancelled';
  return isEnded && (finishedAt === null || now.getTime() - finishedAt.getTime() >= SETTLE_AFTER_MS);
}

async function settle(room: DispatchRoom, day: string, run: string, taken: Amounts): Promise<void> {
  const { store } = room.campaigns;
  const one = (await store.reservationsOf(day)).find((reserved) => reserved.run === run);
  if (one) await store.settleReservation(day, run, minus(taken, one.before));
}

const minus = (a: Amounts, b: Amounts): Amounts => ({
  messages: Math.max(0, a.messages - b.messages),
  cost: Math.max(0, a.cost - b.cost),
});

const plain = ({ sent, delivered, failed, optOuts }: Found): Found => ({ sent, delivered, failed, optOuts });
