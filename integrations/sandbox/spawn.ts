/** The sandbox operator in a process of its own, for tests and benchmarks that must not share one with it. */
import { type ChildProcess, spawn } from 'node:child_process';
import { once } from 'node:events';
import { createInterface } from 'node:readline';
import { fileURLToPath } from 'node:url';
import { z } from 'zod';
import { LOG_PAGE, LOOPBACK } from './control.ts';
import type { OperatorControls, OperatorState } from './controls.ts';
import { writeFlags } from './flags.ts';
import type { LogEntry } from './log.ts';
import type { OperatorOptions } from './options.ts';

/** An operator in another process. */
export interface RemoteOperator extends OperatorControls {
  readonly pid: number;
  /** Ends it with `kill -9`. */
  kill(): Promise<void>;
}

const readyLine = z.object({ ready: z.literal(true), port: z.int(), control: z.int(), pid: z.int() });

/** Starts `main.ts` as a child, and resolves once it listens. It ends with this process, however that ends. */
export async function spawnOperator(options: OperatorOptions = {}): Promise<RemoteOperator> {
  const main = fileURLToPath(new URL('./main.ts', import.meta.url));
  const child = spawn(process.execPath, [main, '--end-with-stdin', ...writeFlags(options)], {
    stdio: ['pipe', 'pipe', 'inherit'],
  });
  const ready = readyLine.parse(JSON.parse(await firstLine(child)));
  return remote(child, ready.port, ready.control);
}

async function firstLine(child: ChildProcess): Promise<string> {
  const lines = createInterface({ input: child.stdout! });
  const line = await Promise.race([
    once(lines, 'line').then(([text]) => text as string),
    once(child, 'exit').then(([code]) => {
      throw new Error(`the operator ended with ${code} before it was ready`);
    }),
  ]);
  lines.close();
  child.stdout!.resume();
  return line;
}

function remote(child: ChildProcess, port: number, controlPort: number): RemoteOperator {
  const ended = once(child, 'exit');
  const call = (method: string, path: string, query: Query = {}, body?: unknown) =>
    callControl(controlPort, method, path, query, body);
  const connections = async (path: string, account: string | undefined, body?: unknown) =>
    ((await call('POST', path, { account }, body)) as { connections: number }).connections;

  return {
    port,
    controlPort,
    pid: child.pid!,
    async setFaults(change, account) {
      await call('PUT', '/faults', { account }, change);
    },
    async resetFaults(account) {
      await call('DELETE', '/faults', { account });
    },
    async log(since = 0) {
      const entries: LogEntry[] = [];
      for (let last = since; ; last = entries.at(-1)!.n) {
        const page = (await call('GET', '/log', { since: String(last) })) as LogEntry[];
        entries.push(...page);
        if (page.length < LOG_PAGE) return entries;
      }
    },
    state: async () => (await call('GET', '/state')) as OperatorState,
    inbound: async (sms, account) => ((await call('POST', '/inbound', { account }, sms)) as { parts: number }).parts,
    disconnect: (account) => connections('/disconnect', account),
    unbind: (account) => connections('/unbind', account),
    injectBadPdu: (kind, account) => connections('/bad-pdu', account, { kind }),
    async stop() {
      if (child.exitCode !== null || child.signalCode !== null) return;
      child.kill('SIGTERM');
      await ended;
    },
    async kill() {
      child.kill('SIGKILL');
      await ended;
    },
  };
}

type Query = Readonly<Record<string, string | undefined>>;

async function callControl(port: number, method: string, path: string, query: Query, body: unknown): Promise<unknown> {
  const url = new URL(`http://${LOOPBACK}:${port}${path}`);
  for (const [name, value] of Object.entries(query)) if (value !== undefined) url.searchParams.set(name, value);
  const response = await fetch(url, body === undefined ? { method } : { method, body: JSON.stringify(body) });
  const said: unknown = await response.json();
  if (!response.ok) throw new Error(`the operator refused ${method} ${path}: ${JSON.stringify(said)}`);
  return said;
}
