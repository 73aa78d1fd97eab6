/** Ranges in A1 notation: `'My tab'!B2:D`, with or without a tab, rows or columns. Counted from 0, ends exclusive. */

export interface Area {
  readonly tab: string | null;
  readonly row: number;
  /** Infinity: to the end of the grid. */
  readonly rowEnd: number;
  readonly column: number;
  readonly columnEnd: number;
}

const RANGE = /^(?:(?:'((?:[^']|'')+)'|([^'!]+))!)?([A-Z]*)(\d*)(?::([A-Z]*)(\d*))?$/;

/** Null when it is none. A text that could be a tab's name is one, as in Google's. */
export function parseA1(text: string, tabs: readonly string[]): Area | null {
  const whole = { row: 0, rowEnd: Number.POSITIVE_INFINITY, column: 0, columnEnd: Number.POSITIVE_INFINITY };
  const named = /^'((?:[^']|'')+)'$/.exec(text)?.[1]?.replaceAll("''", "'") ?? text;
  if (tabs.includes(named)) return { tab: named, ...whole };
  const match = RANGE.exec(text);
  if (!match) return null;
  const [, quoted, bare, fromColumn = '', fromRow = '', toColumn, toRow] = match;
  const tab = quoted?.replaceAll("''", "'") ?? bare ?? null;
  const single = toColumn === undefined && toRow === undefined;
  const [endColumn, endRow] = single ? [fromColumn, fromRow] : [toColumn ?? '', toRow ?? ''];
  return {
    tab,
    row: fromRow === '' ? 0 : Number(fromRow) - 1,
    rowEnd: endRow === '' ? Number.POSITIVE_INFINITY : Number(endRow),
    column: fromColumn === '' ? 0 : indexOf(fromColumn),
    columnEnd: endColumn === '' ? Number.POSITIVE_INFINITY : indexOf(endColumn) + 1,
  };
}

function indexOf(letters: string): number {
  return [...letters].reduce((sum, letter) => sum * 26 + letter.charCodeAt(0) - 64, 0) - 1;
}

export function letters(index: number): string {
  const last = String.fromCharCode(65 + (index % 26));
  return index < 26 ? last : letters(Math.floor(index / 26) - 1) + last;
}
