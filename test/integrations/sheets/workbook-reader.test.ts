import ExcelJS from 'exceljs';
import fc from 'fast-check';
import { describe, expect, test } from 'vitest';
import type { Cell, SourceTable } from '../../../src/audiences/source.ts';
import { look, madeFolder, makeWorkbook, makeZip, packageOf, rowsOf, sheetXml, texts } from './made-files.ts';

const file = madeFolder();

/** The cells of one row as exceljs wrote them. */
async function cellsOf(values: readonly ExcelJS.CellValue[], dress: (row: ExcelJS.Row) => void = () => {}) {
  const path = await makeWorkbook(file('cells.xlsx'), (workbook) => {
    const row = workbook.addWorksheet('A').addRow(values);
    dress(row);
  });
  return (await rowsOf(path))[0]?.cells;
}

/** The cells of one row as its XML says. */
async function cellsOfXml(
  xml: string,
  more: Readonly<Record<string, string>> = {},
): Promise<readonly Cell[] | undefined> {
  const path = await makeZip(file('xml.xlsx'), packageOf(sheetXml(`<row r="1">${xml}</row>`), more));
  return (await rowsOf(path))[0]?.cells;
}

const tablesOf = async (path: string): Promise<readonly SourceTable[]> => {
  const found = await look(path);
  if ('code' in found) throw new Error(found.code);
  return found;
};

describe('a cell is read as people see it', () => {
  test.each<[string, ExcelJS.CellValue, Cell]>([
    ['a text', ' Иван ', { kind: 'text', text: ' Иван ' }],
    ['a text with XML in it', '<b>&amp;</b>', { kind: 'text', text: '<b>&amp;</b>' }],
    ['a text that looks like a formula', '=1+1', { kind: 'text', text: '=1+1' }],
    ['a text in lines', 'a\nb', { kind: 'text', text: 'a\nb' }],
    ['spaces only', '  ', { kind: 'empty' }],
    ['a phone as a number', 79161234567, { kind: 'number', value: 79161234567, text: '79161234567' }],
    ['a fraction', 0.1 + 0.2, { kind: 'number', value: 0.1 + 0.2, text: '0.3' }],
    ['a boolean', true, { kind: 'boolean', value: true, text: 'TRUE' }],
    ['its opposite', false, { kind: 'boolean', value: false, text: 'FALSE' }],
    ['an error', { error: '#N/A' }, { kind: 'error', text: '#N/A' }],
    ['a day', new Date('2026-11-25T00:00:00Z'), { kind: 'date', iso: '2026-11-25', text: '25.11.2026' }],
    [
      'a rich text',
      { richText: [{ font: { bold: true }, text: '+7 916 ' }, { text: '123-45-67' }] },
      { kind: 'text', text: '+7 916 123-45-67' },
    ],
    ['a link', { text: 'a@b.c', hyperlink: 'mailto:a@b.c' }, { kind: 'text', text: 'a@b.c' }],
    ['a formula with a text', { formula: 'A2', result: 'да' }, { kind: 'text', text: 'да' }],
    ['a formula with a number', { formula: 'A2', result: 5 }, { kind: 'number', value: 5, text: '5' }],
    ['a formula with an error', { formula: '1/0', result: { error: '#DIV/0!' } }, { kind: 'error', text: '#DIV/0!' }],
    ['a formula with a boolean', { formula: '1=1', result: true }, { kind: 'boolean', value: true, text: 'TRUE' }],
  ])('%s', async (_, value, cell) => {
    expect((await cellsOf([value, 'end']))?.[0]).toEqual(cell);
  });

  test('a formula that was never computed is empty', async () => {
    expect(await cellsOfXml('<c r="A1"><f>NOW()</f></c><c r="B1"><v>1</v></c>')).toMatchObject([
      { kind: 'empty' },
      { text: '1' },
    ]);
  });

  test.each([
    [
      'a runs-on-runs text of its own',
      '<c r="A1" t="inlineStr"><is><r><t>+7 </t></r><r><t>916</t></r></is></c>',
      '+7 916',
    ],
    ['a plain text of its own', '<c r="A1" t="inlineStr"><is><t>имя</t></is></c>', 'имя'],
    [
      'a text with its reading above',
      '<c r="A1" t="inlineStr"><is><t>東京</t><rPh sb="0" eb="2"><t>トウキョウ</t></rPh></is></c>',
      '東京',
    ],
    ['a character that XML cannot hold', '<c r="A1" t="str"><v>a_x000D_b_x0041_</v></c>', 'a\rbA'],
    ['a date in ISO 8601', '<c r="A1" t="d"><v>2026-11-25T00:00:00Z</v></c>', '2026-11-25'],
    ['a number that is none', '<c r="A1"><v>1,5</v></c>', '1,5'],
    ['a huge number', '<c r="A1"><v>1E+21</v></c>', '1000000000000000000000'],
    ['a tiny number', '<c r="A1"><v>1.5E-7</v></c>', '0.00000015'],
  ])('%s', async (_, xml, text) => {
    expect((await cellsOfXml(xml))?.[0]).toMatchObject({ text });
  });

  test('shared texts: plain, rich, read aloud, empty', async () => {
    const strings =
      '<sst><si><t>a</t></si><si><r><t>b</t></r><r><t xml:space="preserve"> c</t></r></si><si><t>東</t><rPh><t>x</t></rPh></si><si/></sst>';
    const cells = [0, 1, 2, 3, 0].map((n, i) => `<c r="${'ABCDE'[i]}1" t="s"><v>${n}</v></c>`).join('');
    const read = await cellsOfXml(cells, { 'xl/sharedStrings.xml': strings });
    expect(read?.map((cell) => (cell.kind === 'empty' ? null : cell.text))).toEqual(['a', 'b c', '東', null, 'a']);
  });

  test.each([
    ['dd.mm.yyyy hh:mm', '2026-11-25T09:05:00', '25.11.2026 09:05'],
    ['[$-419]d mmmm yyyy', '2026-11-05', '5 ноября 2026'],
    ['0.00', null, '46351.00'],
    ['00000000', null, '00046351'],
  ])('a number in the format %s', async (numFmt, iso, text) => {
    const [cell] = (await cellsOf(
      [iso === null ? 46351 : new Date(`${iso}Z`.replace(/^(.{10})Z/, '$1T00:00:00Z'))],
      (row) => {
        row.getCell(1).numFmt = numFmt;
      },
    ))!;
    expect(cell).toMatchObject(iso === null ? { kind: 'number', value: 46351, text } : { kind: 'date', iso, text });
  });

  test('days are counted from 1904 where the workbook does', async () => {
    const path = await makeWorkbook(file('1904.xlsx'), (workbook) => {
      workbook.properties.date1904 = true;
      workbook.addWorksheet('A').addRow([new Date('2026-11-25T00:00:00Z')]);
    });
    expect((await rowsOf(path))[0]?.cells).toMatchObject([{ iso: '2026-11-25' }]);
  });

  test('a phone under a date’s format is still its number', async () => {
    const [cell] = (await cellsOf([79161234567], (row) => {
      row.getCell(1).numFmt = 'dd.mm.yyyy';
    }))!;
    expect(cell).toEqual({ kind: 'number', value: 79161234567, text: '79161234567' });
  });
});

describe('rows', () => {
  test('under a merged title stand where they are', async () => {
    const path = await makeWorkbook(file('title.xlsx'), (workbook) => {
      const sheet = workbook.addWorksheet('A');
      sheet.mergeCells('A1:C1');
      sheet.getCell('A1').value = 'Список клиентов';
      sheet.getRow(3).values = ['Имя', 'Телефон'];
      sheet.getRow(4).values = ['Иван', 79161234567];
    });
    const rows = await rowsOf(path);
    expect(rows.map((row) => row.number)).toEqual([1, 3, 4]);
    expect(texts(rows)[1]).toEqual(['Имя', 'Телефон']);
  });

  test('and cells without numbers follow the one before', async () => {
    const rows =
      '<row><c><v>1</v></c><c><v>2</v></c></row><row r="5"><c r="C5"><v>3</v></c><c><v>4</v></c></row><row><c><v>5</v></c></row>';
    const read = await rowsOf(await makeZip(file('bare.xlsx'), packageOf(sheetXml(rows))));
    expect(read.map((row) => row.number)).toEqual([1, 5, 6]);
    expect(texts(read)).toEqual([['1', '2'], [null, null, '3', '4'], ['5']]);
  });

  test('are hidden by hand, by a filter, or by their height', async () => {
    const row = (n: number, attributes: string) => `<row r="${n}" ${attributes}><c r="A${n}"><v>${n}</v></c></row>`;
    const rows = [
      row(1, 'hidden="1"'),
      row(2, 'hidden="true"'),
      row(3, 'ht="0" customHeight="1"'),
      row(4, 'hidden="0"'),
    ];
    const path = await makeZip(file('hidden.xlsx'), packageOf(sheetXml(rows.join(''))));
    expect((await rowsOf(path)).map((row) => row.hidden)).toEqual([true, true, true, false]);
    expect((await tablesOf(path))[0]).toMatchObject({ hiddenRows: 3, filtered: false });
  });

  test.each([
    ['over the rows', sheetXml('<row r="1"><c r="A1"><v>1</v></c></row>', '<sheetPr filterMode="1"/>'), true],
    ['under the rows', sheetXml('<row r="1"><c r="A1"><v>1</v></c></row>', '', '<autoFilter ref="A1:B2"/>'), true],
    ['nowhere', sheetXml('<row r="1"><c r="A1"><v>1</v></c></row>', '<sheetPr/>'), false],
  ])('are filtered as is said %s', async (_, sheet, filtered) => {
    const [table] = await tablesOf(await makeZip(file('filter.xlsx'), packageOf(sheet)));
    expect(table?.filtered).toBe(filtered);
  });

  test.each([
    ['with a rule', '<table><autoFilter ref="A1:B3"><filterColumn colId="0"/></autoFilter></table>', true],
    ['with its arrows only', '<table><autoFilter ref="A1:B3"/></table>', false],
  ])('are filtered by a table of their own %s', async (_, table, filtered) => {
    const rels =
      '<Relationships><Relationship Id="rId1" Type="http://x/relationships/table" Target="../tables/table1.xml"/>' +
      '<Relationship Id="rId2" Type="http://x/relationships/hyperlink" Target="https://example.com" TargetMode="External"/></Relationships>';
    const parts = packageOf(sheetXml('<row r="1"><c r="A1"><v>1</v></c></row>'), {
      'xl/worksheets/_rels/sheet1.xml.rels': rels,
      'xl/tables/table1.xml': table,
    });
    expect((await tablesOf(await makeZip(file('table.xlsx'), parts)))[0]?.filtered).toBe(filtered);
  });

  test('are counted up to a limit, and then as at least so many', async () => {
    const path = await makeWorkbook(file('many.xlsx'), (workbook) => {
      const sheet = workbook.addWorksheet('A');
      for (let i = 0; i < 3000; i++) sheet.addRow([i, 'x'.repeat(100)]);
    });
    const found = await look(path, { lookRows: 100 });
    if ('code' in found) throw new Error(found.code);
    expect(found[0]?.rows.exact).toBe(false);
    expect(found[0]?.rows.count).toBeGreaterThanOrEqual(100);
    expect(found[0]?.rows.count).toBeLessThan(3000);
  });
});

describe('tabs', () => {
  test('are told in their order, hidden and very hidden ones too', async () => {
    const path = await makeWorkbook(file('tabs.xlsx'), (workbook) => {
      workbook.addWorksheet('Первый').addRow(['a']);
      workbook.addWorksheet('Скрытый', { state: 'hidden' }).addRow(['b']);
      workbook.addWorksheet('Очень', { state: 'veryHidden' }).addRow(['c']);
      workbook.addWorksheet('Пустой');
    });
    const tables = await tablesOf(path);
    expect(tables.map(({ name, hidden, rows }) => [name, hidden, rows.count])).toEqual([
      ['Первый', false, 1],
      ['Скрытый', true, 1],
      ['Очень', true, 1],
      ['Пустой', false, 0],
    ]);
    expect(texts(await rowsOf(path, 'Очень'))).toEqual([['c']]);
  });

  test('that are charts are passed over', async () => {
    const OFFICE = 'http://schemas.openxmlformats.org/officeDocument/2006/relationships';
    const parts = packageOf(sheetXml('<row r="1"><c r="A1"><v>1</v></c></row>'), {
      'xl/workbook.xml': `<workbook xmlns:r="${OFFICE}"><sheets><sheet name="Chart" sheetId="2" r:id="rId9"/><sheet name="Data" sheetId="1" r:id="rId1"/></sheets></workbook>`,
      'xl/_rels/workbook.xml.rels': `<Relationships><Relationship Id="rId1" Type="${OFFICE}/worksheet" Target="worksheets/sheet1.xml"/><Relationship Id="rId9" Type="${OFFICE}/chartsheet" Target="chartsheets/sheet1.xml"/></Relationships>`,
      'xl/chartsheets/sheet1.xml': '<chartsheet/>',
    });
    expect((await tablesOf(await makeZip(file('chart.xlsx'), parts))).map((table) => table.name)).toEqual(['Data']);
  });
});

describe('workbooks of other programs', () => {
  const OFFICE = 'http://schemas.openxmlformats.org/officeDocument/2006/relationships';

  test('with absolute targets, as openpyxl writes', async () => {
    const parts = packageOf(sheetXml('<row r="1"><c r="A1"><v>1</v></c></row>'), {
      'xl/_rels/workbook.xml.rels': `<Relationships><Relationship Id="rId1" Type="${OFFICE}/worksheet" Target="/xl/worksheets/sheet1.xml"/></Relationships>`,
    });
    expect((await tablesOf(await makeZip(file('absolute.xlsx'), parts))).map((table) => table.name)).toEqual(['Data']);
  });

  test('with prefixes and names of their own, as .NET writes', async () => {
    const sheet =
      '<x:worksheet xmlns:x="y"><x:sheetData><x:row r="1"><x:c r="A1" t="str"><x:v>Имя</x:v></x:c></x:row></x:sheetData></x:worksheet>';
    const parts = packageOf(sheet, {
      'xl/workbook.xml': `<x:workbook xmlns:x="y" xmlns:rel="${OFFICE}"><x:sheets><x:sheet name="Лист" sheetId="1" rel:id="rId1"/></x:sheets></x:workbook>`,
      'xl/_rels/workbook.xml.rels': `<Relationships><Relationship Id="rId1" Type="http://purl.oclc.org/ooxml/officeDocument/relationships/worksheet" Target="Worksheets\\People.xml"/></Relationships>`,
      'xl/worksheets/people.xml': sheet,
    });
    const path = await makeZip(file('prefixed.xlsx'), parts);
    expect((await tablesOf(path))[0]).toMatchObject({ name: 'Лист' });
    expect(texts(await rowsOf(path))).toEqual([['Имя']]);
  });

  test('in UTF-16', async () => {
    const sheet = sheetXml('<row r="1"><c r="A1" t="str"><v>Имя</v></c></row>').replace('UTF-8', 'UTF-16');
    const parts = { ...packageOf(''), 'xl/worksheets/sheet1.xml': Buffer.from(`\ufeff${sheet}`, 'utf16le') };
    expect(texts(await rowsOf(await makeZip(file('utf16.xlsx'), parts)))).toEqual([['Имя']]);
    const swapped = { ...parts, 'xl/worksheets/sheet1.xml': Buffer.from(parts['xl/worksheets/sheet1.xml']).swap16() };
    expect(texts(await rowsOf(await makeZip(file('utf16be.xlsx'), swapped)))).toEqual([['Имя']]);
  });

  test('with neither strings nor styles', async () => {
    const {
      'xl/sharedStrings.xml': _,
      'xl/styles.xml': __,
      ...parts
    } = packageOf(sheetXml('<row r="1"><c r="A1" s="3"><v>1</v></c></row>'), {
      'xl/_rels/workbook.xml.rels': `<Relationships><Relationship Id="rId1" Type="${OFFICE}/worksheet" Target="worksheets/sheet1.xml"/></Relationships>`,
    });
    expect(texts(await rowsOf(await makeZip(file('least.xlsx'), parts)))).toEqual([['1']]);
  });
});

test('no letter is lost between two chunks of a long sheet', async () => {
  const rows = Array.from({ length: 4000 }, (_, i) => [`Иванов Александр Сергеевич ${i}`, `Санкт-Петербург, дом ${i}`]);
  const path = await makeWorkbook(file('long.xlsx'), (workbook) => workbook.addWorksheet('A').addRows(rows));
  expect(texts(await rowsOf(path))).toEqual(rows);
});

test('what exceljs reads of a workbook whole is what is read of it as a stream', async () => {
  const value = fc.oneof(
    fc
      .string({ unit: 'binary', maxLength: 20 })
      .filter((text) => text.trim() !== '' && !/[\p{Cc}\ufffe\uffff]|_x/u.test(text)),
    fc.double({ noNaN: true, noDefaultInfinity: true, min: -1e14, max: 1e14 }),
    fc.boolean(),
    fc.constant(null),
  );
  await fc.assert(
    fc.asyncProperty(
      fc.array(fc.array(value, { minLength: 1, maxLength: 6 }), { minLength: 1, maxLength: 12 }),
      async (rows) => {
        const path = await makeWorkbook(file('any.xlsx'), (workbook) => workbook.addWorksheet('A').addRows(rows));
        const whole = new ExcelJS.Workbook();
        await whole.xlsx.readFile(path);
        for (const row of await rowsOf(path)) {
          const expected = whole.worksheets[0]!.getRow(row.number);
          row.cells.forEach((cell, i) => {
            const seen = expected.getCell(i + 1).value;
            if (cell.kind === 'text') expect(cell.text).toBe(seen);
            else if (cell.kind === 'number' || cell.kind === 'boolean') expect(cell.value).toBe(seen);
            else expect(seen).toBeNull();
          });
        }
      },
    ),
    { numRuns: 25 },
  );
});
