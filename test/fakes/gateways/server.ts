/**
 * What all little gateways have in common: a real server that takes messages, keeps them for tests to judge by, posts receipts and
 * inbound until they are acknowledged, and misbehaves on request. How requests, answers and posts look is a `Dialect`, written
 * by the gateway's manual.
 */
import { once } from 'node:events';
import { createServer, type IncomingHttpHeaders, type IncomingMessage, type ServerResponse } from 'node:http';
import type { AddressInfo } from 'node:net';
import { buffer } from 'node:stream/consumers';
import { setTimeout as sleep } from 'node:timers/promises';
import type { Behaviour, FarEnd, Taken } from '../../contract/provider-far-end.ts';

/** The address that accounts in tests believe Herald to have. */
export const PUBLIC_URL = 'https://herald.example';

export interface Asked {
  readonly method: string;
  readonly url: URL;
  readonly headers: IncomingHttpHeaders;
  readonly body: string;
}

export interface Reply {
  readonly status: number;
  readonly body: string;
  readonly headers?: Readonly<Record<string, string>>;
}

/** A message as the gateway understood it; `reports` is where it was told to post what becomes of it. */
export interface Understood {
  readonly to: string;
  readonly sender: string;
  readonly text: string;
  /** By the client, where the gateway lets it name messages; else the gateway does. */
  readonly id: string | null;
  readonly reports: string | null;
}

export interface Post {
  readonly address: string;
  readonly method: 'GET' | 'POST';
  readonly body?: string;
  readonly headers?: Readonly<Record<string, string>>;
}

export interface Judged extends Understood {
  readonly id: string;
  readonly isBad: boolean;
}

export interface Dialect {
  readonly account: string;
  readonly secrets: readonly string[];
  readonly badNumber: string;
  /** What the gateway says to an acknowledgement that it believes. */
  acknowledges?(status: number, body: string): boolean;
  /** The messages of a request, or what a request that is none of them is answered. */
  understand(asked: Asked): readonly Understood[] | Reply;
  /** To what comes too fast. */
  readonly tooFast: Reply;
  answer(messages: readonly Judged[]): Reply;
  /** A report that this message is delivered; null where nobody asked for one. */
  report(message: Judged): Post | null;
  inbound(sms: { readonly from: string; readonly to: string; readonly text: string }): Post;
}

export interface FakeGateway extends FarEnd {
  readonly url: string;
  /** Every request that came, as it came. */
  readonly asked: readonly Asked[];
  /** The next request is answered with this, and nothing of it is taken. */
  answerNext(reply: Reply): void;
  /** Where Herald really is. */
  reachHerald(url: string): void;
  /** Posts once; resolves with status and body. */
  post(post: Post): Promise<readonly [number, string]>;
  close(): Promise<void>;
}

const json = { 'content-type': 'application/json' };
export const jsonReply = (status: number, said: unknown, headers = {}): Reply => ({
  status,
  body: JSON.stringify(said),
  headers: { ...json, ...headers },
});

export async function openFakeGateway(dialect: Dialect): Promise<FakeGateway> {
  const taken: Taken[] = [];
  const asked: Asked[] = [];
  const scripted: Reply[] = [];
  const server = createServer((request, response) => void take(request, response).catch(() => response.destroy()));
  let behaviour: Behaviour = 'takes';
  let herald = '';
  let waiting = 0;
  let closed = false;
  let made = 0;

  async function take(request: IncomingMessage, response: ServerResponse): Promise<void> {
    const { method = '', headers } = request;
    const body = (await buffer(request)).toString('utf8');
    const one: Asked = { method, headers, body, url: new URL(request.url ?? '', 'http://localhost') };
    asked.push(one);
    const reply = (said: Reply) => void response.writeHead(said.status, said.headers).end(said.body);
    const understood = dialect.understand(one);
    if (!isMessages(understood)) return reply(understood);
    const next = scripted.shift();
    if (next) return reply(next);
    if (behaviour === 'throttles') return reply(dialect.tooFast);
    const messages = understood.map((sms) => ({
      ...sms,
      id: sms.id ?? `fake-${++made}`,
      isBad: sms.to === dialect.badNumber,
    }));
    const good = messages.filter(({ isBad }) => !isBad);
    taken.push(...good.map(({ to, sender, text, id }) => ({ to, sender, text, ids: [id] })));
    if (behaviour === 'takes-in-silence') return;
    if (behaviour === 'hangs-up') return void request.socket.destroy();
    if (behaviour === 'takes-slowly') await sleep(150);
    if (behaviour === 'receipt-first') await Promise.all(good.map(report));
    reply(dialect.answer(messages));
    if (behaviour !== 'receipt-first') await Promise.all(good.map(report));
  }

  const report = (message: Judged) => deliver(dialect.report(message));

  async function post({ address, method, body, headers = {} }: Post): Promise<readonly [number, string]> {
    const init = { method, headers, ...(body !== undefined && { body }) };
    const answered = await fetch(address.replace(PUBLIC_URL, herald), init).catch(() => null);
    return answered ? [answered.status, await answered.text()] : [0, ''];
  }

  /** Until it is acknowledged, as gateways do. */
  async function deliver(said: Post | null): Promise<void> {
    if (said === null) return;
    const { acknowledges = (status: number) => status === 200 } = dialect;
    waiting++;
    for (let tries = 0; tries < 50 && !closed && herald !== ''; tries++) {
      if (acknowledges(...(await post(said)))) break;
      await sleep(20);
    }
    waiting--;
  }

  const listen = async (port: number) => {
    server.listen(port, '127.0.0.1');
    await once(server, 'listening');
  };
  await listen(0);
  const { port } = server.address() as AddressInfo;

  return {
    url: `http://127.0.0.1:${port}`,
    secrets: dialect.secrets,
    account: dialect.account,
    badNumber: dialect.badNumber,
    asked,
    behave(now) {
      behaviour = now;
    },
    taken: () => taken,
    answerNext: (reply) => void scripted.push(reply),
    customerWrites: (sms) => void deliver(dialect.inbound(sms)),
    unacknowledged: () => waiting,
    goAway(away) {
      if (!away) return void listen(port);
      server.close();
      server.closeAllConnections();
    },
    reachHerald(url) {
      herald = url;
    },
    post,
    async close() {
      closed = true;
      if (!server.listening) return;
      const gone = once(server, 'close');
      server.close();
      server.closeAllConnections();
      await gone;
    },
  };
}

const isMessages = (said: readonly Understood[] | Reply): said is readonly Understood[] => Array.isArray(said);
