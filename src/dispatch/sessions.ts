/**
 * The sessions that this worker holds: for each account it leases a bind slot, runs the provider in it, and gives both up as
 * soon as the lease is lost. What providers hear goes to receipts and replies.
 */
import type { Account } from './account.ts';
import type { SlotHealth } from './account-store.ts';
import type { Provider, ProviderHealth } from './provider.ts';
import { takeReceipts } from './receipts.ts';
import type { DispatchRoom } from './room.ts';
import { type Window, windowOf } from './window.ts';

export interface Session {
  readonly account: Account;
  readonly slot: string;
  readonly provider: Provider;
  readonly window: Window;
}

export interface Sessions {
  /** Leases and renews slots, starts and stops providers; called several times within a lease. */
  tend(accounts: readonly Account[]): Promise<void>;
  /** Renews the slots that are held, and takes no others. */
  renew(): Promise<void>;
  get(account: string): Session | undefined;
  all(): readonly Session[];
  /** Up, and not asked to slow down. */
  isUp(account: string): boolean;
  /** The operator asked to slow down: nothing is even marked for it for so long. */
  rest(account: string, ms: number): void;
  /** The operator takes nothing for want of money: for a while the account counts as down, for every worker to see. */
  noCredit(account: string): void;
  isOutOfCredit(account: string): boolean;
  /** Whether some session is only being slow for a while. */
  anyRests(): boolean;
  stop(): Promise<void>;
}

export function createSessions(room: DispatchRoom, owner: string): Sessions {
  const held = new Map<string, Session>();
  /** Those that wait for what is on their wire; it may take as long as an answer may. */
  const closing = new Map<string, Promise<void>>();
  /** By the monotonic clock. */
  const restsUntil = new Map<string, number>();
  const outOfCreditUntil = new Map<string, number>();
  let stopping = false;

  async function open(account: Account): Promise<void> {
    for (let number = 1; number <= slotsOf(account); number++) {
      const slot = await room.accounts.leaseSlot(account.name, number, owner, room.timers.leaseMs);
      if (!slot) continue;
      try {
        return await begin(account, slot._id);
      } catch (failure) {
        held.delete(account.name);
        await room.accounts.freeSlot(slot._id, owner);
        throw failure;
      }
    }
  }

  async function begin(account: Account, slot: string): Promise<void> {
    const partsPerSecond = account.partsPerSecond / slotsOf(account);
    const provider = room.makeProvider(account, { partsPerSecond });
    // What is marked waits no longer than about a second for its turn: so long is nobody asked whether it may be sent.
    const window = windowOf(Math.min(account.window, Math.ceil(partsPerSecond)));
    held.set(account.name, { account, slot, provider, window });
    await provider.start({
      receipts: (receipts) => takeReceipts(room.receipts, receipts),
      inbound: room.takeInbound,
      healthChanged: (health) => void report(account.name, health),
    });
  }

  /** A change of health is shown at once, not with the next renewal. */
  async function report(name: string, health: ProviderHealth): Promise<void> {
    const session = held.get(name);
    if (!session) return;
    room.log.info({ provider: name, up: health.up }, health.up ? 'provider is up' : 'provider is down');
    await show(session);
  }

  const show = (session: Session): Promise<unknown> =>
    renewOne(session).catch((failure) => room.log.warn({ err: failure }, 'could not report a provider’s health'));

  const isOutOfCredit = (account: string): boolean => room.mono() < (outOfCreditUntil.get(account) ?? 0);

  const renewOne = ({ slot, provider, account }: Session): Promise<boolean> => {
    const health = isOutOfCredit(account.name) ? NO_CREDIT : healthOf(provider);
    return room.accounts.renewSlot(slot, owner, room.timers.leaseMs, health);
  };

  /** Nothing new goes through it from now on. */
  function close(session: Session): Promise<void> {
    const { name } = session.account;
    held.delete(name);
    const closed = end(session).finally(() => closing.delete(name));
    closing.set(name, closed);
    return closed;
  }

  async function end({ provider, slot, account }: Session): Promise<void> {
    try {
      await provider.stop();
      await room.accounts.freeSlot(slot, owner);
    } catch (failure) {
      room.log.warn({ err: failure, provider: account.name }, 'a session did not end well');
    }
  }

  async function renewOrClose(session: Session): Promise<void> {
    if (!(await renewOne(session))) void close(session);
  }

  return {
    async tend(accounts) {
      for (const session of [...held.values()]) {
        if (accounts.some((one) => one.name === session.account.name)) await renewOrClose(session);
        else void close(session);
      }
      for (const account of accounts) {
        if (held.has(account.name) || closing.has(account.name) || stopping) continue;
        // One account that is set up wrongly must not keep the others down.
        await open(account).catch((failure) =>
          room.log.error({ err: failure, provider: account.name }, 'a session could not be opened; it is tried again'),
        );
      }
    },
    async renew() {
      for (const session of [...held.values()]) await renewOrClose(session);
    },
    get: (account) => held.get(account),
    all: () => [...held.values()],
    isUp: (account) =>
      (held.get(account)?.provider.health().up ?? false) &&
      !isOutOfCredit(account) &&
      room.mono() >= (restsUntil.get(account) ?? 0),
    rest(account, ms) {
      restsUntil.set(account, Math.max(restsUntil.get(account) ?? 0, room.mono() + ms));
    },
    noCredit(account) {
      if (isOutOfCredit(account)) return;
      outOfCreditUntil.set(account, room.mono() + room.timers.creditRestMs);
      room.log.warn({ provider: account }, 'the account has no credit left; it counts as down for a while');
      const session = held.get(account);
      if (session) void show(session);
    },
    isOutOfCredit,
    anyRests: () => [...restsUntil.values()].some((until) => room.mono() < until),
    async stop() {
      stopping = true;
      for (const session of [...held.values()]) void close(session);
      await Promise.all(closing.values());
    },
  };
}

/** No more sessions than parts a second: each must be given its share of the rate. */
const slotsOf = ({ binds, partsPerSecond }: Account): number =>
  Math.max(1, Math.min(binds, Math.floor(partsPerSecond)));

const NO_CREDIT: SlotHealth = { up: false, why: 'no credit' };

function healthOf(provider: Provider): SlotHealth {
  const health = provider.health();
  return health.up ? { up: true, why: '', sandbox: health.sandbox ?? false } : { up: false, why: health.why };
}
