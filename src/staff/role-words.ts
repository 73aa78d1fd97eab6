/** Roles as people call them in English and Russian, in a command as in a sheet. A word is a role only when it is one whole. */
import { ROLES, type Role } from './employee.ts';

const ROLE_WORDS: Readonly<Record<Role, RegExp>> = {
  viewer: /^(?:viewers?|наблюдател[а-я]{1,3}|зрител[а-я]{1,3}|читател[а-я]{1,3})$/u,
  author: /^(?:authors?|автор[а-я]{0,3})$/u,
  approver: /^(?:approvers?|согласующ[а-я]{2,3}|согласовател[а-я]{1,3})$/u,
  analyst: /^(?:analysts?|аналитик[а-я]{0,3})$/u,
  admin: /^(?:admin(?:istrator)?s?|админ(?:истратор)?[а-я]{0,3})$/u,
};

export type RolesRead =
  /** In the order of `ROLES`, each once; none when nothing was said. */
  { readonly kind: 'roles'; readonly roles: readonly Role[] } | { readonly kind: 'unknown'; readonly word: string };

/** Reads roles with commas, semicolons, slashes or spaces between. */
export function readRoles(said: string): RolesRead {
  const words = said
    .normalize('NFKC')
    .toLowerCase()
    .split(/[\s,;/.]+/u)
    .filter((word) => word !== '');
  const unknown = words.find((word) => !ROLES.some((role) => ROLE_WORDS[role].test(word)));
  if (unknown !== undefined) return { kind: 'unknown', word: unknown };
  return { kind: 'roles', roles: ROLES.filter((role) => words.some((word) => ROLE_WORDS[role].test(word))) };
}
