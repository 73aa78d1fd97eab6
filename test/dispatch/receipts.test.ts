/** Receipts in every order and disguise, over a real MongoDB: none is lost, none makes a state go backwards. */
import fc from 'fast-check';
import { afterAll, beforeAll, describe, expect, test } from 'vitest';
import { partKey } from '../../src/dispatch/part-store.ts';
import type { Receipt, ReceiptState } from '../../src/dispatch/provider.ts';
import { adoptOrphans, matchByFit, type ReceiptDesk, takeReceipts } from '../../src/dispatch/receipts.ts';
import { type Answer, settler } from '../../src/dispatch/settle.ts';
import { type DispatchStore, dispatchStore } from '../../src/dispatch/store.ts';
import type { FreshDatabase } from '../support/mongo.ts';
import {
  clockAt,
  dispatchDatabase,
  messagesIn,
  phoneOf,
  plant,
  receiptDeskOver,
  receiptOf,
  statesIn,
  submitting,
} from './planted.ts';

let database: FreshDatabase;
let store: DispatchStore;
const clock = clockAt('2026-11-23T12:00:00Z');
let desk: ReceiptDesk;
beforeAll(async () => {
  database = await dispatchDatabase();
  store = dispatchStore(database);
  desk = receiptDeskOver(database, clock.now);
});
afterAll(() => database.drop());

let runs = 0;

/** A run of which all messages are on the wire. */
async function onTheWire(count: number, fields = {}) {
  const run = `${++runs}.1`;
  await plant(database, run, count, { fields });
  const ids = (await messagesIn(database, run)).map((one) => one._id);
  await submitting(database, ids, 1, clock.now());
  return { run, ids };
}

const settling = () =>
  settler({ store, receiptStore: desk.store, receipts: desk, now: clock.now, keepIdsMs: 86_400_000 });

/** The operator took the message under these ids, one for each part. */
const taken = (id: string, ...parts: string[]): Answer => ({
  id,
  person: `key of ${phoneOf(Number(id.slice(-7)))}`,
  phone: phoneOf(Number(id.slice(-7))),
  fence: 1,
  provider: 'alfa',
  outcome: { kind: 'accepted', parts: parts.map((providerMessageId) => ({ providerMessageId })) },
});

const orphans = () => database.db.collection('orphanReceipts').countDocuments();

describe('a message of one part', () => {
  test('its receipt moves it, and says when and why', async () => {
    const { run, ids } = await onTheWire(2);
    await settling().add([taken(ids[0]!, 'm1'), taken(ids[1]!, 'm2')]);
    const at = new Date('2026-11-23T12:00:05Z');
    await takeReceipts(desk, [
      receiptOf('m1', 1, { at }),
      receiptOf('m2', 2, { state: 'undelivered', error: '27', at }),
    ]);
    const [first, second] = await messagesIn(database, run);
    expect(first).toMatchObject({ state: 'delivered', doneAt: at });
    expect(second).toMatchObject({ state: 'undelivered', errorDetail: '27', doneAt: at });
  });

  test('three times the same changes nothing more, and leaves nothing behind', async () => {
    const { run, ids } = await onTheWire(1);
    await settling().add([taken(ids[0]!, 'm3')]);
    const receipt = receiptOf('m3', 1);
    await takeReceipts(desk, [receipt, receipt]);
    await takeReceipts(desk, [{ ...receipt, at: new Date('2026-11-24T00:00:00Z') }]);
    expect((await messagesIn(database, run))[0]).toMatchObject({ state: 'delivered', doneAt: receipt.at });
    expect(await orphans()).toBe(0);
  });

  test('the first final word stays, also within one batch and among those that were parked', async () => {
    const { run, ids } = await onTheWire(3);
    const said = (id: string, n: number, state: ReceiptState) => receiptOf(id, n, { state });
    await settling().add([taken(ids[0]!, 'c1'), taken(ids[1]!, 'c2')]);
    // The other message's `undelivered` must not carry this one's second word before its first.
    await takeReceipts(desk, [said('c2', 2, 'undelivered'), said('c1', 1, 'delivered'), said('c1', 1, 'undelivered')]);
    await takeReceipts(desk, [said('c3', 3, 'delivered'), said('c3', 3, 'expired')]);
    await settling().add([taken(ids[2]!, 'c3')]);
    expect((await messagesIn(database, run)).map((one) => one.state)).toEqual([
      'delivered',
      'undelivered',
      'delivered',
    ]);
    expect(await orphans()).toBe(0);
  });

  test('what is on its way is no news', async () => {
    const { run, ids } = await onTheWire(1);
    await settling().add([taken(ids[0]!, 'm4')]);
    await takeReceipts(desk, [receiptOf('m4', 1, { state: 'enroute' })]);
    expect((await messagesIn(database, run))[0]!.state).toBe('accepted');
    expect(await orphans()).toBe(0);
  });
});

describe('a receipt before the answer', () => {
  test('waits, and is folded as soon as the id is known', async () => {
    const { run, ids } = await onTheWire(1);
    await takeReceipts(desk, [receiptOf('early', 1)]);
    expect((await messagesIn(database, run))[0]!.state).toBe('submitting');
    expect(await orphans()).toBe(1);
    await settling().add([taken(ids[0]!, 'early')]);
    expect((await messagesIn(database, run))[0]!.state).toBe('delivered');
    expect(await orphans()).toBe(0);
  });

  test('goes to no other message whose id reads the same in the other base', async () => {
    // Ids counted up in decimal: sixteen is 0x10.
    const { run, ids } = await onTheWire(2);
    await settling().add([taken(ids[0]!, '16')]);
    await takeReceipts(desk, [receiptOf('10', 2, { state: 'rejected' })]);
    expect((await messagesIn(database, run)).map((one) => one.state)).toEqual(['accepted', 'submitting']);
    await settling().add([taken(ids[1]!, '10')]);
    expect((await messagesIn(database, run)).map((one) => one.state)).toEqual(['accepted', 'rejected']);
  });

  test('a parked one is not given to another message that learns such an id later', async () => {
    const { run, ids } = await onTheWire(2);
    await takeReceipts(desk, [receiptOf('20', 2, { state: 'rejected' })]);
    await settling().add([taken(ids[0]!, '32')]);
    expect((await messagesIn(database, run))[0]!.state).toBe('accepted');
    await settling().add([taken(ids[1]!, '20')]);
    expect((await messagesIn(database, run)).map((one) => one.state)).toEqual(['accepted', 'rejected']);
  });

  test('the same id at two operators is two messages', async () => {
    const { run, ids } = await onTheWire(2);
    await takeReceipts(desk, [receiptOf('same', 1), receiptOf('same', 2, { provider: 'beta', state: 'expired' })]);
    await settling().add([taken(ids[0]!, 'same')]);
    expect((await messagesIn(database, run)).map((one) => one.state)).toEqual(['delivered', 'submitting']);
    await settling().add([{ ...taken(ids[1]!, 'same'), provider: 'beta' }]);
    expect((await messagesIn(database, run)).map((one) => one.state)).toEqual(['delivered', 'expired']);
  });

  test('is taken up by the next look when the one that learnt the id died before adopting it', async () => {
    const { run, ids } = await onTheWire(1);
    await takeReceipts(desk, [receiptOf('left', 1)]);
    const part = { _id: partKey('alfa', 'left'), message: ids[0]!, person: `key of ${phoneOf(1)}`, part: 0, of: 1 };
    await desk.store.learn([{ ...part, deleteAfter: new Date('2027-01-01') }]);
    clock.forward(10_001);
    expect(await matchByFit(desk)).toBe(0);
    expect((await messagesIn(database, run))[0]!.state).toBe('delivered');
  });
});

describe('another base', () => {
  test.each([
    ['hexadecimal in the answer, decimal in the receipt', 'DEADBEEF01', String(0xdeadbeef01)],
    ['decimal in the answer, hexadecimal in the receipt', '9876543210123', (9876543210123).toString(16).toUpperCase()],
    ['more than 64 bits', 'ffeeddccbbaa99887766', BigInt('0xffeeddccbbaa99887766').toString()],
    ['zeros in front', '0000abc', '00002748'],
  ])('%s', async (_what, answered, received) => {
    const { run, ids } = await onTheWire(1);
    await settling().add([taken(ids[0]!, answered)]);
    await takeReceipts(desk, [receiptOf(received, 1)]);
    expect((await messagesIn(database, run))[0]!.state).toBe('delivered');
  });

  test('where both readings are known ids, the one as written counts, unless the person says otherwise', async () => {
    const { run, ids } = await onTheWire(2);
    await settling().add([taken(ids[0]!, '256'), taken(ids[1]!, '100')]);
    await takeReceipts(desk, [receiptOf('100', 2, { state: 'expired' })]);
    await takeReceipts(desk, [receiptOf('100', 1)]);
    expect((await messagesIn(database, run)).map((one) => one.state)).toEqual(['delivered', 'expired']);
  });

  test('a receipt that names nobody is believed at its id, and in the other base where only one fits', async () => {
    const { run, ids } = await onTheWire(2);
    await settling().add([taken(ids[0]!, '700'), taken(ids[1]!, 'fff')]);
    await takeReceipts(desk, [receiptOf('700', 1, { to: null }), receiptOf('4095', 2, { to: null })]);
    expect(await statesIn(database, run)).toEqual({ delivered: 2 });
  });
});

describe('a message of several parts', () => {
  const three = { parts: 3 };

  test('is delivered when all parts are, in whatever order they say so', async () => {
    const { run, ids } = await onTheWire(1, three);
    await takeReceipts(desk, [receiptOf('p3', 1)]);
    await settling().add([taken(ids[0]!, 'p1', 'p2', 'p3')]);
    await takeReceipts(desk, [receiptOf('p2', 1)]);
    expect((await messagesIn(database, run))[0]!.state).toBe('accepted');
    await takeReceipts(desk, [receiptOf('p1', 1), receiptOf('p2', 1)]);
    expect((await messagesIn(database, run))[0]!.state).toBe('delivered');
  });

  test('is failed as soon as one part is, with its reason', async () => {
    const { run, ids } = await onTheWire(1, three);
    await settling().add([taken(ids[0]!, 'f1', 'f2', 'f3')]);
    await takeReceipts(desk, [receiptOf('f1', 1), receiptOf('f2', 1, { state: 'undelivered', error: '34' })]);
    expect((await messagesIn(database, run))[0]).toMatchObject({ state: 'undelivered', errorDetail: '34' });
    await takeReceipts(desk, [receiptOf('f3', 1)]);
    expect((await messagesIn(database, run))[0]!.state).toBe('undelivered');
  });

  test('of which only the first part was spoken of, waits', async () => {
    const { run, ids } = await onTheWire(1, three);
    await settling().add([taken(ids[0]!, 'o1', 'o2', 'o3')]);
    await takeReceipts(desk, [receiptOf('o1', 1)]);
    expect((await messagesIn(database, run))[0]!.state).toBe('accepted');
  });

  test('the first final word about a part stays', async () => {
    const { run, ids } = await onTheWire(1, { parts: 2 });
    await settling().add([taken(ids[0]!, 's1', 's2')]);
    await takeReceipts(desk, [receiptOf('s1', 1)]);
    await takeReceipts(desk, [receiptOf('s1', 1, { state: 'expired' })]);
    await takeReceipts(desk, [receiptOf('s2', 1)]);
    expect((await messagesIn(database, run))[0]!.state).toBe('delivered');
  });

  test('of which the operator took a part only, is failed by its word and never delivered by it', async () => {
    const { run, ids } = await onTheWire(2, { parts: 2 });
    const why = { code: 'connection-lost', detail: '' } as const;
    const half = (id: string, part: string): Answer => ({
      ...taken(id),
      outcome: { kind: 'unknown', why, parts: [{ providerMessageId: part }, { providerMessageId: null }] },
    });
    await settling().add([half(ids[0]!, 'h1'), half(ids[1]!, 'h2')]);
    await takeReceipts(desk, [receiptOf('h1', 1), receiptOf('h2', 2, { state: 'expired' })]);
    expect((await messagesIn(database, run)).map((one) => one.state)).toEqual(['unknown', 'expired']);
  });
});

describe('an operator that sends one receipt for all parts', () => {
  const one = (id: string, ...parts: string[]): Answer => ({ ...taken(id, ...parts), oneReceipt: true });

  test.each([
    ['the first', 'w1', 'delivered'],
    ['the last', 'v3', 'expired'],
  ] as const)('says it of %s, and that is the final word', async (_what, part, state) => {
    const { run, ids } = await onTheWire(1, { parts: 3 });
    await settling().add([one(ids[0]!, ...[1, 2, 3].map((n) => `${part[0]}${n}`))]);
    await takeReceipts(desk, [receiptOf(part, 1, { state })]);
    await takeReceipts(desk, [receiptOf(`${part[0]}2`, 1, { state: 'rejected' })]);
    expect((await messagesIn(database, run))[0]!.state).toBe(state);
  });

  test('makes nothing known of a message that it took in part, until the rest is answered too', async () => {
    const { run, ids } = await onTheWire(1, { parts: 2 });
    const why = { code: 'no-answer', detail: '' } as const;
    const parts = [{ providerMessageId: 'y1' }, { providerMessageId: null }];
    await settling().add([{ ...one(ids[0]!), outcome: { kind: 'unknown', why, parts } }]);
    await takeReceipts(desk, [receiptOf('y1', 1)]);
    expect((await messagesIn(database, run))[0]!.state).toBe('unknown');
    await settling().add([one(ids[0]!, 'y1', 'y2')]);
    await takeReceipts(desk, [receiptOf('y1', 1)]);
    expect((await messagesIn(database, run))[0]!.state).toBe('delivered');
  });
});

describe('an id that the operator uses again', () => {
  test('means the newer message', async () => {
    const { run, ids } = await onTheWire(2);
    await settling().add([taken(ids[0]!, 'again')]);
    await takeReceipts(desk, [receiptOf('again', 1)]);
    await settling().add([taken(ids[1]!, 'again')]);
    await takeReceipts(desk, [receiptOf('again', 2, { state: 'expired' })]);
    expect((await messagesIn(database, run)).map((one) => one.state)).toEqual(['delivered', 'expired']);
  });

  test('says nothing about the parts of the older one', async () => {
    const { run, ids } = await onTheWire(2, { parts: 2 });
    await settling().add([taken(ids[0]!, 'r1', 'r2')]);
    await settling().add([taken(ids[1]!, 'r2', 'r3')]);
    await takeReceipts(desk, [receiptOf('r2', 2, { state: 'rejected' }), receiptOf('r1', 1)]);
    expect((await messagesIn(database, run)).map((one) => one.state)).toEqual(['accepted', 'rejected']);
  });

  test('the same answer kept twice forgets nothing', async () => {
    const { run, ids } = await onTheWire(1, { parts: 2 });
    await settling().add([taken(ids[0]!, 't1', 't2')]);
    await takeReceipts(desk, [receiptOf('t1', 1)]);
    await settling().add([taken(ids[0]!, 't1', 't2')]);
    await takeReceipts(desk, [receiptOf('t2', 1)]);
    expect((await messagesIn(database, run))[0]!.state).toBe('delivered');
  });
});

describe('a message that is unknown', () => {
  const lost = (id: string): Answer => ({
    ...taken(id),
    outcome: { kind: 'unknown', why: { code: 'no-answer', detail: 'no answer to submit_sm' } },
  });

  test('becomes known by a receipt that fits it alone, and no longer has an error', async () => {
    const { run, ids } = await onTheWire(1);
    await settling().add([lost(ids[0]!)]);
    expect((await messagesIn(database, run))[0]).toMatchObject({ state: 'unknown', error: 'no-answer' });
    clock.forward(1000);
    await takeReceipts(desk, [receiptOf('nobody-knows', 1)]);
    expect(await matchByFit(desk)).toBe(0);
    clock.forward(10_000);
    expect(await matchByFit(desk)).toBe(1);
    const [message] = await messagesIn(database, run);
    expect(message!.state).toBe('delivered');
    expect(message!.error).toBeUndefined();
    expect(message!.errorDetail).toBeUndefined();
    expect(await orphans()).toBe(0);
  });

  test('stays so where two fit, where another person, another operator or an earlier time is meant', async () => {
    const twice = [await onTheWire(1), await onTheWire(1)];
    for (const { ids } of twice) await settling().add([lost(ids[0]!)]);
    const other = await onTheWire(3);
    await settling().add(other.ids.slice(1).map(lost));
    clock.forward(1000);
    await takeReceipts(desk, [receiptOf('x1', 1), receiptOf('x2', 2, { provider: 'beta' }), receiptOf('x3', 9)]);
    clock.forward(11_000);
    expect(await matchByFit(desk)).toBe(0);
    // Sent after the receipt had come: it cannot be about this one.
    const late = await onTheWire(9);
    await settling().add([lost(late.ids[8]!)]);
    clock.forward(400_000);
    expect(await matchByFit(desk)).toBe(0);
    expect(await statesIn(database, twice[0]!.run)).toEqual({ unknown: 1 });
    await database.db.collection('orphanReceipts').deleteMany({});
  });

  test('a message of three days ago is not taken for today’s', async () => {
    const { run, ids } = await onTheWire(5);
    await settling().add([lost(ids[4]!)]);
    clock.forward(73 * 3_600_000);
    await takeReceipts(desk, [receiptOf('x4', 5)]);
    clock.forward(11_000);
    expect(await matchByFit(desk)).toBe(0);
    expect((await messagesIn(database, run))[4]!.state).toBe('unknown');
    await database.db.collection('orphanReceipts').deleteMany({});
  });

  test('is found though a thousand receipts that fit nobody came before its own', async () => {
    await database.db.collection('messages').deleteMany({ state: 'unknown' });
    const { run, ids } = await onTheWire(7);
    await settling().add([lost(ids[6]!)]);
    const strangers = Array.from({ length: 1200 }, (_, i) => receiptOf(`stranger-${i}`, 100 + i));
    await takeReceipts(desk, strangers);
    clock.forward(1);
    await takeReceipts(desk, [receiptOf('mine', 7)]);
    clock.forward(11_000);
    for (let turn = 0; turn < 3; turn++) await matchByFit(desk);
    expect((await messagesIn(database, run))[6]!.state).toBe('delivered');
    await database.db.collection('orphanReceipts').deleteMany({});
  });

  test('an orphan that is adopted by its id is not given to an unknown message besides', async () => {
    const sent = await onTheWire(1);
    await takeReceipts(desk, [receiptOf('both', 1)]);
    const part = {
      _id: partKey('alfa', 'both'),
      message: sent.ids[0]!,
      person: `key of ${phoneOf(1)}`,
      part: 0,
      of: 1,
    };
    await desk.store.learn([{ ...part, deleteAfter: new Date('2027-01-01') }]);
    const earlier = await onTheWire(1);
    await database.db
      .collection<{ _id: string }>('messages')
      .updateOne(
        { _id: earlier.ids[0]! },
        { $set: { state: 'unknown', 'sent.sentAt': new Date(clock.now().getTime() - 5000) } },
      );
    clock.forward(11_000);
    expect(await matchByFit(desk)).toBe(0);
    expect((await messagesIn(database, sent.run))[0]!.state).toBe('delivered');
    expect((await messagesIn(database, earlier.run))[0]!.state).toBe('unknown');
  });
});

test('whatever the order of answers and receipts, and however often they come, all end in their first final state', async () => {
  const state = fc.constantFrom<ReceiptState>('delivered', 'undelivered', 'expired', 'rejected');
  const plan = fc.array(
    fc.record({ parts: fc.integer({ min: 1, max: 3 }), state, copies: fc.integer({ min: 1, max: 3 }) }),
    {
      minLength: 1,
      maxLength: 8,
    },
  );
  await fc.assert(
    fc.asyncProperty(plan, fc.infiniteStream(fc.nat(1_000_000)), async (messages, chance) => {
      const run = `${++runs}.1`;
      await plant(database, run, messages.length);
      const ids = (await messagesIn(database, run)).map((one) => one._id);
      for (const [i, { parts }] of messages.entries())
        await database.db.collection<{ _id: string }>('messages').updateOne({ _id: ids[i]! }, { $set: { parts } });
      await submitting(database, ids, 1, clock.now());
      const idOf = (i: number, part: number) => `${run}-${i}-${part}`;
      const events: (() => Promise<void>)[] = [];
      const settle = settling();
      for (const [i, { parts, copies, state }] of messages.entries()) {
        const names = Array.from({ length: parts }, (_, part) => idOf(i, part));
        events.push(() => settle.add([taken(ids[i]!, ...names)]));
        for (const name of names)
          for (let copy = 0; copy < copies; copy++)
            events.push(() => takeReceipts(desk, [receiptOf(name, i + 1, { state })]));
      }
      const shuffled = events
        .map((event) => ({ event, at: chance.next().value as number }))
        .sort((a, b) => a.at - b.at)
        .map(({ event }) => event);
      // In threes at once, so that they also overtake each other within.
      for (let from = 0; from < shuffled.length; from += 3)
        await Promise.all(shuffled.slice(from, from + 3).map((run) => run()));
      const found = await messagesIn(database, run);
      expect(found.map((one) => one.state)).toEqual(messages.map((one) => one.state));
    }),
    { numRuns: 25 },
  );
  expect(await orphans()).toBe(0);
});

test('answers and receipts that race each other on many workers leave nothing behind', async () => {
  const { run, ids } = await onTheWire(300);
  const receipts: Receipt[] = ids.map((_, i) => receiptOf(`race-${i}`, i + 1));
  const settle = [settling(), settling()];
  await Promise.all(
    ids.flatMap((id, i) => [settle[i % 2]!.add([taken(id, `race-${i}`)]), takeReceipts(desk, [receipts[i]!])]),
  );
  expect(await statesIn(database, run)).toEqual({ delivered: 300 });
  expect(await orphans()).toBe(0);
});

test('adopting nothing asks for nothing', async () => {
  expect(await adoptOrphans(desk, [])).toEqual(new Set());
  await takeReceipts(desk, []);
});
