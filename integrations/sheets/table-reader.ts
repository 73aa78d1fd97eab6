/** One table of a file, whatever the file: its name and its rows as a stream. And the look that tells what is in it. */
import { SAMPLE_ROWS, type SourceRow, type SourceTable } from '../../src/audiences/source.ts';
import type { FileLimits } from './limits.ts';

/** What comes of a table, in its order: rows, in lots, and that a filter is set on it. */
export type TableItem = { readonly kind: 'rows'; readonly rows: readonly SourceRow[] } | { readonly kind: 'filter' };

export interface TableReader {
  /** Name of the tab; empty for text. */
  readonly name: string;
  readonly hidden: boolean;
  /** Whether rows of it may be hidden, so that a look has to go through them. */
  readonly hides: boolean;
  /** Reads from the start each time. Throws `SourceBroken` where the file turns out unreadable. */
  items(): AsyncGenerator<TableItem>;
}

/** Looks at a table: its first rows, and how many there are, up to a limit. */
export async function lookAtTable(table: TableReader, limits: FileLimits): Promise<SourceTable> {
  const sample: SourceRow[] = [];
  let count = 0;
  let hiddenRows = 0;
  let filtered = false;
  let exact = true;
  const enough = table.hides ? limits.lookRows : limits.lookLines;
  for await (const item of table.items()) {
    if (item.kind === 'filter') {
      filtered = true;
      continue;
    }
    for (const row of item.rows) {
      if (sample.length < SAMPLE_ROWS) sample.push(row);
      if (row.hidden) hiddenRows++;
    }
    count += item.rows.length;
    if (count < enough) continue;
    exact = false;
    break;
  }
  return { name: table.name, hidden: table.hidden, filtered, hiddenRows, sample, rows: { count, exact } };
}
