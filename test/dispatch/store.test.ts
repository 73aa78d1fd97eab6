/** Pieces and states over a real MongoDB: however many claim, mark, die and come back, each message is sent by one at most. */
import fc from 'fast-check';
import { afterAll, beforeAll, describe, expect, test } from 'vitest';
import type { Batch } from '../../src/campaigns/messages.ts';
import type { Claimed } from '../../src/dispatch/piece-store.ts';
import { type DispatchStore, dispatchStore } from '../../src/dispatch/store.ts';
import type { FreshDatabase } from '../support/mongo.ts';
import { alfa, dispatchDatabase, messageIn, messagesIn, plant, sentUnder, statesIn } from './planted.ts';

let database: FreshDatabase;
let store: DispatchStore;
beforeAll(async () => {
  database = await dispatchDatabase();
  store = dispatchStore(database);
});
afterAll(() => database.drop());

const MOSCOW = 'Europe/Moscow';
const LONG = 60_000;
const at = new Date('2026-11-23T10:00:00Z');
let runs = 0;
const newRun = () => `${++runs}.1`;

const claim = (run: string, size = 1000, { owner = 'one', leaseMs = LONG, zones = [MOSCOW] } = {}) =>
  store.claim(run, zones, size, owner, leaseMs);
const rangeOf = (claimed: Claimed | null) => claimed && [claimed.piece.first, claimed.piece.last];
const batchIn = async (id: string) => (await database.db.collection<Batch>('batches').findOne({ _id: id }))!;
const mark = (ids: readonly string[], fence: number) => store.mark(ids, sentUnder(fence, at));
const idsIn = async (run: string) => (await messagesIn(database, run)).map((one) => one._id);
/** Lets every lease of the batch run out, on the server's clock. */
const expire = (batch: string) =>
  database.db.collection<Batch>('batches').updateOne({ _id: batch }, { $set: { 'pieces.$[].until': new Date(0) } });

describe('claiming', () => {
  test('cuts piece after piece, batch after batch, until there is nothing left', async () => {
    const run = newRun();
    await plant(database, run, 25, { size: 15 });
    const pieces = [];
    for (let one = await claim(run, 10); one; one = await claim(run, 10)) pieces.push(rangeOf(one));
    expect(pieces).toEqual([
      [1, 10],
      [11, 15],
      [16, 25],
    ]);
  });

  test('only in zones where the window is open', async () => {
    const run = newRun();
    await plant(database, run, 5, { zone: 'Asia/Omsk' });
    expect(await claim(run)).toBeNull();
    expect(rangeOf(await claim(run, 10, { zones: [MOSCOW, 'Asia/Omsk'] }))).toEqual([1, 5]);
  });

  test('what a dead worker held comes before what nobody held, under a higher fence', async () => {
    const run = newRun();
    await plant(database, run, 30, { size: 30 });
    const dead = await claim(run, 10);
    expect(dead?.isTakenOver).toBe(false);
    await expire(dead!.batch._id);
    const taken = await claim(run, 10, { owner: 'two' });
    expect(rangeOf(taken)).toEqual([1, 10]);
    expect(taken!.isTakenOver).toBe(true);
    expect(taken!.piece.fence).toBeGreaterThan(dead!.piece.fence);
    expect(taken!.piece.owner).toBe('two');
    expect(rangeOf(await claim(run, 10, { owner: 'two' }))).toEqual([11, 20]);
  });

  test('by twenty at once gives nobody what another has', async () => {
    const run = newRun();
    await plant(database, run, 300, { size: 70 });
    const workers = Array.from({ length: 20 }, async (_, n) => {
      const mine: Claimed[] = [];
      for (let one = await claim(run, 7, { owner: `w${n}` }); one; one = await claim(run, 7, { owner: `w${n}` }))
        mine.push(one);
      return mine;
    });
    const all = (await Promise.all(workers)).flat();
    const covered = all.flatMap(({ piece }) =>
      Array.from({ length: piece.last - piece.first + 1 }, (_, i) => piece.first + i),
    );
    expect(covered.toSorted((a, b) => a - b)).toEqual(Array.from({ length: 300 }, (_, i) => i + 1));
    const fences = all.map(({ batch, piece }) => `${batch._id}/${piece.fence}`);
    expect(new Set(fences).size).toBe(all.length);
  });

  test('of one expired piece by twenty at once gives it to one', async () => {
    const run = newRun();
    await plant(database, run, 5);
    const dead = await claim(run);
    await expire(dead!.batch._id);
    const claims = await Promise.all(Array.from({ length: 20 }, (_, n) => claim(run, 5, { owner: `w${n}` })));
    expect(claims.filter((one) => one !== null).length).toBe(1);
  });
});

describe('a lease', () => {
  test('is renewed by its holder, and by nobody after it was taken over', async () => {
    const run = newRun();
    await plant(database, run, 5);
    const first = (await claim(run, 5, { leaseMs: 20 }))!;
    expect(await store.renew(first.batch._id, first.piece.fence, 20)).toBe(true);
    await expire(first.batch._id);
    // Nobody took it: it is still the holder's.
    expect(await store.renew(first.batch._id, first.piece.fence, 20)).toBe(true);
    await expire(first.batch._id);
    const second = (await claim(run))!;
    expect(await store.renew(first.batch._id, first.piece.fence, LONG)).toBe(false);
    expect(await store.renew(second.batch._id, second.piece.fence, LONG)).toBe(true);
  });

  test('given back can be taken at once, or after the time that it stands back', async () => {
    const run = newRun();
    await plant(database, run, 20, { size: 20 });
    const first = (await claim(run, 10))!;
    await store.release(first.batch._id, first.piece.fence);
    const again = (await claim(run, 10))!;
    expect(rangeOf(again)).toEqual([1, 10]);
    await store.release(again.batch._id, again.piece.fence, LONG);
    // What stands back does not keep the rest from being cut.
    expect(rangeOf(await claim(run, 10))).toEqual([11, 20]);
    expect(await claim(run)).toBeNull();
    expect(await store.seal(run)).toBe(false);
  });

  test('that is lost can neither end nor give back the piece', async () => {
    const run = newRun();
    await plant(database, run, 5);
    const first = (await claim(run))!;
    await expire(first.batch._id);
    const second = (await claim(run))!;
    await store.complete(first.batch._id, first.piece.fence);
    await store.release(first.batch._id, first.piece.fence);
    expect((await batchIn(first.batch._id)).pieces).toMatchObject([{ fence: second.piece.fence, owner: 'one' }]);
    expect(await store.seal(run)).toBe(false);
    await store.complete(second.batch._id, second.piece.fence);
    expect(await store.hasWork(run)).toBe(false);
  });

  test('a batch is done with its last piece, not before', async () => {
    const run = newRun();
    await plant(database, run, 20, { size: 20 });
    const one = (await claim(run, 10))!;
    await store.complete(one.batch._id, one.piece.fence);
    expect(await store.hasWork(run)).toBe(true);
    const two = (await claim(run, 10))!;
    expect(await store.hasWork(run)).toBe(true);
    await store.complete(two.batch._id, two.piece.fence);
    expect(await store.hasWork(run)).toBe(false);
    expect(await claim(run)).toBeNull();
  });
});

describe('marking', () => {
  test('writes what the message is sent under', async () => {
    const run = newRun();
    await plant(database, run, 1);
    const [id] = await idsIn(run);
    expect(await mark([id!], 3)).toEqual([id]);
    expect(await messageIn(database, id!)).toMatchObject({
      state: 'submitting',
      fence: 3,
      sent: {
        fence: 3,
        provider: 'alfa',
        perPart: 1_500_000,
        currency: 'RUB',
        priceVersion: '1',
        chargedOn: 'submit',
        costCentre: 'sales',
        sentAt: at,
      },
    });
  });

  test('writes what the account itself charges, in its own currency, and forgets it with what was not sent', async () => {
    const run = newRun();
    await plant(database, run, 1);
    const ids = await idsIn(run);
    const accountPrice = { perPart: 16_300, currency: 'USD' };
    await store.mark(ids, sentUnder(1, at, { ...alfa, accountPrice }));
    expect(await messageIn(database, ids[0]!)).toMatchObject({
      sent: { perPart: 1_500_000, currency: 'RUB', accountPrice },
    });
    await store.requeue(ids, 1, null);
    expect(await messageIn(database, ids[0]!)).not.toHaveProperty('sent');
  });

  test('marks nothing that was moved meanwhile, and says what it marked', async () => {
    const run = newRun();
    await plant(database, run, 4);
    const ids = await idsIn(run);
    await store.endQueued([ids[0]!], 1, { state: 'suppressed' }, at);
    await mark([ids[1]!], 1);
    expect(await mark(ids, 2)).toEqual(ids.slice(2));
    expect(await mark(ids, 2)).toEqual(ids.slice(2));
    expect(await statesIn(database, run)).toEqual({ suppressed: 1, submitting: 3 });
  });

  test('by whoever was asleep while another took the piece over marks nothing more', async () => {
    const run = newRun();
    await plant(database, run, 10);
    const asleep = (await claim(run))!;
    const ids = await idsIn(run);
    await mark(ids.slice(0, 2), asleep.piece.fence);
    await expire(asleep.batch._id);
    const awake = (await claim(run))!;
    expect(await store.takeOver(run, awake.piece, at)).toBe(2);
    // The sleeper wakes up in the middle of a round.
    expect(await mark(ids.slice(2), asleep.piece.fence)).toEqual([]);
    expect(await mark(ids.slice(2), awake.piece.fence)).toEqual(ids.slice(2));
    expect(await statesIn(database, run)).toEqual({ unknown: 2, submitting: 8 });
    expect(await messageIn(database, ids[0]!)).toMatchObject({ error: 'worker-lost', doneAt: at });
  });

  test('however many mark overlapping ranges under their own fences, each message is marked once', async () => {
    await fc.assert(
      fc.asyncProperty(
        fc.integer({ min: 1, max: 40 }),
        fc.array(fc.tuple(fc.nat(39), fc.nat(39)), { minLength: 2, maxLength: 12 }),
        async (count, ranges) => {
          const run = newRun();
          await plant(database, run, count);
          const ids = await idsIn(run);
          const marked = await Promise.all(
            ranges.map(([a, b], n) => mark(ids.slice(Math.min(a, b), Math.max(a, b) + 1), n + 1)),
          );
          const all = marked.flat();
          expect(new Set(all).size).toBe(all.length);
          const inReach = ids.filter((_, i) => ranges.some(([a, b]) => i >= Math.min(a, b) && i <= Math.max(a, b)));
          expect(all.toSorted()).toEqual(inReach);
          const found = await messagesIn(database, run);
          for (const [n, mine] of marked.entries())
            for (const id of mine) expect(found.find((one) => one._id === id)?.fence).toBe(n + 1);
        },
      ),
      { numRuns: 40 },
    );
  });
});

describe('outcomes', () => {
  async function marked(count: number, fence = 1) {
    const run = newRun();
    await plant(database, run, count);
    const ids = await idsIn(run);
    await mark(ids, fence);
    return { run, ids };
  }

  test('are written by the lease that sent it, and by no other', async () => {
    const { run, ids } = await marked(2, 4);
    await store.settle(ids, 3, { state: 'accepted' }, at);
    expect(await statesIn(database, run)).toEqual({ submitting: 2 });
    await store.settle(ids, 4, { state: 'failed', error: 'bad-number', errorDetail: 'ESME_RINVDSTADR' }, at);
    expect((await messagesIn(database, run))[0]).toMatchObject({ state: 'failed', error: 'bad-number', doneAt: at });
  });

  test('a late answer makes known what was given up, and takes its error away', async () => {
    const { run, ids } = await marked(1);
    await store.giveUpOnRun(run, at);
    expect(await messageIn(database, ids[0]!)).toMatchObject({ state: 'unknown', error: 'worker-lost', doneAt: at });
    await store.settle(ids, 1, { state: 'accepted' }, at);
    const found = await messageIn(database, ids[0]!);
    expect(found.state).toBe('accepted');
    expect([found.error, found.doneAt]).toEqual([undefined, undefined]);
  });

  test('never move what is final', async () => {
    const { run, ids } = await marked(1);
    await store.settle(ids, 1, { state: 'failed', error: 'blocked', errorDetail: '' }, at);
    for (const state of ['accepted', 'unknown', 'failed'] as const) await store.settle(ids, 1, { state }, new Date(0));
    await store.requeue(ids, 1, null);
    await store.giveUpOnRun(run, at);
    await store.endAllQueued(run, 'cancelled', at);
    expect(await messageIn(database, ids[0]!)).toMatchObject({ state: 'failed', error: 'blocked', doneAt: at });
  });

  test('what was certainly not sent is queued as if it had never been marked', async () => {
    const { run, ids } = await marked(1, 2);
    await store.requeue(ids, 1, null);
    expect(await statesIn(database, run)).toEqual({ submitting: 1 });
    await store.requeue(ids, 2, null);
    const found = await messageIn(database, ids[0]!);
    expect(found.state).toBe('queued');
    expect(found.sent).toBeUndefined();
  });

  test('a refusal of the account is remembered with its reason, until another takes it', async () => {
    const { ids } = await marked(1, 2);
    await store.requeue(ids, 2, { provider: 'alfa', error: 'bad-sender', errorDetail: 'ESME_RINVSRCADR' });
    expect(await messageIn(database, ids[0]!)).toMatchObject({
      state: 'queued',
      refusedBy: ['alfa'],
      error: 'bad-sender',
    });
    await mark(ids, 2);
    await store.requeue(ids, 2, { provider: 'beta', error: 'account', errorDetail: 'ESME_RPROHIBITED' });
    expect(await messageIn(database, ids[0]!)).toMatchObject({
      refusedBy: ['alfa', 'beta'],
      errorDetail: 'ESME_RPROHIBITED',
    });
    await mark(ids, 2);
    expect((await messageIn(database, ids[0]!)).error).toBeUndefined();
  });

  test('what is given up does not come back by a late "not sent"', async () => {
    const { run, ids } = await marked(1);
    await store.giveUpOnRun(run, at);
    await store.requeue(ids, 1, null);
    expect(await statesIn(database, run)).toEqual({ unknown: 1 });
  });

  test('ending a run ends what is queued, and counts it', async () => {
    const { run, ids } = await marked(3);
    await store.requeue(ids.slice(1), 1, null);
    expect(await store.endAllQueued(run, 'missed', at)).toBe(2);
    expect(await statesIn(database, run)).toEqual({ submitting: 1, missed: 2 });
    expect(await store.seal(run)).toBe(true);
    expect(await store.hasWork(run)).toBe(false);
  });

  test('one run is never taken for another whose number begins alike', async () => {
    await plant(database, 'x.1', 1);
    await plant(database, 'x.10', 1);
    await plant(database, 'x.11', 1);
    await store.endAllQueued('x.1', 'cancelled', at);
    expect(await statesIn(database, 'x.10')).toEqual({ queued: 1 });
    expect(await store.endAllQueued('x', 'cancelled', at)).toBe(0);
  });
});

describe('a service message that is unknown', () => {
  test('is queued once more, once, flagged, and its finished batch has work again', async () => {
    const run = newRun();
    await plant(database, run, 12, { size: 12 });
    const piece = (await claim(run))!;
    const ids = await idsIn(run);
    await mark(ids, piece.piece.fence);
    await store.settle(ids, piece.piece.fence, { state: 'unknown', error: 'no-answer', errorDetail: '' }, at);
    await store.complete(piece.batch._id, piece.piece.fence);
    expect(await store.unknownUnretried(run, new Date(at.getTime() - 1), 100)).toEqual([]);
    expect(await store.unknownUnretried(run, at, 5)).toEqual(ids.slice(0, 5));
    const won = await Promise.all([store.queueOnceMore(ids[4]!), store.queueOnceMore(ids[4]!)]);
    expect(won.toSorted()).toEqual([false, true]);
    await store.reopen(piece.batch._id, 5);
    const again = (await claim(run))!;
    expect(rangeOf(again)).toEqual([5, 5]);
    expect(again.isTakenOver).toBe(true);
    await store.takeOver(run, again.piece, at);
    expect(await store.queuedIn(run, again.piece)).toEqual([{ id: ids[4], refusedBy: [], retryAt: 'alfa' }]);
    expect(await mark([ids[4]!], again.piece.fence)).toEqual([ids[4]]);
    await store.settle([ids[4]!], again.piece.fence, { state: 'unknown', error: 'no-answer', errorDetail: '' }, at);
    await store.complete(again.batch._id, again.piece.fence);
    expect(await store.hasWork(run)).toBe(false);
    expect(await store.unknownUnretried(run, at, 100)).not.toContain(ids[4]);
    expect(await store.queueOnceMore(ids[4]!)).toBe(false);
  });

  test('that has become known meanwhile is not', async () => {
    const run = newRun();
    await plant(database, run, 1, { fields: { state: 'delivered' } });
    expect(await store.queueOnceMore((await idsIn(run))[0]!)).toBe(false);
  });
});

test('who has no outcome though all batches are done is found', async () => {
  const run = newRun();
  await plant(database, run, 3);
  const ids = await idsIn(run);
  await mark([ids[0]!], 1);
  await store.endQueued([ids[1]!], 1, { state: 'failed' }, at);
  await store.seal(run);
  expect(await store.leftBehind(run, 10)).toEqual([ids[0], ids[2]]);
  expect(await store.batchOf(run, 2)).toMatchObject({ _id: `${run}#00001` });
  expect(await store.batchOf(run, 4)).toBeNull();
});

/**
 * Workers claim, look, mark, die, wake up and finish in any order. Whoever marked a message may have sent it, so no message may
 * ever be marked a second time unless it was certainly not sent; and none may be left without a worker that will take it.
 */
test('whatever workers do to each other, nobody is sent to twice and nobody is forgotten', async () => {
  const acts = ['claim', 'look', 'mark', 'not-sent', 'accepted', 'finish', 'expire', 'die'] as const;
  type Act = (typeof acts)[number];
  class Worker {
    held: Claimed | null = null;
    seen: readonly string[] = [];
    onWire: readonly string[] = [];
  }
  const plan = fc.array(fc.tuple(fc.nat(2), fc.constantFrom<Act>(...acts)), { minLength: 10, maxLength: 80 });
  await fc.assert(
    fc.asyncProperty(plan, async (steps) => {
      const run = newRun();
      await plant(database, run, 12, { size: 6 });
      const sent = new Map<string, number>();
      const send = (ids: readonly string[]) => {
        for (const id of ids) sent.set(id, (sent.get(id) ?? 0) + 1);
      };
      const workers = [new Worker(), new Worker(), new Worker()];

      async function step(worker: Worker, what: Act): Promise<void> {
        const { held } = worker;
        if (what === 'claim' && worker.onWire.length === 0) {
          worker.held = await claim(run, 4);
          worker.seen = [];
          if (worker.held?.isTakenOver) await store.takeOver(run, worker.held.piece, at);
        }
        if (!held) return;
        const { fence } = held.piece;
        switch (what) {
          case 'look':
            worker.seen = (await store.queuedIn(run, held.piece)).map((one) => one.id);
            break;
          case 'mark':
            if (worker.onWire.length > 0) return;
            worker.onWire = await mark(worker.seen.slice(0, 2), fence);
            worker.seen = worker.seen.slice(2);
            break;
          case 'not-sent':
            await store.requeue(worker.onWire, fence, null);
            worker.onWire = [];
            break;
          case 'accepted':
            send(worker.onWire);
            await store.settle(worker.onWire, fence, { state: 'accepted' }, at);
            worker.onWire = [];
            break;
          case 'finish':
            // As a piece is ended: nothing on the wire, nothing queued.
            if (worker.onWire.length > 0 || (await store.queuedIn(run, held.piece)).length > 0) return;
            await store.complete(held.batch._id, fence);
            worker.held = null;
            break;
          case 'expire':
            await expire(held.batch._id);
            break;
          case 'die':
            send(worker.onWire);
            Object.assign(worker, new Worker());
        }
      }

      for (const [n, what] of steps) await step(workers[n]!, what);
      for (const worker of workers) await step(worker, 'die');
      // One healthy worker sends what is left.
      for (const batch of [1, 2]) await expire(`${run}#0000${batch}`);
      const last = new Worker();
      for (await step(last, 'claim'); last.held; await step(last, 'claim'))
        for (const what of ['look', 'mark', 'accepted', 'mark', 'accepted', 'finish'] as const) await step(last, what);
      expect(await store.hasWork(run)).toBe(false);
      expect(await store.leftBehind(run, 20)).toEqual([]);
      expect([...sent.values()].filter((times) => times > 1)).toEqual([]);
      for (const { _id, state } of await messagesIn(database, run))
        expect([_id, state, sent.has(_id)]).toEqual([
          _id,
          expect.stringMatching(/^(accepted|unknown)$/),
          state === 'accepted' || sent.has(_id),
        ]);
    }),
    { numRuns: 50 },
  );
}, 60_000);
