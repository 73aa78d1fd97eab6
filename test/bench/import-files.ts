/**
 * Writes the lists that the benchmarks read, of any length, without ever holding one: a csv, and a workbook as Excel writes it, its
 * texts in the part that cells share. A program of its own, so that writing does not count as memory of who reads.
 */
import { createWriteStream } from 'node:fs';
import { Readable } from 'node:stream';
import { pipeline } from 'node:stream/promises';
import { ZipFile } from 'yazl';

const [kind, path, count] = process.argv.slice(2);
const rows = Number(count);
const CITIES = ['Москва', 'Казань', 'Омск', 'Уфа', 'Пермь', 'Самара', 'Томск', 'Сочи', 'Тула', 'Чита'];
const HEADINGS = ['Phone', 'Name', 'City', 'Sum'];

const XML = '<?xml version="1.0" encoding="UTF-8" standalone="yes"?>\n';
const SCHEMAS = 'http://schemas.openxmlformats.org';
const MAIN = `xmlns="${SCHEMAS}/spreadsheetml/2006/main"`;
const RELATION = `${SCHEMAS}/officeDocument/2006/relationships`;
const TYPE = 'application/vnd.openxmlformats-officedocument.spreadsheetml';
const relations = (...of: readonly [id: string, type: string, target: string][]) =>
  `${XML}<Relationships xmlns="${SCHEMAS}/package/2006/relationships">${of
    .map(([id, type, target]) => `<Relationship Id="${id}" Type="${RELATION}/${type}" Target="${target}"/>`)
    .join('')}</Relationships>`;
const override = (part: string, type: string) =>
  `<Override PartName="/xl/${part}.xml" ContentType="${TYPE}.${type}+xml"/>`;

const SMALL_PARTS: Readonly<Record<string, string>> = {
  '[Content_Types].xml':
    `${XML}<Types xmlns="${SCHEMAS}/package/2006/content-types">` +
    '<Default Extension="rels" ContentType="application/vnd.openxmlformats-package.relationships+xml"/>' +
    override('workbook', 'sheet.main') +
    override('worksheets/sheet1', 'worksheet') +
    `${override('sharedStrings', 'sharedStrings')}</Types>`,
  '_rels/.rels': relations(['rId1', 'officeDocument', 'xl/workbook.xml']),
  'xl/workbook.xml': `${XML}<workbook ${MAIN} xmlns:r="${RELATION}"><sheets><sheet name="People" sheetId="1" r:id="rId1"/></sheets></workbook>`,
  'xl/_rels/workbook.xml.rels': relations(
    ['rId1', 'worksheet', 'worksheets/sheet1.xml'],
    ['rId2', 'sharedStrings', 'sharedStrings.xml'],
  ),
};

const phoneOf = (n: number): string => `+79${String(n * 37 + 1_000_000).padStart(9, '0')}`;
const nameOf = (n: number): string => `Клиент ${n}`;
const sumOf = (n: number): string => `${(n % 900) + 100}.5`;

const csvLine = (n: number): string => `${phoneOf(n)},${nameOf(n)},${CITIES[n % CITIES.length]},${sumOf(n)}\n`;

/** Pieces of about a thousand rows, from row 0 on. */
function lots(line: (n: number) => string, head: string, tail = ''): Readable {
  function* pieces() {
    yield head;
    for (let from = 0; from < rows; from += 1000) {
      let piece = '';
      for (let n = from; n < Math.min(rows, from + 1000); n++) piece += line(n);
      yield piece;
    }
    yield tail;
  }
  return Readable.from(pieces());
}

async function writeWorkbook(target: string): Promise<void> {
  const zip = new ZipFile();
  const quick = { compress: true, compressionLevel: 1 };
  for (const [name, text] of Object.entries(SMALL_PARTS)) zip.addBuffer(Buffer.from(text), name);
  zip.addReadStream(lots(shared, sharedHead(), '</sst>'), 'xl/sharedStrings.xml', quick);
  zip.addReadStream(lots(sheetRow, sheetHead(), '</sheetData></worksheet>'), 'xl/worksheets/sheet1.xml', quick);
  zip.end();
  await pipeline(zip.outputStream, createWriteStream(target));
}

/** Headings and cities come first among the shared texts, then two of each row. */
const FIRST = HEADINGS.length + CITIES.length;

const si = (text: string): string => `<si><t>${text}</t></si>`;
const shared = (n: number): string => si(phoneOf(n)) + si(nameOf(n));
const sharedHead = (): string => `${XML}<sst ${MAIN}>${[...HEADINGS, ...CITIES].map(si).join('')}`;

function sheetRow(n: number): string {
  const r = n + 2;
  const text = (column: string, index: number) => `<c r="${column}${r}" t="s"><v>${index}</v></c>`;
  const city = HEADINGS.length + (n % CITIES.length);
  const cells = text('A', FIRST + n * 2) + text('B', FIRST + n * 2 + 1) + text('C', city);
  return `<row r="${r}" spans="1:4">${cells}<c r="D${r}"><v>${sumOf(n)}</v></c></row>`;
}

function sheetHead(): string {
  const cells = HEADINGS.map((_, i) => `<c r="${'ABCD'[i]}1" t="s"><v>${i}</v></c>`).join('');
  return `${XML}<worksheet ${MAIN}><sheetData><row r="1" spans="1:4">${cells}</row>`;
}

if (kind === 'csv') await pipeline(lots(csvLine, `${HEADINGS.join(',')}\n`), createWriteStream(path!));
else await writeWorkbook(path!);
