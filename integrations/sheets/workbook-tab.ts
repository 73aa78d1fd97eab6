/**
 * Writes one table of any length into a streaming workbook: widths from its first rows, frozen headings with a filter,
 * a further tab where one is full. Takes rows only as fast as the disk takes them.
 */
import { type EventEmitter, once } from 'node:events';
import { setImmediate as nextTurn } from 'node:timers/promises';
import type { Style, stream, Worksheet } from 'exceljs';
import { shownLength, type WrittenCell } from './workbook-cells.ts';

export interface TabPlan {
  readonly name: string;
  /** Rows above the data, all of one length; the last holds the headings to filter by. */
  readonly heads: readonly (readonly WrittenCell[])[];
  /** Columns of the first row that show as one cell, from 1, both included. */
  readonly merge?: { readonly from: number; readonly to: number };
  /** Rows that one tab takes, heads included. */
  readonly limit: number;
}

/** Rows between two looks at the disk; the first of these batches also decides the columns' widths. */
const BATCH = 200;
/** Bytes of rows that may wait for the disk. */
const WAITING_BYTES = 1_048_576;
const NARROWEST = 8;
const WIDEST = 48;
/** A heading shares its cell with the filter's button. */
const FILTER_BUTTON = 4;

const HEADING: Partial<Style> = {
  numFmt: '@',
  font: { bold: true },
  fill: { type: 'pattern', pattern: 'solid', fgColor: { argb: 'FFE8ECF1' } },
  border: { bottom: { style: 'thin', color: { argb: 'FF808080' } } },
  alignment: { vertical: 'middle', wrapText: true },
};
const TITLE: Partial<Style> = { ...HEADING, alignment: { vertical: 'middle', horizontal: 'left' } };

/** Writes all `rows` and returns how many they were; `nameTab` gives each tab its name. Throws the signal's reason when told to stop. */
export async function writeTab(
  book: stream.xlsx.WorkbookWriter,
  plan: TabPlan,
  nameTab: (wished: string) => string,
  rows: AsyncIterable<readonly WrittenCell[]>,
  signal: AbortSignal,
): Promise<number> {
  let widths: readonly number[] | null = null;
  let tab: Worksheet | null = null;
  let used = 0;
  let count = 0;
  for await (const batch of batches(stoppable(rows, signal))) {
    widths ??= widthsOf(plan, batch);
    for (const cells of batch) {
      if (tab && used === plan.limit) tab = endTab(tab, plan, used);
      if (!tab) {
        tab = beginTab(book, plan, nameTab(plan.name), widths);
        used = plan.heads.length;
      }
      addRow(tab, cells);
      used += 1;
    }
    count += batch.length;
    if (tab) await keepPace(tab, signal);
  }
  tab ??= beginTab(book, plan, nameTab(plan.name), widthsOf(plan, []));
  endTab(tab, plan, used);
  return count;
}

async function* batches<T>(items: AsyncIterable<T>): AsyncGenerator<readonly T[]> {
  let batch: T[] = [];
  for await (const item of items) {
    if (batch.push(item) < BATCH) continue;
    yield batch;
    batch = [];
  }
  if (batch.length > 0) yield batch;
}

function beginTab(book: stream.xlsx.WorkbookWriter, plan: TabPlan, name: string, widths: readonly number[]): Worksheet {
  const frozen = plan.heads.length;
  const tab = book.addWorksheet(name, { views: [{ state: 'frozen', ySplit: frozen, topLeftCell: `A${frozen + 1}` }] });
  tab.columns = widths.map((width) => ({ width }));
  plan.heads.forEach((cells, index) => {
    const isHeadings = index === frozen - 1;
    const row = tab.addRow(cells.map((cell) => cell.value));
    cells.forEach((cell, column) => {
      if (isHeadings || cell.value !== null) row.getCell(column + 1).style = isHeadings ? HEADING : TITLE;
    });
  });
  if (plan.merge && plan.merge.to > plan.merge.from) tab.mergeCells(1, plan.merge.from, 1, plan.merge.to);
  return tab;
}

/** Closes the tab, its filter over all that it holds; null, as no tab is open then. */
function endTab(tab: Worksheet, plan: TabPlan, lastRow: number): null {
  const from = plan.heads.length;
  const columns = plan.heads[0]?.length ?? 0;
  if (columns > 0)
    tab.autoFilter = { from: { row: from, column: 1 }, to: { row: Math.max(from, lastRow), column: columns } };
  tab.commit();
  return null;
}

function addRow(tab: Worksheet, cells: readonly WrittenCell[]): void {
  const row = tab.addRow([]);
  cells.forEach(({ value, style }, index) => {
    if (value === null) return;
    const cell = row.getCell(index + 1);
    cell.value = value;
    cell.style = style;
  });
  row.commit();
}

function widthsOf(plan: TabPlan, sample: readonly (readonly WrittenCell[])[]): readonly number[] {
  const headings = plan.heads.at(-1) ?? [];
  return headings.map((heading, column) => {
    const longest = sample.reduce((most, cells) => {
      const cell = cells[column];
      return cell ? Math.max(most, shownLength(cell) + 1) : most;
    }, shownLength(heading) + FILTER_BUTTON);
    return Math.min(WIDEST, Math.max(NARROWEST, longest));
  });
}

/**
 * Lets the zip and the disk catch up. exceljs writes into a pipe without ever looking at what waits there, half of all
 * rows at the end. The pipe is of its internals (a readable-stream 2, which has no `writableLength` yet), hence the
 * careful look; a test watches that it still finds it.
 */
async function keepPace(tab: Worksheet, signal: AbortSignal): Promise<void> {
  await nextTurn();
  signal.throwIfAborted();
  const pipe = (tab as unknown as { stream?: { pipes?: readonly WaitingPipe[] } }).stream?.pipes?.[0];
  if (pipe && (pipe._writableState?.length ?? 0) > WAITING_BYTES) await once(pipe, 'drain', { signal });
}

type WaitingPipe = EventEmitter & { readonly _writableState?: { readonly length: number } };

/** The same rows until the signal fires, also when the next one never comes; then its reason is thrown. */
async function* stoppable<T>(rows: AsyncIterable<T>, signal: AbortSignal): AsyncGenerator<T> {
  const iterator = rows[Symbol.asyncIterator]();
  let stop = (): void => {};
  const onAbort = () => stop();
  signal.addEventListener('abort', onAbort);
  try {
    for (;;) {
      signal.throwIfAborted();
      const step = await new Promise<IteratorResult<T>>((resolve, reject) => {
        stop = () => reject(signal.reason);
        iterator.next().then(resolve, reject);
      });
      if (step.done) return;
      yield step.value;
    }
  } finally {
    signal.removeEventListener('abort', onAbort);
    // Not awaited: rows that never come do not end either.
    iterator.return?.().catch(() => {});
  }
}
