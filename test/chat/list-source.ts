/** Lists that are kept in memory, for tests that are not about files: `people.list`, with commas between its cells. */
import { createHash } from 'node:crypto';
import {
  type AudienceSource,
  SAMPLE_ROWS,
  SourceBroken,
  type SourceProblem,
  type SourceRow,
} from '../../src/audiences/source.ts';

export interface Lists {
  readonly source: AudienceSource;
  /** Keeps a list, and returns what to call it in a command. */
  keep(name: string, content: string): string;
  /** Keeps a list whose rows have keys that outlive sorting, as a sheet's have; its first row is the headings. */
  sheet(name: string, content: string): Sheet;
}

/** A list that somebody works in. */
export interface Sheet {
  readonly ref: string;
  /** Lines below the headings, to be sorted, cut and put in between; each keeps its key. */
  rows: { key: string; line: string }[];
  headings: string;
  /** A new row has no key yet. */
  row(line: string): { key: string; line: string };
  /** What becomes of a look at it. */
  fails: SourceProblem | 'midway' | 'never answers' | 'bug' | null;
  /** How often it was opened, and read to its end. */
  opened: number;
  read: number;
}

export function createLists(): Lists {
  const kept = new Map<string, readonly SourceRow[]>();
  const sheets = new Map<string, Sheet>();
  const refused = (problem: SourceProblem) => ({ kind: 'refused', problem }) as const;
  const rowsIn = (ref: string) => kept.get(ref) ?? (sheets.has(ref) ? rowsOfSheet(sheets.get(ref)!) : undefined);
  return {
    keep(name, content) {
      const ref = `${name}.list`;
      kept.set(ref, rowsOf(content));
      return ref;
    },
    sheet(name, content) {
      const [headings = '', ...lines] = content.trimEnd().split('\n');
      const rows = lines.map((line, index) => ({ key: `k${index + 1}`, line }));
      const ref = `${name}.list`;
      const row = (line: string) => ({ key: '', line });
      const sheet: Sheet = { ref, rows, headings, row, fails: null, opened: 0, read: 0 };
      sheets.set(ref, sheet);
      return sheet;
    },
    source: {
      kind: 'list',
      claims: (ref) => ref.endsWith('.list'),
      async inspect(ref) {
        const rows = rowsIn(ref);
        if (!rows) return refused({ code: 'not-found', ref });
        const table = { name: '', hidden: false, filtered: false, hiddenRows: rows.filter((row) => row.hidden).length };
        const seen = { sample: rows.slice(0, SAMPLE_ROWS), rows: { count: rows.length, exact: true } };
        return { kind: 'tables', revision: revisionOf(rows), tables: [{ ...table, ...seen }] };
      },
      async open(ref, _tab, signal, options) {
        const sheet = sheets.get(ref);
        if (sheet) {
          sheet.opened += 1;
          if (sheet.fails === 'never answers') await untilAborted(signal);
          if (sheet.fails === 'bug') throw new Error('the sheet is on fire');
          if (typeof sheet.fails === 'object' && sheet.fails) return refused(sheet.fails);
          if (options?.headerRow !== undefined) giveKeys(sheet);
        }
        const rows = rowsIn(ref);
        if (!rows) return refused({ code: 'not-found', ref });
        return { kind: 'open', audience: { revision: revisionOf(rows), lots: () => reading(rows, sheet) } };
      },
    },
  };
}

async function* reading(rows: readonly SourceRow[], sheet: Sheet | undefined) {
  for (const [index, row] of rows.entries()) {
    if (sheet?.fails === 'midway' && index >= rows.length / 2) throw new SourceBroken({ code: 'unavailable' });
    yield [row];
  }
  if (sheet) sheet.read += 1;
}

const untilAborted = (signal: AbortSignal) =>
  new Promise<never>((_, reject) => {
    if (signal.aborted) reject(signal.reason);
    signal.addEventListener('abort', () => reject(signal.reason), { once: true });
  });

/** Rows have keys once they are going to be kept; of two with one key the first keeps it. */
function giveKeys(sheet: Sheet): void {
  const seen = new Set<string>();
  for (const row of sheet.rows) {
    if (row.key === '' || seen.has(row.key)) row.key = `n${sheet.opened}.${seen.size}`;
    seen.add(row.key);
  }
}

/** Changes with what stands in the rows; not with their order, when they have keys. */
const revisionOf = (rows: readonly SourceRow[]): string =>
  createHash('sha256')
    .update(
      rows
        .map(({ key, cells }) => JSON.stringify([key, cells]))
        .sort()
        .join(),
    )
    .digest('hex');

function rowsOfSheet({ headings, rows }: Sheet): readonly SourceRow[] {
  const seen = new Set<string>();
  const plain = rowsOf([headings, ...rows.map(({ line }) => line)].join('\n'));
  return plain
    .map((row, index) => {
      const key = rows[index - 1]?.key ?? '';
      if (key === '' || seen.has(key)) return row;
      seen.add(key);
      return { ...row, key };
    })
    .filter(({ cells }) => cells.some(({ kind }) => kind !== 'empty'));
}

/** A row that begins with `~` is hidden. */
function rowsOf(content: string): readonly SourceRow[] {
  return content
    .trimEnd()
    .split('\n')
    .map((line, index) => ({
      key: String(index + 1),
      number: index + 1,
      hidden: line.startsWith('~'),
      cells: line
        .replace(/^~/, '')
        .split(',')
        .map((text) => (text === '' ? { kind: 'empty' as const } : { kind: 'text' as const, text })),
    }));
}
