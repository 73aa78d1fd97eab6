/**
 * A spreadsheet of the fake, with what a person may do to it at any moment: sort, insert, delete, type, copy, filter. Each
 * change raises its version and is told to whoever watches it.
 */
import { type BookCell, enteredCell, formatted, isBlank, rawCell, unformatted } from './cell.ts';
import { sheetsRefusal } from './refusal.ts';
import { Tab } from './tab.ts';

/** Cells that all tabs of one spreadsheet may have together. */
export const MOST_CELLS = 10_000_000;

export type Role = 'reader' | 'writer';

export interface HeldTab {
  readonly title: string;
  readonly rows: readonly (readonly (string | number | boolean | null | BookCell)[])[];
  readonly hidden?: boolean;
  readonly filtered?: boolean;
  /** From 1. */
  readonly hiddenRows?: readonly number[];
  /** Size of the grid; as Google makes a new tab where not said. */
  readonly grid?: { readonly rows: number; readonly columns: number };
}

/** A file in Drive, whatever it is. */
export interface DriveFile {
  readonly id: string;
  name: string;
  readonly mimeType: string;
  readonly shared: Map<string, Role>;
  version: number;
  modifiedTime: number;
  trashed: boolean;
  readonly bytes?: Buffer;
}

export const SHEET_TYPE = 'application/vnd.google-apps.spreadsheet';

export class Spreadsheet implements DriveFile {
  readonly id: string;
  readonly mimeType = SHEET_TYPE;
  readonly shared = new Map<string, Role>();
  name: string;
  version = 1;
  modifiedTime: number;
  trashed = false;
  tabs: Tab[] = [];
  /** Addresses that formulas would have fetched. */
  readonly fetched: string[] = [];
  readonly #changed: (file: DriveFile) => void;
  #ids = 100;

  constructor(id: string, name: string, now: number, changed: (file: DriveFile) => void) {
    this.id = id;
    this.name = name;
    this.modifiedTime = now;
    this.#changed = changed;
  }

  nextId(): number {
    return this.#ids++;
  }

  hold(tabs: readonly HeldTab[]): void {
    this.tabs = [];
    for (const held of tabs) {
      const width = Math.max(26, ...held.rows.map((row) => row.length));
      const { rows = Math.max(1000, held.rows.length), columns = width } = held.grid ?? {};
      const tab = this.addTab(held.title, rows, columns);
      tab.hidden = held.hidden ?? false;
      held.rows.forEach((row, index) => {
        tab.rows[index]!.cells = row.map((cell) =>
          cell === null ? undefined : typeof cell === 'object' ? cell : { value: cell },
        );
      });
      for (const number of held.hiddenRows ?? []) tab.rows[number - 1]!.hiddenByUser = true;
      if (held.filtered)
        tab.filter = { range: { sheetId: tab.sheetId, startRowIndex: 0, startColumnIndex: 0, endColumnIndex: width } };
    }
    this.touch();
  }

  addTab(title: string, rows: number, columns: number): Tab {
    if (this.tabs.some((tab) => tab.title.toLowerCase() === title.toLowerCase())) {
      throw sheetsRefusal(
        400,
        `Invalid requests[0].addSheet: A sheet with the name "${title}" already exists. Please enter another name.`,
      );
    }
    this.mayGrow(rows * columns);
    const tab = new Tab(this.tabs.length === 0 ? 0 : this.nextId(), title, rows, columns);
    this.tabs.push(tab);
    return tab;
  }

  mayGrow(cells: number): void {
    const now = this.tabs.reduce((sum, tab) => sum + tab.rows.length * tab.columns.length, 0);
    if (now + cells <= MOST_CELLS) return;
    throw sheetsRefusal(
      400,
      `Invalid requests[0]: This action would increase the number of cells in the workbook above the limit of ${MOST_CELLS} cells.`,
    );
  }

  tab(title: string): Tab {
    const found = this.tabs.find((tab) => tab.title === title);
    if (!found) throw new Error(`there is no tab ${title}`);
    return found;
  }

  write(tab: Tab, row: number, column: number, value: unknown, how: 'RAW' | 'USER_ENTERED'): void {
    if (value === null || value === undefined) return;
    const { cells } = tab.rows[row]!;
    cells[column] = how === 'RAW' ? rawCell(value, cells[column]) : enteredCell(value, cells[column], this.fetched);
  }

  /** Something changed: told to those who watch. */
  touch(): void {
    this.version += 1;
    this.#changed(this);
  }

  // What a person does.

  sort(title: string, column: number, options: Parameters<Tab['sort']>[1] = {}): void {
    this.tab(title).sort(column, options);
    this.touch();
  }
  insertRows(title: string, at: number, rows: readonly (readonly (string | number)[])[]): void {
    const tab = this.tab(title);
    tab.insertRows(at, rows.length);
    rows.forEach((row, index) => {
      tab.rows[at + index]!.cells = row.map((value) => (value === '' ? undefined : { value }));
    });
    this.touch();
  }
  deleteRows(title: string, at: number, count = 1): void {
    this.tab(title).deleteRows(at, count);
    this.touch();
  }
  /** Copies a row below another, keys and all. */
  copyRow(title: string, from: number, to: number): void {
    const tab = this.tab(title);
    const { cells } = tab.rows[from]!;
    tab.insertRows(to, 1);
    tab.rows[to]!.cells = [...cells];
    this.touch();
  }
  type(title: string, row: number, column: number, text: string): void {
    this.write(this.tab(title), row, column, text, 'USER_ENTERED');
    this.touch();
  }
  note(title: string, row: number, column: number, note: string): void {
    const { cells } = this.tab(title).rows[row]!;
    cells[column] = { ...(cells[column] ?? { value: null }), note };
    this.touch();
  }
  insertColumn(title: string, at: number): void {
    this.tab(title).insertColumns(at, 1);
    this.touch();
  }

  /** What a person sees: texts of the cells, rows and columns to the last with anything in it. */
  seen(title: string): readonly (readonly (string | number | boolean)[])[] {
    const rows = this.tab(title).rows.map(({ cells }) =>
      cells.slice(0, cells.findLastIndex((cell) => !isBlank(cell)) + 1).map((cell) => unformatted(cell)),
    );
    return rows.slice(0, rows.findLastIndex((row) => row.length > 0) + 1);
  }
  shown(title: string, row: number, column: number): string {
    return formatted(this.tab(title).cell(row, column));
  }
}
