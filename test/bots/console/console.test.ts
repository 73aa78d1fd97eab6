/** The console whole: the program that people run, over HTTP, to the chat core over a real database. */
import { execFile, spawn } from 'node:child_process';
import { chmodSync, existsSync, mkdirSync, mkdtempSync, readFileSync, rmSync, statSync, writeFileSync } from 'node:fs';
import { request } from 'node:http';
import { tmpdir } from 'node:os';
import { join } from 'node:path';
import { afterAll, beforeAll, describe, expect, test } from 'vitest';
import { type ConsoleAnswer, mountConsole } from '../../../bots/console/server.ts';
import { issueConsoleToken, keepToken, keptFor, keptToken, newToken } from '../../../bots/console/token.ts';
import { createChat } from '../../../src/chat/chat.ts';
import { createHttp, type Http } from '../../../src/platform/http.ts';
import { silentLog } from '../../../src/platform/log.ts';
import { MONDAY, type Office, openOffice, PEOPLE, textOf } from '../../chat/office.ts';

const root = join(import.meta.dirname, '../../..');
let office: Office;
let http: Http;
let url: string;
let dataDir: string;
let token: string;

beforeAll(async () => {
  office = await openOffice({ defaultSender: 'ACME', waitMs: 15_000 });
  const { staff } = office.room;
  const chat = createChat(office.room);
  http = createHttp({ host: '127.0.0.1', port: 0, log: silentLog });
  mountConsole(http.app, {
    handle: chat.handle,
    person: async (account) => {
      const id = await staff.store.accountOwner('console', account);
      return id === null ? null : staff.store.employee(id);
    },
    notices: chat.notices,
    shown: (ids) => staff.store.shown(ids),
    tokenHash: office.room.hash,
    locale: 'en',
    log: silentLog,
  });
  ({ url } = await http.start());
  dataDir = mkdtempSync(join(tmpdir(), 'herald-console-'));
  writeFileSync(join(dataDir, 'http.json'), JSON.stringify({ url }));
  await office.hire('anna', ['author']);
  token = await issueConsoleToken(staff.store, { tokenHash: office.room.hash }, 'anna', MONDAY);
  keepToken(dataDir, 'anna', token);
});
afterAll(async () => {
  await http.stop();
  await office.close();
  rmSync(dataDir, { recursive: true, force: true });
});

const post = (body: unknown, headers: Record<string, string> = { authorization: `Bearer ${token}` }) =>
  fetch(`${url}/console`, {
    method: 'POST',
    headers: { 'content-type': 'application/json', ...headers },
    body: JSON.stringify(body),
  });

describe('the endpoint', () => {
  test('answers an employee with a card and what has happened, once', async () => {
    const card = { subject: 'x', tone: 'info', title: 'It rained' } as const;
    await office.room.staff.store.post({ id: 'rain', employee: 'anna', card, at: MONDAY });
    const first = (await (await post({ text: 'list' })).json()) as ConsoleAnswer;
    expect(first).toMatchObject({ card: { subject: 'list' }, notices: [{ title: 'It rained' }], locale: 'en' });
    await expect
      .poll(async () => (await (await post({ text: 'list' })).json()) as ConsoleAnswer)
      .toMatchObject({ notices: [] });
  });

  test('tells nothing of what waits to who has no access any more', async () => {
    const card = { subject: 'x', tone: 'info', title: 'It hailed' } as const;
    await office.room.staff.store.post({ id: 'hail', employee: 'anna', card, at: MONDAY });
    await office.room.staff.store.change('anna', { active: false });
    const response = await fetch(`${url}/console/notices`, { headers: { authorization: `Bearer ${token}` } });
    expect(await response.json()).toMatchObject({ card: null, notices: [] });
    expect(await (await post({ text: 'notices' })).json()).toMatchObject({ notices: [] });
    await office.room.staff.store.change('anna', { active: true });
    expect(await (await post({ text: 'notices' })).json()).toMatchObject({ notices: [{ title: 'It hailed' }] });
  });

  test('tells only what has happened, when nothing is said', async () => {
    const card = { subject: 'x', tone: 'info', title: 'It snowed' } as const;
    await office.room.staff.store.post({ id: 'snow', employee: 'anna', card, at: MONDAY });
    const response = await fetch(`${url}/console/notices`, { headers: { authorization: `Bearer ${token}` } });
    expect(await response.json()).toMatchObject({ card: null, notices: [{ title: 'It snowed' }] });
    expect((await fetch(`${url}/console/notices`)).status).toBe(401);
  });

  test('speaks the language of a stranger', async () => {
    const headers = { authorization: `Bearer ${newToken()}` };
    const russian = (await (await post({ text: 'привет' }, headers)).json()) as ConsoleAnswer;
    expect(russian.locale).toBe('ru');
    const english = (await (await post({ text: 'hello' }, headers)).json()) as ConsoleAnswer;
    expect([english.locale, english.notices]).toEqual(['en', []]);
  });

  test.each([
    ['no token', {}, { text: 'list' }, 401],
    ['a token that could be guessed', { authorization: 'Bearer 12345' }, { text: 'list' }, 401],
    ['no text', null, {}, 400],
    ['a text that is none', null, { text: 12 }, 400],
    ['no object', null, 'list', 400],
    ['a proxy in between', { 'x-forwarded-for': '203.0.113.5' }, { text: 'list' }, 403],
    ['another proxy in between', { forwarded: 'for=203.0.113.5' }, { text: 'list' }, 403],
  ])('refuses %s', async (_what, headers, body, status) => {
    const own: Record<string, string> = { authorization: `Bearer ${token}` };
    const response = await post(body, headers === null ? own : { ...(status === 403 && own), ...headers });
    expect(response.status).toBe(status);
  });

  test('refuses who comes from another machine', async () => {
    const far = createHttp({ host: '127.0.0.1', port: 0, log: silentLog });
    far.app.use((incoming, _response, next) => {
      Object.defineProperty(incoming.socket, 'remoteAddress', { value: '192.0.2.7' });
      next();
    });
    mountConsole(far.app, {
      handle: async () => null,
      person: async () => null,
      notices: async () => [],
      shown: async () => {},
      tokenHash: (it) => it,
      locale: 'en',
      log: silentLog,
    });
    const { url: there } = await far.start();
    const status = await new Promise((resolve) => {
      request(`${there}/console/notices`, (response) => resolve(response.resume().statusCode)).end();
    });
    expect(status).toBe(403);
    await far.stop();
  });
});

describe('tokens', () => {
  test('are kept in a file that is only their owner’s, and not overwritten', () => {
    const { file, isNew } = keepToken(dataDir, 'anna', 'another');
    expect([isNew, statSync(file).mode & 0o777, readFileSync(file, 'utf8').trim()]).toEqual([false, 0o600, token]);
    expect(keptToken(dataDir, 'anna')).toEqual({ kind: 'token', token });
    expect(keptToken(dataDir, 'nobody')).toEqual({ kind: 'none' });
    expect(keptFor(dataDir)).toEqual(['anna']);
    expect(keptFor(join(dataDir, 'nowhere'))).toEqual([]);
  });

  test('that others can read are not used', () => {
    const { file } = keepToken(dataDir, 'careless', newToken());
    chmodSync(file, 0o644);
    expect(keptToken(dataDir, 'careless')).toEqual({ kind: 'open-to-others', file });
  });

  test('that cannot be read are an error and not a stranger', () => {
    mkdirSync(join(dataDir, 'console', 'folder.token'), { mode: 0o700 });
    expect(() => keptToken(dataDir, 'folder')).toThrow();
    rmSync(join(dataDir, 'console', 'folder.token'), { recursive: true });
  });
});

interface Ran {
  readonly code: number;
  readonly out: string;
  readonly err: string;
}

/** `npm run chat -- …` without npm: the same program with the same surroundings. */
function chat(args: readonly string[], env: Record<string, string> = {}, cwd = office.folder): Promise<Ran> {
  const surroundings = { PATH: process.env.PATH ?? '', LANG: 'C', DATA_DIR: dataDir, INIT_CWD: cwd, ...env };
  return new Promise((resolve) => {
    execFile(process.execPath, ['bots/console/chat.ts', ...args], { cwd: root, env: surroundings }, (error, out, err) =>
      resolve({ code: error ? Number(error.code) : 0, out, err }),
    );
  });
}

describe('the program', () => {
  test('prints a card, or the answer as JSON', async () => {
    const plain = await chat(['--as', 'anna', 'list']);
    expect([plain.code, plain.err]).toEqual([0, '']);
    expect(plain.out).not.toBe('');
    const json = await chat(['--json', '--as=anna', 'show', '9999']);
    expect(JSON.parse(json.out)).toMatchObject({ card: { title: expect.stringContaining('9999') }, notices: [] });
    expect(json.code).toBe(0);
  });

  test('finds a file where the person is, and keeps the quotes that the shell took off', async () => {
    office.file('people.csv', PEOPLE);
    const made = await chat([
      '--as',
      'anna',
      '--json',
      'new',
      'people.csv',
      'text=Hello {{Name}}, a "sale"',
      'name=Big one',
    ]);
    const { card } = JSON.parse(made.out) as ConsoleAnswer;
    const id = card!.subject.replace('campaign:', '');
    expect(await office.campaign(id)).toMatchObject({
      name: 'Big one',
      text: 'Hello {{Name}}, a "sale"',
      source: { ref: join(office.folder, 'people.csv'), uploaded: false },
      frozen: { messages: 2 },
    });
    expect(existsSync(join(office.folder, 'people.csv'))).toBe(true);
  });

  test('gives a newcomer a token, with which access can be asked for', async () => {
    const first = await chat(['--as', 'maria', 'list']);
    expect(first.code).toBe(0);
    expect(first.err).toContain('maria.token');
    await chat(['--as', 'maria', 'request', 'access', 'maria']);
    expect(await office.room.staff.store.requestsWaiting()).toMatchObject([{ handle: 'maria', name: 'maria' }]);
  });

  test('takes the token and the address from the environment first', async () => {
    const env = { HERALD_TOKEN: token, HERALD_URL: url, DATA_DIR: join(dataDir, 'elsewhere') };
    const ran = await chat(['--as', 'anyone', '--json', 'settings'], env);
    expect(textOf((JSON.parse(ran.out) as ConsoleAnswer).card!)).toContain('Anna');
  });

  test.each([
    ['nobody is named', ['list'], {}, /--as/],
    ['the name is none', ['--as', '../etc', 'list'], {}, /--as/],
    ['the token is open to others', ['--as', 'careless', 'list'], {}, /chmod 600/],
    ['the service is not running', ['--as', 'anna', 'list'], { HERALD_URL: 'http://127.0.0.1:1' }, /npm start/],
    ['nobody knows where it is', ['--as', 'anna', 'list'], { DATA_DIR: '/nowhere' }, /npm start/],
    ['the service does not take it', ['--as', 'anna', 'list'], { HERALD_TOKEN: 'short' }, /401/],
    [
      'the reader reads Russian',
      ['--as', 'anna', 'list'],
      { HERALD_URL: 'http://127.0.0.1:1', LANG: 'ru_RU.UTF-8' },
      /ещё не работает/,
    ],
  ])('says what to do and exits with 2 when %s', async (_what, args, env, hint) => {
    const ran = await chat(args, env);
    expect(ran.err).toMatch(hint);
    expect(ran.code).toBe(2);
  });

  test('talks on without a command, and tells what happens meanwhile', async () => {
    const env = { PATH: process.env.PATH ?? '', DATA_DIR: dataDir, LANG: 'C' };
    const talking = spawn(process.execPath, ['bots/console/chat.ts', '--as', 'anna'], { cwd: root, env });
    let out = '';
    talking.stdout.on('data', (chunk) => {
      out += String(chunk);
    });
    const ended = new Promise((resolve) => talking.once('exit', resolve));
    talking.stdin.write('help list\n');
    await expect.poll(() => out, { timeout: 10_000 }).toContain('list drafts');
    const card = { subject: 'x', tone: 'info', title: 'It thundered' } as const;
    await office.room.staff.store.post({ id: 'thunder', employee: 'anna', card, at: MONDAY });
    await expect.poll(() => out, { timeout: 10_000 }).toContain('It thundered');
    talking.stdin.write('exit\n');
    expect(await ended).toBe(0);
  });
});
