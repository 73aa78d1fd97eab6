/** An account that says a code: a stranger's who is known elsewhere or invited, mostly. Who asked for the code is asked whether it is the right person. */
import type { Card } from '../staff/card.ts';
import type { LinkCode } from '../staff/link-store.ts';
import { claimCode, parseCode } from '../staff/linking.ts';
import type { ChatEvent } from '../staff/surface.ts';
import { claimCard, codeTakenCard, linkMistakeCard } from './cards/linking.ts';
import { readerOf } from './command.ts';
import { isPrivate } from './private.ts';
import type { Reader } from './reader.ts';
import type { ChatRoom } from './room.ts';
import { type CommandReading, readCommand } from './vocabulary.ts';

/** The command that was said. `start <code>`, which is what a link to a Telegram bot says, is `link <code>`. */
export function readSaid(text: string): CommandReading {
  const reading = readCommand(text);
  if (reading.kind === 'unknown' || reading.name !== 'help' || parseCode(text.slice(reading.end)) === null)
    return reading;
  return { ...reading, name: 'link' };
}

/** An account says a code, known or not; who asked for it is asked whether it is the right one. */
export async function sayCode(room: ChatRoom, event: ChatEvent, said: string, reader: Reader): Promise<Card> {
  if (!isPrivate(room, event)) return linkMistakeCard({ why: 'not-private' }, reader);
  const { surface, account, displayName: name } = event;
  const claimed = await claimCode(room.linking, said, { surface, account, name });
  if (claimed.kind === 'claimed') return askWhoIssued(room, claimed.code, reader);
  return linkMistakeCard({ why: claimed.kind }, reader);
}

/** Asks whoever made the code; what is answered to the account that said it gives away nothing of that person. */
async function askWhoIssued(room: ChatRoom, code: LinkCode, reader: Reader): Promise<Card> {
  const [issuer, employee] = await Promise.all([
    room.staff.store.employee(code.issuedBy),
    room.staff.store.employee(code.employee),
  ]);
  if (issuer && employee && code.claim) {
    const card = claimCard({ code, claim: code.claim, employee }, readerOf(room, issuer));
    await room.staff.store.post({ id: `link:${code.id}`, employee: issuer.id, card, at: room.now() });
  }
  return codeTakenCard({ invited: code.issuedBy !== code.employee }, reader);
}
