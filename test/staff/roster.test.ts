/** A staff sheet carried out over a real MongoDB: who is added, changed, left alone, and which row is told what. */
import { afterAll, beforeEach, describe, expect, test } from 'vitest';
import { silentLog } from '../../src/platform/log.ts';
import { migrate } from '../../src/platform/migrations.ts';
import { type Employee, ROLES } from '../../src/staff/employee.ts';
import { changeEmployee, enrol, enrolFirstAdmin, type StaffRoom } from '../../src/staff/enrol.ts';
import { readRoles } from '../../src/staff/role-words.ts';
import { applyRoster, type RosterRow } from '../../src/staff/roster.ts';
import { staffMigrations, staffStore } from '../../src/staff/store.ts';
import { texts } from '../../src/texts/index.ts';
import { type FreshDatabase, freshDatabase } from '../support/mongo.ts';

const databases: FreshDatabase[] = [];
let room: StaffRoom;
let olga: Employee;

beforeEach(async () => {
  const database = await freshDatabase();
  databases.push(database);
  await migrate(database, staffMigrations, { log: silentLog });
  room = {
    store: staffStore(database),
    now: () => new Date('2026-11-23T09:00:00Z'),
    newId: () => 'r1',
    defaults: { locale: 'ru', zone: 'Europe/Moscow', department: 'main' },
  };
  olga = (await enrolFirstAdmin(room, 'olga', 'Olga Petrova'))!;
});
afterAll(() => Promise.all(databases.map((one) => one.drop())));

const hire = (handle: string, fields: Partial<Parameters<typeof enrol>[2]> = {}) =>
  enrol(room, olga, { handle, name: `Name of ${handle}`, department: 'Sales', roles: ['author'], ...fields });
const row = (number: number, handle: string, fields: Partial<RosterRow> = {}): RosterRow => ({
  number,
  handle,
  name: `Name of ${handle}`,
  department: ' Sales ',
  roles: 'author',
  email: '',
  ...fields,
});
const NOTHING = { kind: 'applied', added: 0, changed: 0, same: 0, kept: 0, viewers: 0, problems: [] };

test('adds, changes, leaves alone, and says what is wrong with which row', async () => {
  await hire('same');
  await hire('other');
  const applied = await applyRoster(room, olga, [
    row(2, '@New', { roles: 'Author; approver' }),
    row(3, 'same'),
    row(4, 'other', { roles: 'analyst' }),
    row(5, 'new', { roles: 'viewer' }),
    row(6, 'with space'),
    row(7, ' '),
    row(8, 'nameless', { name: ' ' }),
    row(9, 'homeless', { department: ' ' }),
    row(10, 'king', { roles: 'author, king' }),
    row(11, 'olga', { roles: 'viewer' }),
  ]);
  expect(applied).toEqual({
    ...NOTHING,
    added: 1,
    changed: 1,
    same: 1,
    problems: [
      { row: 5, why: 'twice', said: 'new' },
      { row: 6, why: 'bad-handle', said: 'with space' },
      { row: 7, why: 'no-handle', said: '' },
      { row: 8, why: 'no-name', said: 'nameless' },
      { row: 9, why: 'no-department', said: 'homeless' },
      { row: 10, why: 'bad-role', said: 'king' },
      { row: 11, why: 'last-admin', said: 'olga' },
    ],
  });
  expect(await room.store.employee('new')).toMatchObject({ roles: ['author', 'approver'] });
  expect(await room.store.employee('king')).toBeNull();
  expect(await room.store.employee('olga')).toEqual(olga);
});

test('an empty cell of roles leaves a known person’s roles, and makes a new one a viewer', async () => {
  await hire('anna', { roles: ['author', 'approver'] });
  await hire('same');
  const applied = await applyRoster(room, olga, [
    row(2, 'anna', { roles: ' ', department: 'Risk' }),
    row(3, 'same', { roles: '' }),
    row(4, 'olga', { name: 'Olga Petrova', department: 'main', roles: ',' }),
    row(5, 'new', { roles: '' }),
  ]);
  expect(applied).toEqual({ ...NOTHING, added: 1, changed: 1, same: 2, kept: 3, viewers: 1 });
  expect(await room.store.employee('anna')).toMatchObject({ roles: ['author', 'approver'], department: 'Risk' });
  expect(await room.store.employee('new')).toMatchObject({ roles: ['viewer'] });
  expect(await room.store.employee('olga')).toMatchObject({ roles: ['admin', 'author'] });
});

test('a department is the same one as in a command', async () => {
  await hire('anna', { department: 'Sales North' });
  const applied = await applyRoster(room, olga, [
    row(2, 'anna', { department: ' Sales   North' }),
    row(3, 'new', { department: 'Sales North ' }),
  ]);
  expect(applied).toMatchObject({ added: 1, changed: 0, same: 1 });
  expect((await room.store.employees({ department: 'Sales North' })).map((one) => one.id)).toEqual(['anna', 'new']);
});

test('who is not in the sheet stays, and who was deactivated is not let in by it', async () => {
  await hire('anna');
  await hire('boris');
  await changeEmployee(room, olga, 'boris', { active: false });
  await applyRoster(room, olga, [row(2, 'boris', { roles: 'approver' })]);
  expect(await room.store.employee('anna')).toMatchObject({ active: true, roles: ['author'] });
  expect(await room.store.employee('boris')).toMatchObject({ active: false, roles: ['approver'] });
});

test('is carried out for admins only', async () => {
  const anna = { ...olga, roles: ['author'] as const };
  expect(await applyRoster(room, anna, [row(2, 'new')])).toEqual({ kind: 'not-allowed' });
  expect(await room.store.employee('new')).toBeNull();
});

test('a refusal is told as what it is', async () => {
  // Somebody else adds the person between the look and the change.
  const late: StaffRoom = { ...room, store: { ...room.store, employee: async () => null } };
  expect(await applyRoster(late, olga, [row(2, 'olga')])).toEqual({
    ...NOTHING,
    problems: [{ row: 2, why: 'taken', said: 'olga' }],
  });
});

describe('roles', () => {
  test.each([
    ['author', ['author']],
    ['Approvers / Authors', ['author', 'approver']],
    ['Автор; согласующий', ['author', 'approver']],
    ['АДМИН., наблюдатель', ['viewer', 'admin']],
    ['аналитик author author', ['author', 'analyst']],
    [' ', []],
  ])('“%s” are read', (said, roles) => {
    expect(readRoles(said)).toEqual({ kind: 'roles', roles });
  });

  test.each([
    ['administrative', 'administrative'],
    ['Администратор зала', 'зала'],
    ['author, король', 'король'],
  ])('“%s” are not guessed at', (said, word) => {
    expect(readRoles(said)).toEqual({ kind: 'unknown', word });
  });

  test.each(ROLES)('%s is read as each catalogue calls it', (role) => {
    for (const locale of ['en', 'ru'] as const) {
      expect(readRoles(texts(locale).t(`role.${role}`))).toEqual({ kind: 'roles', roles: [role] });
    }
  });
});

test('a work address is taken where the sheet has one, and stays where its cell is empty', async () => {
  await hire('mail');
  const read = async () => (await room.store.employee('mail'))?.email;
  expect(await applyRoster(room, olga, [row(2, 'mail', { email: ' Mail@Example.com' })])).toMatchObject({ changed: 1 });
  expect(await read()).toBe('mail@example.com');
  expect(await applyRoster(room, olga, [row(2, 'mail')])).toMatchObject({ same: 1 });
  expect(await applyRoster(room, olga, [row(2, 'mail', { email: 'at home' })])).toMatchObject({
    problems: [{ row: 2, why: 'bad-email', said: 'at home' }],
  });
  expect(await read()).toBe('mail@example.com');
});
