/** What customers send back is kept once, whole, and is found by the person. */
import { afterAll, beforeAll, expect, test } from 'vitest';
import type { Inbound } from '../../src/dispatch/provider.ts';
import type { E164 } from '../../src/messages/phone.ts';
import { silentLog } from '../../src/platform/log.ts';
import { migrate } from '../../src/platform/migrations.ts';
import { replyMigrations, replyStore } from '../../src/replies/store.ts';
import { type FreshDatabase, freshDatabase } from '../support/mongo.ts';

let database: FreshDatabase;
let store: ReturnType<typeof replyStore>;
const now = new Date('2026-11-23T09:00:00Z');
beforeAll(async () => {
  database = await freshDatabase();
  await migrate(database, replyMigrations, { log: silentLog });
  store = replyStore(database, { personKey: (phone) => `key of ${phone}`, retentionDays: 30, now: () => now });
});
afterAll(() => database.drop());

const from = '+79161234567' as E164;
const sms = (text: string, fields: Partial<Inbound> = {}): Inbound => ({
  provider: 'alfa',
  from,
  to: '1234',
  text,
  at: now,
  ...fields,
});

test('each is kept with the person and a day to be deleted on', async () => {
  await store.keep([sms('СТОП'), sms('=1+1', { at: new Date(now.getTime() + 1000) })]);
  expect(await store.of(from)).toEqual([
    { text: 'СТОП', at: now },
    { text: '=1+1', at: new Date(now.getTime() + 1000) },
  ]);
  const [kept] = await database.db.collection('inbound').find({}).toArray();
  expect(kept).toMatchObject({ person: `key of ${from}`, to: '1234', deleteAfter: new Date('2026-12-23T09:00:00Z') });
});

test('the same one handed over again is kept once, however many hand it over at once', async () => {
  const one = sms('once');
  await Promise.all(Array.from({ length: 5 }, () => store.keep([one, one])));
  expect((await store.of(from)).filter((kept) => kept.text === 'once').length).toBe(1);
});

test('another number, another operator or another moment is another message', async () => {
  await store.keep([
    sms('other'),
    sms('other', { to: '5678' }),
    sms('other', { provider: 'beta' }),
    sms('other', { at: new Date(now.getTime() + 1) }),
  ]);
  expect((await store.of(from)).filter((kept) => kept.text === 'other').length).toBe(4);
});

test('one that the operator has a name for is known by that, whenever it comes again', async () => {
  const later = new Date(now.getTime() + 3_600_000);
  await store.keep([sms('named', { id: 'a', isArrival: true })]);
  await store.keep([sms('named', { id: 'a', at: later, isArrival: true }), sms('named', { id: 'b' })]);
  expect((await store.of(from)).filter((kept) => kept.text === 'named').length).toBe(2);
});

test.each([0, 60_000, 299_000])(
  'one without a moment of its own is known by its words for five minutes, also from %i ms into them',
  async (offset) => {
    const arrived = (ms: number) =>
      sms(`timeless ${offset}`, { at: new Date(now.getTime() + offset + ms), isArrival: true });
    const kept = async () => (await store.of(from)).filter(({ text }) => text === `timeless ${offset}`).length;
    await store.keep([arrived(0), arrived(5)]);
    await store.keep([arrived(200_000)]);
    expect(await kept()).toBe(1);
    await store.keep([arrived(301_000)]);
    expect(await kept()).toBe(2);
  },
);

test('nothing is nothing', async () => {
  await store.keep([]);
  expect(await store.of('+79990000000')).toEqual([]);
});
