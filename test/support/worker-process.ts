/**
 * A Herald worker as a process of its own, so that a test can end it as the world does: by kill -9, by a stop, in mid-send.
 */
import { type ChildProcess, spawn } from 'node:child_process';
import { once } from 'node:events';
import { createInterface } from 'node:readline';
import { fileURLToPath } from 'node:url';

export interface WorkerProcess {
  readonly pid: number;
  /** `SIGKILL` unless told; resolves when it is gone. */
  kill(signal?: NodeJS.Signals): Promise<void>;
  /** Stops it in its tracks, as a machine that swaps does, until `wake`. */
  freeze(): void;
  wake(): void;
}

/** Starts `src/main.ts` with these settings; resolves once it says that it is ready. */
export async function startWorker(env: Readonly<Record<string, string>>): Promise<WorkerProcess> {
  const main = fileURLToPath(new URL('../../src/main.ts', import.meta.url));
  const child = spawn(process.execPath, [main], {
    env: { PATH: process.env.PATH, ...env, ROLES: 'worker', HTTP_PORT: '0', LOG_LEVEL: 'info' },
    stdio: ['ignore', 'pipe', 'inherit'],
  });
  const ended = once(child, 'exit');
  await ready(child, ended);
  return {
    pid: child.pid!,
    async kill(signal = 'SIGKILL') {
      child.kill(signal);
      await ended;
    },
    freeze: () => void child.kill('SIGSTOP'),
    wake: () => void child.kill('SIGCONT'),
  };
}

async function ready(child: ChildProcess, ended: Promise<unknown>): Promise<void> {
  const lines = createInterface({ input: child.stdout! });
  const isReady = new Promise<void>((resolve) => {
    lines.on('line', (line) => {
      if (line.includes('Herald is ready')) resolve();
    });
  });
  await Promise.race([isReady, ended.then(() => Promise.reject(new Error('the worker ended before it was ready')))]);
}
