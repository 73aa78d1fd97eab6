/** Commands and what is answered to them, in both languages, right and wrong. */
import { existsSync } from 'node:fs';
import { afterAll, beforeAll, describe, expect, test } from 'vitest';
import { markOf } from '../../src/campaigns/approve.ts';
import { commandsOf, MONDAY, type Office, openOffice, PEOPLE, textOf } from './office.ts';

let office: Office;
let people: string;
beforeAll(async () => {
  office = await openOffice({ defaultSender: 'ACME' });
  people = office.list('people', PEOPLE);
  await office.hire('anna', ['author']);
  await office.hire('boris', ['approver']);
  await office.hire('vera', ['viewer']);
  await office.hire('olga', ['author', 'admin'], { locale: 'ru' });
  await office.hire('gleb', ['author'], { department: 'support' });
});
afterAll(() => office.close());

/** A new draft of Anna's with its numbers made; its number. */
async function drafted(more = 'start="tomorrow 10:00"', text = 'Hello {{Name}}'): Promise<string> {
  const card = await office.say('anna', `new ${people} text="${text}" ${more}`);
  return card.subject.replace('campaign:', '');
}

async function approved(more?: string): Promise<string> {
  const id = await drafted(more);
  await office.say('anna', `submit ${id}`);
  await office.say('boris', `approve ${id} ${markOf((await office.campaign(id)).submission!.hash)}`);
  return id;
}

describe('new', () => {
  test('understands everything that can be said of a campaign', async () => {
    const line = [
      `новая ${people} название=«Чёрная пятница» текст=«Привет, {{Name}}» отправитель=SHOP вид=сервисная`,
      'когда=«завтра в 10» до=«25.11 в 18:00» пояс=Омск часы=10-19 мвз=77 цель=service-notice',
    ].join(' ');
    const card = await office.say('olga', line);
    expect(await office.campaign(card.subject.replace('campaign:', ''))).toMatchObject({
      name: 'Чёрная пятница',
      text: 'Привет, {{Name}}',
      sender: 'SHOP',
      class: 'service',
      purpose: 'service-notice',
      costCentre: '77',
      zone: 'Asia/Omsk',
      window: { from: '10:00', to: '19:00' },
      // On the clock of the zone that stands beside them.
      start: { kind: 'at', at: new Date('2026-11-24T04:00:00Z') },
      notAfter: new Date('2026-11-25T12:00:00Z'),
    });
  });

  test.each([
    ['sender="Очень хорошая компания"', /Latin/],
    ['class=secret', /marketing/],
    ['zone=Atlantis', /zone/i],
    ['window=20-9', /midnight/],
    ['until=now', /passed/],
    ['start="some day"', /tomorrow 10:00/],
    ['header=third', /row|number/i],
    ['hidden=perhaps', /take/],
    ['text="Hello {{Name"', /closed/],
    ['text="Hello {{First Name}}"', /brackets/],
    ['text=""', /text/i],
    ['sendr=ACME', /sender/],
    ['text="Hello', /quot/i],
  ])('with %s says what is wrong, and makes nothing', async (said, wrong) => {
    const before = (await office.room.campaigns.store.list({ departments: 'all' }, { most: 1000 })).length;
    expect(textOf(await office.say('anna', `new ${people} ${said}`))).toMatch(wrong);
    expect((await office.room.campaigns.store.list({ departments: 'all' }, { most: 1000 })).length).toBe(before);
  });

  test('of a list that is not there makes nothing', async () => {
    const before = (await office.room.campaigns.store.list({ departments: 'all' }, { most: 1000 })).length;
    expect(textOf(await office.say('anna', 'new nowhere.list text="Hello"'))).toContain('nowhere.list');
    expect((await office.room.campaigns.store.list({ departments: 'all' }, { most: 1000 })).length).toBe(before);
  });

  test('asks about a time that may be two, and keeps the rest', async () => {
    const card = await office.say('anna', `new ${people} text="Hello" start="tomorrow at 5"`);
    const [morning] = commandsOf(card);
    const id = /^edit (\d+)/.exec(morning!)![1]!;
    expect((await office.campaign(id)).start).toBeNull();
    await office.say('anna', morning!);
    expect((await office.campaign(id)).start).toEqual({ kind: 'at', at: new Date('2026-11-24T02:00:00Z') });
  });

  test('takes no path from a chat whose people sit elsewhere', async () => {
    await office.room.staff.store.link('slack', 'U1', 'anna', MONDAY);
    const card = await office.raw({ surface: 'slack', account: 'U1', text: `new ${people} text="Hello"` });
    expect(textOf(card!)).toContain('not found');
  });

  test('a mistake comes with an example', async () => {
    expect(textOf(await office.say('anna', `new ${people} sendr=ACME`))).toContain(
      'new customers.xlsx name="Black Friday"',
    );
    expect(textOf(await office.say('olga', 'показать 12x'))).toContain('Например');
  });

  test('is refused to who may not write', async () => {
    expect(textOf(await office.say('vera', `new ${people} text="Hello"`))).toMatch(/author/i);
  });
});

describe('edit', () => {
  test('changes a campaign, and voids what was approved', async () => {
    const id = await approved();
    await office.say('anna', `edit ${id} text="Bye {{Name}}"`);
    expect(await office.campaign(id)).toMatchObject({ state: 'draft', text: 'Bye {{Name}}', approvedHash: null });
  });

  test('without a number means the campaign last spoken of', async () => {
    const id = await drafted();
    await office.say('anna', 'edit name="Second name"');
    expect((await office.campaign(id)).name).toBe('Second name');
  });

  test('answers what was asked about the list', async () => {
    const list = office.list('hidden', 'Name,Phone\nAnna,+79161234567\n~Boris,+79161234568\n');
    const asked = await office.say('anna', `new ${list} text="Hello"`);
    expect(commandsOf(asked).length).toBeGreaterThan(1);
    const id = /edit (\d+)/.exec(commandsOf(asked)[0]!)![1]!;
    await office.say('anna', `edit ${id} hidden=take`);
    expect((await office.campaign(id)).frozen?.messages).toBe(2);
    await office.say('anna', `edit ${id} скрытые=пропустить`);
    expect((await office.campaign(id)).frozen?.messages).toBe(1);
  });

  test('of what was uploaded comes too late once it was read, and the file is gone', async () => {
    const path = office.file('uploaded.csv', PEOPLE);
    const event = { file: { name: 'uploaded.csv', path } };
    const made = await office.say('anna', 'new text="Hello"', event);
    const id = made.subject.replace('campaign:', '');
    expect((await office.campaign(id)).frozen?.messages).toBe(2);
    expect(existsSync(path)).toBe(false);
    expect(textOf(await office.say('anna', `edit ${id} phone=Name`))).toContain('uploaded.csv');
    expect((await office.campaign(id)).frozen?.messages).toBe(2);
    const anew = office.file('anew.csv', 'Phone,Name\n+79161234567,Anna\n');
    await office.say('anna', `edit ${id}`, { file: { name: 'anew.csv', path: anew } });
    expect(await office.campaign(id)).toMatchObject({ source: { name: 'anew.csv' }, frozen: { messages: 1 } });
  });

  test('of a draft without a list takes no answers about one', async () => {
    const made = await office.say('anna', 'new text="Hello"');
    const id = made.subject.replace('campaign:', '');
    expect(textOf(await office.say('anna', `edit ${id} phone=Name`, { conversation: 'elsewhere' }))).toContain('edit');
    expect((await office.campaign(id)).source).toBeNull();
    await office.say('anna', 'cancel form');
  });

  test('with nothing to change says how it is written', async () => {
    const id = await drafted();
    expect(textOf(await office.say('anna', `edit ${id}`))).toContain('edit');
    expect(textOf(await office.say('anna', `edit ${id} nonsense`))).toContain('nonsense');
  });

  test('sets a start as soon as it is approved, or takes it away', async () => {
    const id = await drafted();
    await office.say('anna', `edit ${id} start=now until="tomorrow 18:00"`);
    expect((await office.campaign(id)).start).toEqual({ kind: 'on-approval' });
    await office.say('anna', `edit ${id} start=none until=none`);
    expect(await office.campaign(id)).toMatchObject({ start: null, notAfter: null });
  });

  test('of another department’s campaign finds none', async () => {
    const id = await drafted();
    expect(textOf(await office.say('gleb', `edit ${id} text="Mine now"`))).toContain(id);
    expect((await office.campaign(id)).text).toBe('Hello {{Name}}');
  });
});

describe('looking', () => {
  test('shows by a number alone, with or without its sign', async () => {
    const id = await drafted();
    for (const said of [id, `#${id}`, `№${id}`, `show #${id}`, `Покажи ${id}`]) {
      expect((await office.say('anna', said)).subject).toBe(`campaign:${id}`);
    }
  });

  test.each([
    ['show 9999', '9999'],
    ['show 12x', '12x'],
    ['preview 9999', '9999'],
  ])('%s finds nothing, and says so', async (said, named) => {
    expect(textOf(await office.say('anna', said))).toContain(named);
  });

  test('previews the text as it will arrive', async () => {
    const id = await drafted();
    const card = await office.say('anna', `preview ${id}`);
    expect(textOf(card)).toContain('Hello Anna');
    expect(textOf(card)).toContain('Hello Boris');
  });

  test('previews nothing of a draft that is not ready, and says why', async () => {
    const card = await office.say('anna', `new ${people} text="Hello {{Nmae}}"`);
    expect(textOf(card)).toContain('Name');
    expect(textOf(await office.say('anna', 'preview'))).toContain('Nmae');
  });

  test.each(['list', 'список', 'list mine', 'list drafts', 'список черновики', 'list all', 'кампании'])(
    '%s lists',
    async (said) => {
      expect((await office.say('anna', said)).subject).toBe('list');
    },
  );

  test('a list of what is no state says what there is', async () => {
    expect(textOf(await office.say('anna', 'list blue ones'))).toContain('drafts');
  });

  test('a list shows what the person sees', async () => {
    const id = await drafted('name="Only for sales"');
    expect(textOf(await office.say('anna', 'list'))).toContain('Only for sales');
    expect(textOf(await office.say('gleb', 'list'))).not.toContain('Only for sales');
    expect(id).not.toBe('');
  });

  test('who has no role sees nothing', async () => {
    await office.hire('nina', []);
    for (const said of ['list', 'waiting', 'show 1']) {
      expect((await office.say('nina', said)).subject).not.toMatch(/^(?:list|waiting|campaign:1)$/);
    }
  });

  test('waiting lists what waits for the person’s decision', async () => {
    const id = await drafted('name="Decide me" start="tomorrow 11:00"');
    await office.say('anna', `submit ${id}`);
    expect(textOf(await office.say('boris', 'waiting'))).toContain('Decide me');
    expect((await office.say('anna', 'ждут')).subject).toBe('waiting');
  });
});

describe('time', () => {
  test('a move within what was approved keeps the approval', async () => {
    const id = await approved('start="tomorrow 10:00" until="27.11 18:00"');
    await office.say('anna', `reschedule ${id} 25.11 12:00`);
    expect(await office.campaign(id)).toMatchObject({
      state: 'scheduled',
      start: { kind: 'at', at: new Date('2026-11-25T09:00:00Z') },
    });
  });

  test('a move out of it makes a draft again', async () => {
    const id = await approved('start="tomorrow 10:00" until="27.11 18:00"');
    await office.say('anna', `перенести ${id} сегодня в 15:00`);
    expect((await office.campaign(id)).state).toBe('draft');
  });

  test('now is now for what is approved, and as soon as it is approved for a draft', async () => {
    const draft = await drafted();
    await office.say('anna', `schedule ${draft} now`);
    expect((await office.campaign(draft)).start).toEqual({ kind: 'on-approval' });
    const id = await approved('start="in 1 minute" until="tomorrow 18:00"');
    office.clock = new Date(MONDAY.getTime() + 120_000);
    await office.say('anna', `schedule ${id} now`);
    office.clock = MONDAY;
    expect(await office.campaign(id)).toMatchObject({
      state: 'scheduled',
      start: { at: new Date('2026-11-23T09:02:01Z') },
    });
  });

  test.each([
    ['', /10:00/],
    ['some day', /tomorrow 10:00/],
    ['yesterday 10:00', /passed/],
    ['tomorrow at 5', /[Mm]orning/],
  ])('schedule with %j asks for the time', async (said, asks) => {
    const id = await drafted();
    expect(textOf(await office.say('anna', `schedule ${id} ${said}`))).toMatch(asks);
    expect((await office.campaign(id)).start).toEqual({ kind: 'at', at: new Date('2026-11-24T07:00:00Z') });
  });
});

describe('a running campaign', () => {
  async function running(): Promise<string> {
    const id = await approved('start="tomorrow 10:00" until="tomorrow 18:00"');
    const campaign = await office.campaign(id);
    await office.room.campaigns.store.change(campaign, { state: 'sending', startedAt: MONDAY });
    return id;
  }

  test('is paused, resumed and cancelled by who may', async () => {
    const id = await running();
    expect(textOf(await office.say('vera', `pause ${id}`))).toMatch(/approver/i);
    await office.say('boris', `pause ${id}`);
    expect((await office.campaign(id)).state).toBe('paused');
    expect(textOf(await office.say('boris', `resume ${id}`))).not.toBe('');
    expect((await office.campaign(id)).state).toBe('sending');
    await office.say('anna', `отменить ${id}`);
    expect((await office.campaign(id)).state).toBe('cancelled');
    expect(textOf(await office.say('anna', `resume ${id}`))).toContain('cancelled');
  });

  test('says how many will still make it, and asks where some will not', async () => {
    const id = await running();
    await office.room.accounts.keep({
      name: 'slow',
      kind: 'smpp',
      settings: {},
      secret: null,
      binds: 1,
      partsPerSecond: 1,
      window: 10,
      prices: [],
      priceVersion: '1',
      currency: 'RUB',
      senders: ['SHOP'],
      classes: ['marketing'],
      enabled: true,
    });
    await office.say('boris', `pause ${id}`);
    office.clock = new Date('2026-11-24T14:59:59Z');
    const asked = await office.say('boris', `resume ${id}`);
    expect((await office.campaign(id)).state).toBe('paused');
    expect(asked.lead?.[0]).toContain('Of 2 messages that are left, about 1');
    expect(commandsOf(asked)[0]).toBe(`resume ${id} yes`);
    const resumed = await office.say('boris', `resume ${id} yes`);
    expect(resumed.lead?.[0]).toContain('about 1');
    expect((await office.campaign(id)).state).toBe('sending');
    await office.say('boris', `pause ${id}`);
    office.clock = new Date('2026-11-24T10:00:00Z');
    expect((await office.say('boris', `resume ${id}`)).lead?.[0]).toContain('All 2 messages');
    office.clock = MONDAY;
  });

  test('without a number the campaigns that it could be are offered, and none is guessed', async () => {
    const id = await running();
    const offered = await office.say('boris', 'pause');
    expect(commandsOf(offered)).toContain(`pause ${id}`);
    expect((await office.campaign(id)).state).toBe('sending');
    expect(commandsOf(await office.say('olga', 'отменить')).every((command) => /^отменить \d+$/.test(command))).toBe(
      true,
    );
  });

  test('those whose campaigns are stopped with everything are told so, once, and when they go on', async () => {
    const id = await running();
    await office.say('boris', 'go on');
    await office.say('boris', 'stop all');
    await office.say('boris', 'stop all');
    const stopped = await office.notice('anna', 'sending:all');
    expect(textOf(stopped)).toContain('All sending was stopped by Boris');
    expect(textOf(stopped)).toContain(`Campaign ${id} “`);
    await office.say('boris', 'go on');
    expect(textOf(await office.notice('anna', 'sending:all'))).toContain('Sending goes on again, let go on by Boris');
    expect((await office.room.staff.store.noticesFor('vera')).map(({ card }) => card.subject)).not.toContain(
      'sending:all',
    );
  });

  test('everything is stopped and goes on by one word', async () => {
    expect(textOf(await office.say('vera', 'stop all'))).toMatch(/approver/i);
    expect(textOf(await office.say('boris', 'stop all'))).not.toMatch(/\b0\b/);
    expect((await office.room.accounts.switchedOff()).map((off) => off._id)).toEqual(['all']);
    expect(textOf(await office.say('olga', 'состояние'))).toContain('Boris');
    await office.say('olga', 'пуск');
    expect(await office.room.accounts.switchedOff()).toEqual([]);
    expect((await office.room.staff.store.auditOf('sending:all')).slice(-2)).toMatchObject([
      { actor: 'boris', action: 'sending.stopped' },
      { actor: 'olga', action: 'sending.resumed' },
    ]);
  });
});

describe('beside', () => {
  test('copy makes a draft of the same, again one of those not reached', async () => {
    const id = await drafted('name="Once"');
    const copy = await office.say('anna', `copy ${id}`);
    expect(await office.campaign(copy.subject.replace('campaign:', ''))).toMatchObject({
      name: 'Once, copy',
      text: 'Hello {{Name}}',
      frozen: { messages: 2 },
    });
    expect(textOf(await office.say('anna', `again ${id}`))).not.toBe('');
    const done = await approved();
    const campaign = await office.campaign(done);
    await office.room.campaigns.store.change(campaign, { state: 'finished' });
    await office.database.db
      .collection('messages')
      .updateOne({ run: campaign.frozen!.run, text: 'Hello Anna' }, { $set: { state: 'undelivered' } });
    const again = await office.say('anna', `повторить ${done} название="Second try"`);
    expect(await office.campaign(again.subject.replace('campaign:', ''))).toMatchObject({
      name: 'Second try',
      frozen: { messages: 1 },
    });
  });

  test('a test goes to the own confirmed phone only', async () => {
    const id = await drafted();
    expect(textOf(await office.say('anna', `test ${id}`))).toMatch(/phone/);
    expect(office.sms).toEqual([]);
    await office.say('anna', 'phone 8 916 000-00-01');
    expect(office.sms.at(-1)).toEqual({ to: '+79160000001', text: expect.stringContaining('123456') });
    expect(textOf(await office.say('anna', 'phone code 654321'))).toContain('4');
    expect(textOf(await office.say('anna', 'code 123 456'))).toContain('+79160000001');
    expect(textOf(await office.say('anna', 'phone'))).toContain('+79160000001');
    await office.say('anna', `test ${id}`);
    expect(office.sms.at(-1)).toEqual({ to: '+79160000001', text: 'Hello Anna' });
  });

  test('a code can be tried five times, and for ten minutes', async () => {
    await office.say('vera', 'phone +7 916 000-00-02');
    for (let tries = 0; tries < 5; tries++) await office.say('vera', 'code 000000');
    await office.say('vera', 'code 123456');
    expect((await office.room.staff.store.employee('vera'))?.phone).toBeNull();
    await office.say('vera', 'phone +7 916 000-00-02');
    office.clock = new Date(MONDAY.getTime() + 11 * 60_000);
    await office.say('vera', 'code 123456');
    office.clock = MONDAY;
    expect((await office.room.staff.store.employee('vera'))?.phone).toBeNull();
    expect(textOf(await office.say('vera', 'phone code'))).toContain('code');
    expect(textOf(await office.say('vera', 'phone abc'))).toMatch(/phone number/);
    expect(textOf(await office.say('vera', 'phone +7 916 000-00-02 please'))).toContain('please');
    expect(textOf(await office.say('vera', 'phone +12025550143'))).not.toBe('');
  });

  test('codes are sent five times an hour and not more', async () => {
    const before = office.sms.length;
    for (let times = 0; times < 6; times++) await office.say('boris', 'phone +7 916 000-00-03');
    expect(office.sms.length - before).toBe(5);
    expect(textOf(await office.say('boris', 'phone +7 916 000-00-03'))).toContain('in an hour');
    office.clock = new Date(MONDAY.getTime() + 3_700_000);
    await office.say('boris', 'phone +7 916 000-00-03');
    office.clock = MONDAY;
    expect(office.sms.length - before).toBe(6);
  });

  test('suppress takes a number as people write it, with a reason', async () => {
    expect(textOf(await office.say('vera', 'suppress +79161234567'))).toMatch(/author/i);
    expect(textOf(await office.say('anna', 'suppress 8 (916) 123-45-99 called us, angry'))).toContain('angry');
    const key = office.room.customers.personKey('+79161234599' as never);
    expect(await office.room.customers.store.suppressedAmong([key])).toEqual(new Set([key]));
    expect(textOf(await office.say('olga', 'не писать +79161234599'))).not.toBe('');
    expect(textOf(await office.say('anna', 'suppress'))).toContain('suppress');
    expect(textOf(await office.say('anna', 'suppress 12'))).toContain('too short');
  });

  test('results says where they are', async () => {
    const id = await approved();
    office.written = { kind: 'written', path: 'people-results.xlsx', rows: 2, excluded: 1 };
    expect(textOf(await office.say('anna', `results ${id}`))).toContain('people-results.xlsx');
    office.written = { kind: 'nothing-yet' };
    expect(textOf(await office.say('olga', `итоги ${id}`))).not.toBe('');
    expect(textOf(await office.say('vera', `results ${id}`))).toMatch(/analyst/i);
  });

  test('audience check looks into a list and makes nothing', async () => {
    const card = textOf(await office.say('anna', `audience check ${people}`));
    expect(card).toContain('2');
    expect(textOf(await office.say('anna', 'check nowhere.list'))).toContain('nowhere.list');
    expect(textOf(await office.say('anna', 'audience check'))).toContain('audience check');
    const twice = office.list(
      'twice',
      'Phone,Name,Phone 2\n+79161234567,Anna,+79161234568\n+79161234567,Anna,+79161234569\n',
    );
    expect(commandsOf(await office.say('anna', `check ${twice}`)).join()).toContain('Phone 2');
    expect(textOf(await office.say('anna', `check ${twice} phone=Phone`))).toMatch(/earlier row/);
    expect(textOf(await office.say('vera', `check ${people}`))).toMatch(/author/i);
  });

  test('status says how things stand', async () => {
    expect(textOf(await office.say('vera', 'status'))).toContain('slow');
    office.doubt = 'older-database';
    expect(textOf(await office.say('vera', 'deployment confirm'))).toMatch(/admin/i);
    await office.say('olga', 'подтвердить установку');
    expect(office.doubt).toBeNull();
  });

  test('settings change the language, the zone and the deputy', async () => {
    expect(textOf(await office.say('gleb', 'settings language ru zone Омск'))).toMatch(/\p{Script=Cyrillic}/u);
    expect(await office.room.staff.store.employee('gleb')).toMatchObject({ locale: 'ru', zone: 'Asia/Omsk' });
    await office.say('gleb', 'настройки язык=en пояс=Europe/Moscow');
    await office.say('gleb', 'settings deputy boris until friday 18:00');
    expect((await office.room.staff.store.employee('gleb'))?.deputy).toEqual({
      deputy: 'boris',
      until: new Date('2026-11-27T15:00:00Z'),
    });
    await office.say('gleb', 'settings deputy=none');
    expect((await office.room.staff.store.employee('gleb'))?.deputy).toBeNull();
  });

  test.each([
    ['settings colour=red', /colour/],
    ['settings hello', /hello/],
    ['settings language=fr', /fr/],
    ['settings zone=Atlantis', /zone/i],
    ['settings deputy=nobody until="friday 18:00"', /nobody/],
    ['settings deputy=boris', /when|time|until/i],
    ['settings deputy=boris until="some day"', /tomorrow/],
    ['settings deputy=boris until=now', /passed/],
    ['settings until="friday 18:00"', /settings/],
  ])('%s says what is wrong', async (said, wrong) => {
    expect(textOf(await office.say('anna', said))).toMatch(wrong);
  });

  test('help lists what the person may do, and explains one command', async () => {
    expect(textOf(await office.say('anna', 'help'))).not.toContain('staff add');
    expect(textOf(await office.say('olga', 'помощь новая'))).toContain('Чёрная пятница');
    expect(textOf(await office.say('anna', 'help audience check'))).toContain('audience check');
    expect(textOf(await office.say('anna', 'help shwo'))).toContain('show');
  });

  test.each([
    ['anna', 'shwo 1', 'show'],
    ['olga', 'покжи 1', 'покажи'],
    ['anna', 'tell me a joke', 'help'],
  ])('%s is told the nearest of what %j could be', async (who, said, nearest) => {
    expect(textOf(await office.say(who, said)) + commandsOf(await office.say(who, said)).join()).toContain(nearest);
  });
});
