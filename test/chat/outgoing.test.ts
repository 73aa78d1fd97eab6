/** The chats as the rest of Herald starts and stops them, and what the core tells a bot. */
import { afterEach, beforeEach, expect, test } from 'vitest';
import { type Chat, createChat } from '../../src/chat/chat.ts';
import { createOutgoing } from '../../src/chat/outgoing.ts';
import type { ChatCore } from '../../src/staff/surface.ts';
import { farSurface, openFarChat } from '../staff/far-chat.ts';
import { type Office, openOffice, PEOPLE, textOf } from './office.ts';

let office: Office;
let chat: Chat;
beforeEach(async () => {
  office = await openOffice({ defaultSender: 'ACME' });
  chat = createChat(office.room);
  await office.hire('anna', ['author']);
  await office.hire('boris', ['approver'], { locale: 'ru' });
});
afterEach(() => office.close());

test('a bot hears in which language to speak, also with strangers', async () => {
  expect(await chat.localeOf('console', 'boris')).toBe('ru');
  expect(await chat.localeOf('console', 'a stranger')).toBe('en');
});

test('what the console has shown counts as the version that was shown last', async () => {
  const people = office.list('people', PEOPLE);
  const { subject } = await office.say('anna', `new ${people} text="Hello" start="tomorrow 10:00"`);
  const id = subject.replace('campaign:', '');
  await office.say('anna', `submit ${id}`);
  await expect.poll(async () => (await chat.notices('boris')).length, { timeout: 10_000 }).toBe(1);
  await chat.shown((await chat.notices('boris')).map((notice) => notice.id));
  expect(await chat.notices('boris')).toEqual([]);
  await office.say('anna', `edit ${id} sender=SHOP`);
  await office.say('anna', `submit ${id}`);
  await expect.poll(async () => (await chat.notices('boris')).length, { timeout: 10_000 }).toBe(1);
  expect(textOf((await chat.notices('boris'))[0]!.card)).toContain('ACME → SHOP');
});

test('chats are begun with the core and ended with the queue', async () => {
  const far = await openFarChat();
  const steps: string[] = [];
  let core: ChatCore | undefined;
  const surface = {
    ...farSurface(far.url, { name: 'telegram' }),
    start: async (given: ChatCore) => {
      core = given;
      steps.push('start');
    },
    stop: async () => void steps.push('stop'),
  };
  const outgoing = createOutgoing(office.room, [surface], {
    database: office.database,
    now: () => new Date(),
    mono: () => 0,
  });
  await outgoing.start(chat);
  await outgoing.progress();
  expect(core).toBe(chat);
  await outgoing.stop();
  expect(steps).toEqual(['start', 'stop']);
  await far.stop();
});

test('a chat that cannot be begun is begun later, and nothing is posted to it before', async () => {
  const far = await openFarChat();
  const surface = farSurface(far.url, { name: 'telegram' });
  let tries = 0;
  const late = {
    ...surface,
    start: async () => {
      tries += 1;
      if (tries === 1) throw new Error('no network yet');
    },
  };
  const outgoing = createOutgoing(office.room, [late], {
    database: office.database,
    now: () => new Date(),
    mono: () => 0,
    againMs: 20,
  });
  await office.room.staff.store.link('telegram', 'anna', 'anna', office.clock);
  const card = { subject: 'hello', tone: 'info', title: 'Hello' } as const;
  await office.room.staff.store.post({ id: 'hello', employee: 'anna', card, at: office.clock });
  await outgoing.start(chat);
  expect([tries, far.calls]).toEqual([1, []]);
  await expect.poll(() => far.seenBy('anna'), { timeout: 10_000 }).toEqual(['Hello']);
  await outgoing.stop();
  await far.stop();
});

test('a chat that cannot be begun does not hold up the end', async () => {
  const far = await openFarChat();
  const dead = { ...farSurface(far.url), start: () => Promise.reject(new Error('a wrong token')) };
  const outgoing = createOutgoing(office.room, [dead], {
    database: office.database,
    now: () => new Date(),
    mono: () => 0,
  });
  await outgoing.start(chat);
  await outgoing.stop();
  await far.stop();
});

test('without any chat there is nothing to be done', async () => {
  const outgoing = createOutgoing(office.room, [], {
    database: office.database,
    now: () => new Date(),
    mono: () => 0,
  });
  await outgoing.start(chat);
  await outgoing.progress();
  await outgoing.stop();
});
