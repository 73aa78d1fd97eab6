/**
 * A list in which people work while its campaign waits: whoever was taken off it is never seen by the operator, everybody else gets
 * what was approved, once, and a list that has suddenly lost most of its rows sends nothing before a person has said so.
 */
import { afterAll, beforeAll, expect, test } from 'vitest';
import type { AudienceSource } from '../../src/audiences/source.ts';
import { resume } from '../../src/campaigns/control.ts';
import { schedule } from '../../src/campaigns/schedule.ts';
import { createLists, type Lists } from '../chat/list-source.ts';
import { until } from '../support/herald.ts';
import { type OperatedHouse, operatedHouse } from '../support/operated.ts';
import { campaignNow, done, draftOver, letOut, messagesNow, people } from '../support/steps.ts';

let one: OperatedHouse;
let lists: Lists;
beforeAll(async () => {
  one = await operatedHouse();
  lists = createLists();
  (one.herald.campaigns.reading.sources as AudienceSource[]).push(lists.source);
});
afterAll(() => one.close());

/** Two batches, the second one small. */
const COUNT = 1003;

async function approved(name: string) {
  const sheet = lists.sheet(name, people(COUNT));
  const source = { ref: sheet.ref, name, answers: {}, uploaded: false };
  const draft = await draftOver(one.house, one.anna, '', { source, start: null });
  const campaign = await letOut(one.herald, one.anna, one.boris, draft);
  const startSoon = async () =>
    done(await schedule(one.herald.campaigns, one.anna, campaign._id, new Date(Date.now() + 300)));
  return { sheet, campaign, startSoon };
}

test('who is gone by the start is never sent to, also a whole batch of them; all others are, once', async () => {
  const { sheet, campaign, startSoon } = await approved('changed');
  const phones = sheet.rows.map(({ line }) => line.split(',')[0]!);
  const gone = new Set([...phones.slice(100, 200), ...phones.slice(1000)]);
  sheet.rows = sheet.rows.filter((_, n) => !gone.has(phones[n]!)).reverse();
  sheet.rows[0]!.line = '+79009999999,Somebody else';
  await startSoon();
  await one.untilEnded(campaign);
  const sent = (await one.log()).map((entry) => `+${entry.to.replace(/^\+/, '')}`);
  expect(sent.toSorted()).toEqual(phones.filter((phone) => !gone.has(phone)).toSorted());
  expect(await one.judge(campaign)).toMatchObject({ dup: 0, lost: 0, falseSent: 0, wrong: 0, unknown: 0, stuck: 0 });
  const removed = (await messagesNow(one.herald, campaign.frozen!.run)).filter(({ state }) => state === 'removed');
  expect(new Set(removed.map(({ phone }) => phone as string))).toEqual(gone);
}, 30_000);

test('a list that has lost most of its rows sends nothing, until a person says that all are meant', async () => {
  const before = (await one.log()).length;
  const { sheet, campaign, startSoon } = await approved('lost');
  sheet.rows = sheet.rows.slice(0, 400);
  await startSoon();
  await until('the hold', async () => (await campaignNow(one.herald, campaign._id)).state === 'missed');
  expect((await one.log()).length).toBe(before);
  done(await resume(one.herald.campaigns, one.boris, campaign._id));
  await one.untilEnded(campaign);
  expect((await one.log()).length).toBe(before + COUNT);
}, 30_000);
