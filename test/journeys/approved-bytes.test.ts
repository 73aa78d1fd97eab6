/**
 * What is sent is byte for byte what was approved: whoever changes a message in the database between the approval and the
 * sending gets nothing sent by it, but a campaign that stands still and says why.
 */
import { afterAll, beforeAll, expect, test } from 'vitest';
import type { Campaign } from '../../src/campaigns/campaign.ts';
import { resume } from '../../src/campaigns/control.ts';
import type { MessageRecord } from '../../src/campaigns/messages.ts';
import { idsOfRun } from '../../src/campaigns/messages.ts';
import { schedule } from '../../src/campaigns/schedule.ts';
import { until } from '../support/herald.ts';
import { type OperatedHouse, operatedHouse } from '../support/operated.ts';
import { campaignNow, done, draftOver, letOut, messagesNow, people } from '../support/steps.ts';

let one: OperatedHouse;
beforeAll(async () => {
  one = await operatedHouse();
});
afterAll(() => one.close());

const messages = () => one.herald.database.db.collection<MessageRecord>('messages');
const batches = () => one.herald.database.db.collection<{ _id: string; leaf: string; run: string }>('batches');

/** Approved, and waiting for its time. */
const approved = async (count: number, sender = 'HERALD') =>
  letOut(one.herald, one.anna, one.boris, await draftOver(one.house, one.anna, people(count), { start: null, sender }));

let cases = 0;

const startSoon = (campaign: Campaign) =>
  schedule(one.herald.campaigns, one.anna, campaign._id, new Date(Date.now() + 300));

const pausedBecause = (id: string) =>
  until('a pause', async () => {
    const campaign = await campaignNow(one.herald, id);
    return campaign.state === 'paused' && campaign.hold?.why;
  });

test.each<[string, (run: string) => Promise<unknown>]>([
  ['one text', (run) => messages().updateOne({ _id: `${run}:0000150` }, { $set: { text: 'Dear Client, pay here' } })],
  [
    'one number',
    (run) => messages().updateOne({ _id: `${run}:0000001` }, { $set: { phone: '+79009999999' as never } }),
  ],
  ['the sender of all', (run) => messages().updateMany({ _id: idsOfRun(run) }, { $set: { sender: 'BANK' } })],
  ['the highest price', (run) => messages().updateOne({ _id: `${run}:0000002` }, { $set: { ceiling: 9_000_000 } })],
  ['one message taken away', (run) => messages().deleteOne({ _id: `${run}:0000003` })],
  ['a leaf', (run) => batches().updateOne({ _id: `${run}#00001` }, { $set: { leaf: 'f'.repeat(64) } })],
  ['a batch taken away', (run) => batches().deleteOne({ _id: `${run}#00002` })],
])(
  '%s changed after the approval: it pauses, and not one is sent',
  async (_what, tamper) => {
    // A sender of its own: what the case before still has on its way is not this one's.
    const sender = `CASE${++cases}`;
    // Two batches, the second one small.
    const campaign = await approved(1003, sender);
    await tamper(campaign.frozen!.run);
    done(await startSoon(campaign));
    expect(await pausedBecause(campaign._id)).toBe('not-what-was-approved');
    const tampered = (await messagesNow(one.herald, campaign.frozen!.run)).filter((message) =>
      message.text.includes('pay here'),
    );
    const sent = (await one.operator.log()).filter((entry) => entry.from === sender || entry.from === 'BANK');
    // The other batch may be sound, and on its way before this one is looked at.
    expect(sent.filter((entry) => tampered.some((message) => entry.to.endsWith(message.phone.slice(1))))).toEqual([]);
    expect(sent.filter((entry) => !entry.text?.startsWith('Dear Client') || entry.from === 'BANK')).toEqual([]);
    expect(sent.length).toBeLessThanOrEqual(3);
  },
  20_000,
);

test('what was put right again goes on where a person resumes it', async () => {
  const campaign = await approved(50);
  const id = `${campaign.frozen!.run}:0000007`;
  const { text } = (await messages().findOne({ _id: id }))!;
  await messages().updateOne({ _id: id }, { $set: { text: `${text}!` } });
  done(await startSoon(campaign));
  await pausedBecause(campaign._id);
  done(await resume(one.herald.campaigns, one.boris, campaign._id));
  await pausedBecause(campaign._id);
  await messages().updateOne({ _id: id }, { $set: { text } });
  done(await resume(one.herald.campaigns, one.boris, campaign._id));
  await one.untilEnded(campaign);
  const states = (await one.herald.campaigns.messages.counts(campaign.frozen!.run)).states;
  expect(states.accepted).toBe(50);
}, 25_000);

test('the terms changed in the campaign itself: its start is missed, with the reason', async () => {
  const before = (await one.operator.log()).length;
  const campaign = await approved(20);
  done(await startSoon(campaign));
  await one.herald.database.db
    .collection<{ _id: string }>('campaigns')
    .updateOne(
      { _id: campaign._id },
      { $set: { 'submission.terms.notAfter': new Date(Date.now() + 10 * 86_400_000) } },
    );
  await until('the missed start', async () => (await campaignNow(one.herald, campaign._id)).state === 'missed');
  expect((await campaignNow(one.herald, campaign._id)).hold?.why).toBe('not-what-was-approved');
  expect((await one.operator.log()).length).toBe(before);
  // A new time does not help: it is a draft again, to be approved anew.
  const again = await schedule(one.herald.campaigns, one.anna, campaign._id, new Date(Date.now() + 60_000));
  expect(done(again)).toMatchObject({ state: 'draft', approvedHash: null });
}, 20_000);
