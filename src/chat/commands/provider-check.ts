/** `provider check <name>`: three texts to the admin's own phone, and what passed on the wire, in one message that is kept up to date. */
import { setTimeout as sleep } from 'node:timers/promises';
import type { CheckLook } from '../../dispatch/check-account.ts';
import type { Card } from '../../staff/card.ts';
import { checkRefusedCard, providerCheckCard } from '../cards/provider-check.ts';
import { type Call, type Command, leftOver, missing, refused, wrongValue } from '../command.ts';
import { plainText } from '../when-words.ts';

const AGAIN = /^(?:again|anew|снова|заново|еще-раз)$/u;
/** One that is not older is shown instead of sending anew. */
const FRESH_MS = 10 * 60_000;
const LOOK_MS = 1_000;

export const providerCheck: Command = {
  keys: [],
  async run(call) {
    const { room, by, args } = call;
    const [said, again] = args.words.map(({ text }) => text);
    if (said === undefined) return missing(call, 'provider');
    if (again !== undefined && !AGAIN.test(plainText(again))) return leftOver(call, 1);
    if (args.words[2]) return leftOver(call, 2);
    const names = (await room.accounts.accounts()).map(({ name }) => name);
    const name = names.find((one) => one.toLowerCase() === said.toLowerCase());
    if (name === undefined) return wrongValue(call, said, { of: 'choice', key: 'name', options: names });
    const latest = await room.checks.latest(by, name);
    const isFresh = latest !== null && room.now().getTime() - latest.check.startedAt.getTime() < FRESH_MS;
    // A button that is pressed twice sends once.
    if (isFresh && (again === undefined || !latest.isOver)) return followed(call, latest);
    const begun = await room.checks.begin(by, name);
    switch (begun.kind) {
      case 'refused':
        return refused(call, begun.refusal);
      case 'not-allowed':
        return refused(call, { code: 'not-allowed', right: 'operate' });
      case 'stopped':
      case 'all-stopped':
      case 'not-in-use':
        return checkRefusedCard(name, begun.kind, call.reader);
      case 'begun':
        room.nudge();
        return followed(call, (await room.checks.look(begun.id))!);
    }
  },
};

/** At this machine it is waited for; in a chat one message says how far it is, and is edited in place. */
async function followed(call: Call, now: CheckLook): Promise<Card> {
  if (now.isOver) return providerCheckCard(now, call.reader);
  const { room, event, by, background } = call;
  if (room.settings.localSurfaces.includes(event.surface))
    return providerCheckCard(await untilOver(call, now), call.reader);
  const show = (look: CheckLook) =>
    room.postings.want(
      {
        key: `provider-check:${look.check._id}`,
        surface: event.surface,
        account: event.account,
        employee: by.id,
        card: providerCheckCard(look, call.reader),
      },
      room.now(),
    );
  background.run('a check of an account', untilOver(call, now, show));
  return providerCheckCard(now, call.reader);
}

async function untilOver(
  { room, background }: Call,
  now: CheckLook,
  show: (look: CheckLook) => Promise<void> = async () => {},
): Promise<CheckLook> {
  let look = now;
  while (!look.isOver && !background.signal.aborted) {
    await sleep(LOOK_MS, null, { signal: background.signal }).catch(() => {});
    look = (await room.checks.look(look.check._id)) ?? look;
    await show(look);
  }
  return look;
}
