/**
 * Price lists as MongoDB keeps them: added to, never written over. Beside them proposals, lists that were read and wait for an
 * admin's word.
 */
import type { ClientSession, Collection } from 'mongodb';
import { idsOfRun, type MessageRecord } from '../campaigns/messages.ts';
import type { Database } from '../platform/mongo/connect.ts';
import { type AccountPrices, listAt, listsAfter } from './price-list.ts';
import type { Lead } from './price-quote.ts';

interface ListRecord extends AccountPrices {
  /** `acme#3`: two who add a list at once cannot both add the third. */
  readonly _id: string;
  readonly schemaVersion: 1;
}

/** A list that was read, before it has a number and a version. */
export interface PriceProposal {
  readonly _id: string;
  readonly list: Omit<AccountPrices, 'number' | 'version' | 'takenAt' | 'takenBy'>;
  /** What its version is to be, when no other list has that. */
  readonly wanted: string;
  /** How many lists the account had when the changes were shown. */
  readonly after: number;
  readonly by: string;
  readonly deleteAfter: Date;
}

/** What is known of a list without its prices. */
export type ListHead = Omit<AccountPrices, 'prices'>;

const listId = (provider: string, number: number): string => `${provider}#${number}`;

export type PriceStore = ReturnType<typeof priceStore>;

export function priceStore(database: Database) {
  const lists: Collection<ListRecord> = database.db.collection('priceLists');
  const proposals: Collection<PriceProposal & { readonly schemaVersion: 1 }> = database.db.collection('priceProposals');
  const messages: Collection<MessageRecord> = database.db.collection('messages');
  const accounts: Collection<{ _id: string; revision?: number }> = database.db.collection('accountsAtOperators');

  const headsOf = async (providers: readonly string[]): Promise<ListHead[]> => {
    const found = await lists
      .find({ provider: { $in: [...providers] } }, { projection: { prices: 0 } })
      .sort({ provider: 1, number: 1 })
      .toArray();
    return found.map(({ _id, schemaVersion: _version, ...head }) => head);
  };

  return {
    headsOf,
    async list(provider: string, number: number): Promise<AccountPrices | null> {
      const found = await lists.findOne({ _id: listId(provider, number) });
      if (!found) return null;
      const { _id, schemaVersion: _version, ...list } = found;
      return list;
    },
    /** The lists of these accounts that are in force at `now` or will be, by account; history stays where it is. */
    async inForce(providers: readonly string[], now: Date): Promise<ReadonlyMap<string, readonly AccountPrices[]>> {
      const heads = Map.groupBy(await headsOf(providers), (head) => head.provider);
      const wanted = [...heads.values()].flatMap((all) => {
        const held = listAt(all, now);
        return [...(held ? [held] : []), ...listsAfter(all, now)];
      });
      if (wanted.length === 0) return new Map();
      const ids = wanted.map(({ provider, number }) => listId(provider, number));
      const found = await lists.find({ _id: { $in: ids } }).toArray();
      return Map.groupBy(
        found.map(({ _id, schemaVersion: _version, ...list }) => list),
        (list) => list.provider,
      );
    },
    /** Adds the account's next list, and has the account read anew; throws when another has added that number. */
    async add(list: AccountPrices, session: ClientSession): Promise<void> {
      const { provider, number } = list;
      await lists.insertOne({ _id: listId(provider, number), schemaVersion: 1, ...list }, { session });
      await accounts.updateOne({ _id: provider }, { $inc: { revision: 1 } }, { session });
    },

    /** The same outside of a transaction; false when another process has added that number. */
    async append(list: AccountPrices): Promise<boolean> {
      const { provider, number } = list;
      const added = await lists.updateOne(
        { _id: listId(provider, number) },
        { $setOnInsert: { schemaVersion: 1, ...list } },
        { upsert: true },
      );
      await accounts.updateOne({ _id: provider }, { $inc: { revision: 1 } });
      return added.upsertedCount === 1;
    },

    /** Messages and parts of a run by the first digits of their numbers (of shorter numbers all of them) and their networks. */
    async leads(run: string, digits: number): Promise<readonly Lead[]> {
      const byDigits = { $substrBytes: ['$phone', 1, digits] };
      return messages
        .aggregate<Lead>([
          { $match: { _id: idsOfRun(run) } },
          {
            $group: {
              _id: { digits: byDigits, network: '$network' },
              messages: { $sum: 1 },
              parts: { $sum: '$parts' },
            },
          },
          { $project: { _id: 0, digits: '$_id.digits', network: '$_id.network', messages: 1, parts: 1 } },
        ])
        .toArray();
    },

    async propose(proposal: PriceProposal): Promise<void> {
      await proposals.insertOne({ schemaVersion: 1, ...proposal });
    },
    async proposal(id: string, now: Date): Promise<PriceProposal | null> {
      return proposals.findOne({ _id: id, deleteAfter: { $gt: now } });
    },
    /** Takes the proposal away; false when somebody else did. */
    async settle(id: string, session: ClientSession): Promise<boolean> {
      return (await proposals.deleteOne({ _id: id }, { session })).deletedCount === 1;
    },
  };
}

export const priceMigrations = [
  {
    id: 410,
    name: 'prices: indexes',
    async up({ db }: Database): Promise<void> {
      await db.collection('priceLists').createIndex({ provider: 1, number: 1 });
      await db.collection('priceProposals').createIndex({ deleteAfter: 1 }, { expireAfterSeconds: 0 });
    },
  },
];
