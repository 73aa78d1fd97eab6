/** Results in the manager's own Google Sheet, whatever people do to it meanwhile. */
import fc from 'fast-check';
import { afterAll, beforeEach, describe, expect, test } from 'vitest';
import { googleSink } from '../../../../integrations/sheets/google/sink.ts';
import { rowsIn } from '../../../../src/audiences/source.ts';
import type { ResultRow, ResultSheet } from '../../../../src/results/sink.ts';
import { describeSink, resultSheet, type SeenCell, type SeenResults } from '../../../contract/sink.ts';
import type { BookCell } from '../../../fakes/google/cell.ts';
import { Spreadsheet } from '../../../fakes/google/spreadsheet.ts';
import { type GoogleDesk, googleDesk, idOf, link, never, WORDS } from './desk.ts';

const desk: GoogleDesk = await googleDesk({ quota: { read: 100_000, write: 100_000 } });
const { google } = desk;
const sink = googleSink({ client: desk.client, words: WORDS, singleWriter: desk.writer });
afterAll(() => google.stop());

let made = 0;
const bookOf = (target: string): Spreadsheet => {
  const book = google.files.get(/\/d\/([^/]+)/.exec(target)![1]!);
  if (!(book instanceof Spreadsheet)) throw new Error('no such sheet');
  return book;
};
const plain = (cell: string | number | boolean | null) =>
  typeof cell === 'string' ? cell.replace(/\r\n?/g, '\n') || null : cell;

/** A sheet with the manager's rows where they should be, and the column of keys that was made when they were read. */
function planted(...sheets: readonly { rows: readonly ResultRow[]; headings: readonly string[] }[]): string {
  const name = `results-${made++}`;
  const headings = sheets[0]?.headings ?? ['Телефон', 'Name', 'Сумма'];
  const rows: (string | number | boolean | null)[][] = [[...headings.map(plain), 'Herald ID']];
  for (const { key, number, cells } of sheets.flatMap((sheet) => sheet.rows)) {
    while (rows.length < number) rows.push([]);
    rows[number - 1] = [...headings.map((_, i) => plain(cells[i] ?? null)), key];
  }
  const book = google.hold(idOf(name), [{ title: 'People', rows }]);
  book.tabs[0]!.columns[headings.length]!.marks = [{ metadataId: 7, metadataKey: 'herald', metadataValue: 'key' }];
  return link(name);
}

async function gathered(sheet: ResultSheet) {
  return { headings: sheet.headings, rows: await Array.fromAsync(sheet.rows()).catch(() => []) };
}

const TIME = 3;
const cellSeen = (cell: BookCell | undefined, time: boolean): SeenCell => {
  const value = cell?.value ?? null;
  return time && typeof value === 'number'
    ? new Date(Math.round((value - 25_569) * 86_400_000))
    : value === ''
      ? null
      : value;
};
const ended = (cells: readonly SeenCell[]) => cells.slice(0, cells.findLastIndex((cell) => cell !== null) + 1);

async function readBack(target: string): Promise<SeenResults> {
  const book = bookOf(target);
  const [people, summary] = book.tabs;
  const own = people!.columns.findIndex(({ marks }) => marks[0]?.metadataValue === 'key');
  const group = people!.columns.flatMap(({ marks }, index) =>
    marks[0]?.metadataValue.startsWith('result/') ? [index] : [],
  );
  const lines = people!.rows.map(({ cells }) => ({
    theirs: Array.from({ length: own }, (_, i) => cellSeen(cells[i], false)),
    ours: group.map((index, place) => cellSeen(cells[index], place === TIME)),
  }));
  const titles = lines[0]!.ours.map(String);
  const left = summary?.rows.map(({ cells }) => ended(Array.from(cells, (cell) => cellSeen(cell, false)))) ?? [];
  const gap = left.findIndex((line) => line.length === 0);
  return {
    title: { text: titles[0]!.replace(/: Status$/, ''), from: own + 1, to: own + group.length },
    headings: [...lines[0]!.theirs, ...titles.map((title) => title.replace(/^.*: /, ''))],
    rows: lines
      .slice(1)
      .filter(({ ours }) => ended(ours).length > 0)
      .map(({ theirs, ours }) => ended([...theirs, ...ours])),
    excludedHeadings: left[gap + 1] ?? [],
    excluded: left.slice(gap + 2).filter((line) => line.length > 0),
    formulas: book.tabs
      .flatMap((tab) => tab.rows)
      .flatMap(({ cells }) => cells)
      .filter((cell) => cell?.formula).length,
  };
}

describeSink(
  'A Google Sheet',
  async (...sheets) => ({
    sink,
    target: planted(...(await Promise.all((sheets.length > 0 ? sheets : [resultSheet({})]).map(gathered)))),
  }),
  readBack,
);

const COLUMNS = [
  'Autumn offer, 23 Nov 2026: Status',
  'Autumn offer, 23 Nov 2026: Parts',
  'Autumn offer, 23 Nov 2026: Cost',
  'Autumn offer, 23 Nov 2026: Time',
];
const names = ['Анна', 'Борис', 'Вера', 'Глеб'];
const rows = names.map(
  (name, i): ResultRow => ({
    key: `k-${name}`,
    number: i + 2,
    cells: ['+7900000000', name, 1],
    values: [`delivered to ${name}`, 1, null, null],
  }),
);
const sheetOf = (changes: Partial<ResultSheet> = {}, what = rows): ResultSheet => ({
  ...resultSheet({ rows: what }),
  ...changes,
});

let target: string;
let book: Spreadsheet;
beforeEach(() => {
  target = planted({ headings: ['Phone', 'Name', 'Sum'], rows });
  book = bookOf(target);
});
const write = (sheet = sheetOf()) => sink.write(target, sheet, never);
/** What stands in the status column beside each name. */
const statuses = (campaign = '12'): Record<string, string> => {
  const tab = book.tabs[0]!;
  const column = tab.columns.findIndex(({ marks }) => marks[0]?.metadataValue === `result/${campaign}/0`);
  const name = tab.rows
    .find(({ cells }) => cells.some((cell) => cell?.value === 'Name'))!
    .cells.findIndex((cell) => cell?.value === 'Name');
  const found = tab.rows.map(({ cells }) => [cells[name]?.value, cells[column]?.value ?? null] as const);
  return Object.fromEntries(found.filter(([who]) => typeof who === 'string' && who !== 'Name'));
};
const RIGHT = Object.fromEntries(names.map((name) => [name, `delivered to ${name}`]));

describe('a write-back', () => {
  test('stands right of the manager’s columns, under the name of the campaign', async () => {
    await write();
    expect(book.seen('People')[0]).toEqual(['Phone', 'Name', 'Sum', 'Herald ID', ...COLUMNS]);
    expect(statuses()).toEqual(RIGHT);
  });

  test.each([
    ['sorts the sheet', (at: Spreadsheet) => at.sort('People', 1, { descending: true })],
    [
      'puts rows in',
      (at: Spreadsheet) =>
        at.insertRows('People', 2, [
          ['+79', 'Новый'],
          ['+79', 'Ещё'],
        ]),
    ],
    ['puts a row in above the headings', (at: Spreadsheet) => at.insertRows('People', 0, [['Клиенты']])],
    ['puts a column in', (at: Spreadsheet) => at.insertColumn('People', 0)],
    ['drags a column of results to the left', (at: Spreadsheet) => at.tabs[0]!.moveColumn(5, 0)],
    ['renames the tab', (at: Spreadsheet) => Object.assign(at.tabs[0]!, { title: 'Клиенты' })],
  ])('is right by row though somebody %s before any of its calls', async (_, change) => {
    for (const method of [
      'spreadsheets.get',
      'spreadsheets.batchUpdate',
      'spreadsheets.values.batchGetByDataFilter',
      'spreadsheets.values.batchUpdateByDataFilter',
    ]) {
      target = planted({ headings: ['Phone', 'Name', 'Sum'], rows });
      book = bookOf(target);
      const mine = book
        .seen('People')
        .slice(1)
        .map((row) => row.slice(0, 4).join());
      google.before(method, () => change(book));
      expect(await write()).toMatchObject({ kind: 'written', rows: 4 });
      expect(statuses()).toMatchObject(RIGHT);
      const key = book.tabs[0]!.columns.findIndex(({ marks }) => marks[0]?.metadataValue === 'key');
      const cells = book.tabs[0]!.rows.map((row) =>
        row.cells.filter((_, i) => i === key || !book.tabs[0]!.columns[i]!.marks[0]).map((cell) => cell?.value ?? ''),
      );
      for (const row of mine) expect(cells.map((line) => line.join().replace(/^,|,+$/g, ''))).toContain(row);
    }
  });

  test('is right though somebody sorts before every one of its first calls', async () => {
    for (const descending of [true, false, true]) {
      google.before('spreadsheets.values.batchUpdateByDataFilter', () => book.sort('People', 1, { descending }));
    }
    expect(await write()).toMatchObject({ kind: 'written' });
    expect(statuses()).toEqual(RIGHT);
  });

  test('reports rows that are gone and keys that stand twice, and writes to neither', async () => {
    book.deleteRows('People', 1);
    book.copyRow('People', 1, 3);
    expect(await write()).toMatchObject({ kind: 'written', unfound: { missing: 1, duplicates: 1 } });
    expect(statuses()).toEqual({ Борис: null, Вера: RIGHT.Вера, Глеб: RIGHT.Глеб });
  });

  test('does not miss rows that are known to have been taken out', async () => {
    book.deleteRows('People', 1);
    const known = rows.map((row, i) => (i === 0 ? { ...row, gone: true } : row));
    expect(await write(sheetOf({}, known))).not.toHaveProperty('unfound');
  });

  test('writes only what has changed, and nothing when nothing has', async () => {
    await write();
    const before = google.calls.length;
    await write();
    const quiet = google.calls.slice(before).map(({ method }) => method);
    expect(quiet.filter((method) => /Update/.test(method))).toEqual([]);
    const news = sheetOf(
      {},
      rows.map((row, i) => (i === 2 ? { ...row, values: ['undelivered', 1, null, null] } : row)),
    );
    await write(news);
    expect(statuses()).toEqual({ ...RIGHT, Вера: 'undelivered' });
    const update = google.calls.slice(before).filter(({ method }) => method.endsWith('batchUpdateByDataFilter'));
    expect(update).toHaveLength(1);
    expect(update[0]!.bytes).toBeLessThan(400);
  });

  test('of two campaigns on one sheet disturbs neither, at the same time too', async () => {
    const other = sheetOf(
      { campaign: '13', group: 'Winter offer, 1 Dec 2026' },
      rows.map((row) => ({ ...row, values: ['waiting', 1, null, null] })),
    );
    await Promise.all([write(), write(other), write(), write(other)]);
    expect(statuses('12')).toEqual(RIGHT);
    expect(new Set(Object.values(statuses('13')))).toEqual(new Set(['waiting']));
    expect(book.seen('People')[0]).toHaveLength(4 + 8);
    expect(book.tabs.map(({ title }) => title)).toEqual([
      'People',
      'Left out: Autumn offer, 23 Nov 2026',
      'Left out: Winter offer, 1 Dec 2026',
    ]);
  });

  test('makes one group though the answer to making it was lost', async () => {
    google.loseAnswer('spreadsheets.batchUpdate');
    google.loseAnswer('spreadsheets.values.batchUpdateByDataFilter');
    expect(await write()).toMatchObject({ kind: 'written' });
    expect(book.seen('People')[0]).toHaveLength(8);
    expect(statuses()).toEqual(RIGHT);
  });

  test('leaves out columns that the manager has deleted', async () => {
    await write();
    book.tabs[0]!.deleteColumns(5, 1);
    await write(
      sheetOf(
        {},
        rows.map((row) => ({ ...row, values: ['read', 9, 9, null] })),
      ),
    );
    expect(book.seen('People')[0]).toEqual(['Phone', 'Name', 'Sum', 'Herald ID', COLUMNS[0], COLUMNS[2], COLUMNS[3]]);
    expect(book.seen('People')[1]?.slice(4)).toEqual(['read', 9]);
  });

  test('asks for nothing that a reply to an SMS may have brought', async () => {
    const formulas = [
      '=IMPORTXML("http://example.test","//a")',
      '=HYPERLINK("http://example.test","x")',
      '+1-1',
      '@SUM(1)',
    ];
    await write(
      sheetOf(
        {},
        rows.map((row, i) => ({ ...row, values: [formulas[i]!, 1, null, null] })),
      ),
    );
    expect(Object.values(statuses())).toEqual(formulas);
    expect(book.fetched).toEqual([]);
  });

  test('waits out five minutes of "too many requests"', async () => {
    google.fail(429, 5);
    const before = desk.clock.now();
    expect(await write()).toMatchObject({ kind: 'written' });
    expect(statuses()).toEqual(RIGHT);
    expect(desk.clock.now() - before).toBeGreaterThanOrEqual(300_000);
  });

  test('is put off when Google is silent for longer', async () => {
    google.fail(503, 60);
    expect(await write()).toEqual({ kind: 'failed', why: 'google-silent' });
    desk.clock.forward(3_600_000);
  });
});

const headingRow = ({ tabs }: Spreadsheet) =>
  tabs[0]!.rows.findIndex(({ cells }) => cells.some((cell) => cell?.value === 'Name'));
const nameColumn = (at: Spreadsheet) =>
  at.tabs[0]!.rows[headingRow(at)]!.cells.findIndex((cell) => cell?.value === 'Name');
/** A row with these values where people see these headings: in Herald's own columns they write nothing. */
const under = (at: Spreadsheet, values: Record<string, string>): string[] =>
  Array.from(at.tabs[0]!.rows[headingRow(at)]!.cells, (cell) => values[String(cell?.value)] ?? '');
/** What stands in the columns that are not Herald's, row by row. */
const theirs = () => {
  const { rows, columns } = book.tabs[0]!;
  const filled = rows.map(({ cells }) =>
    cells.filter((cell, i) => columns[i]!.marks.length === 0 && (cell?.value ?? '') !== ''),
  );
  return filled.filter((cells) => cells.length > 0).map((cells) => cells.map((cell) => cell!.value));
};

test('whatever people do and whenever, each status stands beside its name, and nothing of theirs is touched', async () => {
  const CALLS = [
    'spreadsheets.get',
    'spreadsheets.batchUpdate',
    'spreadsheets.values.batchGetByDataFilter',
    'spreadsheets.values.batchUpdateByDataFilter',
  ];
  const DEEDS: readonly ((at: Spreadsheet) => void)[] = [
    (at) => at.sort('People', nameColumn(at), { from: headingRow(at) + 1 }),
    (at) => at.sort('People', nameColumn(at), { from: headingRow(at) + 1, descending: true }),
    (at) => at.insertRows('People', headingRow(at) + 2, [under(at, { Phone: '+79', Name: 'Новый' })]),
    (at) => at.insertRows('People', 0, [under(at, { Name: 'Клиенты' })]),
    (at) => at.deleteRows('People', headingRow(at) + 2),
    (at) => at.insertColumn('People', 1),
    (at) => at.tabs[0]!.moveColumn(0, 3),
    (at) => at.tabs[0]!.moveColumn(4, 0),
  ];
  const deed = fc.record({ call: fc.constantFrom(...CALLS), what: fc.constantFrom(...DEEDS) });
  await fc.assert(
    fc.asyncProperty(fc.array(deed, { maxLength: 6 }), async (deeds) => {
      target = planted({ headings: ['Phone', 'Name', 'Sum'], rows });
      book = bookOf(target);
      for (const { call, what } of deeds) google.before(call, () => what(book));
      expect(await write()).toMatchObject({ kind: 'written' });
      google.forget();
      for (const [name, status] of Object.entries(statuses()))
        expect([name, status]).toEqual([name, RIGHT[name] ?? null]);
      for (const row of theirs()) {
        const name = names.find((one) => row.includes(one));
        const mine = name ? ['+7900000000', name, 1] : row.includes('Name') ? ['Phone', 'Name', 'Sum'] : null;
        if (mine) expect(new Set(row)).toEqual(new Set(mine));
        else expect(['+79,Новый', 'Новый,+79', 'Клиенты']).toContain(row.join());
      }
    }),
    { numRuns: 60 },
  );
});

test('what Herald writes is no part of the list, and no change of it', async () => {
  const source = desk.source();
  const read = async () => {
    const opening = await source.open(target, 'People', never);
    if (opening.kind === 'refused') throw new Error(opening.problem.code);
    return { revision: opening.audience.revision, rows: await Array.fromAsync(rowsIn(opening.audience)) };
  };
  const before = await read();
  await write();
  expect(await read()).toEqual(before);
  const look = await source.inspect(target, never);
  expect(look).toMatchObject({ tables: [{ name: 'People', rows: { count: 5 } }] });
  // Without their marks they are known by their headings.
  for (const column of book.tabs[0]!.columns) column.marks = [];
  expect(await read()).toEqual(before);
});

describe('the tab of those left out', () => {
  test('sums up the reasons, most first, and lists the rows', async () => {
    const left = [
      { number: 9, cells: ['1', 'А', null], reason: 'too short' },
      { number: 10, cells: ['2', 'Б', null], reason: 'no phone' },
      { number: 11, cells: ['3', 'В', null], reason: 'no phone' },
    ];
    await write({ ...sheetOf(), ...{ excluded: resultSheet({ excluded: left }).excluded } });
    expect(book.seen('Left out: Autumn offer, 23 Nov 2026')).toEqual([
      ['Autumn offer, 23 Nov 2026'],
      ['Reason', 'Rows'],
      ['no phone', 2],
      ['too short', 1],
      [],
      ['Row', 'Reason', 'Телефон', 'Name', 'Сумма'],
      [9, 'too short', '1', 'А'],
      [10, 'no phone', '2', 'Б'],
      [11, 'no phone', '3', 'В'],
    ]);
  });

  test('grows, shrinks, and gets another name where its own is taken', async () => {
    book.addTab('LEFT OUT: autumn offer, 23 nov 2026', 10, 10);
    await write();
    const many = Array.from({ length: 30 }, (_, i) => ({ number: i, cells: [i], reason: 'x' }));
    await write({ ...sheetOf(), excluded: resultSheet({ excluded: many }).excluded });
    expect(book.seen('Left out: Autumn offer, 23 Nov 2026 (2)')).toHaveLength(35);
    await write();
    expect(book.seen('Left out: Autumn offer, 23 Nov 2026 (2)')).toHaveLength(4);
  });
});

describe('what cannot be written is told', () => {
  test('a sheet that would pass ten million cells', async () => {
    book.hold([
      {
        title: 'People',
        rows: [
          ['Phone', 'Herald ID'],
          ['+7', 'k-Анна'],
        ],
        grid: { rows: 400_000, columns: 25 },
      },
    ]);
    book.tabs[0]!.columns[1]!.marks = [{ metadataId: 7, metadataKey: 'herald', metadataValue: 'key' }];
    expect(await write()).toEqual({ kind: 'failed', why: 'sheet-full' });
    expect(book.seen('People')[0]).toEqual(['Phone', 'Herald ID']);
  });
  test('a tab without keys', async () => {
    book.tabs[0]!.columns[3]!.marks = [];
    expect(await write()).toEqual({ kind: 'failed', why: 'no-keys' });
  });
  test('a sheet that is no longer shared, or gone', async () => {
    book.shared.set(google.account.client_email, 'reader');
    expect(await write()).toEqual({ kind: 'failed', why: 'sheet-closed' });
    google.files.delete(book.id);
    expect(await write()).toEqual({ kind: 'failed', why: 'sheet-gone' });
    expect(await sink.write('people.xlsx', sheetOf(), never)).toEqual({ kind: 'failed', why: 'wrong-type' });
  });
});
