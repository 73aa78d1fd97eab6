/** What is read to be sent is what was approved, also in the midst of a run: who changes text and leaf together gains nothing. */
import { afterAll, beforeAll, expect, test } from 'vitest';
import type { Campaign } from '../../src/campaigns/campaign.ts';
import type { Batch, MessageRecord } from '../../src/campaigns/messages.ts';
import { messagesStore } from '../../src/campaigns/messages-store.ts';
import { leafOf, rootOf } from '../../src/campaigns/terms.ts';
import { type BatchReader, batchReader } from '../../src/dispatch/batches.ts';
import type { DispatchRoom } from '../../src/dispatch/room.ts';
import { dispatchStore } from '../../src/dispatch/store.ts';
import type { FreshDatabase } from '../support/mongo.ts';
import { dispatchDatabase, plant } from './planted.ts';

let database: FreshDatabase;
beforeAll(async () => {
  database = await dispatchDatabase();
});
afterAll(() => database.drop());

const batches = () => database.db.collection<Batch>('batches');
const messages = () => database.db.collection<MessageRecord>('messages');

let runs = 0;

/** A run of three batches, and a worker that has read none of them. */
async function run(): Promise<{ run: string; campaign: Campaign; reader: BatchReader; leaf: Batch[] }> {
  const run = `${++runs}.1`;
  await plant(database, run, 30, { size: 10 });
  const leaf = await batches().find({ run }).sort({ _id: 1 }).toArray();
  const frozen = { run, root: rootOf(leaf.map((one) => one.leaf)) };
  const room = { campaigns: { messages: messagesStore(database) }, store: dispatchStore(database) };
  return {
    run,
    campaign: { kind: 'test', frozen } as Campaign,
    reader: batchReader(room as unknown as DispatchRoom),
    leaf,
  };
}

/** Changes the first text of a batch and the batch's leaf with it, and returns the batch as it stands now. */
async function tamper({ _id, first, run }: Batch): Promise<Batch> {
  await messages().updateOne({ _id: `${run}:${String(first).padStart(7, '0')}` }, { $set: { text: 'Pay here' } });
  const batch = (await batches().findOne({ _id }))!;
  await batches().updateOne({ _id }, { $set: { leaf: leafOf(await dispatchStore(database).messagesOf(batch)) } });
  return (await batches().findOne({ _id }))!;
}

test('text and leaf changed together after the first piece: neither this batch nor its copy in memory is sent', async () => {
  const { campaign, reader, leaf } = await run();
  expect((await reader.read(campaign, leaf[0]!))?.messages.size).toBe(10);
  expect(await reader.read(campaign, await tamper(leaf[0]!))).toBeNull();
});

test('so it is with a batch that nobody has read yet', async () => {
  const { campaign, reader, leaf } = await run();
  expect(await reader.read(campaign, leaf[0]!)).not.toBeNull();
  expect(await reader.read(campaign, await tamper(leaf[1]!))).toBeNull();
  expect((await reader.read(campaign, leaf[2]!))?.messages.size).toBe(10);
});

test('a worker that comes later sends nothing of such a run', async () => {
  const { campaign, reader, leaf } = await run();
  await tamper(leaf[1]!);
  expect(await reader.read(campaign, leaf[0]!)).toBeNull();
});

test('a text that is changed after its batch was read is sent as it was approved', async () => {
  const { run: id, campaign, reader, leaf } = await run();
  await reader.read(campaign, leaf[0]!);
  await messages().updateOne({ _id: `${id}:0000001` }, { $set: { text: 'Pay here' } });
  expect((await reader.read(campaign, leaf[0]!))?.messages.get(`${id}:0000001`)?.text).toBe('Dear Client 1, hello');
});
