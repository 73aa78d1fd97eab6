/** When it is told that a provider is down or back. */
import { afterAll, beforeAll, beforeEach, describe, expect, test } from 'vitest';
import { accountStore } from '../../src/dispatch/account-store.ts';
import { type Health, healthStore } from '../../src/dispatch/health-store.ts';
import { healthAfter, lookForOutages } from '../../src/dispatch/outages.ts';
import { silentLog } from '../../src/platform/log.ts';
import { createOutbox } from '../../src/platform/outbox.ts';
import { type FreshDatabase, freshDatabase } from '../support/mongo.ts';
import { holdSlots } from '../support/slots.ts';

const at = (second: number) => new Date(Date.UTC(2026, 10, 23, 9, 0, second));
const terms = { lastsMs: 60_000 };

describe('the rule', () => {
  const up: Health = { isUp: true, since: at(0), toldDown: false };
  const down: Health = { isUp: false, since: at(0), toldDown: false };

  test.each<[string, Health | null, boolean, number, Health, string | null]>([
    ['a provider seen for the first time is no news', null, true, 0, up, null],
    ['nor is one that is down at first', null, false, 0, down, null],
    ['what stays up is not told', up, true, 900, up, null],
    ['a session that drops is no news yet', up, false, 5, { ...down, since: at(5) }, null],
    ['an outage that lasts is told', down, false, 60, { ...down, toldDown: true }, 'provider.down'],
    ['and told once', { ...down, toldDown: true }, false, 600, { ...down, toldDown: true }, null],
    [
      'a moment up is not back',
      { ...down, toldDown: true },
      true,
      90,
      { isUp: true, since: at(90), toldDown: true },
      null,
    ],
    ['what stays up is back', { ...up, toldDown: true }, true, 60, up, 'provider.back'],
  ])('%s', (_, before, isUp, second, health, event) => {
    expect(healthAfter(before, isUp, at(second), terms)).toEqual({ health, event });
  });
});

describe('the look at all providers', () => {
  let database: FreshDatabase;
  let second: number;
  beforeAll(async () => {
    database = await freshDatabase();
  });
  afterAll(() => database.drop());
  beforeEach(async () => {
    second = 0;
    for (const name of ['events', 'providerHealth', 'slots', 'switches', 'accountsAtOperators']) {
      await database.db.collection(name).deleteMany({});
    }
    const accounts = database.db.collection<{ _id: string; enabled: boolean }>('accountsAtOperators');
    await accounts.insertMany([
      { _id: 'alfa', enabled: true },
      { _id: 'beta', enabled: false },
    ]);
  });

  const look = async (seconds: number) => {
    second = seconds;
    const outbox = createOutbox(database, {
      subscriptions: { 'chat-providers': ['provider.down', 'provider.back'] },
      log: silentLog,
    });
    const room = { accounts: accountStore(database), now: () => at(second), campaigns: { database, outbox } };
    await lookForOutages(room, healthStore(database), terms);
  };
  const told = async () =>
    (await database.db.collection('events').find().sort({ order: 1 }).toArray()).map(({ kind, body }) => [
      kind,
      body.provider,
    ]);

  test('tells each outage once, however many look, and its end', async () => {
    await look(0);
    await Promise.all([look(61), look(61), look(62)]);
    await look(70);
    expect(await told()).toEqual([['provider.down', 'alfa']]);
    await holdSlots(accountStore(database), 'alfa', 'me');
    await look(80);
    await look(141);
    expect(await told()).toEqual([
      ['provider.down', 'alfa'],
      ['provider.back', 'alfa'],
    ]);
  });

  test.each(['all', 'provider:alfa'])('does not tell what was switched off by hand: %s', async (what) => {
    await accountStore(database).switchOff(what, 'olga', at(0));
    await look(0);
    await look(61);
    expect(await told()).toEqual([]);
  });
});
