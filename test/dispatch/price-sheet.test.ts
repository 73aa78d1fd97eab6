/** Price lists as operators send them: what is understood, and what each row that is not is told. */
import { mkdtempSync, rmSync, writeFileSync } from 'node:fs';
import { tmpdir } from 'node:os';
import { join } from 'node:path';
import ExcelJS from 'exceljs';
import { afterAll, describe, expect, test } from 'vitest';
import { fileSource } from '../../integrations/sheets/file-source.ts';
import { dayStart, readDay, readPriceSheet } from '../../src/dispatch/price-sheet.ts';

const folder = mkdtempSync(join(tmpdir(), 'herald-prices-'));
afterAll(() => rmSync(folder, { recursive: true, force: true }));

const NOW = new Date('2026-11-23T09:00:00Z');
const terms = { currency: 'RUB', validFrom: NOW, zone: 'Europe/Moscow' };

async function read(content: string | Buffer, name = 'prices.csv') {
  const ref = join(folder, name);
  writeFileSync(ref, content);
  const wish = { ref, email: null, tab: undefined };
  return readPriceSheet([fileSource({ language: 'en' })], wish, terms, AbortSignal.timeout(20_000));
}

test('English headings in any order, with and without the columns that may be missing', async () => {
  const sheet = await read('Rate;Prefix;Remark\n2,35;7;Russia\n"0,0325";+44 7700;UK\n5;*;rest\n');
  expect(sheet).toEqual({
    kind: 'prices',
    problems: [],
    hidden: 0,
    prices: [
      ['7', 2_350_000],
      ['447700', 32_500],
      ['', 5_000_000],
    ].map(([prefix, micros]) => ({
      prefix,
      perPart: { micros, currency: 'RUB' },
      chargedOn: 'submit',
      from: NOW,
      to: null,
    })),
  });
});

test('a Russian workbook, with a title above, numbers and dates of its own, days counted in the company’s zone', async () => {
  const workbook = new ExcelJS.Workbook();
  const tab = workbook.addWorksheet('Тарифы');
  tab.addRows([['Тарифы с 1 декабря'], ['Префикс', 'Цена', 'Оплата за', 'Действует с', 'Действует по']]);
  tab.addRow([7916, 2.35, 'доставку', new Date('2026-12-01T00:00:00Z'), '31.12.2026']);
  tab.addRow([7916, 2.45, 'отправку', '2027-01-01', '']);
  tab.getCell('B3').numFmt = '0.0';
  const sheet = await read(Buffer.from(await workbook.xlsx.writeBuffer()), 'prices.xlsx');
  expect(sheet).toMatchObject({
    problems: [],
    prices: [
      {
        prefix: '7916',
        perPart: { micros: 2_350_000 },
        chargedOn: 'delivery',
        from: new Date('2026-11-30T21:00:00Z'),
        to: new Date('2026-12-31T21:00:00Z'),
      },
      { chargedOn: 'submit', from: new Date('2026-12-31T21:00:00Z'), to: null },
    ],
  });
});

test('every row that cannot be read is told with its reason', async () => {
  const rows = [
    [',2,,,', 'no-prefix'],
    ['7a,2,,,', 'bad-prefix'],
    ['0044,2,,,', 'bad-prefix'],
    ['7,,,,', 'no-price'],
    ['7,-1,,,', 'bad-price'],
    ['7,two,,,', 'bad-price'],
    ['7,0.1234567,,,', 'bad-price'],
    ['7,2,sometimes,,', 'bad-charged'],
    ['7,2,,12/01/2026,', 'bad-date'],
    ['7,2,,31.02.2026,', 'bad-date'],
    ['7,2,,,soon', 'bad-date'],
    ['7,2,,2026-12-02,2026-12-01', 'ends-early'],
    ['44,2,,2026-12-01,', null],
    ['44,3,,2027-01-01,', 'overlaps'],
  ] as const;
  const sheet = await read(`prefix,price,charged,from,to\n${rows.map(([row]) => row).join('\n')}\n`);
  if (sheet.kind !== 'prices') throw new Error(sheet.kind);
  expect(sheet.problems.map(({ row, why }) => [row, why])).toEqual(
    rows.flatMap(([, why], index) => (why === null ? [] : [[index + 2, why]])),
  );
  expect(sheet.prices.map(({ prefix }) => prefix)).toEqual(['44']);
});

test('a table of something else is told what it lacks', async () => {
  expect(await read('name,phone\nAnna,+79000000001\n')).toEqual({
    kind: 'columns',
    missing: ['prefix', 'price'],
    twice: [],
  });
});

describe('a day', () => {
  test('is read with dots or hyphens, and not with strokes', () => {
    expect([readDay('2026-12-01'), readDay('1.12.2026'), readDay('01/12/2026'), readDay('2026-13-01')]).toEqual([
      20_788,
      20_788,
      null,
      null,
    ]);
  });

  test('begins where its midnight is skipped with the first instant after', () => {
    // Beirut went from 24:00 to 1:00 on 29 March 2026.
    expect(dayStart(readDay('2026-03-29'), 'Asia/Beirut')).toEqual(new Date('2026-03-28T22:00:00Z'));
  });
});

test('prices of networks: in a column of their own, in two, or where prefixes stand', async () => {
  const prices = (sheet: Awaited<ReturnType<typeof read>>) =>
    sheet.kind === 'prices' ? sheet.prices.map(({ prefix, perPart }) => `${prefix} ${perPart.micros}`) : sheet;
  expect(prices(await read('MCC,MNC,Price\n999,1,2\n999,002,3\n'))).toEqual(['999-01 2000000', '999-002 3000000']);
  expect(prices(await read('Network,Prefix,Price\n99901,,2\n,7,3\n999 02,,4\n'))).toEqual([
    '999-01 2000000',
    '7 3000000',
    '999-02 4000000',
  ]);
  expect(prices(await read('Prefix,Price\n999-01,2\n99901,3\n'))).toEqual(['999-01 2000000', '99901 3000000']);
  expect(await read('MCC,MNC,Price\n999,,2\n99,01,2\n999,01,2\n999,1,3\n')).toMatchObject({
    problems: [
      { row: 2, why: 'bad-network' },
      { row: 3, why: 'bad-network' },
      { row: 5, why: 'overlaps', said: '999-01' },
    ],
  });
  expect(await read('MCC,Price\n999,2\n')).toMatchObject({ kind: 'columns', missing: ['prefix'] });
}, 60_000);
