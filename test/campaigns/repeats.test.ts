/** The same text to the same people within a day is found as a campaign is submitted; nothing else is taken for it. */
import { afterAll, beforeAll, expect, test } from 'vitest';
import { submit } from '../../src/campaigns/approve.ts';
import type { Campaign } from '../../src/campaigns/campaign.ts';
import type { MessageRecord, MessageState } from '../../src/campaigns/messages.ts';
import { isSameText } from '../../src/campaigns/repeats.ts';
import type { Employee } from '../../src/staff/employee.ts';
import { type CampaignDesk, campaignDesk, done, HOUR, later } from './desk.ts';

let desk: CampaignDesk;
let anna: Employee;
let boris: Employee;
beforeAll(async () => {
  desk = await campaignDesk();
  anna = await desk.hire('anna', ['author']);
  boris = await desk.hire('boris', ['approver']);
});
afterAll(() => desk.close());

const startAt = (hours: number) => ({ start: { kind: 'at', at: later(hours * HOUR) } as const });
const submitted = async (fields: object) => done(await submit(desk.room, anna, (await desk.draft(anna, fields))._id));
const found = ({ repeats = [] }: Campaign) =>
  repeats.map(({ campaign, people, isExact }) => [campaign, people, isExact]);

test('case and spaces make no other text, words do', () => {
  expect(isSameText('Sale  today,\n{{Name}}', ' sale today, {{name}} ')).toBe(true);
  expect(isSameText('Sale today', 'Sale tomorrow')).toBe(false);
  expect(isSameText(null, null)).toBe(false);
});

test('campaigns that wait, or have sent, to the same people; by how many, and only within a day', async () => {
  const first = await desk.approved(anna, boris, { text: 'Sale today, {{Name}}', ...startAt(2) });
  expect(found(await submitted({ text: 'sale  TODAY, {{Name}}', ...startAt(3) }))).toEqual([[first._id, 3, true]]);
  expect(found(await submitted({ text: 'Sale tomorrow, {{Name}}', ...startAt(3) }))).toEqual([]);
  expect(found(await submitted({ text: 'Sale today, {{Name}}', ...startAt(27) })).map(([id]) => id)).not.toContain(
    first._id,
  );
});

test('whom the other did not reach does not count', async () => {
  const text = 'Gone wrong, {{Name}}';
  const { frozen } = await desk.approved(anna, boris, { text, ...startAt(2) });
  const messages = desk.database.db.collection<MessageRecord>('messages');
  const move = (n: number, state: MessageState) =>
    messages.updateOne({ _id: `${frozen!.run}:000000${n}` }, { $set: { state } });
  await move(1, 'failed');
  await move(2, 'undelivered');
  await move(3, 'delivered');
  expect(found(await submitted({ text, ...startAt(4) }))).toEqual([[frozen!.run.split('.')[0], 1, true]]);
});
