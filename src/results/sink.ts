/**
 * What results ask of the place that they are written to. Implemented in `integrations/sheets/`; the contract is
 * `test/contract/sink.ts`. A write replaces what the same campaign wrote there before, so it can always be repeated.
 */

/** The manager's row with what happened to it. All strings are final words in the owner's language. */
export interface ResultRow {
  /** What finds the row again in a source that has keys, else its number. */
  readonly key: string;
  /** Row number in the source, from 1. */
  readonly number: number;
  /** The manager's own cells, as text or number, in the source's order. */
  readonly cells: readonly (string | number | boolean | null)[];
  /** Values of this campaign's columns, in the order of `ResultSheet.columns`. */
  readonly values: readonly (string | number | Date | null)[];
  /** Known to have been taken out of the source before it was sent for: that it is not found again is no news. */
  readonly gone?: boolean;
}

/** What a campaign's column holds, so that a place which knows numbers and dates can show them as such. */
export type ResultColumnKind = 'text' | 'count' | 'money' | 'time';

/** A row that was left out, and why. */
export interface ExcludedRow {
  readonly number: number;
  readonly cells: readonly (string | number | boolean | null)[];
  readonly reason: string;
}

export interface ResultSheet {
  /** The campaign whose columns these are: a write replaces what this one wrote before, and nothing of others. */
  readonly campaign: string;
  /** The table that the rows are from. */
  readonly source: { readonly kind: string; readonly ref: string; readonly tab: string };
  /** Address of the employee in whose place it is written, where the place asks for one. */
  readonly email?: string | null;
  /** Title over this campaign's column group: its name and date. */
  readonly group: string;
  /** Name of the tab with the results, and of the one with excluded rows. */
  readonly tab: string;
  readonly excludedTab: string;
  /** The manager's own headings. */
  readonly headings: readonly string[];
  /** Headings of this campaign's columns: status, operator, parts, cost, time, error, message id, updated at, receipts awaited. */
  readonly columns: readonly string[];
  /** What each of `columns` holds; text where it is not said. */
  readonly kinds?: readonly ResultColumnKind[];
  /** IANA zone whose clock the times are written in, as a cell knows no zone; UTC where it is not said. */
  readonly zone?: string;
  /** Headings of what is added on the excluded tab: row number, reason. */
  readonly excludedColumns: readonly [number: string, reason: string];
  /** Heading over how many rows were left out for a reason, where reasons are summed up. */
  readonly countColumn: string;
  rows(): AsyncIterable<ResultRow>;
  excluded(): AsyncIterable<ExcludedRow>;
}

export type WriteReport =
  | {
      readonly kind: 'written';
      readonly target: string;
      readonly rows: number;
      readonly excluded: number;
      /** Rows that are not there any more, or whose key stands in several rows; never guessed. None where it is not said. */
      readonly unfound?: { readonly missing: number; readonly duplicates: number };
    }
  /** `why` is a code such as `not-writable`; its sentence for a person is in the catalogue under `sink.<code>`. */
  | { readonly kind: 'failed'; readonly why: string };

export interface ResultSink {
  readonly kind: string;
  /** Whether `target` is for this sink to write to; looks at the text of it only. */
  claims(target: string): boolean;
  /** Writes the sheet to `target` whole or not at all. */
  write(target: string, sheet: ResultSheet, signal: AbortSignal): Promise<WriteReport>;
}
