/** Employees: the list, one of them, and why a change of them was refused. */
import type { Action, Card, Fact } from '../../staff/card.ts';
import type { Employee } from '../../staff/employee.ts';
import type { Reader } from '../reader.ts';
import { rolesOf } from './access.ts';
import { action, oneLine, type Speech, speechFor } from './speech.ts';

export {
  accessAnsweredCard,
  accessAskedCard,
  accessListCard,
  accessRequestCard,
  deactivatedCard,
  strangerCard,
  turnedAwayCard,
  welcomeCard,
} from './access.ts';
export { type PhoneStep, phoneCard, settingsCard } from './own.ts';

export function staffListCard(
  { employees, mayChange }: { readonly employees: readonly Employee[]; readonly mayChange: boolean },
  reader: Reader,
): Card {
  const say = speechFor(reader);
  if (employees.length === 0)
    return { subject: 'staff', tone: 'info', title: say.t('staff.none'), actions: adminActions(mayChange, say) };
  const head = ['staff.handle', 'staff.name', 'staff.department', 'staff.roles', 'staff.state'] as const;
  const rows = employees.map((one) => [
    one.id,
    oneLine(one.name),
    one.department,
    rolesOf(one.roles, say),
    say.t(one.active ? 'staff.active' : 'staff.inactive'),
  ]);
  return {
    subject: 'staff',
    tone: 'info',
    title: say.t('staff.title', { n: employees.length }),
    sections: [{ title: '', table: { head: head.map((key) => say.t(key)), rows } }],
    actions: adminActions(mayChange, say),
  };
}

const adminActions = (mayChange: boolean, say: Speech): readonly Action[] =>
  mayChange ? [action(say, 'do.requests', say.command('access'))] : [];

export interface EmployeeView {
  readonly employee: Employee;
  readonly mayChange: boolean;
  /** What has just been done. */
  readonly done?: 'added' | 'changed' | 'deactivated' | 'activated' | undefined;
  /** The person was added without a word of roles. */
  readonly rolesUnsaid?: boolean | undefined;
}

export function employeeCard({ employee, mayChange, done, rolesUnsaid }: EmployeeView, reader: Reader): Card {
  const say = speechFor(reader);
  const { id, active } = employee;
  const name = oneLine(employee.name);
  const invite = say.typed('staff-invite', id);
  return {
    subject: `employee:${id}`,
    tone: done ? 'good' : 'info',
    title: done ? say.t(`staff.done.${done}`, { name }) : name,
    lead:
      done === 'added'
        ? [rolesSentence(employee, rolesUnsaid === true, say), say.t('staff.added.invite', { name, command: invite })]
        : [],
    facts: employeeFacts(employee, say),
    actions: [
      ...(done === 'added' ? [action(say, 'do.invite', say.command('staff-invite', id), 'primary')] : []),
      ...(mayChange && active
        ? [action(say, 'do.deactivate', say.command('staff-deactivate', id), 'danger')]
        : mayChange
          ? [action(say, 'do.activate', say.command('staff-activate', id))]
          : []),
      action(say, 'do.staff', say.command('staff')),
    ],
  };
}

/** Which roles a newcomer has: those that nobody said least of all go without saying. */
const rolesSentence = ({ id, name, roles }: Employee, isUnsaid: boolean, say: Speech): string =>
  say.t(isUnsaid ? 'staff.added.no-roles' : 'staff.added.roles', {
    name: oneLine(name),
    roles: rolesOf(roles, say),
    command: say.typed('staff-role', id, say.t('example.roles')),
  });

function employeeFacts(employee: Employee, say: Speech): readonly Fact[] {
  const { id, department, roles, active, locale, zone, phone, email } = employee;
  return [
    { label: say.t('staff.handle'), value: id },
    { label: say.t('staff.department'), value: department },
    { label: say.t('staff.roles'), value: rolesOf(roles, say) },
    { label: say.t('staff.state'), value: say.t(active ? 'staff.active' : 'staff.inactive') },
    { label: say.t('staff.sees'), value: seesOf(employee, say) },
    { label: say.t('staff.language'), value: say.t(`staff.language.${locale}`) },
    { label: say.t('staff.zone'), value: zone },
    { label: say.t('staff.email'), value: email ?? say.t('staff.email.none') },
    // The number itself is the employee's own business.
    { label: say.t('staff.phone'), value: say.t(phone ? 'staff.phone.confirmed' : 'staff.phone.none') },
  ];
}

function seesOf({ sees, department, roles }: Employee, say: Speech): string {
  if (sees === 'all' || roles.includes('admin')) return say.t('staff.sees.all');
  const others = sees.filter((one) => one !== department);
  return others.length === 0 ? say.t('staff.sees.own') : [department, ...others].join(', ');
}

export type StaffRefusal = 'not-allowed' | 'bad-handle' | 'taken' | 'unknown-person' | 'last-admin' | 'no-such-request';

export function staffRefusalCard(
  { why, said, asker }: { readonly why: StaffRefusal; readonly said: string; readonly asker?: 'stranger' },
  reader: Reader,
): Card {
  const say = speechFor(reader);
  // Who was added by an administrator is a stranger until the account is known.
  const isPerhapsTheirs = asker === 'stranger' && why === 'taken';
  const lead = isPerhapsTheirs ? [say.t('access.taken', { command: say.typed('staff-invite', oneLine(said)) })] : [];
  const title =
    why === 'not-allowed' ? say.t('staff-refused.not-allowed') : say.t(`staff-refused.${why}`, { said: oneLine(said) });
  const next =
    why === 'no-such-request'
      ? [action(say, 'do.requests', say.command('access'))]
      : why === 'unknown-person'
        ? [action(say, 'do.staff', say.command('staff'))]
        : [action(say, 'do.help', say.command('help'))];
  return { subject: 'staff', tone: 'attention', title, lead, actions: next };
}
