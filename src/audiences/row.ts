/**
 * Checks one row of an audience by its plan: a recipient, or left out with a reason. A problem in a row never stops the
 * run, and nothing here guesses.
 */
import { type CountryCode, type E164, type PhoneDoubt, type PhoneProblem, readPhone } from '../messages/phone.ts';
import { asPhoneCell, isFilled, lineOf, type PlainValue, plainValue, textOf } from './cells.ts';
import type { ReadingPlan } from './questions.ts';
import type { Cell, SourceRow } from './source.ts';
import { zoneFrom } from './zone.ts';

/** Why a row is left out; each has words in the catalogue under `excluded.<code>`. Codes are stored, never reused. */
export type ExclusionReason =
  | `phone-${PhoneProblem}`
  | 'bad-zone' // its time zone cannot be read
  | 'cell-error' // the cell of the phone or of the zone holds #N/A or the like
  | 'hidden' // hidden by hand or by a filter, and not to be taken
  | 'duplicate' // an earlier row has the same phone
  | 'bad-text' // the text cannot be made for this row
  | 'missing-value'; // the text names a value that this row has not

export type CheckedRow =
  | {
      readonly kind: 'recipient';
      readonly phone: E164;
      /** What was done to read the phone that a person might want to look at. */
      readonly doubt: PhoneDoubt | null;
      /** IANA zone. */
      readonly zone: string;
      /** Texts of all columns, in their order; empty where the cell is. */
      readonly values: readonly string[];
      readonly cells: readonly PlainValue[];
    }
  | { readonly kind: 'excluded'; readonly reason: ExclusionReason; readonly cells: readonly PlainValue[] }
  /** Nothing to count: nothing in it, or a row at or above the headings. */
  | { readonly kind: 'blank' };

export interface RowDefaults {
  readonly country: CountryCode;
  /** IANA zone of rows that name none. */
  readonly zone: string;
}

/** `cells` of the answer are one for each heading of the plan. */
export function checkRow(row: SourceRow, plan: ReadingPlan, defaults: RowDefaults): CheckedRow {
  if (row.number <= plan.headerRow || !row.cells.some(isFilled)) return { kind: 'blank' };
  const cells = plan.columns.map((column) => plainValue(row.cells[column.index]));
  const excluded = (reason: ExclusionReason): CheckedRow => ({ kind: 'excluded', reason, cells });
  if (row.hidden && plan.hiddenRows === 'leave-out') return excluded('hidden');
  const phoneCell = row.cells[plan.phoneIndex];
  const zoneCell = plan.zoneIndex === null ? undefined : row.cells[plan.zoneIndex];
  if (phoneCell?.kind === 'error' || zoneCell?.kind === 'error') return excluded('cell-error');
  const phone = phoneOf(phoneCell, defaults.country);
  if (phone.kind === 'unusable') return excluded(`phone-${phone.why}`);
  const zone = zoneOf(zoneCell, defaults.zone);
  if (zone === null) return excluded('bad-zone');
  const values = plan.columns.map((column) => textOf(row.cells[column.index]));
  return { kind: 'recipient', phone: phone.phone, doubt: phone.doubt, zone, values, cells };
}

function phoneOf(cell: Cell | undefined, country: CountryCode) {
  if (!isFilled(cell)) return { kind: 'unusable', why: 'empty' } as const;
  // A day or a yes has digits too, but no one dials it.
  if (cell.kind === 'date' || cell.kind === 'boolean') return { kind: 'unusable', why: 'not-a-number' } as const;
  return readPhone(asPhoneCell(cell), country);
}

const zoneOf = (cell: Cell | undefined, otherwise: string): string | null =>
  isFilled(cell) ? zoneFrom(lineOf(cell)) : otherwise;
