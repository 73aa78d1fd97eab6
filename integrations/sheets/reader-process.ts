/**
 * The process that reads one file for the service, and what is said to it: a request, and its replies as they come, no faster than they
 * are taken. It serves one request after another, and is gone when whoever started it is.
 */
import { type ChildProcessByStdio, spawn } from 'node:child_process';
import { once } from 'node:events';
import type { Socket } from 'node:net';
import { constants, setPriority } from 'node:os';
import { join } from 'node:path';
import type { Readable, Writable } from 'node:stream';
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

type Child = ChildProcessByStdio<Writable, Readable, Readable>;

export class ReaderProcess {
  private readonly limits: ReaderLimits;
  private readonly child: Child;
  private readonly gone: Promise<[number | null, NodeJS.Signals | null]>;
  private readonly lines: AsyncGenerator<string, undefined>;
  private readonly complaint: () => string;

  /** Starts it; it can read the file at `path` and no other. */
  constructor(path: string, limits: ReaderLimits) {
    this.limits = limits;
    this.child = start(path, limits);
    this.gone = once(this.child, 'close') as Promise<[number | null, NodeJS.Signals | null]>;
    this.gone.catch(() => {}); // told where it is awaited
    this.lines = linesOf(this.child.stdout);
    this.complaint = lastWords(this.child);
  }

  /**
   * The replies, the last of them any but `rows`. Throws `SourceBroken` for time and memory run out, the signal's reason for an abort:
   * after that, and after leaving early, it is to be ended.
   */
  async *ask(request: ReadRequest, signal: AbortSignal): AsyncGenerator<Reply> {
    signal.throwIfAborted();
    const kill = () => this.child.kill('SIGKILL');
    signal.addEventListener('abort', kill, { once: true });
    let late = false;
    const onLate = () => {
      late = true;
      kill();
    };
    try {
      this.child.stdin.write(`${JSON.stringify(request)}\n`);
      for (;;) {
        const deadline = setTimeout(onLate, this.limits.seconds * 1000);
        const line = await this.lines.next().finally(() => clearTimeout(deadline));
        if (line.done) break;
        const reply = decodeReply(line.value);
        yield reply;
        if (reply.kind !== 'rows') return;
      }
      const [code, killedBy] = await this.gone;
      signal.throwIfAborted();
      if (late) throw new SourceBroken({ code: 'timed-out', seconds: this.limits.seconds });
      throw deathOf(code, killedBy, this.complaint(), request);
    } finally {
      signal.removeEventListener('abort', kill);
    }
  }

  /** Kills it; resolves when it is gone. */
  async end(): Promise<void> {
    this.child.kill('SIGKILL');
    await this.lines.return(undefined); // a pipe with something left in it would keep the process from closing
    await this.gone;
  }

  /** Until it is asked again nobody waits for it, so that it keeps nobody from ending. Calls `onGone` when it ends by itself. */
  rest(onGone: () => void): void {
    this.child.once('exit', onGone);
    for (const handle of this.handles()) handle.unref();
  }

  wake(onGone: () => void): void {
    this.child.off('exit', onGone);
    for (const handle of this.handles()) handle.ref();
  }

  private handles(): readonly { ref(): void; unref(): void }[] {
    const { stdin, stdout, stderr } = this.child;
    return [this.child, ...[stdin, stdout, stderr].map((pipe) => pipe as unknown as Socket)];
  }
}

/** It may read its own code and the one file, and nothing else: not write, not start processes, not see our keys. */
export function childFlags(path: string): readonly string[] {
  const readable = [...['integrations', 'src', 'node_modules', 'package.json'].map((name) => join(ROOT, name)), path];
  return ['--permission', ...readable.map((allowed) => `--allow-fs-read=${allowed}`)];
}

/** Its environment is empty: ours holds secrets. */
function start(path: string, limits: ReaderLimits): Child {
  const args = [`--max-old-space-size=${limits.heapMb}`, ...childFlags(path), CHILD];
  const child = spawn(process.execPath, args, { stdio: ['pipe', 'pipe', 'pipe'], env: {} });
  if (child.pid !== undefined) giveWay(child.pid);
  child.stdin.on('error', () => {}); // it died before it was asked; how is told by its exit
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
function lastWords(child: Child): () => string {
  let said = '';
  child.stderr.setEncoding('utf8').on('data', (chunk: string) => {
    said = (said + chunk).slice(-4000);
  });
  return () => said;
}

async function* linesOf(stream: Readable): AsyncGenerator<string, undefined> {
  let rest = '';
  for await (const chunk of stream.setEncoding('utf8') as AsyncIterable<string>) {
    const lines = (rest + chunk).split('\n');
    rest = lines.pop()!;
    yield* lines;
  }
  return undefined;
}
