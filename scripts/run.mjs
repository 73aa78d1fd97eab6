/**
 * `node scripts/run.mjs <file.ts> args…` runs a part of Herald on any machine: sets up what is missing, then runs the file on Node 24
 * with this terminal, these signals and that exit code. Plain JavaScript, so that an old Node can read it.
 */
import { spawn, spawnSync } from 'node:child_process';
import { constants } from 'node:os';
import { dirname, resolve } from 'node:path';
import process from 'node:process';
import { fileURLToPath } from 'node:url';
import { isNewEnough, nodeNeeded, projectNode, setUp } from './setup.mjs';

function fail(message) {
  process.stderr.write(`${message}\n`);
  process.exit(1);
}

/** This very Node where it will do, else the one among the packages, which has to prove that it starts here. */
function chooseNode() {
  if (isNewEnough(process.version)) return process.execPath;
  const version = spawnSync(projectNode, ['--version'], { encoding: 'utf8' }).stdout?.trim();
  if (version && isNewEnough(version)) return projectNode;
  const found = version ? `is ${version}` : 'does not start on this machine';
  return fail(
    `Herald runs on Node ${nodeNeeded} or newer; this is ${process.version}, and ${projectNode} ${found}. Install Node ${nodeNeeded}.`,
  );
}

const [file, ...args] = process.argv.slice(2);
if (!file) fail('Say which file to run: node scripts/run.mjs <file.ts> [arguments]');
if (Number.parseInt(process.versions.node, 10) < 18)
  fail(`This is Node ${process.version}; Herald sets itself up with Node 18 or newer.`);

await setUp().catch((error) => fail(error.message));

const root = dirname(dirname(fileURLToPath(import.meta.url)));
// The channel closes when this process is killed, which is how the service learns that nobody is left to pass a signal on.
// glibc gives every thread a heap of its own, and what a long list leaves in them is 100 MB that nobody uses; and it keeps what is given
// back to it, the more the larger it was, unless it is told where to stop (bytes): another 30 MB.
const env = { MALLOC_ARENA_MAX: '2', MALLOC_TRIM_THRESHOLD_: '131072', ...process.env };
// Everything starts a second sooner, and 20 MB smaller, with its code compiled before; of tests it would blur what they cover.
if (file !== 'scripts/test.ts') {
  env.NODE_COMPILE_CACHE ??= resolve(root, 'node_modules', '.cache', 'herald');
}
// By itself V8 collects when there is three times as much garbage as is alive. Collecting a little before there is as much saves 100 MB.
// And what is young may fill 32 MB instead of 128: a worker stays below 300 MB, and sends faster than with 64.
const flags = ['--heap-growing-percent=80', '--max-semi-space-size=16'];
const child = spawn(chooseNode(), [...flags, resolve(root, file), ...args], {
  stdio: ['inherit', 'inherit', 'inherit', 'ipc'],
  env,
});

// Ctrl-C in a terminal reaches the child by itself; passing it on would be a second one.
process.on('SIGINT', () => process.stdin.isTTY || child.kill('SIGINT'));
for (const signal of ['SIGTERM', 'SIGHUP']) process.on(signal, () => child.kill(signal));

// npm waits for a shell that waits for this. When the shell is killed npm ends, and what it started must not go on unseen.
const parent = process.ppid;
if (process.env.npm_lifecycle_event) {
  setInterval(() => process.ppid === parent || child.kill('SIGTERM'), 1000).unref();
}

child.on('error', (error) => fail(`Node could not be started: ${error.message}`));
child.on('exit', (code, signal) => {
  if (code !== null) process.exit(code);
  for (const name of ['SIGINT', 'SIGTERM', 'SIGHUP']) process.removeAllListeners(name);
  process.kill(process.pid, signal); // die as the child died, so that a shell sees the same
  process.exit(128 + (constants.signals[signal] ?? 0));
});
