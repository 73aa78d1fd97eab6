/**
 * Recognises the columns of a table: what each is called, and which hold the phone, the time zone and the name. Headings
 * propose and cells decide; where two columns may hold the phone, both are told, for a person to choose.
 */
import { type CountryCode, readPhone } from '../messages/phone.ts';
import { asPhoneCell, type FilledCell, isFilled, lineOf } from './cells.ts';
import { type HeadingSense, headingSense } from './headings.ts';
import type { Cell, SourceRow } from './source.ts';
import { zoneFrom } from './zone.ts';

export type ColumnRole = 'phone' | 'zone' | 'name';

export interface Column {
  /** Position in the row, from 0. */
  readonly index: number;
  /** The heading, made unique; `Column C` where there is none. Templates and people call the column by it. */
  readonly name: string;
  readonly role: ColumnRole | null;
}

export interface RecognisedColumns {
  readonly columns: readonly Column[];
  /** Columns that may hold the phone, by index; more than one is a question for a person. */
  readonly phones: readonly number[];
  readonly zone: number | null;
}

/** Of the cells with anything in them, so many must be phones before a heading of another kind is overruled. */
const MOSTLY = 0.6;
/** A heading that says phone is believed when some of its cells are. */
const SOME = 0.2;
/** Zones come as a column of nothing else. */
const NEARLY_ALL = 0.8;

export function recogniseColumns(
  headings: readonly Cell[],
  rows: readonly SourceRow[],
  country: CountryCode,
): RecognisedColumns {
  const width = Math.max(filledWidth(headings), ...rows.map((row) => filledWidth(row.cells)));
  const names = uniqueNames(Array.from({ length: width }, (_, index) => lineOf(headings[index])));
  const looks = names.map((_, index) => lookAtColumn(lineOf(headings[index]), index, rows, country));
  const phones = phoneColumns(looks);
  const zone = zoneColumn(looks, phones);
  const role = (index: number): ColumnRole | null => {
    if (phones.includes(index)) return 'phone';
    if (zone === index) return 'zone';
    return looks[index]!.sense === 'name' ? 'name' : null;
  };
  return { columns: names.map((name, index) => ({ index, name, role: role(index) })), phones, zone };
}

/** Letters that the spreadsheet shows over a column: A to Z, AA and so on. */
export function columnLetters(index: number): string {
  const last = String.fromCharCode(65 + (index % 26));
  return index < 26 ? last : columnLetters(Math.floor(index / 26) - 1) + last;
}

interface ColumnLook {
  readonly index: number;
  readonly sense: HeadingSense | null;
  /** Shares, from 0 to 1, of the cells with anything in them; 0 where there are none. */
  readonly phones: number;
  readonly offsets: number;
  readonly zones: number;
}

function lookAtColumn(heading: string, index: number, rows: readonly SourceRow[], country: CountryCode): ColumnLook {
  const cells = rows.map((row) => row.cells[index]).filter(isFilled);
  const share = (test: (cell: FilledCell) => boolean) =>
    cells.length === 0 ? 0 : cells.filter(test).length / cells.length;
  return {
    index,
    sense: headingSense(heading),
    phones: share((cell) => readPhone(asPhoneCell(cell), country).kind === 'phone'),
    offsets: share((cell) => /[/+]/.test(lineOf(cell)) && zoneFrom(lineOf(cell)) !== null),
    zones: share((cell) => zoneFrom(lineOf(cell)) !== null),
  };
}

function phoneColumns(looks: readonly ColumnLook[]): readonly number[] {
  const called = looks.filter((look) => look.sense === 'phone');
  const calledAndHold = called.filter((look) => look.phones >= SOME);
  const onlyHold = looks.filter(
    (look) => look.phones >= MOSTLY && (look.sense === null || look.sense === 'maybe-phone'),
  );
  const found = [...calledAndHold, ...onlyHold];
  // A column called "phone" without one phone in it is still the phone column, if it is the only one that claims to be.
  return (found.length > 0 ? found : called).map((look) => look.index).sort((a, b) => a - b);
}

/** A city is not a time zone unless the heading says so; an offset or a zone's name is one under any heading. */
function zoneColumn(looks: readonly ColumnLook[], phones: readonly number[]): number | null {
  const others = looks.filter((look) => !phones.includes(look.index));
  const called = others.find((look) => look.sense === 'zone');
  return (called ?? others.find((look) => look.offsets >= NEARLY_ALL))?.index ?? null;
}

function uniqueNames(headings: readonly string[]): readonly string[] {
  const taken = new Set<string>();
  return headings.map((heading, index) => {
    // Square brackets would end a name in a template.
    const wanted = heading.replaceAll('[', '(').replaceAll(']', ')') || `Column ${columnLetters(index)}`;
    let name = wanted;
    for (let n = 2; taken.has(name.toLowerCase()); n++) name = `${wanted} ${n}`;
    taken.add(name.toLowerCase());
    return name;
  });
}

function filledWidth(cells: readonly Cell[]): number {
  return cells.findLastIndex(isFilled) + 1;
}
