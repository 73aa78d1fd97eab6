/** The form for a new campaign, step by step, in both languages; commands, mistakes and a restart in its middle. */
import { afterAll, beforeAll, beforeEach, describe, expect, test } from 'vitest';
import { unfinished } from '../../src/campaigns/prepare.ts';
import { createChat } from '../../src/chat/chat.ts';
import { tellNumbers } from '../../src/chat/drafts.ts';
import { commandsOf, type Office, openOffice, PEOPLE, textOf } from './office.ts';

const never = new AbortController().signal;

let office: Office;
let file: string;
let asked: string;
beforeAll(async () => {
  office = await openOffice();
  await office.hire('anna', ['author']);
  await office.hire('olga', ['author'], { locale: 'ru' });
  file = office.list('people', PEOPLE);
  asked = office.list(
    'two-phones',
    'Name,Phone,Phone 2\nAnna,+79161234567,+79161234569\nBoris,+79161234568,+79161234570\n',
  );
});
afterAll(() => office.close());

/** A conversation of its own for each test. */
let place = 0;
beforeEach(() => {
  place += 1;
});
const say = (text: string, who = 'anna', more = {}) =>
  office.say(who, text, { conversation: `room ${place}`, ...more });

/** The newest campaign's number. */
async function draftId(): Promise<string> {
  const all = await office.room.campaigns.store.list({ departments: 'all' }, { most: 1000 });
  return String(Math.max(...all.map((campaign) => Number(campaign._id))));
}

test('takes a list for a list also where it had asked for the text before it found the first one unreadable', async () => {
  await say('new');
  expect(textOf(await say(office.list('gone', PEOPLE)))).toContain('What shall the message say?');
  const id = await draftId();
  const problem = { kind: 'source', problem: { code: 'not-found', ref: 'gone' } };
  await office.database.db.collection<{ _id: string }>('campaigns').updateOne({ _id: id }, { $set: { problem } });
  const again = await say(file);
  expect(textOf(again)).toContain('What shall the message say?');
  expect(await office.campaign(id)).toMatchObject({ text: null, source: { ref: file }, problem: null });
});

test('asks for the table, the text, the sender and the time, and ends with a card to submit', async () => {
  expect(textOf(await say('new'))).toContain('spreadsheet');
  const text = await say(file);
  expect(textOf(text)).toContain('What shall the message say?');
  expect(textOf(text)).toContain('{{Phone}}, {{Name}}, and {{City}}');
  expect(textOf(await say('Hello {{Name}}, new things in {{City}}'))).toContain('come from');
  expect(textOf(await say('ACME'))).toContain('When');
  const confirm = await say('tomorrow 10:00');
  const id = await draftId();
  expect(confirm.subject).toBe(`campaign:${id}`);
  expect(commandsOf(confirm)).toContain(`submit ${id}`);
  expect(await office.campaign(id)).toMatchObject({
    state: 'draft',
    text: 'Hello {{Name}}, new things in {{City}}',
    sender: 'ACME',
    frozen: { messages: 2 },
  });
  await say('yes');
  expect((await office.campaign(id)).state).toBe('submitted');
  expect(textOf(await say('yes'))).not.toContain('What shall');
});

test('who is shown the last card before the numbers are made is told when they are', async () => {
  const patient = createChat({ ...office.room, settings: { ...office.room.settings, waitMs: 0 } });
  const event = { surface: 'console', account: 'anna', displayName: '', conversation: `room ${place}` };
  await patient.handle({ ...event, text: `new ${file} name="Slowly made" text="Hello" start=now` });
  const card = await patient.handle({ ...event, text: 'ACME' });
  expect(textOf(card!)).toContain('I will tell you when it is done');
  expect(textOf(await office.notice('anna', 'Slowly made'))).toContain('2 recipients');
  await patient.stop();
});

test('who was promised to be told is told also when Herald was stopped before the numbers were made', async () => {
  const stopped = createChat({ ...office.room, settings: { ...office.room.settings, waitMs: 0 } });
  const event = { surface: 'console', account: 'anna', displayName: '', conversation: `room ${place}` };
  const list = office.sheet('broken-off', PEOPLE);
  list.fails = 'never answers';
  await stopped.handle({ ...event, text: `new ${list.ref} name="Broken off" text="Hello" sender=ACME start=now` });
  await stopped.stop();
  list.fails = null;
  const tell = tellNumbers(office.room);
  for (let again = 0; again < 2; again++) await unfinished(office.room.campaigns, 'test', never, tell);
  expect(textOf(await office.notice('anna', 'Broken off'))).toContain('2 recipients');
  const told = (await office.room.staff.store.noticesFor('anna')).filter(({ card }) =>
    card.title.includes('Broken off'),
  );
  expect(told).toEqual([]);
});

test('a file and nothing else begins it, by name or as it comes', async () => {
  expect(textOf(await say(`new ${file}`))).toContain('What shall the message say?');
  place += 1;
  const path = office.file('upload.csv', PEOPLE);
  expect(textOf(await say('', 'anna', { file: { name: 'upload.csv', path } }))).toContain(
    'What shall the message say?',
  );
  expect((await office.campaign(await draftId())).source).toMatchObject({ name: 'upload.csv', uploaded: true });
});

test('a link alone begins it as well, where it leads to a list', async () => {
  const link = office.list('https://sheets.example.com/people', PEOPLE);
  expect(textOf(await say(link))).toContain('What shall the message say?');
  expect((await office.campaign(await draftId())).source).toMatchObject({ ref: link });
  place += 1;
  expect(textOf(await say('https://example.com/elsewhere'))).toContain('I do not know');
});

test('a command that no text could be is one while the text is asked for, and what could be one is the text', async () => {
  await say(`new ${file}`);
  const id = await draftId();
  expect(textOf(await say('help new'))).toContain('How it is written');
  expect(textOf(await say('settings language=en'))).toContain('Your settings have been changed');
  expect(textOf(await say('audience check nowhere.csv'))).toContain('nowhere.csv');
  expect((await office.campaign(id)).text).toBeNull();
  await say('New coats are in! Show this message');
  expect((await office.campaign(id)).text).toBe('New coats are in! Show this message');
  await say(`new ${file}`);
  expect(await draftId()).not.toBe(id);
});

test('a mistake in the text is explained over the question', async () => {
  await say(`new ${file}`);
  const card = await say('Hello {{Name}');
  expect(textOf(card)).toContain('never closed');
  expect(textOf(card)).toContain('What shall the message say?');
});

test('buttons are in the words of who presses them', async () => {
  await say(`новая ${file} текст="Привет"`, 'olga');
  const id = await draftId();
  expect(commandsOf(await say('ACME', 'olga'))).toContain(`изменить ${id} когда=сейчас`);
});

test('asks only for what is missing', async () => {
  expect(textOf(await say(`new ${file} text="Hello"`))).toContain('come from');
  expect(textOf(await say('sender ACME'))).toContain('11');
  await say('ACME');
  const id = await draftId();
  const card = await say('skip');
  expect(card.subject).toBe(`campaign:${id}`);
  expect((await office.campaign(id)).start).toBeNull();
});

test('speaks Russian with who reads Russian', async () => {
  expect(textOf(await say('новая', 'olga'))).toContain('Кому пишем?');
  expect(textOf(await say(file, 'olga'))).toContain('Что написать');
  expect(textOf(await say('Здравствуйте, {{Name}}!', 'olga'))).toContain('От чьего имени');
  expect(textOf(await say('ACME', 'olga'))).toContain('Когда');
  const id = await draftId();
  await say('завтра в 10', 'olga');
  expect((await office.campaign(id)).start).toEqual({ kind: 'at', at: new Date('2026-11-24T07:00:00Z') });
  expect(textOf(await say('отмена', 'olga'))).not.toBe('');
  expect((await office.campaign(id)).state).toBe('draft');
});

test('survives a restart, between two answers', async () => {
  await say(`new ${file}`);
  await office.restart();
  await say('Hello after the restart');
  await office.restart();
  await say('ACME');
  const id = await draftId();
  expect(await office.campaign(id)).toMatchObject({ text: 'Hello after the restart', sender: 'ACME' });
});

test('asks what it must know about the table, and takes a name or a number for an answer', async () => {
  const question = await say(`new ${asked}`);
  const id = await draftId();
  expect((await office.campaign(id)).problem).toMatchObject({ kind: 'questions' });
  expect(commandsOf(question).some((command) => command.includes('Phone 2'))).toBe(true);
  expect(textOf(await say('no idea'))).toEqual(textOf(question));
  expect(textOf(await say('2'))).toContain('What shall the message say?');
  expect((await office.campaign(id)).source?.answers).toEqual({ phoneColumn: 'Phone 2' });
});

test('a question that comes after the next step was asked is answered in words, and takes none of them for the text', async () => {
  const patient = createChat({ ...office.room, settings: { ...office.room.settings, waitMs: 0 } });
  const event = { surface: 'console', account: 'anna', displayName: '', conversation: `room ${place}` };
  const asks = (await patient.handle({ ...event, text: `new ${asked}` }))!;
  expect(textOf(asks)).toContain('What shall the message say?');
  expect(textOf(await office.notice('anna', 'hold phone numbers'))).toContain('Phone 2');
  expect(textOf(await say('Phone 2'))).toContain('What shall the message say?');
  const { text, source, problem } = await office.campaign(await draftId());
  expect({ text, answers: source?.answers, problem }).toEqual({
    text: null,
    answers: { phoneColumn: 'Phone 2' },
    problem: null,
  });
  await patient.stop();
});

test('an answer by a button goes on with the form', async () => {
  const question = await say(`new ${asked}`);
  const press = commandsOf(question).find((command) => command.includes('Phone 2'))!;
  expect(textOf(await say(press))).toContain('What shall the message say?');
});

test('tells what is wrong with an answer, and asks again', async () => {
  await say('new');
  expect(textOf(await say('my customers'))).toContain('“my customers”');
  expect(textOf(await say('missing.list'))).toContain('missing.list');
  expect(textOf(await say(file))).toContain('What shall the message say?');
  expect(textOf(await say('Hello {{Name'))).toContain('Name');
  expect(textOf(await say('Hello {{Nmae}}'))).toContain('Did you mean “Name”?');
});

test('an unknown variable is named with the nearest column, and the next text mends it', async () => {
  await say(`new ${file} sender=ACME`);
  const id = await draftId();
  expect(textOf(await say('Hello {{Nmae}}'))).toContain('Name');
  expect((await office.campaign(id)).problem).toMatchObject({ kind: 'variables' });
  expect(textOf(await say('Hello {{Name}}'))).toContain('When');
});

test('goes back and passes over', async () => {
  await say(`new ${file}`);
  expect(textOf(await say('skip'))).toContain('cannot go without');
  await say('Hello');
  expect(textOf(await say('back'))).toContain('What shall the message say?');
  expect(textOf(await say('skip'))).toContain('come from');
  await say('back');
  await say('back');
  expect(textOf(await say('back'))).toContain('spreadsheet');
  expect(textOf(await say('skip'))).toContain('come from');
});

test('a command in its middle is a command, and the form waits', async () => {
  await say(`new ${file}`);
  const id = await draftId();
  expect((await say('list')).subject).toBe('list');
  expect((await say(`show ${id}`)).subject).toBe(`campaign:${id}`);
  expect((await say('/status')).subject).toBe('status');
  expect(textOf(await say('Hello again'))).toContain('come from');
});

test('an edit at the last step does not ask again what was passed over', async () => {
  await say(`new ${file} text="Hello"`);
  await say('ACME');
  await say('skip');
  const id = await draftId();
  const card = await say(`edit ${id} text="Hello again"`);
  expect(card.subject).toBe(`campaign:${id}`);
  expect(textOf(card)).toContain('Hello again');
  expect(textOf(await say('perhaps'))).toContain('Hello again');
  await say('да');
  expect((await office.campaign(id)).state).toBe('submitted');
});

test('a text may begin like a command', async () => {
  await say(`new ${file}`);
  const id = await draftId();
  await say('New collection in every shop');
  expect((await office.campaign(id)).text).toBe('New collection in every shop');
  await say('back');
  await say('“Show this to a friend”');
  expect((await office.campaign(id)).text).toBe('Show this to a friend');
});

describe('a time that may be two', () => {
  test('is asked about, with answers to press', async () => {
    await say(`new ${file} text="Hello" sender=ACME`);
    const id = await draftId();
    await say(`new ${file} text="Hello"`);
    await say('ACME');
    const other = await draftId();
    const choice = await say('tomorrow at 5');
    expect(commandsOf(choice)).toEqual([
      `edit ${other} start="2026-11-24 05:00 UTC+03:00"`,
      `edit ${other} start="2026-11-24 17:00 UTC+03:00"`,
    ]);
    expect((await say(commandsOf(choice)[1]!)).subject).toBe(`campaign:${other}`);
    expect((await office.campaign(other)).start).toEqual({ kind: 'at', at: new Date('2026-11-24T14:00:00Z') });
    expect((await office.campaign(id)).start).toBeNull();
  });

  test('does not keep the form from asking what else is missing', async () => {
    const choice = await say(`new ${file} start="tomorrow at 5"`);
    const next = await say(commandsOf(choice)[0]!);
    expect(textOf(next)).toContain('What shall the message say?');
    await say('Hello');
    const last = await say('ACME');
    expect(last.subject).toBe(`campaign:${await draftId()}`);
    expect(textOf(last)).not.toContain('When shall');
  });

  test('is told when it is none', async () => {
    await say(`new ${file} text="Hello"`);
    await say('ACME');
    expect(textOf(await say('when the cows come home'))).toContain('tomorrow 10:00');
  });
});

test('is left by /cancel, and the draft stays', async () => {
  await say(`new ${file}`);
  const id = await draftId();
  expect(textOf(await say('/cancel'))).not.toContain('What shall');
  expect((await office.campaign(id)).state).toBe('draft');
  expect(textOf(await say('Hello'))).toContain('Hello');
  expect((await office.campaign(id)).text).toBeNull();
});

test('ends when somebody else has submitted the draft meanwhile', async () => {
  await say(`new ${file} text="Hello"`);
  const id = await draftId();
  await office.say('anna', `edit ${id} sender=ACME`, { conversation: 'elsewhere' });
  await office.say('anna', `submit ${id}`, { conversation: 'elsewhere' });
  await say('OTHER');
  expect(await office.campaign(id)).toMatchObject({ state: 'submitted', sender: 'ACME' });
});

describe('a campaign that is not the person’s to see any more', () => {
  const move = (id: string, department: string) => office.room.staff.store.change(id, { department });

  test('is filled in no further: the form ends, and says so', async () => {
    await say(`new ${file}`);
    const id = await draftId();
    await move('anna', 'risk');
    const ended = await say('Hello {{Name}}');
    expect(ended.subject).toBe('form');
    expect(textOf(ended)).not.toContain(id);
    expect((await say('Hello {{Name}}')).subject).toBe('mistake');
    await move('anna', 'sales');
    expect(await office.campaign(id)).toMatchObject({ state: 'draft', text: null });
  });

  test('keeps no command from being one, and none from leaving the form', async () => {
    for (const [said, subject] of [
      ['list', 'list'],
      ['/cancel', 'form'],
    ] as const) {
      await say(`new ${file}`);
      await move('anna', 'risk');
      expect((await say(said)).subject).toBe(subject);
      expect((await say('Hello {{Name}}')).subject).toBe('mistake');
      await move('anna', 'sales');
    }
  });

  test('is begun anew with another file', async () => {
    await say(`new ${file}`);
    const id = await draftId();
    await move('anna', 'risk');
    const begun = await say('', 'anna', { file: { name: 'people.list', path: file } });
    expect(begun.subject).not.toBe(`campaign:${id}`);
    await say('/cancel');
    await move('anna', 'sales');
  });

  test('is not sent back by a reason that was asked for before', async () => {
    await office.hire('vadim', ['approver']);
    await say(`new ${file} text="Hello" sender=ACME start="tomorrow 10:00"`);
    const id = await draftId();
    await say(`submit ${id}`);
    await office.say('vadim', `reject ${id}`);
    await move('vadim', 'risk');
    expect((await office.say('vadim', 'The price is wrong')).subject).toBe('form');
    expect((await office.campaign(id)).state).toBe('submitted');
  });
});

test('a sender that no operator carries is not taken, and those that they carry are named', async () => {
  const account = {
    name: 'alfa',
    kind: 'smpp',
    enabled: true,
    partsPerSecond: 10,
    binds: 1,
    window: 1,
    currency: 'RUB',
    prices: [],
    priceVersion: '1',
    senders: ['ACME'],
    classes: ['marketing'],
  };
  const keep = (enabled: boolean) =>
    office.room.accounts.keep({ ...account, enabled } as unknown as Parameters<typeof office.room.accounts.keep>[0]);
  await keep(true);
  try {
    await say('new');
    await say(file);
    await say('Hello {{Name}}');
    const again = await say('SHOPPY');
    expect(textOf(again)).toContain('No operator of ours carries “SHOPPY”. They carry: ACME.');
    expect((await office.campaign(await draftId())).sender).toBeNull();
    expect(commandsOf(again)).toContain(`edit ${await draftId()} sender="ACME"`);
    expect(textOf(await say('ACME'))).toContain('When');
  } finally {
    await keep(false);
  }
});
