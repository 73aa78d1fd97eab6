/**
 * A chat far away: a little server that keeps what it shows, and goes wrong as it is told. What happened is judged here, by what
 * people would have seen. `farSurface` is how a bot would speak with it, also from another process.
 */
import { createServer, type IncomingMessage, type ServerResponse } from 'node:http';
import type { AddressInfo } from 'node:net';
import type { Card } from '../../src/staff/card.ts';
import type { ChatSurface, Pace, Posted } from '../../src/staff/surface.ts';

export interface FarCall {
  readonly verb: 'post' | 'update' | 'find' | 'place';
  readonly to: string;
  readonly key: string;
  readonly title: string;
  /** How often this verb was asked for this key, this time included. */
  readonly nth: number;
}

/** What becomes of a call; `lost-before` is not shown and not answered, `lost-after` is shown and not answered. */
export type Fate = 'ok' | 'lost-before' | 'lost-after' | 'silent' | Exclude<Posted, { kind: 'posted' | 'unknown' }>;

export interface FarMessage {
  readonly id: string;
  readonly to: string;
  readonly key: string;
  /** Titles that it has had, the first one first. */
  readonly titles: string[];
  card: Card;
}

export interface FarChat {
  readonly url: string;
  readonly messages: readonly FarMessage[];
  readonly calls: readonly FarCall[];
  /** Decides about every call. */
  fate: (call: FarCall) => Fate;
  /** What a person sees, the oldest first. */
  seenBy(account: string): readonly string[];
  stop(): Promise<void>;
}

export async function openFarChat(): Promise<FarChat> {
  const messages: FarMessage[] = [];
  const calls: FarCall[] = [];
  const counts = new Map<string, number>();

  const answer = (call: FarCall, asked: Asked): unknown => {
    switch (call.verb) {
      case 'place':
        return { place: `place of ${asked.to}` };
      case 'find': {
        const found = messages.find((one) => one.key === asked.key);
        return { ref: found ? { surface: asked.surface, to: found.to, id: found.id } : null };
      }
      case 'post': {
        const id = String(messages.length + 1);
        messages.push({ id, to: asked.to, key: asked.key, titles: [asked.card!.title], card: asked.card! });
        return { kind: 'posted', ref: { surface: asked.surface, to: asked.to, id } };
      }
      case 'update': {
        const message = messages.find((one) => one.id === asked.id);
        if (!message) return { kind: 'stale' };
        message.titles.push(asked.card!.title);
        message.card = asked.card!;
        return { kind: 'posted', ref: { surface: asked.surface, to: message.to, id: message.id } };
      }
    }
  };

  const server = createServer(async (request, response) => {
    const asked = await read(request);
    const verb = request.url!.slice(1) as FarCall['verb'];
    const key = asked.key ?? messages.find((one) => one.id === asked.id)?.key ?? '';
    const counted = `${verb} ${key || asked.to}`;
    counts.set(counted, (counts.get(counted) ?? 0) + 1);
    const call = { verb, to: asked.to, key, title: asked.card?.title ?? '', nth: counts.get(counted)! };
    calls.push(call);
    const fate = chat.fate(call);
    if (fate === 'lost-before') return void request.socket.destroy();
    if (typeof fate === 'object') return reply(response, fate);
    const answered = answer(call, asked);
    if (fate === 'lost-after') return void request.socket.destroy();
    if (fate === 'ok') reply(response, answered);
  });
  await new Promise<void>((resolve) => server.listen(0, '127.0.0.1', resolve));

  const chat: FarChat = {
    url: `http://127.0.0.1:${(server.address() as AddressInfo).port}`,
    messages,
    calls,
    fate: () => 'ok',
    seenBy: (account) => messages.filter((one) => one.to === `place of ${account}`).map((one) => one.titles.at(-1)!),
    async stop() {
      server.closeAllConnections();
      await new Promise((resolve) => server.close(resolve));
    },
  };
  return chat;
}

interface Asked {
  readonly surface: string;
  readonly to: string;
  readonly key: string;
  readonly id?: string;
  readonly card?: Card;
}

async function read(request: IncomingMessage): Promise<Asked> {
  let body = '';
  for await (const piece of request) body += piece;
  return JSON.parse(body);
}

const reply = (response: ServerResponse, body: unknown): void => void response.end(JSON.stringify(body));

export const QUICK: Pace = { placeMs: 1, editMs: 1, perSecond: 1000 };

export interface FarSurfaceOptions {
  readonly name?: string;
  readonly pace?: Pace;
  readonly canFind?: boolean;
}

export function farSurface(url: string, options: FarSurfaceOptions = {}): ChatSurface {
  const { name = 'far', pace = QUICK, canFind = true } = options;
  const ask = async (verb: FarCall['verb'], body: object): Promise<unknown> => {
    const answer = await fetch(`${url}/${verb}`, { method: 'POST', body: JSON.stringify({ surface: name, ...body }) });
    return answer.json();
  };
  const posting = (verb: 'post' | 'update', body: object): Promise<Posted> =>
    ask(verb, body).then(
      (answer) => answer as Posted,
      () => ({ kind: 'unknown', why: 'no answer' }),
    );
  return {
    name,
    pace,
    start: async () => {},
    placeOf: async (account) => ((await ask('place', { to: account })) as { place: string | null }).place,
    post: (to, card, key) => posting('post', { to, card, key }),
    update: (ref, card) => posting('update', { to: ref.to, id: ref.id, card }),
    ...(canFind && {
      find: async (to: string, key: string) =>
        ((await ask('find', { to, key })) as { ref: null | { surface: string; to: string; id: string } }).ref,
    }),
    stop: async () => {},
  };
}
