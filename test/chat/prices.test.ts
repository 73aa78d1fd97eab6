/** Price lists brought in by commands, over the chat core: shown first, taken over by an admin's word, kept as history. */
import { existsSync } from 'node:fs';
import ExcelJS from 'exceljs';
import { afterAll, beforeAll, beforeEach, describe, expect, test } from 'vitest';
import type { Account } from '../../src/dispatch/account.ts';
import { keepFilePrices } from '../../src/dispatch/price-import.ts';
import { withPricesAt } from '../../src/dispatch/prices-in-force.ts';
import { commandsOf, MONDAY, type Office, openOffice, textOf } from './office.ts';

let office: Office;
beforeAll(async () => {
  office = await openOffice();
  await office.hire('olga', ['admin'], { name: 'Olga' });
  await office.hire('vera', ['admin'], { locale: 'ru' });
  await office.hire('boris', ['author']);
});
afterAll(() => office.close());

const accountOf = (name: string): Account => ({
  name,
  kind: 'smpp',
  settings: {},
  secret: null,
  binds: 1,
  partsPerSecond: 10,
  window: 10,
  prices: [
    { prefix: '7', perPart: { micros: 2_000_000, currency: 'RUB' }, chargedOn: 'submit' },
    { prefix: '44', perPart: { micros: 5_000_000, currency: 'RUB' }, chargedOn: 'submit' },
  ],
  priceVersion: '2026-11',
  currency: 'RUB',
  senders: [],
  classes: ['marketing'],
  enabled: true,
});

let count = 0;
let acme: string;
beforeEach(async () => {
  office.clock = MONDAY;
  acme = `acme${++count}`;
  const account = accountOf(acme);
  await keepFilePrices(office.room.accounts, account, MONDAY);
  await office.room.accounts.keep(account);
});

let files = 0;
const sheet = (content: string) => office.file(`prices-${++files}.csv`, content);
const say = (text: string, who = 'olga') => office.say(who, text);
const applyIn = (card: Awaited<ReturnType<typeof say>>) =>
  commandsOf(card).find((command) => /apply|применить/u.test(command))!;

const accountAt = async (at: Date) => {
  const found = (await office.room.accounts.accounts()).find(({ name }) => name === acme)!;
  const { prices, priceVersion } = withPricesAt(found, at);
  return { priceVersion, prices: Object.fromEntries(prices.map(({ prefix, perPart }) => [prefix, perPart.micros])) };
};

const DECEMBER = new Date('2026-11-30T21:00:00Z');

test('a list is shown with what it changes, and holds from its day on once it is applied', async () => {
  const path = sheet('prefix,price,charged\n7,2.5,\n49,3,delivery\n');
  const card = await say(`prices import ${acme} ${path} from=2026-12-01`);
  expect(card.tone).toBe('attention');
  expect(textOf(card)).toMatch(/1 prefix would have no price[\s\S]*Dearer\n1[\s\S]*Without a price\n1/);
  expect(card.sections?.[0]?.table?.rows).toEqual([
    ['+44', '5.00 RUB', 'none'],
    ['+7', '2.00 RUB', '2.50 RUB'],
    ['+49', 'none', '3.00 RUB if delivered'],
  ]);
  expect(await accountAt(DECEMBER)).toMatchObject({ priceVersion: '2026-11' });
  const applied = await say(applyIn(card));
  expect(applied).toMatchObject({ tone: 'good', title: `Price list 2026-12-01 of ${acme} is taken over` });
  expect(await accountAt(MONDAY)).toEqual({ priceVersion: '2026-11', prices: { 7: 2_000_000, 44: 5_000_000 } });
  expect(await accountAt(DECEMBER)).toEqual({ priceVersion: '2026-12-01', prices: { 7: 2_500_000, 49: 3_000_000 } });
  expect(await office.room.staff.store.auditOf(`provider:${acme}`)).toMatchObject([
    { actor: 'olga', action: 'prices.applied', detail: { version: '2026-12-01', prices: 2 } },
  ]);
  expect((await say(applyIn(card))).title).toMatch(/There is no price list/);
});

test('what holds is shown, now and on any day, with the list to come and those that were', async () => {
  await say(applyIn(await say(`prices import ${acme} ${sheet('prefix,price\n7,2.5\n')} from=01.12.2026`)));
  const now = textOf(await say(`prices ${acme}`));
  expect(now).toMatch(/list 2026-11[\s\S]*List 2026-12-01 takes over[\s\S]*the file of accounts[\s\S]*\+44/);
  const then = textOf(await say(`цены ${acme} 02.12.2026`, 'vera'));
  expect(then).toMatch(/прайс-лист 2026-12-01[\s\S]*Olga[\s\S]*2,50/u);
  expect(then).not.toContain('+44');
  expect(textOf(await say(`prices ${acme} 2026-11-01`))).toContain('There was no list');
  expect(textOf(await say('prices'))).toMatch(new RegExp(`${acme}[\\s\\S]*2026-12-01`));
});

test('a list without a day begins with its first price, and what a later price replaces goes on until then', async () => {
  const path = sheet('Префикс;Цена;Действует с;Действует по\n7;3;01.12.2026;\n44;6;15.12.2026;31.12.2026\n');
  const card = await say(`импорт цен ${acme} ${path}`, 'vera');
  expect(textOf(card)).toMatch(/Цена для 1 префикса ограничена/u);
  await say(applyIn(card), 'vera');
  expect((await accountAt(MONDAY)).prices).toEqual({ 7: 2_000_000, 44: 5_000_000 });
  expect((await accountAt(DECEMBER)).prices).toEqual({ 7: 3_000_000, 44: 5_000_000 });
  expect((await accountAt(new Date('2026-12-20T00:00:00Z'))).prices).toEqual({ 7: 3_000_000, 44: 6_000_000 });
  expect((await accountAt(new Date('2027-01-01T00:00:00Z'))).prices).toEqual({ 7: 3_000_000 });
  expect(textOf(await say(`prices ${acme} 20.12.2026`))).toMatch(/31 Dec 2026/);
});

test('two lists of one day have versions of their own, and the later one holds', async () => {
  for (const price of ['2.5', '2.7'])
    await say(applyIn(await say(`prices import ${acme} ${sheet(`prefix,price\n7,${price}\n44,5\n`)} from=2026-12-01`)));
  expect(await accountAt(DECEMBER)).toMatchObject({ priceVersion: '2026-12-01.2', prices: { 7: 2_700_000 } });
});

test('a list that would not hold for long says which one takes over', async () => {
  await say(applyIn(await say(`prices import ${acme} ${sheet('prefix,price\n7,2.5\n')} from=2026-12-01`)));
  expect(textOf(await say(`prices import ${acme} ${sheet('prefix,price\n7,1\n44,1\n')}`))).toMatch(
    /List 2026-12-01 is there already/,
  );
});

test('a list whose changes are no more what was seen is not applied', async () => {
  const first = await say(`prices import ${acme} ${sheet('prefix,price\n7,1\n44,1\n')}`);
  const second = await say(`prices import ${acme} ${sheet('prefix,price\n7,9\n44,9\n')}`);
  await say(applyIn(first));
  expect(textOf(await say(applyIn(second)))).toMatch(/Another list[\s\S]*import it again/);
  expect((await accountAt(MONDAY)).prices).toEqual({ 7: 1_000_000, 44: 1_000_000 });
});

test('nor one that is older than a day', async () => {
  const card = await say(`prices import ${acme} ${sheet('prefix,price\n7,1\n')}`);
  office.clock = new Date(MONDAY.getTime() + 25 * 3_600_000);
  expect((await say(applyIn(card))).title).toMatch(/There is no price list/);
});

test('a list that is the same says so', async () => {
  expect((await say(`prices import ${acme} ${sheet('prefix,price\n7,2\n44,5\n')}`)).title).toMatch(/changes no price/);
});

test('rows that cannot be read are listed with the reason, and nothing can be applied', async () => {
  const rows = ['7,', '7a,2', '44,two', ',3', '49,1,never', '1,1,,x', '1,1,,2026-12-02,2026-12-01', '33,1', '33,1'];
  const many = Array.from({ length: 15 }, () => '7x,1');
  const path = sheet(`prefix,price,charged,from,to\n${[...rows, ...many].join('\n')}\n`);
  const card = await say(`prices import ${acme} ${path}`);
  expect(card.sections?.[0]?.table?.rows.map(([row]) => row)).toEqual([
    ...['2', '3', '4', '5', '6', '7', '8', '10'],
    ...Array.from({ length: 12 }, (_, index) => String(index + 11)),
  ]);
  expect(textOf(card)).toContain('And 3 more rows.');
  expect(commandsOf(card).join()).not.toContain('apply');
  expect((await say(`prices import ${acme} ${sheet('prefix,price\n')}`)).title).toMatch(/no prices in/);
});

test('a sheet without the columns, or with one of them twice, is told the words', async () => {
  const card = await say(`prices import ${acme} ${sheet('Rate,Price,Land\n1,2,DE\n')}`);
  expect(textOf(card)).toMatch(/Missing columns: Prefix[\s\S]*More than one heading says Price[\s\S]*префикс/u);
});

test('of several tabs one has to be said, and the day goes along', async () => {
  const workbook = new ExcelJS.Workbook();
  for (const name of ['SMS', 'Viber'])
    workbook.addWorksheet(name).addRows([
      ['prefix', 'price'],
      ['7', 1],
    ]);
  const path = office.file('tabs.xlsx', Buffer.from(await workbook.xlsx.writeBuffer()));
  const asked = await say(`prices import ${acme} ${path} from=2026-12-01`);
  const [command] = commandsOf(asked);
  expect(command).toContain('from=2026-12-01 tab="SMS"');
  expect((await say(command!)).title).toContain('1 Dec 2026');
});

describe('a file that came with the words', () => {
  test('is read and deleted, with its hidden rows left out', async () => {
    const file = { name: 'rates.csv', path: sheet('prefix,price\n7,2\n44,1\n') };
    expect(textOf(await office.say('olga', `prices import ${acme}`, { file }))).toMatch(/Cheaper\n1/);
    expect(existsSync(file.path)).toBe(false);
    const list = office.list('rates', 'prefix,price\n~49,1\n7,2\n44,5\n');
    expect(textOf(await say(`prices import ${acme} ${list}`))).toContain('1 hidden row');
  });
});

test('what lacks, and who may not, is told', async () => {
  const file = sheet('prefix,price\n7,1\n');
  for (const [said, answer] of [
    ['prices import', /Which operator/],
    [`prices import ${acme}`, /Which list/],
    [`prices import nobody ${file}`, /none of the choices/],
    [`prices import ${acme} ${file} from=soon`, /no day/],
    [`prices import ${acme} ${file} more`, /more/],
    [`prices import ${acme} nowhere.csv`, /nowhere\.csv/],
    [`prices ${acme} soon`, /no day/],
    [`prices ${acme} 2026-12-01 more`, /more/],
    ['prices nobody', /none of the choices/],
    ['prices apply', /Which price list/],
    ['prices apply 1 2', /2/],
  ] as const)
    expect(textOf(await say(said)), said).toMatch(answer);
  for (const said of ['prices', `prices import ${acme} ${file}`, 'prices apply 123'])
    expect(textOf(await say(said, 'boris')), said).toMatch(/administrator/i);
});

test('what stands in the file of accounts is a list of its own, kept anew only when it is another', async () => {
  const { prices: store } = office.room.accounts;
  const versions = async () => (await store.headsOf([acme])).map(({ version }) => version);
  const account = accountOf(acme);
  await keepFilePrices(office.room.accounts, account, MONDAY);
  expect(await versions()).toEqual(['2026-11']);
  const [first, ...others] = account.prices;
  const dearer = { ...account, prices: [{ ...first!, perPart: { micros: 3, currency: 'RUB' } }, ...others] };
  await Promise.all([1, 2].map(() => keepFilePrices(office.room.accounts, dearer, MONDAY)));
  expect(await versions()).toEqual(['2026-11', '2026-11.2']);
  expect((await accountAt(MONDAY)).prices).toEqual({ 7: 3, 44: 5_000_000 });
  // An account that is kept again keeps its lists.
  await office.room.accounts.keep((await office.room.accounts.accounts()).find(({ name }) => name === acme)!);
  expect(await versions()).toHaveLength(2);
});
