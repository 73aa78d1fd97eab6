/** The bot over the fake Telegram, by polling or by a webhook, as the contract and the tests of its own open it. */
import { mkdtempSync, rmSync } from 'node:fs';
import { tmpdir } from 'node:os';
import { join } from 'node:path';
import { type TelegramOptions, type TelegramSurface, telegramSurface } from '../../../bots/telegram/surface.ts';
import { buttonMigrations, buttonsStore } from '../../../src/chat/buttons-store.ts';
import { createHttp, type Http } from '../../../src/platform/http.ts';
import { type Log, silentLog } from '../../../src/platform/log.ts';
import { migrate } from '../../../src/platform/migrations.ts';
import { uploadsIn } from '../../../src/platform/uploads.ts';
import { type FakeOptions, type FakeTelegram, startFakeTelegram, TOKEN } from '../../fakes/telegram/server.ts';
import { freshDatabase } from '../../support/mongo.ts';

export const SECRET = 'a-secret_that-only-Telegram-knows';
const PUBLIC_URL = 'https://herald.test';

export type Mode = TelegramOptions['mode']['kind'];

export interface Bench {
  readonly telegram: FakeTelegram;
  readonly uploads: string;
  /** Where updates are posted to. */
  readonly webhookUrl: () => string;
  make(log?: Log, over?: Partial<TelegramOptions>): TelegramSurface;
  close(): Promise<void>;
}

export async function openBench(mode: Mode, options: FakeOptions = {}): Promise<Bench> {
  const database = await freshDatabase();
  await migrate(database, buttonMigrations, { log: silentLog });
  const uploads = mkdtempSync(join(tmpdir(), 'herald-telegram-'));
  // One server for all surfaces of a test: the latest one's route counts, as after a restart.
  let current: Http | null = null;
  let address = '';
  const door = createHttp({ host: '127.0.0.1', port: 0, log: silentLog });
  door.app.use((request, response, next) => (current ? current.app(request, response, next) : next()));
  address = (await door.start()).url;
  const telegram = await startFakeTelegram({ ...options, reach: (url) => url.replace(PUBLIC_URL, address) });
  return {
    telegram,
    uploads,
    webhookUrl: () => `${address}/telegram/webhook`,
    make(log = silentLog, over = {}) {
      const surface = telegramSurface({
        token: TOKEN,
        apiUrl: telegram.url,
        mode: mode === 'polling' ? { kind: mode } : { kind: mode, publicUrl: PUBLIC_URL, secret: SECRET },
        buttons: buttonsStore(database),
        uploads: uploadsIn(uploads, 20 * 1024 * 1024),
        knows: async () => true,
        locale: 'en',
        now: () => new Date(),
        log,
        timers: { momentMs: 100, callMs: 500, patience: { leastMs: 10, mostMs: 50 }, holdSeconds: 5 },
        ...over,
      });
      current = createHttp({ host: '127.0.0.1', port: 0, log: silentLog });
      surface.mount(current.app);
      return surface;
    },
    async close() {
      await telegram.close();
      await door.stop();
      await database.drop();
      rmSync(uploads, { recursive: true, force: true });
    },
  };
}
