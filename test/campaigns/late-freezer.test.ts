/** A process that makes a draft's numbers and stands still so long that another makes them: it harms nothing when it wakes. */
import { afterAll, beforeAll, expect, test } from 'vitest';
import { approve, markOf, submit } from '../../src/campaigns/approve.ts';
import type { Campaign } from '../../src/campaigns/campaign.ts';
import { createDraft } from '../../src/campaigns/draft.ts';
import { type Batch, batchId, idsOfRun, type MessageRecord, messageId } from '../../src/campaigns/messages.ts';
import { prepare } from '../../src/campaigns/prepare.ts';
import type { CampaignRoom } from '../../src/campaigns/room.ts';
import type { Employee } from '../../src/staff/employee.ts';
import { type CampaignDesk, campaignDesk, done, never, PEOPLE } from './desk.ts';

let desk: CampaignDesk;
let anna: Employee;
let boris: Employee;
beforeAll(async () => {
  desk = await campaignDesk();
  anna = await desk.hire('anna', ['author']);
  boris = await desk.hire('boris', ['approver']);
});
afterAll(() => desk.close());

const messages = () => desk.database.db.collection<MessageRecord>('messages');
const batches = () => desk.database.db.collection<Batch>('batches');
const campaigns = () => desk.database.db.collection<{ _id: string }>('campaigns');
const loseLease = (_id: string) => campaigns().updateOne({ _id }, { $set: { 'preparing.until': new Date(0) } });
const kept = async (run: string) => [
  await messages()
    .find({ _id: idsOfRun(run) })
    .sort({ _id: 1 })
    .toArray(),
  await batches().find({ run }).toArray(),
];

/** The room of a process that stands still when it asks for prices, until it is let go on. */
function stoppedRoom(): { room: CampaignRoom; stopped: Promise<void>; goOn(): void } {
  const { promise: stopped, resolve: stop } = Promise.withResolvers<void>();
  const { promise: going, resolve: goOn } = Promise.withResolvers<void>();
  const quoter = {
    tariff: async (terms: Parameters<CampaignRoom['quoter']['tariff']>[0]) => {
      stop();
      await going;
      return desk.room.quoter.tariff(terms);
    },
  };
  return { room: { ...desk.room, quoter }, stopped, goOn };
}

async function bare(): Promise<Campaign> {
  const source = { ref: desk.lists.keep('late', PEOPLE), name: 'late.csv', answers: {}, uploaded: false };
  const fields = { source, text: 'Dear {{Name}}, hello', sender: 'HERALD', start: { kind: 'on-approval' } as const };
  return done(await createDraft(desk.room, anna, fields));
}

/** As a worker leaves it that has sent the first message. */
async function send(run: string): Promise<void> {
  await batches().updateOne({ _id: batchId(run, 1) }, { $set: { fence: 1, next: 2 } });
  await messages().updateOne({ _id: messageId(run, 1) }, { $set: { state: 'accepted', fence: 1 } });
}

test('whoever wakes after the campaign was approved and sent breaks off, and all of it is left as it was', async () => {
  const { _id } = await bare();
  const late = stoppedRoom();
  const making = prepare(late.room, _id, 'late', never);
  await late.stopped;
  await loseLease(_id);
  await prepare(desk.room, _id, 'quick', never);
  const { submission, frozen } = done(await submit(desk.room, anna, _id));
  done(await approve(desk.room, boris, _id, markOf(submission!.hash)));
  await send(frozen!.run);
  const before = await kept(frozen!.run);
  late.goOn();
  await expect(making).rejects.toThrow('E11000');
  expect(await kept(frozen!.run)).toEqual(before);
  expect((await desk.now(_id)).frozen).toEqual(frozen);
});

test('a run of which a worker holds a batch is not forgotten, whoever asks', async () => {
  const { frozen } = await desk.draft(anna);
  await send(frozen!.run);
  const before = await kept(frozen!.run);
  await desk.room.messages.drop(frozen!.run);
  expect(await kept(frozen!.run)).toEqual(before);
});

test('a message that a worker has touched is spared also where its batch is gone', async () => {
  const { frozen } = await desk.draft(anna);
  await send(frozen!.run);
  await batches().deleteMany({ run: frozen!.run });
  await desk.room.messages.drop(frozen!.run);
  expect((await kept(frozen!.run))[0]).toMatchObject([{ _id: messageId(frozen!.run, 1), state: 'accepted' }]);
});

test('a lease is prolonged by its owner only, and by nobody once it was given up', async () => {
  const { _id } = await bare();
  const { store } = desk.room;
  expect(await store.renewPreparing(_id, 'one', 1000)).toBe(false);
  expect(await store.leasePreparing(_id, 'one', 1000)).toBe(true);
  expect(await store.renewPreparing(_id, 'one', 1000)).toBe(true);
  expect(await store.renewPreparing(_id, 'two', 1000)).toBe(false);
  await loseLease(_id);
  expect(await store.leasePreparing(_id, 'two', 1000)).toBe(true);
  expect(await store.renewPreparing(_id, 'one', 1000)).toBe(false);
  await store.releasePreparing(_id, 'one');
  expect(await store.renewPreparing(_id, 'two', 1000)).toBe(true);
  await store.releasePreparing(_id, 'two');
  expect(await store.renewPreparing(_id, 'two', 1000)).toBe(false);
});

test('between two steps it looks whether the lease is still its own, and drops nothing of the other’s', async () => {
  const { _id } = await bare();
  let taken = false;
  // The audience is read; before the messages are made, somebody else takes over.
  const source = {
    ...desk.lists.source,
    open: async (ref: string, tab: string, signal: AbortSignal) => {
      const opening = await desk.lists.source.open(ref, tab, signal);
      await campaigns().updateOne({ _id }, { $set: { preparing: { owner: 'other', until: new Date(8e12) } } });
      taken = true;
      return opening;
    },
  };
  const room = { ...desk.room, reading: { ...desk.room.reading, sources: [source] } };
  const left = await prepare(room, _id, 'late', never);
  expect(taken).toBe(true);
  expect(left).toMatchObject({ state: 'draft', frozen: null });
  expect(left?.audience).not.toBeNull();
});
