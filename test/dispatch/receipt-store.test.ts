/** Messages that were kept before what they were sent under had a field of its own. */
import { afterAll, beforeAll, expect, test } from 'vitest';
import { dispatchMigrations } from '../../src/dispatch/receipt-store.ts';
import type { FreshDatabase } from '../support/mongo.ts';
import { dispatchDatabase, messagesIn, plant, sentUnder } from './planted.ts';

let database: FreshDatabase;
beforeAll(async () => {
  database = await dispatchDatabase();
});
afterAll(() => database.drop());

test('say the same after the migration, and nothing that they did not say', async () => {
  const under = sentUnder(3, new Date('2026-11-23T10:00:00Z'));
  await plant(database, '5.1', 2);
  const messages = database.db.collection<{ _id: string }>('messages');
  await messages.updateOne({ _id: '5.1:0000001' }, { $set: { ...under, state: 'accepted' } });
  const migration = dispatchMigrations.find(({ id }) => id === 405)!;
  for (let twice = 0; twice < 2; twice++) await migration.up(database);
  const [sent, waiting] = await messagesIn(database, '5.1');
  expect(sent).toMatchObject({ state: 'accepted', fence: 3, sent: under });
  expect(Object.keys(sent!.sent!).toSorted()).toEqual(Object.keys(under).toSorted());
  for (const field of ['provider', 'perPart', 'sentAt']) expect(sent).not.toHaveProperty(field);
  expect(waiting).not.toHaveProperty('sent');
});
