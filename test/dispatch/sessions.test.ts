/** Which sessions a worker holds: one slot each, closed as soon as the slot is lost, and no account in another's way. */
import { afterAll, beforeEach, describe, expect, test } from 'vitest';
import type { Account } from '../../src/dispatch/account.ts';
import { type AccountStore, accountStore } from '../../src/dispatch/account-store.ts';
import type { Provider, ProviderEvents } from '../../src/dispatch/provider.ts';
import type { DispatchRoom } from '../../src/dispatch/room.ts';
import { createSessions } from '../../src/dispatch/sessions.ts';
import { type FreshDatabase, freshDatabase } from '../support/mongo.ts';
import { silent } from './planted.ts';

const databases: FreshDatabase[] = [];
afterAll(() => Promise.all(databases.map((one) => one.drop())));

/** An account whose operator does what the test says. */
class Line implements Provider {
  readonly name: string;
  readonly limits = { partsPerSecond: 10, inFlight: 10, batch: 10 };
  readonly share: number;
  up = false;
  stopped = false;
  events: ProviderEvents | null = null;
  /** Holds a stop back until the test lets it go. */
  ending = Promise.resolve();
  constructor(name: string, share: number) {
    this.name = name;
    this.share = share;
  }
  async start(on: ProviderEvents) {
    this.events = on;
  }
  health() {
    return this.up
      ? ({ up: true, since: new Date() } as const)
      : ({ up: false, since: new Date(), why: 'not bound' } as const);
  }
  turn(up: boolean) {
    this.up = up;
    this.events?.healthChanged?.(this.health());
  }
  async send() {
    return [];
  }
  async stop() {
    await this.ending;
    this.stopped = true;
  }
}

const account = (name: string, fields: Partial<Account> = {}) =>
  ({ name, binds: 1, partsPerSecond: 100, window: 10, enabled: true, ...fields }) as Account;

let store: AccountStore;
let lines: Line[];
let mono = 0;

beforeEach(async () => {
  const database = await freshDatabase();
  databases.push(database);
  store = accountStore(database);
  lines = [];
  mono = 0;
});

function sessionsOf(owner: string, { leaseMs = 60_000, broken = '' } = {}) {
  const room = {
    accounts: store,
    timers: { leaseMs },
    log: silent,
    mono: () => mono,
    takeInbound: async () => {},
    makeProvider: ({ name }: Account, { partsPerSecond }: { partsPerSecond: number }) => {
      if (name === broken) throw new Error('its settings make no sense');
      const line = new Line(name, partsPerSecond);
      lines.push(line);
      return line;
    },
  };
  return createSessions(room as unknown as DispatchRoom, owner);
}

const slots = async () => (await store.liveSlots()).map(({ _id, owner, up }) => ({ _id, owner, up }));
const soon = () => new Promise((resolve) => setTimeout(resolve, 20));

describe('opening', () => {
  test('one session for each account, in a slot of its own, with its share of the rate', async () => {
    const sessions = sessionsOf('one');
    const accounts = [account('alfa', { binds: 4 }), account('beta')];
    await sessions.tend(accounts);
    await sessions.tend(accounts);
    expect(lines.map(({ name, share }) => [name, share])).toEqual([
      ['alfa', 25],
      ['beta', 100],
    ]);
    expect(await slots()).toMatchObject([{ _id: 'alfa#1' }, { _id: 'beta#1' }]);
    expect(sessions.all().map((one) => one.slot)).toEqual(['alfa#1', 'beta#1']);
  });

  test('two workers hold two slots, a third none', async () => {
    const workers = ['one', 'two', 'three'].map((owner) => sessionsOf(owner));
    for (const worker of workers) await worker.tend([account('alfa', { binds: 2 })]);
    expect(workers.map((worker) => worker.get('alfa')?.slot)).toEqual(['alfa#1', 'alfa#2', undefined]);
  });

  test('never more sessions than parts a second', async () => {
    const slow = [account('alfa', { binds: 5, partsPerSecond: 2.5 })];
    const workers = ['one', 'two', 'three'].map((owner) => sessionsOf(owner));
    for (const worker of workers) await worker.tend(slow);
    expect(workers.map((worker) => worker.all().length)).toEqual([1, 1, 0]);
    expect(lines.map((line) => line.share)).toEqual([1.25, 1.25]);
  });

  test('an account that is set up wrongly keeps no other down, and no slot', async () => {
    const sessions = sessionsOf('one', { broken: 'alfa' });
    await sessions.tend([account('alfa'), account('beta')]);
    expect(sessions.all().map((one) => one.account.name)).toEqual(['beta']);
    expect((await slots()).map((slot) => slot._id)).toEqual(['beta#1']);
  });
});

describe('health', () => {
  test('is shown as soon as it changes', async () => {
    const sessions = sessionsOf('one');
    await sessions.tend([account('alfa')]);
    expect(sessions.isUp('alfa')).toBe(false);
    lines[0]!.turn(true);
    await soon();
    expect(sessions.isUp('alfa')).toBe(true);
    expect(await slots()).toMatchObject([{ up: true }]);
    lines[0]!.turn(false);
    await soon();
    expect(await slots()).toMatchObject([{ up: false }]);
    expect(sessions.isUp('nobody')).toBe(false);
  });

  test('an operator that asked to slow down counts as up again after that time', async () => {
    const sessions = sessionsOf('one');
    await sessions.tend([account('alfa')]);
    lines[0]!.turn(true);
    sessions.rest('alfa', 500);
    // Another chunk was taken meanwhile: that does not shorten it.
    sessions.rest('alfa', 0);
    expect([sessions.isUp('alfa'), sessions.anyRests()]).toEqual([false, true]);
    mono = 500;
    expect([sessions.isUp('alfa'), sessions.anyRests()]).toEqual([true, false]);
  });
});

describe('closing', () => {
  test('an account out of use is closed, and its slot is free at once', async () => {
    const sessions = sessionsOf('one');
    await sessions.tend([account('alfa')]);
    await sessions.tend([]);
    await soon();
    expect(lines[0]!.stopped).toBe(true);
    expect(await slots()).toEqual([]);
  });

  test('one that takes its time to end keeps no other from being renewed, and is not opened a second time', async () => {
    const sessions = sessionsOf('one');
    const both = [account('alfa', { binds: 2 }), account('beta')];
    await sessions.tend(both);
    const letGo = Promise.withResolvers<void>();
    lines[0]!.ending = letGo.promise;
    await store.freeSlot('alfa#1', 'one');
    await sessions.tend(both);
    expect(sessions.get('alfa')).toBeUndefined();
    await sessions.tend(both);
    expect(lines.length).toBe(2);
    letGo.resolve();
    await soon();
    await sessions.tend(both);
    expect(lines.length).toBe(3);
  });

  test('a slot that another has taken is not used any more', async () => {
    const asleep = sessionsOf('one', { leaseMs: 20 });
    await asleep.tend([account('alfa')]);
    await new Promise((resolve) => setTimeout(resolve, 50));
    const awake = sessionsOf('two');
    await awake.tend([account('alfa')]);
    await asleep.renew();
    expect([asleep.all().length, awake.all().length]).toEqual([0, 1]);
    await soon();
    expect(lines[0]!.stopped).toBe(true);
    expect(await slots()).toMatchObject([{ owner: 'two' }]);
  });

  test('a stop waits for all, also for those that were closing, frees the slots, and opens none again', async () => {
    const sessions = sessionsOf('one');
    const both = [account('alfa'), account('beta')];
    await sessions.tend(both);
    const letGo = Promise.withResolvers<void>();
    lines[0]!.ending = letGo.promise;
    await sessions.tend([both[1]!]);
    const stopped = sessions.stop();
    letGo.resolve();
    await stopped;
    expect(lines.map((line) => line.stopped)).toEqual([true, true]);
    expect(await slots()).toEqual([]);
    await sessions.tend(both);
    expect(sessions.all()).toEqual([]);
  });

  test('one whose end fails does not keep a stop waiting', async () => {
    const sessions = sessionsOf('one');
    await sessions.tend([account('alfa')]);
    lines[0]!.ending = Promise.reject(new Error('the socket is gone'));
    await sessions.stop();
    expect(sessions.all()).toEqual([]);
  });
});
