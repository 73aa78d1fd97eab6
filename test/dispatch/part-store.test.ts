/** Which message an operator's id stands for, over a real MongoDB: whatever was learnt before, and however it is kept. */
import { afterAll, beforeAll, beforeEach, describe, expect, test } from 'vitest';
import { messageId } from '../../src/campaigns/messages.ts';
import { type PartRecord, partMigrations, partStore } from '../../src/dispatch/part-store.ts';
import type { FreshDatabase } from '../support/mongo.ts';
import { dispatchDatabase } from './planted.ts';

let database: FreshDatabase;
let store: ReturnType<typeof partStore>;
beforeAll(async () => {
  database = await dispatchDatabase();
  store = partStore(database);
});
afterAll(() => database.drop());
beforeEach(async () => {
  for (const name of ['parts', 'partLots']) await database.db.collection(name).deleteMany({});
});

const NOON = new Date('2026-11-29T12:00:00Z').getTime();
const part = (key: string, n: number, fields: Partial<PartRecord> = {}): PartRecord => ({
  _id: `alfa|${key}`,
  message: messageId('7.1', n),
  person: `person ${n}`,
  part: 0,
  of: 1,
  deleteAfter: new Date(NOON),
  ...fields,
});
const found = async (...keys: string[]) => {
  const all = await store.find(keys.map((key) => `alfa|${key}`));
  return keys.map((key) => all.get(`alfa|${key}`));
};

describe('an id', () => {
  test('of a message of one part is found with all that was learnt, and one that nobody learnt is not', async () => {
    const learnt = Array.from({ length: 40 }, (_, n) => part(`x${n}`, n, n % 2 ? { destination: '250-01' } : {}));
    await store.learn([...learnt, part('other', 1, { message: messageId('8.2', 1) })]);
    expect(await found(...learnt.map((_, n) => `x${n}`))).toEqual(learnt);
    expect(await found('other', 'nobody')).toEqual([part('other', 1, { message: messageId('8.2', 1) }), undefined]);
  });

  test('costs a document for sixteen', async () => {
    await store.learn(Array.from({ length: 160 }, (_, n) => part(`x${n}`, n)));
    expect(await database.db.collection('partLots').countDocuments()).toBe(10);
    expect(await database.db.collection('parts').countDocuments()).toBe(0);
  });

  const several = (n: number, fields: Partial<PartRecord> = {}) =>
    part('a', n, { of: 2, all: ['alfa|a', 'alfa|b'], ...fields });
  const second = (n: number, fields: Partial<PartRecord> = {}) => part('a', n, { isRetry: true, ...fields });
  const later = { deleteAfter: new Date(NOON + 1) };
  test.each([
    ['used again in the same millisecond means the newer message', [[part('a', 1)], [part('a', 2)]], part('a', 2)],
    ['used twice in one answer means the last', [[part('a', 1), part('a', 2)]], part('a', 2)],
    ['learnt again late means who was learnt last', [[part('a', 2)], [part('a', 1, later)]], part('a', 1, later)],
    ['of several parts, used again for one', [[several(1)], [part('a', 2, later)]], part('a', 2, later)],
    ['of one part, used again for several', [[part('a', 1)], [several(2, later)]], several(2, later)],
    ['given to both copies means the second', [[part('a', 1)], [second(1, later)]], second(1, later)],
    [
      'of the second copy stays its own when the first is answered late',
      [[second(1)], [part('a', 1, later)]],
      second(1),
    ],
    [
      'of which only some parts were known speaks for all later',
      [[several(1)], [several(1, { of: 1 })]],
      several(1, { of: 1 }),
    ],
    [
      'of the same copy learns what the others are called',
      [[several(1, { all: ['alfa|a', ''] })], [several(1)]],
      several(1),
    ],
  ])('%s', async (_what, answers, expected) => {
    for (const learnt of answers) await store.learn(learnt);
    expect(await found('a')).toEqual([expected]);
  });
});

test('what is said of the parts of a message is told by all that are known by now, whenever the asker read its own', async () => {
  const [a, b, c] = ['a', 'b', 'c'].map((key, place) => part(key, 1, { of: 3, part: place }));
  const early = { all: ['alfa|a', '', 'alfa|c'] };
  await store.learn([
    { ...a!, ...early },
    { ...c!, ...early },
  ]);
  const [stale] = await found('a');
  const late = { all: ['alfa|a', 'alfa|b', 'alfa|c'] };
  await store.learn([a!, b!, c!].map((one) => ({ ...one, ...late })));
  const delivered = ['a', 'b', 'c'].map((key) => [`alfa|${key}`, 'delivered'] as const);
  await store.keepPartStates(new Map(delivered));
  expect([...(await store.partStates([stale!])).values()]).toEqual([['delivered', 'delivered', 'delivered']]);
  const [fresh] = await found('b');
  expect([...(await store.partStates([fresh!, stale!])).values()]).toEqual([['delivered', 'delivered', 'delivered']]);
});

describe('parts kept before they named each other', () => {
  test('do so after the migration, with a gap where the operator gave no id', async () => {
    const parts = database.db.collection<PartRecord>('parts');
    await parts.insertMany([
      part('p1', 1, { of: 3 }),
      part('p3', 1, { of: 3, part: 2, state: 'delivered' }),
      part('q1', 1, { of: 2, isRetry: true }),
      part('q2', 1, { of: 2, part: 1, isRetry: true }),
      part('old', 2),
    ]);
    await database.db
      .collection<{ _id: string; partIds?: string[] }>('messages')
      .insertOne({ _id: messageId('7.1', 1), partIds: ['alfa|p1', '', 'alfa|p3'] });
    for (let twice = 0; twice < 2; twice++) await partMigrations[0]!.up(database);
    const [p1, p3, q2, old] = await found('p1', 'p3', 'q2', 'old');
    expect(p1?.all).toEqual(['alfa|p1', '', 'alfa|p3']);
    expect(q2?.all).toEqual(['alfa|q1', 'alfa|q2']);
    expect([p3?.state, old?.message]).toEqual(['delivered', messageId('7.1', 2)]);
    const states = await store.partStates([p1!]);
    expect([...states.values()]).toEqual([[null, null, 'delivered']]);
    expect(await database.db.collection('messages').findOne()).not.toHaveProperty('partIds');
  });
});
