/** Bind slots and switches over a real MongoDB: never more owners than the operator allows sessions. */
import { setTimeout as sleep } from 'node:timers/promises';
import { afterAll, beforeAll, describe, expect, test } from 'vitest';
import type { Account } from '../../src/dispatch/account.ts';
import { type AccountStore, accountStore } from '../../src/dispatch/account-store.ts';
import { type FreshDatabase, freshDatabase } from '../support/mongo.ts';

let database: FreshDatabase;
let store: AccountStore;
beforeAll(async () => {
  database = await freshDatabase();
  store = accountStore(database);
});
afterAll(() => database.drop());

const LONG = 60_000;
const UP = { up: true, why: '' };

describe('slots', () => {
  test('are leased by one, named by account and number, and begin down', async () => {
    const slot = await store.leaseSlot('alfa', 1, 'one', LONG);
    expect(slot).toMatchObject({ _id: 'alfa#1', account: 'alfa', owner: 'one', fence: 1, up: false, why: 'starting' });
    expect(await store.leaseSlot('alfa', 1, 'two', LONG)).toBeNull();
    expect(await store.leaseSlot('alfa', 1, 'one', LONG)).toBeNull();
    expect(await store.leaseSlot('alfa', 2, 'two', LONG)).toMatchObject({ _id: 'alfa#2', owner: 'two' });
  });

  test('are renewed by their owner, with how the session is', async () => {
    await store.leaseSlot('beta', 1, 'one', LONG);
    expect(await store.renewSlot('beta#1', 'two', LONG, UP)).toBe(false);
    expect(await store.renewSlot('beta#1', 'one', LONG, UP)).toBe(true);
    expect((await store.liveSlots()).find((slot) => slot._id === 'beta#1')).toMatchObject({ up: true, why: '' });
  });

  test('once given up, are renewed by nobody: a late word about health takes none back', async () => {
    await store.leaseSlot('gamma', 1, 'one', LONG);
    await store.freeSlot('gamma#1', 'two');
    expect(await store.leaseSlot('gamma', 1, 'two', LONG)).toBeNull();
    await store.freeSlot('gamma#1', 'one');
    expect(await store.renewSlot('gamma#1', 'one', LONG, UP)).toBe(false);
    expect(await store.leaseSlot('gamma', 1, 'two', LONG)).toMatchObject({ owner: 'two', fence: 2 });
  });

  test('go to another when the lease has run out, and the first one notices', async () => {
    await store.leaseSlot('delta', 1, 'one', 30);
    expect(await store.leaseSlot('delta', 1, 'two', LONG)).toBeNull();
    await sleep(60);
    expect((await store.liveSlots()).some((slot) => slot.account === 'delta')).toBe(false);
    // Nobody has taken it yet: it is still the first one's to renew.
    expect(await store.renewSlot('delta#1', 'one', 30, UP)).toBe(true);
    await sleep(60);
    expect(await store.leaseSlot('delta', 1, 'two', LONG)).toMatchObject({ owner: 'two', up: false });
    expect(await store.renewSlot('delta#1', 'one', LONG, UP)).toBe(false);
    await store.freeSlot('delta#1', 'one');
    expect((await store.liveSlots()).find((slot) => slot.account === 'delta')?.owner).toBe('two');
  });

  test('are never more than there are, however many ask at once', async () => {
    const asked = Array.from({ length: 30 }, async (_, n) => {
      for (let number = 1; number <= 3; number++) {
        const slot = await store.leaseSlot('rush', number, `w${n}`, LONG);
        if (slot) return slot;
      }
      return null;
    });
    const got = (await Promise.all(asked)).filter((slot) => slot !== null);
    expect(got.map((slot) => slot._id).toSorted()).toEqual(['rush#1', 'rush#2', 'rush#3']);
    const live = (await store.liveSlots()).filter((slot) => slot.account === 'rush');
    expect(new Set(live.map((slot) => slot.owner)).size).toBe(3);
  });
});

describe('switches', () => {
  const at = new Date('2026-11-23T10:00:00Z');

  test('remember who threw them first, and are gone once on again', async () => {
    await store.switchOff('all', 'olga', at);
    await store.switchOff('all', 'ivan', new Date());
    await store.switchOff('provider:alfa', 'ivan', at);
    expect(await store.switchedOff()).toEqual([
      { _id: 'all', schemaVersion: 1, by: 'olga', at },
      { _id: 'provider:alfa', schemaVersion: 1, by: 'ivan', at },
    ]);
    await store.switchOn('all');
    await store.switchOn('nothing');
    expect((await store.switchedOff()).map((one) => one._id)).toEqual(['provider:alfa']);
  });
});

test('accounts are kept whole, and by name', async () => {
  const account: Account = {
    name: 'beta',
    kind: 'smpp',
    settings: { host: 'localhost' },
    secret: null,
    binds: 2,
    partsPerSecond: 10,
    window: 10,
    prices: [{ prefix: '', perPart: { micros: 1, currency: 'RUB' }, chargedOn: 'delivery' }],
    priceVersion: '1',
    currency: 'RUB',
    senders: [],
    classes: ['service'],
    enabled: false,
  };
  await store.keep({ ...account, name: 'alfa' });
  await store.keep({ ...account, window: 99 });
  await store.keep(account);
  expect(await store.accounts()).toEqual([{ ...account, name: 'alfa' }, account]);
});

describe('an account', () => {
  let database: FreshDatabase;
  let store: AccountStore;
  beforeAll(async () => {
    database = await freshDatabase();
    store = accountStore(database);
  });
  afterAll(() => database.drop());

  const acme = (micros: number) =>
    ({
      name: 'acme',
      settings: { host: '$HOST' },
      prices: [{ prefix: '', perPart: { micros, currency: 'RUB' }, chargedOn: 'submit' }],
    }) as unknown as Account;

  test('is read whole only when it was kept anew, by whomever', async () => {
    await store.keep(acme(1));
    const [first] = await store.accounts();
    expect(first).toEqual(acme(1));
    expect((await store.accounts())[0]).toBe(first);
    // The price list bears the same version, and is another all the same.
    await accountStore(database).keep(acme(2));
    const [second] = await store.accounts();
    expect(second).toEqual(acme(2));
    expect((await store.accounts())[0]).toBe(second);
  });

  test('of a Herald that kept no revisions is read as well', async () => {
    await database.db.collection('accountsAtOperators').updateOne({}, { $unset: { revision: 1 } });
    const other = accountStore(database);
    expect(await other.accounts()).toEqual([acme(2)]);
    await store.keep(acme(3));
    expect(await other.accounts()).toEqual([acme(3)]);
    expect(await store.accounts()).toEqual([acme(3)]);
  });
});
