/**
 * A whole Herald for a journey: real rooms, a database of its own in the run's mongod, the real sandbox operator in a process
 * of its own, a folder of its own. Nothing is replaced but the settings.
 */
import { randomUUID } from 'node:crypto';
import { mkdtempSync, rmSync, writeFileSync } from 'node:fs';
import { tmpdir } from 'node:os';
import { join } from 'node:path';
import { inject } from 'vitest';
import { loadConfig } from '../../src/config.ts';
import { type Herald, startHerald } from '../../src/herald.ts';
import { createLog } from '../../src/platform/log.ts';
import type { Employee, Role } from '../../src/staff/employee.ts';
import { employeeOf } from './employee.ts';

export interface TestHerald {
  readonly herald: Herald;
  /** Where its web server is; another one after a restart. */
  readonly url: string;
  readonly folder: string;
  readonly env: Readonly<Record<string, string>>;
  readonly dbName: string;
  /** An employee with these roles, as if an admin had added the person. */
  hire(id: string, roles: readonly Role[], fields?: Partial<Employee>): Promise<Employee>;
  /** Writes a file into the folder and returns its path. */
  file(name: string, content: string | Buffer): string;
  /** Stops it as SIGTERM would. */
  stop(): Promise<void>;
  /** Starts another over the same data, after stopping this one. */
  restart(env?: Readonly<Record<string, string>>): Promise<Herald>;
  close(): Promise<void>;
}

export async function testHerald(env: Readonly<Record<string, string>> = {}): Promise<TestHerald> {
  const folder = mkdtempSync(join(tmpdir(), 'herald-journey-'));
  const dbName = `journey_${randomUUID().slice(0, 8)}`;
  const settings = {
    MONGODB_URI: env.MONGODB_URI ?? inject('mongoUri'),
    DATA_DIR: join(folder, 'data'),
    HTTP_PORT: '0',
    SENDING_WINDOW: '00:00-24:00',
    CONTROL_MS: '50',
    TICK_SECONDS: '0.2',
    RECOVERY_SECONDS: '0.5',
    BREAKER_REST_SECONDS: '0.5',
    // Journeys about operators that fail, or send no receipts, are not about what stops a campaign then.
    CANARY_ABOVE: '1000000',
    STOP_FAILURES_PERCENT: '100',
    LOG_LEVEL: 'error',
    ...env,
  };
  let { herald, url } = await begin(settings, dbName);
  let stopped = false;
  const stop = async () => {
    if (!stopped) await herald.stop();
    stopped = true;
  };

  return {
    get herald() {
      return herald;
    },
    get url() {
      return url;
    },
    folder,
    env: settings,
    dbName,
    async hire(id, roles, fields = {}) {
      const employee = employeeOf(id, roles, fields);
      await herald.staff.store.add(employee);
      return employee;
    },
    file(name, content) {
      const path = join(folder, name);
      writeFileSync(path, content);
      return path;
    },
    stop,
    async restart(more = {}) {
      await stop();
      ({ herald, url } = await begin({ ...settings, ...more }, dbName));
      stopped = false;
      return herald;
    },
    async close() {
      await herald.database.db.dropDatabase().catch(() => {});
      await stop();
      rmSync(folder, { recursive: true, force: true });
    },
  };
}

async function begin(env: Readonly<Record<string, string>>, dbName: string): Promise<{ herald: Herald; url: string }> {
  const loading = loadConfig(env);
  if (loading.kind === 'problems') throw new Error(loading.problems.map((one) => one.variable).join(', '));
  const herald = await startHerald(loading.config, { dbName, log: createLog({ level: 'error' }) });
  const { url } = await herald.start();
  return { herald, url };
}

/** Waits until `look` gives something; fails with what it was waiting for. */
export async function until<T>(
  what: string,
  look: () => Promise<T | null | undefined | false>,
  ms = 60_000,
): Promise<T> {
  const end = Date.now() + ms;
  for (;;) {
    const found = await look();
    if (found) return found;
    if (Date.now() > end) throw new Error(`waited in vain for ${what}`);
    await new Promise((resolve) => setTimeout(resolve, 30));
  }
}
