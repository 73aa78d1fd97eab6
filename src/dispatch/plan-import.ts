/** A numbering plan on its way in: read and shown first, taken over when an admin says so. */
import type { NumberRange } from '../messages/number-plan.ts';
import { DAY_MS } from '../platform/days.ts';
import type { Database } from '../platform/mongo/connect.ts';
import type { Employee } from '../staff/employee.ts';
import { may } from '../staff/rights.ts';
import type { StaffStore } from '../staff/store.ts';
import { type PlanChanges, type PlanCounts, planChanges, planCounts } from './plan-changes.ts';
import type { PlanHead, PlanStore } from './plan-store.ts';

export interface PlanRoom {
  readonly database: Database;
  readonly plans: PlanStore;
  readonly staff: Pick<StaffStore, 'appendAudit'>;
  readonly now: () => Date;
  readonly newId: () => string;
}

/** A proposal is good for a day: after that the admin looks at the changes anew. */
const GOOD_FOR_MS = DAY_MS;

export interface PlanProposed {
  readonly id: string;
  readonly counts: PlanCounts;
  readonly changes: PlanChanges;
  /** The plan whose place it would take. */
  readonly before: PlanHead | null;
}

/** Keeps the plan until it is applied, and says what it would change. */
export async function proposePlan(
  room: PlanRoom,
  by: Employee,
  { ranges, source }: { readonly ranges: readonly NumberRange[]; readonly source: string },
): Promise<PlanProposed> {
  const before = await room.plans.current();
  const held = before ? await room.plans.ranges(before._id) : [];
  const id = room.newId().slice(0, 8);
  const at = room.now();
  const deleteAfter = new Date(at.getTime() + GOOD_FOR_MS);
  await room.plans.propose({ _id: id, source, after: before?.number ?? 0, by: by.id, at, deleteAfter }, ranges);
  return { id, counts: planCounts(ranges), changes: planChanges(held, ranges), before };
}

export type PlanApplied =
  | { readonly kind: 'applied'; readonly plan: PlanHead }
  | { readonly kind: 'not-allowed' }
  /** There is none of this id, or it was applied, or is too old. */
  | { readonly kind: 'no-such-proposal' }
  /** Another plan was taken over since its changes were shown. */
  | { readonly kind: 'overtaken' };

/** Takes a proposed plan over, with a line in the audit trail. */
export async function applyPlan(room: PlanRoom, by: Employee, id: string): Promise<PlanApplied> {
  if (!may(by, 'operate', null)) return { kind: 'not-allowed' };
  const proposal = await room.plans.proposal(id, room.now());
  if (!proposal) return { kind: 'no-such-proposal' };
  const at = room.now();
  return room.database.inTransaction(async (session): Promise<PlanApplied> => {
    const number = ((await room.plans.current())?.number ?? 0) + 1;
    if (number !== proposal.after + 1) return { kind: 'overtaken' };
    if (!(await room.plans.take(id, { number, by: by.id, at }, session))) return { kind: 'no-such-proposal' };
    const { source, ranges } = proposal;
    const entry = { at, actor: by.id, action: 'numbers.applied', subject: 'numbers', department: null };
    await room.staff.appendAudit({ ...entry, detail: { number, source, ranges } }, session);
    const { deleteAfter: _deleteAfter, ...head } = proposal;
    return { kind: 'applied', plan: { ...head, number, by: by.id, at } };
  });
}
