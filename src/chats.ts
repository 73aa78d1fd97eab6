/**
 * The chats that the configuration names, each a surface over its own client library. With none of them the console speaks the
 * same commands. The client library of a chat that is not configured is not even loaded.
 */
import type { Express } from 'express';
import { buttonsStore } from './chat/buttons-store.ts';
import type { ChatRoom } from './chat/room.ts';
import type { Config } from './config.ts';
import type { Log } from './platform/log.ts';
import type { Database } from './platform/mongo/connect.ts';
import type { Keyring } from './platform/secrets.ts';
import { type Uploads, uploadsIn } from './platform/uploads.ts';
import type { ChatSurface } from './staff/surface.ts';

export interface ChatsGround {
  readonly config: Config;
  readonly database: Database;
  readonly keyring: Keyring;
  readonly log: Log;
  /** Whether an account is an employee's. */
  readonly knows: (surface: string, account: string) => Promise<boolean>;
}

export interface Chats {
  readonly surfaces: readonly ChatSurface[];
  /** Hangs what the chats post to on the web server: before its start, and before any reader of bodies. */
  mount(app: Express): void;
  readonly doors: ChatRoom['doors'];
}

const now = () => new Date();

export async function chatsOf(ground: ChatsGround): Promise<Chats> {
  const uploads = uploadsIn(ground.config.folders.uploads, ground.config.http.uploadLimitBytes);
  const slack = await slackOf(ground, uploads);
  const telegram = await telegramOf(ground, uploads);
  return {
    surfaces: [slack, telegram].filter((one) => one !== null),
    mount(app) {
      slack?.mount(app);
      telegram?.mount(app);
    },
    doors: () => [
      ...(slack ? [{ surface: slack.name }] : []),
      ...(telegram ? [{ surface: telegram.name, open: (code: string) => telegram.deepLink(code) }] : []),
    ],
  };
}

async function slackOf({ config, database, keyring, log, knows }: ChatsGround, uploads: Uploads) {
  const { slack, publicUrl, company, http } = config;
  if (slack.botToken === null && slack.clientId === null) return null;
  const { slackSurface } = await import('../bots/slack/surface.ts');
  return slackSurface({
    settings: slack,
    publicUrl,
    database,
    keyring,
    uploads,
    uploadLimitBytes: http.uploadLimitBytes,
    knows: (account) => knows('slack', account),
    locale: company.locale,
    zone: company.zone,
    now,
    log,
  });
}

async function telegramOf({ config, database, keyring, log, knows }: ChatsGround, uploads: Uploads) {
  const { telegram, publicUrl, company } = config;
  if (telegram.botToken === null) return null;
  const isWebhook = telegram.mode === 'webhook' && publicUrl !== null;
  const { telegramSurface } = await import('../bots/telegram/surface.ts');
  return telegramSurface({
    token: telegram.botToken,
    apiUrl: telegram.apiUrl ?? undefined,
    // Nobody has to choose or keep this secret: it follows from the master key.
    mode: isWebhook
      ? { kind: 'webhook', publicUrl, secret: keyring.tokenHash('telegram/webhook') }
      : { kind: 'polling' },
    buttons: buttonsStore(database),
    uploads,
    knows: (account) => knows('telegram', account),
    locale: company.locale,
    now,
    log,
  });
}
