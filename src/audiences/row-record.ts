/** One row of a frozen audience, used or left out, and what it is called. */
import type { E164 } from '../messages/phone.ts';

/** A value of the manager's own cell, as it goes back into the results. */
export type PlainCell = string | number | boolean | null;

export interface AudienceRow {
  /** `a5:0000017`, in the order of the source. */
  readonly _id: string;
  readonly audience: string;
  /** The row's number in the sheet, from 1. */
  readonly number: number;
  readonly key: string;
  readonly cells: readonly PlainCell[];
  /** Absent on a row that is left out. */
  readonly recipient?: {
    readonly person: string;
    readonly phone: E164;
    /** As the row names it, IANA; null where it names none, and the campaign's own holds. */
    readonly zone: string | null;
    readonly doubt: string | null;
    /** Text of each cell, in the order of the headings. */
    readonly values: readonly string[];
  };
  /** Why the row is left out. */
  readonly excluded?: string;
}

/** Room for 9,999,999 rows an audience; ids of one audience sort in the order of its rows. */
export const rowId = (audience: string, sequence: number): string => `${audience}:${String(sequence).padStart(7, '0')}`;
