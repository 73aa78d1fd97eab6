import { Db } from 'mongodb';
import { afterAll, beforeAll, expect, test } from 'vitest';
import { type FreshDatabase, freshDatabase } from '../../support/mongo.ts';

let database: FreshDatabase;
beforeAll(async () => {
  database = await freshDatabase();
});
afterAll(() => database.drop());

test('mongoose and the rest of Herald share one MongoDB driver', () => {
  expect(database.connection.db).toBeInstanceOf(Db);
  expect(database.db).toBe(database.connection.db);
});

test('a transaction that fails leaves nothing, one that ends well leaves all of it', async () => {
  const notes = database.db.collection<{ _id: string }>('notes');
  const failing = database.inTransaction(async (session) => {
    await notes.insertOne({ _id: 'lost' }, { session });
    throw new Error('changed my mind');
  });
  await expect(failing).rejects.toThrow('changed my mind');
  const result = await database.inTransaction(async (session) => {
    await notes.insertOne({ _id: 'kept' }, { session });
    await notes.insertOne({ _id: 'kept too' }, { session });
    return 'done';
  });
  expect(result).toBe('done');
  expect(await notes.distinct('_id')).toEqual(['kept', 'kept too']);
});

test('a transaction runs through mongoose models too', async () => {
  const Guest = database.connection.model('Guest', new database.connection.base.Schema({ name: String }));
  await Guest.createCollection();
  await database.inTransaction(async (session) => {
    await Guest.create([{ name: 'Anna' }], { session });
  });
  expect(await Guest.countDocuments()).toBe(1);
});

test('the replica set is known by an id that stays', async () => {
  const id = await database.replicaSetId();
  expect(id).toMatch(/^[0-9a-f]{24}$/);
  expect(await database.replicaSetId()).toBe(id);
});

test("the time is the server's", async () => {
  expect(await database.now()).toBeInstanceOf(Date);
});

test('each test file has a database that no other sees', async () => {
  const other = await freshDatabase();
  await other.db.collection('private').insertOne({ seen: false });
  expect(await database.db.collection('private').countDocuments()).toBe(0);
  await other.drop();
});
