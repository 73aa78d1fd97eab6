/**
 * What audiences ask of a spreadsheet, whatever holds it: look at it once to know its tables, then read its rows as a
 * stream. Implemented in `integrations/sheets/`; the contract is `test/contract/source.ts`.
 */

/**
 * A cell as a person sees it, reduced to what matters: formula cells by their value, rich text and links by their text.
 * `number` keeps what a spreadsheet made of a phone (7.9E+10) apart from what a person typed.
 */
export type Cell =
  | { readonly kind: 'empty' }
  | { readonly kind: 'text'; readonly text: string }
  | { readonly kind: 'number'; readonly value: number; readonly text: string }
  | { readonly kind: 'date'; readonly iso: string; readonly text: string }
  | { readonly kind: 'boolean'; readonly value: boolean; readonly text: string }
  | { readonly kind: 'error'; readonly text: string };

/** One row of the source below its header. */
export interface SourceRow {
  /** What finds the row again: outlives re-sorting where the source has keys, else the row's number. */
  readonly key: string;
  /** The row's number as the person sees it in the sheet, from 1. */
  readonly number: number;
  readonly cells: readonly Cell[];
  readonly hidden: boolean;
}

/** What a look at one table (a tab of a workbook, or the csv) finds, without reading it whole. */
export interface SourceTable {
  /** Name of the tab; empty for a csv. */
  readonly name: string;
  readonly hidden: boolean;
  /** A filter is set on the table. */
  readonly filtered: boolean;
  /** Rows hidden by hand or by a filter, as far as looked. */
  readonly hiddenRows: number;
  /** The first rows as they stand, header and what stands above it included; at most `SAMPLE_ROWS`. */
  readonly sample: readonly SourceRow[];
  /** Rows with anything in them; exact when the look reached the end, else a lower bound. */
  readonly rows: { readonly count: number; readonly exact: boolean };
}

/** Rows that `inspect` returns of each table. */
export const SAMPLE_ROWS = 50;

/** Why a source cannot be read; each has a sentence for a person in the catalogue under `source.<code>`. */
export type SourceProblem =
  | { readonly code: 'not-found'; readonly ref: string }
  | { readonly code: 'not-permitted'; readonly ref: string }
  | { readonly code: 'wrong-type'; readonly found: string }
  | { readonly code: 'encrypted' }
  | { readonly code: 'broken'; readonly detail: string }
  | {
      readonly code: 'too-large';
      readonly what: 'file' | 'unpacked' | 'rows' | 'columns' | 'cell';
      readonly limit: number;
    }
  | { readonly code: 'bomb' }
  | { readonly code: 'empty' }
  | { readonly code: 'no-such-tab'; readonly name: string; readonly tabs: readonly string[] }
  | { readonly code: 'timed-out'; readonly seconds: number }
  /** To be shared with `share`, an address, before it can be read. */
  | { readonly code: 'not-shared'; readonly share: string }
  /** Can be read but not written to by `share`, so that its rows could not be found again. */
  | { readonly code: 'read-only'; readonly share: string }
  /** The employee who asks may not open it. */
  | { readonly code: 'not-yours' }
  /** The service that holds it does not answer now. */
  | { readonly code: 'unavailable' };

export type Inspection =
  | {
      readonly kind: 'tables';
      readonly revision: string;
      readonly tables: readonly SourceTable[];
      /** What people call it, where its address does not say: the title of a sheet. */
      readonly title?: string;
    }
  | { readonly kind: 'refused'; readonly problem: SourceProblem };

/** An open table; `lots` yields every row with anything in it, from the first of the sheet, header included, some hundred at a time. */
export interface OpenAudience {
  /** Changes when the content does: a hash of the file, or of what people wrote into the sheet, in whatever order it stands. */
  readonly revision: string;
  lots(): AsyncIterable<readonly SourceRow[]>;
}

/** The same, row by row. */
export async function* rowsIn({ lots }: Pick<OpenAudience, 'lots'>): AsyncGenerator<SourceRow> {
  for await (const lot of lots()) yield* lot;
}

export type Opening =
  | { readonly kind: 'open'; readonly audience: OpenAudience }
  | { readonly kind: 'refused'; readonly problem: SourceProblem };

/** Thrown out of `rows()` when the source turns out unreadable midway (a limit passed, a broken end). */
export class SourceBroken extends Error {
  readonly problem: SourceProblem;
  constructor(problem: SourceProblem) {
    super(`the source cannot be read: ${problem.code}`);
    this.name = 'SourceBroken';
    this.problem = problem;
  }
}

export interface ReadingOptions {
  /** Address of the employee who asks, where the source reads for each only what that one may open. */
  readonly email?: string | null;
  /**
   * Number of the row of headings, 0 where there is none: the rows below it are going to be kept, and a source that can mark
   * rows with keys of its own does so now. Absent for a mere look.
   */
  readonly headerRow?: number;
}

export interface AudienceSource {
  readonly kind: string;
  /** Whether `ref` (a path, a link) is for this source to read; looks at the text of it only. */
  claims(ref: string): boolean;
  inspect(ref: string, signal: AbortSignal, options?: ReadingOptions): Promise<Inspection>;
  /** Opens the table called `tab` (empty: the only one). */
  open(ref: string, tab: string, signal: AbortSignal, options?: ReadingOptions): Promise<Opening>;
}
