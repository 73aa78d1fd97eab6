/** Accounts and switches over a real MongoDB. */
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
