/** The workbook of a campaign's results comes to people in chats as a file, and only where nobody reads along. */
import { afterAll, beforeAll, describe, expect, test } from 'vitest';
import { resultsCard } from '../../src/chat/cards/results.ts';
import { notHandedCard } from '../../src/chat/handing.ts';
import { counts, inState, reader } from './cards/samples.ts';
import { type Office, openOffice, PEOPLE } from './office.ts';

let office: Office;
beforeAll(async () => {
  office = await openOffice();
  await office.hire('anna', ['author']);
  await office.hire('vera', ['author'], { locale: 'ru' });
  for (const who of ['anna', 'vera']) await office.room.staff.store.link('telegram', who, who, office.clock);
  const people = office.list('people', PEOPLE);
  await office.say('anna', `new ${people} text="Hello" sender=ACME start="tomorrow 10:00"`);
  office.written = { kind: 'written', path: '/data/results/people.results-1.xlsx', rows: 2, excluded: 1 };
});
afterAll(() => office.close());

const results = (more: object = {}) => office.say('anna', 'results 1', more);
const file = {
  name: 'people.results-1.xlsx',
  path: '/data/results/people.results-1.xlsx',
  again: 'results 1',
};

describe('results', () => {
  test('hand over the workbook in a private chat, and say its name instead of its path', async () => {
    const card = await results({ surface: 'telegram', isPrivate: true });
    expect(card.attachment).toEqual(file);
    expect(card.lead).toContain('The workbook people.results-1.xlsx comes to you as a file, in our private chat.');
    expect(JSON.stringify(card.lead)).not.toContain('/data');
  });

  test('hand over nothing where others read along, and say where to ask', async () => {
    const card = await results({ surface: 'telegram', isPrivate: false });
    expect(card.attachment).toBeUndefined();
    expect(card.lead).toContain(
      'I hand over the workbook people.results-1.xlsx in our private chat only. Please say there: `results 1`',
    );
    expect(JSON.stringify(card)).not.toContain('/data');
  });

  test('name the path to those who sit at this machine', async () => {
    const card = await results();
    expect(card.attachment).toBeUndefined();
    expect(card.lead).toContain('Written to /data/results/people.results-1.xlsx');
  });

  test('are asked for anew in the words of the reader', async () => {
    const card = await office.say('vera', 'итоги 1', { surface: 'telegram', isPrivate: true });
    expect(card.attachment?.again).toBe('результаты 1');
    expect(card.lead).toContain('Книга people.results-1.xlsx придёт вам файлом в личный чат со мной.');
  });

  test('give nothing to those who may not have them', async () => {
    await office.hire('boris', ['viewer']);
    await office.room.staff.store.link('telegram', 'boris', 'boris', office.clock);
    const card = await office.say('boris', 'results 1', { surface: 'telegram', isPrivate: true });
    expect(card.attachment).toBeUndefined();
  });
});

describe('results in a sheet', () => {
  const path = 'https://docs.google.com/spreadsheets/d/0123456789';
  const base = { campaign: inState('en', 'finished'), counts: counts({ delivered: 2 }, 1), mayWrite: true };
  const written = { kind: 'written', path, rows: 2, excluded: 1 } as const;

  test('are opened by their link: there is no file', () => {
    const card = resultsCard({ ...base, written, chat: 'private' }, reader('en'));
    expect([card.attachment, card.lead![0]]).toEqual([undefined, `Written to ${path}`]);
  });

  test('come with the workbook that stands beside it', () => {
    const beside = { ...written, also: '/data/results/people.results-1.xlsx' };
    const card = resultsCard({ ...base, written: beside, chat: 'private' }, reader('en'));
    expect(card.attachment).toMatchObject({ name: 'people.results-1.xlsx', path: beside.also });
    expect(card.lead).toContain('A workbook with all rows: people.results-1.xlsx');
  });

  test.each(['failed', 'nothing-yet'] as const)('that are %s bring nothing', (kind) => {
    const none = kind === 'failed' ? ({ kind, why: 'no-space' } as const) : { kind };
    expect(resultsCard({ ...base, written: none, chat: 'private' }, reader('en')).attachment).toBeUndefined();
  });
});

test('a file that could not be handed over is told of, with how to get it', () => {
  const told = (why: Parameters<typeof notHandedCard>[1], locale: 'en' | 'ru' = 'en') => {
    const { title, lead = [] } = notHandedCard(file, why, locale);
    return [title, ...lead];
  };
  expect(told({ kind: 'failed' })).toEqual([
    'The file people.results-1.xlsx could not be handed over.',
    'It is made anew when you say: `results 1`',
  ]);
  expect(told({ kind: 'unsure' })[0]).toBe('Nobody can say whether the file people.results-1.xlsx has reached you.');
  expect(told({ kind: 'too-large', limitMb: 50 }, 'ru')).toEqual([
    'Файл people.results-1.xlsx больше 50 МБ, которые здесь можно передать.',
    'Попросите его у администратора: он лежит там, где работает Herald.',
  ]);
});
