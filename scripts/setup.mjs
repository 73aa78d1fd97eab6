/**
 * Makes a clone ready to run: installs the locked packages and, with them, the Node that Herald runs on. Plain JavaScript without
 * packages, because it runs before there are any, on whatever Node (18 or newer) the machine has. When nothing is missing it costs
 * a few milliseconds; two started at once do the work once.
 */
import { spawnSync } from 'node:child_process';
import { existsSync, mkdirSync, readFileSync, rmSync, statSync, writeFileSync } from 'node:fs';
import { delimiter, dirname, join, sep } from 'node:path';
import process from 'node:process';
import { setTimeout as pause } from 'node:timers/promises';
import { fileURLToPath } from 'node:url';

const root = dirname(dirname(fileURLToPath(import.meta.url)));
const windows = process.platform === 'win32';

/** The oldest Node whose own type stripping and SQLite Herald can rely on; the set-up itself is content with 18. */
export const nodeNeeded = 24;
export const isNewEnough = (version) => Number.parseInt(version.replace('v', ''), 10) >= nodeNeeded;

/** The Node that came with the packages. */
export const projectNode = join(root, 'node_modules', 'node', 'bin', windows ? 'node.exe' : 'node');

/** Brings the clone up to what package-lock.json asks for. Throws an Error with a sentence for the person where it cannot. */
export async function setUp() {
  if (isComplete()) return;
  const release = await lock(join(root, '.data', 'setup.lock'));
  try {
    if (isComplete()) return; // another did it while we waited
    if (!packagesMatchLock()) installPackages();
    if (!hasNode()) installNode();
    if (!isComplete())
      throw new Error('npm has run, but node_modules is still not as package-lock.json says: remove it and try again.');
  } finally {
    release();
  }
}

const isComplete = () => packagesMatchLock() && hasNode();
const hasNode = () => existsSync(projectNode) || isNewEnough(process.version);

/** npm writes node_modules/.package-lock.json last of all, so a killed install is seen too; times of files would lie after a checkout. */
function packagesMatchLock() {
  const wanted = packagesOf('package-lock.json');
  const present = packagesOf(join('node_modules', '.package-lock.json'));
  if (!wanted) throw new Error('package-lock.json is missing or broken: is this a complete clone of Herald?');
  if (!present) return false;
  return Object.entries(wanted).every(([path, entry]) => {
    if (path === '' || entry.link || entry.optional || entry.devOptional || entry.peer) return true;
    return present[path]?.version === entry.version;
  });
}

function packagesOf(path) {
  try {
    return JSON.parse(readFileSync(join(root, path), 'utf8')).packages;
  } catch {
    return undefined;
  }
}

function installPackages() {
  say('Installing packages (npm ci), once…');
  // `--loglevel=error`: the Node that runs npm may be older than the one Herald runs on, and that is no news.
  npm(['ci', '--include=dev', '--no-audit', '--no-fund', '--loglevel=error'], root);
}

/** Newer npm skips install scripts it was not told to allow; package.json allows this one, and here is the way round if it was skipped. */
function installNode() {
  const home = join(root, 'node_modules', 'node');
  if (!existsSync(home))
    throw new Error('The package "node" was not installed: run `npm ci` (with development packages) and try again.');
  say(`Installing Node ${nodeNeeded} beside the packages…`);
  run('node', ['installArchSpecificPackage.js'], home);
  if (!existsSync(projectNode))
    throw new Error(
      `Node ${nodeNeeded} could not be installed beside the packages: install it yourself and run Herald with it.`,
    );
}

const npm = (args, cwd) => run(windows ? 'npm.cmd' : 'npm', args, cwd);

/** Runs with the machine's own Node and npm: `npm ci` deletes the Node in node_modules while it works. */
function run(command, args, cwd) {
  const path = (process.env.PATH ?? '')
    .split(delimiter)
    .filter((entry) => !entry.startsWith(join(root, 'node_modules') + sep));
  const result = spawnSync(command, args, {
    cwd,
    env: { ...process.env, PATH: path.join(delimiter) },
    stdio: ['ignore', 2, 2], // stdout belongs to the command that comes after the set-up
    shell: windows,
  });
  const line = [command, ...args].join(' ');
  if (result.error)
    throw new Error(
      `\`${line}\` could not be started (${result.error.code}): Herald is set up with Node >= 18 and its npm on PATH.`,
    );
  if (result.status !== 0) throw new Error(`\`${line}\` failed; what it said stands above.`);
}

/** A file with our process id, made only where there is none. Whoever finds it waits, or takes it over from a dead one. */
async function lock(path) {
  mkdirSync(dirname(path), { recursive: true });
  for (let waited = false; ; waited = true) {
    try {
      writeFileSync(path, String(process.pid), { flag: 'wx' });
      return () => rmSync(path, { force: true });
    } catch (error) {
      if (error.code !== 'EEXIST') throw new Error(`Cannot write ${path}: ${error.message}`);
    }
    if (isLeftBehind(path)) rmSync(path, { force: true });
    else {
      if (!waited) say('Another Herald is being set up here; waiting for it…');
      await pause(200);
    }
  }
}

function isLeftBehind(path) {
  try {
    const holder = Number(readFileSync(path, 'utf8'));
    if (holder > 0) return !isAlive(holder);
    return Date.now() - statSync(path).mtimeMs > 5000; // made, but its id was never written
  } catch {
    return false;
  }
}

function isAlive(id) {
  try {
    process.kill(id, 0);
    return true;
  } catch (error) {
    return error.code === 'EPERM';
  }
}

function say(line) {
  process.stderr.write(`${line}\n`);
}

if (process.argv[1] === fileURLToPath(import.meta.url)) {
  await setUp().catch((error) => {
    say(error.message);
    process.exit(1);
  });
}
