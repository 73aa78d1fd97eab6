/**
 * Accounts at operators and switches as MongoDB keeps them; their prices and bind slots have stores of their own.
 */
import type { ClientSession, Collection } from 'mongodb';
import type { Database } from '../platform/mongo/connect.ts';
import type { Account } from './account.ts';
import { priceStore } from './price-store.ts';
import { slotStore } from './slot-store.ts';

interface AccountRecord extends Omit<Account, 'name' | 'lists'> {
  readonly _id: string;
  readonly schemaVersion: 1;
  /** Counts how often it was kept. */
  readonly revision?: number;
}

interface Versioned {
  readonly schemaVersion: 1;
}

export type { Slot, SlotHealth } from './slot-store.ts';

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
  const switches: Collection<Switch & Versioned> = database.db.collection('switches');

  const prices = priceStore(database);
  const slots = slotStore(database);
  /** As they were read last, by name. */
  const known = new Map<string, { readonly revision: number | undefined; readonly account: Account }>();

  return {
    prices,
    slots,
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

    liveSlots: slots.live,

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
