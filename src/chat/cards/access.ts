/** Strangers who ask to be let in, admins who answer them, and what each is told. */
import type { Action, Card } from '../../staff/card.ts';
import type { Employee, Role } from '../../staff/employee.ts';
import type { AccessRequest } from '../../staff/store.ts';
import type { Reader } from '../reader.ts';
import { action, asArgument, oneLine, type Speech, speechFor } from './speech.ts';

/** Whatever the reader's language, a short name is in Latin letters. */
export const EXAMPLE_HANDLE = 'maria';

/** Somebody whom Herald does not know said something. */
export function strangerCard(
  { company, waiting }: { readonly company: string; readonly waiting: boolean },
  reader: Reader,
): Card {
  const say = speechFor(reader);
  if (waiting) return card('info', say.t('access.asked.again'), [say.t('access.stranger.waiting')]);
  const command = say.typed('request-access', EXAMPLE_HANDLE);
  return card('attention', say.t('access.stranger'), [
    say.t('access.stranger.do', { company, command }),
    say.t('access.stranger.handle'),
    say.t('link.stranger', { command: say.typed('link') }),
  ]);
}

/** The stranger's request was kept; an admin will answer. */
export function accessAskedCard(
  { request, again }: { readonly request: AccessRequest; readonly again: boolean },
  reader: Reader,
): Card {
  const say = speechFor(reader);
  return card('good', say.t(again ? 'access.asked.again' : 'access.asked'), [
    say.t('access.asked.how', { handle: request.handle }),
  ]);
}

/** Departments that have a button of their own. */
const OFFERED = 4;

/** A request, for an admin to answer. */
export function accessRequestCard(
  { request, departments }: { readonly request: AccessRequest; readonly departments: readonly string[] },
  reader: Reader,
): Card {
  const say = speechFor(reader);
  const { name, handle, surface, askedAt } = request;
  const id = shortId(request);
  const grant = (department: string, role: string) => say.command('access-grant', id, asArgument(department), role);
  const other = `\`${grant(say.t('example.department'), say.t('example.roles'))}\``;
  return {
    subject: `access:${request.id}`,
    tone: 'attention',
    title: say.t('access.request', { name: oneLine(name) }),
    lead: [say.t('access.request.do')],
    facts: [
      { label: say.t('access.request.short'), value: handle },
      { label: say.t('access.request.chat'), value: surface },
      { label: say.t('access.request.at'), value: say.dateTime(askedAt, reader.zone) },
      { label: say.t('access.list.number'), value: id },
    ],
    actions: [
      ...departments.slice(0, OFFERED).map((department) => ({
        label: say.t('access.request.grant', { role: say.t('role.author'), department }),
        command: grant(department, say.t('role.author')),
      })),
      action(say, 'do.refuse-access', say.command('access-refuse', id), 'danger'),
    ],
    note: say.t('access.request.other', { command: other }),
  };
}

/** Long enough to be one's own among those that wait, short enough to be typed. */
const shortId = ({ id }: AccessRequest): string => id.slice(0, 8);

/** The requests that wait. */
export function accessListCard(
  {
    requests,
    departments = [],
  }: { readonly requests: readonly AccessRequest[]; readonly departments?: readonly string[] },
  reader: Reader,
): Card {
  const say = speechFor(reader);
  if (requests.length === 0) {
    return { ...card('good', say.t('access.list.none'), []), actions: [action(say, 'do.staff', say.command('staff'))] };
  }
  const head = [
    'access.list.number',
    'access.list.name',
    'access.request.short',
    'access.request.chat',
    'access.request.at',
  ] as const;
  const rows = requests.map((request) => [
    shortId(request),
    oneLine(request.name),
    request.handle,
    request.surface,
    `${say.date(request.askedAt, reader.zone)}, ${say.time(request.askedAt, reader.zone)}`,
  ]);
  const first = shortId(requests[0]!);
  // A department that there is: what is copied from here makes no new one.
  const department = asArgument(departments[0] ?? say.t('example.department'));
  const command = say.typed('access-grant', first, department, say.t('example.roles'));
  return {
    subject: 'access',
    tone: 'attention',
    title: say.t('access.list', { n: requests.length }),
    lead: [say.t('access.request.do')],
    sections: [{ title: '', table: { head: head.map((key) => say.t(key)), rows } }],
    actions: refusals(requests, say),
    note: say.t('access.list.grant', { command }),
  };
}

const refusals = (requests: readonly AccessRequest[], say: Speech): readonly Action[] =>
  requests.slice(0, OFFERED).map((request) => ({
    label: `${say.t('do.refuse-access')}: ${oneLine(request.name)}`,
    command: say.command('access-refuse', shortId(request)),
    style: 'danger' as const,
  }));

/** What the admin sees once the request is answered. */
export function accessAnsweredCard(
  { request, granted }: { readonly request: AccessRequest; readonly granted: Employee | null },
  reader: Reader,
): Card {
  const say = speechFor(reader);
  const name = oneLine(request.name);
  const facts = granted
    ? [
        { label: say.t('staff.handle'), value: granted.id },
        { label: say.t('staff.department'), value: granted.department },
        { label: say.t('staff.roles'), value: rolesOf(granted.roles, say) },
      ]
    : [];
  return {
    subject: `access:${request.id}`,
    tone: granted ? 'good' : 'info',
    title: say.t(granted ? 'access.granted' : 'access.refused', { name }),
    facts,
    actions: [action(say, 'do.requests', say.command('access'))],
  };
}

/** What the newcomer sees: let in, and what to begin with. */
export function welcomeCard(
  { employee, company }: { readonly employee: Employee; readonly company: string },
  reader: Reader,
): Card {
  const say = speechFor(reader);
  const { department, roles } = employee;
  return {
    ...card('good', say.t('access.welcome', { company }), [
      say.t('access.welcome.roles', { department, roles: rolesOf(roles, say) }),
    ]),
    actions: [
      ...(roles.includes('author') ? [action(say, 'do.new', say.command('new'), 'primary')] : []),
      action(say, 'do.help', say.command('help')),
    ],
  };
}

/** What the stranger sees who was not let in. */
export function turnedAwayCard({ company }: { readonly company: string }, reader: Reader): Card {
  const say = speechFor(reader);
  return card('attention', say.t('access.turned-away', { company }), [say.t('access.turned-away.do')]);
}

/** Somebody whose rights were taken. */
export function deactivatedCard({ company }: { readonly company: string }, reader: Reader): Card {
  const say = speechFor(reader);
  return card('attention', say.t('access.deactivated'), [say.t('access.deactivated.do', { company })]);
}

const card = (tone: Card['tone'], title: string, lead: readonly string[]): Card => ({
  subject: 'access',
  tone,
  title,
  lead,
});

export const rolesOf = (roles: readonly Role[], say: Speech): string =>
  roles.length === 0 ? say.t('staff.no-roles') : roles.map((role) => say.t(`role.${role}`)).join(', ');
