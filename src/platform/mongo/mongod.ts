/**
 * One mongod process over one folder: started, found again by whoever comes later, made the only member of a replica set, stopped.
 * It is started apart from the process that starts it (own session), so that neither Ctrl-C nor the death of Herald takes it along.
 * It listens on loopback only and lets in only who can read the key in that folder: other users of the machine cannot.
 */
import { spawn } from 'node:child_process';
import { randomBytes } from 'node:crypto';
import { once } from 'node:events';
import { mkdir, open, readFile, realpath, rename, rm, stat } from 'node:fs/promises';
import { createServer } from 'node:net';
import { join } from 'node:path';
import { setTimeout as pause } from 'node:timers/promises';
import { type Admin, MongoClient, MongoServerError } from 'mongodb';
import { createFile } from '../durable-file.ts';
import type { Mongod } from './binary.ts';
import { commandLine, isAlive } from './processes.ts';

export interface Running {
  readonly pid: number;
  readonly port: number;
}

export interface Settings {
  readonly cacheGB: number;
  readonly oplogMB: number;
}

export interface Port {
  readonly wished: number;
  readonly mayMove: boolean;
}

const HOST = '127.0.0.1';
const SET = 'herald';
const STARTED_MS = 120_000; // recovery after a crash may have gigabytes of journal to read
const STOPPED_MS = 30_000;
const LOG_BYTES = 16 * 1024 * 1024;

/** mongod's exit code when the port was taken between our look and its own. */
const PORT_TAKEN = 48;
const NOT_YET_INITIALIZED = 94;

export const dataFolder = (folder: string) => join(folder, 'db');
const logFile = (folder: string) => join(folder, 'mongod.log');
const keyFile = (folder: string) => join(folder, 'key');

/** Carries a password: not for logs. */
export async function uriOf(folder: string, { port }: Running): Promise<string> {
  return address(await readFile(keyFile(folder), 'utf8'), port, `replicaSet=${SET}`);
}

/** A mongod with a key file has one user from the start: the one that members of the set use among themselves, with the key as password. */
const address = (key: string, port: number, option: string) =>
  `mongodb://__system:${encodeURIComponent(key)}@${HOST}:${port}/?authSource=local&authMechanism=SCRAM-SHA-256&${option}`;

/**
 * The mongod that has this folder, or null. What mongod wrote into its lock file says who; the command line of that process says whether
 * it still is; and the server itself, once it answers, whether it serves this folder. A process that got a dead one's id passes none of it.
 */
export async function findRunning(folder: string): Promise<Running | null> {
  const pid = Number.parseInt(await readFile(join(dataFolder(folder), 'mongod.lock'), 'utf8').catch(() => ''), 10);
  if (!(pid > 0)) return null;
  const running = await serverOf(folder, pid);
  return running && (await serves(folder, running)) ? running : null;
}

/** The process of this id when it is a mongod that was started over this folder, by its command line. */
export async function serverOf(folder: string, pid: number): Promise<Running | null> {
  const command = await commandLine(pid);
  const port = Number(/ --port (\d+) /.exec(command)?.[1]);
  return port && command.includes(` --dbpath ${dataFolder(folder)} `) ? { pid, port } : null;
}

/**
 * Starts it on the wished port. Where somebody else has that, it takes the next free one, or throws when it may not move because
 * others still hold its address.
 */
export async function start(folder: string, mongod: Mongod, settings: Settings, at: Port): Promise<Running> {
  await mkdir(dataFolder(folder), { recursive: true, mode: 0o700 });
  createFile(keyFile(folder), randomBytes(48).toString('hex'));
  await shortenLog(logFile(folder));
  for (let port = at.wished; port < at.wished + 1000; port += 1) {
    const running = (await isFree(port)) ? await launch(folder, mongod, settings, port) : null;
    if (running) return running;
    if (!at.mayMove) throw new Error(`Port ${port}, where MongoDB ran, is now used by another program`);
  }
  throw new Error(`No free port for MongoDB from ${at.wished} on`);
}

async function launch(folder: string, mongod: Mongod, settings: Settings, port: number): Promise<Running | null> {
  const data = dataFolder(folder);
  const output = await open(logFile(folder), 'a', 0o600);
  const from = (await output.stat()).size;
  try {
    // The order of these first two is what `findRunning` reads.
    const args = ['--dbpath', data, '--port', String(port), '--keyFile', keyFile(folder), ...options(settings)];
    const child = spawn(mongod.path, args, { detached: true, stdio: ['ignore', output.fd, output.fd] });
    const ended = once(child, 'exit');
    await once(child, 'spawn');
    child.unref();
    const running = { pid: child.pid!, port };
    if (await serves(folder, running)) return running;
    const [code] = await ended;
    if (code === PORT_TAKEN) return null;
  } finally {
    await output.close();
  }
  throw new Error(
    `mongod ${mongod.version} did not start: ${await lastComplaint(logFile(folder), from)} (more in ${logFile(folder)})`,
  );
}

function options({ cacheGB, oplogMB }: Settings): string[] {
  const plain = ['--bind_ip', HOST, '--nounixsocket', '--noscripting', '--quiet', '--replSet', SET];
  const sizes = ['--wiredTigerCacheSizeGB', String(cacheGB), '--oplogSize', String(oplogMB)];
  // A quarter of the cache may be dirty before it is written out between checkpoints: by itself MongoDB begins at a twentieth.
  const engine = ['--wiredTigerEngineConfigString', 'eviction_dirty_target=25,eviction_dirty_trigger=50'];
  const parameters = [
    // Diagnostic files are for MongoDB's support.
    'diagnosticDataCollectionEnabled=false',
    // A stop has no other member to wait for.
    'shutdownTimeoutMillisForSignaledShutdown=0',
    // Nobody reads at a time that is over; keeping what was overwritten for it is a tenth of all work while a campaign is sent.
    'minSnapshotHistoryWindowInSeconds=0',
  ];
  return [...plain, ...sizes, ...engine, ...parameters.flatMap((parameter) => ['--setParameter', parameter])];
}

/** Waits until it answers; false when it died before, or when what answers there serves another folder. */
async function serves(folder: string, { pid, port }: Running): Promise<boolean> {
  const data = await realpath(dataFolder(folder));
  const deadline = Date.now() + STARTED_MS;
  while (Date.now() < deadline) {
    if (!(await isAlive(pid))) return false;
    const path = await ask(folder, port, async (admin) =>
      String((await admin.command({ getCmdLineOpts: 1 })).parsed.storage.dbPath),
    ).catch(() => null);
    if (path) return (await realpath(path)) === data;
    await pause(30);
  }
  throw new Error(`mongod (process ${pid}) does not answer on port ${port} for ${STARTED_MS / 1000} s`);
}

/** Makes the server the one member of its set, at the port it now has, and waits until it takes writes. */
export async function makePrimary(folder: string, { pid, port }: Running): Promise<void> {
  const host = `${HOST}:${port}`;
  await ask(folder, port, async (admin) => {
    const config = await setConfig(admin);
    if (!config) await admin.command({ replSetInitiate: { _id: SET, members: [{ _id: 0, host }] } });
    else if (config.members[0].host !== host) {
      const moved = { ...config, version: config.version + 1, members: [{ ...config.members[0], host }] };
      await admin.command({ replSetReconfig: moved, force: true });
    }
    const deadline = Date.now() + STARTED_MS;
    while (!(await admin.command({ hello: 1 })).isWritablePrimary) {
      if (!(await isAlive(pid))) throw new Error('mongod died before it took writes');
      if (Date.now() > deadline) throw new Error(`mongod (process ${pid}) takes no writes for ${STARTED_MS / 1000} s`);
      await pause(20);
    }
  });
}

async function setConfig(admin: Admin) {
  try {
    return (await admin.command({ replSetGetConfig: 1 })).config;
  } catch (error) {
    if (error instanceof MongoServerError && error.code === NOT_YET_INITIALIZED) return null;
    throw error;
  }
}

/** Stops it in order; true when that took force, after which the journal brings the data back. */
export async function stop({ pid }: Running): Promise<boolean> {
  if (await dies(pid, 'SIGTERM')) return false;
  await dies(pid, 'SIGKILL');
  return true;
}

async function dies(pid: number, signal: NodeJS.Signals): Promise<boolean> {
  try {
    process.kill(pid, signal);
  } catch {
    return true; // already gone
  }
  const deadline = Date.now() + STOPPED_MS;
  while (await isAlive(pid)) {
    if (Date.now() > deadline) return false;
    await pause(20);
  }
  return true;
}

async function ask<T>(folder: string, port: number, question: (admin: Admin) => Promise<T>): Promise<T> {
  const key = await readFile(keyFile(folder), 'utf8');
  const client = new MongoClient(address(key, port, 'directConnection=true'), { serverSelectionTimeoutMS: 500 });
  try {
    return await question(client.db().admin());
  } finally {
    await client.close();
  }
}

async function isFree(port: number): Promise<boolean> {
  const server = createServer();
  const free = new Promise<boolean>((resolve) => {
    server.once('error', () => resolve(false));
    server.listen(port, HOST, () => resolve(true));
  });
  const result = await free;
  if (result) await new Promise((resolve) => server.close(resolve));
  return result;
}

/** One older log is kept. */
async function shortenLog(path: string): Promise<void> {
  const size = await stat(path).then(
    (found) => found.size,
    () => 0,
  );
  if (size < LOG_BYTES) return;
  await rm(`${path}.1`, { force: true });
  await rename(path, `${path}.1`);
}

/** mongod's log is a JSON object a line; severity F and E say why it gave up. */
async function lastComplaint(path: string, from: number): Promise<string> {
  const lines = (await readFile(path)).subarray(from).toString('utf8').trim().split('\n');
  const complaints = lines.filter((line) => /"s":"[EF]"/.test(line) || !line.startsWith('{'));
  const last = complaints.find((line) => line.includes('"error"')) ?? complaints.at(-1) ?? lines.at(-1) ?? '';
  try {
    const { msg, attr } = JSON.parse(last);
    return [msg, attr?.error?.errmsg ?? attr?.error].filter(Boolean).join(': ');
  } catch {
    return last;
  }
}
