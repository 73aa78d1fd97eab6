/**
 * Ticks: short pieces of work that are begun on time, by one of the processes that define them. A thin face over agenda;
 * a tick only wakes somebody up and is never the truth about what was done, so it may come twice and must bear it.
 *
 * What agenda does not do by itself, and this does (each has its test):
 * - a handler that outlives its lock would be started a second time beside the first: its lock is renewed while it runs;
 * - `stop` would leave locks of jobs claimed meanwhile, and abandon running handlers: it waits for them and unlocks the rest;
 * - a handler that re-arms its own job would lose the new time when it ends: each time is a record of its own;
 * - a one-shot job that fails would never run again: it is tried again, ever more slowly;
 * - arranging a job that recurs, as every process does when it starts, would unlock it under a process that runs it, and two at once
 *   would arrange two: its record is made once, and afterwards only its interval is written;
 * - its locks go by the clocks of machines, of which one may be wrong: a run of a job that recurs also holds a lease by MongoDB's.
 */
import { createHash, randomUUID } from 'node:crypto';
import { setImmediate as nextTurn } from 'node:timers/promises';
import { MongoBackend } from '@agendajs/mongo-backend';
import { Agenda, type Job } from 'agenda';
import { ObjectId } from 'mongodb';
import { takeLease } from './lease.ts';
import type { Log } from './log.ts';
import type { Database } from './mongo/connect.ts';

export interface Jobs {
  /** What to do when `name` is due; `subject` is what `at` was given, empty for `every`. Before `start`. */
  define(name: string, handle: (subject: string) => Promise<void>, options?: JobOptions): void;
  /** Runs `name` each so many seconds, one run at a time over all processes; after `start`. */
  every(name: string, seconds: number): Promise<void>;
  /** Runs `name` for `subject` once, at `when` or soon after; replaces what was set for the two before. */
  at(name: string, when: Date, subject: string): Promise<void>;
  /** Forgets what was set by `at`; a run under way is not stopped. */
  cancel(name: string, subject: string): Promise<void>;
  start(): Promise<void>;
  /** Begins nothing new, waits for what runs, and leaves no job locked. */
  stop(): Promise<void>;
}

export interface JobOptions {
  /** How long after the death of its process a job is taken over by another. */
  readonly lockSeconds?: number;
}

export interface JobsOptions {
  readonly log: Log;
  /** How often due jobs are looked for; the timing of `at` is exact to milliseconds where a process looked ahead. */
  readonly everySeconds?: number;
}

interface JobData {
  readonly subject: string;
}

/** Runs at a time of one name, in one process. */
const abreast = 5;

export function createJobs(database: Database, { log, everySeconds = 1 }: JobsOptions): Jobs {
  // The name is written into every lock that this process takes.
  const owner = randomUUID();
  const backend = new WatchedBackend({ mongo: database.db, collection: 'jobs' });
  const agenda = new Agenda({ name: owner, backend, processEvery: everySeconds * 1000 });
  agenda.on('error', (error) => log.warn({ err: error }, 'jobs cannot be looked after; trying again'));
  const running = new Map<string, Promise<void>>();
  const recurring = new Set<string>();

  return {
    define(name, handle, { lockSeconds = 30 } = {}) {
      const lockLifetime = lockSeconds * 1000;
      const begin = async (job: Job<JobData>): Promise<void> => {
        const key = String(job.attrs._id);
        if (running.has(key)) return;
        const keptLocked = () => runKeepingLock(job, handle, lockLifetime, log);
        const run = recurring.has(name) ? runAlone(database, name, lockLifetime, keptLocked) : keptLocked();
        running.set(key, run);
        await run.finally(() => running.delete(key));
      };
      // A recurring job comes again by itself.
      const backoff = ({ attempt }: { attempt: number }) =>
        recurring.has(name) ? null : Math.min(60_000, 500 * 2 ** attempt);
      agenda.define(name, begin, {
        concurrency: abreast,
        lockLimit: abreast,
        lockLifetime,
        removeOnComplete: true,
        backoff,
      });
    },
    async every(name, seconds) {
      await backend.connected;
      recurring.add(name);
      await arrange(database, name, seconds * 1000);
    },
    async at(name, when, subject) {
      await backend.connected;
      // Only a record that nobody took yet is replaced: one that runs would overwrite the new time when it ends.
      const untaken = { 'data.subject': subject, lockedAt: null, lastRunAt: null };
      await agenda.create<JobData>(name, { subject }).schedule(when).unique(untaken).save();
    },
    async cancel(name, subject) {
      await backend.connected;
      await agenda.cancel({ name, data: { subject } });
    },
    async start() {
      await backend.connected;
      await agenda.start();
    },
    async stop() {
      backend.stopping = true;
      await backend.connected;
      await agenda.stop(false);
      while (running.size + backend.calls.size > 0) {
        await Promise.allSettled([...running.values(), ...backend.calls]);
        // What a run writes at its end is begun after the run is over.
        await nextTurn();
      }
      await database.db
        .collection('jobs')
        .updateMany({ lastModifiedBy: owner, lockedAt: { $ne: null } }, { $set: { lockedAt: null } });
    },
  };
}

/** The one record of a job that recurs; who runs it, and when it runs next, is left as it is. */
async function arrange(database: Database, name: string, repeatInterval: number): Promise<void> {
  const jobs = database.db.collection('jobs');
  const _id = new ObjectId(createHash('sha256').update(name).digest('hex').slice(0, 24));
  // One that agenda itself arranged, or a second one of the same name, would be run beside it.
  await jobs.deleteMany({ name, type: 'single', _id: { $ne: _id } });
  const fresh = { name, type: 'single', data: {}, priority: 0, nextRunAt: new Date(), lockedAt: null };
  await jobs.updateOne({ _id }, { $set: { repeatInterval }, $setOnInsert: fresh }, { upsert: true });
}

/** Runs it unless another process does; renewed while it runs, and of a process that is gone the lease runs out. */
async function runAlone(database: Database, name: string, ms: number, run: () => Promise<void>): Promise<void> {
  const lease = await takeLease(database, `job:${name}`, ms);
  if (!lease) return;
  const renewing = setInterval(() => void lease.renew().catch(() => {}), ms / 3);
  try {
    await run();
  } finally {
    clearInterval(renewing);
    // What cannot be released now runs out by itself.
    await lease.release().catch(() => {});
  }
}

async function runKeepingLock(
  job: Job<JobData>,
  handle: (subject: string) => Promise<void>,
  lockMs: number,
  log: Log,
): Promise<void> {
  const { name, data } = job.attrs;
  const subject = data?.subject ?? '';
  const renewing = setInterval(() => void job.touch().catch(() => {}), lockMs / 3);
  try {
    await handle(subject);
  } catch (error) {
    log.warn({ job: name, subject, err: error }, 'a job failed');
    // Agenda keeps what it is told in the record of the job, and an error may name a person; the log masks it.
    throw new Error('the job failed: the log says why', { cause: error });
  } finally {
    clearInterval(renewing);
  }
}

/** Agenda's way to MongoDB, watched: what is under way is known, and once it is stopping no job is locked any more. */
class WatchedBackend extends MongoBackend {
  readonly calls = new Set<Promise<unknown>>();
  stopping = false;
  /** Rejects where agenda itself would leave a rejection that nobody handles. */
  connected: Promise<void> = Promise.resolve();
  #watched: MongoBackend['repository'] | undefined;

  override connect(): Promise<void> {
    this.connected = super.connect();
    return this.connected.catch(() => new Promise(() => {}));
  }

  override get repository(): MongoBackend['repository'] {
    this.#watched ??= new Proxy(super.repository, {
      get: (repository, name) => {
        const member: unknown = Reflect.get(repository, name);
        if (typeof member !== 'function') return member;
        return (...args: unknown[]) => {
          if (this.stopping && name === 'getNextJobToRun') return Promise.resolve(undefined);
          return this.#watch(Reflect.apply(member, repository, args));
        };
      },
    });
    return this.#watched;
  }

  #watch(result: unknown): unknown {
    if (!(result instanceof Promise)) return result;
    this.calls.add(result);
    const over = () => this.calls.delete(result);
    result.then(over, over);
    return result;
  }
}
