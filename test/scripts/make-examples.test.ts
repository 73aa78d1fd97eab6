import { mkdtemp, readFile, rm, writeFile } from 'node:fs/promises';
import { tmpdir } from 'node:os';
import { join } from 'node:path';
import ExcelJS from 'exceljs';
import iconv from 'iconv-lite';
import { beforeAll, describe, expect, test } from 'vitest';
import { fileSource } from '../../integrations/sheets/file-source.ts';
import { customers, HEADER_ROW, ROW_ODDITIES } from '../../scripts/examples/customers.ts';
import { NAME_ODDITIES } from '../../scripts/examples/people.ts';
import { PHONE_WRITINGS } from '../../scripts/examples/phones.ts';
import { seeded } from '../../scripts/examples/random.ts';
import { cell, type ExampleRow, type Fate, shown } from '../../scripts/examples/sheet.ts';
import { askTabs, csvRows } from '../../scripts/examples/small.ts';
import { EXAMPLES, makeExamples, writeExamples } from '../../scripts/make-examples.ts';
import { type Answers, planFor, type Question, questionsFor } from '../../src/audiences/questions.ts';
import { checkRow } from '../../src/audiences/row.ts';
import { rowsIn } from '../../src/audiences/source.ts';

let made: ReadonlyMap<string, Buffer>;
beforeAll(async () => {
  made = await makeExamples();
});

const kept = (name: string) => readFile(join(EXAMPLES, name));
const never = new AbortController().signal;

/** Every cell with its value and look, and which rows and tabs are hidden. */
async function contentOf(bytes: Buffer) {
  const book = new ExcelJS.Workbook();
  await book.xlsx.load(new Uint8Array(bytes).buffer);
  return book.worksheets.map((tab) => {
    const rows: unknown[] = [];
    tab.eachRow((row) => {
      const cells: unknown[] = [];
      row.eachCell((one) => cells.push([one.address, one.value, one.numFmt]));
      rows.push([row.number, row.hidden, cells]);
    });
    return { name: tab.name, state: tab.state, filter: tab.autoFilter, rows };
  });
}

/** What Herald makes of a file when it is given these answers: the fate of every row that has anything in it. */
async function fates(
  name: string,
  answers: Answers = {},
): Promise<{ questions: readonly Question[]; fates: Map<number, Fate> }> {
  const source = fileSource();
  const ref = join(EXAMPLES, name);
  const inspection = await source.inspect(ref, never);
  if (inspection.kind === 'refused') throw new Error(JSON.stringify(inspection.problem));
  const questions = questionsFor(inspection, answers, 'RU');
  const found = new Map<number, Fate>();
  if (questions.length > 0) return { questions, fates: found };
  const plan = planFor(inspection, answers, 'RU');
  const opening = await source.open(ref, plan.tab, never);
  if (opening.kind === 'refused') throw new Error(JSON.stringify(opening.problem));
  const phones = new Set<string>();
  for await (const row of rowsIn(opening.audience)) {
    const checked = checkRow(row, plan, { country: 'RU', zone: 'Europe/Moscow' });
    if (checked.kind === 'blank') continue;
    if (checked.kind === 'excluded') found.set(row.number, { kind: 'excluded', reason: checked.reason });
    else if (phones.has(checked.phone)) found.set(row.number, { kind: 'excluded', reason: 'duplicate' });
    else found.set(row.number, { kind: 'recipient', phone: checked.phone });
    if (checked.kind === 'recipient') phones.add(checked.phone);
  }
  return { questions, fates: found };
}

/** The fates that the example was made for, by the rows' numbers in the sheet. */
const intended = (rows: readonly ExampleRow[], first: number) =>
  new Map(rows.map((row, index) => [first + index, row.fate] as const).filter(([, fate]) => fate.kind !== 'blank'));

describe('The examples', () => {
  test.each(['customers.xlsx', 'customers-ask.xlsx'])('%s holds, cell by cell, what its script makes', async (name) => {
    expect(await contentOf(await kept(name))).toEqual(await contentOf(made.get(name)!));
  });

  test.each(['customers-1251.csv', 'README.md'])('%s is, byte for byte, what its script makes', async (name) => {
    expect((await kept(name)).equals(made.get(name)!)).toBe(true);
  });

  test('are written where they differ, and left alone where they do not', async () => {
    const folder = await mkdtemp(join(tmpdir(), 'herald-examples-'));
    expect(await writeExamples(join(folder, 'new'))).toEqual([...made.keys()]);
    await writeFile(join(folder, 'new', 'README.md'), 'edited by hand');
    expect(await writeExamples(join(folder, 'new'))).toEqual(['README.md']);
    await rm(folder, { recursive: true });
  });

  test('are the same however often they are made', () => {
    expect(customers()).toEqual(customers());
    expect([csvRows(), askTabs()]).toEqual([csvRows(), askTabs()]);
  });

  test('have as many rows of each oddity as they say', () => {
    const rows = customers();
    const count = (code: string) => rows.filter((row) => row.odd.includes(code)).length;
    for (const { code, rows: wanted } of PHONE_WRITINGS) expect([code, count(`phone-${code}`)]).toEqual([code, wanted]);
    for (const { code, rows: wanted } of [...NAME_ODDITIES, ...ROW_ODDITIES])
      expect([code, count(code)]).toEqual([code, wanted]);
  });

  test('name nobody who could be reached: every phone is of a range made up for them', () => {
    const phones = [...customers(), ...csvRows(), ...askTabs().flatMap((tab) => tab.rows)].flatMap((row) =>
      row.fate.kind === 'recipient' ? [row.fate.phone] : [],
    );
    for (const phone of phones) expect(phone).toMatch(/^\+7(900|999)000\d{4}$/);
  });

  test('are words of Windows-1251 where they say so', async () => {
    const text = iconv.decode(await kept('customers-1251.csv'), 'win1251');
    expect(text).toContain('Ёлкин Семён');
    expect(text).toContain('"ООО ""Рога; копыта"""');
    expect(text).not.toContain('?');
  });
});

describe('Herald reads', () => {
  test('customers.xlsx without a question, and makes of each row what the example was made for', async () => {
    const read = await fates('customers.xlsx');
    expect(read.questions).toEqual([]);
    expect(read.fates).toEqual(intended(customers(), HEADER_ROW + 1));
  });

  test('customers-ask.xlsx only after asking which tab, which phones, and what of hidden rows', async () => {
    const [moscow, regions] = askTabs();
    const asked = async (answers: Answers) => (await fates('customers-ask.xlsx', answers)).questions;
    expect((await asked({})).map((question) => question.kind)).toEqual(['tab']);
    expect(await asked({ tab: 'Москва' })).toMatchObject([
      { kind: 'phone-column', options: [{ name: 'Телефон' }, { name: 'WhatsApp' }] },
      { kind: 'hidden-rows', count: 3, filtered: true },
    ]);
    expect(await asked({ tab: 'Регионы', phoneColumn: 'Телефон' })).toMatchObject([
      { kind: 'hidden-rows', count: 2, filtered: false },
    ]);
    const all = await fates('customers-ask.xlsx', { tab: 'Москва', phoneColumn: 'Телефон', hiddenRows: 'take' });
    expect(all.fates).toEqual(intended(moscow!.rows, 2));
    const seen = await fates('customers-ask.xlsx', { tab: 'Регионы', phoneColumn: 'Телефон', hiddenRows: 'leave-out' });
    const leftOut = [...seen.fates.values()].filter((fate) => fate.kind === 'excluded');
    expect(leftOut).toEqual(
      regions!.rows.filter((row) => row.hidden).map(() => ({ kind: 'excluded', reason: 'hidden' })),
    );
  });

  test('customers-1251.csv without a question, and makes of each row what the example was made for', async () => {
    const read = await fates('customers-1251.csv');
    expect(read.questions).toEqual([]);
    expect([...read.fates.values()]).toEqual([...intended(csvRows(), 2).values()]);
  });
});

describe('The makings of the examples', () => {
  test('repeat chance by its seed, and pick from all that there is', () => {
    const rolls = (seed: number) => Array.from({ length: 200 }, seeded(seed).next);
    expect(rolls(1)).toEqual(rolls(1));
    expect(rolls(1)).not.toEqual(rolls(2));
    const random = seeded(3);
    expect(new Set(Array.from({ length: 200 }, () => random.int(4, 7)))).toEqual(new Set([4, 5, 6, 7]));
    expect(random.shuffled([1, 2, 3, 4]).sort()).toEqual([1, 2, 3, 4]);
  });

  test.each([
    [cell(null), '(nothing)'],
    [cell(7), '7, a number'],
    [cell(7, '0.00'), '7, shown as `0.00`'],
    [cell(new Date('2026-09-01T00:00:00Z')), '2026-09-01, a date'],
    [cell('a|b\u00a0c\nd\te'), '`a\\|b␣c⏎d⇥e`'],
    [cell({ error: '#N/A' }), '`#N/A`, an error'],
    [cell({ formula: '1+1', result: 2 }), '`=1+1`, a formula'],
  ])('show %j as %s', (one, text) => {
    expect(shown(one)).toBe(text);
  });
});
