/** Letting somebody in is whole: the person, the account that asked, the answer and the audit trail, or nothing of it. */
import { afterAll, beforeAll, expect, test } from 'vitest';
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
import { type StaffStore, staffMigrations, staffStore } from '../../src/staff/store.ts';
import { type FreshDatabase, freshDatabase } from '../support/mongo.ts';

let database: FreshDatabase;
let room: StaffRoom;
let olga: Employee;
let ids = 0;
beforeAll(async () => {
  database = await freshDatabase();
  await migrate(database, staffMigrations, { log: silentLog });
  room = {
    store: staffStore(database),
    now: () => new Date('2026-11-23T09:00:00Z'),
    newId: () => `r${++ids}`,
    defaults: { locale: 'ru', zone: 'Europe/Moscow', department: 'main' },
  };
});
afterAll(() => database.drop());

/** A room in which this step of the store breaks. */
const broken = (step: keyof StaffStore): StaffRoom => ({
  ...room,
  store: { ...room.store, [step]: () => Promise.reject(new Error('no room on the disk')) },
});
const ask = async (handle: string) => {
  const asked = await requestAccess(room, { surface: 'slack', account: handle, name: handle, handle });
  if (asked.kind !== 'asked') throw new Error(asked.kind);
  return asked.request.id;
};
const yes = { grant: true, department: 'sales', roles: ['author'] } as const;

test('the first admin comes with an entry in the audit trail, or not at all', async () => {
  await expect(enrolFirstAdmin(broken('appendAudit'), 'olga', 'Olga')).rejects.toThrow('disk');
  expect(await room.store.employees()).toEqual([]);
  olga = (await enrolFirstAdmin(room, 'olga', 'Olga'))!;
  expect((await room.store.auditOf('employee:olga')).length).toBe(1);
});

test('who is added is in the audit trail, or not added', async () => {
  const person = { handle: 'anna', name: 'Anna', department: 'sales', roles: ['author'] as const };
  await expect(enrol(broken('appendAudit'), olga, person)).rejects.toThrow('disk');
  expect(await room.store.employee('anna')).toBeNull();
  expect((await enrol(room, olga, person)).kind).toBe('enrolled');
});

test('a change is in the audit trail, or not made', async () => {
  const anna = (await room.store.employee('anna'))!;
  const gone = broken('appendAudit');
  await expect(changeEmployee(gone, olga, 'anna', { roles: ['admin'] })).rejects.toThrow('disk');
  await expect(changeOwn(gone, anna, { zone: 'Asia/Omsk' })).rejects.toThrow('disk');
  await expect(keepOwnPhone(gone, anna, '+79000000001')).rejects.toThrow('disk');
  expect(await room.store.employee('anna')).toEqual(anna);
  await keepOwnPhone(room, anna, '+79000000001');
  expect(await room.store.employee('anna')).toMatchObject({
    phone: { phone: '+79000000001', confirmedAt: room.now() },
  });
  expect(JSON.stringify(await room.store.auditOf('employee:anna'))).not.toContain('9000000001');
});

test.each(['appendAudit', 'link', 'answer', 'add'] as const)(
  'a request whose answer breaks at %s waits on, and lets in when it is answered again',
  async (step) => {
    const handle = `boris-${step.toLowerCase()}`;
    const id = await ask(handle);
    await expect(answerRequest(broken(step), olga, id, yes)).rejects.toThrow('disk');
    expect(await room.store.employee(handle)).toBeNull();
    expect(await room.store.accountOwner('slack', handle)).toBeNull();
    expect((await room.store.request(id))?.state).toBe('waiting');
    expect(await room.store.auditOf(`employee:${handle}`)).toEqual([]);
    expect(await answerRequest(room, olga, id, yes)).toMatchObject({ kind: 'enrolled', employee: { id: handle } });
    expect(await room.store.accountOwner('slack', handle)).toBe(handle);
    expect((await room.store.request(id))?.state).toBe('granted');
    expect((await room.store.auditOf(`employee:${handle}`)).length).toBe(1);
  },
);

test('of ten admins who let one person in at once, one does', async () => {
  const id = await ask('vera');
  const all = await Promise.all(Array.from({ length: 10 }, () => answerRequest(room, olga, id, yes)));
  expect(all.filter((one) => one.kind === 'enrolled').length).toBe(1);
  expect(all.filter((one) => one.kind === 'no-such-request').length).toBe(9);
  expect((await room.store.auditOf('employee:vera')).length).toBe(1);
});
