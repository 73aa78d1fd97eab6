/**
 * This worker at one account: the bind slots that it holds, a session in each, and its share of the rate. What it holds it
 * renews, gives back what others lack, and lets go of everything before its lease can have run out.
 */
import type { Account } from './account.ts';
import { slotsOf } from './division.ts';
import type { Provider, ProviderHealth, SendOutcome } from './provider.ts';
import { takeReceipts } from './receipts.ts';
import type { DispatchRoom } from './room.ts';
import { createShare } from './share.ts';
import type { SlotHealth } from './slot-store.ts';
import { windowOf } from './window.ts';

interface Bind {
  readonly number: number;
  readonly fence: number;
  readonly provider: Provider;
  /** Parts that it was handed and has not settled. */
  busy: number;
  /** Once it is to end: when it has. */
  closing: Promise<void> | null;
}

export type Stand = ReturnType<typeof createStand>;

/** A lease is kept for so much of its time by our own clock; the rest is for clocks that go differently. */
const KEPT = 5 / 6;

/** `overrides` says how its sessions are where the account as a whole cannot be used. */
export function createStand(room: DispatchRoom, owner: string, first: Account, overrides: () => SlotHealth | null) {
  const { name } = first;
  const { leaseMs } = room.timers;
  const binds = new Map<number, Bind>();
  /** Slots whose sessions are closed, to be given back with the next renewal. */
  const closed = new Set<number>();
  const share = createShare({ mono: room.mono, sessions: () => binds.size, complained: renewSoon });
  let account = first;
  let wants = true;
  let isGone = false;
  let lapse: NodeJS.Timeout | undefined;
  let running: Promise<void> | null = null;
  let next: Promise<void> | null = null;

  const open = (): Bind[] => [...binds.values()].filter((one) => one.closing === null);
  const up = (): Bind[] => open().filter(({ provider }) => provider.health().up);
  const windowOfBind = (): number => Math.min(account.window, Math.ceil(share.rate() / Math.max(1, up().length)));

  const session = {
    get account() {
      return account;
    },
    /** What is marked waits no longer than about a second for its turn: so long is nobody asked whether it may be sent. */
    window: windowOf(() => Math.max(1, windowOfBind() * up().length)),
    provider: {
      get limits() {
        const most = Math.min(...open().map((one) => one.provider.limits.batch));
        // A quarter of a window: while one is written down, another is on the wire.
        const batch = Math.max(1, Math.min(most, windowOfBind() >> 2));
        return { partsPerSecond: share.rate(), inFlight: session.window.size, batch };
      },
      /** Through the session that has the least to do. */
      async send(...[batch, signal, onOutcome]: Parameters<Provider['send']>): Promise<readonly SendOutcome[]> {
        const all = up().length > 0 ? up() : open();
        const bind = all.reduce<Bind | undefined>(
          (least, one) => (least && least.busy <= one.busy ? least : one),
          undefined,
        );
        if (!bind) return batch.map(() => ({ kind: 'later', why: { code: 'not-connected', detail: 'no session' } }));
        const parts = batch.reduce((sum, one) => sum + one.parts, 0);
        bind.busy += parts;
        return bind.provider.send(batch, signal, onOutcome).finally(() => {
          bind.busy -= parts;
        });
      },
    },
  };

  /** One at a time, so that no older answer is heard after a newer one; whoever asks meanwhile gets the next. */
  function renew(): Promise<void> {
    if (running === null) return run();
    next ??= running.then(again, again);
    return next;
  }
  function again(): Promise<void> {
    next = null;
    return run();
  }
  function run(): Promise<void> {
    const one = renewNow().finally(() => {
      if (running === one) running = null;
    });
    running = one;
    return one;
  }

  function renewSoon(): void {
    if (isGone) return;
    renew().catch((err) => room.log.warn({ err, provider: name }, 'could not renew what is held of an account'));
  }

  async function renewNow(): Promise<void> {
    const askedAt = room.mono();
    const uses = share.rate();
    const complaint = share.complaint();
    const told = [...closed];
    const slots = [...binds.values()].map((bind) => ({ fence: bind.fence, ...healthOf(bind) }));
    const word = { owner, wants, uses, slots, closed: told, ...(complaint !== null && { slowedAfter: complaint }) };
    const standing = await room.accounts.slots.renew(name, account, word, leaseMs);
    for (const fence of told) closed.delete(fence);
    const keptUntil = askedAt + leaseMs * KEPT;
    share.grant(standing.share, keptUntil, standing.slowedTimes);
    clearTimeout(lapse);
    lapse = setTimeout(letGo, Math.max(0, keptUntil - room.mono())).unref();

    const ours = new Set(standing.slots.map(({ fence }) => fence));
    for (const bind of open()) if (!ours.has(bind.fence) || standing.leave.includes(bind.fence)) end(bind);
    const fresh = standing.slots.filter(({ fence }) => !binds.has(fence) && !closed.has(fence));
    if (wants && room.mono() < keptUntil) for (const slot of fresh) await begin(slot);
    // What it gives up is another's only once it is said that it is not used any more; and what is up gets its share.
    if (standing.share < uses || open().some((bind) => healthOf(bind).up && !wasUp(bind, slots))) renewSoon();
  }

  async function begin({ number, fence }: Pick<Bind, 'number' | 'fence'>): Promise<void> {
    try {
      const partsPerSecond = Math.min(account.partsPerSecond / slotsOf(account), perBind() ?? Number.POSITIVE_INFINITY);
      const provider = room.makeProvider(account, { partsPerSecond, turns: share.turnsOf(perBind()) });
      binds.set(fence, { number, fence, provider, busy: 0, closing: null });
      await provider.start({
        receipts: (receipts) => takeReceipts(room.receipts, receipts),
        inbound: room.takeInbound,
        healthChanged: (health) => changed(fence, health),
      });
    } catch (failure) {
      binds.delete(fence);
      closed.add(fence);
      // Given back until the next time that the account is tended.
      wants = false;
      renewSoon();
      throw failure;
    }
  }

  const perBind = (): number | undefined => account.partsPerSecondPerBind;

  /** A change of health is shown at once, not with the next renewal. */
  function changed(fence: number, { up }: ProviderHealth): void {
    if (binds.get(fence)?.closing !== null) return;
    room.log.info({ provider: name, up }, up ? 'provider is up' : 'provider is down');
    renewSoon();
  }

  function healthOf({ provider, closing }: Bind): SlotHealth {
    if (closing) return { up: false, why: 'stopping' };
    const health = provider.health();
    return (
      overrides() ??
      (health.up ? { up: true, why: '', sandbox: health.sandbox ?? false } : { up: false, why: health.why })
    );
  }

  /** Nothing new goes through it from now on; its slot is given back when it has ended, which takes as long as answers may. */
  function end(bind: Bind): void {
    bind.closing ??= bind.provider
      .stop()
      .catch((err) => room.log.warn({ err, provider: name }, 'a session did not end well'))
      .then(() => {
        binds.delete(bind.fence);
        closed.add(bind.fence);
        if (wants) renewSoon();
      });
  }

  /** The lease may be over: what is not renewed by now is not ours any more. */
  function letGo(): void {
    if (binds.size > 0) room.log.warn({ provider: name }, 'the lease on an account ran out; its sessions are closed');
    for (const bind of open()) end(bind);
  }

  return {
    session,
    isOpen: () => open().length > 0,
    /** Some session is up, and it may send. */
    isUp: () => share.rate() > 0 && up().length > 0,
    rate: share.rate,
    /** Renews what is held, and takes what is due where `takes`. */
    async tend(now: Account, takes: boolean): Promise<void> {
      account = now;
      wants = takes;
      await renew();
      // What was opened is up at once, or what was given up is to be said.
      await next;
    },
    renewSoon,
    /** Closes all, and gives it back; what is on the wire is waited for. */
    async close(): Promise<void> {
      wants = false;
      await (next ?? running)?.catch(() => {});
      for (const bind of open()) end(bind);
      await Promise.all([...binds.values()].map(({ closing }) => closing));
      isGone = true;
      await (next ?? running)?.catch(() => {});
      clearTimeout(lapse);
      await room.accounts.slots
        .leave(name, owner)
        .catch((err) => room.log.warn({ err, provider: name }, 'what was held of an account could not be given back'));
    },
  };
}

const wasUp = ({ fence }: Bind, told: readonly (SlotHealth & { readonly fence: number })[]): boolean =>
  told.some((one) => one.fence === fence && one.up);
