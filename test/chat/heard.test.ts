/** A chat says again what it thinks was not heard; it is acted on once. */
import { afterAll, beforeAll, expect, test } from 'vitest';
import { MONDAY, type Office, openOffice, PEOPLE } from './office.ts';

let office: Office;
let people: string;
beforeAll(async () => {
  office = await openOffice({ defaultSender: 'ACME' });
  people = office.list('people', PEOPLE);
  await office.hire('anna', ['author']);
});
afterAll(() => office.close());

const campaigns = async () => (await office.room.campaigns.store.list({ departments: 'all' })).length;

test('the same saying makes one campaign, also when it comes twice at once', async () => {
  const event = { account: 'anna', text: `new ${people} text="Hello"`, id: 'e1' };
  const answers = await Promise.all([office.raw(event), office.raw(event)]);
  expect(answers.filter((card) => card !== null)).toHaveLength(1);
  expect(await office.raw(event)).toBeNull();
  expect(await campaigns()).toBe(1);
  expect(await office.raw({ ...event, surface: 'other', account: 'stranger' })).not.toBeNull();
});

test('who died over a saying has not heard it: a later repetition is acted on', async () => {
  const { heard } = office.room;
  expect(await heard.begin('console', 'e2', MONDAY)).toBe(true);
  expect(await heard.begin('console', 'e2', new Date(MONDAY.getTime() + 5000))).toBe(false);
  office.clock = new Date(MONDAY.getTime() + 61_000);
  const event = { account: 'anna', text: 'help', id: 'e2' };
  const answers = await Promise.all([office.raw(event), office.raw(event)]);
  expect(answers.filter((card) => card !== null)).toHaveLength(1);
  office.clock = new Date(MONDAY.getTime() + 600_000);
  expect(await office.raw(event)).toBeNull();
});

test('when a person was last heard is kept to the minute', async () => {
  const at = async () => (await office.room.reaches.reach('console', 'anna'))?.lastHeardAt;
  office.clock = new Date(MONDAY.getTime() + 3_600_000);
  await office.say('anna', 'help');
  const first = await at();
  expect(first).toEqual(office.clock);
  office.clock = new Date(office.clock.getTime() + 30_000);
  await office.say('anna', 'help');
  expect(await at()).toEqual(first);
  office.clock = new Date(office.clock.getTime() + 30_000);
  await office.say('anna', 'help');
  expect(await at()).toEqual(office.clock);
});
