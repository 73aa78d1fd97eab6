/** Starts workers of the fault matrix as processes of their own, and ends them as the world does. */
import { spawn } from 'node:child_process';
import { once } from 'node:events';
import { openSync } from 'node:fs';
import { fileURLToPath } from 'node:url';
import type { CrashPoint } from './sabotage.ts';
import type { Order } from './worker.ts';

export interface WorkerOptions {
  readonly crash?: { readonly at: CrashPoint; readonly nth: number };
  readonly naive?: boolean;
  /** How far its wall clock is ahead, ms. */
  readonly skewMs?: number;
  readonly env?: Readonly<Record<string, string>>;
}

export interface Worker {
  readonly pid: number;
  isAlive(): boolean;
  /** Resolves when it is gone. */
  end(signal: 'SIGKILL' | 'SIGTERM'): Promise<void>;
  /** Resolves when it has died by itself. */
  readonly ended: Promise<unknown>;
  /** In its tracks, as on a machine that swaps, until `wake`. */
  freeze(): void;
  wake(): void;
  order(order: Order): void;
}

/** For whoever looks for the reason of a fault: FAULTS_LOG names a file that all workers log to. */
const log = process.env.FAULTS_LOG ? openSync(process.env.FAULTS_LOG, 'a') : 'ignore';

const main = fileURLToPath(new URL('./worker.ts', import.meta.url));
const skew = new URL('./skew.ts', import.meta.url).href;

export async function startWorker(
  env: Readonly<Record<string, string>>,
  { crash, naive = false, skewMs = 0, env: more = {} }: WorkerOptions = {},
): Promise<Worker> {
  const child = spawn(process.execPath, [...(skewMs === 0 ? [] : ['--import', skew]), main], {
    env: {
      PATH: process.env.PATH,
      ...env,
      ...more,
      ROLES: 'worker',
      HTTP_PORT: '0',
      FAULT_SKEW_MS: String(skewMs),
      FAULT_NAIVE: naive ? 'yes' : 'no',
      FAULT_CRASH: crash ? `${crash.at}:${crash.nth}` : '',
    },
    stdio: ['ignore', log, 'inherit', 'ipc'],
  });
  let isAlive = true;
  const ended = once(child, 'exit').then(() => {
    isAlive = false;
  });
  const ready = once(child, 'message');
  // One that is to die may do so before it could say that it is ready.
  await Promise.race([ready, ended]);
  if (!isAlive && !crash) throw new Error('a worker ended before it was ready');
  return {
    pid: child.pid!,
    isAlive: () => isAlive,
    async end(signal) {
      if (isAlive) child.kill(signal);
      await ended;
    },
    ended,
    freeze: () => void child.kill('SIGSTOP'),
    wake: () => void child.kill('SIGCONT'),
    order: (order) => void child.send(order),
  };
}
