/** The addresses that answers to something pressed or commanded go to: five times within half an hour, without a token. */
import { randomUUID } from 'node:crypto';
import type { ServerResponse } from 'node:http';
import { judgeBlocks } from './validity.ts';
import type { Message, World } from './world.ts';

interface Address {
  readonly channel: string;
  readonly user: string;
  readonly bot: string;
  /** The message whose button was pressed. */
  readonly original: Message | undefined;
  readonly until: number;
  uses: number;
}

export interface Addresses {
  begin: string;
  open(place: Pick<Address, 'channel' | 'user' | 'bot' | 'original'>): string;
  take(id: string): Address | string;
}

const USES = 5;
const LIFE_MS = 30 * 60_000;

export function createAddresses(now: () => number): Addresses {
  const known = new Map<string, Address>();
  return {
    begin: '',
    open(place) {
      const id = randomUUID();
      known.set(id, { ...place, until: now() + LIFE_MS, uses: 0 });
      return `${this.begin}${id}`;
    },
    take(id) {
      const address = known.get(id);
      if (!address || address.until < now()) return 'expired_url';
      address.uses += 1;
      return address.uses > USES ? 'used_url' : address;
    },
  };
}

export function answerByAddress(
  addresses: Addresses,
  world: World,
  id: string,
  body: string,
  response: ServerResponse,
): void {
  const error = taken(addresses.take(id), world, JSON.parse(body) as Record<string, unknown>);
  if (error === null) response.writeHead(200).end('ok');
  else response.writeHead(404).end(JSON.stringify({ ok: false, error }));
}

/** Shows the answer; else says why not. */
function taken(address: Address | string, world: World, said: Record<string, unknown>): string | null {
  if (typeof address === 'string') return address;
  const judged = judgeBlocks(said.blocks ?? []);
  if (!judged.ok) return judged.error;
  const text = typeof said.text === 'string' ? said.text : '';
  const { original, channel, user, bot } = address;
  if (said.replace_original === true && original) {
    if (!world.messages.includes(original)) return 'message_not_found';
    original.text = text;
    original.blocks = judged.value;
    return null;
  }
  const isPublic = said.response_type === 'in_channel';
  const thread = typeof said.thread_ts === 'string' ? said.thread_ts : undefined;
  world.message({ channel, user: bot, text, blocks: judged.value, thread, onlyFor: isPublic ? undefined : user });
  return null;
}
