/**
 * The sessions that this worker holds: for each account it leases a bind slot, runs the provider in it, and gives both up as
 * soon as the lease is lost. What providers hear goes to receipts and replies.
 */
import type { Account } from './account.ts';
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
  get(account: string): Session | undefined;
  all(): readonly Session[];
  isUp(account: string): boolean;
  stop(): Promise<void>;
}

export function createSessions(room: DispatchRoom, owner: string): Sessions {
  const held = new Map<string, Session>();
  let stopping = false;

  async function open(account: Account): Promise<void> {
    for (let number = 1; number <= account.binds; number++) {
      const slot = await room.accounts.leaseSlot(account.name, number, owner, room.timers.leaseMs, DOWN);
      if (!slot) continue;
      const provider = room.makeProvider(account, {
        partsPerSecond: Math.max(1, account.partsPerSecond / account.binds),
      });
      held.set(account.name, { account, slot: slot._id, provider, window: windowOf(account.window) });
      await provider.start({
        receipts: (receipts) => takeReceipts(room.receipts, receipts),
        inbound: room.takeInbound,
        healthChanged: (health) => void report(account.name, health),
      });
      return;
    }
  }

  /** A change of health is shown at once, not with the next renewal. */
  async function report(name: string, health: ProviderHealth): Promise<void> {
    const session = held.get(name);
    if (!session) return;
    room.log.info({ provider: name, up: health.up }, health.up ? 'provider is up' : 'provider is down');
    await renew(session).catch((failure) => room.log.warn({ err: failure }, 'could not report a provider’s health'));
  }

  async function renew(session: Session): Promise<boolean> {
    const { account, slot, provider } = session;
    const number = Number(slot.slice(slot.lastIndexOf('#') + 1));
    return (
      (await room.accounts.leaseSlot(account.name, number, owner, room.timers.leaseMs, stateOf(provider))) !== null
    );
  }

  async function close(session: Session): Promise<void> {
    held.delete(session.account.name);
    await session.provider.stop();
    await room.accounts.freeSlot(session.slot, owner);
  }

  return {
    async tend(accounts) {
      for (const session of [...held.values()]) {
        const wanted = accounts.find((one) => one.name === session.account.name);
        if (!wanted || !(await renew(session))) await close(session);
      }
      for (const account of accounts) if (!held.has(account.name) && !stopping) await open(account);
    },
    get: (account) => held.get(account),
    all: () => [...held.values()],
    isUp: (account) => held.get(account)?.provider.health().up ?? false,
    async stop() {
      stopping = true;
      await Promise.all([...held.values()].map(close));
    },
  };
}

const DOWN = { up: false, why: 'starting' };

function stateOf(provider: Provider): { up: boolean; why: string } {
  const health = provider.health();
  return health.up ? { up: true, why: '' } : { up: false, why: health.why };
}
