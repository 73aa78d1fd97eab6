/** Rows in lots: what is taken out is what was put in, each row by its id alone, and lists of before are kept the same way. */
import fc from 'fast-check';
import { afterAll, beforeAll, describe, expect, test } from 'vitest';
import { LOT_ROWS, lotRange, lotsOf, rowsOf } from '../../src/audiences/lots.ts';
import { type AudienceRow, audienceMigrations, audienceStore, rowId } from '../../src/audiences/store.ts';
import type { E164 } from '../../src/messages/phone.ts';
import { type FreshDatabase, freshDatabase } from '../support/mongo.ts';

const cell = fc.oneof(
  fc.string({ unit: 'binary', maxLength: 12 }),
  fc.constantFrom('', '0', ' ', '1.5', 'null'),
  fc.double({ noNaN: true, noDefaultInfinity: true }).map((n) => (n === 0 ? 0 : n)),
  fc.boolean(),
  fc.constant(null),
);
const body = fc.record(
  {
    number: fc.integer({ min: 1, max: 2_000_000 }),
    key: fc.string({ maxLength: 8 }),
    cells: fc.array(cell, { maxLength: 5 }),
    recipient: fc.record({
      person: fc.string(),
      phone: fc.constant('+79160000001' as E164),
      zone: fc.option(fc.constant('Asia/Omsk')),
      doubt: fc.option(fc.constant('8-for-7')),
      values: fc.array(fc.string({ unit: 'binary', maxLength: 12 }), { maxLength: 5 }),
    }),
  },
  { requiredKeys: ['number', 'key', 'cells'] },
);

/** As rows of one audience, from the first on; without a recipient they are left out. */
const inOrder = (bodies: readonly Omit<AudienceRow, '_id' | 'audience'>[], audience = 'a1'): AudienceRow[] =>
  bodies.map((one, i) => ({
    _id: rowId(audience, i + 1),
    audience,
    ...one,
    ...(one.recipient ? {} : { excluded: 'phone-empty' }),
  }));

const plainRows = (count: number, audience: string): AudienceRow[] =>
  inOrder(
    Array.from({ length: count }, (_, i) => ({ number: i + 2, key: String(i + 2), cells: [`row ${i + 2}`] })),
    audience,
  );

describe('packing', () => {
  test('loses nothing of any row', () => {
    fc.assert(
      fc.property(fc.array(body, { maxLength: 20 }), (bodies) => {
        const rows = inOrder(bodies);
        expect(lotsOf(rows).flatMap(rowsOf)).toEqual(rows);
      }),
    );
  });

  test('also where a value is what the cell says in other words', () => {
    const recipient = {
      person: 'p',
      phone: '+79160000001' as E164,
      zone: null,
      doubt: null,
      values: ['12.05.2026', '1,50', 'TRUE', '', 'trimmed', ''],
    };
    const cells = ['2026-05-12', 1.5, true, null, ' trimmed ', ''];
    const rows = inOrder([{ number: 2, key: 'h-1', cells, recipient }]);
    expect(lotsOf(rows).flatMap(rowsOf)).toEqual(rows);
  });

  test('a lot begins at a place that an id tells', () => {
    const lots = lotsOf(plainRows(2 * LOT_ROWS + 1, 'a7'));
    expect(lots.map(({ _id }) => _id)).toEqual([1, LOT_ROWS + 1, 2 * LOT_ROWS + 1].map((n) => rowId('a7', n)));
    expect(lotRange(rowId('a7', LOT_ROWS))).toEqual([rowId('a7', 1), rowId('a7', LOT_ROWS + 1)]);
    expect(lotRange(rowId('a7', LOT_ROWS + 1))).toEqual([rowId('a7', LOT_ROWS + 1), rowId('a7', 2 * LOT_ROWS + 1)]);
  });

  test('rows too wide for one document stand in several', () => {
    const wide = Array.from({ length: 8 }, (_, i) => ({ number: i + 2, key: '', cells: ['я'.repeat(1_500_000)] }));
    const lots = lotsOf(inOrder(wide));
    expect(lots.length).toBeGreaterThan(1);
    for (const lot of lots) expect(Buffer.byteLength(lot.packed)).toBeLessThan(15_000_000);
    expect(lots.flatMap(rowsOf)).toEqual(inOrder(wide));
  });
});

describe('in the database', () => {
  let database: FreshDatabase;
  beforeAll(async () => {
    database = await freshDatabase();
  });
  afterAll(() => database.drop());

  test('every row is found by its id, in whatever lot it stands', async () => {
    const store = audienceStore(database);
    const rows = plainRows(5 * LOT_ROWS + 7, 'a2');
    const keeper = store.keeper();
    for (let from = 0; from < rows.length; from += 333) await keeper.take(rows.slice(from, from + 333));
    await keeper.done();
    expect(await Array.fromAsync(store.rows('a2'))).toEqual(rows);
    const some = [1, LOT_ROWS, LOT_ROWS + 1, 3 * LOT_ROWS, rows.length].map((n) => rows[n - 1]!);
    expect(await store.rowsByIds(some.map(({ _id }) => _id).toReversed())).toEqual(some);
    expect(await store.row(rows.at(-1)!._id)).toEqual(rows.at(-1));
    expect(await store.row(rowId('a2', rows.length + 1))).toBeNull();
    expect(await store.rowsByIds([])).toEqual([]);
  });

  test('rows that were kept one by one are kept in lots from then on, also where some were lost', async () => {
    const rows = [...plainRows(LOT_ROWS + 40, 'a3').filter((_, i) => i !== 17), ...plainRows(3, 'a30')];
    const single = database.db.collection<AudienceRow & { schemaVersion: number }>('audienceRows');
    await single.insertMany(rows.map((row) => ({ schemaVersion: 1, ...row })));
    const migration = audienceMigrations.at(-1)!;
    await migration.up(database);
    // One that was broken off is begun again.
    await migration.up(database);
    const store = audienceStore(database);
    const kept = [...(await Array.fromAsync(store.rows('a3'))), ...(await Array.fromAsync(store.rows('a30')))];
    expect(kept).toEqual(rows);
    expect(await store.row(rowId('a3', 18))).toBeNull();
    expect((await store.row(rowId('a3', 19)))?.number).toBe(20);
    expect(await database.db.listCollections({ name: 'audienceRows' }).toArray()).toEqual([]);
  });
});
