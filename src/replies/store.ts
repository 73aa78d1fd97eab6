/**
 * What customers send back, as MongoDB keeps it: every inbound SMS is durable before the operator is told that it was taken.
 */
import { createHash } from 'node:crypto';
import type { Collection } from 'mongodb';
import type { Inbound } from '../dispatch/provider.ts';
import { daysAfter } from '../platform/days.ts';
import type { Database } from '../platform/mongo/connect.ts';

interface InboundRecord {
  /** Hash of what makes it one message, so that an operator's repetition is kept once. */
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
  return {
    /** Resolves when all of them are durable. */
    async keep(messages: readonly Inbound[]): Promise<void> {
      if (messages.length === 0) return;
      const deleteAfter = daysAfter(options.now(), options.retentionDays);
      await inbound.bulkWrite(
        messages.map(({ provider, from, to, text, at }) => ({
          updateOne: {
            filter: { _id: identityOf({ provider, from, to, text, at }) },
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

const identityOf = ({ provider, from, to, text, at }: Inbound): string =>
  createHash('sha256')
    .update(JSON.stringify([provider, from, to, text, at.toISOString()]))
    .digest('base64url');

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
