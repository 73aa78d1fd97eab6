/**
 * A staff sheet: one row a person, with handle, name, department and roles, and if need be the work address. Who is new is added, who has changed is changed, who
 * is missing from the sheet stays: leaving is said by a command, never by an omission. A row with a problem changes nothing.
 */
import { type Employee, parseEmail, parseHandle, type Role } from './employee.ts';
import { changeEmployee, departmentNamed, type Enrolled, type EnrolRefusal, enrol, type StaffRoom } from './enrol.ts';
import { may } from './rights.ts';
import { readRoles } from './role-words.ts';

/** One row of the sheet as it stands, by what its columns are. */
export interface RosterRow {
  /** Number of the row in the sheet, from 1. */
  readonly number: number;
  readonly handle: string;
  readonly name: string;
  readonly department: string;
  /** Roles as `readRoles` reads them. Empty: a known person keeps the own ones, a new one begins as a viewer. */
  readonly roles: string;
  /** Work address. Empty: it stays as it is. */
  readonly email: string;
}

export type RosterProblem =
  | 'no-handle'
  | 'no-name'
  | 'no-department'
  | 'bad-role'
  | 'bad-email'
  | 'twice'
  | EnrolRefusal;

export interface RowProblem {
  readonly row: number;
  readonly why: RosterProblem;
  /** What the problem is with: the role or address that is none, else the person's handle as written. */
  readonly said: string;
}

export interface RosterDone {
  readonly added: number;
  readonly changed: number;
  readonly same: number;
  /** Known people whose roles stayed because the sheet says none. */
  readonly kept: number;
  /** New people who became viewers because the sheet says no roles. */
  readonly viewers: number;
  readonly problems: readonly RowProblem[];
}

export type RosterApplied = { readonly kind: 'not-allowed' } | ({ readonly kind: 'applied' } & RosterDone);

export type RosterColumn = 'handle' | 'name' | 'department' | 'roles' | 'email';

/** Columns of a staff sheet, by the words that people use for them. */
export const ROSTER_COLUMNS: Readonly<Record<RosterColumn, readonly string[]>> = {
  handle: ['short name', 'handle', 'login', 'user', 'username', 'короткое имя', 'логин', 'имя пользователя'],
  name: ['name', 'full name', 'имя', 'фио', 'сотрудник'],
  department: ['department', 'dept', 'отдел', 'подразделение'],
  roles: ['roles', 'role', 'роли', 'роль'],
  email: ['email', 'e-mail', 'mail', 'work email', 'почта', 'эл почта', 'электронная почта', 'рабочая почта'],
};

/** A sheet may do without these. */
export const OPTIONAL_COLUMNS: ReadonlySet<RosterColumn> = new Set(['email']);

/** Carries the sheet out row by row; what one row is refused keeps none of the others from being carried out. */
export async function applyRoster(room: StaffRoom, by: Employee, rows: readonly RosterRow[]): Promise<RosterApplied> {
  if (!may(by, 'staff', null)) return { kind: 'not-allowed' };
  const counts = { added: 0, changed: 0, same: 0, kept: 0, viewers: 0 };
  const problems: RowProblem[] = [];
  const seen = new Set<string>();
  for (const row of rows) {
    const person = readRow(row, seen);
    if ('why' in person) {
      problems.push({ row: row.number, ...person });
      continue;
    }
    seen.add(person.handle);
    const done = await applyRow(room, by, person);
    if ('why' in done) {
      problems.push({ row: row.number, why: done.why, said: person.handle });
      continue;
    }
    counts[done.did] += 1;
    if (person.roles === null) counts[done.did === 'added' ? 'viewers' : 'kept'] += 1;
  }
  return { kind: 'applied', ...counts, problems };
}

interface Person {
  readonly handle: string;
  readonly name: string;
  readonly department: string;
  /** Null when the sheet says none. */
  readonly roles: readonly Role[] | null;
  /** Null when the sheet says none. */
  readonly email: string | null;
}

function readRow(row: RosterRow, seen: ReadonlySet<string>): Person | Omit<RowProblem, 'row'> {
  if (row.handle.trim() === '') return { why: 'no-handle', said: '' };
  const handle = parseHandle(row.handle);
  if (!handle) return { why: 'bad-handle', said: row.handle };
  if (seen.has(handle)) return { why: 'twice', said: handle };
  const name = row.name.trim();
  if (name === '') return { why: 'no-name', said: handle };
  const department = departmentNamed(row.department);
  if (department === '') return { why: 'no-department', said: handle };
  const read = readRoles(row.roles);
  if (read.kind === 'unknown') return { why: 'bad-role', said: read.word };
  const email = parseEmail(row.email);
  if (email === null && row.email.trim() !== '') return { why: 'bad-email', said: row.email.trim() };
  return { handle, name, department, roles: read.roles.length === 0 ? null : read.roles, email };
}

type RowDone = { readonly did: 'added' | 'changed' | 'same' } | { readonly why: EnrolRefusal };

async function applyRow(room: StaffRoom, by: Employee, person: Person): Promise<RowDone> {
  const { handle, name, department, roles, email } = person;
  const before = await room.store.employee(handle);
  if (!before) return done('added', await enrol(room, by, { ...person, roles: roles ?? ['viewer'] }));
  if (isSame(before, person)) return { did: 'same' };
  const changes = { name, department, ...(roles && { roles }), ...(email !== null && { email }) };
  return done('changed', await changeEmployee(room, by, handle, changes));
}

const done = (did: 'added' | 'changed', enrolled: Enrolled): RowDone =>
  enrolled.kind === 'refused' ? { why: enrolled.why } : { did };

const isSame = (before: Employee, { name, department, roles, email }: Person): boolean =>
  before.name === name &&
  before.department === department &&
  (email === null || email === before.email) &&
  (roles === null || (roles.length === before.roles.length && roles.every((role) => before.roles.includes(role))));
