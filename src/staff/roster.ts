/**
 * A staff sheet: one row a person, with handle, name, department and roles. Who is new is added, who has changed is changed, who
 * is missing from the sheet stays: leaving is said by a command, never by an omission. A row with a problem changes nothing.
 */
import { type Employee, parseHandle, ROLES, type Role } from './employee.ts';
import { changeEmployee, enrol, type StaffRoom } from './enrol.ts';
import { may } from './rights.ts';

/** One row of the sheet as it stands, by what its columns are. */
export interface RosterRow {
  /** Number of the row in the sheet, from 1. */
  readonly number: number;
  readonly handle: string;
  readonly name: string;
  readonly department: string;
  /** Roles with commas, spaces or semicolons between. */
  readonly roles: string;
}

export type RosterProblem = 'bad-handle' | 'no-name' | 'no-department' | 'bad-role' | 'last-admin' | 'twice';

export type RosterApplied =
  | { readonly kind: 'not-allowed' }
  | {
      readonly kind: 'applied';
      readonly added: number;
      readonly changed: number;
      readonly same: number;
      readonly problems: readonly { readonly row: number; readonly why: RosterProblem; readonly said: string }[];
    };

/** Columns of a staff sheet, by the words that people use for them. */
export const ROSTER_COLUMNS = {
  handle: ['handle', 'login', 'user', 'логин', 'имя пользователя'],
  name: ['name', 'full name', 'имя', 'фио', 'сотрудник'],
  department: ['department', 'dept', 'отдел', 'подразделение'],
  roles: ['roles', 'role', 'роли', 'роль'],
} as const;

export async function applyRoster(room: StaffRoom, by: Employee, rows: readonly RosterRow[]): Promise<RosterApplied> {
  if (!may(by, 'staff', null)) return { kind: 'not-allowed' };
  const counts = { added: 0, changed: 0, same: 0 };
  const problems: { row: number; why: RosterProblem; said: string }[] = [];
  const seen = new Set<string>();
  for (const row of rows) {
    const person = readRow(row, seen);
    if ('why' in person) {
      problems.push({ row: row.number, ...person });
      continue;
    }
    seen.add(person.handle);
    const done = await applyRow(room, by, person);
    if (done === 'last-admin') problems.push({ row: row.number, why: done, said: person.handle });
    else counts[done] += 1;
  }
  return { kind: 'applied', ...counts, problems };
}

interface Person {
  readonly handle: string;
  readonly name: string;
  readonly department: string;
  readonly roles: readonly Role[];
}

function readRow(row: RosterRow, seen: ReadonlySet<string>): Person | { why: RosterProblem; said: string } {
  const handle = parseHandle(row.handle);
  if (!handle) return { why: 'bad-handle', said: row.handle };
  if (seen.has(handle)) return { why: 'twice', said: handle };
  const name = row.name.trim();
  if (name === '') return { why: 'no-name', said: handle };
  const department = row.department.trim().toLowerCase();
  if (department === '') return { why: 'no-department', said: handle };
  const words = row.roles
    .toLowerCase()
    .split(/[\s,;]+/)
    .filter((word) => word !== '');
  const unknown = words.find((word) => !ROLES.some((role) => role === word));
  if (unknown !== undefined) return { why: 'bad-role', said: unknown };
  return { handle, name, department, roles: ROLES.filter((role) => words.includes(role)) };
}

async function applyRow(
  room: StaffRoom,
  by: Employee,
  person: Person,
): Promise<'added' | 'changed' | 'same' | 'last-admin'> {
  const { handle, ...fields } = person;
  const before = await room.store.employee(handle);
  if (!before) {
    await enrol(room, by, person);
    return 'added';
  }
  if (isSame(before, fields)) return 'same';
  const changed = await changeEmployee(room, by, handle, fields);
  return changed.kind === 'refused' ? 'last-admin' : 'changed';
}

const isSame = (before: Employee, { name, department, roles }: Omit<Person, 'handle'>): boolean =>
  before.name === name &&
  before.department === department &&
  ROLES.every((role) => before.roles.includes(role) === roles.includes(role));
