/** Commands that make one person known in several chats: link and its confirmation, unlink, and an admin's invitation. */
import type { Card } from '../../staff/card.ts';
import { parseHandle } from '../../staff/employee.ts';
import { answerClaim, claimCode, issueCode, unlink } from '../../staff/linking.ts';
import { chatsCard, claimAnsweredCard, codeCard, linkedCard, linkMistakeCard } from '../cards/linking.ts';
import { staffRefusalCard } from '../cards/staff.ts';
import { type Call, type Command, leftOver, missing, readerOf, refused } from '../command.ts';
import { isPrivate } from '../private.ts';
import { askWhoIssued } from '../stranger-link.ts';
import { surfaceNamed } from '../surfaces.ts';

/** Without a code, makes one; with one, says it for the account that speaks, which is known already. */
export const link: Command = {
  keys: [],
  async run(call) {
    const { args, room, event, reader, by } = call;
    if (!isPrivate(room, event)) return linkMistakeCard({ why: 'not-private' }, reader);
    if (!args.words[0]) return issued(call, by.id);
    const { surface, account, displayName: name } = event;
    const said = args.words.map((word) => word.text).join('');
    const claimed = await claimCode(room.linking, said, { surface, account, name });
    if (claimed.kind === 'claimed') return askWhoIssued(room, claimed.code, reader);
    return linkMistakeCard({ why: claimed.kind }, reader);
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
    case 'turned-away':
      return claimAnsweredCard({ claim: done.claim, employee: null }, reader);
    case 'linked': {
      const { employee, claim } = done;
      const card = linkedCard({ employee, surface: claim.surface }, readerOf(room, employee));
      await room.staff.store.post({ id: `linked:${id}`, employee: employee.id, card, at: room.now() });
      return claimAnsweredCard({ claim, employee }, reader);
    }
  }
}

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
