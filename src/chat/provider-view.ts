/** Gathers what a card says of one account at an operator, as far as it is the reader's to know. */
import type { Campaign } from '../campaigns/campaign.ts';
import type { Breaker } from '../dispatch/breaker.ts';
import { rateAt } from '../dispatch/division.ts';
import { type Measures, sumOf } from '../dispatch/gauge.ts';
import type { MinuteMeasured } from '../dispatch/health-store.ts';
import { maySwitch, PROVIDER_MOVES, type ProviderMove } from '../dispatch/switch.ts';
import { isInTrial } from '../dispatch/trial-period.ts';
import { type Employee, scopeOf } from '../staff/employee.ts';
import { may } from '../staff/rights.ts';
import type { ProviderView } from './cards/provider.ts';
import type { ChatRoom } from './room.ts';
import { namesOf } from './view.ts';

export async function providerView(room: ChatRoom, by: Employee, provider: string): Promise<ProviderView> {
  const listed = await room.campaigns.store.list(scopeOf(by), { states: ['sending', 'paused'], most: 1000 });
  const carried = listed.filter((one) => one.kind === 'campaign' && carriersOf(one).includes(provider));
  return (await lookAtProvider(room, provider))(by, carried);
}

/** One look for several people, each with the campaigns that are theirs to see; messages of a campaign are counted once. */
export async function lookAtProvider(
  { accounts, campaigns, staff, health, now }: ChatRoom,
  provider: string,
): Promise<(by: Employee, carried: readonly Campaign[]) => Promise<ProviderView>> {
  const [known, slots, off, everyone, healths, audit, breakers, measured] = await Promise.all([
    accounts.accounts(),
    accounts.liveSlots(),
    accounts.switchedOff(),
    staff.store.employees(),
    health.all(),
    staff.store.auditOf(`provider:${provider}`),
    health.breakers(),
    health.measured(now(), LATELY_MS),
  ]);
  const account = known.find((one) => one.name === provider);
  const own = slots.filter((slot) => slot.account === provider);
  const up = own.filter((slot) => slot.up).length;
  const breaker = breakers.get(provider);
  const isOff = (name: string) =>
    off.some(({ _id }) => _id === `provider:${name}`) || breakers.get(name)?.state === 'resting';
  const others = slots.filter((slot) => slot.up && slot.account !== provider && !isOff(slot.account));
  const stop = off.find(({ _id }) => _id === `provider:${provider}`) ?? null;
  const why = own.find((slot) => !slot.up)?.why;
  const lasting = healths.get(provider);
  const slowedTo = account && own[0] ? Math.ceil(rateAt(own[0], account, now())) : undefined;
  const isInUse = account?.enabled ?? false;
  const state = !isInUse ? 'not-in-use' : stop ? 'switched-off' : stateOf(up > 0, breaker);
  const standing = {
    provider,
    state,
    stop,
    isInTrial: account !== undefined && isInUse && isInTrial(account, slots),
    live: account?.live ?? null,
    stoppedAll: off.some(({ _id }) => _id === 'all'),
    downSince: up === 0 && lasting && !lasting.isUp ? lasting.since : null,
    restsUntil: breaker?.state === 'resting' ? new Date(breaker.since.getTime() + breaker.restMs) : null,
    handsOffUntil: breaker?.handsOffUntil && breaker.handsOffUntil > now() ? breaker.handsOffUntil : null,
    lately: latelyOf(measured, provider),
    ...(why && { why }),
    sessions: { up, allowed: account?.binds ?? 0 },
    partsPerSecond: account?.partsPerSecond ?? 0,
    ...(slowedTo !== undefined && slowedTo < account!.partsPerSecond && { slowedTo }),
    others: [...new Set(others.map((slot) => slot.account))].sort(),
    moves: audit.flatMap(({ at, actor, action, detail }) => {
      const move = moveOf(action);
      return move ? [{ at, by: actor, move, failed: Number(detail.failed ?? 0), of: Number(detail.of ?? 0) }] : [];
    }),
    names: namesOf(everyone),
  } as const;
  const counted = new Map<string, ReturnType<typeof campaigns.messages.through>>();
  const through = (run: string) => {
    const known = counted.get(run) ?? campaigns.messages.through(run, provider);
    counted.set(run, known);
    return known;
  };
  return async (by, carried) => {
    const counts = await Promise.all(carried.map((one) => through(one.frozen!.run)));
    return {
      ...standing,
      queued: counts.reduce((sum, one) => sum + one.queued, 0),
      unknown: counts.reduce((sum, one) => sum + one.unknown, 0),
      campaigns: carried,
      maySwitch: maySwitch(by),
      mayTakeLive: may(by, 'operate', null),
    };
  };
}

/** How far back an account's measures are looked at, ms. */
export const LATELY_MS = 5 * 60_000;

export const latelyOf = (measured: readonly MinuteMeasured[], provider: string): Measures =>
  sumOf(measured.filter((one) => one.provider === provider));

export const stateOf = (isUp: boolean, breaker: Breaker | undefined): 'up' | 'down' | 'resting' | 'trying' =>
  !isUp ? 'down' : breaker && breaker.state !== 'well' ? breaker.state : 'up';

const moveOf = (action: string): ProviderMove | undefined =>
  PROVIDER_MOVES.find((move) => action === `provider.${move}`);

/** Accounts that may carry a campaign. */
export const carriersOf = ({ submission, frozen }: Campaign): readonly string[] =>
  submission?.terms.providers ?? frozen?.providers ?? [];
