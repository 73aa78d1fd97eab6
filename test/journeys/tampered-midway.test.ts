/** Texts changed in the database in the midst of a run, their batch's leaf with them: it pauses, and none of them is sent. */
import { afterAll, beforeAll, expect, test } from 'vitest';
import type { Batch, MessageRecord } from '../../src/campaigns/messages.ts';
import { leafOf } from '../../src/campaigns/terms.ts';
import { until } from '../support/herald.ts';
import { type OperatedHouse, operatedHouse } from '../support/operated.ts';
import { campaignNow, draftOver, letOut, people } from '../support/steps.ts';

let one: OperatedHouse;
beforeAll(async () => {
  one = await operatedHouse({ accounts: [{ name: 'alfa', partsPerSecond: 300, window: 100 }] });
});
afterAll(() => one.close());

test('a whole batch of another text under a leaf of its own stops the run before it is sent', async () => {
  // Two batches, the first of which takes three seconds.
  const draft = await draftOver(one.house, one.anna, people(1400));
  const campaign = await letOut(one.herald, one.anna, one.boris, draft);
  const { run } = campaign.frozen!;
  await one.untilTaken(50);
  const { db } = one.herald.database;
  const second = (await db.collection<Batch>('batches').findOne({ run, first: 1001 }))!;
  const texts = { $set: { text: 'Dear Client, pay here' } };
  await db.collection<MessageRecord>('messages').updateMany({ _id: { $gte: `${run}:0001001`, $lt: `${run};` } }, texts);
  const leaf = leafOf(await one.herald.dispatch.store.messagesOf(second));
  await db.collection<Batch>('batches').updateOne({ _id: second._id }, { $set: { leaf } });
  const paused = await until('a pause', async () => {
    const now = await campaignNow(one.herald, campaign._id);
    return now.state === 'paused' && now;
  });
  expect(paused.hold?.why).toBe('not-what-was-approved');
  const log = await one.log();
  expect(log.filter((entry) => entry.text?.includes('pay here'))).toEqual([]);
  expect(log.length).toBeLessThanOrEqual(1000);
}, 30_000);
