/**
 * A little Slack: the Web API, the addresses for answers, files and sockets, and people who use it. It keeps Slack's rules and says
 * so in Slack's words; `people.ts` is how a test acts and sees.
 */

import { randomUUID } from 'node:crypto';
import { once } from 'node:events';
import { createServer, type IncomingMessage, type ServerResponse } from 'node:http';
import type { AddressInfo } from 'node:net';
import { createDelivery, type Delivery } from './delivery.ts';
import { type Answer, type Fields, METHODS } from './methods.ts';
import { createOAuth, type OAuth } from './oauth.ts';
import { createRates, type Rates } from './rates.ts';
import { type Addresses, answerByAddress, createAddresses } from './response-urls.ts';
import { acceptWebSocket, type ServerSocket } from './web-socket.ts';
import { createWorld, type FileRecord, type Team, type Token, type World } from './world.ts';

/** What `manifest.json` has, as far as Slack keeps to it. */
export interface Manifest {
  readonly features: {
    readonly slash_commands: readonly { readonly command: string }[];
    readonly shortcuts: readonly { readonly callback_id: string; readonly type: string }[];
    readonly unfurl_domains: readonly string[];
  };
  readonly oauth_config: { readonly scopes: { readonly bot: readonly string[] } };
  readonly settings: { readonly event_subscriptions: { readonly bot_events: readonly string[] } };
}

export interface SlackFakeOptions {
  readonly manifest: Manifest;
  /** Socket Mode instead of HTTP. */
  readonly socketMode?: boolean;
  readonly ackMs?: number;
  readonly retryMs?: readonly number[];
  readonly redirectUrl?: string;
  /** Moves the clock of tokens and triggers, ms. */
  readonly skew?: () => number;
}

/** How posting is treated, beside Slack's own rules. */
export type Mood = 'well' | 'silent' | 'hangs-up' | 'broken';

export interface SlackFake {
  readonly apiUrl: string;
  readonly secrets: {
    readonly signing: string;
    readonly bot: string;
    readonly app: string;
    readonly clientId: string;
    readonly client: string;
  };
  readonly world: World;
  /** The workspace that `secrets.bot` is of. */
  readonly team: Team;
  readonly delivery: Delivery;
  readonly rates: Rates;
  readonly oauth: OAuth;
  readonly addresses: Addresses;
  readonly manifest: Manifest;
  /** Calls of the Web API by their method, in their order. */
  readonly calls: { readonly method: string; readonly fields: Fields; readonly answer: Answer | null }[];
  mood: Mood;
  /** A trigger of this person, as it goes with whatever is pressed. */
  trigger(user: string): string;
  describe(file: FileRecord): Fields;
  /** Where the app listens for HTTP. */
  listensAt(url: string): void;
  close(): Promise<void>;
}

/** docs.slack.dev/interactivity: a trigger lives three seconds. */
const TRIGGER_MS = 3000;
const POSTING = new Set(['chat.postMessage', 'chat.update']);

export async function openSlack(options: SlackFakeOptions): Promise<SlackFake> {
  const now = () => Date.now() + (options.skew?.() ?? 0);
  const world = createWorld(now);
  const team = world.addTeam('Northern Lines');
  const secrets = {
    signing: randomUUID(),
    bot: `xoxb-${randomUUID()}`,
    app: `xapp-1-${randomUUID()}`,
    clientId: '123.456',
    client: randomUUID(),
  };
  const scopes = options.manifest.oauth_config.scopes.bot;
  world.tokens.set(secrets.bot, {
    token: secrets.bot,
    team: team.id,
    scopes,
    expiresAt: Number.POSITIVE_INFINITY,
    isRevoked: false,
  });
  const delivery = createDelivery({
    signingSecret: secrets.signing,
    url: options.socketMode ? null : 'http://127.0.0.1:1/',
    ackMs: options.ackMs ?? 3000,
    retryMs: options.retryMs ?? [0, 100, 200],
    now,
  });
  const triggers = new Map<string, { readonly user: string; readonly until: number; used: boolean }>();
  const redirectUrl = options.redirectUrl ?? 'http://127.0.0.1:1/slack/oauth_redirect';
  const oauth = createOAuth(world, { clientId: secrets.clientId, clientSecret: secrets.client, redirectUrl }, now);
  const rates = createRates(now);
  const calls: SlackFake['calls'] = [];
  const addresses = createAddresses(now);
  const tickets = new Set<string>();
  let origin = '';
  const server = createServer((request, response) => void route(request, response).catch(() => response.destroy()));
  const streams = new Set<ServerSocket>();

  const describe = (file: FileRecord): Fields => ({
    id: file.id,
    name: file.name,
    size: file.bytes.length,
    url_private: `${origin}/files-pri/${file.id}/${encodeURIComponent(file.name)}`,
    url_private_download: `${origin}/files-pri/${file.id}/download/${encodeURIComponent(file.name)}`,
  });

  const uploadAddress = (id: string): string => `${origin}/upload/v1/${id}`;

  function trigger(id: string): { user: string } | { error: string } {
    const known = triggers.get(id);
    if (!known) return { error: 'invalid_trigger_id' };
    if (known.used) return { error: 'exchanged_trigger_id' };
    if (known.until < now()) return { error: 'expired_trigger_id' };
    known.used = true;
    return { user: known.user };
  }

  async function route(request: IncomingMessage, response: ServerResponse): Promise<void> {
    const body = await bytesOf(request);
    const path = new URL(request.url ?? '/', origin).pathname;
    const method = /^\/api\/([\w.]+)$/.exec(path)?.[1];
    if (method) return api(method, fieldsIn(request, body.toString('utf8')), tokenIn(request), response);
    const address = /^\/response\/([\w-]+)$/.exec(path)?.[1];
    if (address) return answerByAddress(addresses, world, address, body.toString('utf8'), response);
    const file = /^\/files-pri\/(\w+)\//.exec(path)?.[1];
    if (file) return download(file, tokenIn(request), response);
    const upload = /^\/upload\/v1\/(\w+)$/.exec(path)?.[1];
    if (upload) return take(upload, body, response);
    response.writeHead(404).end();
  }

  function download(id: string, token: string, response: ServerResponse): void {
    const file = world.files.get(id);
    const holder = world.tokens.get(token);
    // Whoever may not read it is sent to sign in, as a browser would be.
    if (!file || holder?.team !== file.team || !holder.scopes.includes('files:read')) {
      return void response.writeHead(302, { location: `${origin}/signin` }).end();
    }
    response.writeHead(200, { 'content-type': 'application/octet-stream' }).end(file.bytes);
  }

  /** The bytes must be as many as were announced. */
  function take(id: string, bytes: Buffer, response: ServerResponse): void {
    const upload = world.uploads.get(id);
    if (upload?.length !== bytes.length) return void response.writeHead(upload ? 400 : 404).end();
    upload.bytes = bytes;
    response.writeHead(200).end(`OK - ${bytes.length}`);
  }

  function api(method: string, fields: Fields, token: string, response: ServerResponse): void {
    const outcome = called(method, fields, token);
    if ('wait' in outcome) {
      const refused = { ok: false, error: 'ratelimited' };
      calls.push({ method, fields, answer: refused });
      response.writeHead(429, { 'retry-after': String(outcome.wait) }).end(JSON.stringify(refused));
      return;
    }
    calls.push({ method, fields, answer: outcome });
    const scopes = world.tokens.get(token)?.scopes;
    if (scopes) response.setHeader('x-oauth-scopes', scopes.join(','));
    if (!POSTING.has(method) || mood === 'well') json(response, outcome);
    else if (mood === 'broken') response.writeHead(500).end('internal');
    else if (mood === 'hangs-up') response.destroy();
  }

  function called(method: string, fields: Fields, given: string): Answer | { readonly wait: number } {
    const token = given || String(fields.token ?? '');
    if (method === 'oauth.v2.access') return oauth.access(fields);
    if (method === 'apps.connections.open') return connection(token);
    const holder = world.tokens.get(token);
    const refused = refusal(token, holder, now());
    if (refused || !holder) return { ok: false, error: refused ?? 'invalid_auth' };
    const owner = world.teams.get(holder.team)!;
    const known = METHODS[method];
    if (!known) return { ok: false, error: 'unknown_method' };
    const wait = rates.take(method, owner.id, channelIn(fields, owner));
    if (wait !== null) return { wait };
    const unfurlDomains = options.manifest.features.unfurl_domains;
    const call = { world, team: owner, token: holder, fields, trigger, unfurlDomains, describe, uploadAddress };
    const needed = typeof known.scope === 'function' ? known.scope(call) : known.scope;
    if (needed !== undefined && !holder.scopes.includes(needed)) {
      return { ok: false, error: 'missing_scope', needed, provided: holder.scopes.join(',') };
    }
    return known.run(call);
  }

  /** A person stands for the private conversation with them. */
  function channelIn({ channel }: Fields, { id }: Team): string | undefined {
    if (typeof channel !== 'string') return undefined;
    return world.people.has(channel) ? world.direct(id, channel).id : channel;
  }

  function connection(token: string): Answer {
    if (!options.socketMode) return { ok: false, error: 'socket_mode_disabled' };
    if (token !== secrets.app) return { ok: false, error: 'invalid_auth' };
    const ticket = randomUUID();
    tickets.add(ticket);
    return { ok: true, url: `${origin.replace('http', 'ws')}/link?ticket=${ticket}` };
  }

  server.on('upgrade', (request, stream) => {
    const ticket = new URL(request.url ?? '/', origin).searchParams.get('ticket') ?? '';
    if (!tickets.delete(ticket)) return stream.destroy();
    const socket = acceptWebSocket(request, stream, {
      text(text) {
        const { envelope_id, payload } = JSON.parse(text) as { envelope_id: string; payload?: Fields };
        delivery.acknowledged(envelope_id, payload ?? {});
      },
      closed() {
        streams.delete(socket);
        delivery.disconnected(socket);
      },
    });
    streams.add(socket);
    delivery.connected(socket);
    socket.send(JSON.stringify({ type: 'hello', num_connections: streams.size, connection_info: { app_id: 'A1' } }));
  });

  let mood: Mood = 'well';
  // Whoever stood still for a while would find its connections closed in the very moment of a call, and not know what came of it.
  server.keepAliveTimeout = 0;
  server.listen(0, '127.0.0.1');
  await once(server, 'listening');
  origin = `http://127.0.0.1:${(server.address() as AddressInfo).port}`;
  addresses.begin = `${origin}/response/`;

  return {
    apiUrl: `${origin}/api/`,
    secrets,
    world,
    team,
    delivery,
    rates,
    oauth,
    addresses,
    manifest: options.manifest,
    calls,
    get mood() {
      return mood;
    },
    set mood(next) {
      mood = next;
    },
    trigger(user) {
      const id = `${Date.now()}.${randomUUID()}`;
      triggers.set(id, { user, until: now() + TRIGGER_MS, used: false });
      return id;
    },
    describe,
    listensAt(url) {
      delivery.listensAt(url);
    },
    async close() {
      delivery.stop();
      for (const socket of streams) socket.cut();
      server.closeAllConnections();
      server.close();
      await once(server, 'close');
    },
  };
}

function refusal(token: string, holder: Token | undefined, now: number): string | null {
  if (token === '') return 'not_authed';
  if (!holder) return 'invalid_auth';
  if (holder.isRevoked) return 'token_revoked';
  return holder.expiresAt <= now ? 'token_expired' : null;
}

async function bytesOf(request: IncomingMessage): Promise<Buffer> {
  const chunks: Buffer[] = [];
  for await (const chunk of request) chunks.push(chunk as Buffer);
  return Buffer.concat(chunks);
}

const tokenIn = (request: IncomingMessage): string =>
  /^Bearer (\S+)$/u.exec(request.headers.authorization ?? '')?.[1] ?? '';

/** Forms whose fields may be JSON, or JSON as a whole. */
function fieldsIn(request: IncomingMessage, body: string): Fields {
  if (request.headers['content-type']?.startsWith('application/json')) return JSON.parse(body) as Fields;
  return Object.fromEntries(
    [...new URLSearchParams(body)].map(([name, value]) => {
      if (!['blocks', 'files', 'metadata', 'view', 'unfurls'].includes(name)) return [name, value];
      return [name, JSON.parse(value) as unknown];
    }),
  );
}

function json(response: ServerResponse, answer: Answer): void {
  response.writeHead(200, { 'content-type': 'application/json; charset=utf-8' }).end(JSON.stringify(answer));
}
