import { spawn } from 'node:child_process';
import { once } from 'node:events';
import { setTimeout as sleep } from 'node:timers/promises';
import { afterEach, beforeEach, describe, expect, test, vi } from 'vitest';
import { createJobs, type Jobs } from '../../src/platform/jobs.ts';
import { createLog } from '../../src/platform/log.ts';
import { type FreshDatabase, freshDatabase } from '../support/mongo.ts';

let database: FreshDatabase;
let lines: string[];
const running: Jobs[] = [];

beforeEach(async () => {
  database = await freshDatabase();
  lines = [];
});
afterEach(async () => {
  await Promise.all(running.splice(0).map((jobs) => jobs.stop()));
  await database.drop();
});

function jobsOf(everySeconds = 0.02): Jobs {
  const log = createLog({ level: 'info', destination: { write: (line) => void lines.push(line) } });
  const jobs = createJobs(database, { log, everySeconds });
  running.push(jobs);
  return jobs;
}

/** The machine that tests run on may be busy. */
const patient = { timeout: 15_000, interval: 10 };
const records = () => database.db.collection('jobs');
const locked = () => records().countDocuments({ lockedAt: { $ne: null } });
const soon = (ms = 0) => new Date(Date.now() + ms);

describe('a job set for a time', () => {
  test('runs then, once, in one of the processes, and leaves nothing behind', async () => {
    const ran: string[] = [];
    const processes = [jobsOf(), jobsOf()];
    for (const jobs of processes) {
      jobs.define('wake', async (subject) => void ran.push(subject));
      await jobs.start();
    }
    await processes[0]?.at('wake', soon(50), 'campaign:1');
    await processes[1]?.at('wake', soon(-1000), 'campaign:2');
    await vi.waitUntil(async () => ran.length === 2 && (await records().countDocuments()) === 0, patient);
    expect(ran.sort()).toEqual(['campaign:1', 'campaign:2']);
  });

  test('replaces what was set before for the same subject, and for no other', async () => {
    const jobs = jobsOf();
    await jobs.at('wake', soon(1000), 'campaign:1');
    await jobs.at('wake', soon(1000), 'campaign:2');
    const when = soon(60_000);
    await jobs.at('wake', when, 'campaign:1');
    expect(await records().countDocuments()).toBe(2);
    expect(await records().findOne({ 'data.subject': 'campaign:1' })).toMatchObject({ nextRunAt: when });
  });

  test('is forgotten when cancelled', async () => {
    const jobs = jobsOf();
    const ran: string[] = [];
    jobs.define('wake', async (subject) => void ran.push(subject));
    await jobs.at('wake', soon(), 'campaign:1');
    await jobs.at('wake', soon(), 'campaign:2');
    await jobs.cancel('wake', 'campaign:1');
    await jobs.start();
    await vi.waitUntil(() => ran.length === 1, patient);
    expect(ran).toEqual(['campaign:2']);
    expect(await records().countDocuments({ 'data.subject': 'campaign:1' })).toBe(0);
  });

  test('may be set anew by its own handler', async () => {
    const jobs = jobsOf();
    let ran = 0;
    jobs.define('wake', async (subject) => {
      if (++ran < 3) await jobs.at('wake', soon(), subject);
    });
    await jobs.start();
    await jobs.at('wake', soon(), 'campaign:1');
    await vi.waitUntil(async () => ran === 3 && (await records().countDocuments()) === 0, patient);
  });

  test('that fails is tried again, and the failure logged', async () => {
    const jobs = jobsOf();
    let ran = 0;
    jobs.define('wake', async () => {
      if (++ran === 1) throw new Error('canary +79161234567');
    });
    await jobs.start();
    await jobs.at('wake', soon(), 'campaign:1');
    await vi.waitUntil(() => ran === 2, patient);
    expect(lines.join('')).toContain('a job failed');
    expect(lines.join('')).not.toContain('1234567');
  });
});

describe('a job that recurs', () => {
  test('runs again and again, one run at a time over all processes', async () => {
    let [ran, under, most] = [0, 0, 0];
    const processes = [jobsOf(), jobsOf()];
    for (const jobs of processes) {
      jobs.define('tick', async () => {
        most = Math.max(most, ++under);
        await sleep(20);
        under -= 1;
        ran += 1;
      });
      await jobs.start();
      await jobs.every('tick', 0.03);
    }
    await vi.waitUntil(() => ran >= 5, patient);
    expect(most).toBe(1);
    expect(await records().countDocuments()).toBe(1);
  });

  test('is not begun beside itself when another process starts meanwhile', async () => {
    const go = Promise.withResolvers<void>();
    let begun = 0;
    const start = async () => {
      const jobs = jobsOf();
      jobs.define('tick', async () => {
        begun += 1;
        await go.promise;
      });
      await jobs.start();
      await jobs.every('tick', 0.02);
    };
    await start();
    await vi.waitUntil(() => begun === 1, patient);
    await start();
    expect(await locked()).toBe(1);
    await sleep(200);
    expect(begun).toBe(1);
    go.resolve();
    await vi.waitUntil(() => begun > 2, patient);
  });

  test('is arranged once, however many processes start at once', async () => {
    await Promise.all(Array.from({ length: 20 }, () => jobsOf().every('tick', 60)));
    expect(await records().countDocuments()).toBe(1);
  });

  test('is not begun by a machine whose clock says that the lock has run out', async () => {
    const go = Promise.withResolvers<void>();
    let begun = 0;
    for (const jobs of [jobsOf(), jobsOf()]) {
      jobs.define('tick', async () => {
        begun += 1;
        await go.promise;
      });
      await jobs.start();
      await jobs.every('tick', 0.02);
    }
    await vi.waitUntil(() => begun === 1, patient);
    // As it looks to a clock that goes an hour before.
    await records().updateOne({}, { $set: { lockedAt: soon(-3_600_000) } });
    await sleep(200);
    expect(begun).toBe(1);
    go.resolve();
    await vi.waitUntil(() => begun > 2, patient);
  });

  test('takes another interval when it is started with one', async () => {
    await jobsOf().every('tick', 60);
    await jobsOf().every('tick', 90);
    expect(await records().findOne({})).toMatchObject({ repeatInterval: 90_000 });
  });

  test('comes again at its own time after a failure', async () => {
    const jobs = jobsOf();
    let ran = 0;
    jobs.define('tick', async () => {
      ran += 1;
      throw new Error('always +79161234567');
    });
    await jobs.start();
    await jobs.every('tick', 0.03);
    await vi.waitUntil(() => ran >= 3, patient);
    expect(JSON.stringify(await records().find({}).toArray())).not.toContain('1234567');
  });
});

describe('a lock', () => {
  test('is kept while the handler runs, so that it is never run beside itself', async () => {
    let [ran, under, most] = [0, 0, 0];
    for (const jobs of [jobsOf(), jobsOf()]) {
      jobs.define(
        'slow',
        async () => {
          most = Math.max(most, ++under);
          await sleep(1500);
          under -= 1;
          ran += 1;
        },
        { lockSeconds: 0.6 },
      );
      await jobs.start();
    }
    await running[0]?.at('slow', soon(), 'campaign:1');
    await vi.waitUntil(() => ran > 0, patient);
    await sleep(200);
    expect([ran, most]).toEqual([1, 1]);
  });

  test.each(['at', 'every'])('of a process that was killed is taken over (%s)', async (how) => {
    const url = (path: string) => JSON.stringify(new URL(`../../src/platform/${path}`, import.meta.url).href);
    const child = spawn(
      process.execPath,
      [
        '--input-type=module',
        '-e',
        `import { connectMongo } from ${url('mongo/connect.ts')};
        import { createJobs } from ${url('jobs.ts')};
        import { silentLog as log } from ${url('log.ts')};
        const database = await connectMongo(${JSON.stringify(database.uri)}, ${JSON.stringify(database.name)});
        const jobs = createJobs(database, { log, everySeconds: 0.02 });
        jobs.define('wake', async () => process.kill(process.pid, 'SIGKILL'), { lockSeconds: 0.3 });
        await jobs.start();
        await ${how === 'at' ? "jobs.at('wake', new Date(), '')" : "jobs.every('wake', 0.05)"};`,
      ],
      { stdio: ['ignore', 'ignore', 'inherit'] },
    );
    await once(child, 'close');
    expect(await locked()).toBe(1);
    const jobs = jobsOf();
    let ran = 0;
    jobs.define('wake', async () => void ran++, { lockSeconds: 0.3 });
    await jobs.start();
    await vi.waitUntil(() => ran > 0, patient);
  });
});

describe('a stop', () => {
  test('waits for what runs, and leaves nothing locked that another could run', async () => {
    const jobs = jobsOf();
    const begun = Promise.withResolvers<void>();
    const go = Promise.withResolvers<void>();
    let ran = 0;
    jobs.define('slow', async () => {
      begun.resolve();
      await go.promise;
      ran += 1;
    });
    await jobs.start();
    for (let i = 0; i < 20; i++) await jobs.at('slow', soon(), `campaign:${i}`);
    await begun.promise;
    const stopped = jobs.stop();
    go.resolve();
    await stopped;
    expect(ran).toBeGreaterThan(0);
    expect(await locked()).toBe(0);
    expect(await records().countDocuments()).toBe(20 - ran);
  });

  test.each([0, 1, 2, 5, 10, 20])('leaves nothing locked, %i ms after the start', async (ms) => {
    const jobs = jobsOf();
    const other = jobsOf();
    let ran = 0;
    jobs.define('quick', async () => void ran++);
    for (let i = 0; i < 30; i++) await jobs.at('quick', soon(i), `campaign:${i}`);
    await jobs.start();
    await sleep(ms);
    await jobs.stop();
    await sleep(50);
    expect(await locked()).toBe(0);
    other.define('quick', async () => void ran++);
    await other.start();
    await vi.waitUntil(async () => (await records().countDocuments()) === 0, patient);
    expect(ran).toBe(30);
  });

  test('before a start is nothing', async () => {
    await jobsOf().stop();
  });
});
