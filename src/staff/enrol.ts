/**
 * How people come to Herald and leave it: the first admin, requests for access answered by an admin, roles given and
 * taken, deactivation. Every change here is in the audit trail.
 */
import type { ClientSession } from 'mongoose';
import type { Employee, OwnPhone, Role } from './employee.ts';
import { parseHandle } from './employee.ts';
import { may } from './rights.ts';
import type { AccessRequest, StaffStore } from './store.ts';

export interface StaffRoom {
  readonly store: StaffStore;
  readonly now: () => Date;
  readonly newId: () => string;
  /** What a newcomer starts with. */
  readonly defaults: Pick<Employee, 'locale' | 'zone'> & { readonly department: string };
}

export type EnrolRefusal = 'not-allowed' | 'bad-handle' | 'taken' | 'unknown-person' | 'last-admin';

export type Enrolled =
  | { readonly kind: 'enrolled'; readonly employee: Employee }
  | { readonly kind: 'refused'; readonly why: EnrolRefusal };

const refused = (why: EnrolRefusal): Enrolled => ({ kind: 'refused', why });

/** A department as it is kept: as it was written, but for spaces that nobody sees. */
export const departmentNamed = (text: string): string => text.replace(/\s+/g, ' ').trim();

interface NewPerson {
  readonly handle: string;
  readonly name: string;
  readonly department: string;
  readonly roles: readonly Role[];
  readonly email?: string | null;
}

/** Makes the first admin where there is none; null when there is one already. */
export async function enrolFirstAdmin(room: StaffRoom, handle: string, name: string): Promise<Employee | null> {
  const everyone = await room.store.employees();
  if (everyone.some((one) => one.active && one.roles.includes('admin'))) return null;
  const admin = newcomer(room, handle, name, room.defaults.department, ['admin', 'author']);
  const isNew = await room.store.inTransaction((session) => add(room, 'herald', 'staff.first-admin', admin, session));
  return isNew ? admin : null;
}

/** An admin adds an employee. */
export async function enrol(room: StaffRoom, by: Employee, person: NewPerson): Promise<Enrolled> {
  if (!may(by, 'staff', null)) return refused('not-allowed');
  return room.store.inTransaction((session) => enrolWithin(room, by, person, session));
}

async function enrolWithin(
  room: StaffRoom,
  by: Employee,
  person: NewPerson,
  session: ClientSession,
): Promise<Enrolled> {
  const handle = parseHandle(person.handle);
  if (!handle) return refused('bad-handle');
  const made = newcomer(room, handle, person.name, departmentNamed(person.department), person.roles);
  const employee = { ...made, email: person.email ?? null };
  if (!(await add(room, by.id, 'staff.added', employee, session))) return refused('taken');
  return { kind: 'enrolled', employee };
}

export async function changeEmployee(
  room: StaffRoom,
  by: Employee,
  handle: string,
  changes: Partial<Pick<Employee, 'name' | 'department' | 'roles' | 'sees' | 'active' | 'email'>>,
): Promise<Enrolled> {
  const { department: said, active } = changes;
  const fields: Partial<Employee> = {
    ...changes,
    ...(said !== undefined && { department: departmentNamed(said) }),
    // Of who has left nothing is kept that nobody needs, and nobody decides in that person's place.
    ...(active === false && { phone: null, deputy: null }),
  };
  if (!may(by, 'staff', null)) return refused('not-allowed');
  const before = await room.store.employee(handle);
  if (!before) return refused('unknown-person');
  // Of others it need not be asked, and a sheet may change thousands of them.
  const isAdmin = before.active && before.roles.includes('admin');
  if (isAdmin && (await wouldLeaveNoAdmin(room, before, fields))) return refused('last-admin');
  const employee = await changed(room, by.id, 'staff.changed', handle, fields);
  if (!employee) return refused('unknown-person');
  // Two admins may have taken the right from each other at the same moment: then neither did.
  if (isAdmin && (await wouldLeaveNoAdmin(room, employee, {}))) {
    await changed(room, by.id, 'staff.change-undone', handle, onlyThese(before, Object.keys(fields)));
    return refused('last-admin');
  }
  return { kind: 'enrolled', employee };
}

const onlyThese = (employee: Employee, keys: readonly string[]): Partial<Employee> =>
  Object.fromEntries(Object.entries(employee).filter(([key]) => keys.includes(key)));

/** What a person may change about themselves: language, zone, deputy. */
export async function changeOwn(
  room: StaffRoom,
  self: Employee,
  fields: Partial<Pick<Employee, 'locale' | 'zone' | 'deputy'>>,
): Promise<Employee> {
  return (await changed(room, self.id, 'staff.own-settings', self.id, fields)) ?? self;
}

/** Keeps the phone that the person has proved to be the own one. The number stays out of the audit trail, which is for ever. */
export async function keepOwnPhone(room: StaffRoom, self: Employee, phone: OwnPhone['phone']): Promise<void> {
  const own = { phone, confirmedAt: room.now() };
  await changed(room, self.id, 'staff.own-phone', self.id, { phone: own }, {});
}

/** The change and its entry in the audit trail, or neither; null where there is no such person. */
async function changed(
  room: StaffRoom,
  actor: string,
  action: string,
  handle: string,
  fields: Partial<Employee>,
  detail: object = fields,
): Promise<Employee | null> {
  return room.store.inTransaction(async (session) => {
    const employee = await room.store.change(handle, fields, session);
    if (employee) await audit(room, actor, action, employee, detail, session);
    return employee;
  });
}

/** Keeps a stranger's wish to be let in; one per account, asking again changes nothing. */
export async function requestAccess(
  room: StaffRoom,
  stranger: { surface: string; account: string; name: string; handle: string },
): Promise<{ kind: 'asked' | 'waiting-already'; request: AccessRequest } | { kind: 'bad-handle' | 'taken' }> {
  const handle = parseHandle(stranger.handle);
  if (!handle) return { kind: 'bad-handle' };
  const before = await room.store.requestOf(stranger.surface, stranger.account);
  if (before?.state === 'waiting') return { kind: 'waiting-already', request: before };
  if (await room.store.employee(handle)) return { kind: 'taken' };
  const request: AccessRequest = {
    ...stranger,
    handle,
    id: room.newId(),
    state: 'waiting',
    askedAt: room.now(),
    answeredBy: null,
  };
  await room.store.ask(request);
  return { kind: 'asked', request };
}

/** An admin's answer: letting in makes the employee and links the account that asked. */
export async function answerRequest(
  room: StaffRoom,
  by: Employee,
  id: string,
  answer: { grant: false } | { grant: true; department: string; roles: readonly Role[] },
): Promise<Enrolled | { kind: 'turned-away'; request: AccessRequest } | { kind: 'no-such-request' }> {
  if (!may(by, 'staff', null)) return refused('not-allowed');
  const request = await room.store.request(id);
  if (request?.state !== 'waiting') return { kind: 'no-such-request' };
  return room.store.inTransaction(async (session) => {
    // Of two admins who answer at once, the first one's answer holds.
    const won = await room.store.answer(id, answer.grant ? 'granted' : 'refused', by.id, session);
    if (!won) return { kind: 'no-such-request' };
    if (!answer.grant) return { kind: 'turned-away', request };
    const { handle, name, surface, account } = request;
    const added = await enrolWithin(room, by, { ...answer, handle, name }, session);
    // Nothing was answered then: the request waits on.
    if (added.kind === 'refused') await session.abortTransaction();
    else await room.store.link(surface, account, added.employee.id, room.now(), session);
    return added;
  });
}

/** Adds the employee with an entry in the audit trail; false when the handle is taken. */
async function add(
  room: StaffRoom,
  actor: string,
  action: 'staff.added' | 'staff.first-admin',
  employee: Employee,
  session: ClientSession,
): Promise<boolean> {
  if (!(await room.store.add(employee, session))) return false;
  await audit(room, actor, action, employee, { roles: employee.roles }, session);
  return true;
}

function newcomer(room: StaffRoom, id: string, name: string, department: string, roles: readonly Role[]): Employee {
  const { locale, zone } = room.defaults;
  return { id, name, department, roles, sees: [], locale, zone, active: true, phone: null, email: null, deputy: null };
}

async function wouldLeaveNoAdmin(room: StaffRoom, person: Employee, fields: Partial<Employee>): Promise<boolean> {
  const after = { ...person, ...fields };
  if (after.active && after.roles.includes('admin')) return false;
  const others = await room.store.employees();
  return !others.some((one) => one.id !== person.id && one.active && one.roles.includes('admin'));
}

async function audit(
  room: StaffRoom,
  actor: string,
  action: string,
  subject: Employee,
  detail: object,
  session?: ClientSession,
): Promise<void> {
  const { id, department } = subject;
  const entry = { at: room.now(), actor, action, subject: `employee:${id}`, department, detail: { ...detail } };
  await room.store.appendAudit(entry, session);
}
