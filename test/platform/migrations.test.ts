import { afterEach, beforeEach, describe, expect, test } from 'vitest';
import { takeLease } from '../../src/platform/lease.ts';
import { silentLog } from '../../src/platform/log.ts';
import { type Migration, migrate } from '../../src/platform/migrations.ts';
import { type FreshDatabase, freshDatabase } from '../support/mongo.ts';

let database: FreshDatabase;
beforeEach(async () => {
  database = await freshDatabase();
});
afterEach(() => database.drop());

const options = { log: silentLog, pollMs: 5 };

/** Migrations that note that they ran. */
function noting(...ids: readonly number[]) {
  const ran: number[] = [];
  const migrations = ids.map((id): Migration => ({ id, name: `test: ${id}`, up: async () => void ran.push(id) }));
  return { ran, migrations };
}

describe('migrations', () => {
  test('run once each, in order, also those that came between', async () => {
    const { ran, migrations } = noting(200, 100);
    expect(await migrate(database, migrations, options)).toEqual({ kind: 'done', ran: [100, 200] });
    expect(await migrate(database, migrations, options)).toEqual({ kind: 'done', ran: [] });
    const later = noting(100, 101, 200);
    expect(await migrate(database, later.migrations, options)).toEqual({ kind: 'done', ran: [101] });
    expect([ran, later.ran]).toEqual([[100, 200], [101]]);
  });

  test('are given the database', async () => {
    const up: Migration['up'] = async ({ db }) => void (await db.collection('things').createIndex({ name: 1 }));
    await migrate(database, [{ id: 1, name: 'things: index', up }], options);
    expect(await database.db.collection('things').indexExists('name_1')).toBe(true);
  });

  test('run once when many processes start at once; the others wait for them', async () => {
    const { ran, migrations } = noting(1, 2);
    const reports = await Promise.all([1, 2, 3].map(() => migrate(database, migrations, options)));
    expect(ran).toEqual([1, 2]);
    expect(reports.filter((report) => report.kind === 'done' && report.ran.length > 0)).toHaveLength(1);
  });

  test('that one failed say which, and go on from there the next time', async () => {
    const { ran, migrations } = noting(1, 3);
    const up = () => Promise.reject(new Error('why'));
    const broken = { id: 2, name: 'test: broken', up };
    await expect(migrate(database, [...migrations, broken], options)).rejects.toThrow(
      'migration 2 (test: broken) failed',
    );
    const mended = noting(1, 2, 3);
    expect(await migrate(database, mended.migrations, options)).toEqual({ kind: 'done', ran: [2, 3] });
    expect(ran).toEqual([1]);
  });

  test('of a newer Herald are not run against', async () => {
    await migrate(database, noting(1, 2).migrations, options);
    const older = noting(1, 3);
    const unknown = [{ id: 2, name: 'test: 2' }];
    expect(await migrate(database, older.migrations, options)).toEqual({ kind: 'newer-database', unknown });
    expect(older.ran).toEqual([]);
  });

  test('stop when their lease is lost', async () => {
    const { ran, migrations } = noting(2);
    const thief: Migration = {
      id: 1,
      name: 'test: loses the lease',
      async up({ db }) {
        await db.collection('leases').updateMany({}, { $set: { until: new Date(0) } });
        await takeLease(database, 'migrations', 60_000);
      },
    };
    await expect(migrate(database, [thief, ...migrations], options)).rejects.toThrow('was lost to another process');
    expect(ran).toEqual([]);
  });

  test('with one id for two are a mistake', async () => {
    await expect(migrate(database, noting(1, 1).migrations, options)).rejects.toThrow('two migrations have the id 1');
  });
});
