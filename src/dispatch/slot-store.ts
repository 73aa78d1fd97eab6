/**
 * Bind slots as MongoDB keeps them: one document an account, in which all that its workers hold stands together, so that every
 * renewal is one compare-and-set over the whole of it. Leases are on the server's clock, whatever a worker's says.
 */
import type { Collection } from 'mongodb';
import type { Database } from '../platform/mongo/connect.ts';
import {
  type Ledger,
  NOBODY,
  renew,
  type Slowed,
  type Standing,
  type Terms,
  type Word,
  withoutHolder,
} from './division.ts';

interface LedgerRecord extends Ledger {
  /** The account. */
  readonly _id: string;
  readonly schemaVersion: 1;
  /** Counts its changes. */
  readonly revision: number;
}

/** A slot under a live lease, as it is shown. */
export interface Slot {
  /** `alfa#1`. */
  readonly _id: string;
  readonly account: string;
  readonly owner: string;
  readonly fence: number;
  readonly until: Date;
  /** Whether its session is up, and why not. */
  readonly up: boolean;
  readonly why: string;
  /** The far end says of itself that it is the sandbox operator, on this machine. */
  readonly sandbox?: boolean;
  /** Parts a second that its owner may send through all its slots of the account. */
  readonly share: number;
  /** The operator's last wish to be sent less, if it ever had one. */
  readonly slowed: Slowed | null;
}

export type SlotHealth = Pick<Slot, 'up' | 'why' | 'sandbox'>;

export type SlotStore = ReturnType<typeof slotStore>;

export function slotStore({ db }: Pick<Database, 'db'>) {
  const ledgers: Collection<LedgerRecord> = db.collection('bindSlots');

  /** With the server's time of this moment. */
  async function read(account: string): Promise<LedgerRecord & { readonly now: Date }> {
    for (;;) {
      const [found] = await ledgers
        .aggregate<LedgerRecord & { now: Date }>([{ $match: { _id: account } }, { $set: { now: '$$NOW' } }])
        .toArray();
      if (found) return found;
      const empty = { schemaVersion: 1 as const, revision: 0, ...NOBODY };
      await ledgers.updateOne({ _id: account }, { $setOnInsert: empty }, { upsert: true });
    }
  }

  /** Tried again until nobody else has changed it in between: one of all who try succeeds at a time. */
  async function change<T>(
    account: string,
    by: (before: Ledger, now: Date) => { ledger: Ledger; answer: T },
  ): Promise<T> {
    for (;;) {
      const { now, revision, _id, schemaVersion, ...before } = await read(account);
      const { ledger, answer } = by(before, now);
      const next = { schemaVersion, revision: revision + 1, ...ledger };
      const { matchedCount } = await ledgers.replaceOne({ _id, revision }, next);
      if (matchedCount === 1) return answer;
    }
  }

  return {
    /** Prolongs the lease on what a worker holds of the account, and says what that is from now on. */
    renew: (account: string, terms: Terms, word: Word, leaseMs: number): Promise<Standing> =>
      change(account, (before, now) => {
        const { ledger, standing } = renew(before, terms, word, now, leaseMs);
        return { ledger, answer: standing };
      }),
    /** Gives back everything; all of it is closed. */
    leave: (account: string, owner: string): Promise<void> =>
      change(account, (before) => ({ ledger: withoutHolder(before, owner), answer: undefined })),
    async live(): Promise<Slot[]> {
      const all = await ledgers.aggregate<LedgerRecord & { now: Date }>([{ $set: { now: '$$NOW' } }]).toArray();
      return all.flatMap(({ _id: account, holders, now, slowed }) =>
        holders
          .filter(({ until }) => until >= now)
          .flatMap(({ owner, until, share, slots }) =>
            slots.map(({ number, ...slot }) => ({
              _id: `${account}#${number}`,
              ...{ account, owner, until, share, slowed, ...slot },
            })),
          )
          .sort((a, b) => (a._id < b._id ? -1 : 1)),
      );
    },
  };
}
