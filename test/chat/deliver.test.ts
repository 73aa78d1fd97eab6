/** What people are told, judged by what the chats they are in have shown them. */
import { afterEach, beforeEach, expect, test } from 'vitest';
import { markOf } from '../../src/campaigns/approve.ts';
import type { Card } from '../../src/staff/card.ts';
import { PEOPLE, textOf } from './office.ts';
import { openReached, type Reached } from './reached.ts';

let reached: Reached;
let people: string;
beforeEach(async () => {
  reached = await openReached({ defaultSender: 'ACME' });
  people = reached.office.list('people', PEOPLE);
  await reached.office.hire('anna', ['author']);
  await reached.office.hire('boris', ['approver']);
});
afterEach(() => reached.close());

async function submitted(more = 'start="tomorrow 10:00"'): Promise<string> {
  const { subject } = await reached.office.say('anna', `new ${people} name="Black Friday" text="Hello" ${more}`);
  const id = subject.replace('campaign:', '');
  await reached.office.say('anna', `submit ${id}`);
  return id;
}
const waitingFor = async (who: string) =>
  (await reached.office.room.staff.store.noticesFor(who)).map(({ card }) => card.subject);
const mark = async (id: string) => markOf((await reached.office.campaign(id)).submission!.hash);
const become = (id: string, fields: object) => reached.office.room.staff.store.change(id, fields);

test('a request goes to the chat that its reader used last, to that one only, and not to the console after', async () => {
  const { slack, telegram, office } = reached;
  await reached.link('slack', 'boris');
  await reached.link('telegram', 'boris');
  await reached.saidIn('slack', 'boris', 1);
  await reached.saidIn('telegram', 'boris', 5);
  const id = await submitted();
  const shown = await reached.message(telegram, 'boris', 'Your approval is asked for');
  expect(shown.card.subject).toBe(`campaign:${id}`);
  await reached.quiet();
  expect(slack.seenBy('boris')).toEqual([]);
  expect(await waitingFor('boris')).toEqual([]);
  await reached.saidIn('slack', 'boris', 10);
  await office.say('boris', `reject ${id} too long`);
  await office.say('anna', `submit ${id}`);
  await reached.message(slack, 'boris', 'Your approval is asked for');
  expect(telegram.seenBy('boris')).toHaveLength(1);
});

test('who is in no chat is told at the console, and in a chat from when there is one', async () => {
  const { telegram, office } = reached;
  const id = await submitted();
  await reached.quiet();
  expect(await waitingFor('boris')).toEqual([`campaign:${id}`]);
  await reached.link('telegram', 'boris');
  await reached.saidIn('telegram', 'boris', 1);
  await reached.message(telegram, 'boris', 'Your approval is asked for');
  await reached.quiet();
  expect(await waitingFor('boris')).toEqual([]);
  expect(telegram.seenBy('boris')).toHaveLength(1);
  expect(await office.raw({ account: 'boris', text: 'notices' })).not.toBeNull();
});

test.each([
  ['may not see the department any more', { department: 'risk' }],
  ['is deactivated', { active: false }],
  ['is no approver any more', { roles: ['viewer'] }],
])('who %s when the turn comes is not asked', async (_, fields) => {
  const { telegram } = reached;
  await reached.link('telegram', 'boris');
  await reached.rest();
  const id = await submitted();
  await expect.poll(() => waitingFor('boris'), { timeout: 10_000 }).toEqual([`campaign:${id}`]);
  await become('boris', fields);
  reached.work();
  await reached.quiet();
  expect(telegram.messages).toEqual([]);
});

test('what was decided or shown elsewhere meanwhile is not asked any more', async () => {
  const { telegram, office } = reached;
  await office.hire('clara', ['approver']);
  await reached.link('telegram', 'boris');
  await reached.link('telegram', 'clara');
  await reached.rest();
  const id = await submitted();
  await expect.poll(() => waitingFor('boris'), { timeout: 10_000 }).toEqual([`campaign:${id}`]);
  await office.notice('clara', `campaign:${id}`);
  await office.say('clara', `approve ${id} ${await mark(id)}`);
  reached.work();
  await reached.quiet();
  expect(telegram.seenBy('boris')).toEqual([]);
  expect(telegram.seenBy('clara')).toEqual([]);
});

test('a chat that takes nothing any more is left for another, where its reader is told so once', async () => {
  const { slack, telegram } = reached;
  await reached.link('slack', 'boris');
  await reached.link('telegram', 'boris');
  await reached.saidIn('telegram', 'boris', 5);
  telegram.fate = (call) => (call.verb === 'post' ? { kind: 'gone', why: 'blocked' } : 'ok');
  await submitted();
  const first = await reached.message(slack, 'boris', 'Your approval is asked for');
  expect(textOf(first.card)).toContain('Telegram takes no messages');
  await submitted();
  await expect.poll(() => slack.seenBy('boris'), { timeout: 10_000 }).toHaveLength(2);
  expect(textOf(slack.messages.at(-1)!.card)).not.toContain('Telegram takes no messages');
  expect(telegram.calls.filter((call) => call.verb === 'post')).toHaveLength(1);
  telegram.fate = () => 'ok';
  await reached.saidIn('telegram', 'boris', 20);
  await submitted();
  await reached.message(telegram, 'boris', 'Your approval is asked for');
});

test('where no other chat is, what could not be shown waits for the console, and for a word from there', async () => {
  const { telegram } = reached;
  await reached.link('telegram', 'boris');
  telegram.fate = (call) => (call.verb === 'post' ? { kind: 'gone', why: 'blocked' } : 'ok');
  const id = await submitted();
  await reached.quiet();
  expect(await waitingFor('boris')).toEqual([`campaign:${id}`]);
  telegram.fate = () => 'ok';
  await reached.saidIn('telegram', 'boris', 1);
  await reached.message(telegram, 'boris', 'Your approval is asked for');
});

test('what may not have been shown is said at the next contact, once', async () => {
  const { telegram, office } = reached;
  await reached.link('telegram', 'boris');
  telegram.fate = (call) =>
    call.verb === 'post' && call.nth === 1 && call.key.includes('notice') ? 'lost-before' : 'ok';
  const id = await submitted();
  await reached.quiet();
  expect(telegram.messages).toEqual([]);
  const answer = await reached.saidIn('telegram', 'boris', 1);
  expect(textOf(answer!)).toContain('I do not know whether you were shown this');
  expect(textOf(answer!)).toContain('Black Friday');
  expect(textOf((await reached.saidIn('telegram', 'boris', 9))!)).not.toContain('I do not know');
  expect(await waitingFor('boris')).toEqual([`campaign:${id}`]);
  // The next news say it as well, when they come first.
  telegram.fate = (call) => (call.verb === 'post' && call.nth === 1 ? 'lost-before' : 'ok');
  await submitted();
  await reached.quiet();
  telegram.fate = () => 'ok';
  await submitted();
  const news = await reached.message(telegram, 'boris', 'Your approval is asked for');
  expect(textOf(news.card)).toContain('I do not know whether you were shown this');
  await reached.quiet();
  expect(textOf((await office.raw({ surface: 'telegram', account: 'boris', text: 'help' }))!)).not.toContain(
    'I do not know',
  );
});

test('what a chat refuses for good waits for the console', async () => {
  const { telegram } = reached;
  await reached.link('telegram', 'boris');
  telegram.fate = (call) => (call.verb === 'post' ? { kind: 'refused', why: 'too long' } : 'ok');
  const id = await submitted();
  await reached.quiet();
  expect(await waitingFor('boris')).toEqual([`campaign:${id}`]);
});

test('what a chat refuses for good was not shown, and goes to another', async () => {
  const { slack, telegram } = reached;
  await reached.link('slack', 'boris');
  await reached.link('telegram', 'boris');
  await reached.saidIn('telegram', 'boris', 5);
  telegram.fate = (call) => (call.verb === 'post' ? { kind: 'refused', why: 'too long' } : 'ok');
  await submitted();
  await reached.message(slack, 'boris', 'Your approval is asked for');
  await reached.quiet();
  expect(await waitingFor('boris')).toEqual([]);
  expect(telegram.calls.filter((call) => call.verb === 'post')).toHaveLength(1);
});

test('a notice that cannot be posted holds up none behind it', async () => {
  const { telegram, office } = reached;
  await reached.link('telegram', 'boris');
  const poison = { employee: 'boris', card: null, at: new Date(0) };
  await office.database.db.collection<{ _id: string }>('notices').insertOne({ _id: 'poison', ...poison });
  await submitted();
  await reached.message(telegram, 'boris', 'Your approval is asked for');
});

test('what may not have been shown is kept until something says so', async () => {
  const { telegram, office } = reached;
  await reached.link('telegram', 'boris');
  await reached.saidIn('telegram', 'boris', 1);
  const { reaches } = office.room;
  const doubts = async () => (await reaches.reach('telegram', 'boris'))!.doubtful;
  await reaches.doubt('telegram', 'boris', 'Black Friday');
  expect(await office.raw({ surface: 'telegram', account: 'boris', text: ' ' })).toBeNull();
  expect(await doubts()).toEqual(['Black Friday']);
  // A notice that joins a card which stands there already rings no bell, and says nothing beside.
  const card = { subject: 'x', tone: 'info', title: 'Old' } as const;
  const wanted = { key: 'notice:joined', surface: 'telegram', account: 'boris', employee: 'boris', card };
  await office.room.postings.want(wanted, office.clock);
  await reached.quiet();
  await office.room.postings.want({ ...wanted, notices: ['n1'] }, office.clock);
  await reached.quiet();
  expect(await doubts()).toEqual(['Black Friday']);
  await submitted();
  const news = await reached.message(telegram, 'boris', 'Your approval is asked for');
  expect(textOf(news.card)).toContain('I do not know whether you were shown this');
  await reached.quiet();
  expect(await doubts()).toEqual([]);
});

test('an admin is asked about a stranger only while the stranger waits', async () => {
  const { telegram, office } = reached;
  await office.hire('olga', ['admin']);
  await office.hire('pavel', ['admin']);
  await reached.link('telegram', 'olga');
  await reached.link('telegram', 'pavel');
  await office.raw({
    surface: 'telegram',
    account: '77',
    isPrivate: true,
    displayName: 'Petr',
    text: 'request access petr',
  });
  const asked = await reached.message(telegram, 'olga', 'Petr');
  await reached.quiet();
  telegram.fate = (call) => (call.verb === 'post' ? { kind: 'later', afterMs: 50, wide: 'place' } : 'ok');
  await office.raw({
    surface: 'telegram',
    account: '78',
    isPrivate: true,
    displayName: 'Ivan',
    text: 'request access ivan',
  });
  await expect.poll(() => telegram.calls.some((call) => call.title.includes('Ivan')), { timeout: 10_000 }).toBe(true);
  const request = (await office.room.staff.store.requestsWaiting()).find((one) => one.handle === 'ivan')!;
  await office.room.staff.store.answer(request.id, 'refused', 'olga');
  // One that was being posted at this very moment may still be tried; once nothing is tried any more, nothing will come.
  await reached.quiet();
  telegram.fate = () => 'ok';
  await reached.quiet();
  expect(asked.card.subject).toMatch(/^access:/);
  expect(telegram.messages.some((one) => one.titles[0]!.includes('Ivan'))).toBe(false);
});

test('what is but glanced at, as a link in a channel is, is not taken for seen', async () => {
  const { office } = reached;
  const id = await submitted();
  const look = { account: 'boris', text: `show ${id}`, conversation: 'links' };
  expect((await office.raw({ ...look, isGlance: true }))?.subject).toBe(`campaign:${id}`);
  expect(await office.room.seen.last(id, 'boris')).toBeNull();
  await office.raw(look);
  expect(await office.room.seen.last(id, 'boris')).not.toBeNull();
});

test('a request that comes again says what changed since its reader was last shown it', async () => {
  const { telegram, office } = reached;
  await reached.link('telegram', 'boris');
  const id = await submitted();
  const first = await reached.message(telegram, 'boris', 'Your approval is asked for');
  expect(textOf(first.card)).not.toContain('Changed since');
  await reached.quiet();
  await office.say('anna', `withdraw ${id}`);
  await office.say('anna', `edit ${id} text="Good evening" sender=SHOP`);
  await office.say('anna', `submit ${id}`);
  await expect.poll(() => telegram.messages.length, { timeout: 10_000 }).toBeGreaterThan(1);
  const second = telegram.messages.at(-1)!;
  expect(textOf(second.card)).toContain('Changed since you were last shown it');
  expect(textOf(second.card)).toContain('ACME → SHOP');
  expect(second.id).not.toBe(first.id);
});

const commandsIn = ({ card }: { readonly card: Card }) =>
  (card.actions ?? []).map(({ command }) => command.split(' ')[0]);

test('a request that was decided says how, and can be pressed no more', async () => {
  const { telegram, office } = reached;
  await office.hire('clara', ['approver']);
  await reached.link('telegram', 'boris');
  await reached.link('telegram', 'clara');
  const id = await submitted();
  const request = await reached.message(telegram, 'boris', 'Your approval is asked for');
  await reached.quiet();
  await reached.progress();
  expect(commandsIn(request)).toContain('approve');
  await office.say('clara', `approve ${id} ${await mark(id)}`);
  await reached.progress();
  await reached.message(telegram, 'boris', 'Approved by Clara');
  expect(commandsIn(request)).toEqual(['show']);
  expect(telegram.seenBy('boris')).toHaveLength(1);
  await reached.progress();
  await reached.quiet();
  expect(request.titles).toHaveLength(2);
});

test.each([
  ['sent back', (id: string) => `reject ${id} too long`, 'Sent back by Boris'],
  ['taken back', (id: string) => `withdraw ${id}`, '— draft'],
])('a request that was %s says so, and the next one is another', async (_, command, title) => {
  const { telegram, office } = reached;
  await reached.link('telegram', 'boris');
  const id = await submitted();
  const first = await reached.message(telegram, 'boris', 'Your approval is asked for');
  await reached.quiet();
  const said = command(id);
  await office.say(said.startsWith('reject') ? 'boris' : 'anna', said);
  await reached.progress();
  await reached.message(telegram, 'boris', title);
  await office.say('anna', `submit ${id}`);
  const second = await reached.message(telegram, 'boris', 'Your approval is asked for');
  await reached.progress();
  await reached.quiet();
  expect(second.id).not.toBe(first.id);
  expect([commandsIn(first), commandsIn(second)]).toEqual([['show'], expect.arrayContaining(['approve'])]);
});
