/** Which accounts are in trial, and whom they may reach meanwhile. */
import { expect, test } from 'vitest';
import type { Account } from '../../src/dispatch/account.ts';
import type { Slot } from '../../src/dispatch/account-store.ts';
import { inTrial, mayReach, trialReader } from '../../src/dispatch/trial-period.ts';

const account = (fields: Partial<Account> = {}): Account =>
  ({ name: 'alfa', enabled: true, settings: {}, ...fields }) as Account;
const slot = (fields: Partial<Slot> = {}): Slot => ({ account: 'alfa', up: true, sandbox: true, ...fields }) as Slot;

test.each<[string, Account, readonly Slot[], boolean]>([
  ['one that nobody took live', account(), [slot({ sandbox: false })], true],
  ['one that is not connected yet', account(), [], true],
  ['one whose only session at the sandbox is down', account(), [slot({ up: false })], true],
  ['one of whose sessions one is elsewhere', account(), [slot(), slot({ sandbox: false })], true],
  ['one that speaks as earlier workers did, who did not ask', account(), [{ account: 'alfa', up: true } as Slot], true],
  ['one at the sandbox operator', account(), [slot(), slot({ account: 'beta', sandbox: false })], false],
  ['one of Herald’s own sandbox', account({ settings: { sandbox: true } }), [], false],
  ['one that was taken live', account({ live: { by: 'olga', at: new Date() } }), [slot({ sandbox: false })], false],
  ['one that is out of use', account({ enabled: false }), [], false],
])('%s', (_what, one, slots, isInIt) => {
  expect(inTrial([one], slots)).toEqual(isInIt ? ['alfa'] : []);
});

test('it reaches confirmed phones, and the one that a code is for; others reach everybody', () => {
  const trial = { accounts: new Set(['alfa']), phones: new Set(['+79001']) };
  expect(mayReach(trial, 'alfa', '+79001', 'campaign')).toBe(true);
  expect(mayReach(trial, 'alfa', '+79002', 'campaign')).toBe(false);
  expect(mayReach(trial, 'alfa', '+79002', 'test')).toBe(false);
  expect(mayReach(trial, 'alfa', '+79002', 'code')).toBe(true);
  expect(mayReach(trial, 'beta', '+79002', 'campaign')).toBe(true);
});

test('nobody is asked for phones while nothing is in trial, and not twice in a moment', async () => {
  let asked = 0;
  let now = 0;
  const confirmedPhones = async () => [`+7${++asked}`];
  const read = trialReader({ confirmedPhones }, () => now);
  expect([...(await read([account()], [slot()])).phones]).toEqual([]);
  expect(asked).toBe(0);
  expect([...(await read([account()], [])).phones]).toEqual(['+71']);
  await read([account()], []);
  expect(asked).toBe(1);
  now = 2001;
  expect([...(await read([account()], [])).phones]).toEqual(['+72']);
});
