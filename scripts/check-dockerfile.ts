/**
 * Carries out the Dockerfile without Docker and judges the result as its user would: it is small, runs without root, says what it lacks
 * when there is no MongoDB, serves and reports healthy when there is one, and stops in order.
 */
import { type ChildProcess, spawn, spawnSync } from 'node:child_process';
import { once } from 'node:events';
import { existsSync, mkdtempSync, rmSync } from 'node:fs';
import { createServer } from 'node:net';
import { tmpdir } from 'node:os';
import { dirname, join } from 'node:path';
import { setTimeout as pause } from 'node:timers/promises';
import { createLog } from '../src/platform/log.ts';
import { openMongo } from '../src/platform/mongo/embedded.ts';
import { build, type Image } from './dockerfile.ts';

const HEALTHY_MS = 60_000;
const REFUSED_MS = 30_000;
const STOPPED_MS = 30_000;

const folder = mkdtempSync(join(tmpdir(), 'herald-image-'));
let checks = 0;

function expect(holds: boolean, what: string): void {
  if (!holds) throw new Error(`Not so: ${what}`);
  checks += 1;
  console.log(`- ${what}`);
}

/** As in a container: nothing of this machine's environment, and nothing on PATH but Node. */
function inside(image: Image, command: readonly string[], env: Record<string, string>): [string, string[], object] {
  const [program = '', ...args] = command;
  const path = dirname(process.execPath);
  const cwd = join(image.root, image.workdir);
  return [program, args, { cwd, env: { PATH: path, HOME: image.root, ...image.env, ...env } }];
}

async function refusesWithoutMongo(image: Image): Promise<void> {
  const [program, args, options] = inside(image, image.command, {});
  const { status, stdout, stderr } = spawnSync(program, args, { ...options, encoding: 'utf8', timeout: REFUSED_MS });
  expect(
    status === 1 && `${stdout}${stderr}`.includes('MONGODB_URI'),
    'without MONGODB_URI it ends with an error that names it',
  );
}

async function servesWithMongo(image: Image): Promise<void> {
  const mongo = await openMongo({
    dataDir: join(folder, 'data'),
    log: createLog({ level: 'warn', pretty: true }),
    oplogMB: 128,
  });
  const env = { MONGODB_URI: mongo.uri, HTTP_PORT: String(await freePort()) };
  const [program, args, options] = inside(image, image.command, env);
  const service = spawn(program, args, { ...options, stdio: ['ignore', 'ignore', 'inherit'] });
  try {
    expect(await becomesHealthy(image, env, service), 'with it, its health check passes');
    service.kill('SIGTERM');
    const stopped = await Promise.race([once(service, 'exit'), pause(STOPPED_MS, null, { ref: false })]);
    expect(stopped?.[0] === 0, 'asked to stop, it ends with 0');
  } finally {
    service.kill('SIGKILL');
    await mongo.stop();
  }
}

async function becomesHealthy(image: Image, env: Record<string, string>, service: ChildProcess): Promise<boolean> {
  const deadline = Date.now() + HEALTHY_MS;
  while (Date.now() < deadline && service.exitCode === null) {
    const [program, args, options] = inside(image, image.healthcheck, env);
    if (spawnSync(program, args, options).status === 0) return true;
    await pause(250);
  }
  return false;
}

async function freePort(): Promise<number> {
  const server = createServer().listen(0, '127.0.0.1');
  await once(server, 'listening');
  const address = server.address();
  await new Promise((resolve) => server.close(resolve));
  return address && typeof address === 'object' ? address.port : 0;
}

try {
  const image = build(process.cwd(), folder);
  const packages = join(image.root, image.workdir, 'node_modules');
  expect(
    image.base.startsWith(`node:${process.versions.node.split('.')[0]}-`),
    'it is built on the Node that Herald is tested with',
  );
  expect(image.user !== 'root' && image.user !== '', 'it does not run as root');
  expect(!existsSync(join(packages, 'vitest')), 'it holds no development packages');
  if (existsSync('src/main.ts')) {
    await refusesWithoutMongo(image);
    await servesWithMongo(image);
  }
  console.log(`Dockerfile: ${checks} checks hold`);
} catch (error) {
  console.error(error instanceof Error ? error.message : error);
  process.exitCode = 1;
} finally {
  rmSync(folder, { recursive: true, force: true });
}
