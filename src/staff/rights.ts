/**
 * Who may do what. Rights are looked up for the person who acts, at the moment of acting; nothing is inherited from a
 * chat, a group or a card. Four eyes are not a right but a rule of approval: see `campaigns/approvers.ts`.
 */
import { type Employee, inScope, type Role, scopeOf } from './employee.ts';

export type Right =
  | 'see' // look at campaigns, cards and statuses
  | 'write' // make, edit, submit, schedule, test
  | 'decide' // approve and reject
  | 'control' // pause, resume, cancel what runs
  | 'results' // take results out of Herald
  | 'suppress' // put a number on the list of those never to be sent to
  | 'stop-all' // stop everything at once
  | 'staff' // let people in, give roles, deactivate
  | 'operate'; // confirm a deployment, look after providers

const HOLDERS: Record<Right, readonly Role[]> = {
  see: ['viewer', 'author', 'approver', 'analyst', 'admin'],
  write: ['author', 'admin'],
  decide: ['approver'],
  control: ['author', 'approver', 'admin'],
  results: ['author', 'approver', 'analyst', 'admin'],
  suppress: ['author', 'approver', 'admin'],
  'stop-all': ['approver', 'admin'],
  staff: ['admin'],
  operate: ['admin'],
};

/** The roles that give a right, for saying so to a person who lacks it. */
export const holdersOf = (right: Right): readonly Role[] => HOLDERS[right];

/** Whether the employee holds the right over a record of `department` (null: over the company as a whole). */
export function may(employee: Employee, right: Right, department: string | null): boolean {
  if (!employee.active) return false;
  if (department !== null && !inScope(scopeOf(employee), department)) return false;
  return employee.roles.some((role) => HOLDERS[right].includes(role));
}
