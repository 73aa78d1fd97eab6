/**
 * What every audience source keeps. A source's test calls `sourceContract` with a way to put tables where it finds them;
 * what it cannot hold (a csv has no hidden rows) is left out with a reason.
 */
import { beforeAll, describe, expect, test } from 'vitest';
import {
  type AudienceSource,
  type Cell,
  type Inspection,
  type OpenAudience,
  rowsIn,
  SAMPLE_ROWS,
  SourceBroken,
  type SourceRow,
} from '../../src/audiences/source.ts';

/** A table as it should be found: texts and numbers, rows of it hidden. */
export interface HeldTable {
  readonly name: string;
  readonly hidden?: boolean;
  readonly filtered?: boolean;
  readonly rows: readonly (readonly (string | number | null)[])[];
  /** Numbers of hidden rows, from 1. */
  readonly hiddenRows?: readonly number[];
}

export interface SourceHarness {
  readonly source: AudienceSource;
  /** Puts the tables where the source finds them, in the place of what was there under this name; answers the ref. */
  hold(name: string, tables: readonly HeldTable[]): Promise<string>;
  /** Name of the table in a source that has one only; absent when it can hold several. */
  readonly onlyTable?: string;
  /** Reasons for what it cannot hold. */
  readonly without: {
    readonly tabs?: string;
    readonly hidden?: string;
    readonly numbers?: string;
  };
  /** A ref that is well-formed and leads nowhere. */
  readonly missing: string;
}

const never = new AbortController().signal;

const PEOPLE: HeldTable = {
  name: 'Клиенты',
  rows: [
    ['Имя', 'Телефон', 'Город'],
    ['Иван', '+7 916 123-45-67', 'Москва'],
    ['Пётр', null, 'Тула'],
    [null, null, null],
    ['Анна', '8 (916) 000-00-01', null],
  ],
};

export function sourceContract(make: () => SourceHarness): void {
  const harness = make();
  const { source } = harness;
  const tab = (table: HeldTable) => harness.onlyTable ?? table.name;
  const need = (what: keyof SourceHarness['without'], title: string, body: () => Promise<void>) => {
    const reason = harness.without[what];
    if (reason === undefined) test(title, body);
    else test.skip(`${title}: ${reason}`, body);
  };

  const look = async (ref: string) => {
    const inspection = await source.inspect(ref, never);
    if (inspection.kind === 'refused') throw new Error(`refused: ${inspection.problem.code}`);
    return inspection;
  };
  const openTable = async (ref: string, name: string, signal = never): Promise<OpenAudience> => {
    const opening = await source.open(ref, name, signal);
    if (opening.kind === 'refused') throw new Error(`refused: ${opening.problem.code}`);
    return opening.audience;
  };
  const read = async (ref: string, table: HeldTable): Promise<readonly SourceRow[]> =>
    Array.fromAsync(rowsIn(await openTable(ref, tab(table))));

  describe(`a source of kind ${source.kind}`, () => {
    test('claims what it holds, and not a link to elsewhere', async () => {
      expect(source.claims(await harness.hold('claimed', [PEOPLE]))).toBe(true);
      expect(source.claims('https://example.com/people')).toBe(false);
      expect(source.claims('people')).toBe(false);
    });

    describe('over a table of people', () => {
      let ref: string;
      let inspected: Extract<Inspection, { kind: 'tables' }>;
      let audience: OpenAudience;
      let rows: readonly SourceRow[];
      beforeAll(async () => {
        ref = await harness.hold('people', [PEOPLE]);
        inspected = await look(ref);
        audience = await openTable(ref, tab(PEOPLE));
        rows = await Array.fromAsync(rowsIn(audience));
      });

      test('hands out every row with anything in it, in its order, the header too', () => {
        expect(rows.map((row) => row.cells.map(shown))).toEqual([
          ['Имя', 'Телефон', 'Город'],
          ['Иван', '+7 916 123-45-67', 'Москва'],
          ['Пётр', null, 'Тула'],
          ['Анна', '8 (916) 000-00-01'],
        ]);
      });

      test('numbers rows as the person sees them, hides none, and gives no two of them one key', () => {
        expect(rows.map((row) => row.number)).toEqual([1, 2, 3, 5]);
        expect(rows.every((row) => !row.hidden)).toBe(true);
        expect(new Set(rows.map((row) => row.key)).size).toBe(rows.length);
      });

      test('can be read again from one opening, with the same keys', async () => {
        expect(await Array.fromAsync(rowsIn(audience))).toEqual(rows);
      });

      test('shows in a look what reading then gives', () => {
        expect(inspected.tables).toEqual([
          {
            name: tab(PEOPLE),
            hidden: false,
            filtered: false,
            hiddenRows: 0,
            sample: rows,
            rows: { count: 4, exact: true },
          },
        ]);
      });

      test('has one revision for one content, the same in a look and when opened, and another after a change', async () => {
        expect(audience.revision).toBe(inspected.revision);
        const changed = { ...PEOPLE, rows: [...PEOPLE.rows, ['Олег', '+79160000009', null]] };
        const after = await openTable(await harness.hold('people', [changed]), tab(PEOPLE));
        expect(after.revision).not.toBe(audience.revision);
      });

      test('lets its reader leave early', async () => {
        const again = await openTable(ref, tab(PEOPLE));
        for await (const row of rowsIn(again)) {
          expect(row.number).toBe(1);
          break;
        }
      });
    });

    test('shows no more than a sample of a long table', async () => {
      const rows = Array.from({ length: 400 }, (_, i) => [`Person ${i}`, `+7916${String(i).padStart(7, '0')}`]);
      const { tables } = await look(await harness.hold('long', [{ name: 'Long', rows }]));
      expect(tables[0]?.sample.map((row) => row.number)).toEqual(Array.from({ length: SAMPLE_ROWS }, (_, i) => i + 1));
      expect(tables[0]?.rows.count).toBe(400);
    });

    need('numbers', 'keeps every digit of a number, and shows it without an exponent', async () => {
      const numbers = { name: 'Numbers', rows: [[79161234567, 1e15, 0.5, -3]] };
      const [row] = await read(await harness.hold('numbers', [numbers]), numbers);
      expect(row?.cells).toEqual([
        { kind: 'number', value: 79161234567, text: '79161234567' },
        { kind: 'number', value: 1e15, text: '1000000000000000' },
        { kind: 'number', value: 0.5, text: '0.5' },
        { kind: 'number', value: -3, text: '-3' },
      ]);
    });

    need('tabs', 'tells tabs apart, in their order, and which are hidden', async () => {
      const old = { ...PEOPLE, name: 'Старые', hidden: true };
      const ref = await harness.hold('tabs', [PEOPLE, old]);
      expect((await look(ref)).tables.map(({ name, hidden }) => ({ name, hidden }))).toEqual([
        { name: 'Клиенты', hidden: false },
        { name: 'Старые', hidden: true },
      ]);
      expect(await read(ref, old)).toHaveLength(4);
    });

    need('hidden', 'marks hidden rows and counts them, and tells that a filter is set', async () => {
      const sifted = { ...PEOPLE, hiddenRows: [3], filtered: true };
      const ref = await harness.hold('hidden', [sifted]);
      expect((await read(ref, sifted)).filter((row) => row.hidden).map((row) => row.number)).toEqual([3]);
      expect((await look(ref)).tables).toMatchObject([{ hiddenRows: 1, filtered: true }]);
    });

    test('says that there is no such thing', async () => {
      expect(await source.inspect(harness.missing, never)).toMatchObject({
        kind: 'refused',
        problem: { code: 'not-found' },
      });
      expect(await source.open(harness.missing, '', never)).toMatchObject({ problem: { code: 'not-found' } });
    });

    test('says that there is no such tab, and which there are', async () => {
      const ref = await harness.hold('people', [PEOPLE]);
      expect(await source.open(ref, 'Nowhere', never)).toEqual({
        kind: 'refused',
        problem: { code: 'no-such-tab', name: 'Nowhere', tabs: [tab(PEOPLE)] },
      });
    });

    test('says that there is nothing in it', async () => {
      const ref = await harness.hold('empty', [{ name: 'Empty', rows: [[null], [null, null]] }]);
      expect(await source.inspect(ref, never)).toEqual({ kind: 'refused', problem: { code: 'empty' } });
    });

    test('stops at once when aborted before it begins', async () => {
      const ref = await harness.hold('people', [PEOPLE]);
      const reason = new Error('enough');
      await expect(source.inspect(ref, AbortSignal.abort(reason))).rejects.toBe(reason);
      await expect(source.open(ref, tab(PEOPLE), AbortSignal.abort(reason))).rejects.toBe(reason);
    });

    test('stops in the middle when aborted there', async () => {
      const rows = Array.from({ length: 5000 }, (_, i) => [`Person ${i}`, `${'long text '.repeat(20)}${i}`]);
      const ref = await harness.hold('aborted', [{ name: 'Aborted', rows }]);
      const abort = new AbortController();
      const audience = await openTable(ref, harness.onlyTable ?? 'Aborted', abort.signal);
      const reason = new Error('enough');
      let seen = 0;
      const reading = async () => {
        for await (const _ of rowsIn(audience)) if (++seen === 10) abort.abort(reason);
      };
      await expect(reading()).rejects.toBe(reason);
      expect(seen).toBeLessThan(5000);
    });

    test('gives up the rows of what has changed since it was opened, or gives those that were opened', async () => {
      const ref = await harness.hold('changing', [PEOPLE]);
      const audience = await openTable(ref, tab(PEOPLE));
      await harness.hold('changing', [{ ...PEOPLE, rows: [['Other'], ...PEOPLE.rows] }]);
      const rows = await Array.fromAsync(rowsIn(audience)).catch((failure: unknown) => {
        expect(failure).toBeInstanceOf(SourceBroken);
        return null;
      });
      if (rows) expect(rows[0]?.cells.map(shown)).toEqual(['Имя', 'Телефон', 'Город']);
    });
  });
}

const shown = (cell: Cell): string | null => (cell.kind === 'empty' ? null : cell.text);
