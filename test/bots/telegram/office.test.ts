/** People at work in Telegram: the real chat core over real stores, by polling and by webhook, in English and in Russian. */
import { afterEach, describe, expect, test, vi } from 'vitest';
import { formFieldsFor } from '../../../src/chat/form-fields.ts';
import type { ChatCore } from '../../../src/staff/surface.ts';
import { MONDAY, type Office, openOffice, PEOPLE } from '../../chat/office.ts';
import type { FakeUser } from '../../fakes/telegram/users.ts';
import { type Mode, openBench } from './bot.ts';

const cleanups: (() => Promise<void>)[] = [];
afterEach(async () => {
  for (const clean of cleanups.splice(0).reverse()) await clean();
});

const waitFor = <T>(look: () => T | Promise<T>): Promise<T> => vi.waitFor(look, { timeout: 30_000, interval: 10 });

async function setUp(mode: Mode) {
  // Nothing is counted behind an answer: a person reads longer than a busy machine counts.
  const office = await openOffice({ waitMs: 60_000 });
  cleanups.push(office.close);
  const bench = await openBench(mode);
  cleanups.push(bench.close);
  const { store } = office.room.staff;
  const core: ChatCore = {
    handle: (event) => office.raw(event),
    formFields: (surface, account, campaign) => formFieldsFor(office.room, surface, account, campaign),
    async localeOf(surface, account) {
      const id = await store.accountOwner(surface, account);
      return (id && (await store.employee(id))?.locale) || 'en';
    },
  };
  const knows = async (account: string) => (await store.accountOwner('telegram', account)) !== null;
  const open = async () => {
    const surface = bench.make(undefined, { knows });
    cleanups.push(() => surface.stop());
    await surface.start(core);
    return surface;
  };
  const linked = async (
    id: string,
    ...[roles, fields]: [Parameters<Office['hire']>[1], Parameters<Office['hire']>[2]?]
  ) => {
    await office.hire(id, roles, fields);
    const user = bench.telegram.user(id);
    await store.link('telegram', user.account, id, MONDAY);
    return user;
  };
  return { office, telegram: bench.telegram, open, linked, surface: await open() };
}

/** What the person sees after saying it. */
async function say(user: FakeUser, text: string): Promise<string> {
  const before = user.sees().length;
  user.says(text);
  return answered(user, before);
}

const answered = (user: FakeUser, before: number): Promise<string> =>
  waitFor(() => {
    const last = user.sees().at(-1);
    if (user.sees().length <= before || last!.text.endsWith('…')) throw new Error('no answer yet');
    return last!.text;
  });

const last = (user: FakeUser) => user.sees().at(-1)!;

describe.each(['polling', 'webhook'] as const)('by %s', { timeout: 60_000 }, (mode) => {
  test('a campaign is made from a document, step by step, through a restart, and approved by a press', async () => {
    const { office, telegram, open, linked, surface } = await setUp(mode);
    const anna = await linked('anna', ['author']);
    const boris = await linked('boris', ['approver'], { locale: 'ru' });

    expect(await say(anna, '/new')).toContain('Whom shall I write to?');
    const before = anna.sees().length;
    anna.sends({ name: 'people.csv', bytes: Buffer.from(PEOPLE) });
    expect(await answered(anna, before)).toContain('What shall the message say?');

    await surface.stop();
    await office.restart();
    await open();
    expect(await say(anna, 'Hello {{Name}} <3 & all')).toContain('Whom shall the message come from?');
    expect(await say(anna, 'ACME')).toContain('When shall it go out');
    const card = await say(anna, 'tomorrow 10:00');
    expect(card).toContain('Hello {{Name}} <3 & all');
    expect(await office.campaign('1')).toMatchObject({
      text: 'Hello {{Name}} <3 & all',
      sender: 'ACME',
      state: 'draft',
    });

    const submitting = last(anna);
    anna.presses(submitting, submitting.buttons.find((label) => /approval/iu.test(label))!);
    await waitFor(async () => expect((await office.campaign('1')).state).toBe('submitted'));
    await waitFor(() => expect(anna.sees().find(({ id }) => id === submitting.id)!.text).toMatch(/wait/iu));

    expect(await say(boris, '/show 1')).toContain('согласовани');
    const toDecide = last(boris);
    boris.presses(toDecide, 'Согласовать');
    boris.presses(toDecide, 'Согласовать');
    telegram.repeats();
    await waitFor(async () => expect((await office.campaign('1')).state).toBe('scheduled'));
    await waitFor(() => expect(telegram.isHeard()).toBe(true));
    expect((await office.campaign('1')).approvals).toHaveLength(1);
  });

  test('a button does nothing for a person without the right, who is told why over the card', async () => {
    const { office, linked } = await setUp(mode);
    const anna = await linked('anna', ['author', 'approver']);
    const people = office.list('people', PEOPLE);
    await office.say('anna', `new ${people} text="Hello" sender=ACME start="tomorrow 10:00"`);
    expect(await say(anna, '/show 1')).toContain('draft');
    const draft = last(anna);
    await office.room.staff.store.change('anna', { roles: ['viewer'] });
    const query = anna.presses(draft, 'Send for approval');
    const told = await waitFor(() => anna.told(query) ?? Promise.reject(new Error('not yet')));
    expect(told).toMatchObject({ isAlert: true, text: expect.stringMatching(/role/) });
    expect(last(anna)).toEqual(draft);
    expect((await office.campaign('1')).state).toBe('draft');
  });

  test('the menu is understood, underscores and all; a stranger learns how to be let in, and no more', async () => {
    const { telegram, linked, office } = await setUp(mode);
    const anna = await linked('anna', ['author'], { locale: 'ru' });
    anna.sends({ name: 'клиенты.csv', bytes: Buffer.from(PEOPLE), caption: '/audience_check' });
    expect(await answered(anna, 0)).toContain('клиенты.csv');
    expect(last(anna).text).toContain('Phone');
    expect(await say(anna, '/stop_all@herald_test_bot')).toMatch(/прав|рол/iu);

    const stranger = telegram.user('Stranger');
    stranger.starts();
    expect(await answered(stranger, 0)).toContain('Northern Lines');
    expect(await say(stranger, '/stop_all')).toContain('Northern Lines');
    expect(await office.room.staff.store.requestOf('telegram', stranger.account)).toBeNull();
  });
});
