/** Lists that are kept in memory, for tests that are not about files: `people.list`, with commas between its cells. */
import { type AudienceSource, SAMPLE_ROWS, type SourceProblem, type SourceRow } from '../../src/audiences/source.ts';

export interface Lists {
  readonly source: AudienceSource;
  /** Keeps a list, and returns what to call it in a command. */
  keep(name: string, content: string): string;
}

export function createLists(): Lists {
  const kept = new Map<string, readonly SourceRow[]>();
  const missing = (ref: string): { kind: 'refused'; problem: SourceProblem } => ({
    kind: 'refused',
    problem: { code: 'not-found', ref },
  });
  return {
    keep(name, content) {
      const ref = `${name}.list`;
      kept.set(ref, rowsOf(content));
      return ref;
    },
    source: {
      kind: 'list',
      claims: (ref) => ref.endsWith('.list'),
      async inspect(ref) {
        const rows = kept.get(ref);
        if (!rows) return missing(ref);
        const table = { name: '', hidden: false, filtered: false, hiddenRows: rows.filter((row) => row.hidden).length };
        const seen = { sample: rows.slice(0, SAMPLE_ROWS), rows: { count: rows.length, exact: true } };
        return { kind: 'tables', revision: '1', tables: [{ ...table, ...seen }] };
      },
      async open(ref) {
        const rows = kept.get(ref);
        if (!rows) return missing(ref);
        const audience = {
          revision: '1',
          async *rows() {
            yield* rows;
          },
        };
        return { kind: 'open', audience };
      },
    },
  };
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
