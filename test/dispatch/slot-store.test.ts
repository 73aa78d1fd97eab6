/** Bind slots over a real MongoDB: never more owners than the operator allows sessions, whoever asks at once, and leases that run out. */
import { setTimeout as sleep } from 'node:timers/promises';
import { afterAll, beforeAll, describe, expect, test } from 'vitest';
import type { Standing, Word } from '../../src/dispatch/division.ts';
import { type SlotStore, slotStore } from '../../src/dispatch/slot-store.ts';
import { type FreshDatabase, freshDatabase } from '../support/mongo.ts';

let database: FreshDatabase;
let store: SlotStore;
beforeAll(async () => {
  database = await freshDatabase();
  store = slotStore(database);
});
afterAll(() => database.drop());

const LONG = 60_000;
const word = (owner: string, fields: Partial<Word> = {}): Word => ({
  ...{ owner, wants: true, uses: 0, slots: [], closed: [] },
  ...fields,
});
const up = ({ slots }: Standing) => slots.map(({ fence }) => ({ fence, up: true, why: '' }));
const shown = async (account: string) =>
  (await store.live())
    .filter((slot) => slot.account === account)
    .map(({ _id, owner, up, why, share }) => ({ _id, owner, up, why, share }));

describe('slots', () => {
  const one = { binds: 1, partsPerSecond: 10 };

  test('are one worker’s, named by account and number, begin down, and are renewed with how the session is', async () => {
    const held = await store.renew('alfa', one, word('one'), LONG);
    expect(held).toMatchObject({ slots: [{ number: 1, fence: 1 }], share: 0 });
    expect((await store.renew('alfa', one, word('two'), LONG)).slots).toEqual([]);
    expect(await shown('alfa')).toEqual([{ _id: 'alfa#1', owner: 'one', up: false, why: 'starting', share: 0 }]);
    const { share } = await store.renew('alfa', one, word('one', { slots: up(held) }), LONG);
    expect(share).toBe(10);
    expect(await shown('alfa')).toEqual([{ _id: 'alfa#1', owner: 'one', up: true, why: '', share: 10 }]);
  });

  test('that are given back are the next one’s', async () => {
    await store.renew('beta', one, word('one'), LONG);
    await store.renew('beta', one, word('two'), LONG);
    await store.leave('beta', 'one');
    expect(await store.renew('beta', one, word('two'), LONG)).toMatchObject({ slots: [{ number: 1, fence: 2 }] });
  });

  test('are another’s when the lease has run out, and only then', async () => {
    await store.renew('gamma', one, word('one'), 40);
    expect((await store.renew('gamma', one, word('two'), LONG)).slots).toEqual([]);
    await sleep(80);
    expect(await shown('gamma')).toEqual([]);
    // Nobody has taken it yet: it is still the first one’s to renew.
    expect((await store.renew('gamma', one, word('one'), 40)).slots).toMatchObject([{ fence: 1 }]);
    await sleep(80);
    expect((await store.renew('gamma', one, word('two'), LONG)).slots).toMatchObject([{ fence: 2 }]);
    expect((await store.renew('gamma', one, word('one'), LONG)).slots).toEqual([]);
  });

  test('and shares are never more than there are, however many ask at once', async () => {
    const terms = { binds: 3, partsPerSecond: 100 };
    const owners = Array.from({ length: 20 }, (_, n) => `w${n}`);
    const first = await Promise.all(owners.map((owner) => store.renew('rush', terms, word(owner), LONG)));
    expect(first.flatMap(({ slots }) => slots.map(({ number }) => number)).toSorted()).toEqual([1, 2, 3]);
    const words = owners.map((owner, n) => word(owner, { slots: up(first[n]!) }));
    const shares = await Promise.all(words.map(async (said) => (await store.renew('rush', terms, said, LONG)).share));
    expect(shares.reduce((sum, share) => sum + share, 0)).toBeLessThanOrEqual(100);
  });
});
