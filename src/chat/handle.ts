/**
 * From what was said in a chat to the card that answers it. Who speaks is looked up each time, so that rights given or taken
 * count at once; what a chat repeats is acted on once; whatever goes wrong is logged under a number that the person is told.
 */
import { rm } from 'node:fs/promises';
import type { Card } from '../staff/card.ts';
import type { Employee } from '../staff/employee.ts';
import type { ChatEvent } from '../staff/surface.ts';
import type { Background } from './background.ts';
import { withDoubts } from './cards/reach.ts';
import { deactivatedCard } from './cards/staff.ts';
import { interruptedCard, troubleCard } from './cards/trouble.ts';
import { type Call, mistaken, readerOf, type Talk, unreadable, wordsOf } from './command.ts';
import { COMMANDS } from './commands/index.ts';
import { answerForm } from './filling.ts';
import type { Heard } from './heard-store.ts';
import type { Numbers } from './numbers.ts';
import { readArguments } from './parse.ts';
import type { ChatRoom } from './room.ts';
import { readSaid } from './saying-a-code.ts';
import { answerStranger } from './stranger.ts';
import type { CommandName, CommandReading } from './vocabulary.ts';
import { readId } from './which.ts';

export interface Desk {
  readonly room: ChatRoom;
  readonly numbers: Numbers;
  readonly background: Background;
}

/** Longer lines are no command and no text of an SMS. */
const LONGEST = 20_000;

export async function handle(desk: Desk, given: ChatEvent): Promise<Card | null> {
  const card = await answerOnce(desk, given);
  if (given.file) await forgetUnused(desk.room, given.file.path);
  return card;
}

/** A file that became no campaign's list is read by nobody any more. */
async function forgetUnused({ campaigns, log }: ChatRoom, path: string): Promise<void> {
  try {
    if (!(await campaigns.store.takesUpload(path))) await rm(path, { force: true });
  } catch (error) {
    // The sweep of old uploads finds it.
    log.warn({ err: error }, 'an uploaded file could not be removed');
  }
}

async function answerOnce(desk: Desk, given: ChatEvent): Promise<Card | null> {
  const event = { ...given, text: given.text.slice(0, LONGEST).replaceAll('\u00a0', ' ').trim() };
  const { room } = desk;
  let by: Employee | null = null;
  let heard: Heard | null = null;
  try {
    if (event.id !== undefined) heard = await room.heard.begin(event.surface, event.id, room.now());
    if (heard?.kind === 'repeated') return null;
    const reach = await room.reaches.reach(event.surface, event.account);
    by = reach && (await room.staff.store.employee(reach.employee));
    const isBroken = heard?.kind === 'interrupted';
    const card = isBroken
      ? interruptedCard({ said: event.text }, readerOf(room, by ?? room.staff.defaults))
      : await answerTo(desk, event, by);
    const doubtful = reach && by?.active ? await room.reaches.heard(reach, room.now()) : [];
    await heard?.over();
    if (!card || !by || !reach || doubtful.length === 0) return card;
    await room.reaches.clearDoubts(reach.surface, reach.account, doubtful);
    return withDoubts(card, doubtful, readerOf(room, by));
  } catch (error) {
    const incident = room.newId().slice(0, 8);
    room.log.error({ incident, surface: event.surface, employee: by?.id, err: error }, 'a chat could not be answered');
    // Who is told so looks what was done; a repetition must not do it again.
    if (heard && heard.kind !== 'repeated') await heard.over().catch(() => {});
    return troubleCard({ incident }, readerOf(room, by ?? room.staff.defaults));
  }
}

function answerTo(desk: Desk, event: ChatEvent, by: Employee | null): Promise<Card | null> {
  const { room } = desk;
  if (by === null) return answerStranger(room, event);
  if (!by.active) return Promise.resolve(deactivatedCard({ company: room.settings.company }, readerOf(room, by)));
  return answer(desk, event, by);
}

async function answer(desk: Desk, event: ChatEvent, by: Employee): Promise<Card | null> {
  const { room } = desk;
  const conversation = await room.forms.conversation(event);
  const talk: Talk = { ...desk, event, by, conversation, reader: readerOf(room, by), words: wordsOf(by) };
  if (event.text === '' && !event.file) return null;
  const filled = conversation.form && (await answerForm(talk, conversation.form));
  if (filled) return filled;
  const meant = commandIn(room, event);
  if (meant.kind === 'unknown') {
    return mistaken(talk, { kind: 'unknown-command', said: meant.said, nearest: meant.nearest });
  }
  return carryOut(talk, meant.name, meant.end);
}

/** A file alone is a new campaign, and so is a link to a list; a number alone is a look at one. */
function commandIn({ campaigns }: ChatRoom, event: ChatEvent): CommandReading {
  const isList =
    /^https:\/\/\S+$/iu.test(event.text) && campaigns.reading.sources.some((one) => one.claims(event.text));
  if (event.text === '' || isList) return { kind: 'command', name: 'new', end: 0 };
  if (readId(event.text)) return { kind: 'command', name: 'show', end: 0 };
  return readSaid(event.text);
}

async function carryOut(talk: Talk, name: CommandName, end: number): Promise<Card | null> {
  const command = COMMANDS[name];
  const line = talk.event.text;
  const reading = readArguments(line, end, command.keys);
  if (reading.kind === 'mistake') return unreadable(talk, name, reading.mistake);
  const call: Call = { ...talk, name, args: reading.arguments };
  return command.run(call);
}
