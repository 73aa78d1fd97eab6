/**
 * Puts a number on the list of those who are never sent to. It takes effect in runs under way: dispatch looks here
 * again at the moment of sending.
 */
import type { E164 } from '../messages/phone.ts';
import type { Employee } from '../staff/employee.ts';
import { may } from '../staff/rights.ts';
import type { StaffStore } from '../staff/store.ts';
import type { CustomerStore, SuppressionReason } from './store.ts';

export interface CustomerRoom {
  readonly store: CustomerStore;
  readonly audit: Pick<StaffStore, 'appendAudit'>;
  readonly personKey: (phone: E164) => string;
  readonly now: () => Date;
}

export type Suppressed = { readonly kind: 'suppressed' | 'was-suppressed' } | { readonly kind: 'not-allowed' };

export async function suppress(
  room: CustomerRoom,
  by: Employee,
  phone: E164,
  reason: SuppressionReason,
  note: string,
): Promise<Suppressed> {
  if (!may(by, 'suppress', null)) return { kind: 'not-allowed' };
  const person = room.personKey(phone);
  const isNew = await room.store.suppress({ person, reason, note, by: by.id, at: room.now() });
  await room.audit.appendAudit({
    at: room.now(),
    actor: by.id,
    action: 'customer.suppressed',
    subject: `person:${person}`,
    department: null,
    detail: { reason, isNew },
  });
  return { kind: isNew ? 'suppressed' : 'was-suppressed' };
}
