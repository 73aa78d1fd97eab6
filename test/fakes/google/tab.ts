/** One tab of a spreadsheet of the fake: a grid that grows, shrinks and is sorted, with marks on its columns that move along. */
import { type BookCell, isBlank } from './cell.ts';

export interface Mark {
  readonly metadataId: number;
  readonly metadataKey: string;
  readonly metadataValue: string;
}

export interface BookRow {
  cells: (BookCell | undefined)[];
  hiddenByUser: boolean;
  hiddenByFilter: boolean;
}

export interface GridRange {
  readonly sheetId: number;
  readonly startRowIndex?: number;
  readonly endRowIndex?: number;
  readonly startColumnIndex?: number;
  readonly endColumnIndex?: number;
}

export class Tab {
  readonly sheetId: number;
  title: string;
  hidden = false;
  rows: BookRow[] = [];
  columns: { marks: Mark[] }[] = [];
  filter: { range: GridRange } | null = null;
  protections: { protectedRangeId: number; range: GridRange; warningOnly?: boolean; description?: string }[] = [];
  marks: Mark[] = [];

  constructor(sheetId: number, title: string, rowCount: number, columnCount: number) {
    this.sheetId = sheetId;
    this.title = title;
    this.insertRows(0, rowCount);
    this.insertColumns(0, columnCount);
  }

  cell(row: number, column: number): BookCell | undefined {
    return this.rows[row]?.cells[column];
  }

  insertRows(at: number, count: number): void {
    const fresh = Array.from(
      { length: count },
      (): BookRow => ({ cells: [], hiddenByUser: false, hiddenByFilter: false }),
    );
    // Not by splice's arguments: there may be a hundred thousand.
    this.rows = [...this.rows.slice(0, at), ...fresh, ...this.rows.slice(at)];
  }

  deleteRows(at: number, count: number): void {
    this.rows.splice(at, count);
  }

  insertColumns(at: number, count: number): void {
    this.columns.splice(at, 0, ...Array.from({ length: count }, () => ({ marks: [] })));
    for (const { cells } of this.rows) {
      if (cells.length <= at) continue;
      // What lies behind the end of a row would close up otherwise.
      cells.splice(at, 0, ...new Array<undefined>(count).fill(undefined));
    }
    this.filter = this.filter && { range: widened(this.filter.range, at, count) };
  }

  deleteColumns(at: number, count: number): void {
    this.columns.splice(at, count);
    for (const { cells } of this.rows) cells.splice(at, count);
  }

  moveColumn(from: number, to: number): void {
    const [column] = this.columns.splice(from, 1);
    this.columns.splice(to, 0, column!);
    for (const { cells } of this.rows) {
      while (cells.length <= Math.max(from, to)) cells.push(undefined);
      const [cell] = cells.splice(from, 1);
      cells.splice(to, 0, cell);
    }
  }

  /** Sorts rows `from` to `to` by a column; only cells of `columns` move, which is what sorting a range does. */
  sort(
    by: number,
    { from = 1, to = this.rows.length, columns = [0, this.columns.length], descending = false } = {},
  ): void {
    const [first, end] = columns as [number, number];
    const block = this.rows.slice(from, to);
    const sortable = block.map((row) => ({ row, cells: row.cells.slice(first, end), by: row.cells[by] }));
    sortable.sort((a, b) =>
      isBlank(a.by) || isBlank(b.by)
        ? Number(isBlank(a.by)) - Number(isBlank(b.by))
        : order(a.by!, b.by!) * (descending ? -1 : 1),
    );
    sortable.forEach(({ cells }, index) => {
      const target = block[index]!.cells;
      for (let i = 0; i < end - first; i++) target[first + i] = cells[i];
    });
  }
}

const order = (a: BookCell, b: BookCell): number => {
  if (typeof a.value === 'number' && typeof b.value === 'number') return a.value - b.value;
  return String(a.value) < String(b.value) ? -1 : 1;
};

/** A range grows when columns come in inside it, and moves when they come in before it. */
function widened(range: GridRange, at: number, count: number): GridRange {
  const start = range.startColumnIndex ?? 0;
  const end = range.endColumnIndex;
  return {
    ...range,
    startColumnIndex: start >= at && start > 0 ? start + count : start,
    ...(end === undefined ? {} : { endColumnIndex: end > at ? end + count : end }),
  };
}
