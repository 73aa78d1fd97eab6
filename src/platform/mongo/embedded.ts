/**
 * MongoDB for a machine where none was set up: a real mongod of Herald's own, its data in one folder. All processes that use the folder
 * are equal: each keeps a shared lock on it, each watches the server and may start it again, and the last one out stops it. Starting and
 * stopping happen behind one exclusive lock, so that there is never a second mongod, and a `kill -9` of Herald, of mongod or of both
 * leaves nothing that the next start does not put right. Where the folder itself is removed under it, nothing is started again: an
 * empty database would know of no approval, no stop, and nothing that was sent.
 */
import { createHash } from 'node:crypto';
import { mkdir, readFile, realpath, stat } from 'node:fs/promises';
import { join } from 'node:path';
import { setTimeout as pause } from 'node:timers/promises';
import { z } from 'zod';
import { replaceFile } from '../durable-file.ts';
import { type FileLock, lock, tryLock } from '../file-lock.ts';
import type { Log } from '../log.ts';
import { type Environment, findMongod, NoMongod } from './binary.ts';
import { dataFolder, findRunning, makePrimary, type Running, serverOf, start, stop, uriOf } from './mongod.ts';
import { isAlive } from './processes.ts';

export interface MongoOptions {
  /** A MongoDB that somebody runs: then nothing is started. */
  readonly uri?: string | undefined;
  /** Holds `mongo/`, the folder of the embedded server. */
  readonly dataDir: string;
  readonly log: Pick<Log, 'info' | 'warn' | 'error'>;
  /** Told once when the folder was removed or another put in its place; the server is not started again. */
  readonly gone?: () => void;
  /** Memory of the embedded server for its cache. */
  readonly cacheGB?: number;
  /** Size of its oplog on disk; holds from the first start on. */
  readonly oplogMB?: number;
  /** The mongod to run, as HERALD_MONGOD in `env` would say. */
  readonly mongod?: string | null | undefined;
  /** Where a mongod is looked for: HERALD_MONGOD, PATH, XDG_CACHE_HOME. */
  readonly env?: Environment;
}

export interface Mongo {
  /** May carry a password: not for logs. */
  readonly uri: string;
  readonly embedded: boolean;
  /** Leaves the embedded server; it stops when no other process uses it. */
  stop(): Promise<void>;
}

const WATCH_MS = 250;
const LONGEST_PAUSE_MS = 10_000;
/** Alive this long, its earlier deaths no longer count. */
const CALM_MS = 60_000;

/** Throws `NoMongod` (binary.ts) where there is no MongoDB at all. */
export async function openMongo(options: MongoOptions): Promise<Mongo> {
  if (options.uri) return { uri: options.uri, embedded: false, stop: async () => {} };

  const house = await openHouse(options);
  const door = await house.door();
  try {
    const alone = await house.isUnused();
    const stay = await house.enter();
    try {
      const running = await house.runningOrStarted(alone);
      const place = await house.place();
      const watch = watchOver({ house, place, options }, running);
      let left: Promise<void> | undefined;
      return {
        uri: await house.address(running),
        embedded: true,
        stop: () => (left ??= leave(house, stay, watch, options.log)),
      };
    } catch (error) {
      stay.release();
      throw error;
    }
  } finally {
    door.release();
  }
}

/** Whoever starts or stops the server stands in the door, alone; whoever uses it has entered, with others. */
type House = Awaited<ReturnType<typeof openHouse>>;

async function openHouse({ dataDir, log, mongod: ordered, cacheGB = 0.5, oplogMB = 512, ...options }: MongoOptions) {
  const machine = options.env ?? process.env;
  const env = ordered ? { ...machine, HERALD_MONGOD: ordered } : machine;
  await mkdir(join(dataDir, 'mongo'), { recursive: true, mode: 0o700 });
  const folder = await realpath(join(dataDir, 'mongo'));
  const users = join(folder, 'users.lock');

  async function startHere(mayMove: boolean): Promise<Running> {
    const before = await readNote(folder);
    const mongod = await findMongod({ env, known: before?.mongod, say: (line) => log.info(line) });
    const running = await start(
      folder,
      mongod,
      { cacheGB, oplogMB },
      { wished: before?.port ?? portFor(folder), mayMove },
    );
    replaceFile(notePath(folder), JSON.stringify({ port: running.port, mongod: mongod.path, version: mongod.version }));
    // Not `pid`: that is this process's own in every line of the log.
    log.info({ mongod: running.pid, port: running.port, version: mongod.version }, 'MongoDB started');
    return running;
  }

  return {
    door: () =>
      lock(join(folder, 'door.lock'), 'exclusive', () =>
        log.info('Waiting for another Herald that starts or stops MongoDB'),
      ),
    enter: () => lock(users, 'shared'),
    async isUnused(): Promise<boolean> {
      const alone = await tryLock(users, 'exclusive');
      alone?.release();
      return alone !== null;
    },
    /** The folder of the data as the file system knows it, whatever its name; null when there is none. */
    async place(): Promise<string | null> {
      const found = await stat(dataFolder(folder)).catch((error: NodeJS.ErrnoException) => {
        if (error.code === 'ENOENT' || error.code === 'ENOTDIR') return null;
        throw error;
      });
      return found && `${found.dev}:${found.ino}`;
    },
    address: (running: Running) => uriOf(folder, running),
    running: () => findRunning(folder),
    isOurs: (running: Running) => serverOf(folder, running.pid).then((found) => found?.port === running.port),
    /** `mayMove`: to another port, since nobody has the address yet. */
    async runningOrStarted(mayMove: boolean): Promise<Running> {
      const attempt = async () => {
        const running = (await findRunning(folder)) ?? (await startHere(mayMove));
        await makePrimary(folder, running);
        return running;
      };
      return attempt().catch((error) => {
        if (error instanceof NoMongod) throw error;
        return attempt(); // what was found may have been on its way down, or one on its way up not yet to be seen
      });
    },
  };
}

interface Watched {
  readonly house: House;
  /** Where the data were when the server was found or started. */
  readonly place: string | null;
  readonly options: Pick<MongoOptions, 'log' | 'gone'>;
}

interface Watch {
  /** Resolves with the server where its folder was removed: nobody finds it by its files any more. */
  end(): Promise<Running | null>;
}

/** Starts the server again when it died, at once the first time and slower when it keeps dying. */
function watchOver({ house, place, options }: Watched, first: Running): Watch {
  const { log, gone = () => {} } = options;
  const ending = new AbortController();
  const wait = (ms: number) => pause(ms, undefined, { ref: false, signal: ending.signal });
  const isGone = async () => (await house.place()) !== place;
  let running = first;

  async function watch(): Promise<void> {
    for (let deaths = 0, calmSince = Date.now(); ; ) {
      await wait(WATCH_MS);
      if (await isGone()) {
        log.error(
          'The folder of MongoDB was removed while Herald ran. Nothing is started in its place: restore a backup',
        );
        return gone();
      }
      if (await isAlive(running.pid)) {
        if (Date.now() - calmSince > CALM_MS) deaths = 0;
        continue;
      }
      if (deaths > 0) await wait(Math.min(WATCH_MS * 2 ** deaths, LONGEST_PAUSE_MS));
      deaths += 1;
      calmSince = Date.now();
      if (await isGone()) continue;
      log.warn({ mongod: running.pid, deaths }, 'MongoDB died; starting it again');
      running = await revive(house).catch((err) => {
        log.warn({ err }, 'MongoDB could not be started again');
        return running;
      });
    }
  }

  const watching = watch().catch((error) => {
    if (!ending.signal.aborted) log.warn({ err: error }, 'Nobody watches over MongoDB any more');
  });
  return {
    async end() {
      ending.abort();
      await watching;
      return (await isGone()) ? running : null;
    },
  };
}

async function revive(house: House): Promise<Running> {
  const door = await house.door();
  try {
    return await house.runningOrStarted(false);
  } finally {
    door.release();
  }
}

async function leave(house: House, stay: FileLock, watch: Watch, log: MongoOptions['log']): Promise<void> {
  const left = await watch.end();
  if (left) {
    stay.release();
    if (await house.isOurs(left)) await stop(left);
    return;
  }
  const door = await house.door();
  try {
    stay.release();
    if (!(await house.isUnused())) return;
    const running = await house.running();
    if (!running) return;
    const byForce = await stop(running);
    if (byForce) log.warn(running, 'MongoDB did not stop when asked and was killed');
    else log.info(running, 'MongoDB stopped');
  } finally {
    door.release();
  }
}

/** What the next start should know of the last one. */
const Note = z.object({ port: z.number().int(), mongod: z.string() });
const notePath = (folder: string) => join(folder, 'herald.json');

async function readNote(folder: string): Promise<z.infer<typeof Note> | null> {
  const text = await readFile(notePath(folder), 'utf8').catch(() => '');
  try {
    return Note.parse(JSON.parse(text));
  } catch {
    return null; // a hint, no more: without it the port and the binary are chosen anew
  }
}

/** Always the same for one folder, and below the ports that systems hand out for outgoing connections. */
function portFor(folder: string): number {
  return 20_000 + (createHash('sha256').update(folder).digest().readUInt32BE() % 10_000);
}
