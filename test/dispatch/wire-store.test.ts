/** What is on a wire stands in its piece, over a real MongoDB: whoever dies, wakes up or takes over, what may have been sent is never queued again. */
import fc from 'fast-check';
import { afterAll, beforeAll, describe, expect, test } from 'vitest';
import { type Batch, idsIn, type OnWire, sequenceOf, stretchesOf } from '../../src/campaigns/messages.ts';
import type { Claimed } from '../../src/dispatch/piece-store.ts';
import type { SendOutcome } from '../../src/dispatch/provider.ts';
import { matchByFit, type ReceiptDesk, takeReceipts } from '../../src/dispatch/receipts.ts';
import { type Answer, type SettlingDesk, settler, type WireEntry } from '../../src/dispatch/settle.ts';
import { type DispatchStore, dispatchStore } from '../../src/dispatch/store.ts';
import type { FreshDatabase } from '../support/mongo.ts';
import {
  clockAt,
  dispatchDatabase,
  messagesIn,
  personKey,
  phoneOf,
  plant,
  receiptDeskOver,
  receiptOf,
  sentUnder,
  statesIn,
} from './planted.ts';

let database: FreshDatabase;
let store: DispatchStore;
beforeAll(async () => {
  database = await dispatchDatabase();
  store = dispatchStore(database);
});
afterAll(() => database.drop());

const ZONE = 'Europe/Moscow';
const LONG = 60_000;
const at = new Date('2026-11-23T10:00:00Z');
let runs = 0;
let entries = 0;
const newRun = () => `${++runs}.1`;

const claim = async (run: string, size = 1000): Promise<Claimed> =>
  (await store.claim(run, [ZONE], size, 'one', LONG))!;
/** Lets every lease of the batch run out, on the server's clock. */
const expire = (batch: string) =>
  database.db.collection<Batch>('batches').updateOne({ _id: batch }, { $set: { 'pieces.$[].until': new Date(0) } });
const takeOver = ({ batch, piece }: Claimed) => store.takeOverWire(batch, piece, at);

/** Puts these messages on the wire; null when the lease is lost. */
async function put({ batch, piece }: Claimed, sequences: readonly number[]): Promise<WireEntry | null> {
  const under = sentUnder(piece.fence, at);
  const entry: OnWire = { number: ++entries, stretches: stretchesOf(sequences), under };
  const isWritten = await store.putOnWire(batch._id, piece.fence, [entry]);
  return isWritten ? { batch: batch._id, fence: piece.fence, number: entry.number, under } : null;
}

const accepted = (id: string): SendOutcome => ({ kind: 'accepted', parts: [{ providerMessageId: id }] });
const no = (kind: 'refused' | 'later' | 'unknown', code: 'blocked' | 'throttled' | 'no-answer' | 'bad-sender') =>
  ({ kind, why: { code, detail: '' } }) as SendOutcome;

/** A worker's desk: what it knows of what it has sent, and the way its answers are kept. */
function workerDesk(now = () => at) {
  const receipts: ReceiptDesk = receiptDeskOver(database, now);
  const desk: SettlingDesk = { store, receiptStore: receipts.store, receipts, now, keepIdsMs: LONG };
  const settling = settler(desk);
  return {
    receipts,
    async answered(run: string, entry: WireEntry, outcomes: ReadonlyMap<number, SendOutcome>) {
      const answers = [...outcomes].map(([n, outcome]): Answer => {
        const [id] = idsIn(run, [n, n]);
        const to = { person: personKey(phoneOf(n)), phone: phoneOf(n) };
        return { id: id!, ...to, fence: entry.fence, provider: 'alfa', outcome, entry };
      });
      await settling.add(answers);
    },
    async end({ batch, piece }: Claimed) {
      const ids = idsIn(batch.run, [piece.first, piece.last]);
      const groups = receipts.taken.unwrittenAmong(ids);
      await store.writeAccepted(groups);
      for (const written of groups.values()) receipts.taken.written(written);
      await store.complete(batch._id, piece.fence);
    },
  };
}

test('stretches are sequence numbers and back', () => {
  fc.assert(
    fc.property(fc.uniqueArray(fc.integer({ min: 1, max: 60 })), (sequences) => {
      const ids = idsIn('7.1', stretchesOf(sequences));
      expect(ids.map(sequenceOf)).toEqual(sequences.toSorted((a, b) => a - b));
    }),
  );
});

describe('when a worker is lost', () => {
  test('what it had on the wire is unknown with what it was sent under, what it had not is queued', async () => {
    const run = newRun();
    await plant(database, run, 6);
    const lost = await claim(run);
    await put(lost, [2, 3, 5]);
    await expire(lost.batch._id);
    expect(await takeOver(await claim(run))).toBe(3);
    expect(await statesIn(database, run)).toEqual({ unknown: 3, queued: 3 });
    const second = (await messagesIn(database, run))[1];
    expect(second).toMatchObject({ error: 'worker-lost', doneAt: at, sent: sentUnder(lost.piece.fence, at) });
  });

  test('what was taken is accepted, though that stood in no message yet, and its receipt finds it', async () => {
    const run = newRun();
    await plant(database, run, 3);
    const lost = await claim(run);
    const entry = (await put(lost, [1, 2, 3]))!;
    const outcomes = new Map(
      [1, 2, 3].map((n) => [n, n === 2 ? no('later', 'throttled') : accepted(`lost-${run}-${n}`)]),
    );
    await workerDesk().answered(run, entry, outcomes);
    expect(await statesIn(database, run)).toEqual({ queued: 3 });
    await expire(lost.batch._id);
    expect(await takeOver(await claim(run))).toBe(0);
    expect((await messagesIn(database, run)).map((one) => one.state)).toEqual(['accepted', 'queued', 'accepted']);
    await takeReceipts(workerDesk().receipts, [receiptOf(`lost-${run}-1`, 1)]);
    expect((await messagesIn(database, run))[0]).toMatchObject({ state: 'delivered', sent: { provider: 'alfa' } });
  });

  test('and wakes up, it puts nothing more on a wire, and its late answers are kept', async () => {
    const run = newRun();
    await plant(database, run, 3);
    const asleep = await claim(run);
    const entry = (await put(asleep, [1, 2]))!;
    await expire(asleep.batch._id);
    const awake = await claim(run);
    await takeOver(awake);
    expect(await put(asleep, [3])).toBeNull();
    await workerDesk().answered(
      run,
      entry,
      new Map([
        [1, accepted(`late-${run}`)],
        [2, no('later', 'throttled')],
      ]),
    );
    // The one is known now; the other was called unknown, and is not taken back.
    expect((await messagesIn(database, run)).map((one) => one.state)).toEqual(['accepted', 'unknown', 'queued']);
    expect(await put(awake, [3])).not.toBeNull();
  });

  test('what its successor leaves is not judged by what it left itself', async () => {
    const run = newRun();
    await plant(database, run, 2);
    const first = await claim(run);
    await put(first, [1]);
    await expire(first.batch._id);
    const second = await claim(run);
    await takeOver(second);
    await store.release(second.batch._id, second.piece.fence);
    const third = await claim(run);
    expect(await takeOver(third)).toBe(0);
    expect(await statesIn(database, run)).toEqual({ unknown: 1, queued: 1 });
  });
});

describe('what a lost worker had on a wire', () => {
  test('is made known also where nothing of the run may be sent, once, and the rest can be sent then', async () => {
    const run = newRun();
    await plant(database, run, 3);
    const lost = await claim(run);
    await put(lost, [2]);
    expect(await store.claimLost('two', LONG)).toBeNull();
    await expire(lost.batch._id);
    const found = (await store.claimLost('two', LONG))!;
    expect(found).toMatchObject({ batch: { _id: lost.batch._id }, isTakenOver: true, piece: { first: 1, last: 3 } });
    expect(await store.claimLost('three', LONG)).toBeNull();
    await takeOver(found);
    await store.release(found.batch._id, found.piece.fence);
    expect(await statesIn(database, run)).toEqual({ unknown: 1, queued: 2 });
    expect(await store.claimLost('two', LONG)).toBeNull();
    expect((await claim(run)).piece.first).toBe(1);
  });

  test('is called neither suppressed nor failed by it, when it wakes up while another sends it', async () => {
    const run = newRun();
    await plant(database, run, 2);
    const asleep = await claim(run);
    await expire(asleep.batch._id);
    const awake = await claim(run);
    await takeOver(awake);
    await store.takeOver(run, awake.piece, at);
    await put(awake, [1]);
    const ids = (await messagesIn(database, run)).map((one) => one._id);
    await store.endQueued(ids, asleep.piece.fence, { state: 'suppressed' }, at);
    expect(await statesIn(database, run)).toEqual({ queued: 2 });
    await store.endQueued([ids[1]!], awake.piece.fence, { state: 'suppressed' }, at);
    expect(await statesIn(database, run)).toEqual({ queued: 1, suppressed: 1 });
  });

  test('needs no second copy, when its yes comes after all', async () => {
    const run = newRun();
    await plant(database, run, 1);
    const asleep = await claim(run);
    const entry = (await put(asleep, [1]))!;
    await expire(asleep.batch._id);
    await takeOver(await claim(run));
    const [message] = await messagesIn(database, run);
    expect(await store.queueOnceMore(message!._id)).toBe(true);
    await workerDesk().answered(run, entry, new Map([[1, accepted(`yes-${run}`)]]));
    expect((await messagesIn(database, run))[0]).toMatchObject({ state: 'accepted' });
    expect((await messagesIn(database, run))[0]).not.toHaveProperty('possibleDuplicate');
  });
});

describe('a batch is opened again', () => {
  test('by many at once for one message, with one piece', async () => {
    const run = newRun();
    await plant(database, run, 2);
    const claimed = await claim(run);
    await store.complete(claimed.batch._id, claimed.piece.fence);
    const opened = await Promise.all([1, 2, 3].map(() => store.reopen(claimed.batch._id, 2)));
    expect(opened).toEqual([true, true, true]);
    expect((await store.batchOf(run, 2))!.pieces).toMatchObject([{ first: 2, last: 2 }]);
  });

  test('not once its run was ended', async () => {
    const run = newRun();
    await plant(database, run, 2);
    expect(await store.seal(run)).toBe(true);
    expect(await store.reopen(`${run}#00001`, 1)).toBe(false);
    expect(await store.hasWork(run)).toBe(false);
  });
});

describe('an answer to what was on the wire', () => {
  test.each<[string, SendOutcome, object]>([
    [
      'taken',
      accepted('w1'),
      { state: 'accepted', sent: { provider: 'alfa', perPart: 1_500_000, costCentre: 'sales' } },
    ],
    ['taken without an id', accepted(''), { state: 'accepted', error: 'no-id' }],
    [
      'refused for the recipient',
      no('refused', 'blocked'),
      { state: 'failed', error: 'blocked', doneAt: at, sent: { provider: 'alfa' } },
    ],
    [
      'refused for the account',
      no('refused', 'bad-sender'),
      { state: 'queued', error: 'bad-sender', refusedBy: ['alfa'] },
    ],
    ['not now', no('later', 'throttled'), { state: 'queued' }],
    [
      'nobody can say',
      no('unknown', 'no-answer'),
      { state: 'unknown', error: 'no-answer', doneAt: at, sent: { provider: 'alfa' } },
    ],
  ])('%s', async (_what, outcome, expected) => {
    const run = newRun();
    await plant(database, run, 1);
    const claimed = await claim(run);
    const worker = workerDesk();
    await worker.answered(run, (await put(claimed, [1]))!, new Map([[1, outcome]]));
    await worker.end(claimed);
    const [message] = await messagesIn(database, run);
    expect(message).toMatchObject(expected);
    if (outcome.kind === 'later') expect(message).not.toHaveProperty('sent');
  });
});

describe('a receipt that comes before "accepted" stands in its message', () => {
  async function taken(now = () => at) {
    const run = newRun();
    await plant(database, run, 1);
    const claimed = await claim(run);
    const worker = workerDesk(now);
    await worker.answered(run, (await put(claimed, [1]))!, new Map([[1, accepted(`early-${run}`)]]));
    return { run, claimed, worker, receipt: receiptOf(`early-${run}`, 1) };
  }

  test('moves it at once where it was sent from, with what it was sent under, and stays', async () => {
    const { run, claimed, worker, receipt } = await taken();
    await takeReceipts(worker.receipts, [receipt]);
    const delivered = { state: 'delivered', sent: sentUnder(claimed.piece.fence, at) };
    expect((await messagesIn(database, run))[0]).toMatchObject(delivered);
    await worker.end(claimed);
    expect((await messagesIn(database, run))[0]).toMatchObject(delivered);
  });

  test('moves it at once also where another process hears it, by what stands in the piece', async () => {
    const { run, claimed, worker, receipt } = await taken();
    await takeReceipts(workerDesk().receipts, [receipt]);
    const delivered = { state: 'delivered', sent: sentUnder(claimed.piece.fence, at) };
    expect((await messagesIn(database, run))[0]).toMatchObject(delivered);
    await worker.end(claimed);
    expect((await messagesIn(database, run))[0]).toMatchObject(delivered);
    expect(await database.db.collection('orphanReceipts').countDocuments()).toBe(0);
  });

  test('waits where its piece does not say yet that it was taken, is given to no other, and moves it then', async () => {
    const clock = clockAt('2026-11-23T10:00:00Z');
    const { run, claimed, worker, receipt } = await taken(clock.now);
    const other = workerDesk(clock.now);
    // As it stands between the keeping of the ids and that of the answer.
    await database.db
      .collection<Batch>('batches')
      .updateOne({ _id: claimed.batch._id }, { $unset: { 'pieces.0.wire.0.taken': 1 } });
    const elsewhere = newRun();
    await plant(database, elsewhere, 1, {
      fields: { state: 'unknown', sent: sentUnder(1, at) },
    });
    clock.forward(1000);
    await takeReceipts(other.receipts, [receipt]);
    clock.forward(11_000);
    await matchByFit(other.receipts);
    expect([await statesIn(database, run), await statesIn(database, elsewhere)]).toEqual([
      { queued: 1 },
      { unknown: 1 },
    ]);
    await worker.end(claimed);
    clock.forward(60_000);
    await matchByFit(other.receipts);
    expect([await statesIn(database, run), await statesIn(database, elsewhere)]).toEqual([
      { delivered: 1 },
      { unknown: 1 },
    ]);
  });

  test('is lost to none of two processes and a writer that meet, in whatever order', async () => {
    for (let round = 0; round < 20; round++) {
      const clock = clockAt('2026-11-23T10:00:00Z');
      const { run, claimed, worker, receipt } = await taken(clock.now);
      const other = workerDesk(clock.now);
      await Promise.all([
        takeReceipts(other.receipts, [receipt]),
        worker.end(claimed),
        round % 2 === 0 ? takeReceipts(worker.receipts, [receipt]) : null,
      ]);
      clock.forward(11_000);
      await matchByFit(other.receipts);
      expect([round, await statesIn(database, run)]).toEqual([round, { delivered: 1 }]);
    }
  });
});

describe('sealing a run', () => {
  test('waits for who holds a piece, and gives up what a lost worker had on the wire before anything is cancelled', async () => {
    const run = newRun();
    await plant(database, run, 4, { size: 2 });
    const lost = await claim(run);
    await put(lost, [1]);
    expect(await store.seal(run)).toBe(false);
    // The batch that nobody holds is closed already.
    expect(await store.claim(run, [ZONE], 10, 'two', LONG)).toBeNull();
    await expire(lost.batch._id);
    expect(await store.seal(run)).toBe(true);
    await store.settleWhatWasLeft(run, at);
    await store.endAllQueued(run, 'cancelled', at);
    expect(await statesIn(database, run)).toEqual({ unknown: 1, cancelled: 3 });
    expect(await put(lost, [2])).toBeNull();
    expect((await database.db.collection<Batch>('batches').findOne({ _id: lost.batch._id }))!.left).toBeUndefined();
  });

  test('settles what was left once, however often it is asked', async () => {
    const run = newRun();
    await plant(database, run, 1);
    const lost = await claim(run);
    await put(lost, [1]);
    await expire(lost.batch._id);
    expect([await store.seal(run), await store.seal(run)]).toEqual([true, true]);
    await store.settleWhatWasLeft(run, at);
    await store.settleWhatWasLeft(run, new Date(0));
    expect((await messagesIn(database, run))[0]).toMatchObject({ state: 'unknown', doneAt: at });
  });
});

/**
 * Workers claim, put on the wire, get answers, die, sleep past their lease and wake up, while the run is cancelled at some point.
 * What was sent is judged by the wire, not by the database.
 */
test('whatever workers do to each other, nobody is sent to twice, called unsent though sent, or forgotten', async () => {
  const acts = ['claim', 'put', 'answer', 'not-sent', 'end', 'expire', 'die', 'receipts'] as const;
  type Act = (typeof acts)[number];
  class Worker {
    held: Claimed | null = null;
    left: number[] = [];
    entry: WireEntry | null = null;
    onWire: readonly number[] = [];
    desk = workerDesk();
  }
  const plan = fc.record({
    steps: fc.array(fc.tuple(fc.nat(2), fc.constantFrom<Act>(...acts)), { minLength: 10, maxLength: 80 }),
    isCancelled: fc.boolean(),
  });
  await fc.assert(
    fc.asyncProperty(plan, async ({ steps, isCancelled }) => {
      const run = newRun();
      await plant(database, run, 12, { size: 6 });
      const sent = new Map<number, number>();
      const heard = new Set<number>();
      const workers = [new Worker(), new Worker(), new Worker()];

      async function step(worker: Worker, what: Act): Promise<void> {
        const { held } = worker;
        if (what === 'claim' && worker.held === null) {
          worker.held = await store.claim(run, [ZONE], 4, 'one', LONG);
          if (!worker.held) return;
          if (worker.held.isTakenOver) await takeOver(worker.held);
          worker.left = (await store.queuedIn(run, worker.held.piece)).map((one) => sequenceOf(one.id));
          return;
        }
        if (what === 'receipts') {
          const due = [...sent.keys()].filter((n) => !heard.has(n)).slice(0, 2);
          for (const n of due) heard.add(n);
          return takeReceipts(
            worker.desk.receipts,
            due.map((n) => receiptOf(`${run}-${n}`, n)),
          );
        }
        if (!held) return;
        switch (what) {
          case 'put': {
            if (worker.onWire.length > 0 || worker.left.length === 0) return;
            const wanted = worker.left.slice(0, 2);
            worker.entry = await put(held, wanted);
            if (!worker.entry) return;
            worker.left = worker.left.slice(2);
            worker.onWire = wanted;
            for (const n of wanted) sent.set(n, (sent.get(n) ?? 0) + 1);
            return;
          }
          case 'answer':
          case 'not-sent': {
            if (worker.onWire.length === 0) return;
            const wasSent = what === 'answer';
            // What is certainly not sent was never on the wire.
            if (!wasSent) for (const n of worker.onWire) sent.set(n, sent.get(n)! - 1);
            const outcomes = worker.onWire.map((n): [number, SendOutcome] => [
              n,
              wasSent ? accepted(`${run}-${n}`) : no('later', 'throttled'),
            ]);
            await worker.desk.answered(run, worker.entry!, new Map(outcomes));
            worker.onWire = [];
            return;
          }
          case 'end':
            if (worker.onWire.length > 0 || worker.left.length > 0) return;
            await worker.desk.end(held);
            worker.held = null;
            return;
          case 'expire':
            return void (await expire(held.batch._id));
          case 'die':
            Object.assign(worker, new Worker());
        }
      }

      for (const [n, what] of steps) await step(workers[n]!, what);
      for (const worker of workers) await step(worker, 'die');
      for (const batch of [1, 2]) await expire(`${run}#0000${batch}`);
      if (isCancelled) {
        expect(await store.seal(run)).toBe(true);
        await store.settleWhatWasLeft(run, at);
        await store.endAllQueued(run, 'cancelled', at);
      } else {
        const last = new Worker();
        for (await step(last, 'claim'); last.held; await step(last, 'claim'))
          for (const what of ['put', 'answer', 'put', 'answer', 'end'] as const) await step(last, what);
        expect(await store.hasWork(run)).toBe(false);
      }
      for (const { _id, state } of await messagesIn(database, run)) {
        const times = sent.get(sequenceOf(_id)) ?? 0;
        const expected =
          times > 0 ? /^(accepted|unknown|delivered)$/ : isCancelled ? /^(cancelled|unknown)$/ : /^(queued|unknown)$/;
        expect([_id, times <= 1, state]).toEqual([_id, true, expect.stringMatching(expected)]);
      }
    }),
    { numRuns: 60 },
  );
}, 120_000);
