/** How people come to Herald and leave it, over a real MongoDB. */
import { afterAll, beforeEach, describe, expect, test } from 'vitest';
import { silentLog } from '../../src/platform/log.ts';
import { migrate } from '../../src/platform/migrations.ts';
import type { Employee } from '../../src/staff/employee.ts';
import {
  answerRequest,
  changeEmployee,
  changeOwn,
  enrol,
  enrolFirstAdmin,
  keepOwnPhone,
  requestAccess,
  type StaffRoom,
} from '../../src/staff/enrol.ts';
import { staffMigrations, staffStore } from '../../src/staff/store.ts';
import { type FreshDatabase, freshDatabase } from '../support/mongo.ts';

const databases: FreshDatabase[] = [];
let room: StaffRoom;
let olga: Employee;
let clock: Date;
let ids = 0;

beforeEach(async () => {
  const database = await freshDatabase();
  databases.push(database);
  await migrate(database, staffMigrations, { log: silentLog });
  clock = new Date('2026-11-23T09:00:00Z');
  room = {
    store: staffStore(database),
    now: () => clock,
    newId: () => `r${++ids}`,
    defaults: { locale: 'ru', zone: 'Europe/Moscow', department: 'main' },
  };
  olga = (await enrolFirstAdmin(room, 'olga', 'Olga Petrova'))!;
});
afterAll(() => Promise.all(databases.map((one) => one.drop())));

const audit = async (id: string) =>
  (await room.store.auditOf(`employee:${id}`)).map((entry) => [entry.actor, entry.action]);
const person = { handle: '@Anna', name: 'Anna', department: 'sales', roles: ['author'] as const };
const hire = async (handle = '@Anna') => {
  const done = await enrol(room, olga, { ...person, handle });
  if (done.kind === 'refused') throw new Error(done.why);
  return done.employee;
};

describe('the first admin', () => {
  test('is made where there is nobody, and only there', async () => {
    expect(olga).toMatchObject({
      id: 'olga',
      roles: ['admin', 'author'],
      department: 'main',
      locale: 'ru',
      active: true,
    });
    expect(await enrolFirstAdmin(room, 'ivan', 'Ivan')).toBeNull();
    expect(await audit('olga')).toEqual([['herald', 'staff.first-admin']]);
  });
});

describe('adding', () => {
  test('by an admin, once for each handle, whatever its case', async () => {
    expect(await enrol(room, olga, person)).toMatchObject({
      kind: 'enrolled',
      employee: { id: 'anna', department: 'sales' },
    });
    expect(await enrol(room, olga, { ...person, handle: 'ANNA' })).toEqual({ kind: 'refused', why: 'taken' });
    expect(await enrol(room, olga, { ...person, handle: 'no spaces' })).toEqual({ kind: 'refused', why: 'bad-handle' });
    expect(await audit('anna')).toEqual([['olga', 'staff.added']]);
  });

  test('by nobody else', async () => {
    const anna = await hire();
    expect(await enrol(room, anna, { ...person, handle: 'boris' })).toEqual({ kind: 'refused', why: 'not-allowed' });
    expect(await changeEmployee(room, anna, 'anna', { roles: ['admin'] })).toEqual({
      kind: 'refused',
      why: 'not-allowed',
    });
    const gone = { ...olga, active: false };
    expect(await enrol(room, gone, { ...person, handle: 'boris' })).toEqual({ kind: 'refused', why: 'not-allowed' });
  });

  test('takes a department as it is written, whatever the spaces', async () => {
    const done = await enrol(room, olga, { ...person, department: ' Sales   North ' });
    expect(done).toMatchObject({ employee: { department: 'Sales North' } });
    expect(await changeEmployee(room, olga, 'anna', { department: ' Risk ' })).toMatchObject({
      employee: { department: 'Risk' },
    });
  });

  test('of one handle by ten at once adds one', async () => {
    const all = await Promise.all(Array.from({ length: 10 }, () => enrol(room, olga, person)));
    expect(all.filter((one) => one.kind === 'enrolled').length).toBe(1);
  });
});

describe('changing', () => {
  test('roles and leaving, kept in the audit trail', async () => {
    await hire();
    expect(await changeEmployee(room, olga, 'anna', { roles: ['approver'], sees: ['risk'] })).toMatchObject({
      employee: { roles: ['approver'], sees: ['risk'] },
    });
    expect(await changeEmployee(room, olga, 'anna', { active: false })).toMatchObject({ employee: { active: false } });
    expect(await changeEmployee(room, olga, 'nobody', { active: false })).toEqual({
      kind: 'refused',
      why: 'unknown-person',
    });
    expect((await audit('anna')).length).toBe(3);
  });

  test('keeps neither the phone nor the deputy of who has left', async () => {
    const anna = await hire();
    await keepOwnPhone(room, anna, '+79000000001');
    await changeOwn(room, anna, { deputy: { deputy: 'olga', until: new Date('2027-01-01') } });
    await changeEmployee(room, olga, 'anna', { roles: ['approver'] });
    expect(await room.store.employee('anna')).toMatchObject({ phone: {}, deputy: {} });
    await changeEmployee(room, olga, 'anna', { active: false });
    expect(await room.store.employee('anna')).toMatchObject({ phone: null, deputy: null });
  });

  test('never leaves the company without an admin', async () => {
    const lastAdmin = { kind: 'refused', why: 'last-admin' };
    expect(await changeEmployee(room, olga, 'olga', { active: false })).toEqual(lastAdmin);
    expect(await changeEmployee(room, olga, 'olga', { roles: ['author'] })).toEqual(lastAdmin);
    await enrol(room, olga, { ...person, handle: 'ivan', roles: ['admin'] });
    await changeEmployee(room, olga, 'ivan', { active: false });
    expect(await changeEmployee(room, olga, 'olga', { roles: [] })).toEqual(lastAdmin);
    await changeEmployee(room, olga, 'ivan', { active: true });
    expect(await changeEmployee(room, olga, 'olga', { roles: ['author'] })).toMatchObject({ kind: 'enrolled' });
  });

  test('by two admins, each of the other, at the same moment, leaves one', async () => {
    await enrol(room, olga, { ...person, handle: 'ivan', roles: ['admin'] });
    const ivan = (await room.store.employee('ivan'))!;
    for (let round = 0; round < 10; round++) {
      await Promise.all([
        changeEmployee(room, olga, 'ivan', { roles: ['author'] }),
        changeEmployee(room, ivan, 'olga', { active: false }),
      ]);
      const admins = (await room.store.employees()).filter((one) => one.active && one.roles.includes('admin'));
      expect(admins.length).toBeGreaterThan(0);
      for (const id of ['ivan', 'olga']) await room.store.change(id, { roles: ['admin'], active: true });
    }
  });

  test('one’s own settings, by oneself', async () => {
    const anna = await hire();
    const deputy = { deputy: 'olga', until: new Date('2026-12-01') };
    expect(await changeOwn(room, anna, { locale: 'en', deputy })).toMatchObject({ locale: 'en', deputy });
    expect(await room.store.employee('anna')).toMatchObject({ locale: 'en', deputy });
    expect(await changeOwn(room, { ...anna, id: 'nobody' }, { locale: 'en' })).toMatchObject({ id: 'nobody' });
  });
});

describe('a stranger who asks', () => {
  const stranger = { surface: 'telegram', account: '77', name: 'Petr', handle: 'Petr' };
  const ask = async (fields = {}) => {
    const asked = await requestAccess(room, { ...stranger, ...fields });
    return 'request' in asked ? asked.request : null;
  };

  test('waits for an answer; asking again changes nothing', async () => {
    const first = await ask();
    expect(await requestAccess(room, stranger)).toMatchObject({ kind: 'waiting-already', request: { id: first!.id } });
    expect((await room.store.requestsWaiting()).length).toBe(1);
    expect(await requestAccess(room, { ...stranger, account: '78', handle: 'olga' })).toEqual({ kind: 'taken' });
    expect(await requestAccess(room, { ...stranger, account: '78', handle: '!' })).toEqual({ kind: 'bad-handle' });
  });

  test('turned away may ask once more, and then waits again', async () => {
    const first = await ask();
    expect(await answerRequest(room, olga, first!.id, { grant: false })).toMatchObject({ kind: 'turned-away' });
    clock = new Date(clock.getTime() + 1000);
    const second = await ask();
    expect(second!.id).not.toBe(first!.id);
    for (let again = 0; again < 3; again++) expect((await requestAccess(room, stranger)).kind).toBe('waiting-already');
    expect((await room.store.requestsWaiting()).map((one) => one.id)).toEqual([second!.id]);
  });

  test('let in becomes an employee, with the account that asked', async () => {
    const { id } = (await ask())!;
    const answer = { grant: true, department: 'risk', roles: ['viewer'] } as const;
    expect(await answerRequest(room, olga, id, answer)).toMatchObject({
      kind: 'enrolled',
      employee: { id: 'petr', department: 'risk' },
    });
    expect(await room.store.accountOwner('telegram', '77')).toBe('petr');
    expect(await room.store.accountsOf('petr')).toMatchObject([{ id: 'telegram:77', employee: 'petr' }]);
    expect(await answerRequest(room, olga, id, answer)).toEqual({ kind: 'no-such-request' });
    expect(await answerRequest(room, olga, 'none', answer)).toEqual({ kind: 'no-such-request' });
  });

  test('is answered by an admin only', async () => {
    const { id } = (await ask())!;
    expect(await answerRequest(room, await hire(), id, { grant: false })).toEqual({
      kind: 'refused',
      why: 'not-allowed',
    });
  });

  test('whose handle was taken meanwhile waits on', async () => {
    const { id } = (await ask())!;
    await hire('petr');
    const answer = { grant: true, department: 'risk', roles: ['viewer'] } as const;
    expect(await answerRequest(room, olga, id, answer)).toEqual({ kind: 'refused', why: 'taken' });
    expect((await room.store.requestsWaiting()).map((one) => one.id)).toEqual([id]);
    expect(await room.store.accountOwner('telegram', '77')).toBeNull();
  });

  test('answered by two admins at once has one answer: turned away is not let in', async () => {
    for (let round = 0; round < 10; round++) {
      const handle = `petr${round}`;
      const { id } = (await ask({ account: handle, handle }))!;
      const [no, yes] = await Promise.all([
        answerRequest(room, olga, id, { grant: false }),
        answerRequest(room, olga, id, { grant: true, department: 'risk', roles: ['admin'] }),
      ]);
      const isIn = (await room.store.employee(handle)) !== null;
      expect([no.kind, yes.kind]).toEqual(isIn ? ['no-such-request', 'enrolled'] : ['turned-away', 'no-such-request']);
    }
  });
});

describe('proofs of phones', () => {
  const proof = { phone: '+79161234567', codeHash: 'h', triesLeft: 2, expiresAt: new Date('2026-11-23T09:10:00Z') };

  test('allow so many tries and no more, however many try at once', async () => {
    await room.store.keepProof({ employee: 'anna', ...proof });
    const tries = await Promise.all(Array.from({ length: 8 }, () => room.store.tryProof('anna')));
    expect(
      tries
        .filter((one) => one !== null)
        .map((one) => one!.triesLeft)
        .toSorted(),
    ).toEqual([0, 1]);
    expect(await room.store.tryProof('nobody')).toBeNull();
    await room.store.dropProof('anna');
    expect(await room.store.tryProof('anna')).toBeNull();
  });
});

describe('notices', () => {
  const notice = (id: string, employee: string, at: string) => ({
    id,
    employee,
    card: { subject: id, tone: 'info', title: id } as const,
    at: new Date(at),
  });

  test('wait for their reader in order, once each, until they are shown', async () => {
    await room.store.post(notice('b', 'anna', '2026-11-23T10:00:00Z'));
    await room.store.post(notice('a', 'anna', '2026-11-23T09:00:00Z'));
    await room.store.post(notice('a', 'anna', '2026-11-24T09:00:00Z'));
    await room.store.post(notice('c', 'boris', '2026-11-23T09:00:00Z'));
    expect((await room.store.noticesFor('anna')).map((one) => one.id)).toEqual(['a', 'b']);
    await room.store.shown([]);
    await room.store.shown(['a']);
    expect((await room.store.noticesFor('anna')).map((one) => one.card.title)).toEqual(['b']);
    expect((await room.store.noticesFor('boris')).length).toBe(1);
  });
});

test('employees are found by department, in the order of their handles', async () => {
  await hire('zoe');
  await hire('anna');
  expect((await room.store.employees({ department: 'sales' })).map((one) => one.id)).toEqual(['anna', 'zoe']);
  expect((await room.store.employees()).length).toBe(3);
  expect(await room.store.change('nobody', { active: false })).toBeNull();
});
