/** Linking chats: the code, who said it, what came of it, and the chats that a person has. */
import type { Card } from '../../staff/card.ts';
import type { Employee } from '../../staff/employee.ts';
import type { Claim, LinkCode } from '../../staff/link-store.ts';
import type { LinkedAccount } from '../../staff/store.ts';
import type { Reader } from '../reader.ts';
import { chatName } from '../surfaces.ts';
import { action, oneLine, type Speech, speechFor } from './speech.ts';

export interface CodeView {
  readonly code: string;
  readonly expiresAt: Date;
  readonly now: Date;
  readonly accounts: readonly LinkedAccount[];
  /** Addresses that open a chat with the code already typed. */
  readonly links: readonly { readonly surface: string; readonly address: string }[];
  /** Whom it is for, when not for the reader. */
  readonly invited: Employee | null;
}

export function codeCard(view: CodeView, reader: Reader): Card {
  const say = speechFor(reader);
  const code = grouped(view.code);
  const duration = say.duration(view.expiresAt.getTime() - view.now.getTime());
  const how = { command: say.typed('link', code), duration };
  const invited = view.invited && oneLine(view.invited.name);
  return {
    subject: 'link',
    tone: 'info',
    title: invited === null ? say.t('link.code', { code }) : say.t('link.code.invited', { code, name: invited }),
    lead: [
      invited === null ? say.t('link.code.do', how) : say.t('link.code.invited.do', { ...how, name: invited }),
      say.t('link.code.confirm'),
    ],
    facts: [
      ...view.links.map(({ surface, address }) => ({
        label: say.t('link.open', { chat: chatName(surface, say) }),
        value: address,
      })),
      ...linkedFacts(view.accounts, say),
    ],
  };
}

/** In two halves, as people read codes aloud. */
const grouped = (code: string): string => `${code.slice(0, 5)}-${code.slice(5)}`;

function linkedFacts(accounts: readonly LinkedAccount[], say: Speech) {
  if (accounts.length === 0) return [];
  const names = new Set(accounts.map(({ id }) => chatName(id.slice(0, id.indexOf(':')), say)));
  return [{ label: say.t('link.chats'), value: say.list([...names]) }];
}

/** The code was taken; somebody else's click is awaited. */
export function codeTakenCard({ invited }: { readonly invited: boolean }, reader: Reader): Card {
  const say = speechFor(reader);
  const lead = [say.t(invited ? 'link.taken.invited' : 'link.taken.own')];
  return { subject: 'link', tone: 'info', title: say.t('link.taken'), lead };
}

/** Asks whoever made the code whether the account that said it is the right one. */
export function claimCard(
  { code, claim, employee }: { readonly code: LinkCode; readonly claim: Claim; readonly employee: Employee },
  reader: Reader,
): Card {
  const say = speechFor(reader);
  const own = code.issuedBy === code.employee;
  const chat = chatName(claim.surface, say);
  const name = oneLine(employee.name);
  return {
    subject: `link:${code.id}`,
    tone: 'attention',
    title: own ? say.t('link.claim', { chat }) : say.t('link.claim.invited', { chat, name }),
    lead: [say.t('link.claim.do')],
    facts: [{ label: say.t('link.claim.called'), value: oneLine(claim.name) }],
    note: say.t('link.claim.account', { account: claim.account }),
    actions: [
      action(say, 'do.link', say.command('link-confirm', code.id), 'primary'),
      action(say, 'do.refuse-link', say.command('link-refuse', code.id), 'danger'),
    ],
  };
}

/** What came of the question; null: the account is nobody's. */
export function claimAnsweredCard(
  { claim, employee }: { readonly claim: Claim; readonly employee: Employee | null },
  reader: Reader,
): Card {
  const say = speechFor(reader);
  const chat = chatName(claim.surface, say);
  if (employee === null) {
    return {
      subject: 'link',
      tone: 'attention',
      title: say.t('link.refused', { chat }),
      lead: [say.t('link.refused.how')],
    };
  }
  const name = oneLine(employee.name);
  return {
    subject: 'link',
    tone: 'good',
    title: say.t('link.done', { chat, name }),
    actions: [action(say, 'do.chats', say.command('unlink'))],
  };
}

/** Told to the person in the chat that has just become theirs. */
export function linkedCard(
  { employee, surface }: { readonly employee: Employee; readonly surface: string },
  reader: Reader,
): Card {
  const say = speechFor(reader);
  return {
    subject: 'link',
    tone: 'good',
    title: say.t('link.welcome', { name: oneLine(employee.name), chat: chatName(surface, say) }),
    lead: [say.t('link.welcome.do', { command: say.typed('unlink', surface) })],
    actions: [action(say, 'do.help', say.command('help'))],
  };
}

/** Told to the person in every other chat: whoever was linked by a trick does not keep it a secret. */
export function linkedElsewhereCard({ surface, name }: Claim, reader: Reader): Card {
  const say = speechFor(reader);
  return {
    subject: 'link',
    tone: 'attention',
    title: say.t('link.elsewhere', { chat: chatName(surface, say), name: oneLine(name) }),
    lead: [say.t('link.elsewhere.do', { command: say.typed('unlink', surface) })],
    actions: [action(say, 'do.chats', say.command('unlink'))],
  };
}

/** Told to the person and to all other admins. */
export function byAdminCard(
  view: {
    readonly by: Employee;
    readonly employee: Employee;
    readonly surface: string;
    readonly did: 'let-in' | 'unlinked';
  },
  reader: Reader,
): Card {
  const say = speechFor(reader);
  const names = { by: oneLine(view.by.name), name: oneLine(view.employee.name), chat: chatName(view.surface, say) };
  return {
    subject: 'link',
    tone: 'attention',
    title: view.did === 'let-in' ? say.t('link.by-admin.let-in', names) : say.t('link.by-admin.unlinked', names),
    lead: [say.t('link.by-admin.do')],
  };
}

/** An invitation is for somebody who is in no chat. */
export function inAlreadyCard({ employee }: { readonly employee: Employee }, reader: Reader): Card {
  const say = speechFor(reader);
  const name = oneLine(employee.name);
  const commands = { own: say.typed('link'), command: say.typed('staff-unlink', employee.id) };
  return {
    subject: 'link',
    tone: 'attention',
    title: say.t('link.in-already', { name }),
    lead: [say.t('link.in-already.do', commands)],
  };
}

/** The chats in which somebody is known, for an admin; `unlinked` has just been taken out. */
export function chatsOfCard(
  view: {
    readonly employee: Employee;
    readonly accounts: readonly LinkedAccount[];
    readonly unlinked: string | null;
  },
  reader: Reader,
): Card {
  const say = speechFor(reader);
  const { employee, accounts, unlinked } = view;
  const name = oneLine(employee.name);
  const surfaces = [...new Set(accounts.map(({ id }) => id.slice(0, id.indexOf(':'))))];
  return {
    subject: 'link',
    tone: unlinked === null ? 'info' : 'good',
    title:
      unlinked === null
        ? say.t('link.chats-of', { name })
        : say.t('link.chats-of.unlinked', { name, chat: chatName(unlinked, say) }),
    facts: accounts.map((one) => sinceFact(one, say, reader)),
    actions: surfaces.map((surface) => ({
      label: say.t('link.unlink', { chat: chatName(surface, say) }),
      command: say.command('staff-unlink', employee.id, surface),
    })),
    ...(accounts.length === 0 && { lead: [say.t('link.chats-of.none')] }),
  };
}

const sinceFact = ({ id, linkedAt }: LinkedAccount, say: Speech, reader: Reader) => ({
  label: chatName(id.slice(0, id.indexOf(':')), say),
  value: say.t('link.since', { when: say.dateTime(linkedAt, reader.zone) }),
});

/** The chats in which the reader is known; `unlinked` has just been taken out. */
export function chatsCard(
  { accounts, unlinked }: { readonly accounts: readonly LinkedAccount[]; readonly unlinked: string | null },
  reader: Reader,
): Card {
  const say = speechFor(reader);
  const surfaces = [...new Set(accounts.map(({ id }) => id.slice(0, id.indexOf(':'))))];
  return {
    subject: 'link',
    tone: unlinked === null ? 'info' : 'good',
    title: unlinked === null ? say.t('link.chats') : say.t('link.unlinked', { chat: chatName(unlinked, say) }),
    facts: accounts.map((one) => sinceFact(one, say, reader)),
    actions: [
      action(say, 'do.link-chat', say.command('link')),
      ...(surfaces.length < 2
        ? []
        : surfaces.map((surface) => ({
            label: say.t('link.unlink', { chat: chatName(surface, say) }),
            command: say.command('unlink', surface),
          }))),
    ],
  };
}

export type LinkMistake =
  | { readonly why: 'not-private' | 'no-such-code' | 'linked-already' | 'no-such-claim' }
  | { readonly why: 'no-such-chat' | 'none-there' | 'only-one'; readonly said: string };

export function linkMistakeCard(mistake: LinkMistake, reader: Reader): Card {
  const say = speechFor(reader);
  const card = (title: string, lead: string): Card => ({ subject: 'link', tone: 'attention', title, lead: [lead] });
  const again = { command: say.typed('link') };
  switch (mistake.why) {
    case 'not-private':
      return card(say.t('link.not-private'), say.t('link.not-private.do'));
    case 'no-such-code':
      return card(say.t('link.no-such-code'), say.t('link.no-such-code.do', again));
    case 'linked-already':
      return card(say.t('link.linked-already'), say.t('link.linked-already.do', { command: say.typed('unlink') }));
    case 'no-such-claim':
      return card(say.t('link.no-such-claim'), say.t('link.no-such-code.do', again));
    case 'no-such-chat':
      return card(say.t('link.no-such-chat', { said: oneLine(mistake.said) }), say.t('link.no-such-chat.do'));
    case 'none-there':
      return card(say.t('link.none-there', { chat: chatName(mistake.said, say) }), say.t('link.none-there.do', again));
    case 'only-one':
      return card(say.t('link.only-one', { chat: chatName(mistake.said, say) }), say.t('link.only-one.do', again));
  }
}
