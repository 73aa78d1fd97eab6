/**
 * Telegram as a little server: the Bot API by one POST per method at `/bot<token>/<method>`, files at `/file/bot<token>/…`, its
 * limits, and people who write, press, send, block and read. Checked against `telegram-test-api` where that can tell.
 */
import { once } from 'node:events';
import { createServer, type IncomingMessage, type ServerResponse } from 'node:http';
import type { AddressInfo } from 'node:net';
import { createLimits, type Limits } from './limits.ts';
import { createMethods, type Menus, type MethodName } from './methods.ts';
import { createUpdates } from './updates.ts';
import { createUsers } from './users.ts';
import { createWorld, Refused } from './world.ts';

export const TOKEN = '123456789:AAfake-Telegram_token_of_tests-0123';
export const BOT = { id: 123_456_789, is_bot: true, first_name: 'Herald', username: 'herald_test_bot' } as const;

/** How what shows or edits messages is answered from now on. */
export type Behaviour = 'takes' | 'limits-place' | 'limits-all' | 'takes-in-silence' | 'hangs-up' | 'breaks';

export interface Call {
  readonly method: string;
  readonly payload: Readonly<Record<string, unknown>>;
}

export type FakeTelegram = Awaited<ReturnType<typeof startFakeTelegram>>;

export interface FakeOptions {
  /** Telegram's own limits of messages; none when left out, as tests are faster than people. */
  readonly limits?: Limits;
  /** Where a public https address of a webhook really is. */
  readonly reach?: (url: string) => string;
}

const SHOWING: readonly string[] = ['sendMessage', 'editMessageText', 'sendDocument'];

export async function startFakeTelegram({ limits, reach = (url) => url }: FakeOptions = {}) {
  const world = createWorld(BOT);
  const updates = createUpdates(world, reach);
  const menus: Menus = new Map();
  const methods = createMethods(world, updates, menus);
  const limiter = createLimits();
  if (limits) limiter.set(limits);
  const calls: Call[] = [];
  const failing: { method: string; error: Refused }[] = [];
  let behaviour: Behaviour = 'takes';

  async function carryOut(method: string, payload: Call['payload']): Promise<unknown> {
    if (!Object.hasOwn(methods, method)) throw new Refused(404, 'Not Found');
    const planned = failing.findIndex((one) => one.method === method);
    if (planned >= 0) throw failing.splice(planned, 1)[0]!.error;
    if (SHOWING.includes(method)) {
      if (behaviour === 'limits-place' || behaviour === 'limits-all') throw tooMany(1);
      if (behaviour === 'breaks') throw new Refused(502, 'Bad Gateway');
      const seconds = limiter.wait(Number(payload.chat_id));
      if (seconds > 0) throw tooMany(seconds);
    }
    return methods[method as MethodName](payload as never);
  }

  async function answer(request: IncomingMessage, response: ServerResponse): Promise<void> {
    const { pathname } = new URL(request.url ?? '/', 'http://fake');
    const file = /^\/file\/bot(?<token>[^/]+)\/documents\/(?<id>\w+)$/u.exec(pathname)?.groups;
    if (file) {
      const bytes = file.token === TOKEN ? world.files.get(file.id!)?.bytes : undefined;
      response.writeHead(bytes ? 200 : 404).end(bytes);
      return;
    }
    const asked = /^\/bot(?<token>[^/]+)\/(?<method>\w+)$/u.exec(pathname)?.groups;
    const payload = await bodyOf(request);
    try {
      if (!asked) throw new Refused(404, 'Not Found');
      if (asked.token !== TOKEN) throw new Refused(401, 'Unauthorized');
      calls.push({ method: asked.method!, payload });
      const result = await carryOut(asked.method!, payload);
      if (SHOWING.includes(asked.method!) && behaviour === 'hangs-up') return void response.destroy();
      if (SHOWING.includes(asked.method!) && behaviour === 'takes-in-silence') return;
      reply(response, 200, { ok: true, result });
    } catch (error) {
      if (!(error instanceof Refused)) throw error;
      const { code: error_code, message: description, parameters } = error;
      reply(response, error_code, { ok: false, error_code, description, ...(parameters && { parameters }) });
    }
  }

  const server = createServer((request, response) => {
    answer(request, response).catch((error) => response.writeHead(500).end(String(error)));
  });
  // Whoever stood still for a while would find its connections closed in the very moment of a call, and not know what came of it.
  server.keepAliveTimeout = 0;
  server.listen(0, '127.0.0.1');
  await once(server, 'listening');
  const users = createUsers(world);

  return {
    url: `http://127.0.0.1:${(server.address() as AddressInfo).port}`,
    token: TOKEN,
    /** All that was called, `getUpdates` included. */
    calls,
    callsOf: (method: string) => calls.filter((call) => call.method === method).map(({ payload }) => payload),
    menus,
    ...users,
    behave(now: Behaviour): void {
      behaviour = now;
    },
    limit: limiter.set,
    /** The next call of the method is refused so. */
    failNext(method: string, code: number, description: string, parameters?: Refused['parameters']): void {
      failing.push({ method, error: new Refused(code, description, parameters) });
    },
    /** An update of any kind, however malformed. */
    tells: world.tell,
    repeats: world.tellAgain,
    isHeard: updates.isEmpty,
    waiting: updates.waiting,
    terminatePoll: updates.terminatePoll,
    lastWebhookError: updates.lastError,
    /** Presses are too old to be answered from now on. */
    age(): void {
      for (const press of world.presses.values()) press.isOld = true;
    },
    async close(): Promise<void> {
      updates.stop();
      server.closeAllConnections();
      server.close();
      await once(server, 'close');
    },
  };
}

const tooMany = (seconds: number) =>
  new Refused(429, `Too Many Requests: retry after ${seconds}`, { retry_after: seconds });

async function bodyOf(request: IncomingMessage): Promise<Call['payload']> {
  const chunks: Buffer[] = [];
  for await (const chunk of request) chunks.push(chunk as Buffer);
  const bytes = Buffer.concat(chunks);
  const type = request.headers['content-type'] ?? '';
  if (type.startsWith('multipart/form-data')) return partsOf(bytes, type);
  return bytes.length === 0 ? {} : JSON.parse(bytes.toString());
}

/** A form with files, read by Node's own reader. */
async function partsOf(bytes: Buffer, type: string): Promise<Call['payload']> {
  const form = await new Response(new Uint8Array(bytes), { headers: { 'content-type': type } }).formData();
  const parts = [...form].map(async ([name, value]) => {
    if (typeof value === 'string') return [name, value] as const;
    return [name, { name: value.name, bytes: Buffer.from(await value.arrayBuffer()) }] as const;
  });
  return Object.fromEntries(await Promise.all(parts));
}

function reply(response: ServerResponse, status: number, body: unknown): void {
  response.writeHead(status, { 'content-type': 'application/json' }).end(JSON.stringify(body));
}
