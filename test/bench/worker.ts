/** A worker in a process of its own, as an installation runs it: `npm start` with the role of a worker. */
import { spawn } from 'node:child_process';
import { once } from 'node:events';
import { readFileSync } from 'node:fs';
import { flushCompileCache } from 'node:module';
import { fileURLToPath } from 'node:url';

export interface BenchWorker {
  readonly pid: number;
  /** The memory that it has at the moment, MB; 0 where this machine does not say. */
  rssMb(): number;
  stop(): Promise<void>;
}

const main = fileURLToPath(new URL('./worker-main.ts', import.meta.url));

/** What `npm start` gives a process of Herald, and the machine every process. */
const inherited = (): NodeJS.ProcessEnv => {
  const { PATH, HOME, MALLOC_ARENA_MAX, MALLOC_TRIM_THRESHOLD_, NODE_COMPILE_CACHE } = process.env;
  return { PATH, HOME, MALLOC_ARENA_MAX, MALLOC_TRIM_THRESHOLD_, NODE_COMPILE_CACHE };
};

/** Resolves once the worker has begun. */
export async function startWorkerOf(env: Readonly<Record<string, string>>): Promise<BenchWorker> {
  // From its second start on an installation has its code compiled; this process has compiled the same.
  flushCompileCache();
  const child = spawn(process.execPath, [...process.execArgv, main], {
    env: { ...inherited(), ...env },
    stdio: ['ignore', 'inherit', 'inherit', 'ipc'],
  });
  const ended = once(child, 'exit');
  await Promise.race([
    once(child, 'message'),
    ended.then(() => {
      throw new Error('the worker ended before it had begun');
    }),
  ]);
  return {
    pid: child.pid!,
    rssMb: () => rssMbOf(child.pid!),
    async stop() {
      child.kill('SIGTERM');
      await ended;
    },
  };
}

function rssMbOf(pid: number): number {
  try {
    const kb = /VmRSS:\s+(\d+)/.exec(readFileSync(`/proc/${pid}/status`, 'utf8'))?.[1];
    return Math.round(Number(kb ?? 0) / 1024);
  } catch {
    return 0;
  }
}
