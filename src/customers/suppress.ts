/**
 * Puts a number on the list of those who are never sent to. It takes effect in runs under way: dispatch looks here
 * again at the moment of sending.
 */
import type { E164 } from '../messages/phone.ts';
import { daysAfter } from '../platform/days.ts';
import type { Employee } from '../staff/employee.ts';
import { may } from '../staff/rights.ts';
import type { StaffStore } from '../staff/store.ts';
import type { CustomerStore, SuppressionReason } from './store.ts';

export interface CustomerRoom {
  readonly store: CustomerStore;
  readonly audit: Pick<StaffStore, 'appendAudit'>;
  readonly personKey: (phone: E164) => string;
  readonly now: () => Date;
  /** For how long what is written about a person is kept. */
  readonly retentionDays: number;
}

export type Suppressed = { readonly kind: 'suppressed' | 'was-suppressed' } | { readonly kind: 'not-allowed' };

/** The suppression, the note about it and their entry in the audit trail are kept together, or none of them. */
export async function suppress(
  room: CustomerRoom,
  by: Employee,
  phone: E164,
  reason: SuppressionReason,
  note: string,
): Promise<Suppressed> {
  if (!may(by, 'suppress', null)) return { kind: 'not-allowed' };
  const person = room.personKey(phone);
  const at = room.now();
  const isNew = await room.store.inTransaction(async (session) => {
    const isFirst = await room.store.suppress({ person, reason, by: by.id, at }, session);
    if (isFirst && note !== '') await room.store.keepNote(person, note, daysAfter(at, room.retentionDays), session);
    const detail = { reason, isNew: isFirst };
    const entry = { at, actor: by.id, action: 'customer.suppressed', subject: `person:${person}`, department: null };
    await room.audit.appendAudit({ ...entry, detail }, session);
    return isFirst;
  });
  return { kind: isNew ? 'suppressed' : 'was-suppressed' };
}
