/** Whom never to send to: kept by a key of the number, the first reason for ever, what was written about it for a while. */
import { afterAll, beforeAll, describe, expect, test } from 'vitest';
import { customerMigrations, customerStore } from '../../src/customers/store.ts';
import { type CustomerRoom, suppress } from '../../src/customers/suppress.ts';
import type { E164 } from '../../src/messages/phone.ts';
import { daysAfter } from '../../src/platform/days.ts';
import { silentLog } from '../../src/platform/log.ts';
import { migrate } from '../../src/platform/migrations.ts';
import type { Employee, Role } from '../../src/staff/employee.ts';
import { staffMigrations, staffStore } from '../../src/staff/store.ts';
import { type FreshDatabase, freshDatabase } from '../support/mongo.ts';

let database: FreshDatabase;
let room: CustomerRoom;
const at = new Date('2026-11-23T09:00:00Z');
beforeAll(async () => {
  database = await freshDatabase();
  await migrate(database, [...staffMigrations, ...customerMigrations], { log: silentLog });
  room = {
    store: customerStore(database),
    audit: staffStore(database),
    personKey: (phone) => `key of ${phone.slice(-2)}`,
    now: () => at,
    retentionDays: 30,
  };
});
afterAll(() => database.drop());

const person = (roles: readonly Role[], fields: Partial<Employee> = {}): Employee =>
  ({ id: 'boris', department: 'sales', roles, sees: [], active: true, ...fields }) as unknown as Employee;
const phone = '+79161234567' as E164;

describe('suppressing', () => {
  test('is for authors, approvers and admins', async () => {
    expect(await suppress(room, person(['viewer', 'analyst']), phone, 'opt-out', '')).toEqual({ kind: 'not-allowed' });
    expect(await suppress(room, person(['approver'], { active: false }), phone, 'opt-out', '')).toEqual({
      kind: 'not-allowed',
    });
    expect(await room.store.suppressedAmong(['key of 67'])).toEqual(new Set());
  });

  test('holds at once, keeps the first reason, and is in the audit trail without the number', async () => {
    expect(await suppress(room, person(['approver']), phone, 'opt-out', 'said stop')).toEqual({ kind: 'suppressed' });
    expect(await suppress(room, person(['author']), phone, 'complaint', 'again')).toEqual({ kind: 'was-suppressed' });
    expect(await room.store.suppressedAmong(['key of 67', 'key of 68'])).toEqual(new Set(['key of 67']));
    const kept = await database.db.collection('suppressions').find({}).toArray();
    expect(kept).toMatchObject([{ _id: 'key of 67', reason: 'opt-out', by: 'boris', at }]);
    const trail = await staffStore(database).auditOf('person:key of 67');
    expect(trail.map((entry) => [entry.action, entry.detail.isNew])).toEqual([
      ['customer.suppressed', true],
      ['customer.suppressed', false],
    ]);
    expect(JSON.stringify([kept, trail])).not.toContain('79161234567');
    expect(JSON.stringify([kept, trail])).not.toContain('said stop');
  });

  test('keeps what was written about it apart, and no longer than personal data', async () => {
    const other = '+79161234588' as E164;
    await suppress(room, person(['approver']), other, 'complaint', 'asked by her son');
    await suppress(room, person(['approver']), other, 'complaint', 'and again');
    const notes = database.db.collection<{ _id: string }>('suppressionNotes');
    expect(await notes.find({ _id: 'key of 88' }).toArray()).toMatchObject([
      { note: 'asked by her son', deleteAfter: daysAfter(at, 30) },
    ]);
    const expiring = (await notes.indexes()).filter((index) => index.expireAfterSeconds === 0);
    expect(expiring.map((index) => index.key)).toEqual([{ deleteAfter: 1 }]);
    await suppress(room, person(['approver']), '+79161234589' as E164, 'complaint', '');
    expect(await notes.countDocuments({ _id: 'key of 89' })).toBe(0);
  });

  test('and its entry in the audit trail are one: where that cannot be written, nobody is suppressed', async () => {
    const audit = { appendAudit: () => Promise.reject(new Error('no room on the disk')) };
    const other = '+79161234577' as E164;
    await expect(suppress({ ...room, audit }, person(['admin']), other, 'opt-out', 'said stop')).rejects.toThrow(
      'disk',
    );
    expect(await room.store.suppressedAmong(['key of 77'])).toEqual(new Set());
    expect(await database.db.collection<{ _id: string }>('suppressionNotes').countDocuments({ _id: 'key of 77' })).toBe(
      0,
    );
  });

  test('gives notes that were kept with the suppression an end', async () => {
    const suppressions = database.db.collection<{ _id: string }>('suppressions');
    const old = { reason: 'opt-out', note: 'from before', by: 'boris', at };
    await suppressions.insertOne({ _id: 'key of old', ...old } as { _id: string });
    await suppressions.insertOne({ _id: 'key of bare', ...old, note: '' } as { _id: string });
    for (const _round of [1, 2]) await customerMigrations[0]!.up(database);
    const { note: _note, ...rest } = old;
    expect(await suppressions.findOne({ _id: 'key of old' })).toEqual({ _id: 'key of old', ...rest });
    const notes = await database.db
      .collection<{ _id: string }>('suppressionNotes')
      .find({ _id: /^key of (old|bare)$/ as never })
      .toArray();
    expect(notes).toMatchObject([{ _id: 'key of old', note: 'from before' }]);
    expect((notes[0] as unknown as { deleteAfter: Date }).deleteAfter > new Date()).toBe(true);
  });

  test('by many at once is one suppression', async () => {
    const other = '+79161234599' as E164;
    const all = await Promise.all(
      Array.from({ length: 30 }, () => suppress(room, person(['admin']), other, 'opt-out', '')),
    );
    expect(all.filter((one) => one.kind === 'suppressed').length).toBe(1);
  });

  test('nobody among nobody', async () => {
    expect(await room.store.suppressedAmong([])).toEqual(new Set());
  });
});
