/**
 * The web server: one Express app that rooms hang their routes on, with ids of requests, safe headers, errors in JSON
 * that tell nothing of the inside, a health check, and a stop that lets what is under way end.
 */
import { randomUUID } from 'node:crypto';
import { once } from 'node:events';
import { createServer, type Server } from 'node:http';
import type { AddressInfo } from 'node:net';
import express, { type ErrorRequestHandler, type Express, type RequestHandler } from 'express';
import type { Log } from './log.ts';

/** What must be well for requests to be served: null when it is, else what is wrong in a few words. */
export type HealthCheck = () => Promise<string | null>;

export interface HttpOptions {
  readonly host: string;
  /** 0 takes any free one. */
  readonly port: number;
  readonly log: Log;
  readonly checks?: Readonly<Record<string, HealthCheck>>;
  /** How long a check may take before it counts as failed. */
  readonly checkMs?: number;
  /** How long `stop` waits for requests under way. */
  readonly drainMs?: number;
  readonly newRequestId?: () => string;
}

export interface Http {
  /** Mount routes on it before `start`. It reads no bodies: a route that takes one says so, e.g. by `jsonBody`. */
  readonly app: Express;
  /** Listens; the url has the port that was free. */
  start(): Promise<{ readonly url: string }>;
  /** Takes no new connections, lets requests under way end, and closes. May be called twice. */
  stop(): Promise<void>;
}

/** Reads a JSON body of up to 256 KB. Mounted per route: webhooks of chats must see the bytes as they were signed. */
export const jsonBody: RequestHandler = express.json({ limit: '256kb' });

export function createHttp(options: HttpOptions): Http {
  const { host, port, log, checks = {}, checkMs = 2000, drainMs = 10_000, newRequestId = randomUUID } = options;
  let draining = false;
  let stopping: Promise<void> | undefined;
  const app = express();
  app.disable('x-powered-by');
  // Nothing here may be stored, so there is nothing to compare with.
  app.disable('etag');
  app.set('query parser', 'simple');
  app.use(safeHeaders, (_request, response, next) => {
    // A kept-alive connection would otherwise outlive the drain.
    if (draining) response.set('Connection', 'close');
    next();
  });
  app.use(named(newRequestId, log));
  app.get('/health/live', (_request, response) => void response.json({ status: 'ok' }));
  app.get('/health', async (_request, response) => {
    const wrong = await whatIsWrong(checks, checkMs);
    if (draining) wrong.http = 'stopping';
    const well = Object.keys(wrong).length === 0;
    response.status(well ? 200 : 503).json(well ? { status: 'ok' } : { status: 'unwell', wrong });
  });
  const server = createServer(app);

  return {
    app,
    async start() {
      app.use((_request, response) => void response.status(404).json(said(response, 'not-found')));
      app.use(failed(log));
      server.listen(port, host);
      await once(server, 'listening');
      const { address, port: taken, family } = server.address() as AddressInfo;
      return { url: `http://${family === 'IPv6' ? `[${address}]` : address}:${taken}` };
    },
    stop() {
      draining = true;
      stopping ??= server.listening ? drained(server, drainMs) : Promise.resolve();
      return stopping;
    },
  };
}

async function drained(server: Server, drainMs: number): Promise<void> {
  const closed = once(server, 'close');
  server.close();
  const impatience = setTimeout(() => server.closeAllConnections(), drainMs);
  try {
    await closed;
  } finally {
    clearTimeout(impatience);
  }
}

/** Names of what is unwell, with the reason; a check that throws or hangs is unwell too. */
async function whatIsWrong(
  checks: Readonly<Record<string, HealthCheck>>,
  checkMs: number,
): Promise<Record<string, string>> {
  const answers = await Promise.all(
    Object.entries(checks).map(async ([name, check]) => [name, await answered(check, checkMs)] as const),
  );
  return Object.fromEntries(answers.filter((answer): answer is [string, string] => answer[1] !== null));
}

async function answered(check: HealthCheck, checkMs: number): Promise<string | null> {
  const { promise: late, resolve } = Promise.withResolvers<string>();
  const timer = setTimeout(() => resolve('no answer'), checkMs);
  try {
    return await Promise.race([check(), late]);
  } catch {
    return 'failed';
  } finally {
    clearTimeout(timer);
  }
}

/** Pages need nothing from elsewhere, run no inline script, and are shown in nobody's frame; addresses with tokens are not passed on. */
const safeHeaders: RequestHandler = (_request, response, next) => {
  response.set({
    'Content-Security-Policy':
      "default-src 'self'; object-src 'none'; base-uri 'none'; form-action 'self'; frame-ancestors 'none'",
    'X-Content-Type-Options': 'nosniff',
    'X-Frame-Options': 'DENY',
    'Referrer-Policy': 'no-referrer',
    'Cross-Origin-Opener-Policy': 'same-origin',
    'Cross-Origin-Resource-Policy': 'same-origin',
    'Cache-Control': 'no-store',
  });
  next();
};

/** Gives each request an id, taken over from a proxy in front when it is harmless, and logs its end by route, never by address. */
function named(newRequestId: () => string, log: Log): RequestHandler {
  return (request, response, next) => {
    const given = request.get('x-request-id') ?? '';
    const id = /^[\w-]{8,64}$/.test(given) ? given : newRequestId();
    const began = performance.now();
    response.locals.requestId = id;
    response.set('X-Request-Id', id);
    response.on('finish', () => {
      const ms = Math.round(performance.now() - began);
      const route = typeof request.route?.path === 'string' ? request.baseUrl + request.route.path : '(none)';
      log.debug({ requestId: id, method: request.method, route, status: response.statusCode, ms }, 'answered');
    });
    next();
  };
}

const said = (response: { locals: Record<string, unknown> }, error: string) => ({
  error,
  requestId: response.locals.requestId,
});

const codes: Readonly<Record<number, string>> = {
  400: 'bad-request',
  401: 'unauthorized',
  403: 'forbidden',
  404: 'not-found',
  409: 'conflict',
  413: 'too-large',
  415: 'wrong-type',
  429: 'too-many',
};

/** An error with a status below 500 is the caller's (a body that is no JSON); all else is ours, and only its id is told. */
function failed(log: Log): ErrorRequestHandler {
  return (error: unknown, _request, response, _next) => {
    const status = typeof error === 'object' && error !== null && 'status' in error ? Number(error.status) : 500;
    const code = codes[status];
    if (code === undefined) log.error({ err: error, requestId: response.locals.requestId }, 'a request failed');
    if (response.headersSent) response.destroy();
    else response.status(code === undefined ? 500 : status).json(said(response, code ?? 'internal'));
  };
}
