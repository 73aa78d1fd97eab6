/** The whole house forgets what was kept long enough, by itself. */
import { afterAll, beforeAll, expect, test } from 'vitest';
import { type TestHerald, testHerald, until } from '../support/herald.ts';
import { draftOver, people } from '../support/steps.ts';

let house: TestHerald;
beforeAll(async () => {
  house = await testHerald({ RETENTION_DAYS: '2' });
}, 30_000);
afterAll(() => house.close());

test('a campaign that ended longer ago than things are kept is gone with the next look, and one that did not stays', async () => {
  const anna = await house.hire('anna', ['author']);
  const old = await draftOver(house, anna, people(50));
  const young = await draftOver(house, anna, people(40));
  expect([old.frozen!.messages, young.frozen!.messages]).toEqual([50, 40]);
  const { db } = house.herald.database;
  const daysAgo = (days: number) => new Date(Date.now() - days * 86_400_000);
  const ended = { state: 'finished', finishedAt: daysAgo(3), deleteAfter: daysAgo(1) };
  await db.collection<{ _id: string }>('campaigns').updateOne({ _id: old._id }, { $set: ended });
  await db
    .collection<{ _id: string }>('audiences')
    .updateOne({ _id: old.audience! }, { $set: { deleteAfter: daysAgo(1) } });
  const jobs = () => house.herald.database.db.collection('jobs');
  const planned = await jobs().findOne({ name: 'erasure' });
  await house.restart();
  // A restart does not put it off, however often there is one.
  expect((await jobs().findOne({ name: 'erasure' }))?.nextRunAt).toEqual(planned!.nextRunAt);
  await jobs().updateOne({ name: 'erasure' }, { $set: { nextRunAt: new Date() } });
  const left = (name: string, filter: object) => house.herald.database.db.collection(name).countDocuments(filter);
  await until('the erasure', async () => (await left('audienceLots', { audience: old.audience })) === 0, 20_000);
  expect(await left('messages', { run: old.frozen!.run })).toBe(0);
  expect(await left('batches', { run: old.frozen!.run })).toBe(0);
  expect(await house.herald.campaigns.store.campaign({ departments: 'all' }, old._id)).toBeNull();
  expect(await left('messages', { run: young.frozen!.run })).toBe(40);
  expect(await left('audienceLots', { audience: young.audience })).toBe(1);
}, 60_000);
