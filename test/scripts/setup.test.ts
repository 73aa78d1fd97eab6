import { type ChildProcess, spawn } from 'node:child_process';
import { once } from 'node:events';
import {
  chmodSync,
  cpSync,
  existsSync,
  mkdirSync,
  mkdtempSync,
  readFileSync,
  rmSync,
  symlinkSync,
  writeFileSync,
} from 'node:fs';
import { tmpdir } from 'node:os';
import { dirname, join } from 'node:path';
import { fileURLToPath } from 'node:url';
import { afterEach, beforeEach, expect, test } from 'vitest';

const SCRIPTS = fileURLToPath(new URL('../../scripts', import.meta.url));

/** A clone with a package-lock.json of one package, and an `npm` on PATH that installs it by writing what npm would write. */
let clone: string;

beforeEach(() => {
  clone = mkdtempSync(join(tmpdir(), 'herald-clone-'));
  for (const script of ['run.mjs', 'setup.mjs'])
    cpSync(join(SCRIPTS, script), join(clone, 'scripts', script), { recursive: true });
  lockFile('1.0.0');
  npm('echo run >> npm-runs; sleep 0.2; mkdir -p node_modules; cp package-lock.json node_modules/.package-lock.json');
  put('hello.ts', "const who: string = process.argv[2] ?? 'nobody';\nconsole.log('hello', who);\nprocess.exit(7);\n");
});
afterEach(() => rmSync(clone, { recursive: true, force: true }));

function put(path: string, content: string): void {
  mkdirSync(dirname(join(clone, path)), { recursive: true });
  writeFileSync(join(clone, path), content);
}

function npm(script: string): void {
  put('bin/npm', `#!/bin/sh\n${script}\n`);
  chmodSync(join(clone, 'bin/npm'), 0o755);
}

function lockFile(version: string): void {
  const packages = {
    '': { name: 'herald' },
    'node_modules/thing': { version },
    'node_modules/only-elsewhere': { version: '1.0.0', optional: true },
  };
  put('package-lock.json', JSON.stringify({ packages }));
}

function start(...args: string[]): ChildProcess {
  const env = { ...process.env, PATH: `${join(clone, 'bin')}:/usr/bin:/bin` };
  return spawn(process.execPath, [join(clone, 'scripts/run.mjs'), ...args], { cwd: clone, env, stdio: 'pipe' });
}

async function outcome(child: ChildProcess) {
  let out = '';
  let err = '';
  child.stdout?.on('data', (chunk) => (out += chunk));
  child.stderr?.on('data', (chunk) => (err += chunk));
  const [code, signal] = await once(child, 'close');
  return { code, signal, out, err };
}

const installs = () =>
  existsSync(join(clone, 'npm-runs')) ? readFileSync(join(clone, 'npm-runs'), 'utf8').trim().split('\n').length : 0;

test('a fresh clone is set up once, and what runs keeps its arguments, output and exit code', async () => {
  expect(await outcome(start('hello.ts', 'Anna'))).toEqual({
    code: 7,
    signal: null,
    out: 'hello Anna\n',
    err: 'Installing packages (npm ci), once…\n',
  });
  expect(await outcome(start('hello.ts'))).toMatchObject({ out: 'hello nobody\n', err: '' });
  expect(installs()).toBe(1);
});

test('a new package-lock.json is followed', async () => {
  await outcome(start('hello.ts'));
  lockFile('1.0.1');
  await outcome(start('hello.ts'));
  expect(installs()).toBe(2);
});

test('two at once do the work once', async () => {
  const both = await Promise.all([outcome(start('hello.ts')), outcome(start('hello.ts'))]);
  expect(both.map(({ out }) => out)).toEqual(['hello nobody\n', 'hello nobody\n']);
  expect(installs()).toBe(1);
});

test('the lock of one that was killed is taken over', async () => {
  const gone = spawn(process.execPath, ['-e', '']);
  await once(gone, 'exit');
  put('.data/setup.lock', String(gone.pid));
  expect(await outcome(start('hello.ts'))).toMatchObject({ code: 7 });
});

test.each([
  ['npm fails', 'echo "no network" >&2; exit 1', /no network\n`npm ci .*` failed/],
  ['npm installs nothing', 'true', /still not as package-lock/],
])('when %s, the error says so', async (_when, script, complaint) => {
  npm(script);
  const { code, err } = await outcome(start('hello.ts'));
  expect(code).toBe(1);
  expect(err).toMatch(complaint);
});

test('without npm, the error says what is needed', async () => {
  rmSync(join(clone, 'bin/npm'));
  const env = { ...process.env, PATH: join(clone, 'bin') };
  const child = spawn(process.execPath, [join(clone, 'scripts/run.mjs'), 'hello.ts'], { env, stdio: 'pipe' });
  expect(await outcome(child)).toMatchObject({ code: 1, err: expect.stringMatching(/ENOENT.*Node >= 18 and its npm/) });
});

test('a folder that is no clone is told apart', async () => {
  rmSync(join(clone, 'package-lock.json'));
  expect(await outcome(start('hello.ts'))).toMatchObject({ code: 1, err: expect.stringContaining('a complete clone') });
});

test('without a file to run, it says how it is used', async () => {
  expect(await outcome(start())).toMatchObject({ code: 1, err: expect.stringContaining('Say which file to run') });
});

test('SIGTERM reaches what runs, which ends as it likes', async () => {
  put(
    'wait.ts',
    "process.on('SIGTERM', () => process.exit(3));\nsetInterval(() => {}, 1000);\nconsole.log('ready');\n",
  );
  const child = start('wait.ts');
  await once(child.stdout!, 'data');
  child.kill('SIGTERM');
  expect(await outcome(child)).toMatchObject({ code: 3 });
});

test('what dies by a signal is seen to die by it', async () => {
  put('die.ts', "process.kill(process.pid, 'SIGTERM');\nsetInterval(() => {}, 1000);\n");
  expect(await outcome(start('die.ts'))).toMatchObject({ signal: 'SIGTERM' });
});

const old = ['/usr/bin/node', '/usr/local/bin/node'].find((path) => existsSync(path));

test.skipIf(!old)('an older Node sets up and then runs the one among the packages', async () => {
  mkdirSync(join(clone, 'node_modules/node/bin'), { recursive: true });
  symlinkSync(process.execPath, join(clone, 'node_modules/node/bin/node'));
  const env = { ...process.env, PATH: `${join(clone, 'bin')}:/usr/bin:/bin` };
  const child = spawn(old!, [join(clone, 'scripts/run.mjs'), 'hello.ts', 'Ivan'], { cwd: clone, env, stdio: 'pipe' });
  expect(await outcome(child)).toMatchObject({ code: 7, out: 'hello Ivan\n' });
});
