/**
 * The buttons under a message. Telegram gives a button 64 bytes to carry: the id of its command, and a mark of what the card is
 * about, so that whatever answers knows without any memory whether it is the same thing.
 */
import { createHash } from 'node:crypto';
import { buttonId } from '../../src/chat/buttons-store.ts';
import type { Action, Card } from '../../src/staff/card.ts';
import { harmless, widthOf } from '../console/width.ts';
import { wholeLetters } from './html.ts';

export interface Button {
  readonly text: string;
  readonly callback_data: string;
}
export type Keyboard = readonly (readonly Button[])[];

/** More are hard to find one's way in, and Telegram refuses a keyboard of more than some 10 KB. */
const MOST = 40;
const LONGEST_LABEL = 60;

/** The card's buttons in rows, and those that there is no room for. */
export function keyboardOf({ subject, actions = [] }: Card): { rows: Keyboard; left: readonly Action[] } {
  const rows: Button[][] = [];
  for (const { label, command } of actions.slice(0, MOST)) {
    const button = { text: shortened(harmless(label)), callback_data: pressOf(command, subject) };
    const row = rows.at(-1);
    if (row && fitInARow([...row, button])) row.push(button);
    else rows.push([button]);
  }
  return { rows, left: actions.slice(MOST) };
}

/** Letters that a phone shows in all buttons of a row together, by how many there are: each has its own margins. */
const ROOM = [0, LONGEST_LABEL, 32, 27] as const;

/** Telegram makes the buttons of a row equally wide. */
function fitInARow(row: readonly Button[]): boolean {
  const room = ROOM[row.length];
  return room !== undefined && row.every(({ text }) => widthOf(text) <= room / row.length);
}

const shortened = (label: string): string =>
  label.length <= LONGEST_LABEL ? label || '…' : `${wholeLetters(label, LONGEST_LABEL - 1)}…`;

/** What a card is about, in 12 letters. */
export const subjectMark = (subject: string): string =>
  createHash('sha256').update(subject).digest('base64url').slice(0, 12);

const pressOf = (command: string, subject: string): string => `${buttonId(command)}.${subjectMark(subject)}`;

/** What a pressed button carries; null when it is none of ours. */
export function readPress(data: string): { readonly id: string; readonly about: string } | null {
  const found = /^(?<id>[\w-]{16})\.(?<about>[\w-]{12})$/u.exec(data)?.groups;
  return found ? { id: found.id!, about: found.about! } : null;
}
