/** Values on their way: all of them arrive, once, in as few requests as there can be. */
import fc from 'fast-check';
import { describe, expect, test } from 'vitest';
import { newKeys } from '../../../../integrations/sheets/google/keys.ts';
import { type ColumnChange, PAYLOAD_BYTES, payloads } from '../../../../integrations/sheets/google/payload.ts';

/** What stands in the columns afterwards. */
function arrived(changes: readonly ColumnChange[]): Map<string, unknown> {
  const cells = new Map<string, unknown>();
  for (const { dataFilter, majorDimension, values } of payloads(changes).flat()) {
    expect(majorDimension).toBe('COLUMNS');
    expect(values).toHaveLength(1);
    for (const [row, value] of values![0]!.entries()) {
      if (value !== null) cells.set(`${dataFilter?.developerMetadataLookup?.metadataId}:${row}`, value);
    }
  }
  return cells;
}

describe('payloads', () => {
  test('carry every value to its row, and no other', () => {
    const column = fc.dictionary(fc.nat(300).map(String), fc.oneof(fc.string(), fc.integer(), fc.boolean()));
    fc.assert(
      fc.property(fc.array(column, { maxLength: 5 }), (columns) => {
        const changes = columns.map((cells, id) => ({
          id,
          cells: new Map(Object.entries(cells).map(([row, value]) => [Number(row), value])),
        }));
        const wanted = changes.flatMap(({ id, cells }) =>
          [...cells].map(([row, value]) => [`${id}:${row}`, value] as const),
        );
        expect([...arrived(changes)].sort()).toEqual([...new Map(wanted)].sort());
      }),
    );
  });

  test('weigh two megabytes at most, and nearly as much where there is more', () => {
    const cells = new Map(Array.from({ length: 100_000 }, (_, row) => [row, `a text of some length ${row}`]));
    const changes = [1, 2, 3].map((id) => ({ id, cells }));
    const sizes = payloads(changes).map((data) => Buffer.byteLength(JSON.stringify(data)));
    expect(Math.max(...sizes)).toBeLessThanOrEqual(PAYLOAD_BYTES * 1.01);
    const least = Math.ceil(sizes.reduce((sum, size) => sum + size, 0) / PAYLOAD_BYTES);
    expect(sizes.length).toBeLessThanOrEqual(least + 1);
    expect(arrived(changes).size).toBe(300_000);
  });
});

describe('keys of rows', () => {
  const NOTHING = { lost: new Map<string, string>(), given: new Set<string>() };
  let made = 0;
  const make = () => `n${made++ % 50}`;

  test('are one a row, and whoever had one first keeps it', () => {
    const row = fc.record({ key: fc.constantFrom('', 'a', 'b', 'n1', 'n2'), hash: fc.constantFrom('x', 'y', 'z') });
    fc.assert(
      fc.property(fc.array(row, { maxLength: 30 }), (rows) => {
        const numbered = rows.map((one, index) => ({ ...one, number: index + 1 }));
        const given = newKeys(numbered, NOTHING, make);
        const keys = numbered.map(({ number, key }) => given.get(number) ?? key);
        expect(new Set(keys).size).toBe(rows.length);
        numbered.forEach(({ key, number }, index) => {
          const first = key !== '' && numbered.findIndex((one) => one.key === key) === index;
          expect(given.has(number)).toBe(!first);
        });
      }),
    );
  });

  test('go back to the row whose key was written over, and to no row that has its own', () => {
    const history = { lost: new Map([['x', 'old']]), given: new Set(['new']) };
    const rows = [
      { number: 2, key: 'own', hash: 'x' },
      { number: 3, key: 'new', hash: 'x' },
    ];
    expect(newKeys(rows, history, make)).toEqual(new Map([[3, 'old']]));
  });
});
