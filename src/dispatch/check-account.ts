/**
 * Checks an account by sending through it to the own confirmed phone of the admin who asks: a text in GSM letters, one in Cyrillic,
 * one of three parts. They go the way of every message, over the session that a worker holds, and are stopped by what stops any.
 */

import { type MessageRecord, messageId } from '../campaigns/messages.ts';
import { type RefusedVerdict, refuse } from '../campaigns/room.ts';
import { asE164 } from '../messages/phone.ts';
import type { Employee } from '../staff/employee.ts';
import { may } from '../staff/rights.ts';
import { type AccountCheck, CHECK_TEXTS, type CheckStore, type CheckText, type SeenPdu } from './check-store.ts';
import { sendVia } from './direct.ts';
import type { DispatchRoom } from './room.ts';

/** Patterns, not sentences: the extension table of GSM, letters of another alphabet, and three parts with a cut at an escape. */
const TEXTS: Readonly<Record<CheckText, string>> = {
  gsm: 'Herald 1: @$_ {[]} ~ ^ | 5€',
  cyrillic: 'Herald 2: Проверка № 5',
  'three-parts': `Herald 3: ${'0123456789'.repeat(14)}12€${'abcdefghij'.repeat(15)}1€${'0123456789'.repeat(3)}`,
};

/** It is listened along for so long, and a worker is waited for until it does, ms. */
const LISTENS_MS = 120_000;
const WAITS_MS = 3_000;
const LOOK_MS = 100;

export type CheckBegun =
  | { readonly kind: 'begun'; readonly id: string }
  | { readonly kind: 'not-allowed' }
  /** It is stopped, or everything is; or it is out of use. */
  | { readonly kind: 'stopped' | 'all-stopped' | 'not-in-use' }
  | RefusedVerdict;

export interface CheckRoom extends DispatchRoom {
  readonly checks: CheckStore;
  readonly newId: () => string;
  readonly pause: (ms: number) => Promise<unknown>;
  readonly defaultSender: string;
}

export async function checkAccount(room: CheckRoom, by: Employee, name: string): Promise<CheckBegun> {
  if (!may(by, 'operate', null)) return { kind: 'not-allowed' };
  const phone = by.phone && asE164(by.phone.phone);
  if (!phone) return refuse({ code: 'no-own-phone' });
  const account = (await room.accounts.accounts()).find((one) => one.name === name);
  if (!account?.enabled) return { kind: 'not-in-use' };
  const off = (await room.accounts.switchedOff()).map(({ _id }) => _id);
  if (off.includes('all')) return { kind: 'all-stopped' };
  if (off.includes(`provider:${name}`)) return { kind: 'stopped' };

  const id = room.newId();
  const startedAt = room.now();
  const until = new Date(startedAt.getTime() + LISTENS_MS);
  await room.checks.begin({ _id: id, account: name, by: by.id, phone, startedAt, until });
  // A gateway by HTTP has no session that could be listened to.
  if (account.kind === 'smpp') await heard(room, id);
  const runs: { text: CheckText; run: string }[] = [];
  for (const text of CHECK_TEXTS) {
    const sender = account.senders[0] ?? room.defaultSender;
    const verdict = await sendVia(room, by, name, { phone, text: TEXTS[text], sender });
    if (verdict.kind === 'refused') return verdict;
    runs.push({ text, run: verdict.campaign.frozen!.run });
    await room.checks.sent(id, runs);
  }
  return { kind: 'begun', id };
}

async function heard({ checks, pause }: CheckRoom, id: string): Promise<void> {
  for (let waited = 0; waited < WAITS_MS; waited += LOOK_MS) {
    if ((await checks.check(id))?.heard) return;
    await pause(LOOK_MS);
  }
}

export interface CheckLook {
  readonly check: AccountCheck;
  readonly messages: readonly { readonly text: CheckText; readonly message: MessageRecord }[];
  readonly pdus: readonly SeenPdu[];
  /** Nothing more is waited for. */
  readonly isOver: boolean;
}

const OPEN: ReadonlySet<MessageRecord['state']> = new Set(['queued', 'submitting', 'accepted']);

/** How far it has come; null when there is none. */
export async function lookAtCheck(
  { checks, campaigns, now }: Pick<CheckRoom, 'checks' | 'campaigns' | 'now'>,
  id: string,
): Promise<CheckLook | null> {
  const check = await checks.check(id);
  if (!check) return null;
  const [pdus, found] = await Promise.all([
    checks.pdusOf(id),
    Promise.all(check.runs.map(async ({ text, run }) => ({ text, message: await firstOf(campaigns, run) }))),
  ]);
  const messages = found.flatMap(({ text, message }) => (message ? [{ text, message }] : []));
  // Taken without an id, it has no receipt to wait for.
  const isSettled = ({ state, error }: MessageRecord) =>
    !OPEN.has(state) || (state === 'accepted' && error !== undefined);
  const isDone = messages.length === CHECK_TEXTS.length && messages.every(({ message }) => isSettled(message));
  return { check, messages, pdus, isOver: isDone || now() >= check.until };
}

const firstOf = ({ messages }: DispatchRoom['campaigns'], run: string): Promise<MessageRecord | null> =>
  messages.message(messageId(run, 1));
