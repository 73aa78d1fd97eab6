import { type ChildProcess, spawn } from 'node:child_process';
import { once } from 'node:events';
import { mkdir, mkdtemp, readFile, rename, rm, stat, truncate, writeFile } from 'node:fs/promises';
import { createServer } from 'node:net';
import { tmpdir } from 'node:os';
import { join } from 'node:path';
import { createInterface } from 'node:readline';
import { fileURLToPath } from 'node:url';
import { afterEach, beforeEach, expect, test, vi } from 'vitest';
import { findMongod } from '../../../src/platform/mongo/binary.ts';
import { connectMongo } from '../../../src/platform/mongo/connect.ts';
import { type Mongo, openMongo } from '../../../src/platform/mongo/embedded.ts';
import { findRunning, stop } from '../../../src/platform/mongo/mongod.ts';
import { isAlive } from '../../../src/platform/mongo/processes.ts';

const GUEST = fileURLToPath(new URL('guest.ts', import.meta.url));

const quiet = { info() {}, warn() {}, error() {} };

let dataDir: string;
let opened: Mongo[];
let guests: ChildProcess[];

beforeEach(async () => {
  dataDir = await mkdtemp(join(tmpdir(), 'herald-test-embedded-'));
  opened = [];
  guests = [];
});

afterEach(async () => {
  for (const guest of guests) guest.kill('SIGKILL');
  for (const mongo of opened) await mongo.stop();
  const orphan = await findRunning(join(dataDir, 'mongo'));
  if (orphan) await stop(orphan);
  await rm(dataDir, { recursive: true, force: true });
});

async function open(): Promise<Mongo> {
  const mongo = await openMongo({ dataDir, log: quiet, cacheGB: 0.25, oplogMB: 64 });
  opened.push(mongo);
  return mongo;
}

/** Another process on the same folder, and the address it got. */
async function guest(): Promise<{ child: ChildProcess; uri: string; leave(): Promise<void> }> {
  const child = spawn(process.execPath, [GUEST, dataDir], { stdio: ['pipe', 'pipe', 'inherit'] });
  guests.push(child);
  const [uri] = await once(createInterface({ input: child.stdout }), 'line');
  const leave = async () => {
    child.stdin.write('stop\n');
    await once(child, 'exit');
  };
  return { child, uri, leave };
}

async function kill(child: ChildProcess): Promise<void> {
  child.kill('SIGKILL');
  await once(child, 'exit');
}

/** What `serverStatus` of the server there says of itself. */
async function pidOf(uri: string): Promise<number> {
  const database = await connectMongo(uri, 'herald');
  const { pid } = await database.db.admin().command({ serverStatus: 1 });
  await database.close();
  return Number(pid);
}

async function note(uri: string, word: string): Promise<void> {
  const database = await connectMongo(uri, 'herald');
  await database.db.collection<{ _id: string }>('notes').insertOne({ _id: word });
  await database.close();
}

async function notes(uri: string): Promise<string[]> {
  const database = await connectMongo(uri, 'herald');
  const words = await database.db.collection<{ _id: string }>('notes').distinct('_id');
  await database.close();
  return words;
}

test('an address that was given is used as it is', async () => {
  const mongo = await openMongo({
    uri: 'mongodb://db.example/?replicaSet=rs0',
    dataDir,
    log: quiet,
  });
  expect(mongo).toMatchObject({ uri: 'mongodb://db.example/?replicaSet=rs0', embedded: false });
  await mongo.stop();
  await expect(stat(join(dataDir, 'mongo'))).rejects.toThrow('ENOENT');
});

test('another process joins the server, and the last one out stops it', async () => {
  const first = await open();
  const second = await guest();
  expect(second.uri).toBe(first.uri);
  const pid = await pidOf(first.uri);

  await first.stop();
  expect(await pidOf(second.uri)).toBe(pid);
  await second.leave();
  expect(await isAlive(pid)).toBe(false);
});

test('two started at once share one server', async () => {
  const [one, other, own] = await Promise.all([guest(), guest(), open()]);
  expect(new Set([one.uri, other.uri, own.uri]).size).toBe(1);
});

test('a server orphaned by kill -9 is adopted with what is in it', async () => {
  const first = await guest();
  await note(first.uri, 'written before the kill');
  const pid = await pidOf(first.uri);
  await kill(first.child);
  expect(await isAlive(pid)).toBe(true);

  const heir = await open();
  expect(await pidOf(heir.uri)).toBe(pid);
  expect(await notes(heir.uri)).toEqual(['written before the kill']);
  await heir.stop();
  expect(await isAlive(pid)).toBe(false);
});

test('a server killed under its users is started again where they look for it, by whoever is left', async () => {
  const starter = await guest();
  const own = await open();
  await note(own.uri, 'written before the kill');
  const pid = await pidOf(own.uri);
  await kill(starter.child);
  process.kill(pid, 'SIGKILL');

  await note(own.uri, 'written after it');
  expect(await notes(own.uri)).toEqual(['written after it', 'written before the kill']);
  expect(await pidOf(own.uri)).not.toBe(pid);
});

test('after kill -9 of Herald and of mongod the next start finds all that was acknowledged', async () => {
  const first = await guest();
  await note(first.uri, 'acknowledged');
  const pid = await pidOf(first.uri);
  await kill(first.child);
  process.kill(pid, 'SIGKILL');

  const next = await open();
  expect(await notes(next.uri)).toEqual(['acknowledged']);
});

test('a lock file that names a process of somebody else is not believed', async () => {
  const first = await open();
  await note(first.uri, 'kept');
  await first.stop();
  await writeFile(join(dataDir, 'mongo', 'db', 'mongod.lock'), `${process.pid}\n`);

  const next = await open();
  expect(await notes(next.uri)).toEqual(['kept']);
});

test('a log that has grown long is put aside at the next start', async () => {
  const log = join(dataDir, 'mongo', 'mongod.log');
  await mkdir(join(dataDir, 'mongo'));
  await writeFile(log, 'old');
  await truncate(log, 17 * 1024 * 1024);
  await open();
  expect((await stat(`${log}.1`)).size).toBe(17 * 1024 * 1024);
  expect((await stat(log)).size).toBeLessThan(1024 * 1024);
});

test('where another program has taken its port, it moves and stays the same replica set', async () => {
  const first = await open();
  await note(first.uri, 'kept');
  const id = await replicaSetId(first.uri);
  await first.stop();
  const port = Number(new URL(first.uri).port);
  const squatter = createServer((socket) => socket.destroy()).listen(port, '127.0.0.1');
  await once(squatter, 'listening');

  const moved = await open();
  expect(new URL(moved.uri).port).not.toBe(String(port));
  expect(await notes(moved.uri)).toEqual(['kept']);
  expect(await replicaSetId(moved.uri)).toBe(id);
  squatter.close();
});

async function replicaSetId(uri: string): Promise<string> {
  const database = await connectMongo(uri, 'herald');
  const id = await database.replicaSetId();
  await database.close();
  return id;
}

test('without the key that only its owner can read, nobody gets in', async () => {
  const mongo = await open();
  const key = join(dataDir, 'mongo', 'key');
  expect((await stat(key)).mode & 0o777).toBe(0o600);
  expect(mongo.uri).toContain(await readFile(key, 'utf8'));

  const { host, search } = new URL(mongo.uri);
  const stranger = await connectMongo(
    `mongodb://${host}/${search.replace(/authSource=local&authMechanism=[^&]*&/, '')}`,
    'herald',
  );
  await expect(stranger.db.collection('notes').findOne()).rejects.toThrow(/not authorized|requires authentication/i);
  await stranger.close();
});

test('data that no server can open is an error that says why and where to read more', async () => {
  const first = await open();
  await first.stop();
  await writeFile(join(dataDir, 'mongo', 'db', 'WiredTiger.turtle'), 'ruined');
  await expect(open()).rejects.toThrow(/mongod 6.* did not start: .*mongod\.log/s);
});

test('a server that cannot be started again is tried again, more and more slowly, until it can', async () => {
  const warn = vi.fn();
  const mongo = await openMongo({ dataDir, log: { ...quiet, warn }, cacheGB: 0.25, oplogMB: 64 });
  opened.push(mongo);
  const pid = await pidOf(mongo.uri);
  const port = Number(new URL(mongo.uri).port);
  const squatter = createServer();
  process.kill(pid, 'SIGKILL');
  await vi.waitFor(() => once(squatter.listen(port, '127.0.0.1'), 'listening'), { timeout: 2000, interval: 5 });

  const failed = () => warn.mock.calls.some(([, sentence]) => sentence === 'MongoDB could not be started again');
  await vi.waitFor(() => expect(failed()).toBe(true), { timeout: 5000 });
  squatter.close();
  await note(mongo.uri, 'back');
});

test.each(['lives on', 'dies with it'])(
  'a folder that is removed gets no new server, where the old one %s',
  async (fate) => {
    const [gone, error] = [vi.fn(), vi.fn()];
    const mongo = await openMongo({ dataDir, log: { ...quiet, error }, gone, cacheGB: 0.25, oplogMB: 64 });
    opened.push(mongo);
    const pid = await pidOf(mongo.uri);
    if (fate === 'dies with it') process.kill(pid, 'SIGSTOP');
    await rename(join(dataDir, 'mongo'), join(dataDir, 'removed'));
    if (fate === 'dies with it') process.kill(pid, 'SIGKILL');

    await vi.waitFor(() => expect(gone).toHaveBeenCalledOnce(), { timeout: 5000 });
    expect(error).toHaveBeenCalledWith(expect.stringContaining('restore a backup'));
    await mongo.stop();
    expect(await isAlive(pid)).toBe(false);
    await expect(stat(join(dataDir, 'mongo'))).rejects.toThrow('ENOENT');
  },
);

test('a standalone server is refused with a way out', async () => {
  const mongod = await findMongod({ env: process.env, say() {} });
  const port = 19_000 + (process.pid % 900);
  const args = ['--dbpath', dataDir, '--port', String(port), '--bind_ip', '127.0.0.1', '--nounixsocket', '--quiet'];
  const standalone = spawn(mongod.path, args, { stdio: 'ignore' });
  try {
    await expect(connectMongo(`mongodb://127.0.0.1:${port}/`, 'herald')).rejects.toThrow(/standalone.*--replSet/s);
  } finally {
    await kill(standalone);
  }
});
