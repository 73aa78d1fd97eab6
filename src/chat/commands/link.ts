/**
 * Commands that make one person known in several chats: link and its confirmation, unlink, and what an admin does for others. A
 * person is told in all other chats of a new one, and admins are told of what one of them does.
 */
import type { Card } from '../../staff/card.ts';
import { type Employee, parseHandle } from '../../staff/employee.ts';
import type { Claim } from '../../staff/link-store.ts';
import { answerClaim, issueCode, unlink, unlinkFor } from '../../staff/linking.ts';
import { may } from '../../staff/rights.ts';
import {
  byAdminCard,
  chatsCard,
  chatsOfCard,
  claimAnsweredCard,
  codeCard,
  inAlreadyCard,
  linkedCard,
  linkedElsewhereCard,
  linkMistakeCard,
} from '../cards/linking.ts';
import { staffRefusalCard } from '../cards/staff.ts';
import { type Call, type Command, leftOver, missing, readerOf, refused } from '../command.ts';
import { isPrivate } from '../private.ts';
import { sayCode } from '../saying-a-code.ts';
import { surfaceNamed } from '../surfaces.ts';

/** Without a code, makes one; with one, says it for the account that speaks, which is known already. */
export const link: Command = {
  keys: [],
  async run(call) {
    const { args, room, event, reader, by } = call;
    if (args.words[0]) return sayCode(room, event, args.words.map((word) => word.text).join(''), reader);
    return isPrivate(room, event) ? issued(call, by.id) : linkMistakeCard({ why: 'not-private' }, reader);
  },
};

export const staffInvite: Command = {
  keys: [],
  async run(call) {
    const { args, room, event, reader } = call;
    const said = args.words[0]?.text;
    if (!said) return missing(call, 'employee');
    if (args.words[1]) return leftOver(call, 1);
    if (!isPrivate(room, event)) return linkMistakeCard({ why: 'not-private' }, reader);
    return issued(call, parseHandle(said) ?? said);
  },
};

async function issued(call: Call, handle: string): Promise<Card> {
  const { room, by, reader } = call;
  const made = await issueCode(room.linking, by, handle);
  if (made.kind === 'refused') {
    if (made.why === 'not-allowed') return refused(call, { code: 'not-allowed', right: 'staff' });
    return staffRefusalCard({ why: made.why, said: handle }, reader);
  }
  if (made.kind === 'in-already') return inAlreadyCard(made, reader);
  const own = made.employee.id === by.id;
  const accounts = own ? await room.staff.store.accountsOf(by.id) : [];
  const links = room.doors().flatMap(({ surface, open }) => {
    const address = open?.(made.code);
    return address ? [{ surface, address }] : [];
  });
  const invited = own ? null : made.employee;
  return codeCard({ code: made.code, expiresAt: made.expiresAt, now: room.now(), accounts, links, invited }, reader);
}

export const linkConfirm: Command = { keys: [], run: (call) => answered(call, true) };
export const linkRefuse: Command = { keys: [], run: (call) => answered(call, false) };

async function answered(call: Call, isRight: boolean): Promise<Card> {
  const { room, by, args, reader } = call;
  const id = args.words[0]?.text;
  if (!id) return missing(call, 'code');
  const done = await answerClaim(room.linking, by, id, isRight);
  switch (done.kind) {
    case 'no-such-claim':
    case 'linked-already':
      return linkMistakeCard({ why: done.kind }, reader);
    case 'in-already':
      return inAlreadyCard(done, reader);
    case 'turned-away':
      return claimAnsweredCard({ claim: done.claim, employee: null }, reader);
    case 'linked': {
      const { employee, claim } = done;
      const card = linkedCard({ employee, surface: claim.surface }, readerOf(room, employee));
      await room.staff.store.post({ id: `linked:${id}`, employee: employee.id, card, at: room.now() });
      await tellElsewhere(call, id, employee, claim);
      if (employee.id !== by.id)
        await tellAdmins(call, `let-in:${id}`, { ...done, surface: claim.surface, did: 'let-in' });
      return claimAnsweredCard({ claim, employee }, reader);
    }
  }
}

/** In every other chat of the person, whichever was used last: who gets in by a trick could be the one last heard. */
async function tellElsewhere({ room }: Call, id: string, employee: Employee, claim: Claim): Promise<void> {
  const card = linkedElsewhereCard(claim, readerOf(room, employee));
  const chats = room.doors().map((door) => door.surface);
  for (const { surface, account, dead } of await room.reaches.reachesOf(employee.id)) {
    if (dead || !chats.includes(surface) || (surface === claim.surface && account === claim.account)) continue;
    const key = `linked-elsewhere:${id}:${surface}:${account}`;
    await room.postings.want({ key, surface, account, employee: employee.id, card }, room.now());
  }
}

/** All who look after the staff, but who did it. */
async function tellAdmins(
  { room, by }: Call,
  id: string,
  done: { readonly employee: Employee; readonly surface: string; readonly did: 'let-in' | 'unlinked' },
): Promise<void> {
  const everyone = await room.staff.store.employees();
  for (const one of everyone.filter((other) => other.id !== by.id && may(other, 'staff', null))) {
    const card = byAdminCard({ ...done, by }, readerOf(room, one));
    await room.staff.store.post({ id: `${id}:${one.id}`, employee: one.id, card, at: room.now() });
  }
}

/** Without a chat, shows those that the person has. */
export const staffUnlink: Command = {
  keys: [],
  async run(call) {
    const { room, by, args, reader } = call;
    const [who, chat] = args.words;
    if (!who) return missing(call, 'employee');
    if (args.words[2]) return leftOver(call, 2);
    if (!may(by, 'staff', null)) return refused(call, { code: 'not-allowed', right: 'staff' });
    const handle = parseHandle(who.text) ?? who.text;
    const employee = await room.staff.store.employee(handle);
    if (!employee) return staffRefusalCard({ why: 'unknown-person', said: who.text }, reader);
    const shown = async (unlinked: string | null) =>
      chatsOfCard({ employee, accounts: await room.staff.store.accountsOf(handle), unlinked }, reader);
    if (!chat) return shown(null);
    const surface = surfaceNamed(chat.text);
    if (surface === null) return linkMistakeCard({ why: 'no-such-chat', said: chat.text }, reader);
    const done = await unlinkFor(room.linking, by, handle, surface);
    switch (done.kind) {
      case 'refused':
        return staffRefusalCard({ why: done.why, said: who.text }, reader);
      case 'none-there':
      case 'only-one':
        return linkMistakeCard({ why: done.kind, said: surface }, reader);
      case 'taken': {
        const did = { employee, surface, did: 'unlinked' as const };
        const id = `unlinked:${room.newId()}`;
        const card = byAdminCard({ ...did, by }, readerOf(room, employee));
        await room.staff.store.post({ id: `${id}:${handle}`, employee: handle, card, at: room.now() });
        await tellAdmins(call, id, did);
        return shown(surface);
      }
      case 'unlinked':
        return shown(surface);
    }
  },
};

export const unlinkChat: Command = {
  keys: [],
  async run(call) {
    const { room, by, args, reader } = call;
    const said = args.words[0]?.text;
    const accounts = await room.staff.store.accountsOf(by.id);
    if (!said) return chatsCard({ accounts, unlinked: null }, reader);
    const surface = surfaceNamed(said);
    if (surface === null) return linkMistakeCard({ why: 'no-such-chat', said }, reader);
    const done = await unlink(room.linking, by, surface);
    if (done.kind !== 'unlinked') return linkMistakeCard({ why: done.kind, said: surface }, reader);
    return chatsCard({ accounts: await room.staff.store.accountsOf(by.id), unlinked: surface }, reader);
  },
};
