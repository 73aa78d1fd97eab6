import { mkdtempSync, rmSync, writeFileSync } from 'node:fs';
import { tmpdir } from 'node:os';
import { join } from 'node:path';
import { parseEnv } from 'node:util';
import { afterAll, describe, expect, test } from 'vitest';
import { type Config, environment, loadConfig, problemLines } from '../src/config.ts';
import type { Setting } from '../src/setting-kinds.ts';
import { settings } from '../src/settings.ts';

const table = Object.entries(settings) as [string, Setting<unknown>][];

function configOf(env: Record<string, string>): Config {
  const loading = loadConfig(env);
  if (loading.kind === 'config') return loading.config;
  throw new Error(problemLines(loading.problems).join('\n'));
}

function wrongs(env: Record<string, string>): readonly string[] {
  const loading = loadConfig(env);
  return loading.kind === 'problems' ? problemLines(loading.problems) : [];
}

/** `.env.example` as it should be; `vitest -u` writes it anew from the table. */
function exampleFile(): string {
  const quoted = (value: string) => (/[\s#]/.test(value) ? JSON.stringify(value) : value);
  const entries = table.map(
    ([name, { about, example, fallback }]) =>
      `# ${about}\n# Example: ${name}=${quoted(example)}\n${name}=${quoted(fallback ?? '')}\n`,
  );
  return `# Copy this file to .env and change what you need; an empty variable takes its default.\n\n${entries.join('\n')}`;
}

describe('the configuration', () => {
  test('of an empty environment is what .env.example says', () => {
    const written = parseEnv(exampleFile()) as Record<string, string>;
    expect(configOf({})).toEqual(configOf(written));
    expect(configOf({})).toMatchObject({
      roles: ['bots', 'web', 'worker'],
      masterKey: null,
      mongo: { uri: null, oplogMb: 990 },
      http: { host: '127.0.0.1', port: 8080, uploadLimitBytes: 50 * 1024 * 1024 },
      log: { level: 'info', pretty: false },
      company: { firstAdmin: { handle: 'admin', name: 'Administrator' }, zone: 'Europe/Moscow' },
      sending: { window: { from: '09:00', to: '20:00' } },
      timers: { leaseMs: 30_000, controlMs: 300 },
    });
  });

  test('has exchange rates as micro-units for a unit', () => {
    expect(configOf({ EXCHANGE_RATES: 'USD:92.15, EUR:99.8' }).company.exchangeRates).toEqual({
      USD: 92_150_000,
      EUR: 99_800_000,
    });
    expect(configOf({}).company.exchangeRates).toEqual({});
  });

  test.each([
    [{ SLACK_BOT_TOKEN: 'xoxb-1' }, ['SLACK_SIGNING_SECRET']],
    [{ SLACK_BOT_TOKEN: 'xoxb-1', SLACK_SIGNING_SECRET: '  ' }, ['SLACK_SIGNING_SECRET']],
    [{ SLACK_BOT_TOKEN: 'xoxb-1', SLACK_APP_TOKEN: 'xapp-1' }, []],
    [{ SLACK_CLIENT_ID: '1.2', SLACK_APP_TOKEN: 'xapp-1' }, ['SLACK_CLIENT_SECRET', 'PUBLIC_URL']],
    [{ TELEGRAM_BOT_TOKEN: '1:a', TELEGRAM_MODE: 'webhook' }, ['PUBLIC_URL']],
    [{ TELEGRAM_BOT_TOKEN: '1:a' }, []],
  ])('of %j lacks %j', (env, lacking) => {
    const loading = loadConfig(env);
    expect(loading.kind === 'problems' ? loading.problems.map((one) => one.variable) : []).toEqual(lacking);
  });

  test('.env.example documents every variable', async () => {
    await expect(exampleFile()).toMatchFileSnapshot('../.env.example');
  });

  test.each(table)('%s accepts its own example, the key excepted', (name, { example }) => {
    if (name === 'MASTER_KEY') expect(wrongs({ [name]: example })[0]).toContain('a key of your own');
    else expect(wrongs({ [name]: example }).filter((line) => line.startsWith(`${name} `))).toEqual([]);
  });

  test('takes an empty value for none', () => {
    expect(configOf({ HTTP_PORT: ' ', MONGODB_URI: '' })).toEqual(configOf({}));
  });

  test('cannot be changed', () => {
    const config = configOf({}) as { http: { port: number } };
    expect(() => {
      config.http.port = 1;
    }).toThrow(TypeError);
  });

  test.each([
    ['ROLES', 'worker, bots', { roles: ['bots', 'worker'] }],
    ['HTTP_PORT', '0', { http: { port: 0 } }],
    ['LEASE_SECONDS', '0.5', { timers: { leaseMs: 500 } }],
    ['SENDING_WINDOW', '8:30-24:00', { sending: { window: { from: '08:30', to: '24:00' } } }],
    ['FIRST_ADMIN', 'olga: Ольга Петрова', { company: { firstAdmin: { handle: 'olga', name: 'Ольга Петрова' } } }],
    ['LOG_PRETTY', 'yes', { log: { pretty: true } }],
  ])('reads %s=%s', (name, value, expected) => {
    expect(configOf({ [name]: value })).toMatchObject(expected);
  });

  test.each([
    ['MONGODB_URI', 'localhost:27017'],
    ['MASTER_KEY', 'c2hvcnQ='],
    ['HERALD_DEPLOYMENT', 'mine'],
    ['ROLES', 'worker,cook'],
    ['HTTP_HOST', 'http://here/'],
    ['HTTP_PORT', '65536'],
    ['HTTP_PORT', '80x'],
    ['UPLOAD_LIMIT_MB', '0'],
    ['LOG_LEVEL', 'loud'],
    ['LOG_PRETTY', 'true'],
    ['DEFAULT_COUNTRY', 'XX'],
    ['DEFAULT_ZONE', 'Europe/Springfield'],
    ['DEFAULT_LOCALE', 'de'],
    ['CURRENCY', 'rubles'],
    ['EXCHANGE_RATES', 'USD'],
    ['EXCHANGE_RATES', 'dollar:92'],
    ['EXCHANGE_RATES', 'USD:0'],
    ['EXCHANGE_RATES', 'USD:1,USD:2'],
    ['EXCHANGE_RATES', 'USD:92,15'],
    ['FIRST_ADMIN', 'Olga Petrova'],
    ['FIRST_ADMIN', 'olga:  '],
    ['PERSONAL_DATA', 'some'],
    ['SENDING_WINDOW', '20:00-09:00'],
    ['SENDING_WINDOW', '09:00'],
    ['SENDING_WINDOW', '09:00-20:75'],
    ['SENDING_WINDOW', '09:00-24:01'],
    ['SENDING_WINDOW', '09:00-12:00-20:00'],
    ['LEASE_SECONDS', '-1'],
    ['CONTROL_MS', '501'],
    ['MONGO_CACHE_GB', '0.1'],
  ])('refuses %s=%s and shows what would do', (name, value) => {
    const [line, ...others] = wrongs({ [name]: value });
    expect(line).toContain(`${name} must `);
    expect(line).toContain(`Example: ${name}=${(settings as Record<string, Setting<unknown>>)[name]?.example}`);
    expect(others).toEqual([]);
  });

  test('tells all problems at once, and never the value of a secret', () => {
    const lines = wrongs({
      HTTP_PORT: 'eighty',
      MASTER_KEY: 'canary-key',
      MONGODB_URI: 'canary-uri',
      CURRENCY: 'gold',
    });
    expect(lines).toHaveLength(4);
    expect(lines.join('\n')).toContain('"eighty"');
    expect(lines.join('\n')).not.toContain('canary');
  });
});

describe('the environment', () => {
  const folder = mkdtempSync(join(tmpdir(), 'herald-config-'));
  afterAll(() => rmSync(folder, { recursive: true }));

  test('is the file under the shell', () => {
    const file = join(folder, '.env');
    writeFileSync(file, 'HTTP_PORT=1\nCOMPANY_NAME="Northern Lines" # ours\n');
    expect(environment(file, { HTTP_PORT: '2' })).toEqual({ HTTP_PORT: '2', COMPANY_NAME: 'Northern Lines' });
  });

  test('needs no file', () => {
    expect(environment(join(folder, 'none'), { A: 'b' })).toEqual({ A: 'b' });
  });

  test('says which file cannot be read', () => {
    expect(() => environment(folder, {})).toThrow(`${folder} cannot be read`);
  });
});
