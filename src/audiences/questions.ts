/**
 * What must be asked of a person before a table can be read, and the plan of reading once nothing is left to ask. Two
 * tabs, a doubtful header, hidden rows, two phone columns: they are asked about, never guessed.
 */
import type { CountryCode } from '../messages/phone.ts';
import { isFilled, lineOf } from './cells.ts';
import { type Column, recogniseColumns } from './columns.ts';
import { findHeader } from './header.ts';
import type { Cell, Inspection, SourceRow, SourceTable } from './source.ts';

/** A look at a source that can be read. */
export type Inspected = Extract<Inspection, { kind: 'tables' }>;

/** What people have answered so far; an answer that fits nothing is asked again. */
export interface Answers {
  /** Name of the tab. */
  readonly tab?: string;
  /** Number of the row of headings in the sheet, from 1; 0 when there is none. */
  readonly headerRow?: number;
  /** Name of the column, as `recogniseColumns` calls it. */
  readonly phoneColumn?: string;
  readonly hiddenRows?: 'leave-out' | 'take';
}

export type Question =
  | {
      readonly kind: 'tab';
      readonly options: readonly { readonly name: string; readonly rows: number; readonly hidden: boolean }[];
    }
  | {
      readonly kind: 'header';
      /** Number of the likeliest row; null when the table seems to have none. */
      readonly guess: number | null;
      /** The first rows, for a person to point at one. */
      readonly rows: readonly { readonly number: number; readonly texts: readonly string[] }[];
    }
  | {
      readonly kind: 'phone-column';
      /** With the first value of each, to tell them apart. */
      readonly options: readonly { readonly name: string; readonly example: string }[];
    }
  | { readonly kind: 'no-phone-column'; readonly columns: readonly string[] }
  | {
      readonly kind: 'hidden-rows';
      readonly count: number;
      /** A filter hides them, or may. */
      readonly filtered: boolean;
    };

/** How a table is read; kept with the audience, so that it can be read the same way again. */
export interface ReadingPlan {
  /** Name of the tab; empty for a csv. */
  readonly tab: string;
  /** Number of the row of headings; 0 when there is none. What stands at it and above it is not read. */
  readonly headerRow: number;
  readonly columns: readonly Column[];
  readonly phoneIndex: number;
  readonly zoneIndex: number | null;
  readonly hiddenRows: 'leave-out' | 'take';
  /** Names of all columns, in their order. */
  readonly headings: readonly string[];
}

/** Rows that a question about the header shows. */
const ROWS_SHOWN = 8;

/** What is still to be asked. Questions about columns wait until the tab and the header are known. */
export function questionsFor(inspection: Inspected, answers: Answers, country: CountryCode): readonly Question[] {
  const read = readAnswers(inspection, answers, country);
  return read.kind === 'questions' ? read.questions : [];
}

/** The plan that the answers lead to; throws while there is a question left. */
export function planFor(inspection: Inspected, answers: Answers, country: CountryCode): ReadingPlan {
  const read = readAnswers(inspection, answers, country);
  if (read.kind === 'plan') return read.plan;
  throw new Error(`cannot plan while asking for ${read.questions.map((question) => question.kind).join(', ')}`);
}

type Read =
  | { readonly kind: 'questions'; readonly questions: readonly Question[] }
  | { readonly kind: 'plan'; readonly plan: ReadingPlan };

function readAnswers(inspection: Inspected, answers: Answers, country: CountryCode): Read {
  const table = chooseTable(inspection.tables, answers.tab);
  if ('kind' in table) return { kind: 'questions', questions: [table] };
  const header = chooseHeader(table, answers.headerRow);
  const hidden = chooseHiddenRows(table, answers.hiddenRows);
  const asked = typeof hidden === 'string' ? [] : [hidden];
  if (typeof header !== 'number') return { kind: 'questions', questions: [header, ...asked] };
  const { columns, phone, zone } = chooseColumns(table, header, answers.phoneColumn, country);
  if (typeof phone !== 'number') return { kind: 'questions', questions: [phone, ...asked] };
  if (typeof hidden !== 'string') return { kind: 'questions', questions: [hidden] };
  const headings = columns.map((column) => column.name);
  return {
    kind: 'plan',
    plan: {
      tab: table.name,
      headerRow: header,
      columns,
      phoneIndex: phone,
      zoneIndex: zone,
      hiddenRows: hidden,
      headings,
    },
  };
}

/** The one visible tab with anything in it is taken without a word; hidden tabs are offered when there is no other. */
function chooseTable(tables: readonly SourceTable[], answer: string | undefined): SourceTable | Question {
  const answered = tables.find((table) => table.name === answer);
  if (answered) return answered;
  const filled = tables.filter((table) => table.rows.count > 0);
  const visible = filled.filter((table) => !table.hidden);
  if (visible.length === 1) return visible[0]!;
  const offered = visible.length > 0 ? visible : filled;
  const options = offered.map(({ name, rows, hidden }) => ({ name, rows: rows.count, hidden }));
  return { kind: 'tab', options };
}

function chooseHeader(table: SourceTable, answer: number | undefined): number | Question {
  if (answer === 0 || table.sample.some((row) => row.number === answer)) return answer!;
  const guess = findHeader(table.sample);
  if (guess.row !== null && !guess.doubt) return guess.row;
  const rows = table.sample
    .slice(0, ROWS_SHOWN)
    .map((row) => ({ number: row.number, texts: row.cells.map((cell) => lineOf(cell)) }));
  return { kind: 'header', guess: guess.row, rows };
}

function chooseHiddenRows(table: SourceTable, answer: Answers['hiddenRows']): ReadingPlan['hiddenRows'] | Question {
  if (answer !== undefined) return answer;
  // A look that ended early may have missed hidden rows: they are left out, and counted as such.
  if (table.hiddenRows === 0) return 'leave-out';
  return { kind: 'hidden-rows', count: table.hiddenRows, filtered: table.filtered };
}

function chooseColumns(table: SourceTable, headerRow: number, answer: string | undefined, country: CountryCode) {
  const headings: readonly Cell[] = table.sample.find((row) => row.number === headerRow)?.cells ?? [];
  const below = table.sample.filter((row) => row.number > headerRow);
  const { columns, phones, zone } = recogniseColumns(headings, below, country);
  const phone = choosePhone(columns, phones, below, answer);
  return { columns, phone, zone: zone === phone ? null : zone };
}

function choosePhone(
  columns: readonly Column[],
  phones: readonly number[],
  rows: readonly SourceRow[],
  answer: string | undefined,
): number | Question {
  const answered = columns.find((column) => column.name.toLowerCase() === answer?.toLowerCase());
  if (answered) return answered.index;
  if (phones.length === 0) return { kind: 'no-phone-column', columns: columns.map((column) => column.name) };
  if (phones.length === 1) return phones[0]!;
  const example = (index: number) => lineOf(rows.find((row) => isFilled(row.cells[index]))?.cells[index]);
  return {
    kind: 'phone-column',
    options: phones.map((index) => ({ name: columns[index]!.name, example: example(index) })),
  };
}
