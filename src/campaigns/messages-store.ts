/**
 * Frozen messages and their batches as MongoDB keeps them, as far as campaigns need them: written once while freezing, counted,
 * read back for previews and results. Dispatch moves them through their states in a store of its own.
 */
import type { ClientSession, Collection } from 'mongodb';
import type { Database } from '../platform/mongo/connect.ts';
import { type Rest, restedReading, sharedReading } from '../platform/shared-reading.ts';
import type { FrozenRun } from './campaign.ts';
import {
  type Batch,
  CHARGED_IN,
  idsOfCampaign,
  idsOfRun,
  MESSAGE_STATES,
  type MessageCounts,
  type MessageRecord,
  type MessageState,
  messageId,
} from './messages.ts';

/** A row of the audience that this text cannot be sent to, and why. */
export interface Exclusion {
  readonly run: string;
  readonly row: string;
  readonly reason: string;
}

/** Rows of an audience, and how many of them for which reason. */
export interface NotReached {
  readonly rows: readonly string[];
  readonly taken: Readonly<Partial<Record<MessageState, number>>>;
}

const IN_ONE_WRITE = 1000;

/** Counting a million messages takes seconds of what their sending needs: then it is done at most a tenth of the time, each minute at the latest. */
const restOfCounts: Rest = (tookMs) => (tookMs < 200 ? 0 : Math.min(60_000, 10 * tookMs));
/** People of a run that are looked for in another, at least. */
const COMPARED = 2000;
/** Whoever may have the message, or is to get it. */
const REACHED: readonly MessageState[] = ['queued', 'submitting', 'accepted', 'delivered', 'unknown'];

export type MessagesStore = ReturnType<typeof messagesStore>;

export function messagesStore(database: Database, mono: () => number = () => performance.now()) {
  const messages: Collection<MessageRecord> = database.db.collection('messages');
  const batches: Collection<Batch> = database.db.collection('batches');
  const exclusions: Collection<Exclusion & { readonly schemaVersion: 1 }> = database.db.collection('exclusions');

  async function counted(run: string): Promise<{ states: MessageCounts; cost: number; parts: number }> {
    const found = await messages
      .aggregate<{ _id: MessageRecord['state']; messages: number; parts: number; cost: number }>([
        { $match: { _id: idsOfRun(run) } },
        {
          $group: {
            _id: '$state',
            messages: { $sum: 1 },
            parts: { $sum: '$parts' },
            cost: { $sum: COST_SO_FAR },
          },
        },
      ])
      .toArray();
    const states = Object.fromEntries(MESSAGE_STATES.map((state) => [state, 0])) as Record<string, number>;
    for (const group of found) states[group._id] = group.messages;
    return {
      states: states as MessageCounts,
      cost: found.reduce((sum, group) => sum + group.cost, 0),
      parts: found.reduce((sum, group) => sum + group.parts, 0),
    };
  }

  const counts = sharedReading(counted);

  return {
    async keepBatch(batch: Batch, frozen: readonly MessageRecord[], session?: ClientSession): Promise<void> {
      const together = session ? { session } : {};
      await messages.insertMany([...frozen], { ordered: false, ...together });
      await batches.insertOne(batch, together);
    },
    /** What of a run is queued, by the price that it was approved at up to. */
    async queuedByCeiling(run: string): Promise<ReadonlyMap<number, { messages: number; parts: number }>> {
      const found = await messages
        .aggregate<{ _id: number; messages: number; parts: number }>([
          { $match: { _id: idsOfRun(run), state: 'queued' } },
          { $group: { _id: '$ceiling', messages: { $sum: 1 }, parts: { $sum: '$parts' } } },
        ])
        .toArray();
      return new Map(found.map(({ _id, ...counts }) => [_id, counts]));
    },
    async keepExclusions(left: readonly Exclusion[]): Promise<void> {
      if (left.length === 0) return;
      await exclusions.insertMany(
        left.map((one) => ({ schemaVersion: 1, ...one })),
        { ordered: false },
      );
    },
    /** Forgets a run that was never approved, or of which freezing broke off; one that is being sent stays. */
    async drop(run: string): Promise<void> {
      if (await batches.findOne({ run, fence: { $gt: 0 } }, { projection: { _id: 1 } })) return;
      await batches.deleteMany({ run });
      // What a worker has touched stays: whoever freezes it anew meets its ids and breaks off, and nobody is sent to twice.
      await messages.deleteMany({ _id: idsOfRun(run), state: 'queued', fence: { $exists: false } });
      await exclusions.deleteMany({ run });
    },
    /** Forgets all that was ever frozen of a campaign, whatever became of it. */
    async erase(campaign: string): Promise<void> {
      await messages.deleteMany({ _id: idsOfCampaign(campaign) });
      await batches.deleteMany({ _id: idsOfCampaign(campaign) });
      await exclusions.deleteMany({ run: idsOfCampaign(campaign) });
    },
    /** Ends what is queued for these persons, whose rows are gone; only before sending has begun. */
    async endRemoved(run: string, persons: readonly string[], at: Date, session: ClientSession): Promise<void> {
      const unsent = { run, state: 'queued', fence: { $exists: false } } as const;
      for (let from = 0; from < persons.length; from += IN_ONE_WRITE) {
        const some = persons.slice(from, from + IN_ONE_WRITE);
        const $set = { state: 'removed', doneAt: at } as const;
        await messages.updateMany({ person: { $in: some }, ...unsent }, { $set }, { session });
      }
    },
    async leaves(run: string): Promise<string[]> {
      const found = await batches
        .find({ run }, { projection: { leaf: 1 } })
        .sort({ _id: 1 })
        .toArray();
      return found.map((batch) => batch.leaf);
    },
    async message(id: string): Promise<MessageRecord | null> {
      return messages.findOne({ _id: id });
    },
    /** Messages of a run in the order of their ids. */
    ofRun(run: string): AsyncIterable<MessageRecord> {
      return messages.find({ _id: idsOfRun(run) }, { batchSize: 1000 }).sort({ _id: 1 });
    },
    /** The run's messages to these persons, by row of the audience; found by the unique index, whatever the run's size. */
    async toPersons(run: string, persons: readonly string[]): Promise<Map<string, MessageRecord>> {
      const found = await messages.find({ person: { $in: [...persons] }, run }).toArray();
      return new Map(found.map((message) => [message.row, message]));
    },
    /** How many people of a run another one is sent to, or was, as far as that has not failed: of a large run, about. */
    async inBoth(
      { run, messages: total }: Pick<FrozenRun, 'run' | 'messages'>,
      other: string,
    ): Promise<{ readonly people: number; readonly isExact: boolean }> {
      const every = Math.max(1, Math.floor(total / COMPARED));
      const ids = Array.from({ length: Math.ceil(total / every) }, (_, n) => messageId(run, 1 + n * every));
      const own = await messages.find({ _id: { $in: ids } }, { projection: { person: 1 } }).toArray();
      const reached = { person: { $in: own.map(({ person }) => person) }, run: other, state: { $in: [...REACHED] } };
      return { people: (await messages.countDocuments(reached)) * every, isExact: every === 1 };
    },
    /** Why rows were left out of this run, by row. */
    async exclusionsOf(run: string): Promise<Map<string, string>> {
      const found = await exclusions.find({ run }).toArray();
      return new Map(found.map((one) => [one.row, one.reason]));
    },
    /**
     * Rows of which the message ended in one of these states, and how many in which; but for those to whom it may have gone twice:
     * what became of the second says nothing of the first.
     */
    async notReached(run: string, states: readonly MessageState[]): Promise<NotReached> {
      const ended = { _id: idsOfRun(run), state: { $in: [...states] }, possibleDuplicate: { $exists: false } };
      const rows: string[] = [];
      const taken: Partial<Record<MessageState, number>> = {};
      for await (const { row, state } of messages.find(ended, { projection: { row: 1, state: 1 } })) {
        rows.push(row);
        taken[state] = (taken[state] ?? 0) + 1;
      }
      return { rows, taken };
    },
    /** Of one run: what waits and is cheapest through this provider, and what it may have sent. */
    async through(run: string, provider: string): Promise<{ readonly queued: number; readonly unknown: number }> {
      const found = await messages
        .aggregate<{ _id: MessageState; messages: number }>([
          {
            $match: {
              _id: idsOfRun(run),
              $or: [
                { state: 'queued', route: provider },
                { state: 'unknown', 'sent.provider': provider },
              ],
            },
          },
          { $group: { _id: '$state', messages: { $sum: 1 } } },
        ])
        .toArray();
      const count = (state: MessageState) => found.find((group) => group._id === state)?.messages ?? 0;
      return { queued: count('queued'), unknown: count('unknown') };
    },
    /** How many messages of the run stand in each state, and what they cost so far in micro-units; derived, never counted up. */
    counts,
    /** The same as people are shown it: of a large run perhaps as it was a moment ago. */
    recentCounts: restedReading(counts, mono, restOfCounts),
  };
}

const charged = (on: keyof typeof CHARGED_IN) => ({
  $and: [{ $eq: ['$sent.chargedOn', on] }, { $in: ['$state', CHARGED_IN[on]] }],
});
const COST_SO_FAR = {
  $cond: [{ $or: [charged('submit'), charged('delivery')] }, { $multiply: ['$sent.perPart', '$parts'] }, 0],
};
