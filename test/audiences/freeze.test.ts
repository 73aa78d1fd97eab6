/** Freezing an audience: every row is kept, used or left out with a reason; a source that breaks leaves nothing behind. */
import { afterAll, beforeAll, describe, expect, test } from 'vitest';
import { type AudienceRoom, type FreezeOrder, freezeAudience, lookAt } from '../../src/audiences/freeze.ts';
import { freezeRows } from '../../src/audiences/refreeze.ts';
import { type AudienceSource, SourceBroken } from '../../src/audiences/source.ts';
import { type AudienceRow, audienceMigrations, audienceStore } from '../../src/audiences/store.ts';
import { silentLog } from '../../src/platform/log.ts';
import { migrate } from '../../src/platform/migrations.ts';
import { createLists, type Lists } from '../chat/list-source.ts';
import { type FreshDatabase, freshDatabase } from '../support/mongo.ts';

let database: FreshDatabase;
let lists: Lists;
let room: AudienceRoom;
let numbers = 0;
beforeAll(async () => {
  database = await freshDatabase();
  await migrate(database, [...audienceMigrations], { log: silentLog });
  lists = createLists();
  room = {
    store: audienceStore(database),
    sources: [lists.source],
    personKey: (phone) => `key of ${phone}`,
    country: 'RU',
    now: () => new Date('2026-11-23T09:00:00Z'),
    nextId: async () => `a${++numbers}`,
    retentionDays: 30,
  };
});
afterAll(() => database.drop());

const never = new AbortController().signal;

async function orderOf(ref: string, source: AudienceSource = lists.source): Promise<FreezeOrder> {
  const look = await lookAt(room, ref, {}, 'ann', never);
  if (look.kind !== 'ready') throw new Error(`not ready: ${JSON.stringify(look)}`);
  return { source, ref, name: 'people.xlsx', plan: look.plan, department: 'sales', by: 'anna', zone: 'Europe/Moscow' };
}

async function freeze(content: string) {
  const frozen = await freezeAudience(room, await orderOf(lists.keep('people', content)), never);
  if (frozen.kind === 'refused') throw new Error(JSON.stringify(frozen.problem));
  return frozen.audience;
}

async function rowsOf(audience: string, only?: 'recipients' | 'excluded'): Promise<AudienceRow[]> {
  const rows: AudienceRow[] = [];
  for await (const row of room.store.rows(audience, only)) rows.push(row);
  return rows;
}

describe('a look', () => {
  test('at what nobody reads, at what is not there, at a tab that there is not, and at what must be asked', async () => {
    expect(await lookAt(room, 'people.pdf', {}, 'ann', never)).toMatchObject({
      kind: 'refused',
      problem: { code: 'wrong-type', found: 'pdf' },
    });
    expect(await lookAt(room, 'gone.list', {}, 'ann', never)).toMatchObject({
      kind: 'refused',
      problem: { code: 'not-found' },
    });
    const ref = lists.keep('people', 'Phone,Name\n+79160000001,Anna');
    expect(await lookAt(room, ref, { tab: 'May' }, 'ann', never)).toMatchObject({
      kind: 'refused',
      problem: { code: 'no-such-tab' },
    });
    const two = lists.keep('two', 'Phone,Phone 2\n+79160000001,+79160000002');
    expect(await lookAt(room, two, {}, 'ann', never)).toMatchObject({ kind: 'questions' });
  });
});

describe('freezing', () => {
  test('keeps every row in its order, and counts them exactly', async () => {
    const audience = await freeze(
      [
        'Phone,Name',
        '+79160000001,Anna',
        '12,Short',
        '+79160000002,Boris',
        '8 916 000-00-01,Anna again',
        ',',
        ',Nobody',
      ].join('\n'),
    );
    expect(audience).toMatchObject({
      state: 'frozen',
      department: 'sales',
      headings: ['Phone', 'Name'],
      counts: { rows: 5, recipients: 2, excluded: { 'phone-too-short': 1, duplicate: 1, 'phone-empty': 1 } },
      deleteAfter: new Date('2026-12-23T09:00:00Z'),
    });
    const rows = await rowsOf(audience._id);
    expect(rows.map((row) => [row.number, row.excluded ?? row.recipient?.phone])).toEqual([
      [2, '+79160000001'],
      [3, 'phone-too-short'],
      [4, '+79160000002'],
      [5, 'duplicate'],
      [7, 'phone-empty'],
    ]);
    expect(rows[3]).not.toHaveProperty('recipient');
    expect(rows[0]!.recipient).toEqual({
      person: 'key of +79160000001',
      phone: '+79160000001',
      zone: null,
      doubt: null,
      values: ['+79160000001', 'Anna'],
    });
    expect((await rowsOf(audience._id, 'recipients')).length).toBe(2);
    expect((await rowsOf(audience._id, 'excluded')).length).toBe(3);
  });

  test('finds duplicates across batches, whichever batch they stand in', async () => {
    const rows = Array.from({ length: 2500 }, (_, i) => `+7916${1_000_000 + (i % 1400)},Client ${i}`);
    const audience = await freeze(['Phone,Name', ...rows].join('\n'));
    expect(audience.counts).toEqual({ rows: 2500, recipients: 1400, excluded: { duplicate: 1100 } });
    const recipients = await rowsOf(audience._id, 'recipients');
    expect(recipients.map((row) => row.number)).toEqual(Array.from({ length: 1400 }, (_, i) => i + 2));
    expect((await rowsOf(audience._id)).length).toBe(2500);
  });

  test('of a list without rows is an audience of nobody', async () => {
    const order = await orderOf(lists.keep('people', 'Phone,Name\n+79160000001,Anna'));
    lists.keep('people', 'Phone,Name');
    expect(await freezeAudience(room, order, never)).toMatchObject({
      kind: 'frozen',
      audience: { counts: { rows: 0, recipients: 0 } },
    });
  });

  test.each<[string, () => Error, boolean]>([
    ['says that it broke', () => new SourceBroken({ code: 'not-found', ref: 'people' }), true],
    ['fails otherwise', () => new Error('a bug'), false],
  ])('from a source that %s midway leaves nothing behind', async (_what, failure, isRefused) => {
    const breaking: AudienceSource = {
      ...lists.source,
      async open() {
        const row = (n: number) => ({
          key: String(n),
          number: n,
          hidden: false,
          cells: [
            { kind: 'text' as const, text: `+7916${1_000_000 + n}` },
            { kind: 'text' as const, text: 'x' },
          ],
        });
        async function* lots() {
          for (let n = 2; n < 1500; n++) yield [row(n)];
          throw failure();
        }
        return { kind: 'open', audience: { revision: '1', lots } };
      },
    };
    const order = await orderOf(lists.keep('people', 'Phone,Name\n+79160000001,Anna'), breaking);
    const before = await database.db.collection('audienceLots').countDocuments();
    const freezing = freezeAudience(room, order, never);
    if (isRefused) expect(await freezing).toMatchObject({ kind: 'refused', problem: { code: 'not-found' } });
    else await expect(freezing).rejects.toThrow('a bug');
    expect(await database.db.collection('audienceLots').countDocuments()).toBe(before);
    expect(await room.store.audience({ departments: 'all' }, `a${numbers}`)).toBeNull();
  });
});

describe('the store', () => {
  test('shows an audience to its departments only', async () => {
    const { _id } = await freeze('Phone,Name\n+79160000001,Anna');
    expect(await room.store.audience({ departments: ['sales'] }, _id)).toMatchObject({ _id });
    for (const departments of [['risk'], []]) {
      expect(await room.store.audience({ departments }, _id)).toBeNull();
      expect(await room.store.recent({ departments }, 10)).toEqual([]);
    }
    expect((await room.store.recent({ departments: ['sales', 'risk'] }, 2)).length).toBe(2);
  });

  test('rows of one audience are never those of another whose number begins alike', async () => {
    const one = await freeze('Phone,Name\n+79160000001,Anna');
    const clash = { ...one, _id: `${one._id}0` };
    await room.store.begin(clash);
    expect(await rowsOf(clash._id)).toEqual([]);
    expect((await rowsOf(one._id)).length).toBe(1);
    expect((await room.store.row(`${one._id}:0000001`))?.number).toBe(2);
    await room.store.drop(clash._id);
    expect((await rowsOf(one._id)).length).toBe(1);
  });
});

describe('freezing rows of an earlier audience again', () => {
  test('keeps their order, their numbers and their cells; what is gone since is not counted', async () => {
    const rows = Array.from({ length: 2300 }, (_, i) => `+7916${1_000_000 + i},Client ${i}`);
    const earlier = await freeze(['Phone,Name', ...rows].join('\n'));
    const ids = (await rowsOf(earlier._id, 'recipients')).filter((_, i) => i % 2 === 0).map((row) => row._id);
    const order = {
      audience: earlier._id,
      rows: ids.toReversed(),
      department: 'risk',
      by: 'boris',
      name: 'people.xlsx',
    };
    const again = (await freezeRows(room, order))!;
    expect(again).toMatchObject({
      department: 'risk',
      by: 'boris',
      state: 'frozen',
      headings: ['Phone', 'Name'],
      counts: { rows: 1150, recipients: 1150, excluded: {} },
    });
    const kept = await rowsOf(again._id);
    expect(kept.map((row) => row._id)).toEqual(kept.map((_, i) => `${again._id}:${String(i + 1).padStart(7, '0')}`));
    expect(kept.map((row) => row.number)).toEqual(ids.map((id) => Number(id.split(':')[1]) + 1));
    // Where one of them is gone, nothing is made of the others.
    await database.db.collection<{ _id: string }>('audienceLots').deleteOne({ _id: `${earlier._id}:0001001` });
    const before = await database.db.collection('audiences').countDocuments();
    expect(await freezeRows(room, order)).toBeNull();
    expect(await database.db.collection('audiences').countDocuments()).toBe(before);
  });

  test('of an audience that is gone makes none', async () => {
    const order = { audience: 'a9999', rows: [], department: 'x', by: 'y', name: 'z' };
    expect(await freezeRows(room, order)).toBeNull();
  });
});
