/** People: strangers who ask to be let in, employees, their roles, their own phone and settings. */
import type { Card } from '../../staff/card.ts';
import type { Employee } from '../../staff/employee.ts';
import type { AccessRequest } from '../../staff/store.ts';
import type { Reader } from '../reader.ts';

const bare = (subject: string): Card => ({ subject, tone: 'info', title: subject });

/** Somebody whom Herald does not know said something. */
export function strangerCard(_view: { readonly company: string; readonly waiting: boolean }, _reader: Reader): Card {
  return bare('access');
}

/** The stranger's request was kept; an admin will answer. */
export function accessAskedCard(
  _view: { readonly request: AccessRequest; readonly again: boolean },
  _reader: Reader,
): Card {
  return bare('access');
}

/** A request, for an admin to answer. `departments` and their people are there to choose from. */
export function accessRequestCard(
  { request }: { readonly request: AccessRequest; readonly departments: readonly string[] },
  _reader: Reader,
): Card {
  return bare(`access:${request.id}`);
}

/** The requests that wait. */
export function accessListCard(_view: { readonly requests: readonly AccessRequest[] }, _reader: Reader): Card {
  return bare('access');
}

/** What the admin sees once the request is answered. */
export function accessAnsweredCard(
  { request }: { readonly request: AccessRequest; readonly granted: Employee | null },
  _reader: Reader,
): Card {
  return bare(`access:${request.id}`);
}

/** What the newcomer sees: let in, or not. */
export function welcomeCard(_view: { readonly employee: Employee; readonly company: string }, _reader: Reader): Card {
  return bare('access');
}
export function turnedAwayCard(_view: { readonly company: string }, _reader: Reader): Card {
  return bare('access');
}

/** Somebody whose rights were taken. */
export function deactivatedCard(_view: { readonly company: string }, _reader: Reader): Card {
  return bare('access');
}

export function staffListCard(
  _view: { readonly employees: readonly Employee[]; readonly mayChange: boolean },
  _reader: Reader,
): Card {
  return bare('staff');
}

/** `done` says what has just been changed. */
export function employeeCard(
  {
    employee,
  }: {
    readonly employee: Employee;
    readonly mayChange: boolean;
    readonly done?: 'added' | 'changed' | 'deactivated' | 'activated' | undefined;
    /** How the person gets in at the console, shown once. */
    readonly token?: string | undefined;
  },
  _reader: Reader,
): Card {
  return bare(`employee:${employee.id}`);
}

export type StaffRefusal = 'not-allowed' | 'bad-handle' | 'taken' | 'unknown-person' | 'last-admin' | 'no-such-request';

export function staffRefusalCard(_view: { readonly why: StaffRefusal; readonly said: string }, _reader: Reader): Card {
  return bare('staff');
}

export type PhoneStep =
  | { readonly kind: 'sent'; readonly phone: string; readonly validMs: number }
  | { readonly kind: 'confirmed'; readonly phone: string }
  | { readonly kind: 'wrong'; readonly triesLeft: number }
  /** Too late, too many tries, or never asked for. */
  | { readonly kind: 'gone' }
  /** What there is, when nothing was said. */
  | { readonly kind: 'shown'; readonly phone: string | null };

/** The employee's own phone; it is shown in full, as it is the reader's own. */
export function phoneCard(_step: PhoneStep, _reader: Reader): Card {
  return bare('phone');
}

/** `changed` names what was changed just now. */
export function settingsCard(
  _view: {
    readonly employee: Employee;
    readonly names: (handle: string) => string;
    readonly changed?: boolean | undefined;
  },
  _reader: Reader,
): Card {
  return bare('settings');
}
