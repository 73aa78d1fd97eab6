/** What a form about a campaign opens with: all of it for who may change it, nothing for anybody else. */
import { afterAll, beforeAll, expect, test } from 'vitest';
import { createChat } from '../../src/chat/chat.ts';
import { type Office, openOffice, PEOPLE } from './office.ts';

let office: Office;
beforeAll(async () => {
  office = await openOffice();
  await office.hire('anna', ['author']);
  await office.hire('boris', ['approver']);
  await office.hire('dina', ['author'], { department: 'support' });
});
afterAll(() => office.close());

const fields = (who: string, id: string | null) => createChat(office.room).formFields('console', who, id);
const made = async (command: string) => (await office.say('anna', command)).subject.replace('campaign:', '');

test('each field reads as a person would type it, and means the same when it is said again', async () => {
  const list = office.list('people', PEOPLE);
  const id = await made(`new ${list} name=Sale text="Hello {{Name}}" sender=ACME start="tomorrow 10:00"`);
  const opened = await fields('anna', id);
  expect(opened).toEqual({
    source: list,
    name: 'Sale',
    text: 'Hello {{Name}}',
    sender: 'ACME',
    start: '2026-11-24 10:00 UTC+03:00',
  });
  const { start } = await office.campaign(id);
  await office.say('anna', `edit ${id} start="${opened.start}"`);
  expect((await office.campaign(id)).start).toEqual(start);
  await office.say('anna', `edit ${id} start=now`);
  expect((await fields('anna', id)).start).toBe('now');
});

test('what is not there yet, and a file that is gone, is left out', async () => {
  const path = office.file('upload.csv', PEOPLE);
  const card = await office.say('anna', '', { file: { name: 'upload.csv', path } });
  const { name } = await office.campaign(card.subject.replace('campaign:', ''));
  expect(await fields('anna', card.subject.replace('campaign:', ''))).toEqual({ name });
});

test('who may not change it is shown nothing of it', async () => {
  const id = await made(`new ${office.list('others', PEOPLE)} text="Hello"`);
  for (const who of ['boris', 'dina', 'nobody']) expect(await fields(who, id)).toEqual({});
  await office.room.staff.store.change('anna', { active: false });
  expect(await fields('anna', id)).toEqual({});
  await office.room.staff.store.change('anna', { active: true });
  expect(await fields('anna', '999')).toEqual({});
});

test('a new one offers the links that were used lately, to who may make one', async () => {
  expect(await fields('anna', null)).toEqual({ recent: [] });
  const audience = (await office.campaign(await made(`new ${office.list('lately', PEOPLE)} text="Hello"`))).audience!;
  const link = 'https://docs.google.com/spreadsheets/d/1';
  await office.database.db
    .collection<{ _id: string }>('audiences')
    .updateOne({ _id: audience }, { $set: { 'source.ref': link, 'source.name': 'Spring clients' } });
  expect(await fields('anna', null)).toEqual({ recent: [{ name: 'Spring clients', link }] });
  expect(await fields('boris', null)).toEqual({});
  expect(await fields('dina', null)).toEqual({ recent: [] });
});
