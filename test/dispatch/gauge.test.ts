/** What is measured of accounts, kept over all workers, and what is done about it. */
import { afterAll, beforeAll, beforeEach, expect, test } from 'vitest';
import type { AccountStore } from '../../src/dispatch/account-store.ts';
import { breakerTerms, NEVER_RESTED } from '../../src/dispatch/breaker.ts';
import { overruleBreaker, tendBreakers } from '../../src/dispatch/breakers.ts';
import { createGauge, saidOf, sumOf } from '../../src/dispatch/gauge.ts';
import { healthMigrations, healthStore } from '../../src/dispatch/health-store.ts';
import type { FailureCode, SendOutcome } from '../../src/dispatch/provider.ts';
import { migrate } from '../../src/platform/migrations.ts';
import { staffMigrations, staffStore } from '../../src/staff/store.ts';
import { type FreshDatabase, freshDatabase } from '../support/mongo.ts';
import { clockAt, silent } from './planted.ts';

let database: FreshDatabase;
let clock = clockAt('2026-11-23T09:15:10Z');
beforeAll(async () => {
  database = await freshDatabase();
  await migrate(database, [...staffMigrations, ...healthMigrations], { log: silent });
});
afterAll(() => database.drop());
beforeEach(async () => {
  clock = clockAt('2026-11-23T09:15:10Z');
  for (const name of ['providerMinutes', 'providerBreakers']) await database.db.collection(name).deleteMany({});
});

const accepted: SendOutcome = { kind: 'accepted', parts: [] };
const not = (kind: 'refused' | 'later' | 'unknown', code: FailureCode): SendOutcome => ({
  kind,
  why: { code, detail: '' },
});
const gaugeOver = (store = healthStore(database), waitMs = 60_000) =>
  createGauge({ store, now: clock.now, log: silent, waitMs });
const lately = async () => sumOf(await healthStore(database).measured(clock.now(), 300_000));

test.each<[SendOutcome, 'taken' | 'failed' | null]>([
  [accepted, 'taken'],
  [not('refused', 'bad-number'), 'taken'],
  [not('refused', 'blocked'), 'taken'],
  [not('refused', 'bad-sender'), null],
  [not('refused', 'account'), 'failed'],
  [not('later', 'throttled'), null],
  [not('later', 'not-connected'), null],
  [not('later', 'no-credit'), null],
  [not('later', 'operator-error'), 'failed'],
  [not('unknown', 'no-answer'), 'failed'],
  [not('unknown', 'connection-lost'), 'failed'],
])('%j says of the account: %s', (outcome, said) => {
  expect(saidOf(outcome)).toBe(said);
});

test('two workers add to one minute, and what is old is not looked at', async () => {
  const [one, other] = [gaugeOver(), gaugeOver()];
  one.answered('alfa', 0, [accepted, accepted, not('later', 'throttled')], [30, 50]);
  one.receipt('alfa', 'delivered', 3000);
  one.receipt('alfa', 'expired', -20);
  other.answered('alfa', 0, [not('unknown', 'no-answer')], [900]);
  await Promise.all([one.flush(), other.flush(), one.flush()]);
  const measured = { taken: 2, failed: 1, answers: 3, answerMs: 980, delivered: 1, undelivered: 1, receiptMs: 3000 };
  expect(await lately()).toEqual(measured);
  expect(await database.db.collection('providerMinutes').countDocuments()).toBe(1);
  clock.forward(360_000);
  expect((await lately()).answers).toBe(0);
});

test('what is measured is written by itself, and a database that stumbles hinders nobody', async () => {
  const gauge = gaugeOver(healthStore(database), 1);
  gauge.answered('alfa', 0, [accepted], [10]);
  await expect.poll(async () => (await lately()).taken).toBe(1);
  const broken = gaugeOver({ ...healthStore(database), add: () => Promise.reject(new Error('gone')) });
  broken.answered('alfa', 0, [accepted], [10]);
  await broken.flush();
});

test('what fails rests, is tried, comes back; each move is made once and written down, and a person overrules it', async () => {
  const health = healthStore(database);
  const terms = breakerTerms(30_000);
  const staff = staffStore(database);
  const accounts = { accounts: async () => [{ name: 'alfa' }, { name: 'beta' }] } as unknown as AccountStore;
  const desk = { database, accounts, health, staff, now: clock.now, terms };
  const stateOf = async () => (await health.breakers()).get('alfa')?.state;
  const gauge = gaugeOver();
  const answer = async (epoch: number, outcome: SendOutcome, count: number) => {
    gauge.answered('alfa', epoch, Array<SendOutcome>(count).fill(outcome), []);
    await gauge.flush();
  };

  await tendBreakers(desk);
  expect(await stateOf()).toBeUndefined();
  await answer(0, not('unknown', 'no-answer'), 20);
  await Promise.all([tendBreakers(desk), tendBreakers(desk)]);
  expect(await stateOf()).toBe('resting');
  // What was on its way then says nothing of what is tried afterwards.
  await answer(0, not('unknown', 'no-answer'), 20);
  clock.forward(30_000);
  await tendBreakers(desk);
  expect(await stateOf()).toBe('trying');
  await answer(2, accepted, 10);
  await tendBreakers(desk);
  expect(await stateOf()).toBe('well');
  await answer(3, not('later', 'operator-error'), 20);
  await tendBreakers(desk);
  expect((await health.breakers()).get('alfa')).toMatchObject({ state: 'resting', restMs: 60_000 });
  await overruleBreaker(desk, 'alfa');
  await overruleBreaker(desk, 'beta');
  await answer(5, not('later', 'operator-error'), 20);
  await tendBreakers(desk);
  expect(await stateOf()).toBe('well');
  const audit = await staff.auditOf('provider:alfa');
  expect(audit.map(({ action, detail }) => [action, detail])).toEqual([
    ['provider.rested', { failed: 20, of: 20 }],
    ['provider.tried', { failed: 0, of: 0 }],
    ['provider.back', { failed: 0, of: 10 }],
    ['provider.rested', { failed: 20, of: 20 }],
  ]);
  expect(audit.every(({ actor }) => actor === 'herald')).toBe(true);
  expect((await health.breakers()).has('beta')).toBe(false);
  await database.inTransaction(async (session) => {
    expect(await health.moveBreaker('alfa', 0, NEVER_RESTED, session)).toBe(false);
    expect(await health.moveBreaker('alfa', 3, NEVER_RESTED, session)).toBe(false);
  });
});
