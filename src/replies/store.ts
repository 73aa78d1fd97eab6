/**
 * What customers send back, as MongoDB keeps it: every inbound SMS is durable before the operator is told that it was taken, and
 * one that the operator repeats is kept once. It is known by the operator's own id; else by who wrote what, when, to which number.
 * Where the operator does not say when, the same words within five minutes are one: a customer who writes them twice in that time
 * is heard once.
 */
import { createHash } from 'node:crypto';
import type { Collection } from 'mongodb';
import type { Inbound } from '../dispatch/provider.ts';
import { daysAfter } from '../platform/days.ts';
import type { Database } from '../platform/mongo/connect.ts';

interface InboundRecord {
  /** Hash of what makes it one message. */
  readonly _id: string;
  readonly schemaVersion: 1;
  readonly provider: string;
  readonly person: string;
  readonly from: string;
  readonly to: string;
  readonly text: string;
  readonly at: Date;
  readonly deleteAfter: Date;
}

export interface InboundOptions {
  readonly personKey: (phone: string) => string;
  readonly retentionDays: number;
  readonly now: () => Date;
}

export function replyStore(database: Database, options: InboundOptions) {
  const inbound: Collection<InboundRecord> = database.db.collection('inbound');

  /** Of those without a moment of their own: the same words came a little while ago, though not in the same five minutes. */
  async function keptJustNow(messages: readonly Inbound[]): Promise<(one: Inbound) => boolean> {
    const ids = messages.filter(isTimeless).map((one) => identityOf(one, -1));
    const found = ids.length === 0 ? [] : await inbound.find({ _id: { $in: ids } }).toArray();
    const keptAt = new Map(found.map(({ _id, at }) => [_id, at.getTime()]));
    return (one) => isTimeless(one) && one.at.getTime() - (keptAt.get(identityOf(one, -1)) ?? 0) < SAME_WITHIN_MS;
  }

  return {
    /** Resolves when all of them are durable. */
    async keep(messages: readonly Inbound[]): Promise<void> {
      if (messages.length === 0) return;
      const deleteAfter = daysAfter(options.now(), options.retentionDays);
      const isKept = await keptJustNow(messages);
      const fresh = messages.filter((one) => !isKept(one));
      if (fresh.length === 0) return;
      await inbound.bulkWrite(
        fresh.map(({ provider, from, to, text, at, ...known }) => ({
          updateOne: {
            filter: { _id: identityOf({ provider, from, to, text, at, ...known }) },
            update: {
              $setOnInsert: {
                schemaVersion: 1,
                provider,
                person: options.personKey(from),
                from,
                to,
                text,
                at,
                deleteAfter,
              },
            },
            upsert: true,
          },
        })),
        { ordered: false },
      );
    },
    async of(phone: string): Promise<{ text: string; at: Date }[]> {
      const found = await inbound
        .find({ person: options.personKey(phone) })
        .sort({ at: 1 })
        .toArray();
      return found.map(({ text, at }) => ({ text, at }));
    },
  };
}

/** An operator repeats what was not acknowledged within minutes. */
const SAME_WITHIN_MS = 300_000;

const isTimeless = ({ id, isArrival = false }: Inbound): boolean => id === undefined && isArrival;

/** `span`: of a message without a moment, that of the five minutes so many before its own. */
function identityOf(one: Inbound, span = 0): string {
  const { provider, from, to, text, at, id } = one;
  const words = [provider, from, to, text];
  const spans = Math.floor(at.getTime() / SAME_WITHIN_MS) + span;
  const what = id !== undefined ? [provider, id] : [...words, isTimeless(one) ? spans : at.toISOString()];
  return createHash('sha256').update(JSON.stringify(what)).digest('base64url');
}

export const replyMigrations = [
  {
    id: 500,
    name: 'replies: indexes',
    async up({ db }: Database): Promise<void> {
      await db
        .collection('inbound')
        .createIndexes([{ key: { person: 1, at: 1 } }, { key: { deleteAfter: 1 }, expireAfterSeconds: 0 }]);
    },
  },
];
