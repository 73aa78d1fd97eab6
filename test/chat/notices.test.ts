/** Who is shown what waits for them, at the moment of showing: people come, go and move between the news and its reading. */
import { afterAll, beforeAll, beforeEach, expect, test } from 'vitest';
import { type Chat, createChat } from '../../src/chat/chat.ts';
import type { Employee } from '../../src/staff/employee.ts';
import { type Office, openOffice, PEOPLE, textOf } from './office.ts';

let office: Office;
let chat: Chat;
let people: string;
beforeAll(async () => {
  office = await openOffice({ defaultSender: 'ACME' });
  chat = createChat(office.room);
  people = office.list('people', PEOPLE);
  await office.hire('anna', ['author']);
  await office.hire('boris', ['approver']);
  await office.hire('clara', ['approver']);
});
afterAll(async () => {
  await chat.stop();
  await office.close();
});
beforeEach(async () => {
  for (const id of ['anna', 'boris', 'clara']) await become(id, { active: true, department: 'sales', sees: [] });
});

const become = (id: string, fields: Partial<Employee>) => office.room.staff.store.change(id, fields);
const shownTo = async (id: string) => (await chat.notices(id)).map(({ card }) => card.subject);

/** A campaign that waits for a decision; clara has heard of it, and so has boris, whose notice still waits. */
async function submitted(): Promise<string> {
  const { subject } = await office.say('anna', `new ${people} text="Hello" start="tomorrow 10:00"`);
  await office.say('anna', `submit ${subject.replace('campaign:', '')}`);
  await expect.poll(() => shownTo('boris')).toContain(subject);
  await office.notice('clara', subject);
  return subject;
}

test('who is deactivated is shown nothing, and who is back is shown what still waits', async () => {
  const subject = await submitted();
  await become('boris', { active: false });
  expect(await chat.notices('boris')).toEqual([]);
  await become('boris', { active: true });
  expect(await shownTo('boris')).toContain(subject);
  expect(await chat.notices('nobody')).toEqual([]);
});

test('who has moved is shown nothing about the former department, unless it may still be seen', async () => {
  const subject = await submitted();
  const card = { subject: 'access', tone: 'info', title: 'Welcome' } as const;
  await office.room.staff.store.post({ id: 'welcome:boris', employee: 'boris', card, at: office.clock });
  await become('boris', { department: 'risk' });
  expect(await shownTo('boris')).toEqual(['access']);
  await become('boris', { sees: ['sales'] });
  expect(await shownTo('boris')).toContain(subject);
  await office.room.staff.store.shown(['welcome:boris']);
});

test('a reminder is about its campaign too', async () => {
  const id = (await submitted()).replace('campaign:', '');
  const card = { subject: `campaign:${id}:reminder:1`, tone: 'info', title: 'Still waiting' } as const;
  await office.room.staff.store.post({ id: 'again', employee: 'boris', card, at: office.clock });
  expect(await shownTo('boris')).toContain(card.subject);
  await become('boris', { department: 'risk' });
  expect(await shownTo('boris')).toEqual([]);
});

test('asked for, what may not be shown is not there', async () => {
  await submitted();
  expect(await office.raw({ account: 'boris', text: 'notices' })).toBeNull();
  await become('boris', { department: 'risk' });
  expect(textOf(await office.say('boris', 'notices'))).not.toBe('');
});

test('an author who has moved is not told what becomes of the campaign that was left behind', async () => {
  const subject = await submitted();
  const waiting = (await office.room.staff.store.noticesFor('anna')).length;
  await become('anna', { department: 'risk' });
  await office.say('clara', `reject ${subject.replace('campaign:', '')} not today`);
  await office.hire('dina', ['author']);
  const { subject: later } = await office.say('dina', `new ${people} text="Hello" start="tomorrow 10:00"`);
  await office.say('dina', `submit ${later.replace('campaign:', '')}`);
  // Events are heard in their order: who was told of the later one would have been told of the earlier.
  await office.notice('clara', later);
  expect(await office.room.staff.store.noticesFor('anna')).toHaveLength(waiting);
});
