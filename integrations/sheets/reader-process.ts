/** Starts the reading process for one request and hands over its replies as they come, no faster than they are taken. */
import { type ChildProcess, spawn } from 'node:child_process';
import { once } from 'node:events';
import { constants, setPriority } from 'node:os';
import { join } from 'node:path';
import { fileURLToPath } from 'node:url';
import { SourceBroken } from '../../src/audiences/source.ts';
import { decodeReply, type ReadRequest, type Reply } from './wire.ts';

export interface ReaderLimits {
  /** Megabytes of JavaScript objects in the process. */
  readonly heapMb: number;
  /** The longest that a reply may take while someone waits for it. */
  readonly seconds: number;
}

const CHILD = fileURLToPath(new URL('./reader-child.ts', import.meta.url));
const ROOT = fileURLToPath(new URL('../..', import.meta.url));

/** Throws `SourceBroken` for time and memory run out, the signal's reason for an abort. The process never outlives it. */
export async function* readInProcess(
  request: ReadRequest,
  limits: ReaderLimits,
  signal: AbortSignal,
): AsyncGenerator<Reply> {
  signal.throwIfAborted();
  const child = start(request, limits);
  const kill = () => child.kill('SIGKILL');
  signal.addEventListener('abort', kill, { once: true });
  const gone = once(child, 'close') as Promise<[number | null, NodeJS.Signals | null]>;
  gone.catch(() => {}); // told where it is awaited
  const complaint = lastWords(child);
  let late = false;
  let ended = false;
  const onLate = () => {
    late = true;
    kill();
  };
  const lines = linesOf(child.stdout!);
  try {
    for (;;) {
      const deadline = setTimeout(onLate, limits.seconds * 1000);
      const line = await lines.next().finally(() => clearTimeout(deadline));
      if (line.done) break;
      const reply = decodeReply(line.value);
      ended = reply.kind !== 'rows';
      yield reply;
    }
    const [code, killedBy] = await gone;
    signal.throwIfAborted();
    if (late) throw new SourceBroken({ code: 'timed-out', seconds: limits.seconds });
    if (!ended) throw deathOf(code, killedBy, complaint(), request);
  } finally {
    signal.removeEventListener('abort', kill);
    kill();
    await lines.return(undefined); // a pipe with something left in it would keep the process from closing
    await gone;
  }
}

/** It may read its own code and the one file, and nothing else: not write, not start processes, not see our keys. */
export function childFlags(path: string): readonly string[] {
  const readable = [...['integrations', 'src', 'node_modules', 'package.json'].map((name) => join(ROOT, name)), path];
  return ['--permission', ...readable.map((allowed) => `--allow-fs-read=${allowed}`)];
}

/** Its environment is empty: ours holds secrets. */
function start(request: ReadRequest, limits: ReaderLimits): ChildProcess {
  const args = [`--max-old-space-size=${limits.heapMb}`, ...childFlags(request.path), CHILD];
  const child = spawn(process.execPath, args, { stdio: ['pipe', 'pipe', 'pipe'], env: {} });
  if (child.pid !== undefined) giveWay(child.pid);
  child.stdin!.on('error', () => {}); // it died before it was asked; how is told by its exit
  child.stdin!.end(JSON.stringify(request));
  return child;
}

/** Whoever talks to Herald now comes before whoever waits for a list. */
function giveWay(pid: number): void {
  try {
    setPriority(pid, constants.priority.PRIORITY_BELOW_NORMAL);
  } catch {
    // It has ended already, which its exit tells, or the machine knows no priorities.
  }
}

/** Node ends with 134, or by SIGABRT or SIGTRAP, when its heap is full. */
function deathOf(code: number | null, signal: string | null, complaint: string, request: ReadRequest): Error {
  if (/heap|out of memory/i.test(complaint)) {
    return new SourceBroken({ code: 'too-large', what: 'unpacked', limit: request.limits.unpackedBytes });
  }
  return new Error(`the reading process ended by ${signal ?? code}`, { cause: complaint });
}

/** The end of what the process writes to stderr. */
function lastWords(child: ChildProcess): () => string {
  let said = '';
  child.stderr!.setEncoding('utf8').on('data', (chunk: string) => {
    said = (said + chunk).slice(-4000);
  });
  return () => said;
}

async function* linesOf(stream: NodeJS.ReadableStream): AsyncGenerator<string, undefined> {
  let rest = '';
  for await (const chunk of stream.setEncoding('utf8') as AsyncIterable<string>) {
    const lines = (rest + chunk).split('\n');
    rest = lines.pop()!;
    yield* lines;
  }
  return undefined;
}
