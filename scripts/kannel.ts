/**
 * Kannel's programs, for the journey that sends through a gateway which nobody here wrote: those of this machine where it has them,
 * else unpacked from the distribution's packages into `.data/kannel`. Nothing is installed: no service starts, nothing outside of
 * that folder changes, and no root is needed. Quiet when they are there; `node scripts/run.mjs scripts/kannel.ts` fetches them beforehand.
 */
import { execFile } from 'node:child_process';
import { existsSync } from 'node:fs';
import { mkdir, mkdtemp, readdir, rename, rm } from 'node:fs/promises';
import { delimiter, dirname, join } from 'node:path';
import { fileURLToPath } from 'node:url';
import { promisify } from 'node:util';

const run = promisify(execFile);
const HOME = join(dirname(import.meta.dirname), '.data', 'kannel');
/** No mirror that answers at all takes longer, ms. */
const PATIENCE_MS = 120_000;

export interface KannelPrograms {
  readonly bearerbox: string;
  readonly smsbox: string;
  /** Where their libraries are, when the machine has them not. */
  readonly env: Readonly<Record<string, string>>;
}

/** The programs, or in words why there are none. */
export async function kannelPrograms(): Promise<KannelPrograms | { readonly lacking: string }> {
  const places = [...(process.env.PATH ?? '').split(delimiter), '/usr/sbin', '/usr/local/sbin'];
  const home = places.find((place) => existsSync(join(place, 'bearerbox')) && existsSync(join(place, 'smsbox')));
  if (home) return { bearerbox: join(home, 'bearerbox'), smsbox: join(home, 'smsbox'), env: {} };
  if (!existsSync(HOME)) {
    try {
      await unpackPackages();
    } catch (failure) {
      return { lacking: `no Kannel here, and no packages of it: ${firstLineOf(failure)}` };
    }
  }
  const sbin = join(HOME, 'usr', 'sbin');
  return {
    bearerbox: join(sbin, 'bearerbox'),
    smsbox: join(sbin, 'smsbox'),
    env: { LD_LIBRARY_PATH: await libraries() },
  };
}

/** Takes the lists and packages to a folder of its own, so that apt needs no rights; what the machine has is not taken. */
async function unpackPackages(): Promise<void> {
  await mkdir(dirname(HOME), { recursive: true });
  const folder = await mkdtemp(`${HOME}-`);
  try {
    const [lists, archives, root] = ['lists', 'archives', 'root'].map((name) => join(folder, name)) as [
      string,
      string,
      string,
    ];
    for (const made of [join(lists, 'partial'), join(archives, 'partial'), root])
      await mkdir(made, { recursive: true });
    const places = { 'Dir::State::lists': lists, 'Dir::Cache::archives': archives, 'Dir::Cache::pkgcache': '' };
    const options = Object.entries({
      ...places,
      'Dir::Cache::srcpkgcache': '',
      'Debug::NoLocking': '1',
      'APT::Sandbox::User': '',
    });
    const apt = (...args: readonly string[]) =>
      run('apt-get', [...options.flatMap(([name, value]) => ['-o', `${name}=${value}`]), '-qq', ...args], {
        timeout: PATIENCE_MS,
      });
    await apt('update');
    await apt('--yes', '--no-install-recommends', '--download-only', 'install', 'kannel');
    for (const file of await readdir(archives))
      if (file.endsWith('.deb')) await run('dpkg-deb', ['-x', join(archives, file), root]);
    // Two at once unpack the same; the first is there, and the other's is thrown away.
    await rename(root, HOME).catch((failure: unknown) => {
      if (!existsSync(HOME)) throw failure;
    });
  } finally {
    await rm(folder, { recursive: true, force: true });
  }
}

/** `lib` and `usr/lib` with the folder of the machine's architecture below. */
async function libraries(): Promise<string> {
  const found: string[] = [];
  for (const place of [join(HOME, 'lib'), join(HOME, 'usr', 'lib')]) {
    const names = existsSync(place) ? await readdir(place) : [];
    found.push(...names.filter((name) => name.includes('linux')).map((name) => join(place, name)));
  }
  return found.join(delimiter);
}

/** Of what apt says, where it could not; else that there is no apt. */
function firstLineOf(failure: unknown): string {
  const { stderr = '', message } = failure as Error & { stderr?: string };
  return (stderr.trim() || message).split('\n')[0]!;
}

if (process.argv[1] === fileURLToPath(import.meta.url)) {
  const programs = await kannelPrograms();
  if ('lacking' in programs) console.error(programs.lacking);
}
