import { spawn } from 'node:child_process';
import { once } from 'node:events';
import { afterEach, beforeEach, describe, expect, test, vi } from 'vitest';
import { createLog } from '../../src/platform/log.ts';
import { migrate } from '../../src/platform/migrations.ts';
import {
  backoffAfter,
  createOutbox,
  type Outbox,
  type OutboxEvent,
  type OutboxOptions,
  outboxMigrations,
} from '../../src/platform/outbox.ts';
import { type FreshDatabase, freshDatabase } from '../support/mongo.ts';

let database: FreshDatabase;
let lines: string[];
const running: Outbox[] = [];

beforeEach(async () => {
  database = await freshDatabase();
  lines = [];
  await migrate(database, outboxMigrations, { log: createLog({ level: 'silent' }) });
});
afterEach(async () => {
  await Promise.all(running.splice(0).map((outbox) => outbox.stop()));
  await database.drop();
});

/** The machine that tests run on may be busy. */
const patient = { timeout: 15_000, interval: 10 };

const subscriptions = { reports: ['campaign.finished', 'campaign.paused'], alerts: ['campaign.finished'] };

function outboxOf(options: Partial<OutboxOptions> = {}): Outbox {
  const log = createLog({ level: 'info', destination: { write: (line) => void lines.push(line) } });
  const outbox = createOutbox(database, { subscriptions, log, pollMs: 20, backoffMs: 1, ...options });
  running.push(outbox);
  return outbox;
}

/** Emits events of one kind in a transaction each. */
async function emitAll(outbox: Outbox, ...subjects: readonly string[]): Promise<void> {
  for (const [n, subject] of subjects.entries()) {
    const event = { kind: 'campaign.finished', subject, department: 'sales', body: { n } };
    await database.inTransaction((session) => outbox.emit(session, event));
  }
}

const events = () => database.db.collection('events');
const allHeard = () =>
  vi.waitUntil(async () => (await events().countDocuments({ 'waiting.0': { $exists: true } })) === 0, {
    ...patient,
  });
const noted =
  (heard: string[], name = '') =>
  async ({ subject, body }: OutboxEvent) =>
    void heard.push(`${name}${subject}/${body.n}`);

describe('an event', () => {
  test('is heard by every listener of its kind, and by no other', async () => {
    const outbox = outboxOf();
    const heard: OutboxEvent[] = [];
    outbox.listen('reports', async (event) => void heard.push(event));
    outbox.listen('alerts', async (event) => void heard.push(event));
    outbox.start();
    const told = {
      kind: 'campaign.paused',
      subject: 'campaign:1',
      department: null,
      body: { price: '$amount', by: 'olga' },
    };
    await database.inTransaction((session) => outbox.emit(session, told));
    await database.inTransaction((session) => outbox.emit(session, { ...told, kind: 'campaign.finished' }));
    await database.inTransaction((session) => outbox.emit(session, { ...told, kind: 'campaign.unheard-of' }));
    await allHeard();
    expect(heard.map(({ kind }) => kind).sort()).toEqual(['campaign.finished', 'campaign.finished', 'campaign.paused']);
    expect(heard[0]).toEqual({ ...told, id: expect.stringMatching(/^[\da-f]{24}$/), at: expect.any(Date) });
  });

  test('is written with its transaction, or not at all', async () => {
    const outbox = outboxOf();
    const broken = database.inTransaction(async (session) => {
      await outbox.emit(session, { kind: 'campaign.finished', subject: 'campaign:1', department: null, body: {} });
      throw new Error('the change failed');
    });
    await expect(broken).rejects.toThrow('the change failed');
    expect(await events().countDocuments()).toBe(0);
  });

  test('is heard at once in its own process, without waiting for the poll', async () => {
    const outbox = outboxOf({ pollMs: 60_000 });
    const heard: string[] = [];
    outbox.listen('alerts', noted(heard));
    outbox.start();
    await emitAll(outbox, 'a');
    await vi.waitUntil(() => heard.length === 1, patient);
  });

  test('told by a process that only tells is heard by one that listens', async () => {
    const heard: string[] = [];
    const listening = outboxOf();
    listening.listen('alerts', noted(heard));
    listening.start();
    await emitAll(outboxOf(), 'a');
    await vi.waitUntil(() => heard.length === 1, patient);
  });

  test('may go some time after all have heard it, and not before', async () => {
    const outbox = outboxOf({ keepDays: 3 });
    await emitAll(outbox, 'a');
    const unheard = { kind: 'campaign.unheard-of', subject: 'b', department: null, body: {} };
    await database.inTransaction((session) => outbox.emit(session, unheard));
    const inDays = async (subject: string) => {
      const deleteAfter: Date | undefined = (await events().findOne({ subject }))?.deleteAfter;
      return deleteAfter && Math.round((deleteAfter.getTime() - Date.now()) / 86_400_000);
    };
    expect([await inDays('a'), await inDays('b')]).toEqual([undefined, 3]);
    outbox.listen('alerts', async () => {});
    outbox.start();
    await vi.waitUntil(async () => (await events().countDocuments({ waiting: 'alerts' })) === 0, patient);
    expect(await inDays('a')).toBeUndefined();
    const reports = outboxOf({ keepDays: 3 });
    reports.listen('reports', async () => {});
    reports.start();
    await allHeard();
    expect(await inDays('a')).toBe(3);
  });
});

describe('listeners', () => {
  test('in many processes hear each event once, those of a subject in order and one at a time', async () => {
    const heard: string[] = [];
    const under = new Set<string>();
    const overlaps: string[] = [];
    const handle = async ({ subject, body }: OutboxEvent) => {
      if (under.has(subject)) overlaps.push(subject);
      under.add(subject);
      await new Promise((resolve) => setTimeout(resolve, 1));
      heard.push(`${subject}/${body.n}`);
      under.delete(subject);
    };
    const subjects = Array.from({ length: 40 }, (_, i) => `campaign:${i % 4}`);
    await emitAll(outboxOf(), ...subjects);
    for (let i = 0; i < 3; i++) {
      const outbox = outboxOf();
      outbox.listen('alerts', handle);
      outbox.listen('reports', async () => {});
      outbox.start();
    }
    await allHeard();
    expect(overlaps).toEqual([]);
    for (const one of new Set(subjects)) {
      const expected = subjects.map((subject, n) => `${subject}/${n}`).filter((entry) => entry.startsWith(`${one}/`));
      expect(heard.filter((entry) => entry.startsWith(`${one}/`))).toEqual(expected);
    }
  });

  test('hear events of one subject in the order of their transactions, whichever process told them', async () => {
    const counters = database.db.collection<{ _id: string; n: number }>('counters');
    const tell = (outbox: Outbox) =>
      database.inTransaction(async (session) => {
        const counter = await counters.findOneAndUpdate(
          { _id: 'c' },
          { $inc: { n: 1 } },
          { session, upsert: true, returnDocument: 'after' },
        );
        await outbox.emit(session, {
          kind: 'campaign.finished',
          subject: 'c',
          department: null,
          body: { n: counter?.n },
        });
      });
    const tellers = [outboxOf(), outboxOf(), outboxOf()];
    await Promise.all(Array.from({ length: 30 }, (_, i) => tell(tellers[i % 3]!)));
    const heard: string[] = [];
    const outbox = outboxOf();
    outbox.listen('alerts', noted(heard));
    outbox.start();
    await vi.waitUntil(() => heard.length === 30, patient);
    expect(heard).toEqual(Array.from({ length: 30 }, (_, i) => `c/${i + 1}`));
  });

  test('pass over more subjects that are put off than fit one look', async () => {
    await emitAll(outboxOf(), ...Array.from({ length: 120 }, (_, i) => `bad:${i}`), 'good');
    const heard: string[] = [];
    const outbox = outboxOf({ backoffMs: 60_000 });
    outbox.listen('alerts', async (event) => {
      if (event.subject.startsWith('bad')) throw new Error('not now');
      await noted(heard)(event);
    });
    outbox.start();
    await vi.waitUntil(() => heard.length === 1, patient);
  });

  test('that stop finish what they have begun, and begin nothing', async () => {
    const outbox = outboxOf();
    const begun = Promise.withResolvers<void>();
    const go = Promise.withResolvers<void>();
    const heard: string[] = [];
    outbox.listen('alerts', async (event) => {
      begun.resolve();
      await go.promise;
      await noted(heard)(event);
    });
    await emitAll(outbox, 'a', 'b');
    outbox.start();
    await begun.promise;
    const stopped = outbox.stop();
    go.resolve();
    await stopped;
    expect(heard).toEqual(['a/0']);
    expect(await events().countDocuments({ waiting: 'alerts' })).toBe(1);
  });

  test('go on when the database was away', async () => {
    const outbox = outboxOf();
    const heard: string[] = [];
    outbox.listen('alerts', noted(heard));
    const away = vi.spyOn(database.db.collection('events').constructor.prototype, 'aggregate');
    away.mockImplementationOnce(() => {
      throw new Error('no server');
    });
    outbox.start();
    await emitAll(outbox, 'a');
    await vi.waitUntil(() => heard.length === 1, patient);
    away.mockRestore();
    expect(lines.join('')).toContain('events cannot be read');
  });

  test.each([
    ['an unknown name', (outbox: Outbox) => outbox.listen('nobody', async () => {}), 'no listener is called nobody'],
    ['twice', (outbox: Outbox) => [1, 2].map(() => outbox.listen('alerts', async () => {})), 'listens already'],
    ['a name with a dot', () => outboxOf({ subscriptions: { 'a.b': [] } }), 'no name of a listener'],
  ])('are not set up with %s', (_, setUp, message) => {
    expect(() => setUp(outboxOf())).toThrow(message);
  });
});

describe('a handler that fails', () => {
  test('is tried again with growing waits, while other subjects go on and its own waits', async () => {
    const outbox = outboxOf();
    const heard: string[] = [];
    let failures = 0;
    outbox.listen('alerts', async (event) => {
      if (event.body.n === 0 && failures++ < 3) throw new Error('canary +79161234567');
      await noted(heard)(event);
    });
    await emitAll(outbox, 'a', 'a', 'b');
    outbox.start();
    await vi.waitUntil(() => heard.length === 3, patient);
    expect(heard.filter((entry) => entry.startsWith('a'))).toEqual(['a/0', 'a/1']);
    expect(lines.join('')).toContain('an event was not handled');
    expect(lines.join('')).not.toContain('1234567');
  });

  test.each([
    [1, 500],
    [2, 1000],
    [5, 8000],
    [12, 600_000],
    [1000, 600_000],
  ])('waits after failure %i for %i ms', (failures, ms) => {
    expect(backoffAfter(failures, 500)).toBe(ms);
  });

  test('for good is given up after some tries, counted, and may be tried once more', async () => {
    const outbox = outboxOf({ attempts: 3 });
    const heard: string[] = [];
    let mended = false;
    let tries = 0;
    outbox.listen('alerts', async (event) => {
      tries += 1;
      if (event.subject === 'poison' && !mended) throw new Error('always');
      await noted(heard)(event);
    });
    await emitAll(outbox, 'poison', 'poison');
    outbox.start();
    await vi.waitUntil(async () => (await outbox.parked()).alerts === 2, patient);
    expect(tries).toBe(6);
    expect(lines.join('')).toContain('an event was given up: its handler fails');
    expect(await events().countDocuments({ deleteAfter: { $exists: true } })).toBe(0);
    mended = true;
    expect(await outbox.retryParked('alerts')).toBe(2);
    await vi.waitUntil(() => heard.length === 2, patient);
    expect(heard).toEqual(['poison/0', 'poison/1']);
    expect(await outbox.parked()).toEqual({});
  });
});

describe('a process that dies in a handler', () => {
  const child = (attempts: number) =>
    spawn(
      process.execPath,
      [
        '--input-type=module',
        '-e',
        `import { connectMongo } from ${JSON.stringify(new URL('../../src/platform/mongo/connect.ts', import.meta.url).href)};
        import { createOutbox } from ${JSON.stringify(new URL('../../src/platform/outbox.ts', import.meta.url).href)};
        import { silentLog as log } from ${JSON.stringify(new URL('../../src/platform/log.ts', import.meta.url).href)};
        const database = await connectMongo(${JSON.stringify(database.uri)}, ${JSON.stringify(database.name)});
        const subscriptions = ${JSON.stringify(subscriptions)};
        const outbox = createOutbox(database, { subscriptions, log, pollMs: 20, leaseMs: 150, attempts: ${attempts} });
        outbox.listen('alerts', async () => process.kill(process.pid, 'SIGKILL'));
        outbox.start();`,
      ],
      { stdio: ['ignore', 'ignore', 'inherit'] },
    );

  test('leaves the event to another after its lease', async () => {
    await emitAll(outboxOf(), 'a');
    await once(child(5), 'close');
    const heard: string[] = [];
    const outbox = outboxOf();
    outbox.listen('alerts', noted(heard));
    outbox.start();
    await vi.waitUntil(() => heard.length === 1, patient);
  });

  test('does not die of the same event for ever', async () => {
    await emitAll(outboxOf(), 'a');
    await once(child(1), 'close');
    const heard: string[] = [];
    const outbox = outboxOf({ attempts: 1 });
    outbox.listen('alerts', noted(heard));
    outbox.start();
    await vi.waitUntil(async () => (await outbox.parked()).alerts === 1, patient);
    expect(heard).toEqual([]);
    // It is parked first and said then.
    await vi.waitUntil(() => lines.join('').includes('its process died of it'), patient);
  });

  test('only seemingly, being slow, keeps its event by renewing', async () => {
    const slow = outboxOf({ leaseMs: 500 });
    const heard: string[] = [];
    slow.listen('alerts', async (event) => {
      await new Promise((resolve) => setTimeout(resolve, 1200));
      await noted(heard, 'slow ')(event);
    });
    const other = outboxOf({ leaseMs: 500 });
    other.listen('alerts', noted(heard, 'other '));
    slow.start();
    await emitAll(slow, 'a');
    await vi.waitUntil(
      async () => (await events().countDocuments({ 'held.alerts': { $exists: true } })) === 1,
      patient,
    );
    other.start();
    await vi.waitUntil(async () => (await events().countDocuments({ waiting: 'alerts' })) === 0, patient);
    expect(heard).toEqual(['slow a/0']);
  });
});
