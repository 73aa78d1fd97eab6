/** All that is to be written, read to its end before the first cell is: what cannot be read to its end is not begun. */
import type { ExcludedRow, ResultSheet } from '../../../src/results/sink.ts';
import { cellWriter, plainText } from './result-cell.ts';
import type { RawValue } from './snapshot.ts';

export interface Gathered {
  /** Values of the campaign's columns by the key of the row. */
  readonly rows: ReadonlyMap<string, readonly RawValue[]>;
  /** Keys of rows that need not be there any more. */
  readonly gone: ReadonlySet<string>;
  readonly excluded: readonly (readonly RawValue[])[];
  /** How many rows were left out for a reason, most first. */
  readonly reasons: readonly (readonly [reason: string, rows: number])[];
}

/** Throws the signal's reason as soon as it is aborted, also when the next row never comes. */
export async function gather(sheet: ResultSheet, signal: AbortSignal): Promise<Gathered> {
  const write = cellWriter(sheet.zone ?? 'UTC');
  const rows = new Map<string, readonly RawValue[]>();
  const gone = new Set<string>();
  for await (const { key, values, gone: isGone } of until(signal, sheet.rows())) {
    if (isGone) gone.add(key);
    rows.set(
      key,
      sheet.columns.map((_, index) => write(values[index] ?? null)),
    );
  }
  const excluded: RawValue[][] = [];
  const counts = new Map<string, number>();
  for await (const row of until<ExcludedRow>(signal, sheet.excluded())) {
    const reason = plainText(row.reason);
    counts.set(reason, (counts.get(reason) ?? 0) + 1);
    excluded.push([row.number, reason, ...sheet.headings.map((_, index) => write(row.cells[index] ?? null))]);
  }
  return { rows, gone, excluded, reasons: [...counts].sort((a, b) => b[1] - a[1]) };
}

async function* until<T>(signal: AbortSignal, items: AsyncIterable<T>): AsyncGenerator<T> {
  const { promise: aborted, reject } = Promise.withResolvers<never>();
  aborted.catch(() => {});
  const stop = () => reject(signal.reason);
  signal.addEventListener('abort', stop, { once: true });
  try {
    signal.throwIfAborted();
    const iterator = items[Symbol.asyncIterator]();
    for (;;) {
      const next = await Promise.race([iterator.next(), aborted]);
      if (next.done) return;
      yield next.value;
    }
  } finally {
    signal.removeEventListener('abort', stop);
  }
}
