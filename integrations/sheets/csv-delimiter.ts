/** What stands between the cells of a table of text, found by how evenly each candidate cuts the first rows. */
import type { Options } from 'csv-parse';
import { parse } from 'csv-parse/sync';

export interface TextShape {
  readonly delimiter: string;
  /** Excel's own first line `sep=;`, which is no row; empty when there is none. */
  readonly separatorLine: string;
}

/** Of equals the first wins: a comma stands in texts and sums more often than a tab does. */
const DELIMITERS = ['\t', ';', '|', ','] as const;
const ROWS_LOOKED_AT = 100;
/** Titles and ragged rows may be as many as the rest, not more. */
const LEAST_SHARE = 0.5;

/** Takes what people's programs write: ragged rows, stray quotes, any line ending, empty lines that count as rows. */
export const csvOptions = (delimiter: string): Options => ({
  delimiter,
  relax_column_count: true,
  relax_quotes: true,
  skip_empty_lines: false,
  record_delimiter: ['\r\n', '\n', '\r'],
});

/** `head` is the first lines of the file, decoded. */
export function findShape(head: string): TextShape {
  const stated = /^sep=(.)(?:\r\n|\n|\r|$)/i.exec(head);
  if (stated) return { delimiter: stated[1]!, separatorLine: stated[0] };
  const scores = DELIMITERS.map((delimiter) => ({ delimiter, score: evenness(head, delimiter) }));
  const best = scores.reduce((a, b) => (b.score > a.score ? b : a));
  return { delimiter: best.score > 0 ? best.delimiter : ',', separatorLine: '' };
}

/** Cuts that most rows share, times the share of rows that have them; 0 when it cuts no such share of the rows. */
function evenness(head: string, delimiter: string): number {
  const widths = widthsOf(head, delimiter);
  if (widths.length === 0) return 0;
  const counts = Map.groupBy(widths, (width) => width);
  const [width, alike] = [...counts].reduce((a, b) => (b[1].length > a[1].length ? b : a));
  const share = alike.length / widths.length;
  return share < LEAST_SHARE ? 0 : share * (width - 1);
}

function widthsOf(head: string, delimiter: string): readonly number[] {
  try {
    const rows = parse(head, { ...csvOptions(delimiter), to: ROWS_LOOKED_AT }) as string[][];
    return rows.map((row) => row.length).filter((width, i) => width > 1 || rows[i]![0]!.trim() !== '');
  } catch {
    return []; // a quote that only this delimiter leaves open
  }
}
