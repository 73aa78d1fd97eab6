/** Which sessions a worker holds: one in each slot, closed as soon as the slot is lost, and no account in another's way. */
import { afterAll, afterEach, beforeEach, describe, expect, test } from 'vitest';
import type { Account } from '../../src/dispatch/account.ts';
import { type AccountStore, accountStore } from '../../src/dispatch/account-store.ts';
import type { OutboundSms, Provider, ProviderEvents, Turns } from '../../src/dispatch/provider.ts';
import type { DispatchRoom } from '../../src/dispatch/room.ts';
import { createSessions, type Sessions } from '../../src/dispatch/sessions.ts';
import { until } from '../support/herald.ts';
import { type FreshDatabase, freshDatabase } from '../support/mongo.ts';
import { silent } from './planted.ts';

const databases: FreshDatabase[] = [];
afterAll(() => Promise.all(databases.map((one) => one.drop())));

/** An account whose operator does what the test says. */
class Line implements Provider {
  readonly name: string;
  readonly limits = { partsPerSecond: 10, inFlight: 10, batch: 10 };
  readonly turns: Turns;
  /** Messages that it was handed. */
  sent = 0;
  up = false;
  stopped = false;
  events: ProviderEvents | null = null;
  /** Holds a stop back until the test lets it go. */
  ending = Promise.resolve();
  constructor(name: string, turns: Turns) {
    this.name = name;
    this.turns = turns;
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
  async send(batch: readonly OutboundSms[]) {
    this.sent += batch.length;
    await new Promise((resolve) => setTimeout(resolve, 5));
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

const opened: Sessions[] = [];
afterEach(() => Promise.all(opened.splice(0).map((sessions) => sessions.stop())));

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
    makeProvider: ({ name }: Account, { turns }: { turns: Turns }) => {
      if (name === broken) throw new Error('its settings make no sense');
      const line = new Line(name, turns);
      lines.push(line);
      return line;
    },
  };
  const sessions = createSessions(room as unknown as DispatchRoom, owner);
  opened.push(sessions);
  return sessions;
}

const lineOf = (name: string) => lines.find((line) => line.name === name)!;
const slots = async () => (await store.liveSlots()).map(({ _id, owner, up }) => ({ _id, owner, up }));
const soon = () => new Promise((resolve) => setTimeout(resolve, 20));

/** Parts that go through in two seconds of trying. */
function partsIn2s(all: readonly Line[]): number {
  let taken = 0;
  for (const end = mono + 2000; mono < end; mono += 1) {
    for (const line of all) while (line.turns.take(mono)) taken++;
  }
  return taken;
}

/** Everybody renews until nothing moves any more. */
async function settle(workers: readonly Sessions[], accounts: readonly Account[]) {
  for (let round = 0; round < 5; round++) {
    for (const worker of workers) {
      await worker.tend(accounts);
      for (const line of lines) if (!line.up && !line.stopped) line.turn(true);
      await soon();
    }
  }
}

describe('opening', () => {
  test('a lone worker has all sessions of each account, and the whole rate', async () => {
    const sessions = sessionsOf('one');
    await settle([sessions], [account('alfa', { binds: 3 }), account('beta')]);
    expect(lines.map(({ name }) => name).toSorted()).toEqual(['alfa', 'alfa', 'alfa', 'beta']);
    expect((await slots()).map(({ _id }) => _id)).toEqual(['alfa#1', 'alfa#2', 'alfa#3', 'beta#1']);
    expect(sessions.all().map((one) => one.account.name)).toEqual(['alfa', 'beta']);
    expect(sessions.rate()).toBe(200);
    const parts = partsIn2s(lines.filter(({ name }) => name === 'alfa'));
    expect(parts).toBeGreaterThan(190);
    expect(parts).toBeLessThanOrEqual(202);
  });

  test('what is sent goes through the session that has the least to do', async () => {
    const sessions = sessionsOf('one');
    await settle([sessions], [account('alfa', { binds: 3 })]);
    lines[1]!.turn(false);
    const { provider } = sessions.get('alfa')!;
    const sms = { parts: 1 } as OutboundSms;
    await Promise.all([1, 2, 3, 4].map(() => provider.send([sms, sms], new AbortController().signal)));
    expect(lines.map((line) => line.sent)).toEqual([4, 0, 4]);
  });

  test('each session keeps the limit that it has for itself', async () => {
    const sessions = sessionsOf('one');
    await settle([sessions], [account('alfa', { binds: 2, partsPerSecondPerBind: 20 })]);
    expect(sessions.rate()).toBe(40);
    expect(partsIn2s([lines[0]!])).toBeLessThanOrEqual(40);
    expect(partsIn2s(lines)).toBeGreaterThan(76);
  });

  test('two workers share the sessions and the rate of one account, a third waits for its turn', async () => {
    const workers = ['one', 'two', 'three'].map((owner) => sessionsOf(owner));
    await settle([workers[0]!], [account('alfa', { binds: 2 })]);
    expect(workers[0]!.rate()).toBe(100);
    await settle(workers, [account('alfa', { binds: 2 })]);
    expect(workers.map((worker) => worker.rate()).toSorted()).toEqual([0, 50, 50]);
    expect(workers.map((worker) => worker.all().length).toSorted()).toEqual([0, 1, 1]);
    const [first, ends] = workers.filter((worker) => worker.rate() > 0);
    const waits = workers.find((worker) => worker.rate() === 0)!;
    await ends!.stop();
    await settle([first!, waits], [account('alfa', { binds: 2 })]);
    expect([first!.rate(), ends!.rate(), waits.rate()]).toEqual([50, 0, 50]);
  });

  test('never more sessions than parts a second', async () => {
    const slow = [account('alfa', { binds: 5, partsPerSecond: 2.5 })];
    const workers = ['one', 'two', 'three'].map((owner) => sessionsOf(owner));
    await settle(workers, slow);
    expect(workers.map((worker) => worker.rate()).toSorted()).toEqual([0, 1, 1.5]);
  });

  test('an account that is set up wrongly keeps no other down, and no slot', async () => {
    const sessions = sessionsOf('one', { broken: 'alfa' });
    await sessions.tend([account('alfa'), account('beta')]);
    expect(sessions.all().map((one) => one.account.name)).toEqual(['beta']);
    await until('the slot is given back', async () => (await slots()).map((slot) => slot._id).join() === 'beta#1');
  });
});

describe('health', () => {
  test('is shown as soon as it changes', async () => {
    const sessions = sessionsOf('one');
    await sessions.tend([account('alfa')]);
    expect(sessions.isUp('alfa')).toBe(false);
    lines[0]!.turn(true);
    await until('it is up', async () => sessions.isUp('alfa'));
    expect(await slots()).toMatchObject([{ up: true }]);
    lines[0]!.turn(false);
    await until('it is shown to be down', async () => (await slots())[0]?.up === false);
    expect(sessions.isUp('nobody')).toBe(false);
  });

  test('an operator that asked to slow down counts as up again after that time', async () => {
    const sessions = sessionsOf('one');
    await sessions.tend([account('alfa')]);
    lines[0]!.turn(true);
    await until('it is up', async () => sessions.isUp('alfa'));
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
    await until('the slot is free', async () => (await slots()).length === 0);
    expect(lines[0]!.stopped).toBe(true);
  });

  test('one that takes its time to end keeps no other from being renewed, and is not opened a second time', async () => {
    const sessions = sessionsOf('one');
    const both = [account('alfa'), account('beta')];
    await sessions.tend(both);
    const letGo = Promise.withResolvers<void>();
    lineOf('alfa').ending = letGo.promise;
    await store.slots.leave('alfa', 'one');
    await store.slots.renew('alfa', both[0]!, { owner: 'two', wants: true, uses: 0, slots: [], closed: [] }, 60_000);
    await sessions.tend(both);
    expect(sessions.get('alfa')).toBeUndefined();
    await sessions.tend(both);
    expect(lines.length).toBe(2);
    await store.slots.leave('alfa', 'two');
    letGo.resolve();
    await until('it is opened again', async () => {
      await sessions.tend(both);
      return lines.length === 3;
    });
  });

  test('nothing is sent once the lease may have run out, whether or not anybody has said so', async () => {
    const sessions = sessionsOf('one');
    await settle([sessions], [account('alfa')]);
    mono += 100;
    expect([sessions.isUp('alfa'), lines[0]!.turns.take(mono)]).toEqual([true, true]);
    mono += 50_001;
    expect([sessions.isUp('alfa'), lines[0]!.turns.take(mono)]).toEqual([false, false]);
    await settle([sessions], [account('alfa')]);
    expect(sessions.isUp('alfa')).toBe(true);
  });

  test('its sessions are closed by its own clock when the lease cannot be renewed', async () => {
    const sessions = sessionsOf('one', { leaseMs: 60 });
    await sessions.tend([account('alfa')]);
    await until('the session is closed', async () => lines[0]!.stopped);
  });

  test('a slot that another has taken is not used any more', async () => {
    const asleep = sessionsOf('one', { leaseMs: 20 });
    await asleep.tend([account('alfa')]);
    const awake = sessionsOf('two');
    await until('another has it', async () => {
      await awake.tend([account('alfa')]);
      return awake.all().length === 1;
    });
    await asleep.renew();
    expect(asleep.all().length).toBe(0);
    await until('the session is closed', async () => lines[0]!.stopped);
    expect(await slots()).toMatchObject([{ owner: 'two' }]);
  });

  test('a stop waits for all, also for those that were closing, frees the slots, and opens none again', async () => {
    const sessions = sessionsOf('one');
    const both = [account('alfa'), account('beta')];
    await sessions.tend(both);
    const letGo = Promise.withResolvers<void>();
    lineOf('alfa').ending = letGo.promise;
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
