/** Runs planted straight into a database, for tests of the stores and of what stands on them. */

import {
  type Batch,
  batchId,
  idsOfRun,
  type MessageRecord,
  messageId,
  type SentUnder,
} from '../../src/campaigns/messages.ts';
import { campaignMigrations } from '../../src/campaigns/store.ts';
import { leafOf } from '../../src/campaigns/terms.ts';
import type { Receipt } from '../../src/dispatch/provider.ts';
import { dispatchMigrations, receiptStore } from '../../src/dispatch/receipt-store.ts';
import type { ReceiptDesk } from '../../src/dispatch/receipts.ts';
import type { Route } from '../../src/dispatch/routing.ts';
import { dispatchStore } from '../../src/dispatch/store.ts';
import { createTaken } from '../../src/dispatch/taken.ts';
import type { E164 } from '../../src/messages/phone.ts';
import { createLog } from '../../src/platform/log.ts';
import { migrate } from '../../src/platform/migrations.ts';
import type { Database } from '../../src/platform/mongo/connect.ts';
import { freshDatabase } from '../support/mongo.ts';

export const silent = createLog({ level: 'silent' });

/** An empty database with the indexes that dispatch lives by. */
export async function dispatchDatabase() {
  const database = await freshDatabase();
  await migrate(database, [...campaignMigrations, ...dispatchMigrations], { log: silent });
  return database;
}

export const phoneOf = (n: number): E164 => `+7900${String(1_000_000 + n)}` as E164;
export const personKey = (phone: string): string => `key of ${phone}`;

/** The `n`-th message of a run, queued. */
export const messageOf = (run: string, n: number, fields: Partial<MessageRecord> = {}): MessageRecord => ({
  _id: messageId(run, n),
  schemaVersion: 1,
  run,
  person: personKey(phoneOf(n)),
  phone: phoneOf(n),
  sender: 'HERALD',
  text: `Dear Client ${n}, hello`,
  encoding: 'gsm7',
  parts: 1,
  ceiling: 2_000_000,
  row: `a1:${n}`,
  route: 'alfa',
  price: 1_500_000,
  state: 'queued',
  ...fields,
});

/** Plants a run of `count` messages in batches of `size`; `fields` are those of every message. */
export async function plant(
  { db }: Database,
  run: string,
  count: number,
  { size = 1000, zone = 'Europe/Moscow', fields = {} as Partial<MessageRecord> } = {},
): Promise<readonly MessageRecord[]> {
  const messages = Array.from({ length: count }, (_, i) => messageOf(run, i + 1, fields));
  const batches: Batch[] = [];
  for (let first = 1; first <= count; first += size) {
    const last = Math.min(count, first + size - 1);
    batches.push({
      _id: batchId(run, batches.length + 1),
      schemaVersion: 1,
      run,
      campaign: run.split('.')[0]!,
      first,
      last,
      zone,
      leaf: leafOf(messages.slice(first - 1, last)),
      next: first,
      fence: 0,
      pieces: [],
      done: false,
    });
  }
  await db.collection<MessageRecord>('messages').insertMany([...messages]);
  await db.collection<Batch>('batches').insertMany(batches);
  return messages;
}

/** The messages of a run as they stand now, in order. */
export const messagesIn = ({ db }: Database, run: string): Promise<MessageRecord[]> =>
  db
    .collection<MessageRecord>('messages')
    .find({ _id: idsOfRun(run) })
    .sort({ _id: 1 })
    .toArray();

export const messageIn = async ({ db }: Database, id: string): Promise<MessageRecord> =>
  (await db.collection<MessageRecord>('messages').findOne({ _id: id }))!;

/** How many messages of the run stand in each state. */
export async function statesIn(database: Database, run: string): Promise<Record<string, number>> {
  const counts: Record<string, number> = {};
  for (const { state } of await messagesIn(database, run)) counts[state] = (counts[state] ?? 0) + 1;
  return counts;
}

export const alfa: Route = {
  provider: 'alfa',
  perPart: 1_500_000,
  currency: 'RUB',
  priceVersion: '1',
  chargedOn: 'submit',
  expected: 1_500_000,
  share: 1,
};

/** A clock that a test moves. */
export function clockAt(iso: string) {
  let now = new Date(iso).getTime();
  return {
    now: () => new Date(now),
    forward(ms: number) {
      now += ms;
    },
  };
}

/** A desk for receipts over the database, its clock the test's. */
export const receiptDeskOver = (database: Database, now: () => Date): ReceiptDesk => ({
  store: receiptStore(database),
  taken: createTaken(),
  takenAmong: dispatchStore(database).takenAmong,
  personKey,
  now,
  log: silent,
});

/** A receipt of alfa's, of the `n`-th message's phone. */
export const receiptOf = (id: string, n: number, fields: Partial<Receipt> = {}): Receipt => ({
  provider: 'alfa',
  providerMessageId: id,
  state: 'delivered',
  to: phoneOf(n),
  error: null,
  at: new Date('2026-11-23T10:00:00Z'),
  ...fields,
});

/** What a message is sent under by alfa. */
export function sentUnder(fence: number, at: Date, route: Route = alfa): SentUnder {
  const { provider, perPart, currency, priceVersion, chargedOn, accountPrice } = route;
  const under = { fence, provider, sentAt: at, perPart, currency, priceVersion, chargedOn, costCentre: 'sales' };
  return accountPrice ? { ...under, accountPrice } : under;
}

/** Marks messages one by one, as a worker does that is about to send second copies. */
export async function submitting(database: Database, ids: readonly string[], fence = 1, at = new Date(), route = alfa) {
  await dispatchStore(database).mark(ids, sentUnder(fence, at, route));
}
