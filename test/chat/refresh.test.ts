/** A list that changes while its campaign waits, as people in a chat meet it: told on the card, read anew by a command. */
import { afterAll, beforeAll, expect, test } from 'vitest';
import { commandsOf, type Office, openOffice, PEOPLE, textOf } from './office.ts';

let office: Office;
beforeAll(async () => {
  office = await openOffice({ defaultSender: 'ACME' });
  await office.hire('anna', ['author']);
  await office.hire('vera', ['author'], { locale: 'ru' });
});
afterAll(() => office.close());

let sheets = 0;
async function waiting() {
  const sheet = office.sheet(`sheet ${++sheets}`, PEOPLE);
  const card = await office.say('anna', `new "${sheet.ref}" text="Hello {{Name}}" start="tomorrow 10:00"`);
  const id = card.subject.replace('campaign:', '');
  await office.say('anna', `submit ${id}`);
  return { id, sheet };
}

test('show has the list looked at, and answers without waiting for it', async () => {
  const { id, sheet } = await waiting();
  sheet.rows.splice(0, 1);
  sheet.fails = 'never answers';
  expect(textOf(await office.say('anna', `show ${id}`))).not.toContain('removed');
  sheet.fails = null;
  office.clock = new Date(office.clock.getTime() + 60_000);
  await office.say('anna', `show ${id}`);
  await expect.poll(async () => (await office.campaign(id)).look?.seen?.kind).toBe('changed');
  const card = await office.say('anna', `show ${id}`);
  expect(textOf(card)).toContain('1 row has been removed (row 2 when it was read)');
  expect(commandsOf(card)).toContain(`refresh ${id}`);
});

test.each([
  ['anna', 'refresh', 'draft'],
  ['vera', 'обновить', 'черновик'],
])('%s reads it anew by “%s”: a draft of what stands there now', async (who, command, state) => {
  const { id, sheet } = await waiting();
  sheet.rows.push({ key: 'k9', line: '+79161234599,Gleb,Perm' });
  const card = await office.say(who, `${command} ${id}`);
  expect(card.title).toContain(state);
  expect(await office.campaign(id)).toMatchObject({ state: 'draft', submission: null, frozen: { messages: 3 } });
});

test('more words than a number are not passed over, and neither is a file that is gone', async () => {
  const { id } = await waiting();
  expect(textOf(await office.say('anna', `refresh ${id} now`))).toContain('now');
  const path = office.file('people.csv', PEOPLE);
  const card = await office.say('anna', 'new text="Hello {{Name}}"', { file: { name: 'people.csv', path } });
  const uploaded = card.subject.replace('campaign:', '');
  const refused = await office.say('anna', `refresh ${uploaded}`);
  expect(textOf(refused)).toContain('There is no list that I could read anew.');
  expect(textOf(refused)).toContain(`edit ${uploaded} source=`);
});

test('the author is told once that the list of what waits has changed, and what to do', async () => {
  const { id, sheet } = await waiting();
  const later = async () => {
    office.clock = new Date(office.clock.getTime() + 60_000);
    await office.say('anna', `show ${id}`);
  };
  sheet.rows.splice(0, 1);
  await later();
  const told = await office.notice('anna', `changed since it was read: campaign ${id}`);
  expect(textOf(told)).toContain('1 row has been removed (row 2 when it was read)');
  expect(commandsOf(told)).toContain(`refresh ${id}`);
  expect(textOf(told)).not.toContain('Hello');
  sheet.rows.push({ key: 'k9', line: '+79161234599,Gleb,Perm' });
  const seen = (await office.campaign(id)).look;
  await later();
  await expect.poll(async () => (await office.campaign(id)).look).not.toEqual(seen);
  await office.say('vera', `withdraw ${id}`);
  // Events of a campaign are heard in their order.
  expect(textOf(await office.notice('anna'))).toContain('Taken back by');
});
