/** Commands of admins about people: staff and its changes, requests for access and their answers. */
import type { Card } from '../../staff/card.ts';
import { type Employee, inScope, parseEmail, type Role, scopeOf } from '../../staff/employee.ts';
import { answerRequest, changeEmployee, type Enrolled, enrol } from '../../staff/enrol.ts';
import { may } from '../../staff/rights.ts';
import { readRoles } from '../../staff/role-words.ts';
import type { AccessRequest } from '../../staff/store.ts';
import {
  accessAnsweredCard,
  accessListCard,
  type EmployeeView,
  employeeCard,
  staffListCard,
  staffRefusalCard,
  welcomeCard,
} from '../cards/staff.ts';
import { type Call, type Command, leftOver, missing, readerOf, refused, wrongValue } from '../command.ts';
import { textFrom } from '../parse.ts';
import { plainText } from '../when-words.ts';

export const staff: Command = {
  keys: [],
  async run(call) {
    const department = textFrom(call.args, 0)
      .replace(/^list\s*/iu, '')
      .trim();
    const found = await call.room.staff.store.employees(department === '' ? {} : { department });
    const employees = found.filter((one) => inScope(scopeOf(call.by), one.department));
    return staffListCard({ employees, mayChange: may(call.by, 'staff', null) }, call.reader);
  },
};

export const staffAdd: Command = {
  keys: ['name', 'department', 'roles'],
  async run(call) {
    const { args, room, by } = call;
    const handle = args.words[0]?.text;
    if (!handle) return missing(call, 'employee');
    if (args.words[1]) return leftOver(call, 1);
    const department = args.named.get('department')?.text.trim() || by.department;
    const rolesSaid = args.named.get('roles')?.text;
    const roles = rolesSaid === undefined ? (['viewer'] as const) : rolesOf(rolesSaid);
    if (!roles) return wrongValue(call, rolesSaid!, { of: 'roles' });
    const name = args.named.get('name')?.text.trim() || handle;
    const added = await enrol(room.staff, by, { handle, name, department, roles });
    return answered(call, handle, added, { done: 'added', rolesUnsaid: rolesSaid === undefined });
  },
};

export const staffRole: Command = {
  keys: [],
  async run(call) {
    const said = textFrom(call.args, 1);
    if (said === '') return missing(call, call.args.words[0] ? 'roles' : 'employee');
    const roles = rolesOf(said);
    if (!roles) return wrongValue(call, said, { of: 'roles' });
    return changed(call, { roles });
  },
};

export const staffDepartment: Command = {
  keys: [],
  async run(call) {
    const department = textFrom(call.args, 1);
    if (department === '') return missing(call, call.args.words[0] ? 'department' : 'employee');
    return changed(call, { department });
  },
};

export const staffEmail: Command = {
  keys: [],
  async run(call) {
    const said = call.args.words[1]?.text;
    if (!said) return missing(call, call.args.words[0] ? 'email' : 'employee');
    if (call.args.words[2]) return leftOver(call, 2);
    if (said === '-') return changed(call, { email: null });
    const email = parseEmail(said);
    return email === null ? wrongValue(call, said, { of: 'email' }) : changed(call, { email });
  },
};

export const staffSees: Command = {
  keys: [],
  async run(call) {
    const said = textFrom(call.args, 1);
    if (said === '') return missing(call, call.args.words[0] ? 'department' : 'employee');
    if (/^(?:all|все)$/u.test(plainText(said))) return changed(call, { sees: 'all' });
    return changed(call, { sees: /^(?:own|none|свой|нет)$/u.test(plainText(said)) ? [] : listOf(said) });
  },
};

export const staffDeactivate: Command = { keys: [], run: (call) => changed(call, { active: false }, 'deactivated') };
export const staffActivate: Command = { keys: [], run: (call) => changed(call, { active: true }, 'activated') };

async function changed(
  call: Call,
  fields: Partial<Pick<Employee, 'department' | 'roles' | 'sees' | 'active' | 'email'>>,
  done: EmployeeView['done'] = 'changed',
): Promise<Card> {
  const said = call.args.words[0]?.text;
  if (!said) return missing(call, 'employee');
  const handle = said.replace(/^@/u, '').toLowerCase();
  return answered(call, said, await changeEmployee(call.room.staff, call.by, handle, fields), { done });
}

function answered(
  call: Call,
  said: string,
  enrolled: Enrolled,
  told: Pick<EmployeeView, 'done' | 'rolesUnsaid'>,
): Card {
  if (enrolled.kind === 'refused') return staffRefusalCard({ why: enrolled.why, said }, call.reader);
  return employeeCard({ employee: enrolled.employee, mayChange: true, ...told }, call.reader);
}

const listOf = (said: string): string[] => said.split(/[,;\s]+/u).filter((one) => one !== '');

/** Null when one of them is no role, or there is none. */
export function rolesOf(said: string): readonly Role[] | null {
  const read = readRoles(said);
  return read.kind === 'roles' && read.roles.length > 0 ? read.roles : null;
}

export const access: Command = {
  keys: [],
  async run(call) {
    if (!may(call.by, 'staff', null)) return refused(call, { code: 'not-allowed', right: 'staff' });
    const { store } = call.room.staff;
    const departments = [...new Set((await store.employees()).map((one) => one.department))].sort();
    return accessListCard({ requests: await store.requestsWaiting(), departments }, call.reader);
  },
};

export const accessGrant: Command = {
  keys: [],
  async run(call) {
    const { room, by, args } = call;
    const found = await requestSaid(call);
    if (found.kind === 'card') return found.card;
    const department = args.words[1]?.text;
    if (!department) return missing(call, 'department');
    const said = textFrom(args, 2);
    const roles = said === '' ? null : rolesOf(said);
    if (!roles) return said === '' ? missing(call, 'roles') : wrongValue(call, said, { of: 'roles' });
    const answer = await answerRequest(room.staff, by, found.request.id, { grant: true, department, roles });
    if (answer.kind === 'refused')
      return staffRefusalCard({ why: answer.why, said: found.request.handle }, call.reader);
    if (answer.kind !== 'enrolled') return staffRefusalCard({ why: 'no-such-request', said: found.said }, call.reader);
    await welcome(call, answer.employee);
    return accessAnsweredCard({ request: found.request, granted: answer.employee }, call.reader);
  },
};

async function welcome({ room }: Call, employee: Employee): Promise<void> {
  const card = welcomeCard({ employee, company: room.settings.company }, readerOf(room, employee));
  await room.staff.store.post({ id: `welcome:${employee.id}`, employee: employee.id, card, at: room.now() });
}

export const accessRefuse: Command = {
  keys: [],
  async run(call) {
    const found = await requestSaid(call);
    if (found.kind === 'card') return found.card;
    const answer = await answerRequest(call.room.staff, call.by, found.request.id, { grant: false });
    if (answer.kind === 'turned-away')
      return accessAnsweredCard({ request: found.request, granted: null }, call.reader);
    return staffRefusalCard({ why: 'no-such-request', said: found.said }, call.reader);
  },
};

type Requested =
  | { readonly kind: 'request'; readonly request: AccessRequest; readonly said: string }
  | { readonly kind: 'card'; readonly card: Card };

/** By its id, its beginning, or the name that was asked for. */
async function requestSaid(call: Call): Promise<Requested> {
  if (!may(call.by, 'staff', null))
    return { kind: 'card', card: refused(call, { code: 'not-allowed', right: 'staff' }) };
  const said = call.args.words[0]?.text.replace(/^@/u, '');
  if (!said) return { kind: 'card', card: missing(call, 'request') };
  const waiting = await call.room.staff.store.requestsWaiting();
  const meant = waiting.filter((one) => one.handle === said.toLowerCase() || one.id.startsWith(said));
  const [request, another] = meant;
  if (request && !another) return { kind: 'request', request, said };
  return { kind: 'card', card: staffRefusalCard({ why: 'no-such-request', said }, call.reader) };
}
