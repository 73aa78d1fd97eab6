/** Tables for the tests of rules, written as a person would see them. */
import type { Cell, SourceRow, SourceTable } from '../../src/audiences/source.ts';

export type Written = string | number | boolean | null | Cell;

export const cell = (value: Written): Cell => {
  if (value === null || value === '') return { kind: 'empty' };
  if (typeof value === 'string') return { kind: 'text', text: value };
  if (typeof value === 'number') return { kind: 'number', value, text: String(value) };
  if (typeof value === 'boolean') return { kind: 'boolean', value, text: value ? 'TRUE' : 'FALSE' };
  return value;
};

export const row = (number: number, values: readonly Written[], hidden = false): SourceRow => ({
  key: String(number),
  number,
  cells: values.map(cell),
  hidden,
});

/** Rows from the first of the sheet; an empty one is not there, as in a source. */
export const rows = (...values: readonly (readonly Written[])[]): readonly SourceRow[] =>
  values.map((one, i) => row(i + 1, one)).filter((one) => one.cells.some((each) => each.kind !== 'empty'));

export const table = (sample: readonly SourceRow[], more: Partial<SourceTable> = {}): SourceTable => ({
  name: 'Лист1',
  hidden: false,
  filtered: false,
  hiddenRows: 0,
  sample,
  rows: { count: sample.length, exact: true },
  ...more,
});

export const inspected = (...tables: readonly SourceTable[]) => ({ kind: 'tables', revision: 'r1', tables }) as const;
