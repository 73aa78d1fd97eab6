/** Four eyes at a chat: who may decide, over what exactly, and what everybody is told. */
import { afterAll, beforeAll, expect, test } from 'vitest';
import { markOf } from '../../src/campaigns/approve.ts';
import { tick } from '../../src/campaigns/tick.ts';
import { createChat } from '../../src/chat/chat.ts';
import { commandsOf, MONDAY, type Office, openOffice, PEOPLE, textOf } from './office.ts';

let office: Office;
let people: string;
beforeAll(async () => {
  office = await openOffice({ defaultSender: 'ACME', rules: [{ class: 'service', needed: 2 }] });
  people = office.list('people', PEOPLE);
  await office.hire('anna', ['author', 'approver']);
  await office.hire('boris', ['approver']);
  await office.hire('clara', ['approver'], { locale: 'ru' });
  await office.hire('dina', ['viewer']);
  await office.hire('gleb', ['approver'], { department: 'support' });
});
afterAll(() => office.close());

const markNow = async (id: string): Promise<string> => markOf((await office.campaign(id)).submission!.hash);

async function submitted(more = 'start="tomorrow 10:00"'): Promise<string> {
  const card = await office.say('anna', `new ${people} text="Hello {{Name}}" ${more}`);
  const id = card.subject.replace('campaign:', '');
  await office.say('anna', `submit ${id}`);
  return id;
}

/** Waits until these were told of the campaign, so that what comes next is about what comes next. */
async function settle(id: string, ...who: readonly string[]): Promise<void> {
  for (const one of who) await office.notice(one, `campaign:${id}`);
}

test('those who may decide are told, in their own language, and can press what they see', async () => {
  const id = await submitted('name="Black Friday"');
  const forBoris = await office.notice('boris', `campaign:${id}`);
  expect(textOf(forBoris)).toContain('Black Friday');
  expect(commandsOf(forBoris)).toContain(`approve ${id} ${await markNow(id)}`);
  expect(textOf(await office.notice('clara', `campaign:${id}`))).toMatch(/\p{Script=Cyrillic}/u);
  expect(await office.room.staff.store.noticesFor('anna')).toEqual([]);
  expect(await office.room.staff.store.noticesFor('dina')).toEqual([]);
  expect(await office.room.staff.store.noticesFor('gleb')).toEqual([]);
  await office.say('boris', commandsOf(forBoris).find((command) => command.startsWith('approve'))!);
  expect((await office.campaign(id)).state).toBe('approved');
  expect(textOf(await office.notice('anna', `campaign:${id}`))).toContain('Black Friday');
});

test('the author cannot, whatever roles the author has', async () => {
  const id = await submitted();
  const answer = await office.say('anna', `approve ${id} ${await markNow(id)}`);
  expect(textOf(answer)).toMatch(/own|wrote/i);
  expect((await office.campaign(id)).state).toBe('submitted');
  expect(textOf(await office.say('anna', `approve ${id}`))).toMatch(/own|wrote/i);
  expect(textOf(await office.say('anna', `reject ${id}`))).toMatch(/own|wrote/i);
  await settle(id, 'boris', 'clara');
});

test('without its mark, or with one that is gone, the card is what is answered', async () => {
  const id = await submitted();
  await settle(id, 'boris', 'clara');
  const seen = await office.say('boris', `approve ${id}`);
  expect((await office.campaign(id)).state).toBe('submitted');
  const press = commandsOf(seen).find((command) => command.startsWith(`approve ${id} `))!;
  await office.say('anna', `edit ${id} text="Other words"`);
  await office.say('anna', `submit ${id}`);
  await settle(id, 'boris', 'clara');
  const stale = await office.say('boris', press);
  expect((await office.campaign(id)).state).toBe('submitted');
  expect(textOf(stale)).not.toBe(textOf(seen));
  expect(textOf(await office.say('boris', `approve ${id} please`))).toContain('please');
  expect(commandsOf(await office.say('boris', 'approve'))).toContain(`approve ${id}`);
  await office.say('boris', `approve ${id} ${(await markNow(id)).toUpperCase()}`);
  expect((await office.campaign(id)).state).toBe('scheduled');
  await settle(id, 'anna');
});

test('who has no such role is refused, and another department sees nothing', async () => {
  const id = await submitted();
  await settle(id, 'boris', 'clara');
  const mark = await markNow(id);
  expect(textOf(await office.say('dina', `approve ${id} ${mark}`))).toMatch(/not one of those who decide/);
  expect(textOf(await office.say('gleb', `approve ${id} ${mark}`))).toContain(id);
  expect((await office.campaign(id)).approvals).toEqual([]);
});

test('rights that were taken count at once, also for a button pressed before', async () => {
  const id = await submitted();
  await settle(id, 'boris', 'clara');
  const mark = await markNow(id);
  await office.room.staff.store.change('boris', { roles: ['viewer'] });
  await office.say('boris', `approve ${id} ${mark}`);
  await office.room.staff.store.change('boris', { roles: ['approver'], active: false });
  await office.say('boris', `approve ${id} ${mark}`);
  expect((await office.campaign(id)).state).toBe('submitted');
  await office.room.staff.store.change('boris', { active: true });
});

test('a deputy decides while the approver is away, and not after', async () => {
  const id = await submitted();
  await settle(id, 'boris', 'clara');
  const mark = await markNow(id);
  await office.say('clara', 'настройки заместитель=dina до="завтра 18:00"');
  office.clock = new Date('2026-11-25T00:00:00Z');
  await office.say('dina', `approve ${id} ${mark}`);
  expect((await office.campaign(id)).state).toBe('submitted');
  office.clock = MONDAY;
  await office.say('dina', `approve ${id} ${mark}`);
  expect(await office.campaign(id)).toMatchObject({
    state: 'scheduled',
    approvals: [{ by: 'dina', inPlaceOf: 'clara' }],
  });
  await settle(id, 'anna');
  await office.say('clara', 'настройки заместитель=нет');
});

test('where two must decide, one is half of it', async () => {
  const id = await submitted('class=service start="tomorrow 10:00"');
  await settle(id, 'boris', 'clara');
  const mark = await markNow(id);
  await office.say('boris', `approve ${id} ${mark}`);
  expect((await office.campaign(id)).state).toBe('submitted');
  await settle(id, 'anna', 'clara');
  await office.say('boris', `approve ${id} ${mark}`);
  expect((await office.campaign(id)).approvals).toHaveLength(1);
  await office.say('clara', `согласовать ${id} ${mark}`);
  expect((await office.campaign(id)).state).toBe('scheduled');
  await settle(id, 'anna');
});

test('a rejection has a reason, which is asked for, and its author reads it', async () => {
  const id = await submitted();
  await settle(id, 'boris', 'clara');
  expect(textOf(await office.say('boris', `reject ${id}`))).toContain('Why');
  await office.say('boris', 'list');
  expect((await office.campaign(id)).state).toBe('submitted');
  await office.restart();
  await office.say('boris', 'the price is last month’s');
  expect(await office.campaign(id)).toMatchObject({
    state: 'draft',
    rejection: { reason: 'the price is last month’s' },
  });
  expect(textOf(await office.notice('anna', `campaign:${id}`))).toContain('the price is last month’s');
  expect(textOf(await office.say('boris', `reject ${id} again`))).not.toBe('');
});

test('a rejection can be said in one line, or be let be', async () => {
  const id = await submitted();
  await settle(id, 'boris', 'clara');
  await office.say('boris', `reject ${id}`);
  await office.say('boris', 'cancel');
  expect((await office.campaign(id)).state).toBe('submitted');
  await office.say('clara', `отклонить ${id} «слишком дорого»`);
  expect((await office.campaign(id)).rejection?.reason).toBe('слишком дорого');
  await settle(id, 'anna');
});

test('a form for a reason ends when the campaign was decided about meanwhile', async () => {
  const id = await submitted();
  await settle(id, 'boris', 'clara');
  await office.say('boris', `reject ${id}`);
  await office.say('anna', `withdraw ${id}`);
  await office.say('anna', `submit ${id}`);
  await settle(id, 'boris', 'clara');
  await office.say('clara', `согласовать ${id} ${await markNow(id)}`);
  await office.say('boris', 'too late now');
  expect((await office.campaign(id)).state).toBe('scheduled');
  await settle(id, 'anna');
});

test('approvers are reminded by a new message', async () => {
  const id = await submitted();
  await settle(id, 'boris', 'clara');
  office.clock = new Date(MONDAY.getTime() + 3_700_000);
  await tick(office.room.campaigns);
  const reminder = await office.notice('boris', `campaign:${id}:reminder:1`);
  expect(commandsOf(reminder)).toContain(`approve ${id} ${await markNow(id)}`);
  await office.notice('clara', `campaign:${id}:reminder:1`);
  office.clock = MONDAY;
});

test('author and approver are told of what time brings about', async () => {
  const id = await submitted('start="tomorrow 10:00"');
  await settle(id, 'boris', 'clara');
  await office.say('boris', `approve ${id} ${await markNow(id)}`);
  await settle(id, 'anna');
  office.clock = new Date('2026-11-24T07:00:01Z');
  await tick(office.room.campaigns);
  expect((await office.campaign(id)).state).toBe('sending');
  await settle(id, 'anna', 'boris');
  await office.say('boris', `pause ${id}`);
  expect(textOf(await office.notice('anna', `campaign:${id}`))).toContain('Boris');
  office.clock = MONDAY;
});

const toldBoris = async (id: string) =>
  (await office.room.staff.store.noticesFor('boris')).filter((notice) => notice.card.subject === `campaign:${id}`);

test('an event that is heard twice is told once', async () => {
  const id = await submitted();
  await settle(id, 'boris', 'clara');
  const [{ handle } = { handle: async () => {} }] = createChat(office.room).listeners;
  const event = {
    kind: 'campaign.submitted',
    subject: `campaign:${id}`,
    department: 'sales',
    body: { campaign: id, by: 'anna' },
  };
  await handle({ ...event, id: 'twice', at: MONDAY });
  await handle({ ...event, id: 'twice', at: MONDAY });
  expect((await toldBoris(id)).length).toBe(1);
  await handle({ ...event, id: 'other', at: MONDAY, body: { campaign: '9999' } });
  await handle({ ...event, id: 'other', at: MONDAY, body: {} });
  await office.say('anna', `withdraw ${id}`);
  await handle({ ...event, id: 'late', at: MONDAY });
  expect((await toldBoris(id)).length).toBe(1);
});
