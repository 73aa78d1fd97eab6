/** People at the door and in the house: strangers, requests, roles, deactivation, and what is said when Herald itself fails. */
import { afterAll, beforeAll, describe, expect, test } from 'vitest';
import { createChat } from '../../src/chat/chat.ts';
import { createLog } from '../../src/platform/log.ts';
import { commandsOf, type Office, openOffice, PEOPLE, textOf } from './office.ts';

let office: Office;
const lines: string[] = [];
beforeAll(async () => {
  const log = createLog({ level: 'error', destination: { write: (line) => void lines.push(line) } });
  office = await openOffice({ log });
  await office.hire('olga', ['admin', 'author']);
  await office.hire('boris', ['approver']);
});
afterAll(() => office.close());

const requests = () => office.room.staff.store.requestsWaiting();

test('a stranger is told how to ask, and nothing else', async () => {
  const offer = await office.say('token-of-maria', 'list', { displayName: 'Maria' });
  expect(offer.subject).toBe('access');
  expect(textOf(offer)).toContain('Northern Lines');
  expect(textOf(await office.say('token-of-maria', 'список'))).toMatch(/\p{Script=Cyrillic}/u);
});

test('a request is kept once, admins are told, and one of them lets the person in', async () => {
  await office.say('token-of-maria', 'request access maria', { displayName: 'Maria Ivanova' });
  await office.say('token-of-maria', 'request access maria');
  expect(await requests()).toMatchObject([{ handle: 'maria', name: 'Maria Ivanova', surface: 'console' }]);
  const notice = await office.notice('olga', 'maria');
  expect(textOf(notice)).toContain('maria');
  expect(commandsOf(notice).some((command) => command.includes('access grant'))).toBe(true);
  expect(await office.room.staff.store.noticesFor('boris')).toEqual([]);

  expect(textOf(await office.say('boris', 'access'))).toMatch(/admin/i);
  expect(textOf(await office.say('boris', 'access grant maria sales author'))).toMatch(/admin/i);
  expect(textOf(await office.say('olga', 'access'))).toContain('Maria Ivanova');
  expect(textOf(await office.say('olga', 'access grant'))).toContain('access grant');
  expect(textOf(await office.say('olga', 'access grant maria'))).toMatch(/department/i);
  expect(textOf(await office.say('olga', 'access grant maria sales'))).toMatch(/role/i);
  expect(textOf(await office.say('olga', 'access grant maria sales boss'))).toContain('boss');
  expect(textOf(await office.say('olga', 'access grant nobody sales author'))).toContain('nobody');
  await office.say('olga', 'access grant maria sales author, approver');
  expect(await office.room.staff.store.employee('maria')).toMatchObject({
    department: 'sales',
    roles: ['author', 'approver'],
  });
  expect(textOf(await office.notice('maria'))).toContain('Northern Lines');
  expect((await office.say('token-of-maria', 'list')).subject).toBe('list');
  expect((await office.say('token-of-maria', 'request access maria')).subject).toBe('settings');
});

test('a name that is taken, or is none, is told; the name of the chat will do', async () => {
  expect(textOf(await office.say('token-2', 'request access olga'))).toMatch(/olga[\s\S]*`staff invite olga`/);
  expect(textOf(await office.say('token-2', 'request access Олег!'))).toContain('Олег');
  await office.say('token-2', 'request access', { displayName: 'oleg' });
  expect(await requests()).toMatchObject([{ handle: 'oleg' }]);
});

test('a request is refused, by its number, and once', async () => {
  const [request] = await requests();
  await office.say('olga', `access refuse ${request!.id.slice(0, 6)}`);
  expect(await requests()).toEqual([]);
  expect(textOf(await office.say('olga', `access refuse ${request!.id}`))).not.toBe('');
  expect(textOf(await office.say('token-2', 'list'))).toContain('Northern Lines');
});

test('an admin adds people, and changes what they are', async () => {
  await office.say('olga', 'staff add ivan name="Ivan Petrov" department=support roles=автор');
  expect(await office.room.staff.store.employee('ivan')).toMatchObject({
    name: 'Ivan Petrov',
    department: 'support',
    roles: ['author'],
  });
  await office.say('olga', 'staff role ivan author, approver');
  await office.say('olga', 'staff department @ivan sales');
  await office.say('olga', 'staff sees ivan support, legal');
  expect(await office.room.staff.store.employee('ivan')).toMatchObject({
    department: 'sales',
    roles: ['author', 'approver'],
    sees: ['support', 'legal'],
  });
  await office.say('olga', 'доступ сотрудника ivan все');
  expect((await office.room.staff.store.employee('ivan'))?.sees).toBe('all');
  await office.say('olga', 'staff sees ivan own');
  expect((await office.room.staff.store.employee('ivan'))?.sees).toEqual([]);
  expect(textOf(await office.say('olga', 'staff'))).toContain('Ivan Petrov');
  expect(textOf(await office.say('boris', 'staff list sales'))).not.toContain('support');
});

test('people are listed to those who see their department', async () => {
  await office.hire('lev', ['viewer'], { department: 'legal' });
  await office.hire('rita', ['viewer'], { department: 'risk', sees: ['legal'] });
  expect(textOf(await office.say('lev', 'staff'))).not.toMatch(/Olga|Rita/);
  expect(textOf(await office.say('lev', 'staff list risk'))).not.toContain('Rita');
  expect(textOf(await office.say('rita', 'staff'))).toContain('Lev');
  expect(textOf(await office.say('olga', 'staff'))).toMatch(/Lev[\s\S]*Olga[\s\S]*Rita/);
});

test('who is added is told of with the roles and how to change them, also when none were said', async () => {
  const said = await office.say('olga', 'staff add petr roles=approver,author');
  expect(said.lead).toEqual([
    'petr is author, approver. To change that: `staff role petr author,approver`',
    expect.stringContaining('`staff invite petr`'),
  ]);
  const unsaid = await office.say('olga', 'staff add zoya');
  expect(unsaid.lead?.[0]).toMatch(/only look[\s\S]*viewer[\s\S]*`staff role zoya author,approver`/);
  expect((await office.room.staff.store.employee('zoya'))?.roles).toEqual(['viewer']);
  expect((await office.say('olga', 'staff role zoya author')).lead).toEqual([]);
});

test.each([
  ['staff add', /staff add/],
  ['staff add anna ivanova', /ivanova/],
  ['staff add ivan', /ivan/],
  ['staff add anna roles=boss', /boss/],
  ['staff add Ы', /Ы/],
  ['staff role ivan', /role/i],
  ['staff role', /staff role/],
  ['staff role ivan boss', /boss/],
  ['staff department ivan', /department/i],
  ['staff department', /staff department/],
  ['staff sees ivan', /department/i],
  ['staff sees', /staff sees/],
  ['staff deactivate', /staff deactivate/],
  ['staff deactivate nobody', /nobody/],
  ['staff deactivate olga', /admin/i],
])('%s says what is wrong', async (said, wrong) => {
  expect(textOf(await office.say('olga', said))).toMatch(wrong);
});

test('staff is not changed by who is no admin', async () => {
  expect(textOf(await office.say('boris', 'staff role boris admin'))).toMatch(/admin/i);
  expect((await office.room.staff.store.employee('boris'))?.roles).toEqual(['approver']);
});

test('who is deactivated is refused from the next word on, and let in again', async () => {
  await office.say('olga', 'staff deactivate boris');
  const answer = await office.say('boris', 'list');
  expect(answer.subject).not.toBe('list');
  expect(textOf(answer)).toContain('Northern Lines');
  await office.say('olga', 'включить сотрудника boris');
  expect((await office.say('boris', 'list')).subject).toBe('list');
});

test('notices are shown by the chat; asked for, it is said when there are none', async () => {
  expect(textOf(await office.say('boris', 'notices'))).not.toBe('');
  await office.room.staff.store.post({
    id: 'one',
    employee: 'boris',
    card: { subject: 'x', tone: 'info', title: 'News' },
    at: office.clock,
  });
  expect(await office.raw({ account: 'boris', text: 'уведомления' })).toBeNull();
});

test('nothing is answered to nothing', async () => {
  expect(await office.raw({ account: 'boris', text: '  \n ' })).toBeNull();
});

test('when Herald fails, the person gets a number, and the log has it', async () => {
  const broken = createChat({
    ...office.room,
    writeResults: () => Promise.reject(new Error('the disk is full')),
  });
  const list = office.list('people', PEOPLE);
  const made = await office.say('olga', `new ${list} text="Hello" sender=ACME`);
  const id = made.subject.replace('campaign:', '');
  const event = { surface: 'console', account: 'olga', displayName: '', conversation: 'home', text: `results ${id}` };
  const card = await broken.handle(event);
  const incident = card!.subject.replace('trouble:', '');
  expect(textOf(card!)).toContain(incident);
  expect(textOf(card!)).not.toContain('disk');
  expect(lines.join('')).toContain(incident);
  expect(lines.join('')).toContain('the disk is full');
  await broken.stop();
});

test('what takes longer than an answer may is told later', async () => {
  const patient = createChat({ ...office.room, settings: { ...office.room.settings, waitMs: 0 } });
  const list = office.list('slow', PEOPLE);
  const event = { surface: 'console', account: 'olga', displayName: '', conversation: 'home' };
  const card = await patient.handle({ ...event, text: `new ${list} text="Hello" sender=ACME name="Slow one"` });
  expect(card?.subject).toMatch(/^campaign:/);
  expect(textOf(await office.notice('olga', 'Slow one'))).toContain('2 recipients');
  await patient.stop();
});

describe('a work address', () => {
  const address = async () => (await office.room.staff.store.employee('lena'))?.email;

  test('is set and taken away by an admin alone', async () => {
    await office.hire('root-of-mail', ['admin']);
    await office.hire('lena', ['author']);
    expect((await office.say('lena', 'staff email lena boss@example.com')).title).toContain('Only an administrator');
    expect(await address()).toBeNull();
    const card = await office.say('root-of-mail', 'staff email lena Lena.Ivanova@Example.com');
    expect(card.facts).toContainEqual({ label: 'Work address', value: 'lena.ivanova@example.com' });
    await office.say('root-of-mail', 'почта сотрудника lena -');
    expect(await address()).toBeNull();
  });

  test.each(['lena', 'lena@', 'a b@example.com', 'lena@localhost', '"x"@@example.com'])('is not %j', async (said) => {
    const card = await office.say('root-of-mail', `staff email lena "${said.replaceAll('"', '\\"')}"`);
    expect(card.title).toContain('is no e-mail address');
    expect(await address()).toBeNull();
  });
});
