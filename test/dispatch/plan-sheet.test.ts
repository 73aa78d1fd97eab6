/** Numbering plans as people and registries write them: what is understood, and what each row that is not is told. */
import { mkdtempSync, readFileSync, rmSync, writeFileSync } from 'node:fs';
import { tmpdir } from 'node:os';
import { join } from 'node:path';
import iconv from 'iconv-lite';
import { afterAll, expect, test } from 'vitest';
import { fileSource } from '../../integrations/sheets/file-source.ts';
import { EXAMPLES } from '../../scripts/make-examples.ts';
import { readPlanSheet } from '../../src/dispatch/plan-sheet.ts';
import { indexPlan } from '../../src/messages/number-plan.ts';
import type { E164 } from '../../src/messages/phone.ts';

const folder = mkdtempSync(join(tmpdir(), 'herald-plan-'));
afterAll(() => rmSync(folder, { recursive: true, force: true }));

async function read(content: string | Buffer, name = 'plan.csv') {
  const ref = join(folder, name);
  writeFileSync(ref, content);
  const wish = { ref, email: null, tab: undefined };
  return readPlanSheet([fileSource({ language: 'en' })], wish, 'RU', AbortSignal.timeout(60_000));
}

test('a prefix, a first and a last number; a network in one column or two; a zone by its name or by the region', async () => {
  expect(
    await read(
      'Prefix,From,To,Operator,MCC,MNC,Region,Time zone\n7900,,,Alfa,999,1,Omsk,\n,+7 999 000 00 00,+7 999 000 99 99,Beta,,,Somewhere,МСК+4\n4477,,,Gamma,999,003,,\n',
    ),
  ).toEqual({
    kind: 'plan',
    hidden: 0,
    problems: [],
    ranges: [
      { first: '7900', last: '7900', operator: 'Alfa', network: '999-01', region: 'Omsk', zone: 'Asia/Omsk' },
      {
        first: '79990000000',
        last: '79990009999',
        operator: 'Beta',
        network: null,
        region: 'Somewhere',
        zone: 'Asia/Krasnoyarsk',
      },
      { first: '4477', last: '4477', operator: 'Gamma', network: '999-003', region: '', zone: null },
    ],
  });
});

test('the Russian registry: a code with the numbers behind it, in its old encoding', async () => {
  const csv =
    'АВС/ DEF;От;До;Емкость;Оператор;Регион\n900;0000000;0061999;62000;ООО "Альфа";Краснодарский край\n900;62000;99999;38000;ООО "Бета";г. Москва\n';
  expect(await read(iconv.encode(csv, 'win1251'))).toMatchObject({
    problems: [],
    ranges: [
      { first: '79000000000', last: '79000061999', operator: 'ООО "Альфа"', network: null },
      { first: '79000062000', last: '79000099999', region: 'г. Москва', zone: 'Europe/Moscow' },
    ],
  });
});

test('every row that cannot be read has its reason, and columns that are missing are named', async () => {
  const head = 'Prefix,From,To,Operator,Network,Zone';
  const rows = [
    ',,,Alfa,,',
    ',7900,,Alfa,,',
    '0900,,,Alfa,,',
    ',7900,79001,Alfa,,',
    ',7905,7901,Alfa,,',
    '7900,,,,,',
    '7900,,,Alfa,25,',
    '7900,,,Alfa,,Mars',
  ];
  const sheet = await read([head, ...rows].join('\n'));
  expect(sheet.kind === 'plan' && sheet.problems.map(({ row, why }) => `${row} ${why}`)).toEqual([
    '2 no-range',
    '3 no-range',
    '4 bad-range',
    '5 bad-range',
    '6 ends-early',
    '7 no-operator',
    '8 bad-network',
    '9 bad-zone',
  ]);
  expect(await read(`${head}\n7900,,,Alfa,,\n,7900,7905,Beta,,\n`)).toMatchObject({ problems: [] });
  expect(await read(`${head}\n,7900,7905,Alfa,,\n,7903,7908,Beta,,\n`)).toMatchObject({
    problems: [{ row: 3, why: 'crosses', said: '7900–7905' }],
  });
  expect(await read('Operator,From\nAlfa,7900\n')).toMatchObject({ kind: 'columns', missing: ['prefix'] });
}, 60_000);

test('the example of the docs has a range of every time zone of Russia', async () => {
  const sheet = await read(readFileSync(join(EXAMPLES, 'number-plan.xlsx')), 'number-plan.xlsx');
  if (sheet.kind !== 'plan') throw new Error(`it is read as ${sheet.kind}`);
  expect(sheet.problems).toEqual([]);
  expect(sheet.ranges).toHaveLength(22);
  expect(new Set(sheet.ranges.map(({ zone }) => zone))).not.toContain(null);
  expect(new Set(sheet.ranges.map(({ zone }) => zone)).size).toBe(11);
  expect(indexPlan(sheet.ranges).find('+79990009999' as E164)).toMatchObject({
    operator: 'Beta',
    zone: 'Asia/Kamchatka',
  });
});
