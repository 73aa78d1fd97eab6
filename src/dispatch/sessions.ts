/**
 * The accounts that this worker stands at, each with the sessions that it holds there; and which of them are to be left alone
 * for a while. What providers hear goes to receipts and replies.
 */
import type { Account } from './account.ts';
import type { Provider } from './provider.ts';
import type { DispatchRoom } from './room.ts';
import { createStand, type Stand } from './stand.ts';
import type { Window } from './window.ts';

/** All that is sent through an account here, over however many sessions. */
export interface Session {
  readonly account: Account;
  readonly provider: Pick<Provider, 'limits' | 'send'>;
  readonly window: Window;
}

export interface Sessions {
  /** Leases and renews slots, starts and stops providers; called several times within a lease. */
  tend(accounts: readonly Account[]): Promise<void>;
  /** Renews the slots that are held, and takes no others. */
  renew(): Promise<void>;
  get(account: string): Session | undefined;
  all(): readonly Session[];
  /** Parts a second that this worker may send now, over all accounts. */
  rate(): number;
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
  const stands = new Map<string, Stand>();
  /** Those that wait for what is on their wire; it may take as long as an answer may. */
  const closing = new Map<string, Promise<void>>();
  /** By the monotonic clock. */
  const restsUntil = new Map<string, number>();
  const outOfCreditUntil = new Map<string, number>();
  let stopping = false;

  const isOutOfCredit = (account: string): boolean => room.mono() < (outOfCreditUntil.get(account) ?? 0);

  function standAt(account: Account): Stand {
    const known = stands.get(account.name);
    if (known) return known;
    const stand = createStand(room, owner, account, () => (isOutOfCredit(account.name) ? NO_CREDIT : null));
    stands.set(account.name, stand);
    return stand;
  }

  /** Nothing new goes through it from now on. */
  function close(account: string, stand: Stand): void {
    stands.delete(account);
    closing.set(
      account,
      stand.close().finally(() => closing.delete(account)),
    );
  }

  /** One account that is set up wrongly must not keep the others down, nor one that takes its time. */
  async function tendAll(accounts: readonly Account[], takes: boolean): Promise<void> {
    const tended = accounts.map(async (account) => {
      if (closing.has(account.name)) return;
      await standAt(account)
        .tend(account, takes)
        .catch((failure) =>
          room.log.error({ err: failure, provider: account.name }, 'an account could not be tended; it is tried again'),
        );
    });
    await Promise.all(tended);
  }

  const held = (): readonly Stand[] => [...stands.values()].filter((stand) => stand.isOpen());

  return {
    async tend(accounts) {
      for (const [name, stand] of [...stands])
        if (!accounts.some((account) => account.name === name)) close(name, stand);
      if (!stopping) await tendAll(accounts, true);
    },
    renew: () =>
      tendAll(
        [...stands.values()].map(({ session }) => session.account),
        false,
      ),
    get(account) {
      const stand = stands.get(account);
      return stand?.isOpen() ? stand.session : undefined;
    },
    all: () => held().map(({ session }) => session),
    rate: () => held().reduce((sum, stand) => sum + stand.rate(), 0),
    isUp: (account) =>
      (stands.get(account)?.isUp() ?? false) &&
      !isOutOfCredit(account) &&
      room.mono() >= (restsUntil.get(account) ?? 0),
    rest(account, ms) {
      restsUntil.set(account, Math.max(restsUntil.get(account) ?? 0, room.mono() + ms));
    },
    noCredit(account) {
      if (isOutOfCredit(account)) return;
      outOfCreditUntil.set(account, room.mono() + room.timers.creditRestMs);
      room.log.warn({ provider: account }, 'the account has no credit left; it counts as down for a while');
      stands.get(account)?.renewSoon();
    },
    isOutOfCredit,
    anyRests: () => [...restsUntil.values()].some((until) => room.mono() < until),
    async stop() {
      stopping = true;
      for (const [name, stand] of [...stands]) close(name, stand);
      await Promise.all(closing.values());
    },
  };
}

const NO_CREDIT = { up: false, why: 'no credit' };
