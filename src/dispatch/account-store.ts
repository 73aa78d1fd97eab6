/**
 * Accounts, switches and bind slots as MongoDB keeps them. A slot is the right to hold one of the sessions that an operator
 * allows, with its share of the rate; it is leased on the server's clock, so there are never more binds than allowed.
 */
import type { ClientSession, Collection } from 'mongodb';
import type { Database } from '../platform/mongo/connect.ts';
import type { Account } from './account.ts';
import { priceStore } from './price-store.ts';

interface AccountRecord extends Omit<Account, 'name' | 'lists'> {
  readonly _id: string;
  readonly schemaVersion: 1;
  /** Counts how often it was kept. */
  readonly revision?: number;
}

interface Versioned {
  readonly schemaVersion: 1;
}

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
}

export type SlotHealth = Pick<Slot, 'up' | 'why' | 'sandbox'>;

const slotId = (account: string, number: number): string => `${account}#${number}`;

/** What is switched off by hand; absent means on. */
export interface Switch {
  /** `all`, or `provider:alfa`. */
  readonly _id: string;
  readonly by: string;
  readonly at: Date;
}

export type AccountStore = ReturnType<typeof accountStore>;

/** `now` tells which price lists are over for good; the server's clock, where no other is given. */
export function accountStore(database: Database, now: () => Date | Promise<Date> = () => database.now()) {
  const accounts: Collection<AccountRecord> = database.db.collection('accountsAtOperators');
  const slots: Collection<Slot & Versioned> = database.db.collection('slots');
  const switches: Collection<Switch & Versioned> = database.db.collection('switches');

  const prices = priceStore(database);
  /** As they were read last, by name. */
  const known = new Map<string, { readonly revision: number | undefined; readonly account: Account }>();

  return {
    prices,
    /**
     * All accounts by name, with their price lists. They are asked for several times a second and may have thousands of prices, so
     * one is read whole only when it was kept anew, or a list was added; until then it is the same object.
     */
    async accounts(): Promise<Account[]> {
      const all = await accounts
        .find({}, { projection: { revision: 1 } })
        .sort({ _id: 1 })
        .toArray();
      const isNew = (one: (typeof all)[number]) => !known.has(one._id) || known.get(one._id)?.revision !== one.revision;
      const anew = all.filter(isNew).map((one) => one._id);
      const found = anew.length > 0 ? await accounts.find({ _id: { $in: anew } }).toArray() : [];
      const lists = anew.length > 0 ? await prices.inForce(anew, await now()) : new Map<string, never>();
      for (const { _id, schemaVersion: _version, revision, ...rest } of found) {
        const own = lists.get(_id);
        known.set(_id, { revision, account: { name: _id, ...rest, ...(own && { lists: own }) } });
      }
      return all.flatMap((one) => known.get(one._id)?.account ?? []);
    },
    /** Keeps the account itself; its price lists are kept by `prices`, and who took it live stays as it was. */
    async keep({ name, lists: _lists, live: _live, ...rest }: Account): Promise<void> {
      const revision = { $add: [{ $ifNull: ['$revision', 0] }, 1] };
      const kept = {
        $mergeObjects: [{ $literal: { _id: name, schemaVersion: 1, ...rest } }, { revision, live: '$live' }],
      };
      await accounts.updateOne({ _id: name }, [{ $replaceWith: kept }], { upsert: true });
    },

    /** Ends the account's trial; false when it has ended before. */
    async takeLive(name: string, live: NonNullable<Account['live']>, session?: ClientSession): Promise<boolean> {
      const taken = await accounts.updateOne(
        { _id: name, live: { $exists: false } },
        { $set: { live }, $inc: { revision: 1 } },
        session ? { session } : {},
      );
      return taken.modifiedCount === 1;
    },

    /** Leases a slot that nobody holds; null while somebody does. */
    async leaseSlot(account: string, number: number, owner: string, leaseMs: number): Promise<Slot | null> {
      const _id = slotId(account, number);
      await slots.updateOne(
        { _id },
        { $setOnInsert: { schemaVersion: 1, account, owner: '', fence: 0, until: new Date(0), up: false, why: '' } },
        { upsert: true },
      );
      const up = { up: false, why: 'starting', sandbox: false };
      return slots.findOneAndUpdate(
        { _id, $expr: { $lt: ['$until', '$$NOW'] } },
        [{ $set: { owner, ...up, fence: { $add: ['$fence', 1] }, until: { $add: ['$$NOW', leaseMs] } } }],
        { returnDocument: 'after' },
      );
    },
    /** Prolongs the lease and says how the session is; false when the slot is another's by now, or was given up. */
    async renewSlot(id: string, owner: string, leaseMs: number, health: SlotHealth): Promise<boolean> {
      const renewed = await slots.updateOne({ _id: id, owner }, [
        { $set: { ...health, until: { $add: ['$$NOW', leaseMs] } } },
      ]);
      return renewed.matchedCount === 1;
    },
    async freeSlot(id: string, owner: string): Promise<void> {
      await slots.updateOne({ _id: id, owner }, { $set: { owner: '', until: new Date(0), up: false, why: 'stopped' } });
    },
    async liveSlots(): Promise<Slot[]> {
      return slots.find({ $expr: { $gte: ['$until', '$$NOW'] } }).toArray();
    },

    async switchOff(id: string, by: string, at: Date): Promise<void> {
      await switches.updateOne({ _id: id }, { $setOnInsert: { schemaVersion: 1, by, at } }, { upsert: true });
    },
    async switchOn(id: string): Promise<void> {
      await switches.deleteOne({ _id: id });
    },
    async switchedOff(): Promise<Switch[]> {
      return switches.find({}).toArray();
    },
  };
}
