/** One piece of a run through its gate, over a real MongoDB and operators that do what the test says. */
import { afterAll, beforeAll, describe, expect, test } from 'vitest';
import type { Campaign } from '../../src/campaigns/campaign.ts';
import type { Account } from '../../src/dispatch/account.ts';
import { accountStore } from '../../src/dispatch/account-store.ts';
import type { Board } from '../../src/dispatch/board.ts';
import type { TooDear } from '../../src/dispatch/dear.ts';
import { NO_SHARES } from '../../src/dispatch/delivery.ts';
import { endPiece, type PieceDesk, sendPiece, takeOver } from '../../src/dispatch/piece.ts';
import type { OnOutcome, OutboundSms, Provider, SendOutcome } from '../../src/dispatch/provider.ts';
import { takeReceipts } from '../../src/dispatch/receipts.ts';
import type { DispatchRoom } from '../../src/dispatch/room.ts';
import { createSessions } from '../../src/dispatch/sessions.ts';
import { settler } from '../../src/dispatch/settle.ts';
import { dispatchStore } from '../../src/dispatch/store.ts';
import { createTrial } from '../../src/dispatch/trial.ts';
import { NO_TRIAL } from '../../src/dispatch/trial-period.ts';
import { createWatchman } from '../../src/dispatch/watchman.ts';
import type { FreshDatabase } from '../support/mongo.ts';
import { dispatchDatabase, messageIn, messagesIn, plant, receiptDeskOver, receiptOf, silent } from './planted.ts';

let database: FreshDatabase;
beforeAll(async () => {
  database = await dispatchDatabase();
});
afterAll(() => database.drop());

const NOON = new Date('2026-11-23T09:00:00Z');
const ZONE = 'Europe/Moscow';
const LONG = 60_000;

type Answering = (sms: OutboundSms) => SendOutcome;
const takes: Answering = ({ ref, parts }) => ({
  kind: 'accepted',
  parts: Array.from({ length: parts }, (_, part) => ({ providerMessageId: `id-${ref}-${part}` })),
});
const isOutOfCredit: Answering = () => ({ kind: 'refused', why: { code: 'no-credit', detail: '0x00000402' } });
const nobodyKnows: Answering = () => ({ kind: 'unknown', why: { code: 'no-answer', detail: '' } });

/** An operator's end: what it was sent, and the answers that it may still give. */
interface Line {
  answers: Answering;
  readonly sent: OutboundSms[];
  /** Answers the first message of the `n`-th call once more. */
  late(outcome: SendOutcome, n?: number): void;
}

function line(name: string): Line & { provider: Provider } {
  const hearing: (OnOutcome | undefined)[] = [];
  const end: Line & { provider: Provider } = {
    answers: takes,
    sent: [],
    late: (outcome, n = 0) => hearing[n]?.(0, outcome, true),
    provider: {
      name,
      limits: { partsPerSecond: 100, inFlight: 100, batch: 100 },
      start: async () => {},
      health: () => ({ up: true, since: NOON }) as const,
      async send(batch, _signal, onOutcome) {
        hearing.push(onOutcome);
        end.sent.push(...batch);
        return batch.map(end.answers);
      },
      stop: async () => {},
    },
  };
  return end;
}

const account = (name: string, micros: number): Account => ({
  name,
  kind: 'smpp',
  settings: {},
  secret: null,
  binds: 1,
  partsPerSecond: 100,
  window: 100,
  prices: [{ prefix: '', perPart: { micros, currency: 'RUB' }, chargedOn: 'submit' }],
  priceVersion: '1',
  currency: 'RUB',
  senders: [],
  classes: ['marketing', 'service'],
  enabled: true,
});

let runs = 0;
let entries = 0;

/** A run of service messages, and a worker that holds sessions at alfa and at beta, which is dearer. */
async function atWork(count: number, fields = {}) {
  const run = `${++runs}.1`;
  let mono = 0;
  const planted = await plant(database, run, count, { fields });
  const lines = { alfa: line('alfa'), beta: line('beta') };
  const accounts = [account('alfa', 1_500_000), account('beta', 1_600_000)];
  const campaign = {
    kind: 'campaign',
    class: 'service',
    sender: 'HERALD',
    costCentre: 'sales',
    window: { from: '09:00', to: '20:00' },
    frozen: { run, currency: 'RUB' },
    submission: { terms: { notAfter: new Date('2026-11-23T17:00:00Z'), providers: ['alfa', 'beta'] } },
  } as unknown as Campaign;
  const board = {
    running: [campaign],
    accounts,
    healthy: new Set(['alfa', 'beta']),
    breakers: new Map(),
    slots: [],
    shares: NO_SHARES,
    trial: NO_TRIAL,
    stoppedAll: false,
    deploymentMaySend: true,
    readAt: 0,
  } as Board;
  const receipts = receiptDeskOver(database, () => NOON);
  const room = {
    store: dispatchStore(database),
    receiptStore: receipts.store,
    receipts,
    accounts: accountStore(database),
    suppressedAmong: async () => new Set<string>(),
    makeProvider: ({ name }: Account) => lines[name as 'alfa'].provider,
    now: () => NOON,
    mono: () => mono,
    timers: { leaseMs: LONG, creditRestMs: 60_000 },
    gauge: { answered: () => {}, receipt: () => {}, flush: async () => {} },
    log: silent,
  } as unknown as DispatchRoom;
  await database.db.collection('bindSlots').deleteMany({});
  const sessions = createSessions(room, 'one');
  await sessions.tend(accounts);
  const watchman = createWatchman();
  const tooDear: TooDear[] = [];
  const desk: PieceDesk = {
    dear: { met: (_campaign, dear) => void tooDear.push(...dear) },
    room,
    sessions,
    settling: settler({ ...room, keepIdsMs: LONG }),
    board: () => board,
    trial: createTrial(10),
    signal: new AbortController().signal,
    watch: watchman.watch,
    nextEntry: () => ++entries,
  };
  const messages = new Map(planted.map((message) => [message._id, message]));

  return {
    ...lines,
    run,
    id: planted[0]!._id,
    board,
    desk,
    first: () => messageIn(database, planted[0]!._id),
    /** Lets time go by, as the worker's own clock sees it. */
    forward: (ms: number) => {
      mono += ms;
    },
    /** The board as it is read now. */
    look: (healthy: readonly string[] = ['alfa', 'beta']) =>
      Object.assign(board, { readAt: mono, healthy: new Set(healthy) }),
    async send() {
      const claimed = (await room.store.claim(run, [ZONE], 1000, 'one', LONG))!;
      if (claimed.isTakenOver) await takeOver(desk, claimed);
      const end = await sendPiece(desk, claimed, { messages, isFresh: false }, { holds: () => true });
      if (end === 'done') await endPiece(desk, claimed);
      return end;
    },
    /** Queues the first message once more, as the sweep does two minutes later. */
    async onceMore() {
      expect(await room.store.queueOnceMore(planted[0]!._id)).toBe(true);
      await room.store.reopen((await room.store.batchOf(run, 1))!._id, 1);
    },
    /** Gives the piece back, to be claimed again. */
    async release() {
      const { _id, fence } = (await room.store.batchOf(run, 1))!;
      await room.store.release(_id, fence);
    },
    /** Once everything that was answered is kept. */
    async kept() {
      await Promise.resolve();
      await desk.settling.idle();
    },
    states: async () => (await messagesIn(database, run)).map(({ state, sent }) => `${state} ${sent?.provider}`),
    receipts,
    tooDear,
  };
}

describe('an answer that comes too late', () => {
  test('gives the unknown message its id: it is accepted, and its receipt finds it', async () => {
    const one = await atWork(1);
    one.alfa.answers = nobodyKnows;
    expect(await one.send()).toBe('done');
    expect((await one.first()).state).toBe('unknown');
    one.alfa.late({ kind: 'accepted', parts: [{ providerMessageId: 'late-1' }] });
    await one.kept();
    expect((await one.first()).state).toBe('accepted');
    expect((await one.first()).error).toBeUndefined();
    await takeReceipts(one.receipts, [receiptOf('late-1', 1)]);
    expect((await one.first()).state).toBe('delivered');
  });

  test('gives a long message the ids of its parts, one after the other', async () => {
    const one = await atWork(1, { parts: 2 });
    one.alfa.answers = nobodyKnows;
    await one.send();
    const why = { code: 'no-answer', detail: '' } as const;
    const [first, second] = [{ providerMessageId: 'l1' }, { providerMessageId: 'l2' }];
    one.alfa.late({ kind: 'unknown', why, parts: [first, { providerMessageId: null }] });
    await one.kept();
    await takeReceipts(one.receipts, [receiptOf('l1', 1), receiptOf('l2', 1)]);
    expect((await one.first()).state).toBe('unknown');
    one.alfa.late({ kind: 'accepted', parts: [first, second] });
    await one.kept();
    expect((await one.first()).state).toBe('delivered');
  });

  test('that says no makes it failed', async () => {
    const one = await atWork(1);
    one.alfa.answers = nobodyKnows;
    await one.send();
    one.alfa.late({ kind: 'refused', why: { code: 'bad-number', detail: '' } });
    await one.kept();
    expect(await one.first()).toMatchObject({ state: 'failed', error: 'bad-number' });
  });

  test('spares a service message its second copy, while that is not sent', async () => {
    const one = await atWork(1);
    one.alfa.answers = nobodyKnows;
    await one.send();
    await one.onceMore();
    one.alfa.late({ kind: 'accepted', parts: [{ providerMessageId: 'late-2' }] });
    await one.kept();
    expect((await one.first()).state).toBe('accepted');
    expect((await one.first()).possibleDuplicate).toBeUndefined();
    expect(await one.send()).toBe('done');
    expect(one.alfa.sent.length).toBe(1);
  });

  test('is kept apart from the second copy’s, once that is sent', async () => {
    const one = await atWork(1);
    one.alfa.answers = nobodyKnows;
    await one.send();
    await one.onceMore();
    await one.send();
    expect(one.alfa.sent.length).toBe(2);
    expect(await one.first()).toMatchObject({ state: 'unknown', possibleDuplicate: true });
    one.alfa.late({ kind: 'accepted', parts: [{ providerMessageId: 'late-3' }] });
    await one.kept();
    await takeReceipts(one.receipts, [receiptOf('late-3', 1)]);
    expect((await one.first()).state).toBe('delivered');
  });
});

describe('an account without credit', () => {
  test('is down for a while: the next one takes the messages, and it is not asked again', async () => {
    const one = await atWork(20);
    one.alfa.answers = isOutOfCredit;
    expect(await one.send()).toBe('done');
    expect(await one.states()).toEqual(Array(20).fill('accepted beta'));
    expect(one.alfa.sent.length).toBe(20);
    expect((await one.first()).refusedBy).toBeUndefined();
    expect((await one.desk.room.accounts.liveSlots()).find((slot) => slot.account === 'alfa')).toMatchObject({
      up: false,
      why: 'no credit',
    });
  });

  test('fails nobody: who can go nowhere else waits, and goes once there is credit', async () => {
    const one = await atWork(5);
    one.alfa.answers = isOutOfCredit;
    one.look(['alfa']);
    expect(await one.send()).toBe('waiting');
    expect(await one.states()).toEqual(Array(5).fill('queued undefined'));
    await one.release();
    one.forward(59_000);
    one.look(['alfa']);
    expect(await one.send()).toBe('waiting');
    expect(one.alfa.sent.length).toBe(5);
    await one.release();
    one.alfa.answers = takes;
    one.forward(1000);
    await one.desk.sessions.renew();
    one.look(['alfa']);
    expect(await one.send()).toBe('done');
    expect(await one.states()).toEqual(Array(5).fill('accepted alfa'));
  });

  test('that says so of a message half sent leaves it unknown, and is down all the same', async () => {
    const one = await atWork(1);
    one.alfa.answers = () => ({ kind: 'unknown', why: { code: 'no-credit', detail: '' } });
    await one.send();
    expect((await one.first()).state).toBe('unknown');
    expect(one.desk.sessions.isOutOfCredit('alfa')).toBe(true);
  });
});

describe('a second copy', () => {
  test('waits for the account that may have the first, though another is well and would take it', async () => {
    const one = await atWork(1);
    one.alfa.answers = nobodyKnows;
    await one.send();
    await one.onceMore();
    one.look(['beta']);
    expect(await one.send()).toBe('waiting');
    expect(one.beta.sent).toEqual([]);
    expect(await one.first()).toMatchObject({ state: 'queued', sent: { provider: 'alfa' } });
  });
});

test('nothing is put on a wire after a standstill between the mark and the sending', async () => {
  const one = await atWork(3);
  const { store } = one.desk.room;
  const { putOnWire } = store;
  // The process stands still for two seconds while `submitting` is written: no timer of its own has looked since.
  Object.assign(store, {
    putOnWire: async (...writing: Parameters<typeof putOnWire>) => {
      const isWritten = await putOnWire(...writing);
      one.forward(2000);
      return isWritten;
    },
  });
  expect(await one.send()).toBe('waiting');
  expect(one.alfa.sent).toEqual([]);
  expect(await one.states()).toEqual(Array(3).fill('queued undefined'));
  Object.assign(store, { putOnWire });
  one.look();
  await one.release();
  expect(await one.send()).toBe('done');
  expect(await one.states()).toEqual(Array(3).fill('accepted alfa'));
});

test('what is dearer than was approved is not sent but told of, until that price is allowed', async () => {
  const one = await atWork(2, { ceiling: 1_000_000 });
  expect(await one.send()).toBe('waiting');
  expect([one.alfa.sent, one.beta.sent]).toEqual([[], []]);
  expect(one.tooDear).toEqual([{ from: 1_000_000, to: 1_500_000, provider: 'alfa', isAway: false }]);
  const step = { from: 1_000_000, to: 1_500_000, provider: 'alfa', messages: 2, parts: 2 };
  Object.assign(one.board.running[0]!, { dearer: { asked: null, allowed: [{ ...step, at: NOON, by: ['boris'] }] } });
  await one.release();
  expect(await one.send()).toBe('done');
  expect(await one.states()).toEqual(Array(2).fill('accepted alfa'));
});
