/** A little Slack with Herald's bot listening to it over real sockets, for tests: by HTTP on the web server, or in Socket Mode. */
import { mkdtempSync, readFileSync, rmSync } from 'node:fs';
import { tmpdir } from 'node:os';
import { join } from 'node:path';
import { slackMigrations } from '../../../bots/slack/installation-store.ts';
import { type SlackOptions, type SlackSurface, slackSurface } from '../../../bots/slack/surface.ts';
import { createHttp } from '../../../src/platform/http.ts';
import { type Log, silentLog } from '../../../src/platform/log.ts';
import { migrate } from '../../../src/platform/migrations.ts';
import type { Database } from '../../../src/platform/mongo/connect.ts';
import { openKeyring } from '../../../src/platform/secrets.ts';
import { uploadsIn } from '../../../src/platform/uploads.ts';
import type { ChatCore } from '../../../src/staff/surface.ts';
import { type Manifest, openSlack, type SlackFake, type SlackFakeOptions } from '../../fakes/slack/server.ts';

export type Mode = 'http' | 'socket';
export const MODES: readonly Mode[] = ['http', 'socket'];

export const MANIFEST = JSON.parse(
  readFileSync(join(import.meta.dirname, '../../../manifest.json'), 'utf8'),
) as Manifest;
export const PUBLIC_URL = 'https://herald.example.com';

export interface Bench {
  readonly slack: SlackFake;
  readonly folder: string;
  /** A bot over this Slack; several may be made one after the other, as by restarts. */
  surface(log?: Log, more?: Partial<SlackOptions>): SlackSurface;
  /** Listens and starts. */
  start(core: ChatCore, surface?: SlackSurface): Promise<SlackSurface>;
  /** Mounts it where Slack calls. */
  listen(surface: SlackSurface): Promise<void>;
  /** Where the web server is. */
  url(): string;
  close(): Promise<void>;
}

export interface BenchOptions {
  readonly mode: Mode;
  readonly database: Database;
  readonly fake?: Partial<SlackFakeOptions>;
  readonly many?: boolean;
  /** The only workspaces that may install it. */
  readonly only?: readonly string[];
}

export async function openBench({ mode, database, fake, many = false, only }: BenchOptions): Promise<Bench> {
  await migrate(database, slackMigrations, { log: silentLog });
  const folder = mkdtempSync(join(tmpdir(), 'herald-slack-'));
  const slack = await openSlack({
    manifest: MANIFEST,
    socketMode: mode === 'socket',
    redirectUrl: `${PUBLIC_URL}/slack/oauth_redirect`,
    ...fake,
  });
  const keyring = openKeyring({ dataDir: folder });
  const { secrets } = slack;
  const closing: (() => Promise<void>)[] = [];
  let url = '';

  const bench: Bench = {
    slack,
    folder,
    surface: (log = silentLog, more = {}) =>
      slackSurface({
        settings: {
          botToken: many ? null : secrets.bot,
          appToken: mode === 'socket' ? secrets.app : null,
          signingSecret: mode === 'http' ? secrets.signing : null,
          clientId: many ? secrets.clientId : null,
          clientSecret: many ? secrets.client : null,
          workspaces: only ?? null,
          apiUrl: slack.apiUrl,
        },
        publicUrl: PUBLIC_URL,
        database,
        keyring,
        uploads: uploadsIn(join(folder, 'uploads'), 10_000),
        uploadLimitBytes: 10_000,
        knows: async () => true,
        locale: 'en',
        zone: 'Europe/Moscow',
        now: () => new Date(Date.now() + (fake?.skew?.() ?? 0)),
        log,
        timers: { apiMs: 1000, reconnectMs: 20 },
        ...more,
      }),
    async start(core, surface = bench.surface()) {
      await bench.listen(surface);
      closing.push(() => surface.stop());
      await surface.start(core);
      return surface;
    },
    async listen(surface) {
      const http = createHttp({ host: '127.0.0.1', port: 0, log: silentLog, drainMs: 100 });
      surface.mount(http.app);
      ({ url } = await http.start());
      if (mode === 'http') slack.listensAt(`${url}/slack/events`);
      closing.push(() => http.stop());
    },
    url: () => url,
    async close() {
      for (const close of closing.splice(0).reverse()) await close();
      await slack.close();
      rmSync(folder, { recursive: true, force: true });
    },
  };
  return bench;
}
