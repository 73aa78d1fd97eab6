/** Caps: the rule, the refusal before a campaign is approved, and the budget of a day that many reserve of at once. */
import { afterAll, beforeAll, describe, expect, test } from 'vitest';
import { submit } from '../../src/campaigns/approve.ts';
import { dayOf, overCap } from '../../src/campaigns/caps.ts';
import { guardStore, type Reservation } from '../../src/campaigns/guard-store.ts';
import { NO_GUARDS } from '../support/guards.ts';
import { type FreshDatabase, freshDatabase } from '../support/mongo.ts';
import { type CampaignDesk, campaignDesk, codeOf, done } from './desk.ts';

const caps = { campaignMessages: 100, campaignCost: 1000, employeeMessages: 150, dayMessages: 200, dayCost: 1500 };

test.each([
  [{ messages: 100, cost: 1000 }, { messages: 100, cost: 500, byEmployee: 50 }, null],
  [{ messages: 101, cost: 1 }, { messages: 0, cost: 0, byEmployee: 0 }, 'campaignMessages'],
  [{ messages: 1, cost: 1001 }, { messages: 0, cost: 0, byEmployee: 0 }, 'campaignCost'],
  [{ messages: 100, cost: 1 }, { messages: 51, cost: 0, byEmployee: 51 }, 'employeeMessages'],
  [{ messages: 100, cost: 1 }, { messages: 101, cost: 0, byEmployee: 0 }, 'dayMessages'],
  [{ messages: 1, cost: 1000 }, { messages: 0, cost: 501, byEmployee: 0 }, 'dayCost'],
] as const)('%o beside %o: %s', (wanted, taken, cap) => {
  expect(overCap(wanted, taken, caps)?.cap ?? null).toBe(cap);
});

test('a day is that of the company’s clock', () => {
  expect(dayOf(new Date('2026-11-29T20:59:59Z'), 'Europe/Moscow')).toBe('2026-11-29');
  expect(dayOf(new Date('2026-11-29T21:00:00Z'), 'Europe/Moscow')).toBe('2026-11-30');
});

describe('the budget of a day', () => {
  let database: FreshDatabase;
  beforeAll(async () => {
    database = await freshDatabase();
  });
  afterAll(() => database.drop());
  const one = (run: string, fields: Partial<Reservation> = {}): Reservation => ({
    ...{ run, by: run, messages: 10, cost: 10, isOpen: true, before: { messages: 0, cost: 0 } },
    ...fields,
  });

  test('is never passed, however many ask at once; who has reserved has reserved', async () => {
    const store = guardStore(database);
    const asked = Array.from({ length: 40 }, (_, n) => store.reserve('2026-11-01', one(`${n}.1`), caps));
    expect((await Promise.all(asked)).filter(Boolean)).toHaveLength(20);
    const reserved = await store.reservationsOf('2026-11-01');
    expect(reserved.reduce((sum, { messages }) => sum + messages, 0)).toBe(200);
    expect(await store.reserve('2026-11-01', one(reserved[0]!.run), caps)).toBe(true);
    expect(await store.reservationsOf('2026-11-01')).toHaveLength(20);
  });

  test('holds for money and for each employee as well', async () => {
    const store = guardStore(database);
    expect(await store.reserve('2026-11-02', one('1.1', { cost: 1000 }), caps)).toBe(true);
    expect(await store.reserve('2026-11-02', one('2.1', { cost: 501 }), caps)).toBe(false);
    expect(await store.reserve('2026-11-02', one('3.1', { by: 'anna', messages: 100 }), caps)).toBe(true);
    expect(await store.reserve('2026-11-02', one('4.1', { by: 'anna', messages: 51 }), caps)).toBe(false);
    expect(await store.reserve('2026-11-02', one('5.1', { by: 'vera', messages: 51 }), caps)).toBe(true);
  });

  test('takes back what was reserved and not used, once', async () => {
    const store = guardStore(database);
    await store.reserve('2026-11-03', one('1.1', { messages: 100 }), caps);
    await store.settleReservation('2026-11-03', '1.1', { messages: 30, cost: 3 });
    await store.settleReservation('2026-11-03', '1.1', { messages: 0, cost: 0 });
    expect(await store.reservationsOf('2026-11-03')).toMatchObject([{ messages: 30, cost: 3, isOpen: false }]);
  });
});

describe('before it is approved', () => {
  let desk: CampaignDesk;
  beforeAll(async () => {
    desk = await campaignDesk();
  });
  afterAll(() => desk.close());

  test('a campaign that is too large is refused with its figures; so is one for a day that others have taken', async () => {
    const anna = await desk.hire('anna', ['author']);
    const boris = await desk.hire('boris', ['approver']);
    const room = desk.room;
    const within = (some: Partial<typeof caps>) => ({
      ...room,
      settings: { ...room.settings, guards: { ...NO_GUARDS, caps: { ...NO_GUARDS.caps, ...some } } },
    });
    const draft = await desk.draft(anna);
    const refused = await submit(within({ campaignMessages: 2 }), anna, draft._id);
    expect(refused).toMatchObject({
      refusal: { code: 'over-cap', cap: 'campaignMessages', limit: 2, taken: 0, wanted: 3, currency: 'RUB' },
    });
    const start = { kind: 'at', at: new Date(desk.clock.getTime() + 3_600_000) } as const;
    await desk.approved(anna, boris, { start });
    const second = await desk.draft(anna, { start });
    const taken = await submit(within({ dayMessages: 5 }), anna, second._id);
    expect(taken).toMatchObject({ refusal: { cap: 'dayMessages', limit: 5, taken: 3, wanted: 3, day: '2026-11-23' } });
    expect(codeOf(await submit(within({ employeeMessages: 5 }), anna, second._id))).toBe('over-cap');
    done(await submit(within({ employeeMessages: 6, dayMessages: 6 }), anna, second._id));
  });
});
