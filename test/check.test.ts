/** `npm run check` as a whole: over a real MongoDB, a real operator, and little Slacks, Telegrams and Googles. */
import { spawn } from 'node:child_process';
import { randomUUID } from 'node:crypto';
import { mkdtempSync, rmSync, writeFileSync } from 'node:fs';
import { tmpdir } from 'node:os';
import { join } from 'node:path';
import { text } from 'node:stream/consumers';
import { fileURLToPath } from 'node:url';
import { MongoClient } from 'mongodb';
import { afterAll, beforeAll, describe, expect, inject, test } from 'vitest';
import { type RemoteOperator, spawnOperator } from '../integrations/sandbox/spawn.ts';
import { type CheckOptions, checkAll } from '../src/check.ts';
import { loadConfig } from '../src/config.ts';
import { slotStore } from '../src/dispatch/slot-store.ts';
import { MANIFEST } from './bots/slack/bench.ts';
import { openGateway, SIGNING, TOKEN } from './fakes/gateway.ts';
import { startGoogle } from './fakes/google/google.ts';
import { openSlack } from './fakes/slack/server.ts';
import { startFakeTelegram } from './fakes/telegram/server.ts';
import { idOf, link } from './integrations/sheets/google/desk.ts';
import { findings, type Line } from './support/findings.ts';

const PASSWORD = 'pass-word';
const MONGO_PASSWORD = 'database-password';

const folder = mkdtempSync(join(tmpdir(), 'herald-check-'));
const databases: string[] = [];
let operator: RemoteOperator;
beforeAll(async () => {
  operator = await spawnOperator({ accounts: [{ name: 'alfa', password: PASSWORD }] });
});
afterAll(async () => {
  await operator.stop();
  const client = await MongoClient.connect(inject('mongoUri'));
  for (const name of databases) await client.db(name).dropDatabase();
  await client.close();
  rmSync(folder, { recursive: true, force: true });
});

type Env = Readonly<Record<string, string>>;

/** The environment of a deployment of its own. */
const fresh = (): Env & { readonly MONGODB_URI: string } => {
  const dbName = `check_${randomUUID().slice(0, 8)}`;
  databases.push(dbName);
  const uri = new URL(inject('mongoUri'));
  uri.pathname = `/${dbName}`;
  return { MONGODB_URI: uri.href, DATA_DIR: mkdtempSync(join(folder, 'data-')), LOG_LEVEL: 'silent' };
};

async function look(env: Env, options: Partial<CheckOptions> = {}): Promise<readonly Line[]> {
  const loading = loadConfig(env);
  if (loading.kind === 'problems') throw new Error(JSON.stringify(loading.problems));
  const all = checkAll(loading.config, { link: null, email: null, patienceMs: 1500, ...options });
  return findings(all, [PASSWORD, MONGO_PASSWORD, TOKEN, SIGNING]);
}

function providersFile(...accounts: readonly object[]): string {
  const file = join(folder, `${randomUUID()}.json`);
  const contract = { partsPerSecond: 10, currency: 'RUB', priceVersion: '1', prices: [{ prefix: '', perPart: '1.5' }] };
  writeFileSync(file, JSON.stringify(accounts.map((account) => ({ ...contract, ...account }))));
  return file;
}

const alfa = (over: object = {}, password = PASSWORD) => {
  const settings = { host: '127.0.0.1', port: operator.port, systemId: 'alfa', ...over };
  return { name: 'alfa', kind: 'smpp', settings, password };
};

const acme = (port: number, over: object = {}) => ({
  name: 'acme',
  kind: 'http',
  settings: {
    submit: { url: `http://127.0.0.1:${port}/v1/messages`, json: { to: '{to}', text: '{text}' } },
    answer: { id: 'ids' },
    inbound: { proof: { kind: 'hmac', name: 'X-Signature' }, sender: 'from', to: 'to', text: 'text' },
    allowPrivate: true,
  },
  password: TOKEN,
  webhookSecret: SIGNING,
  ...over,
});

const READ: Line = ['well', 'The configuration is read, and nothing is missing in it.'];
const ACME = 'Operators: “acme” is reached. Whether it takes messages, a test to your own phone tells.';
const MONGO: Line = ['well', 'MongoDB answers.'];
const OFF: readonly Line[] = [
  ['off', 'Slack: not set up (docs/connect-slack.md).'],
  ['off', 'Telegram: not set up (docs/connect-telegram.md).'],
  ['off', 'Google Sheets: not set up (docs/connect-google.md).'],
];

test('Where everything is set up, everything is well', async () => {
  const [slack, telegram, google, gateway] = await Promise.all([
    openSlack({ manifest: MANIFEST, socketMode: true }),
    startFakeTelegram(),
    startGoogle(),
    openGateway(),
  ]);
  google.hold(idOf('clients'), [{ title: 'People', rows: [['Phone']] }], { name: 'Clients' });
  const key = join(folder, 'key.json');
  writeFileSync(key, JSON.stringify(google.account));
  const env = {
    ...fresh(),
    PROVIDERS_FILE: providersFile(alfa(), acme(gateway.port)),
    SLACK_BOT_TOKEN: slack.secrets.bot,
    SLACK_APP_TOKEN: slack.secrets.app,
    SLACK_API_URL: slack.apiUrl,
    TELEGRAM_BOT_TOKEN: telegram.token,
    TELEGRAM_API_URL: telegram.url,
    GOOGLE_CREDENTIALS_FILE: key,
    GOOGLE_API_URL: google.url,
  };
  const lines = await look(env, { link: link('clients') });
  expect(lines.map(([state]) => state)).toEqual(Array(11).fill('well'));
  expect(lines.map(([, says]) => says)).toEqual(expect.arrayContaining(['Operators: “alfa” lets us in.', ACME]));
  for (const secret of [slack.secrets.bot, slack.secrets.app, telegram.token])
    expect(JSON.stringify(lines)).not.toContain(secret);
  expect(await operator.log()).toEqual([]);
  await Promise.all([slack.close(), telegram.close(), google.stop(), gateway.close()]);
});

test('Where nothing is set up, nothing is wrong', async () => {
  expect(await look(fresh())).toEqual([
    READ,
    MONGO,
    ['off', 'Operators: none is set up; the sandbox operator plays them (docs/providers.md).'],
    ...OFF,
  ]);
});

describe('MongoDB', () => {
  test('that cannot be opened leaves the rest to be looked at', async () => {
    const uri = `mongodb://herald:${MONGO_PASSWORD}@127.0.0.1:99999/herald`;
    expect(await look({ ...fresh(), MONGODB_URI: uri })).toEqual([
      READ,
      ['wrong', expect.stringContaining('127.0.0.1:99999'), expect.stringContaining('MONGODB_URI')],
      ...OFF,
    ]);
  });

  test('of another deployment is told apart from one that does not answer, in Russian', async () => {
    const env = fresh();
    await look(env);
    const other = { ...env, DATA_DIR: mkdtempSync(join(folder, 'data-')), DEFAULT_LOCALE: 'ru' };
    const [, line] = await look(other);
    expect(line).toEqual(['wrong', expect.stringMatching(/^Herald не запускается: .*master key/), expect.any(String)]);
  });
});

describe('An operator', () => {
  const operatorsOf = async (env: Env) => (await look(env)).filter(([, says]) => /^Oper|^Опер/.test(says));

  test.each([
    ['refuses the password', () => alfa({}, 'not-the-one'), /bind refused: .*ESME_RINVPASWD/],
    ['does not know us', () => alfa({ systemId: 'nobody' }), /bind refused/],
    ['is not there', () => alfa({ port: 1 }), /ECONNREFUSED/],
  ])('that %s is named with its reason', async (_, account, why) => {
    expect(await operatorsOf({ ...fresh(), PROVIDERS_FILE: providersFile(account()) })).toEqual([
      ['wrong', expect.stringMatching(why), expect.stringContaining('Compare host, port, name and password')],
    ]);
  });

  test('is said in Russian as well', async () => {
    const env = { ...fresh(), PROVIDERS_FILE: providersFile(alfa({ port: 1 })), DEFAULT_LOCALE: 'ru' };
    expect(await operatorsOf(env)).toEqual([
      ['wrong', expect.stringMatching(/^Операторы: «alfa» не пускает: /), expect.stringContaining('Сверьте адрес')],
    ]);
  });

  test('whose sessions a running Herald holds is not asked a second time', async () => {
    const env = fresh();
    await look({ ...env, PROVIDERS_FILE: providersFile(alfa(), { ...alfa({ port: 1 }), name: 'beta' }) });
    const client = await MongoClient.connect(env.MONGODB_URI);
    const slots = slotStore({ db: client.db() });
    const hold = async (account: string, health: { readonly up: boolean; readonly why: string }) => {
      const word = { owner: 'a running Herald', wants: true, uses: 0, slots: [], closed: [] };
      const terms = { binds: 1, partsPerSecond: 10 };
      const [slot] = (await slots.renew(account, terms, word, 60_000)).slots;
      await slots.renew(account, terms, { ...word, slots: [{ fence: slot!.fence, ...health }] }, 60_000);
    };
    await hold('alfa', { up: false, why: 'starting' });
    await hold('beta', { up: true, why: '' });
    await client.close();
    expect(await operatorsOf({ ...env, PROVIDERS_FILE: '' })).toEqual([
      ['wrong', 'Operators: “alfa” does not: starting.', expect.any(String)],
      ['well', 'Operators: “beta” lets us in: the running Herald is connected.'],
    ]);
  });

  test('whose account cannot be used as it is kept is named, and the others are looked at', async () => {
    const env = { ...fresh(), PROVIDERS_FILE: providersFile(alfa(), { ...alfa(), name: 'beta' }) };
    await look(env);
    const client = await MongoClient.connect(env.MONGODB_URI);
    const accounts = client.db().collection<{ _id: string }>('accountsAtOperators');
    await accounts.updateOne({ _id: 'alfa' }, { $set: { secret: null, 'settings.port': 'none' } });
    await client.close();
    const lines = await operatorsOf({ ...env, PROVIDERS_FILE: '' });
    expect(lines).toEqual([
      ['wrong', expect.stringContaining('“alfa” does not: '), expect.any(String)],
      ['well', 'Operators: “beta” lets us in.'],
    ]);
  });

  test('out of use is not looked at', async () => {
    const file = providersFile({ ...alfa({ port: 1 }), enabled: false });
    expect(await operatorsOf({ ...fresh(), PROVIDERS_FILE: file })).toEqual([['off', expect.any(String)]]);
  });
});

describe('A providers file', () => {
  const advice = 'Mend the file at the places named; docs/providers.md explains each field.';

  test.each([
    ['is not there', () => join(folder, 'nowhere.json'), 'ENOENT'],
    ['has a misspelt setting', () => providersFile(alfa({ prot: 2775 })), 'alfa.settings'],
    ['has a password that is no text', () => providersFile({ ...alfa(), password: 12 }), '0.password'],
    [
      'has webhooks without the secret that proves them',
      () => providersFile(acme(1, { webhookSecret: undefined })),
      'acme.webhookSecret: at least 16 characters, for webhooks',
    ],
  ])('that %s is named with the place, and nothing of it is taken', async (_, file, place) => {
    const lines = await look({ ...fresh(), PROVIDERS_FILE: file() });
    expect(lines.slice(2, 4)).toEqual([
      ['wrong', expect.stringContaining(place), advice],
      ['off', expect.stringContaining('none is set up')],
    ]);
  });

  test('may leave out secrets that are kept', async () => {
    const gateway = await openGateway();
    const env = { ...fresh(), PROVIDERS_FILE: providersFile(acme(gateway.port)) };
    await look(env);
    const bare = acme(gateway.port, { password: undefined, webhookSecret: undefined });
    expect((await look({ ...env, PROVIDERS_FILE: providersFile(bare) }))[2]).toEqual(['well', ACME]);
    await gateway.close();
  });
});

describe('The command', () => {
  /** In a folder without a `.env` of ours. */
  async function run(env: Env, ...args: readonly string[]) {
    const script = fileURLToPath(new URL('../scripts/check.ts', import.meta.url));
    const child = spawn(process.execPath, [script, ...args], { cwd: folder, env: { PATH: process.env.PATH, ...env } });
    const code = new Promise<number | null>((resolve) => child.on('exit', resolve));
    const [out, err] = await Promise.all([text(child.stdout), text(child.stderr)]);
    return { code: await code, out, err };
  }

  test('prints a line for each thing, and ends with 0 when all that is set up works', async () => {
    const { code, out } = await run({ ...fresh(), PROVIDERS_FILE: providersFile(alfa()) });
    expect(out.split('\n')).toEqual([
      'ok     The configuration is read, and nothing is missing in it.',
      'ok     MongoDB answers.',
      'ok     Operators: “alfa” lets us in.',
      'off    Slack: not set up (docs/connect-slack.md).',
      'off    Telegram: not set up (docs/connect-telegram.md).',
      'off    Google Sheets: not set up (docs/connect-google.md).',
      '',
      'All that is set up works.',
      '',
    ]);
    expect(code).toBe(0);
  });

  test('says what to do about each thing that is wrong, counts them, and ends with 1', async () => {
    const key = join(folder, 'no-key.json');
    const { code, out } = await run({ ...fresh(), GOOGLE_CREDENTIALS_FILE: key, DEFAULT_LOCALE: 'ru' });
    expect(out).toContain(`НЕ ТАК     Google Таблицы: файл ключа не годится: ${key}`);
    expect(out).toMatch(/\n +Что делать: В консоли Google/);
    expect(out.trimEnd()).toMatch(/\n1 неполадка\.$/);
    expect(code).toBe(1);
  });

  test('says what is wrong with the environment before it looks at anything', async () => {
    const { code, out, err } = await run({ ...fresh(), SLACK_BOT_TOKEN: 'hidden-by-all-means' });
    expect(err).toContain('SLACK_BOT_TOKEN must begin with xoxb-');
    expect(err).not.toContain('hidden-by-all-means');
    expect([code, out]).toEqual([1, '']);
  });
});
