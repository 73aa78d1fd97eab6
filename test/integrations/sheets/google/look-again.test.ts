/** A second look at a Google sheet in which people have worked since its rows were frozen: sorted, inserted, deleted, edited. */
import { afterAll, beforeAll, expect, test } from 'vitest';
import { type AudienceRoom, freezeAudience, lookAt } from '../../../../src/audiences/freeze.ts';
import { lookAgain } from '../../../../src/audiences/look-again.ts';
import { type Audience, audienceMigrations, audienceStore } from '../../../../src/audiences/store.ts';
import { silentLog } from '../../../../src/platform/log.ts';
import { migrate } from '../../../../src/platform/migrations.ts';
import { type FreshDatabase, freshDatabase } from '../../../support/mongo.ts';
import { type GoogleDesk, googleDesk, idOf, link, never } from './desk.ts';

let database: FreshDatabase;
let desk: GoogleDesk;
let room: AudienceRoom;
beforeAll(async () => {
  database = await freshDatabase();
  await migrate(database, audienceMigrations, { log: silentLog });
  desk = await googleDesk({ quota: { read: 100_000, write: 100_000 } });
  let numbers = 0;
  room = {
    store: audienceStore(database),
    sources: [desk.source()],
    personKey: (phone) => `key of ${phone}`,
    country: 'RU',
    now: () => new Date('2026-11-23T09:00:00Z'),
    nextId: async () => `a${++numbers}`,
    retentionDays: 30,
  };
});
afterAll(async () => {
  await desk.google.stop();
  await database.drop();
});

const TAB = 'Лист 1';
const ROWS = [
  ['Имя', 'Телефон', 'Заметка'],
  ...['Яна', 'Анна', 'Пётр', 'Глеб', 'Вера', 'Олег'].map((name, n) => [name, `+7916123457${n}`, '']),
];

let sheets = 0;
async function frozen() {
  const name = `look-again-${++sheets}`;
  const book = desk.google.hold(idOf(name), [{ title: TAB, rows: ROWS }]);
  const ref = link(name);
  const look = await lookAt(room, ref, {}, 'anna', never);
  if (look.kind !== 'ready') throw new Error(JSON.stringify(look));
  const { source, plan } = look;
  const order = { source, ref, name, plan, department: 'sales', by: 'anna', zone: 'Europe/Moscow' };
  const made = await freezeAudience(room, order, never);
  if (made.kind === 'refused') throw new Error(made.problem.code);
  return { book, audience: made.audience };
}

const look = (audience: Audience) =>
  lookAgain(room, { audience, answers: {}, used: ['Имя'], known: null, onlyThese: false }, never);

test('sorting, notes and formats change nothing', async () => {
  const { book, audience } = await frozen();
  book.sort(TAB, 0);
  book.note(TAB, 1, 0, 'called twice');
  expect(await look(audience)).toMatchObject({ kind: 'same' });
  book.type(TAB, 2, 2, 'written beside');
  expect(await look(audience)).toMatchObject({ kind: 'same' });
});

test('rows that were deleted, changed and inserted are found, wherever they stand now', async () => {
  const { book, audience } = await frozen();
  book.deleteRows(TAB, 2, 1);
  book.insertRows(TAB, 1, [['Новая', '+79161234599']]);
  book.type(TAB, 3, 0, 'Пётр Петрович');
  book.sort(TAB, 0);
  const seen = await look(audience);
  expect(seen).toMatchObject({
    kind: 'changed',
    changes: { removed: { count: 1, numbers: [3] }, changed: { count: 1 }, added: { count: 1 } },
  });
});

test('a sheet of which everything was deleted is not believed', async () => {
  const { book, audience } = await frozen();
  book.deleteRows(TAB, 1, 6);
  expect(await look(audience)).toMatchObject({ kind: 'shrunk', left: 0, of: 6 });
});
