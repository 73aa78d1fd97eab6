/**
 * How one person comes to be known in several chats: a code asked for where the person is known is said where they are not, and
 * confirmed where it was asked for. So neither who overhears the code nor who borrows a telephone is let in.
 */
import type { Database } from '../platform/mongo/connect.ts';
import type { Employee } from './employee.ts';
import type { Claim, LinkCode, LinkStore } from './link-store.ts';
import { may } from './rights.ts';
import type { StaffStore } from './store.ts';

export interface LinkRoom {
  readonly database: Database;
  readonly links: LinkStore;
  readonly staff: StaffStore;
  readonly now: () => Date;
  readonly newId: () => string;
  /** Uniform bytes that nobody can guess. */
  readonly randomBytes: (count: number) => Uint8Array;
  /** What is kept of a secret. */
  readonly hash: (secret: string) => string;
}

/** A code is good for so long, ms. */
export const CODE_VALID_MS = 10 * 60_000;

/** No letter is taken for another, or for a digit, when read aloud; 32 of them, so that a byte picks each as likely. */
const LETTERS = 'ABCDEFGHJKLMNPQRSTUVWXYZ23456789';
const CODE_LENGTH = 10;

export type Issued =
  | { readonly kind: 'issued'; readonly code: string; readonly expiresAt: Date; readonly employee: Employee }
  | { readonly kind: 'refused'; readonly why: 'not-allowed' | 'unknown-person' }
  /** Whoever is in a chat already links others alone: no admin can speak for a colleague by an account of the admin's own. */
  | { readonly kind: 'in-already'; readonly employee: Employee };

/** A code for oneself, or, by an admin, for somebody who is in no chat yet. */
export async function issueCode(room: LinkRoom, by: Employee, handle: string): Promise<Issued> {
  if (handle !== by.id && !may(by, 'staff', null)) return { kind: 'refused', why: 'not-allowed' };
  const employee = handle === by.id ? by : await room.staff.employee(handle);
  if (!employee?.active) return { kind: 'refused', why: 'unknown-person' };
  if (await isInAlready(room, by, employee)) return { kind: 'in-already', employee };
  const code = [...room.randomBytes(CODE_LENGTH)].map((byte) => LETTERS[byte % LETTERS.length]).join('');
  const expiresAt = new Date(room.now().getTime() + CODE_VALID_MS);
  const id = room.newId().replaceAll('-', '').slice(0, 12);
  await room.links.issue({ id, employee: employee.id, issuedBy: by.id, expiresAt, claim: null }, hashOf(room, code));
  return { kind: 'issued', code, expiresAt, employee };
}

/** A code as people type it: in small letters, with spaces and hyphens. Null when it cannot be one. */
export function parseCode(said: string): string | null {
  const code = said.toUpperCase().replace(/[\s-]/gu, '');
  return code.length === CODE_LENGTH && [...code].every((letter) => LETTERS.includes(letter)) ? code : null;
}

export type Claimed =
  | { readonly kind: 'claimed'; readonly code: LinkCode }
  /** Wrong, too late, or said by another account before. */
  | { readonly kind: 'no-such-code' }
  | { readonly kind: 'linked-already'; readonly employee: string };

/** The code is said by an account; nothing is linked before who asked for it confirms. */
export async function claimCode(room: LinkRoom, said: string, claim: Claim): Promise<Claimed> {
  const owner = await room.staff.accountOwner(claim.surface, claim.account);
  if (owner !== null) return { kind: 'linked-already', employee: owner };
  const code = parseCode(said);
  const claimed = code === null ? null : await room.links.claim(hashOf(room, code), claim, room.now());
  return claimed === null ? { kind: 'no-such-code' } : { kind: 'claimed', code: claimed };
}

export type Answered =
  | { readonly kind: 'linked'; readonly employee: Employee; readonly claim: Claim }
  | { readonly kind: 'turned-away'; readonly claim: Claim }
  | { readonly kind: 'no-such-claim' }
  /** Meanwhile the account became somebody else's. */
  | { readonly kind: 'linked-already' }
  /** Meanwhile the person came in by another account. */
  | { readonly kind: 'in-already'; readonly employee: Employee };

/** Who asked for the code says whether the account that said it is the right one; a code is answered once. */
export async function answerClaim(room: LinkRoom, by: Employee, id: string, isRight: boolean): Promise<Answered> {
  return room.database.inTransaction(async (session) => {
    const now = room.now();
    const code = await room.links.take(id, by.id, now, session);
    const employee = code && (await room.staff.employee(code.employee));
    if (!code?.claim || !employee?.active) return { kind: 'no-such-claim' };
    const { claim } = code;
    if (!isRight) return { kind: 'turned-away', claim };
    if (employee.id !== by.id && !may(by, 'staff', null)) return { kind: 'no-such-claim' };
    const owner = await room.staff.accountOwner(claim.surface, claim.account);
    if (owner !== null && owner !== employee.id) return { kind: 'linked-already' };
    if (await isInAlready(room, by, employee)) return { kind: 'in-already', employee };
    await room.staff.link(claim.surface, claim.account, employee.id, now, session);
    await room.staff.appendAudit(entry(by, employee, 'staff.chat-linked', claim.surface, now), session);
    return { kind: 'linked', employee, claim };
  });
}

export type Unlinked =
  | { readonly kind: 'unlinked'; readonly accounts: number }
  | { readonly kind: 'none-there' }
  /** It is the last way in. */
  | { readonly kind: 'only-one' };

/** Takes a chat away from oneself. The last one stays: who wants to leave is deactivated by an admin. */
export async function unlink(room: LinkRoom, by: Employee, surface: string): Promise<Unlinked> {
  return room.database.inTransaction(async (session) => {
    const all = await room.staff.accountsOf(by.id);
    const there = all.filter((one) => one.id.startsWith(`${surface}:`));
    if (there.length === 0) return { kind: 'none-there' };
    if (there.length === all.length) return { kind: 'only-one' };
    await room.staff.unlink(
      there.map((one) => one.id),
      session,
    );
    await room.staff.appendAudit(entry(by, by, 'staff.chat-unlinked', surface, room.now()), session);
    return { kind: 'unlinked', accounts: there.length };
  });
}

export type UnlinkedBy =
  | Unlinked
  | { readonly kind: 'refused'; readonly why: 'not-allowed' | 'unknown-person' }
  | { readonly kind: 'taken'; readonly employee: Employee };

/** An admin takes a chat away from somebody, the last one too: a telephone was lost, an account is not the person's. */
export async function unlinkFor(room: LinkRoom, by: Employee, handle: string, surface: string): Promise<UnlinkedBy> {
  if (!may(by, 'staff', null)) return { kind: 'refused', why: 'not-allowed' };
  if (handle === by.id) return unlink(room, by, surface);
  const employee = await room.staff.employee(handle);
  if (!employee) return { kind: 'refused', why: 'unknown-person' };
  return room.database.inTransaction(async (session) => {
    const there = (await room.staff.accountsOf(handle)).filter((one) => one.id.startsWith(`${surface}:`));
    if (there.length === 0) return { kind: 'none-there' };
    await room.staff.unlink(
      there.map((one) => one.id),
      session,
    );
    await room.staff.appendAudit(entry(by, employee, 'staff.chat-unlinked', surface, room.now()), session);
    return { kind: 'taken', employee };
  });
}

const isInAlready = async (room: LinkRoom, by: Employee, employee: Employee): Promise<boolean> =>
  employee.id !== by.id && (await room.staff.accountsOf(employee.id)).length > 0;

const hashOf = (room: LinkRoom, code: string): string => room.hash(`link:${code}`);

const entry = (by: Employee, employee: Employee, action: string, surface: string, at: Date) => ({
  at,
  actor: by.id,
  action,
  subject: `employee:${employee.id}`,
  department: employee.department,
  detail: { surface },
});
