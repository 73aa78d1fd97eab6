/** `quote`: what a campaign costs and by whom it goes, over the chat core. */
import { afterAll, beforeAll, expect, test } from 'vitest';
import type { Account } from '../../src/dispatch/account.ts';
import { holdSlots } from '../support/slots.ts';
import { MONDAY, type Office, openOffice, PEOPLE, textOf } from './office.ts';

let office: Office;
beforeAll(async () => {
  office = await openOffice({ defaultSender: 'ACME' });
  await office.hire('anna', ['author']);
  await office.hire('olga', ['author'], { locale: 'ru' });
  await office.say('anna', `new ${office.list('people', PEOPLE)} text="Hello {{Name}}" start="tomorrow 10:00"`);
  await office.room.accounts.keep(account('alfa', '7', 2_000_000));
  await office.room.accounts.keep(account('beta', '', 3_000_000));
  await office.room.accounts.keep(account('dollar', '7', 30_000, { currency: 'USD' }));
  await holdSlots(office.room.accounts, 'alfa', 'a worker', { up: false, why: 'starting' });
  await holdSlots(office.room.accounts, 'beta', 'a worker');
});
afterAll(() => office.close());

const account = (name: string, prefix: string, micros: number, fields: Partial<Account> = {}): Account => ({
  name,
  kind: 'smpp',
  settings: {},
  secret: null,
  binds: 1,
  partsPerSecond: 10,
  window: 10,
  prices: [{ prefix, perPart: { micros, currency: 'RUB' }, chargedOn: 'submit' }],
  priceVersion: '1',
  currency: 'RUB',
  senders: [],
  classes: ['marketing'],
  enabled: true,
  ...fields,
});

test('shows for each group of numbers who carries it and why not the others', async () => {
  const card = await office.say('anna', 'quote 1');
  expect(textOf(card)).toMatch(/By the prices of Tue 24 Nov 2026, 10:00/);
  expect(card.sections?.[0]?.title).toMatch(/^\+7: messages \d+, parts \d+, [\d.]+ RUB$/);
  expect(card.sections?.[0]?.table?.rows).toEqual([
    ['beta', '3.00 RUB', '3.00 RUB', 'carries it: the cheapest'],
    ['alfa', '2.00 RUB', '2.00 RUB', 'cannot be reached'],
    ['dollar', '', '', 'no exchange rate for its currency'],
  ]);
});

test('shows what a delivered part costs, where it is known what arrives', async () => {
  await office.database.db.collection('deliveryShares').insertOne({
    _id: 'beta|' as never,
    schemaVersion: 1,
    provider: 'beta',
    destination: '',
    share: 0.8,
    since: MONDAY,
  });
  expect((await office.say('anna', 'quote 1')).sections?.[0]?.table?.rows[0]).toEqual([
    'beta',
    '3.00 RUB',
    '3.75 RUB (80 % arrive)',
    'carries it: the cheapest',
  ]);
  await office.database.db.collection('deliveryShares').deleteMany({});
});

test('in Russian, of a campaign that nobody can carry now', async () => {
  await office.room.accounts.switchOff('provider:beta', 'anna', office.clock);
  const card = await office.say('olga', 'расчёт 1');
  expect(card.tone).toBe('attention');
  expect(textOf(card)).toMatch(/сейчас некому передать[\s\S]*остановлен вручную/u);
  await office.room.accounts.switchOn('provider:beta');
});

test('of a draft without messages says that there is nothing to count', async () => {
  await office.say('anna', `new ${office.list('more', PEOPLE)} text="Hello {{Nmae}}"`);
  expect(textOf(await office.say('anna', 'quote 2'))).toMatch(/nothing to count yet/);
  expect(textOf(await office.say('anna', 'quote 99'))).toMatch(/99/);
});

test('counts many groups, of which it shows the largest', async () => {
  const prefixes = ['7900000000', '7900000001', '7916', '7917', '7918', '7919', '7920', '7921', '7922'];
  const prices = prefixes.map((prefix, index) => ({
    prefix,
    perPart: { micros: index + 1, currency: 'RUB' },
    chargedOn: 'submit' as const,
  }));
  await office.room.accounts.keep({ ...account('alfa', '7', 1), prices });
  const people = prefixes.map(
    (prefix, index) => `P${index},+${prefix.padEnd(9, '1')}${String(index).padStart(2, '0')}`,
  );
  const list = office.list('many', `Name,Phone\n${people.join('\n')}\n`);
  await office.say('anna', `new ${list} text="Hello" start="tomorrow 10:00"`);
  const card = await office.say('anna', 'quote 3');
  expect(card.sections?.length).toBeGreaterThan(6);
  expect(textOf(card)).toMatch(/more groups? of numbers/);
});
