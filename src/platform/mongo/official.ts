/**
 * MongoDB's own build, by way of mongodb-memory-server-core: a development package, so it may be absent, and its server may be out of
 * reach, which is found out in seconds rather than by waiting for a download. Its MONGOMS_* settings (mirror, version, proxy) hold.
 */
import { join } from 'node:path';
import type { Environment } from './binary.ts';
import { cacheFolder } from './wheel.ts';

/** A machine without a way out must not hold up the start; where the server answers at all, it does so well within this. */
const PROBE_MS = 3000;

export type Fetched = { readonly path: string } | { readonly failed: string };

/** One that an earlier run, of Herald or of other programs using that package, has left; null when there is none. */
export async function findOfficial(env: Environment): Promise<string | null> {
  const core = await load();
  if (!core) return null;
  const options = core.DryMongoBinary.getEnsuredOptions(where(env));
  return (await core.DryMongoBinary.locateBinary(options).catch(() => null)) ?? null;
}

const obstacles = new Map<string, Promise<string>>();

/** Downloads it into the user's cache. A server found out of reach is not asked again in this run. */
export async function fetchOfficial(env: Environment, say: (line: string) => void): Promise<Fetched> {
  const core = await load();
  if (!core) return { failed: 'mongodb-memory-server-core is not installed' };
  try {
    const obstacle = await obstacleOf(await downloadUrl(), env);
    if (obstacle) return { failed: obstacle };
    say('Fetching MongoDB (official build), once for this user…');
    // That package checks the server's certificate only when npm's setting says so in the environment.
    process.env.npm_config_strict_ssl = 'true';
    return { path: await core.MongoBinary.getPath(where(env)) };
  } catch (error) {
    return { failed: error instanceof Error ? error.message : String(error) }; // also where it knows no build for this machine
  }
}

const where = (env: Environment) => ({ downloadDir: join(cacheFolder(env), 'mongod-official') });

const load = () => import('mongodb-memory-server-core').catch(() => null);

function obstacleOf(url: string, env: Environment): Promise<string> {
  const known = obstacles.get(url) ?? probe(url, env);
  obstacles.set(url, known);
  return known;
}

/** Empty when the server answers, else why it cannot be used. Behind a proxy, which `fetch` would not use, the download itself has to tell. */
async function probe(url: string, env: Environment): Promise<string> {
  if (env.https_proxy ?? env.HTTPS_PROXY ?? env.http_proxy ?? env.HTTP_PROXY) return '';
  try {
    const answer = await fetch(url, { method: 'HEAD', signal: AbortSignal.timeout(PROBE_MS) });
    return answer.ok ? '' : `its server answered ${answer.status}`;
  } catch (error) {
    if (!(error instanceof Error)) throw error;
    const reason = error.cause instanceof Error ? error.cause.message : error.message;
    return `its server is out of reach (${reason})`;
  }
}

async function downloadUrl(): Promise<string> {
  const { MongoBinaryDownloadUrl } = await import('mongodb-memory-server-core/lib/util/MongoBinaryDownloadUrl.js');
  const { DryMongoBinary } = await import('mongodb-memory-server-core');
  const options = await DryMongoBinary.generateOptions();
  return new MongoBinaryDownloadUrl(options).getDownloadUrl();
}
