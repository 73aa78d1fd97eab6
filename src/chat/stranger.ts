/** People whom Herald does not know: they are told how to ask for access, admins are told that somebody asks, and nothing else is said. */
import type { Card } from '../staff/card.ts';
import { requestAccess } from '../staff/enrol.ts';
import { may } from '../staff/rights.ts';
import type { AccessRequest } from '../staff/store.ts';
import type { ChatEvent } from '../staff/surface.ts';
import type { Locale } from '../texts/index.ts';
import { accessAskedCard, accessRequestCard, staffRefusalCard, strangerCard, turnedAwayCard } from './cards/staff.ts';
import { readerOf } from './command.ts';
import type { Reader } from './reader.ts';
import type { ChatRoom } from './room.ts';
import { readSaid, sayCode } from './saying-a-code.ts';

/** Most strangers write in the language that they want to be answered in. */
const localeOf = (text: string, usual: Locale): Locale => (/\p{Script=Cyrillic}/u.test(text) ? 'ru' : usual);

export async function answerStranger(room: ChatRoom, event: ChatEvent): Promise<Card> {
  const { zone, locale } = room.staff.defaults;
  const reader = readerOf(room, { locale: localeOf(event.text, locale), zone });
  const command = readSaid(event.text);
  const rest = command.kind === 'command' ? event.text.slice(command.end).trim() : '';
  if (command.kind === 'command' && command.name === 'request-access') {
    return ask(room, event, rest || event.displayName, reader);
  }
  if (command.kind === 'command' && command.name === 'link' && rest !== '') return sayCode(room, event, rest, reader);
  const request = await room.staff.store.requestOf(event.surface, event.account);
  const { company } = room.settings;
  if (request?.state === 'refused') return turnedAwayCard({ company }, reader);
  return strangerCard({ company, waiting: request?.state === 'waiting' }, reader);
}

async function ask(room: ChatRoom, event: ChatEvent, handle: string, reader: Reader): Promise<Card> {
  const { surface, account, displayName } = event;
  const asked = await requestAccess(room.staff, { surface, account, name: displayName || handle, handle });
  switch (asked.kind) {
    case 'bad-handle':
    case 'taken':
      return staffRefusalCard({ why: asked.kind, said: handle, asker: 'stranger' }, reader);
    case 'waiting-already':
      return accessAskedCard({ request: asked.request, again: true }, reader);
    case 'asked':
      await tellAdmins(room, asked.request);
      return accessAskedCard({ request: asked.request, again: false }, reader);
  }
}

async function tellAdmins(room: ChatRoom, request: AccessRequest): Promise<void> {
  const everyone = await room.staff.store.employees();
  const departments = [...new Set(everyone.map((one) => one.department))].sort();
  for (const admin of everyone.filter((one) => may(one, 'staff', null))) {
    const card = accessRequestCard({ request, departments }, readerOf(room, admin));
    await room.staff.store.post({ id: `access:${request.id}:${admin.id}`, employee: admin.id, card, at: room.now() });
  }
}
