import { Db } from 'mongodb';
import { afterAll, beforeAll, expect, test } from 'vitest';
import { connectMongo, whyUnfit } from '../../../src/platform/mongo/connect.ts';
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

test.each([
  ['a member of a replica set', { version: '6.0.5', setName: 'rs0' }, null],
  ['a mongos of a sharded cluster', { version: '8.2.0', msg: 'isdbgrid' }, null],
  ['a standalone server', { version: '8.2.0' }, /standalone/],
  ['a server that is too old', { version: '5.0.31', setName: 'rs0' }, /MongoDB 5\.0\.31.*6 or newer/],
])('%s is judged by what it says of itself', (_name, server, expected) => {
  const why = whyUnfit(server);
  if (expected === null) expect(why).toBeNull();
  else expect(why).toMatch(expected);
});

test('where no server answers, the error comes within the patience given', async () => {
  await expect(connectMongo('mongodb://127.0.0.1:1/', 'herald', { patienceMs: 200 })).rejects.toThrow(/ECONNREFUSED/);
});
