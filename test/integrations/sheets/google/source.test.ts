/** Audiences from Google Sheets: what people do to a sheet at any moment, and what Google refuses. */
import { readdirSync } from 'node:fs';
import { afterAll, beforeAll, describe, expect, test } from 'vitest';
import { type AudienceSource, type OpenAudience, rowsIn, type SourceRow } from '../../../../src/audiences/source.ts';
import { sourceContract } from '../../../contract/source.ts';
import type { Spreadsheet } from '../../../fakes/google/spreadsheet.ts';
import { type GoogleDesk, googleDesk, idOf, link, never } from './desk.ts';

const desk: GoogleDesk = await googleDesk({ quota: { read: 100_000, write: 100_000 } });
const { google } = desk;
const source: AudienceSource = desk.source();
afterAll(() => google.stop());

describe('Google Sheets', () => {
  sourceContract(() => ({
    source,
    async hold(name, tables) {
      google.hold(
        idOf(name),
        tables.map(({ name: title, ...held }) => ({ title, ...held })),
      );
      return link(name);
    },
    without: {},
    missing: link('nowhere'),
  }));
});

const PEOPLE = [
  ['Имя', 'Телефон'],
  ['Иван', '+79161234567'],
  ['Анна', '+79160000001'],
  ['Пётр', '+79160000002'],
];

let sheets = 0;
function people(rows: readonly (readonly (string | number | null)[])[] = PEOPLE): { book: Spreadsheet; ref: string } {
  const name = `people-${sheets++}`;
  return { book: google.hold(idOf(name), [{ title: 'Лист 1', rows }]), ref: link(name) };
}

async function opened(ref: string, headerRow?: number): Promise<OpenAudience> {
  const opening = await source.open(ref, 'Лист 1', never, headerRow === undefined ? {} : { headerRow });
  if (opening.kind === 'refused') throw new Error(opening.problem.code);
  return opening.audience;
}
const rowsOf = async (ref: string, headerRow?: number): Promise<readonly SourceRow[]> =>
  Array.fromAsync(rowsIn(await opened(ref, headerRow)));
/** Key by name, below the headings. */
const keysOf = (rows: readonly SourceRow[]): Readonly<Record<string, string>> =>
  Object.fromEntries(rows.slice(1).map(({ key, cells }) => [cells[0]?.kind === 'text' ? cells[0].text : '', key]));

describe('a sheet whose rows are going to be kept', () => {
  test('gets a column of keys at its right, which is no part of the audience', async () => {
    const { book, ref } = people();
    const rows = await rowsOf(ref, 1);
    expect(rows.map(({ cells }) => cells.length)).toEqual([2, 2, 2, 2]);
    const seen = book.seen('Лист 1');
    expect(seen[0]).toEqual(['Имя', 'Телефон', 'Herald ID']);
    expect(seen.slice(1).map((row) => row[2])).toEqual(rows.slice(1).map(({ key }) => key));
    expect(new Set(rows.map(({ key }) => key)).size).toBe(4);
    expect(book.tabs[0]?.protections).toMatchObject([{ warningOnly: true }]);
  });

  test('keeps its keys and its revision when it is sorted, formatted and noted', async () => {
    const { book, ref } = people();
    const before = keysOf(await rowsOf(ref, 1));
    const { revision } = await opened(ref);
    book.sort('Лист 1', 0);
    book.note('Лист 1', 1, 0, 'called twice');
    book.tabs[0]!.rows[2]!.cells[1] = { ...book.tabs[0]!.rows[2]!.cells[1]!, format: { type: 'TEXT' } };
    const after = await opened(ref);
    expect(keysOf(await Array.fromAsync(rowsIn(after)))).toEqual(before);
    expect(after.revision).toBe(revision);
  });

  test('has another revision when somebody changes a value, or deletes a row', async () => {
    const { book, ref } = people();
    const { revision } = await opened(ref, 1);
    book.type('Лист 1', 1, 1, '79161234500');
    const changed = (await opened(ref)).revision;
    book.deleteRows('Лист 1', 1);
    expect(new Set([revision, changed, (await opened(ref)).revision]).size).toBe(3);
  });

  test('gives keys to new rows the next time, and the old ones keep theirs', async () => {
    const { book, ref } = people();
    const before = keysOf(await rowsOf(ref, 1));
    book.insertRows('Лист 1', 1, [['Олег', '+79160000009']]);
    const after = keysOf(await rowsOf(ref, 1));
    expect(after).toMatchObject(before);
    expect(after.Олег).toMatch(/^h-/);
  });

  test('gives a copied row a key of its own: the first keeps it', async () => {
    const { book, ref } = people();
    const before = await rowsOf(ref, 1);
    book.copyRow('Лист 1', 1, 3);
    const after = await rowsOf(ref, 1);
    expect(after[1]?.key).toBe(before[1]?.key);
    expect(new Set(after.map(({ key }) => key)).size).toBe(5);
  });

  test('is not torn apart by a filter, which is drawn over the new column', async () => {
    const { book, ref } = people();
    const tab = book.tabs[0]!;
    tab.filter = { range: { sheetId: tab.sheetId, startRowIndex: 0, startColumnIndex: 0, endColumnIndex: 2 } };
    await rowsOf(ref, 1);
    expect(tab.filter.range.endColumnIndex).toBe(3);
  });

  test('finds its keys where somebody has dragged their column', async () => {
    const { book, ref } = people();
    const before = keysOf(await rowsOf(ref, 1));
    book.insertColumn('Лист 1', 0);
    book.tabs[0]!.moveColumn(3, 0);
    book.touch();
    const rows = await rowsOf(ref, 1);
    expect(rows.slice(1).map(({ key }) => key)).toEqual(Object.values(before));
    expect(rows[1]?.cells.map(({ kind }) => kind)).toEqual(['empty', 'text', 'text']);
  });

  test.each([
    ['sorts it', (book: Spreadsheet) => book.sort('Лист 1', 0)],
    ['puts a row in', (book: Spreadsheet) => book.insertRows('Лист 1', 1, [['Олег', '+79160000009']])],
    ['deletes a row', (book: Spreadsheet) => book.deleteRows('Лист 1', 2)],
    ['puts a column in', (book: Spreadsheet) => book.insertColumn('Лист 1', 1)],
    ['puts a row in above the headings', (book: Spreadsheet) => book.insertRows('Лист 1', 0, [['Клиенты']])],
  ])('has one key a row though somebody %s while they are written', async (_, change) => {
    for (const method of [
      'spreadsheets.values.batchGet',
      'spreadsheets.batchUpdate',
      'spreadsheets.values.batchUpdateByDataFilter',
      'spreadsheets.values.batchGetByDataFilter',
    ]) {
      const { book, ref } = people();
      const before = keysOf(await rowsOf(ref, 1));
      book.insertRows('Лист 1', 3, [['Ева', '+79160000005']]);
      google.before(method, () => change(book));
      if (method === 'spreadsheets.batchUpdate') continue;
      const rows = (await rowsOf(ref, 1)).filter(({ key }) => key.startsWith('h-'));
      expect(new Set(rows.map(({ key }) => key)).size).toBe(rows.length);
      const names = rows
        .map(({ cells }) => cells.find(({ kind }) => kind === 'text'))
        .map((cell) => (cell?.kind === 'text' ? cell.text : ''));
      const after = Object.fromEntries(rows.map(({ key }, index) => [names[index], key]));
      for (const [name, key] of Object.entries(after))
        if (before[name]) expect([method, key]).toEqual([method, before[name]]);
      expect(names).toContain('Ева');
    }
  });

  test('makes one column only, though the answer to making it was lost', async () => {
    const { book, ref } = people();
    google.loseAnswer('spreadsheets.batchUpdate');
    await rowsOf(ref, 1);
    expect(book.seen('Лист 1')[0]).toEqual(['Имя', 'Телефон', 'Herald ID']);
  });

  test('knows its columns by their headings when the marks are lost', async () => {
    const { book, ref } = people();
    const before = keysOf(await rowsOf(ref, 1));
    book.tabs[0]!.columns[2]!.marks = [];
    expect(keysOf(await rowsOf(ref))).toEqual(before);
    expect(keysOf(await rowsOf(ref, 1))).toEqual(before);
    expect(book.tabs[0]!.columns[2]!.marks).toHaveLength(1);
  });

  test('without headings gets keys all the same', async () => {
    const { book, ref } = people(PEOPLE.slice(1));
    const rows = await rowsOf(ref, 0);
    expect(rows.every(({ key }) => key.startsWith('h-'))).toBe(true);
    expect(book.seen('Лист 1')[0]?.[2]).toBe(rows[0]?.key);
  });
});

test('a hundred thousand rows are read and keyed in a few calls', { timeout: 240_000 }, async () => {
  const rows = Array.from({ length: 100_000 }, (_, i) => [`Client ${i}`, `+7900${1_000_000 + i}`, 'Москва', i]);
  const { ref } = people([['Name', 'Phone', 'City', 'Sum'], ...rows]);
  const before = google.calls.length;
  const { length } = await rowsOf(ref, 1);
  expect(length).toBe(100_001);
  expect(google.calls.length - before).toBeLessThanOrEqual(20);
});

describe('cells', () => {
  test('are shown as people see them', async () => {
    const day = { value: 46_349, format: { type: 'DATE', pattern: 'dd.mm.yyyy' } };
    const name = 'cells';
    google.hold(idOf(name), [
      {
        title: 'Лист 1',
        rows: [
          [
            day,
            { value: 0.5, format: { type: 'PERCENT', pattern: '0%' } },
            { value: null, error: 'N_A' },
            '#N/A',
            true,
            12.5,
            { value: 79161234567 },
          ],
        ],
      },
    ]);
    const [row] = await rowsOf(link(name));
    expect(row?.cells).toEqual([
      { kind: 'date', iso: '2026-11-23', text: '23.11.2026' },
      { kind: 'number', value: 0.5, text: '50%' },
      { kind: 'error', text: '#N/A' },
      { kind: 'text', text: '#N/A' },
      { kind: 'boolean', value: true, text: 'TRUE' },
      { kind: 'number', value: 12.5, text: '12.5' },
      { kind: 'number', value: 79161234567, text: '79161234567' },
    ]);
  });
});

describe('a link', () => {
  test.each([
    'https://docs.google.com/spreadsheets/d/1BxiMVs0XRA5nFMdKvBdBZjgmUUqptlbs74OgvE2upms/edit#gid=0',
    'https://docs.google.com/spreadsheets/u/1/d/1BxiMVs0XRA5nFMdKvBdBZjgmUUqptlbs74OgvE2upms/edit?usp=sharing',
    'https://docs.google.com/a/example.com/spreadsheets/d/1BxiMVs0XRA5nFMdKvBdBZjgmUUqptlbs74OgvE2upms',
    'https://drive.google.com/file/d/1BxiMVs0XRA5nFMdKvBdBZjgmUUqptlbs/view?usp=drive_link',
    'https://drive.google.com/open?id=1BxiMVs0XRA5nFMdKvBdBZjgmUUqptlbs&usp=drive_copy',
  ])('%s is claimed', (ref) => {
    expect(source.claims(ref)).toBe(true);
  });
  test.each([
    'https://docs.google.com/document/d/1BxiMVs0XRA5nFMdKvBdBZjgmUUqptlbs74OgvE2upms/edit',
    'https://docs.google.com.example.com/spreadsheets/d/1BxiMVs0XRA5nFMdKvBdBZjgmUUqptlbs74OgvE2upms',
    'people.xlsx',
    'https://drive.google.com/drive/folders/1BxiMVs0XRA5nFMdKvBdBZjgmUUqptlbs',
  ])('%s is not', (ref) => {
    expect(source.claims(ref)).toBe(false);
  });
});

describe('what cannot be read is told with what to do', () => {
  const share = google.account.client_email;
  const problem = async (ref: string, reading = {}, from = source) => {
    const inspection = await from.inspect(ref, never, reading);
    return inspection.kind === 'refused' ? inspection.problem : 'read';
  };

  test('a sheet that is not shared names the address to share with', async () => {
    google.hold(idOf('closed'), [{ title: 'A', rows: PEOPLE }], { shared: {} });
    expect(await problem(link('closed'))).toEqual({ code: 'not-shared', share });
  });
  test('one that is shared for reading is looked at, and refused when its rows are to be kept', async () => {
    google.hold(idOf('viewed'), [{ title: 'A', rows: PEOPLE }], { shared: { [share]: 'reader' } });
    expect(await problem(link('viewed'))).toBe('read');
    expect(await source.open(link('viewed'), 'A', never)).toMatchObject({ kind: 'open' });
    expect(await source.open(link('viewed'), 'A', never, { headerRow: 1 })).toMatchObject({
      problem: { code: 'read-only', share },
    });
  });
  test('a file in the bin is not there', async () => {
    google.hold(idOf('binned'), [{ title: 'A', rows: PEOPLE }]).trashed = true;
    expect(await problem(link('binned'))).toMatchObject({ code: 'not-found' });
  });
  test('a picture is called one', async () => {
    google.holdFile(idOf('picture'), { name: 'cat.png', mimeType: 'image/png', bytes: Buffer.from('x') });
    expect(await problem(link('picture'))).toEqual({ code: 'wrong-type', found: 'png' });
  });
  test('Google that does not answer is given up after a while, and not before', async () => {
    const { ref } = people();
    google.fail(503, 10);
    const before = desk.clock.now();
    expect(await problem(ref)).toEqual({ code: 'unavailable' });
    expect(desk.clock.now() - before).toBeGreaterThan(10_000);
    desk.clock.forward(600_000);
    expect(await problem(ref)).toBe('read');
  });
  test('five minutes of "too many requests" keep nobody from a list that is going to be kept', async () => {
    const { ref } = people();
    google.fail(429, 5);
    expect(await rowsOf(ref, 1)).toHaveLength(4);
  });
});

describe('a file of another program in Drive', () => {
  const ref = `https://drive.google.com/file/d/${idOf('office')}/view`;
  const hold = (text: string, mimeType = 'text/csv') =>
    google.holdFile(idOf('office'), { name: 'people.csv', mimeType, bytes: Buffer.from(text) });
  const open = async () => {
    const opening = await source.open(ref, '', never, { headerRow: 1 });
    if (opening.kind === 'refused') throw new Error(opening.problem.code);
    return opening.audience;
  };

  test('is read as a file, as often as one likes, and nothing of it stays here', async () => {
    hold('Phone,Name\n+79161234567,Anna');
    expect(await source.inspect(ref, never)).toMatchObject({ kind: 'tables', tables: [{ rows: { count: 2 } }] });
    const audience = await open();
    const rows = await Array.fromAsync(rowsIn(audience));
    expect(rows).toHaveLength(2);
    for await (const row of rowsIn(audience)) {
      expect(row).toEqual(rows[0]);
      break;
    }
    expect(readdirSync(desk.downloads)).toEqual([]);
  });

  test('is not read when it has changed since it was opened, or is gone', async () => {
    hold('Phone\n+79161234567');
    const audience = await open();
    hold('Phone\n+79161234568');
    await expect(Array.fromAsync(rowsIn(audience))).rejects.toMatchObject({ problem: { code: 'broken' } });
    google.files.delete(idOf('office'));
    await expect(Array.fromAsync(rowsIn(audience))).rejects.toMatchObject({ problem: { code: 'unavailable' } });
    expect(readdirSync(desk.downloads)).toEqual([]);
  });

  test('is refused by what is wrong with it', async () => {
    hold('Phone\n', 'application/vnd.openxmlformats-officedocument.spreadsheetml.sheet');
    expect(await source.open(ref, '', never)).toMatchObject({ kind: 'refused' });
    const small = desk.source({ limits: { fileBytes: 3 } });
    hold('Phone');
    expect(await small.inspect(ref, never)).toMatchObject({ problem: { code: 'too-large', what: 'file' } });
    expect(readdirSync(desk.downloads)).toEqual([]);
  });
});

describe('with delegation', () => {
  let delegated: GoogleDesk;
  beforeAll(async () => {
    delegated = await googleDesk({ delegation: true });
    delegated.google.people.add('anna@example.com').add('boris@example.com');
    delegated.google.hold(idOf('annas'), [{ title: 'A', rows: PEOPLE }], { shared: { 'anna@example.com': 'writer' } });
  });
  afterAll(() => delegated.google.stop());
  const look = async (email: string | null) => {
    const inspection = await delegated.source().inspect(link('annas'), never, { email });
    return inspection.kind === 'refused' ? inspection.problem.code : 'read';
  };

  test('an employee reads what that one may open, and Google sees who it was', async () => {
    expect(await look('anna@example.com')).toBe('read');
    expect(delegated.google.calls.at(-1)?.user).toBe('anna@example.com');
  });
  test('nobody reads what only a colleague may open', async () => {
    expect(await look('boris@example.com')).toBe('not-yours');
  });
  test('who may only look at a sheet is told to become its editor', async () => {
    const email = 'anna@example.com';
    delegated.google.hold(idOf('viewed'), [{ title: 'A', rows: PEOPLE }], { shared: { [email]: 'reader' } });
    expect(await delegated.source().open(link('viewed'), 'A', never, { headerRow: 1, email })).toMatchObject({
      problem: { code: 'read-only', share: email },
    });
  });
  test('who has no address, or none in the company, reads nothing', async () => {
    expect(await look(null)).toBe('not-yours');
    expect(await look('eve@elsewhere.example')).toBe('not-yours');
  });
});
