/** What has become of the messages of a run, as guards count it: of its canary, of a sample, or of all of it. */
import type { Collection, Document } from 'mongodb';
import type { Amounts } from '../campaigns/caps.ts';
import type { Found } from '../campaigns/guard-terms.ts';
import {
  type Batch,
  idsBetween,
  idsOfRun,
  type MessageRecord,
  type MessageState,
  messageId,
} from '../campaigns/messages.ts';
import type { Database } from '../platform/mongo/connect.ts';
import type { CanaryFound } from './canary.ts';

/** Taken by an operator, or perhaps: there may be something to pay. */
const SENT: readonly MessageState[] = ['accepted', 'delivered', 'undelivered', 'expired', 'rejected', 'unknown'];
const FAILED: readonly MessageState[] = ['failed', 'undelivered', 'expired', 'rejected'];
const WAITING: readonly MessageState[] = ['queued', 'submitting'];
/** Who is suppressed for another reason has not asked for it. */
const ASKED = ['opt-out', 'complaint', 'asked-employee'];

/** Messages that are looked at of a large run, evenly spread: found by their ids, it costs the same whatever the run's size. */
const SAMPLE = 2000;

export type FoundStore = ReturnType<typeof foundStore>;

export function foundStore(database: Database) {
  const messages: Collection<MessageRecord> = database.db.collection('messages');
  const batches: Collection<Batch> = database.db.collection('batches');
  const suppressions = database.db.collection('suppressions');

  async function states(which: Document): Promise<ReadonlyMap<MessageState, number>> {
    const found = await messages
      .aggregate<{ _id: MessageState; count: number }>([
        { $match: which },
        { $group: { _id: '$state', count: { $sum: 1 } } },
      ])
      .toArray();
    return new Map(found.map(({ _id, count }) => [_id, count]));
  }

  /** People of the run who were sent to and have asked since then never to be again. */
  async function optOuts(run: string, since: Date): Promise<number> {
    const own = [{ $match: { run, state: { $in: [...SENT] } } }, { $project: { _id: 1 } }];
    const [found] = await suppressions
      .aggregate<{ count: number }>([
        { $match: { at: { $gte: since }, reason: { $in: ASKED } } },
        { $lookup: { from: 'messages', localField: '_id', foreignField: 'person', pipeline: own, as: 'sent' } },
        { $match: { sent: { $ne: [] } } },
        { $count: 'count' },
      ])
      .toArray();
    return found?.count ?? 0;
  }

  const sumOf = (counts: ReadonlyMap<MessageState, number>, of: readonly MessageState[]): number =>
    of.reduce((sum, state) => sum + (counts.get(state) ?? 0), 0);

  const foundIn = (counts: ReadonlyMap<MessageState, number>, optedOut: number): Found => ({
    sent: sumOf(counts, SENT),
    delivered: counts.get('delivered') ?? 0,
    failed: sumOf(counts, FAILED),
    optOuts: optedOut,
  });

  return {
    /** Of what has been taken of the run so far; for as long as that is its canary. */
    async canary(run: string, since: Date): Promise<CanaryFound> {
      const begun = await batches.find({ run, fence: { $gt: 0 } }, { projection: { first: 1, next: 1 } }).toArray();
      const ranges = begun.map(({ first, next }) => ({ _id: idsBetween(run, first, next - 1) }));
      if (ranges.length === 0) return { ...foundIn(new Map(), 0), waiting: 0, awaited: 0, unknown: 0 };
      const [counts, optedOut] = await Promise.all([states({ $or: ranges }), optOuts(run, since)]);
      const { accepted: awaited = 0, unknown = 0 } = Object.fromEntries(counts);
      return { ...foundIn(counts, optedOut), waiting: sumOf(counts, WAITING), awaited, unknown };
    },
    /** Of a run of so many messages, about: what a sample of it shows, at the scale of the whole. */
    async about(run: string, total: number, since: Date): Promise<Found> {
      const every = Math.max(1, Math.floor(total / SAMPLE));
      const ids = Array.from({ length: Math.ceil(total / every) }, (_, n) => messageId(run, 1 + n * every));
      const [counts, optedOut] = await Promise.all([states({ _id: { $in: ids } }), optOuts(run, since)]);
      const { sent, ...rest } = foundIn(counts, optedOut);
      return { ...rest, sent: sent * every };
    },
    /** Of all of a run, exactly. */
    async exactly(run: string, since: Date): Promise<Found> {
      const [counts, optedOut] = await Promise.all([states({ _id: idsOfRun(run) }), optOuts(run, since)]);
      return foundIn(counts, optedOut);
    },
    /** What a run has taken of its budget: messages that were or may have been sent, and what those can cost. */
    async taken(run: string): Promise<Amounts> {
      const of = { _id: idsOfRun(run), state: { $in: [...SENT, 'submitting' as const] } };
      const cost = { $sum: { $multiply: ['$sent.perPart', '$parts'] } };
      const [found] = await messages
        .aggregate<Amounts>([{ $match: of }, { $group: { _id: null, messages: { $sum: 1 }, cost } }])
        .toArray();
      return { messages: found?.messages ?? 0, cost: found?.cost ?? 0 };
    },
  };
}
