/**
 * A company for a journey: Herald as it is set up for real, by its variables alone, with Slack, Telegram, Google and the operators
 * played by little servers, and people who act in them and read what they see there.
 */
import { randomUUID } from 'node:crypto';
import { mkdtempSync, rmSync, writeFileSync } from 'node:fs';
import { tmpdir } from 'node:os';
import { join } from 'node:path';
import ExcelJS from 'exceljs';
import type { FaultChange } from '../../integrations/sandbox/faults.ts';
import { spawnOperator } from '../../integrations/sandbox/spawn.ts';
import type { Employee, Role } from '../../src/staff/employee.ts';
import { MANIFEST } from '../bots/slack/bench.ts';
import { openGateway, SIGNING, TOKEN } from '../fakes/gateway.ts';
import { startGoogle } from '../fakes/google/google.ts';
import { type Seen, type User, userOf } from '../fakes/slack/people.ts';
import { openSlack, type SlackFakeOptions } from '../fakes/slack/server.ts';
import { startFakeTelegram } from '../fakes/telegram/server.ts';
import type { FakeUser, SeenMessage } from '../fakes/telegram/users.ts';
import { quickSettings } from '../integrations/providers/http/quick.ts';
import { type TestHerald, testHerald, until } from './herald.ts';

const PUBLIC_URL = 'https://herald.example.com';

export interface CompanyOptions {
  readonly slack?: 'http' | 'socket';
  readonly telegram?: 'polling' | 'webhook';
  readonly google?: boolean;
  /** What the one operator speaks. */
  readonly operator: 'smpp' | 'http';
  readonly faults?: FaultChange;
  readonly partsPerSecond?: number;
  readonly slackFake?: Partial<SlackFakeOptions>;
  readonly env?: Readonly<Record<string, string>>;
}

export type Company = Awaited<ReturnType<typeof openCompany>>;

export async function openCompany(options: CompanyOptions) {
  const folder = mkdtempSync(join(tmpdir(), 'herald-company-'));
  const keep = (name: string, content: unknown): string => {
    const file = join(folder, name);
    writeFileSync(file, JSON.stringify(content));
    return file;
  };
  let house: TestHerald | null = null;
  const socketMode = options.slack === 'socket';
  const slack = await openSlack({ manifest: MANIFEST, socketMode, ...options.slackFake });
  const telegram = await startFakeTelegram({ reach: (url) => url.replace(PUBLIC_URL, house?.url ?? PUBLIC_URL) });
  const google = await startGoogle();
  const gateway = await openGateway();
  const operator = await spawnOperator({
    accounts: [{ name: 'alfa', password: 'secret' }],
    faults: options.faults ?? {},
  });

  const contract = {
    partsPerSecond: options.partsPerSecond ?? 1000,
    window: 10,
    currency: 'RUB',
    priceVersion: '1',
    prices: [{ prefix: '7', perPart: '1.5' }],
    senders: ['ACME'],
  };
  const accounts = {
    smpp: {
      name: 'alfa',
      kind: 'smpp',
      settings: {
        host: '127.0.0.1',
        port: operator.port,
        systemId: 'alfa',
        reconnect: { firstMs: 50, longestMs: 200 },
      },
      password: 'secret',
    },
    http: {
      name: 'acme-http',
      kind: 'http',
      settings: gatewaySettings(gateway.port),
      password: TOKEN,
      webhookSecret: SIGNING,
    },
  };

  /** The far ends are told where Herald listens now. */
  function listens({ url }: TestHerald): void {
    if (!socketMode) slack.listensAt(`${url}/slack/events`);
    gateway.postTo(`${url}/gateways/acme-http`);
  }

  house = await testHerald({
    PUBLIC_URL,
    PROVIDERS_FILE: keep('providers.json', [{ ...accounts[options.operator], ...contract }]),
    ...(options.slack && { SLACK_BOT_TOKEN: slack.secrets.bot, SLACK_API_URL: slack.apiUrl }),
    ...(options.slack === 'http' && { SLACK_SIGNING_SECRET: slack.secrets.signing }),
    ...(options.slack === 'socket' && { SLACK_APP_TOKEN: slack.secrets.app }),
    ...(options.telegram && {
      TELEGRAM_BOT_TOKEN: telegram.token,
      TELEGRAM_API_URL: telegram.url,
      TELEGRAM_MODE: options.telegram,
    }),
    ...(options.google && {
      GOOGLE_CREDENTIALS_FILE: keep('service-account.json', google.account),
      GOOGLE_API_URL: google.url,
    }),
    ...options.env,
  });
  listens(house);
  // The fake gateway is none of the sandbox operator's, whose accounts need no trial.
  await house.herald.dispatch.accounts.takeLive('acme-http', { by: 'olga', at: new Date() });
  const { hire, stop } = house;
  const home = house;

  return {
    house: home,
    slack,
    telegram,
    google,
    gateway,
    operator,
    /** Somebody who is met in Slack, as if an admin had added and linked the person. */
    async inSlack(name: string, roles: readonly Role[], fields: Partial<Employee> = {}): Promise<User> {
      const user = userOf(slack, name);
      const { id } = await hire(name.toLowerCase(), roles, { name, ...fields });
      await home.herald.staff.store.link('slack', user.account, id, new Date());
      return user;
    },
    async inTelegram(name: string, roles: readonly Role[], fields: Partial<Employee> = {}): Promise<FakeUser> {
      const user = telegram.user(name);
      user.knowsBot();
      const { id } = await hire(handleOf(name), roles, { name, ...fields });
      await home.herald.staff.store.link('telegram', user.account, id, new Date());
      return user;
    },
    /** Stops Herald and starts another over the same data. */
    async restart(): Promise<void> {
      await home.restart();
      listens(home);
    },
    stop,
    async close(): Promise<void> {
      await home.close();
      await Promise.all([slack.close(), telegram.close(), google.stop(), gateway.close(), operator.stop()]);
      rmSync(folder, { recursive: true, force: true });
    },
  };
}

const handleOf = (name: string): string =>
  /^[a-z]+$/iu.test(name) ? name.toLowerCase() : `e${randomUUID().slice(0, 6)}`;

/** The gateway's account without what an admin writes beside the settings. */
function gatewaySettings(port: number): object {
  const {
    name: _1,
    password: _2,
    webhookSecret: _3,
    webhooksUrl: _4,
    partsPerSecond: _5,
    window: _6,
    ...settings
  } = quickSettings(port);
  return settings;
}

/** The newest message that reads like this; fails with what the person sees instead. */
export async function sees<T extends Seen | SeenMessage>(
  user: { sees(): readonly T[] },
  about: RegExp,
  ms = 60_000,
): Promise<T> {
  try {
    return await until(String(about), async () => user.sees().findLast(({ text }) => about.test(text)), ms);
  } catch (cause) {
    const all = user.sees().map(({ text, buttons }) => `${text}\n  [${buttons.join('] [')}]`);
    throw new Error(`waited in vain for ${about}, and saw only:\n${all.join('\n---\n')}`, { cause });
  }
}

/** The one button that reads like this. */
export function button(
  { buttons, text }: { readonly buttons: readonly string[]; readonly text: string },
  about: RegExp,
): string {
  const found = buttons.find((label) => about.test(label));
  if (!found) throw new Error(`no button ${about} among [${buttons.join('] [')}] of\n${text}`);
  return found;
}

/** A workbook of one tab with these rows, as its bytes. */
export async function workbook(rows: readonly (readonly unknown[])[]): Promise<Buffer> {
  const book = new ExcelJS.Workbook();
  book.addWorksheet('Data').addRows(rows.map((row) => [...row]));
  return Buffer.from(await book.xlsx.writeBuffer());
}

/** The rows of a tab, each from its first cell. */
export async function rowsIn(bytes: Uint8Array, tab: string): Promise<readonly (readonly unknown[])[]> {
  const book = new ExcelJS.Workbook();
  await book.xlsx.load(Uint8Array.from(bytes).buffer);
  const rows: unknown[][] = [];
  book.getWorksheet(tab)?.eachRow((row) => rows.push((row.values as unknown[]).slice(1)));
  return rows;
}
