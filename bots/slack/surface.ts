/**
 * Slack as one of Herald's chats, over HTTP or Socket Mode, for one workspace or for many. What comes from Slack is verified by
 * Bolt, handed to the core, and its card shown; what Herald tells unasked is posted with a key by which it can be found again.
 */
import { App, ErrorCode, ExpressReceiver, type webApi } from '@slack/bolt';
import type { Express, IRouter } from 'express';
import { createTaps } from '../../src/chat/taps.ts';
import { takeLease } from '../../src/platform/lease.ts';
import type { Log } from '../../src/platform/log.ts';
import type { Database } from '../../src/platform/mongo/connect.ts';
import type { Keyring } from '../../src/platform/secrets.ts';
import type { Uploads } from '../../src/platform/uploads.ts';
import type { ChatCore, ChatSurface } from '../../src/staff/surface.ts';
import type { Locale } from '../../src/texts/index.ts';
import { accountOf, placeOf, readAccount } from './address.ts';
import { clientOptions, clientsBy } from './client.ts';
import { type Desk, SLACK } from './desk.ts';
import { installRoutes } from './install.ts';
import { installationStore } from './installation-store.ts';
import { listen, WORKSPACE } from './listeners.ts';
import { boltLogger } from './log.ts';
import { createPosting } from './posting.ts';
import { createReplies, type Spot } from './reply.ts';
import { keptSocket, type Socket } from './socket.ts';
import { createTurns } from './turns.ts';
import { manyWorkspaces, oneWorkspace, type Workspaces } from './workspaces.ts';

export interface SlackOptions {
  /** As the configuration has it. With `appToken` it is Socket Mode; with `clientId` there are many workspaces. */
  readonly settings: {
    readonly botToken: string | null;
    readonly appToken: string | null;
    readonly signingSecret: string | null;
    readonly clientId: string | null;
    readonly clientSecret: string | null;
    /** Ids of the workspaces that Herald may be installed in; any when null. */
    readonly workspaces?: readonly string[] | null;
    readonly apiUrl: string | null;
  };
  /** The address of our web server from outside, without a path. */
  readonly publicUrl: string | null;
  readonly database: Database;
  readonly keyring: Pick<Keyring, 'seal' | 'open' | 'tokenHash'>;
  readonly uploads: Uploads;
  readonly uploadLimitBytes: number;
  /** Whether an account is an employee's: files of others are not stored. */
  readonly knows: (account: string) => Promise<boolean>;
  readonly locale: Locale;
  readonly zone: string;
  readonly now: () => Date;
  readonly log: Log;
  readonly timers?: Partial<typeof TIMERS>;
}

/** Milliseconds. */
const TIMERS = {
  /** A call of the Web API that takes longer has an unknown end. */
  apiMs: 15_000,
  /** What is answered later is told to take a while. */
  patienceMs: 1_500,
  /** A form may wait for the core: Slack waits three seconds for our word. */
  formMs: 2_000,
  downloadMs: 120_000,
  uploadMs: 120_000,
  reconnectMs: 500,
  /** Two clicks within it are one. */
  clickMs: 1_000,
};

export interface SlackSurface extends ChatSurface {
  /** Hangs Slack's routes on the web server. Before any reader of bodies: Slack signs the bytes. */
  mount(app: Express): void;
}

export const EVENTS_PATH = '/slack/events';

export function slackSurface(options: SlackOptions): SlackSurface {
  const { settings, log, locale, now } = options;
  const timers = { ...TIMERS, ...options.timers };
  const { apiUrl } = settings;
  const web = { apiUrl, timeoutMs: timers.apiMs, log };
  const clientOf = clientsBy(web);
  const { workspaces, routes } = workspacesOf(options, clientOptions(web), clientOf);
  const transport = transportOf(settings, timers.reconnectMs, clientOptions(web), log);
  const closing = new AbortController();
  let desk: Desk | null = null;
  let heard = false;

  const app = new App({
    receiver: transport.receiver,
    socketMode: false,
    convoStore: false,
    logger: boltLogger(log),
    clientOptions: clientOptions(web),
    authorize: async ({ teamId, enterpriseId }) => {
      const workspace = await workspaceOf(workspaces, teamId, enterpriseId);
      if (!workspace) throw new NotInstalled('Herald is not installed in that workspace');
      const { token, botId, botUserId } = workspace;
      return { botToken: token, botId, botUserId, [WORKSPACE]: workspace };
    },
  });
  const failed = (err: unknown) => log.error({ err }, 'something from Slack was not answered');
  app.error(async (error) => {
    failed(error);
    // What failed before it was heard is not acknowledged, so that Slack tells it again.
    if (error.code === ErrorCode.AuthorizationError && !isStranger(error)) throw error;
  });

  const client = async (id: string): Promise<webApi.WebClient | null> => {
    const workspace = await workspaces.workspace(id);
    return workspace && clientOf(workspace.token);
  };
  const turns = createTurns(failed);
  const taps = createTaps(timers.clickMs);
  const replies = createReplies({
    async clientOf(id) {
      const web = await client(id);
      if (!web) throw new Error(`Herald is not installed in the Slack workspace ${id}`);
      return web;
    },
    localeOf: async ({ workspace, user }: Spot) => {
      const accounts = (await workspaces.workspace(workspace))?.accounts ?? workspace;
      return desk!.core.localeOf(SLACK, accountOf({ workspace: accounts, user }));
    },
    patienceMs: timers.patienceMs,
    timeoutMs: timers.apiMs,
    uploadMs: timers.uploadMs,
    apiUrl,
    closing: closing.signal,
    log,
  });
  const posting = createPosting({ client, isOneOfMany: settings.clientId !== null, locale, log });
  listen(app, () => desk!, workspaces);

  return {
    name: SLACK,
    pace: { placeMs: 1000, editMs: 3000, perSecond: 3 },
    mount(express) {
      express.post(EVENTS_PATH, (_request, response, next) => {
        // Slack says it again, then to a process that listens.
        if (heard) next();
        else response.status(503).end();
      });
      for (const router of [...transport.routes, ...routes]) express.use(router);
    },
    async start(core: ChatCore) {
      const { uploads, uploadLimitBytes: limitBytes, publicUrl, zone, knows } = options;
      const downloads = { uploads, limitBytes, apiUrl, timeoutMs: timers.downloadMs };
      const names = new Map<string, string>();
      desk = {
        core,
        replies,
        turns,
        taps,
        downloads,
        clientOf,
        knows,
        names,
        locale,
        zone,
        publicUrl,
        formMs: timers.formMs,
        now,
      };
      heard = true;
      // Asked before anybody waits for it.
      workspaces.workspace('').catch((err: unknown) => log.error({ err }, 'Slack does not take the token'));
      await transport.socket?.start();
    },
    async placeOf(account) {
      const known = readAccount(account);
      if (!known) return null;
      // Where Herald is not installed just now it may be again. Without asking Slack for the conversation: that may be asked for fifty times a minute, and employees are thousands.
      return placeOf({ workspace: known.workspace, channel: known.user });
    },
    ...posting,
    async stop() {
      heard = false;
      closing.abort();
      await turns.idle();
      await transport.socket?.stop();
      await turns.idle();
    },
  };
}

class NotInstalled extends Error {}

/** Bolt wraps what `authorize` throws. */
const isStranger = (error: object): boolean => 'original' in error && error.original instanceof NotInstalled;

/** The installation that an event is for: of the workspace, else of its organisation. */
async function workspaceOf(workspaces: Workspaces, team: string | undefined, enterprise: string | undefined) {
  const own = team ? await workspaces.workspace(team) : null;
  return own ?? (enterprise ? workspaces.workspace(enterprise) : null);
}

function workspacesOf(
  options: SlackOptions,
  api: webApi.WebClientOptions,
  clientOf: (token: string) => webApi.WebClient,
): { readonly workspaces: Workspaces; readonly routes: readonly IRouter[] } {
  const { settings, publicUrl, database, keyring, log, locale, now } = options;
  const { botToken, clientId, clientSecret, apiUrl } = settings;
  if (clientId === null) {
    if (botToken === null) throw new Error('SLACK_BOT_TOKEN is missing, or SLACK_CLIENT_ID for several workspaces');
    return { workspaces: oneWorkspace(clientOf(botToken), botToken, log), routes: [] };
  }
  if (clientSecret === null) throw new Error('SLACK_CLIENT_SECRET is missing');
  if (publicUrl === null) throw new Error('PUBLIC_URL is missing: several workspaces are installed over it');
  const store = installationStore(database, keyring, now);
  const lease = (name: string, ms: number) => takeLease(database, name, ms);
  const bare = clientOf('');
  const stateSecret = keyring.tokenHash('slack/oauth-state');
  return {
    workspaces: manyWorkspaces({ store, client: bare, clientId, clientSecret, lease, now, log }),
    routes: [
      installRoutes({
        only: settings.workspaces ?? null,
        store,
        clientId,
        clientSecret,
        stateSecret,
        publicUrl,
        apiUrl,
        clientOptions: api,
        locale,
        log,
      }),
    ],
  };
}

interface Transport {
  readonly receiver: Socket['receiver'];
  readonly routes: readonly IRouter[];
  readonly socket: Socket | null;
}

function transportOf(
  { appToken, signingSecret }: SlackOptions['settings'],
  reconnectMs: number,
  api: webApi.WebClientOptions,
  log: Log,
): Transport {
  if (appToken !== null) {
    const socket = keptSocket({ appToken, clientOptions: api, reconnectMs, log });
    return { receiver: socket.receiver, routes: [], socket };
  }
  // An empty one would let anybody sign.
  if (!signingSecret?.trim())
    throw new Error('SLACK_SIGNING_SECRET is missing: without it anybody could speak for Slack');
  const receiver = new ExpressReceiver({
    signingSecret,
    endpoints: EVENTS_PATH,
    logger: boltLogger(log),
    async processEventErrorHandler({ response }) {
      if (!response.headersSent) response.writeHead(503).end();
      return false;
    },
  });
  return { receiver, routes: [receiver.router], socket: null };
}
