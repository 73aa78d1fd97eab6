/**
 * MongoDB for tests: one real mongod for the whole run (vitest starts it as its global set-up), and in it a database of its own for
 * whoever asks, so that test files run side by side without seeing each other.
 */
import { randomUUID } from 'node:crypto';
import { mkdtemp, readdir, rm, stat } from 'node:fs/promises';
import { tmpdir } from 'node:os';
import { join } from 'node:path';
import { inject } from 'vitest';
import type { TestProject } from 'vitest/node';
import { tryLock } from '../../src/platform/file-lock.ts';
import { createLog } from '../../src/platform/log.ts';
import { connectMongo, type Database } from '../../src/platform/mongo/connect.ts';
import { openMongo } from '../../src/platform/mongo/embedded.ts';
import { findRunning, stop } from '../../src/platform/mongo/mongod.ts';

declare module 'vitest' {
  interface ProvidedContext {
    mongoUri: string;
  }
}

/** Vitest calls it once before all files, and what it returns after them. Journal and fsync are as in production. */
export default async function setup(project: TestProject): Promise<() => Promise<void>> {
  await sweep();
  const dataDir = await mkdtemp(join(tmpdir(), PREFIX));
  const log = createLog({ level: 'warn', pretty: true });
  const mongo = await openMongo({ dataDir, log, cacheGB: 0.5, oplogMB: 128 });
  project.provide('mongoUri', mongo.uri);
  return async () => {
    await mongo.stop();
    await rm(dataDir, { recursive: true, force: true });
  };
}

const PREFIX = 'herald-test-';
/** So new, it may not be in use yet. */
const JUST_MADE_MS = 60_000;

/** Ends what a run that was killed has left behind: its mongod and its folder. One that is in use cannot be taken. */
async function sweep(): Promise<void> {
  for (const name of (await readdir(tmpdir())).filter((entry) => entry.startsWith(PREFIX))) {
    const folder = join(tmpdir(), name);
    if (Date.now() - (await stat(folder)).birthtimeMs < JUST_MADE_MS) continue;
    const unused = await tryLock(join(folder, 'mongo', 'users.lock'), 'exclusive');
    if (!unused) continue;
    const orphan = await findRunning(join(folder, 'mongo'));
    if (orphan) await stop(orphan);
    unused.release();
    await rm(folder, { recursive: true, force: true });
  }
}

export type FreshDatabase = Database & {
  /** Where other processes of the test reach it. */
  readonly uri: string;
  readonly name: string;
  /** Removes the database and closes the connection: for `afterAll`. */
  drop(): Promise<void>;
};

/** An empty database that nobody else uses. */
export async function freshDatabase(): Promise<FreshDatabase> {
  const name = `test_${randomUUID().replaceAll('-', '').slice(0, 16)}`;
  const uri = inject('mongoUri');
  const database = await connectMongo(uri, name);
  return {
    ...database,
    uri,
    name,
    async drop() {
      await database.db.dropDatabase();
      await database.close();
    },
  };
}
