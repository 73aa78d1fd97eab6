/**
 * A service message is sent at least once, and at most once more: whatever is said of its first copy counts, and what is not
 * sent a second time is as unknown as it was.
 */
import { afterAll, beforeAll, describe, expect, test } from 'vitest';
import type { SendOutcome } from '../../src/dispatch/provider.ts';
import { matchByFit, type ReceiptDesk, takeReceipts } from '../../src/dispatch/receipts.ts';
import { type Answer, settler } from '../../src/dispatch/settle.ts';
import { type DispatchStore, dispatchStore } from '../../src/dispatch/store.ts';
import type { FreshDatabase } from '../support/mongo.ts';
import {
  clockAt,
  dispatchDatabase,
  messageIn,
  messagesIn,
  personKey,
  phoneOf,
  plant,
  receiptDeskOver,
  receiptOf,
  sentUnder,
  submitting,
} from './planted.ts';

let database: FreshDatabase;
let store: DispatchStore;
let desk: ReceiptDesk;
const clock = clockAt('2026-11-23T12:00:00Z');
beforeAll(async () => {
  database = await dispatchDatabase();
  store = dispatchStore(database);
  desk = receiptDeskOver(database, clock.now);
});
afterAll(() => database.drop());

const settling = () =>
  settler({ store, receiptStore: desk.store, receipts: desk, now: clock.now, keepIdsMs: 86_400_000 });

const NO_ANSWER = { code: 'no-answer', detail: 'no answer to submit_sm' } as const;
const accepted = (...ids: string[]): SendOutcome => ({
  kind: 'accepted',
  parts: ids.map((providerMessageId) => ({ providerMessageId })),
});
const someTaken = (...ids: (string | null)[]): SendOutcome => ({
  kind: 'unknown',
  why: NO_ANSWER,
  parts: ids.map((providerMessageId) => ({ providerMessageId })),
});

let runs = 0;

/** The first message of a run of its own: sent under fence 1, and then unknown. */
async function unknownOne(outcome: SendOutcome = { kind: 'unknown', why: NO_ANSWER }, fields = {}) {
  const run = `${++runs}.1`;
  await plant(database, run, 1, { fields });
  const id = (await messagesIn(database, run))[0]!._id;
  await submitting(database, [id], 1, clock.now());
  await settling().add([answer(id, outcome)]);
  return { run, id, now: () => messageIn(database, id) };
}

const answer = (id: string, outcome: SendOutcome, fields: Partial<Answer> = {}): Answer => ({
  id,
  person: personKey(phoneOf(1)),
  phone: phoneOf(1),
  fence: 1,
  provider: 'alfa',
  outcome,
  ...fields,
});
/** The answer to the second copy. */
const second = (id: string, outcome: SendOutcome): Answer => answer(id, outcome, { fence: 2, isRetry: true });

/** Queued once more, and on the wire a second time under fence 2. */
async function onceMore(id: string) {
  expect(await store.queueOnceMore(id)).toBe(true);
  expect(await store.mark([id], sentUnder(2, clock.now()))).toEqual([id]);
}

const queued = (run: string) => store.queuedIn(run, { first: 1, last: 1, owner: 'one', fence: 2, until: clock.now() });

describe('while it is queued once more', () => {
  test.each(['delivered', 'undelivered'] as const)(
    'a receipt of the first copy that says %s concludes it, and no second copy is sent',
    async (state) => {
      const one = await unknownOne(someTaken('q1', 'q2'), { parts: 2 });
      await store.queueOnceMore(one.id);
      await takeReceipts(desk, [receiptOf('q1', 1, { state }), receiptOf('q2', 1, { state })]);
      expect(await one.now()).toMatchObject({ state });
      // It was not sent twice after all.
      expect((await one.now()).possibleDuplicate).toBeUndefined();
      expect(await queued(one.run)).toEqual([]);
      expect(await store.mark([one.id], sentUnder(2, clock.now()))).toEqual([]);
    },
  );

  test('a receipt that fits it by person and time does the same', async () => {
    const one = await unknownOne();
    await store.queueOnceMore(one.id);
    clock.forward(1000);
    await takeReceipts(desk, [receiptOf('nobody-knows', 1)]);
    clock.forward(11_000);
    expect(await matchByFit(desk)).toBe(1);
    expect((await one.now()).state).toBe('delivered');
  });

  test('it is for the account that may have it already, and for no other', async () => {
    const one = await unknownOne();
    await store.queueOnceMore(one.id);
    expect(await queued(one.run)).toEqual([{ id: one.id, refusedBy: [], retryAt: 'alfa' }]);
    await store.mark([one.id], sentUnder(2, clock.now()));
    await settling().add([second(one.id, { kind: 'later', why: { code: 'throttled', detail: '' } })]);
    expect(await queued(one.run)).toEqual([{ id: one.id, refusedBy: [], retryAt: 'alfa' }]);
    // What the first copy was sent under, and may cost.
    expect(await one.now()).toMatchObject({ sent: { provider: 'alfa', perPart: 1_500_000 } });
  });
});

describe('what is not sent once more after all', () => {
  test('because the account refuses it is as unknown as it was', async () => {
    const one = await unknownOne();
    await onceMore(one.id);
    await settling().add([second(one.id, { kind: 'refused', why: { code: 'bad-number', detail: '0xB' } })]);
    expect(await one.now()).toMatchObject({ state: 'unknown', error: 'bad-number', doneAt: clock.now() });
  });

  test('because nobody may carry it any more is so too, with the reason', async () => {
    const one = await unknownOne();
    await onceMore(one.id);
    await settling().add([second(one.id, { kind: 'refused', why: { code: 'bad-sender', detail: '0xA' } })]);
    expect(await queued(one.run)).toEqual([{ id: one.id, refusedBy: ['alfa'], retryAt: 'alfa' }]);
    await store.endQueued([one.id], 2, { state: 'failed' }, clock.now());
    expect(await one.now()).toMatchObject({ state: 'unknown', error: 'bad-sender' });
    expect(await store.unknownUnretried(one.run, clock.now(), 10)).toEqual([]);
  });

  test.each(['missed', 'cancelled'] as const)('because its run was %s is unknown, and no duplicate', async (state) => {
    const one = await unknownOne();
    await onceMore(one.id);
    await settling().add([second(one.id, { kind: 'later', why: { code: 'throttled', detail: '' } })]);
    expect(await store.endAllQueued(one.run, state, clock.now())).toBe(0);
    expect(await one.now()).toMatchObject({ state: 'unknown', error: 'no-answer', doneAt: clock.now() });
    expect((await one.now()).possibleDuplicate).toBeUndefined();
  });
});

describe('when two copies are on their way', () => {
  const three = { parts: 3 };

  test('the ids of both stay known, and the parts of one are not counted with those of the other', async () => {
    const one = await unknownOne(someTaken('a1', 'a2', null), three);
    await onceMore(one.id);
    await settling().add([second(one.id, accepted('b1', 'b2', 'b3'))]);
    await takeReceipts(desk, [receiptOf('a1', 1), receiptOf('a2', 1), receiptOf('b3', 1)]);
    expect((await one.now()).state).toBe('accepted');
    await takeReceipts(desk, [receiptOf('b1', 1), receiptOf('b2', 1)]);
    expect(await one.now()).toMatchObject({ state: 'delivered', possibleDuplicate: true });
  });

  test('it is delivered as soon as either is', async () => {
    const one = await unknownOne(someTaken('c1', 'c2'), { parts: 2 });
    await onceMore(one.id);
    await takeReceipts(desk, [receiptOf('c1', 1), receiptOf('c2', 1)]);
    expect((await one.now()).state).toBe('delivered');
    await settling().add([second(one.id, accepted('d1', 'd2'))]);
    await takeReceipts(desk, [receiptOf('d1', 1, { state: 'undelivered' })]);
    expect((await one.now()).state).toBe('delivered');
  });

  test('the failure of the first says nothing about the second', async () => {
    const one = await unknownOne(someTaken('e1', null), { parts: 2 });
    await onceMore(one.id);
    await takeReceipts(desk, [receiptOf('e1', 1, { state: 'undelivered' })]);
    await settling().add([second(one.id, accepted('f1', 'f2'))]);
    expect((await one.now()).state).toBe('accepted');
    await takeReceipts(desk, [receiptOf('e1', 1, { state: 'undelivered' }), receiptOf('f1', 1), receiptOf('f2', 1)]);
    expect((await one.now()).state).toBe('delivered');
  });

  test('the failure of the second is the last word', async () => {
    const one = await unknownOne(someTaken('g1', null), { parts: 2 });
    await onceMore(one.id);
    await settling().add([second(one.id, accepted('h1', 'h2'))]);
    await takeReceipts(desk, [receiptOf('h2', 1, { state: 'expired' })]);
    expect((await one.now()).state).toBe('expired');
  });

  test('an operator that knows both by one id means both', async () => {
    const one = await unknownOne(someTaken('k1', null), { parts: 2 });
    await onceMore(one.id);
    await settling().add([second(one.id, accepted('k1', 'k2'))]);
    // The first answer kept again, after a stumble of the database.
    await settling().add([answer(one.id, someTaken('k1', null))]);
    await takeReceipts(desk, [receiptOf('k1', 1, { state: 'rejected' })]);
    expect((await one.now()).state).toBe('rejected');
  });
});
