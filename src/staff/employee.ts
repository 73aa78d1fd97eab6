/**
 * Who works here: an employee, the department, the roles, and what of the company's records the person may see.
 */
import type { Locale } from '../texts/index.ts';

/** What a person may do. One person may hold several roles. */
export const ROLES = ['viewer', 'author', 'approver', 'analyst', 'admin'] as const;
export type Role = (typeof ROLES)[number];

/** A confirmed phone of the employee's own, to which tests are sent. */
export interface OwnPhone {
  /** E.164. */
  readonly phone: string;
  readonly confirmedAt: Date;
}

/** While `until` is ahead, `deputy` decides in this person's place too. */
export interface Deputy {
  readonly deputy: string;
  readonly until: Date;
}

export interface Employee {
  /** Handle: lower-case letters, digits, dots and dashes; never reused. */
  readonly id: string;
  readonly name: string;
  readonly department: string;
  readonly roles: readonly Role[];
  /** Departments that the person sees besides the own one, or all of them. */
  readonly sees: readonly string[] | 'all';
  readonly locale: Locale;
  /** IANA zone in which the person writes and reads times. */
  readonly zone: string;
  readonly active: boolean;
  readonly phone: OwnPhone | null;
  /** Work address; sheets are opened in its name, so only an admin sets it. */
  readonly email: string | null;
  readonly deputy: Deputy | null;
}

/** Which departments' records a store call may touch. Every store call takes one. */
export interface Scope {
  readonly departments: readonly string[] | 'all';
}

/** The scope of Herald itself, for ticks and workers; never given to a person. */
export const WHOLE_COMPANY: Scope = { departments: 'all' };

/** What the employee sees: the own department, wider where granted; an admin sees all. */
export function scopeOf(employee: Employee): Scope {
  if (employee.sees === 'all' || employee.roles.includes('admin')) return { departments: 'all' };
  return { departments: [...new Set([employee.department, ...employee.sees])] };
}

export const inScope = (scope: Scope, department: string): boolean =>
  scope.departments === 'all' || scope.departments.includes(department);

const HANDLE = /^[a-z][a-z0-9.-]{1,30}$/;

/** A handle as it is kept, or null when the text is none. */
export function parseHandle(text: string): string | null {
  const handle = text.trim().replace(/^@/, '').toLowerCase();
  return HANDLE.test(handle) ? handle : null;
}

const EMAIL = /^[^\s@]{1,64}@(?:[a-z0-9](?:[a-z0-9-]{0,61}[a-z0-9])?\.)+[a-z]{2,63}$/;

/** A work address as it is kept, or null when the text is none. */
export function parseEmail(text: string): string | null {
  const email = text.trim().toLowerCase();
  return EMAIL.test(email) ? email : null;
}
