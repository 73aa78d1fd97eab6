/** A chat says again what it thinks was not heard; it is acted on once. */
import { setTimeout as sleep } from 'node:timers/promises';
import { afterAll, beforeAll, expect, test } from 'vitest';
import { heardStore } from '../../src/chat/heard-store.ts';
import { MONDAY, type Office, openOffice, PEOPLE, textOf } from './office.ts';

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

test('who died over a saying may have done it: whoever hears it next asks to look, and does nothing, once', async () => {
  await heardStore(office.database, { owner: 'dead' }).begin('console', 'e2', MONDAY);
  await office.database.db.collection('heard').updateMany({ owner: 'dead' }, { $set: { until: new Date(0) } });
  const before = await campaigns();
  const event = { account: 'anna', text: `new ${people} text="Hello"`, id: 'e2' };
  const answers = await Promise.all([office.raw(event), office.raw(event)]);
  const [card, another] = answers.filter((one) => one !== null);
  expect(another).toBeUndefined();
  expect(textOf(card!)).toContain('interrupted');
  expect(textOf(card!)).toContain(`new ${people}`);
  expect(await campaigns()).toBe(before);
  expect(await office.raw(event)).toBeNull();
});
test('who hears what another process is about to do waits for it, and then does nothing', async () => {
  const begun = await heardStore(office.database, { owner: 'alive' }).begin('console', 'e3', MONDAY);
  const answer = office.raw({ account: 'anna', text: 'help', id: 'e3' });
  expect(await Promise.race([answer, sleep(300, 'waits')])).toBe('waits');
  if (begun.kind === 'first') await begun.over();
  expect(await answer).toBeNull();
});

test('who does something for long is alive all the while', async () => {
  const slow = heardStore(office.database, { owner: 'slow', lifeMs: 150 });
  const begun = await slow.begin('console', 'e4', MONDAY);
  const answer = office.room.heard.begin('console', 'e4', MONDAY);
  await sleep(400);
  if (begun.kind === 'first') await begun.over();
  expect((await answer).kind).toBe('repeated');
});

test('what was answered with an error is not done again', async () => {
  const event = { account: 'anna', text: 'help', id: 'e5' };
  const { reaches } = office.room;
  const { heard: usual } = reaches;
  Object.assign(reaches, { heard: () => Promise.reject(new Error('broken')) });
  expect((await office.raw(event))?.subject).toMatch(/^trouble:/);
  Object.assign(reaches, { heard: usual });
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
