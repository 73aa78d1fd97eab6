/**
 * An HTTP gateway of our own making: takes messages as JSON with a bearer token, posts signed receipts and inbound, repeats
 * what was not answered with 200, and misbehaves on request. It keeps what it took, for tests to judge by.
 */
import { createHmac } from 'node:crypto';
import { once } from 'node:events';
import { createServer, type IncomingMessage, type ServerResponse } from 'node:http';
import type { AddressInfo } from 'node:net';
import { buffer } from 'node:stream/consumers';
import { setTimeout as sleep } from 'node:timers/promises';
import { measure } from '../../src/messages/parts.ts';
import type { Behaviour, FarEnd } from '../contract/provider-far-end.ts';

export const TOKEN = 'gateway-token-of-the-test';
export const SIGNING = 'signing-secret-of-the-test';
const BAD_NUMBER = '+79160000000';

export interface Gateway extends FarEnd {
  readonly port: number;
  /** Where it posts what happens. */
  postTo(address: string): void;
  /** Posts this body, signed rightly, once; resolves with the status. */
  post(path: 'receipts' | 'inbound', body: unknown, signature?: string): Promise<number>;
  close(): Promise<void>;
}

export async function openGateway(): Promise<Gateway> {
  const taken: { to: string; sender: string; text: string; ids: readonly string[]; ref: string }[] = [];
  const server = createServer((request, response) => void take(request, response).catch(() => response.destroy()));
  // Whoever stood still for a while would find its connections closed in the very moment of a call, and not know what came of it.
  server.keepAliveTimeout = 0;
  let behaviour: Behaviour = 'takes';
  let address = '';
  let waiting = 0;
  let closed = false;
  let made = 0;

  async function take(request: IncomingMessage, response: ServerResponse): Promise<void> {
    const body = JSON.parse((await buffer(request)).toString('utf8')) as Record<string, string>;
    const answer = (status: number, said: unknown, headers = {}) =>
      response.writeHead(status, { 'content-type': 'application/json', ...headers }).end(JSON.stringify(said));
    if (request.headers.authorization !== `Bearer ${TOKEN}`) return void answer(401, { error: 'who are you' });
    if (behaviour === 'throttles') return void answer(429, { error: { code: 'slow-down' } }, { 'retry-after': '0' });
    if (body.to === BAD_NUMBER) return void answer(400, { error: { code: 21211, says: `${body.to} is no number` } });
    const ids = Array.from({ length: measure(body.text!).parts }, () => `gw-${++made}`);
    taken.push({ to: body.to!, sender: body.from!, text: body.text!, ids, ref: body.ref! });
    if (behaviour === 'takes-in-silence') return;
    if (behaviour === 'hangs-up') return void request.socket.destroy();
    if (behaviour === 'takes-slowly') await sleep(150);
    if (behaviour === 'receipt-first') await receipts(body.to!, ids);
    answer(201, { status: 'queued', ids });
    if (behaviour !== 'receipt-first') await receipts(body.to!, ids);
  }

  const receipts = (to: string, ids: readonly string[]) =>
    deliver('receipts', {
      reports: ids.map((id) => ({ id, status: 'DELIVERED', to: to.slice(1), done: new Date().toISOString() })),
    });

  async function post(path: string, body: unknown, signature?: string): Promise<number> {
    const bytes = JSON.stringify(body);
    const signed = signature ?? createHmac('sha256', SIGNING).update(bytes).digest('hex');
    const headers = { 'content-type': 'application/json', 'x-signature': `sha256=${signed}` };
    const answered = await fetch(`${address}/${path}`, { method: 'POST', headers, body: bytes }).catch(() => null);
    await answered?.body?.cancel();
    return answered?.status ?? 0;
  }

  /** Until it is answered with 200, as gateways do. */
  async function deliver(path: string, body: unknown): Promise<void> {
    waiting++;
    for (let tries = 0; tries < 50 && !closed && address !== ''; tries++) {
      if ((await post(path, body)) === 200) break;
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
    port,
    secrets: [TOKEN, SIGNING],
    account: 'acme-http',
    badNumber: BAD_NUMBER,
    behave(now) {
      behaviour = now;
    },
    taken: () => taken,
    customerWrites: ({ from, to, text }) => void deliver('inbound', { from: from.slice(1), to, text }),
    unacknowledged: () => waiting,
    goAway(away) {
      if (!away) return void listen(port);
      server.close();
      server.closeAllConnections();
    },
    postTo(where) {
      address = where;
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
