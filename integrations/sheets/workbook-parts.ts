/**
 * What stands around the sheets of a workbook: which tabs there are and where, the strings that cells share, the formats
 * of numbers. ECMA-376 part 1, chapter 18; sections are named where a rule is taken from them.
 */
import { posix } from 'node:path';
import { SourceBroken } from '../../src/audiences/source.ts';
import type { Archive } from './archive.ts';
import { BUILT_IN_FORMATS } from './built-in-formats.ts';
import { type SharedTexts, sharedTexts } from './shared-texts.ts';
import { attribute, isTrue, type XmlEvent, xmlEvents } from './xml.ts';

export interface Tab {
  readonly name: string;
  /** Hidden by hand, or so that only a program can show it again (`veryHidden`). */
  readonly hidden: boolean;
  /** Name of the sheet's part in the archive. */
  readonly part: string;
}

export interface Workbook {
  readonly tabs: readonly Tab[];
  /** What the cells of all sheets share; read when first asked for. */
  shared(): Promise<SharedParts>;
}

export interface SharedParts {
  /** Days count from 1904, as old Macs did (18.2.28). */
  readonly date1904: boolean;
  /** Texts of the cells of type `s`, by index. */
  readonly strings: SharedTexts;
  /** Format codes by the index that a cell's `s` gives; `General` where none is known. */
  readonly formats: readonly string[];
}

/** What a zip is, by the parts in it. */
export function packageType(
  names: ReadonlySet<string>,
): 'xlsx' | 'xlsm' | 'xlsb' | 'docx' | 'pptx' | 'ods' | 'numbers' | 'zip' {
  const has = (start: string) => [...names].some((name) => name.startsWith(start));
  if (has('xl/vbaproject.bin')) return 'xlsm';
  if (has('xl/workbook.bin')) return 'xlsb';
  if (has('word/')) return 'docx';
  if (has('ppt/')) return 'pptx';
  if (names.has('mimetype') && names.has('content.xml')) return 'ods';
  if (has('index/document.iwa')) return 'numbers';
  return names.has('[content_types].xml') && names.has('_rels/.rels') ? 'xlsx' : 'zip';
}

export async function readWorkbook(archive: Archive): Promise<Workbook> {
  const main = [...(await relations(archive, '')).values()].find(ofType('officeDocument'))?.part;
  if (main === undefined) throw new SourceBroken({ code: 'wrong-type', found: 'zip' });
  const related = await relations(archive, main);
  const { sheets, date1904 } = await readMain(archive, main);
  const tabs = sheets.flatMap(({ name, hidden, id }) => {
    const relation = related.get(id);
    // A chart or a dialogue may be a tab too; it has no rows.
    return relation !== undefined && ofType('worksheet')(relation) ? [{ name, hidden, part: relation.part }] : [];
  });
  const partOf = (type: string) => [...related.values()].find(ofType(type))?.part;
  let shared: Promise<SharedParts> | null = null;
  const readShared = async () => ({
    date1904,
    strings: await readStrings(archive, partOf('sharedStrings')),
    formats: await readFormats(archive, partOf('styles')),
  });
  return {
    tabs,
    shared() {
      shared ??= readShared();
      return shared;
    },
  };
}

/** Whether one of the sheet's tables has a filter that hides rows: it stands in a part of the table's own (18.5.1.2). */
export async function hasFilteredTable(archive: Archive, sheetPart: string): Promise<boolean> {
  let filtered = false;
  for (const table of [...(await relations(archive, sheetPart)).values()].filter(ofType('table'))) {
    await visit(archive, table.part, (event) => {
      if (event.kind === 'open' && event.name === 'filterColumn') filtered = true;
    });
  }
  return filtered;
}

interface Relation {
  readonly type: string;
  readonly part: string;
}

/** Strict workbooks name the same types under another address, so only the end of it counts. */
const ofType = (type: string) => (relation: Relation) => relation.type.endsWith(`/${type}`);

/** Relations of a part by id; of the whole package for ''. Targets are relative to the part, or absolute. */
async function relations(archive: Archive, part: string): Promise<ReadonlyMap<string, Relation>> {
  const found = new Map<string, Relation>();
  const slash = part.lastIndexOf('/') + 1;
  const folder = part.slice(0, slash);
  const rels = `${folder}_rels/${part.slice(slash)}.rels`;
  if (!archive.names.has(rels.toLowerCase())) return found;
  await visit(archive, rels, (event) => {
    if (event.kind !== 'open' || event.name !== 'Relationship' || event.attributes.TargetMode === 'External') return;
    const { Id = '', Type = '', Target = '' } = event.attributes;
    found.set(Id, { type: Type, part: posix.resolve('/', folder, Target.replaceAll('\\', '/')).slice(1) });
  });
  return found;
}

async function readMain(archive: Archive, part: string) {
  const sheets: { name: string; hidden: boolean; id: string }[] = [];
  let date1904 = false;
  await visit(archive, part, (event) => {
    if (event.kind !== 'open') return;
    if (event.name === 'workbookPr') date1904 = isTrue(event.attributes.date1904);
    if (event.name !== 'sheet') return;
    const { name = '', state = 'visible' } = event.attributes;
    sheets.push({ name, hidden: state !== 'visible', id: attribute(event.attributes, 'id') ?? '' });
  });
  return { sheets, date1904 };
}

/** The runs of a rich text are one text; what a Japanese writes over it (`rPh`, 18.4.6) is not part of it. */
async function readStrings(archive: Archive, part: string | undefined): Promise<SharedTexts> {
  const strings = sharedTexts();
  if (part === undefined) return strings;
  const collected = textCollector();
  await visit(archive, part, (event) => {
    if (event.kind === 'open' && event.name === 'si') collected.begin();
    else if (event.kind === 'close' && event.name === 'si') strings.add(collected.end());
    else collected.take(event);
  });
  return strings;
}

export interface TextCollector {
  begin(): void;
  take(event: XmlEvent): void;
  end(): string;
}

/** Gathers the `t` elements of one string, plain or rich, from `begin` to `end`. */
export function textCollector(): TextCollector {
  let text = '';
  let inText = false;
  let inPhonetic = false;
  return {
    begin() {
      text = '';
    },
    take(event) {
      if (event.kind === 'text') {
        if (inText && !inPhonetic) text += event.text;
      } else if (event.name === 't') inText = event.kind === 'open';
      else if (event.name === 'rPh') inPhonetic = event.kind === 'open';
    },
    end: () => unescapeText(text),
  };
}

/** Characters that XML cannot hold are written `_x000D_` (22.9.2.19). */
export const unescapeText = (text: string): string =>
  text.includes('_x')
    ? text.replace(/_x([0-9A-Fa-f]{4})_/g, (_, hex) => String.fromCharCode(Number.parseInt(hex, 16)))
    : text;

async function readFormats(archive: Archive, part: string | undefined): Promise<readonly string[]> {
  if (part === undefined) return [];
  const custom = new Map<string, string>();
  const ids: string[] = [];
  let inCellXfs = false;
  await visit(archive, part, (event) => {
    if (event.kind === 'text') return;
    if (event.name === 'cellXfs') inCellXfs = event.kind === 'open';
    if (event.kind === 'close') return;
    const { numFmtId = '0', formatCode = '' } = event.attributes;
    if (event.name === 'numFmt') custom.set(numFmtId, formatCode);
    if (event.name === 'xf' && inCellXfs) ids.push(numFmtId);
  });
  return ids.map((id) => custom.get(id) ?? BUILT_IN_FORMATS[Number(id)] ?? 'General');
}

async function visit(archive: Archive, part: string, take: (event: XmlEvent) => void): Promise<void> {
  for await (const events of xmlEvents(archive.text(part))) for (const event of events) take(event);
}
