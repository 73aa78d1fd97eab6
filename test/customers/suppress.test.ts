/** Whom never to send to: kept by a key of the number, the first reason for ever. */
import { afterAll, beforeAll, describe, expect, test } from 'vitest';
import { customerStore } from '../../src/customers/store.ts';
import { type CustomerRoom, suppress } from '../../src/customers/suppress.ts';
import type { E164 } from '../../src/messages/phone.ts';
import type { Employee, Role } from '../../src/staff/employee.ts';
import { staffStore } from '../../src/staff/store.ts';
import { type FreshDatabase, freshDatabase } from '../support/mongo.ts';

let database: FreshDatabase;
let room: CustomerRoom;
const at = new Date('2026-11-23T09:00:00Z');
beforeAll(async () => {
  database = await freshDatabase();
  room = {
    store: customerStore(database),
    audit: staffStore(database),
    personKey: (phone) => `key of ${phone.slice(-2)}`,
    now: () => at,
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
    expect(kept).toMatchObject([{ _id: 'key of 67', reason: 'opt-out', note: 'said stop', by: 'boris', at }]);
    const trail = await staffStore(database).auditOf('person:key of 67');
    expect(trail.map((entry) => [entry.action, entry.detail.isNew])).toEqual([
      ['customer.suppressed', true],
      ['customer.suppressed', false],
    ]);
    expect(JSON.stringify([kept, trail])).not.toContain('79161234567');
  });

  test('by many at once is one suppression', async () => {
    const other = '+79161234599' as E164;
    const all = await Promise.all(
      Array.from({ length: 10 }, () => suppress(room, person(['admin']), other, 'opt-out', '')),
    );
    expect(all.filter((one) => one.kind === 'suppressed').length).toBe(1);
  });

  test('nobody among nobody', async () => {
    expect(await room.store.suppressedAmong([])).toEqual(new Set());
  });
});
