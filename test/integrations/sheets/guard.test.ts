import { readFileSync, truncateSync, writeFileSync } from 'node:fs';
import { deflateRawSync } from 'node:zlib';
import { describe, expect, test } from 'vitest';
import { madeFolder, makeWorkbook, makeZip, packageOf, refusalOf, rowsOf, sheetXml, texts } from './made-files.ts';

const file = madeFolder();
const save = (name: string, content: string | Buffer): string => {
  writeFileSync(file(name), content);
  return file(name);
};
const MB = 1024 * 1024;
const ONE_CELL = sheetXml('<row r="1"><c r="A1"><v>1</v></c></row>');
const compound = (...names: string[]) =>
  Buffer.concat([
    Buffer.from('d0cf11e0a1b11ae1', 'hex'),
    Buffer.alloc(504),
    ...names.map((name) => Buffer.from(`${name}\0`, 'utf16le')),
  ]);

describe('a file is refused by its bytes, whatever its name', () => {
  test.each([
    ['a picture called csv', 'photo.csv', Buffer.from('89504e470d0a1a0a0000000d49484452', 'hex'), 'png'],
    ['a photograph', 'photo.xlsx', Buffer.from('ffd8ffe000104a464946', 'hex'), 'jpeg'],
    ['a PDF', 'list.xlsx', Buffer.from('%PDF-1.7\n'), 'pdf'],
    ['a page called xls', 'report.xls', Buffer.from('\ufeff<html><table><tr><td>1</td></tr></table>'), 'html'],
    ['XML of Office 2003', 'report.xls', Buffer.from('<?xml version="1.0"?><Workbook/>'), 'xml'],
    ['a program', 'list.txt', Buffer.from([0x7f, 0x45, 0x4c, 0x46, 2, 1, 1, 0, 0, 0, 9, 9, 9, 9]), 'binary'],
    ['an old workbook', 'old.xls', compound('Root Entry', 'Workbook'), 'xls'],
    ['an older workbook', 'old.xls', compound('Root Entry', 'Book'), 'xls'],
    ['an old document', 'old.xlsx', compound('Root Entry', 'WordDocument'), 'doc'],
    ['a page called csv', 'page.csv', Buffer.from('<!DOCTYPE html>\n<html></html>'), 'html'],
    ['a text called xlsx', 'list.xlsx', Buffer.from('phone;name\n+79161234567;Anna\n'), 'txt'],
    ['a text called xls, as some programs export', 'list.XLS', Buffer.from('phone\tname\n1\tAnna\n'), 'txt'],
    ['a text called ods, in UTF-16', 'list.ods', Buffer.from('\ufeffphone;name\n', 'utf16le'), 'txt'],
    ['a piece of a page called xls', 'piece.xls', Buffer.from('<div><table></table></div>'), 'txt'],
  ])('%s', async (_, name, content, found) => {
    expect(await refusalOf(save(name, content))).toEqual({ code: 'wrong-type', found });
  });

  test.each([
    ['docx', { 'word/document.xml': '<document/>' }],
    ['pptx', { 'ppt/presentation.xml': '<presentation/>' }],
    ['xlsm', { 'xl/vbaProject.bin': 'macro' }],
    ['xlsb', { 'xl/workbook.bin': 'binary' }],
  ])('a package that is a %s', async (found, more) => {
    const path = await makeZip(file(`${found}.xlsx`), packageOf(ONE_CELL, more));
    expect(await refusalOf(path)).toEqual({ code: 'wrong-type', found });
  });

  test.each([
    ['ods', { mimetype: 'application/vnd.oasis.opendocument.spreadsheet', 'content.xml': '<x/>' }],
    ['numbers', { 'Index/Document.iwa': 'x' }],
    ['zip', { 'photo.png': 'x' }],
  ])('a zip that is a %s', async (found, parts) => {
    expect(await refusalOf(await makeZip(file(`${found}.zip.xlsx`), parts))).toEqual({ code: 'wrong-type', found });
  });

  test('a package that names no workbook', async () => {
    const path = await makeZip(file('no-workbook.xlsx'), packageOf(ONE_CELL, { '_rels/.rels': '<Relationships/>' }));
    expect(await refusalOf(path)).toEqual({ code: 'wrong-type', found: 'zip' });
  });

  test('but a workbook called csv is read as what it is', async () => {
    const path = await makeWorkbook(file('really.csv'), (workbook) => {
      workbook.addWorksheet('A').addRow(['Телефон']);
    });
    expect(texts(await rowsOf(path))).toEqual([['Телефон']]);
  });
});

test.each(['list.csv', 'list.TSV', 'list.txt', 'list'])(
  'a table of text is read under a name that says so: %s',
  async (name) => {
    expect(texts(await rowsOf(save(name, 'phone;name\n1;Anna\n')))).toEqual([
      ['phone', 'name'],
      ['1', 'Anna'],
    ]);
  },
);

describe('an encrypted file', () => {
  test.each([
    ['with the package in it', compound('Root Entry', 'EncryptedPackage', 'EncryptionInfo')],
    ['of which only the beginning is known', compound()],
  ])('is told as such: %s', async (_, content) => {
    expect(await refusalOf(save('secret.xlsx', content))).toEqual({ code: 'encrypted' });
  });

  test.each([
    ['of the old kind', 0x1],
    ['of the strong kind', 0x41],
  ])('is told as such: a zip with entries encrypted, %s', async (_, flag) => {
    const bytes = readFileSync(await makeZip(file('flagged.xlsx'), packageOf(ONE_CELL)));
    for (const at of centralHeaders(bytes)) bytes.writeUInt16LE(bytes.readUInt16LE(at + 8) | flag, at + 8);
    expect(await refusalOf(save('flagged.xlsx', bytes))).toEqual({ code: 'encrypted' });
  });
});

describe('a bomb', () => {
  test('of a ratio that no table has is refused before it is unpacked', async () => {
    const path = await makeZip(file('ratio.xlsx'), packageOf(sheetXml(' '.repeat(64 * MB))));
    expect(await refusalOf(path)).toEqual({ code: 'bomb' });
  });

  test('hidden among honest bytes is seen by its own ratio', async () => {
    const noise = Buffer.from(Array.from({ length: 2 * MB }, (_, i) => (i * 2654435761) >>> 24));
    const parts = { ...packageOf(sheetXml(' '.repeat(32 * MB))), 'xl/media/photo.bin': noise };
    expect(await refusalOf(await makeZip(file('among.xlsx'), parts, { compress: true }))).toEqual({ code: 'bomb' });
  });

  test('that lies about its size is stopped at what it declared', async () => {
    const bytes = readFileSync(await makeZip(file('lying.xlsx'), packageOf(sheetXml(' '.repeat(8 * MB)))));
    for (const at of centralHeaders(bytes)) if (bytes.readUInt32LE(at + 24) > MB) bytes.writeUInt32LE(900, at + 24);
    expect(await refusalOf(save('lying.xlsx', bytes))).toEqual({ code: 'bomb' });
  });

  test('of very many entries is refused by their number', async () => {
    const many = Object.fromEntries(Array.from({ length: 300 }, (_, i) => [`xl/media/${i}`, '']));
    const path = await makeZip(file('many.xlsx'), { ...packageOf(ONE_CELL), ...many });
    expect(await refusalOf(path, { entries: 200 })).toEqual({ code: 'bomb' });
    expect(await refusalOf(path, { entries: 400 })).toBeNull();
  });

  test('whose entries share the same bytes is refused by where they lie', async () => {
    expect(await refusalOf(save('shared.xlsx', overlappingZip(30)))).toEqual({ code: 'bomb' });
  });

  test('of entities is refused by its DOCTYPE, also one that lies across two chunks', async () => {
    const laughs = `<?xml version="1.0"?><!DOCTYPE l [<!ENTITY a "ha"><!ENTITY b "&a;&a;">]>${ONE_CELL.slice(38)}`;
    const detail = 'it has a DOCTYPE';
    const path = await makeZip(file('doctype.xlsx'), packageOf(laughs));
    expect(await refusalOf(path)).toEqual({ code: 'broken', detail });
    const late = `<?xml version="1.0"?><!--${'x'.repeat(65_536 - 30)}--><!DOCTYPE l [<!ENTITY a "ha">]><worksheet/>`;
    const split = await makeZip(file('split.xlsx'), packageOf(late), { compress: false });
    expect(await refusalOf(split)).toEqual({ code: 'broken', detail });
  });
});

describe('a broken file', () => {
  test('cut in the middle', async () => {
    const path = await makeZip(file('cut.xlsx'), packageOf(ONE_CELL));
    truncateSync(path, 700);
    expect(await refusalOf(path)).toMatchObject({ code: 'broken' });
  });

  test('with bytes changed in what is packed', async () => {
    const path = await makeZip(file('flipped.xlsx'), packageOf(sheetXml('<row r="1"/>'.repeat(500))));
    const bytes = readFileSync(path);
    const at = bytes.indexOf('xl/worksheets/sheet1.xml') + 24;
    bytes.fill(0xff, at, at + 20);
    expect(await refusalOf(save('flipped.xlsx', bytes))).toMatchObject({ code: 'broken' });
  });

  test.each([
    ['XML that is not', '<worksheet><sheetData><row r="1"></worksheet>'],
    ['XML that ends early', '<worksheet><sheetData><row r="1">'],
    [
      'bytes that are not UTF-8',
      Buffer.concat([Buffer.from('<worksheet>'), Buffer.from([0xff, 0xc0]), Buffer.from('x')]),
    ],
    ['a row that is no number', sheetXml('<row r="x"><c r="A1"><v>1</v></c></row>')],
    ['a cell that is nowhere', sheetXml('<row r="1"><c r="1"><v>1</v></c></row>')],
    ['a text that is missing', sheetXml('<row r="1"><c r="A1" t="s"><v>5</v></c></row>')],
  ])('with %s', async (_, sheet) => {
    const parts = { ...packageOf(''), 'xl/worksheets/sheet1.xml': sheet };
    expect(await refusalOf(await makeZip(file('broken.xlsx'), parts))).toMatchObject({ code: 'broken' });
  });

  test('with a tab whose sheet is missing', async () => {
    const { 'xl/worksheets/sheet1.xml': _, ...parts } = packageOf('');
    expect(await refusalOf(await makeZip(file('missing.xlsx'), parts))).toEqual({
      code: 'broken',
      detail: 'xl/worksheets/sheet1.xml is missing',
    });
  });

  test('with one name twice, for no two programs to read two different things', async () => {
    const path = await makeZip(file('twice.xlsx'), { ...packageOf(ONE_CELL), 'XL/workbook.xml': '<workbook/>' });
    expect(await refusalOf(path)).toEqual({ code: 'broken', detail: 'xl/workbook.xml is there twice' });
  });
});

describe('a file too large', () => {
  const rows = (count: number, xml: (i: number) => string) =>
    sheetXml(Array.from({ length: count }, (_, i) => xml(i + 1)).join(''));
  const cell = (at: string, text = 'x') => `<c r="${at}" t="str"><v>${text}</v></c>`;

  test('on the disk', async () => {
    expect(await refusalOf(save('big.csv', 'x'.repeat(2000)), { fileBytes: 1000 })).toEqual({
      code: 'too-large',
      what: 'file',
      limit: 1000,
    });
  });

  test('unpacked', async () => {
    const path = await makeZip(
      file('unpacked.xlsx'),
      packageOf(rows(200, (i) => `<row r="${i}">${cell(`A${i}`)}</row>`)),
    );
    expect(await refusalOf(path, { unpackedBytes: 5000 })).toMatchObject({ what: 'unpacked', limit: 5000 });
  });

  test.each([
    ['rows', `<row r="1048577">${cell('A1048577')}</row>`, 1_048_576],
    ['columns', `<row r="1">${cell('GS1')}</row>`, 200],
    ['cell', `<row r="1">${cell('A1', 'x'.repeat(2001))}</row>`, 2000],
  ])('in its %s', async (what, row, limit) => {
    const path = await makeZip(file('wide.xlsx'), packageOf(sheetXml(row)));
    expect(await refusalOf(path)).toEqual({ code: 'too-large', what, limit });
  });

  test('but not by the format of cells with nothing in them', async () => {
    const path = await makeZip(
      file('painted.xlsx'),
      packageOf(sheetXml(`<row r="1">${cell('A1')}<c r="XFD1" s="0"/></row>`)),
    );
    expect(await refusalOf(path)).toBeNull();
  });
});

describe('a file with nothing in it', () => {
  test.each([
    ['no bytes', ''],
    ['a mark only', '\ufeff'],
    ['blank lines', '\r\n \r\n;;\r\n'],
  ])('as text: %s', async (_, content) => {
    expect(await refusalOf(save('empty.csv', content))).toEqual({ code: 'empty' });
  });

  test('as a workbook', async () => {
    const path = await makeZip(file('empty.xlsx'), packageOf(sheetXml('<row r="1"><c r="A1" s="1"/></row>')));
    expect(await refusalOf(path)).toEqual({ code: 'empty' });
  });

  test('as a zip', async () => {
    const nothing = Buffer.concat([Buffer.from('504b0506', 'hex'), Buffer.alloc(18)]);
    expect(await refusalOf(save('nothing.xlsx', nothing))).toEqual({ code: 'wrong-type', found: 'zip' });
  });
});

/** Where the entries' headers of the central directory begin (APPNOTE 4.3.12). */
function centralHeaders(zip: Buffer): number[] {
  const found: number[] = [];
  for (let at = zip.indexOf('PK\x01\x02', 0, 'latin1'); at !== -1; at = zip.indexOf('PK\x01\x02', at + 1, 'latin1')) {
    found.push(at);
  }
  return found;
}

/** A zip of one file's bytes and `count` names that all point at it. */
function overlappingZip(count: number): Buffer {
  const packed = deflateRawSync(Buffer.alloc(MB));
  const local = Buffer.alloc(30);
  local.write('PK\x03\x04', 0, 'latin1');
  local.writeUInt16LE(8, 8);
  local.writeUInt32LE(packed.length, 18);
  local.writeUInt32LE(MB, 22);
  const headers = Array.from({ length: count }, (_, i) => {
    const header = Buffer.alloc(46);
    header.write('PK\x01\x02', 0, 'latin1');
    header.writeUInt16LE(8, 10);
    header.writeUInt32LE(packed.length, 20);
    header.writeUInt32LE(MB, 24);
    const name = Buffer.from(`xl/${i}`);
    header.writeUInt16LE(name.length, 28);
    return Buffer.concat([header, name]);
  });
  const directory = Buffer.concat(headers);
  const end = Buffer.alloc(22);
  end.write('PK\x05\x06', 0, 'latin1');
  end.writeUInt16LE(count, 8);
  end.writeUInt16LE(count, 10);
  end.writeUInt32LE(directory.length, 12);
  end.writeUInt32LE(local.length + packed.length, 16);
  return Buffer.concat([local, packed, directory, end]);
}
