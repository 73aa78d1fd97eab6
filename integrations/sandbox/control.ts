/**
 * The control API: a small HTTP server on loopback through which tests, and people with curl, turn the operator's
 * switches while it runs. JSON in, JSON out; a mistake is 400 with every reason, an unknown account 404.
 */
import { once } from 'node:events';
import { createServer, type IncomingMessage, type Server, type ServerResponse } from 'node:http';
import type { AddressInfo } from 'node:net';
import { z } from 'zod';
import { BAD_PDU_NAMES } from './bad-pdus.ts';
import type { Operator } from './controls.ts';
import { parseFaults } from './faults.ts';

export const LOOPBACK = '127.0.0.1';

/** Entries that one `GET /log` says at most; ask again with the last `n` for the rest. */
export const LOG_PAGE = 10_000;

/** How long a call that is under way may take once the operator stops. */
const LINGER_MS = 500;

interface Answer {
  readonly status: number;
  readonly body: unknown;
}

/** A call with its query and body read. */
interface Call {
  readonly account: string | undefined;
  readonly query: URLSearchParams;
  readonly body: unknown;
}

type Route = (operator: Controlled, call: Call) => Answer;
/** The operator as it is before it is known where it listens. */
type Controlled = Omit<Operator, 'port' | 'controlPort'>;

const done = (body: unknown): Answer => ({ status: 200, body });
const mistake = (why: string): Answer => ({ status: 400, body: { error: why } });

const digits = z.string().regex(/^\d{1,20}$/, 'digits');
const inboundBody = z.strictObject({ from: digits, to: z.string().min(1).max(20), text: z.string() });
const badPduBody = z.strictObject({ kind: z.enum(BAD_PDU_NAMES) });
const since = z.coerce.number().int().min(0);

const ROUTES: Readonly<Record<string, Route>> = {
  'GET /state': (operator) => done(operator.state()),

  'PUT /faults': (operator, { account, body }) => {
    const parsed = parseFaults(body, account !== undefined);
    if (!parsed.ok) return mistake(parsed.why);
    operator.setFaults(parsed.change, account);
    return done(operator.state());
  },

  'DELETE /faults': (operator, { account }) => {
    operator.resetFaults(account);
    return done(operator.state());
  },

  'GET /log': (operator, { query }) => {
    const parsed = since.safeParse(query.get('since') ?? 0);
    if (!parsed.success) return mistake('since: a number of an entry');
    return done(operator.log(parsed.data).slice(0, LOG_PAGE));
  },

  'POST /inbound': (operator, { account, body }) => {
    const parsed = inboundBody.safeParse(body);
    if (!parsed.success) return mistake(z.prettifyError(parsed.error));
    return done({ parts: operator.inbound(parsed.data, account) });
  },

  'POST /bad-pdu': (operator, { account, body }) => {
    const parsed = badPduBody.safeParse(body);
    if (!parsed.success) return mistake(z.prettifyError(parsed.error));
    return done({ connections: operator.injectBadPdu(parsed.data.kind, account) });
  },

  'POST /disconnect': (operator, { account }) => done({ connections: operator.disconnect(account) }),
  'POST /unbind': (operator, { account }) => done({ connections: operator.unbind(account) }),

  'POST /quit': (operator) => {
    // The answer goes first: stopping closes the connection that it goes through.
    setImmediate(() => void operator.stop());
    return done({ stopping: true });
  },
};

export interface ControlServer {
  readonly port: number;
  close(): Promise<void>;
}

export async function serveControl(operator: Controlled, port: number): Promise<ControlServer> {
  const server = createServer((request, response) => {
    answer(operator, request).then(
      (reply) => say(response, reply),
      (cause: unknown) => say(response, { status: 500, body: { error: String(cause) } }),
    );
  });
  server.listen(port, LOOPBACK);
  await once(server, 'listening');
  return { port: (server.address() as AddressInfo).port, close: () => close(server) };
}

async function close(server: Server): Promise<void> {
  const closed = once(server, 'close');
  server.close();
  setTimeout(() => server.closeAllConnections(), LINGER_MS).unref();
  await closed;
}

async function answer(operator: Controlled, request: IncomingMessage): Promise<Answer> {
  const { pathname, searchParams } = new URL(request.url ?? '/', `http://${LOOPBACK}`);
  const route = ROUTES[`${request.method} ${pathname}`];
  if (route === undefined)
    return { status: 404, body: { error: `no such call; there are ${Object.keys(ROUTES).join(', ')}` } };

  const account = searchParams.get('account') ?? undefined;
  const known = operator.state().accounts.map(({ name }) => name);
  if (account !== undefined && !known.includes(account)) {
    return { status: 404, body: { error: `no account ${account}; there are ${known.join(', ')}` } };
  }
  const body = await readJson(request);
  if (body === NOT_JSON) return mistake('the body is not JSON');
  return route(operator, { account, query: searchParams, body });
}

const NOT_JSON = Symbol('not JSON');

async function readJson(request: IncomingMessage): Promise<unknown> {
  const chunks: Buffer[] = [];
  for await (const chunk of request) chunks.push(chunk as Buffer);
  if (chunks.length === 0) return {};
  try {
    return JSON.parse(Buffer.concat(chunks).toString('utf8')) as unknown;
  } catch {
    return NOT_JSON;
  }
}

function say(response: ServerResponse, { status, body }: Answer): void {
  // One call, one connection: nothing is kept alive that stopping would have to wait for.
  response.writeHead(status, { 'content-type': 'application/json', connection: 'close' });
  response.end(`${JSON.stringify(body)}\n`);
}
