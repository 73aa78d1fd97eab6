/** What providers answer becomes few durable writes, and none of it is lost. */
import fc from 'fast-check';
import { afterAll, beforeAll, describe, expect, test } from 'vitest';
import { sequenceOf } from '../../src/campaigns/messages.ts';
import type { Failure, FailureCode, SendOutcome } from '../../src/dispatch/provider.ts';
import { receiptStore } from '../../src/dispatch/receipt-store.ts';
import { takeReceipts } from '../../src/dispatch/receipts.ts';
import { type Answer, isOfTheAccount, type SettlingDesk, settler } from '../../src/dispatch/settle.ts';
import { dispatchStore } from '../../src/dispatch/store.ts';
import type { FreshDatabase } from '../support/mongo.ts';
import {
  dispatchDatabase,
  messageIn,
  messagesIn,
  phoneOf,
  plant,
  receiptDeskOver,
  receiptOf,
  statesIn,
  submitting,
} from './planted.ts';

let database: FreshDatabase;
let desk: SettlingDesk;
const now = () => new Date('2026-11-23T10:00:00Z');
beforeAll(async () => {
  database = await dispatchDatabase();
  desk = {
    store: dispatchStore(database),
    receiptStore: receiptStore(database),
    receipts: receiptDeskOver(database, now),
    now,
    keepIdsMs: 86_400_000,
  };
});
afterAll(() => database.drop());

let runs = 0;
async function onTheWire(count: number, fence = 1, fields = {}) {
  const run = `${++runs}.1`;
  await plant(database, run, count, { fields });
  const ids = (await messagesIn(database, run)).map((one) => one._id);
  await submitting(database, ids, fence, now());
  return { run, ids };
}

const why = (code: FailureCode, detail: string = code): Failure => ({ code, detail });
const answer = (id: string, outcome: SendOutcome, fields: Partial<Answer> = {}): Answer => ({
  id,
  person: `person of ${id}`,
  phone: phoneOf(sequenceOf(id)),
  fence: 1,
  provider: 'alfa',
  outcome,
  ...fields,
});
const accepted = (...ids: string[]): SendOutcome => ({
  kind: 'accepted',
  parts: ids.map((providerMessageId) => ({ providerMessageId })),
});

describe('an answer', () => {
  test.each<[string, SendOutcome, object]>([
    ['taken', accepted('a1'), { state: 'accepted' }],
    [
      'refused for the recipient',
      { kind: 'refused', why: why('bad-number', 'no such') },
      { state: 'failed', error: 'bad-number', errorDetail: 'no such', doneAt: now() },
    ],
    [
      'refused for the account',
      { kind: 'refused', why: why('no-credit') },
      { state: 'queued', refusedBy: ['alfa'], error: 'no-credit' },
    ],
    ['not now', { kind: 'later', why: why('throttled'), afterMs: 1000 }, { state: 'queued' }],
    [
      'nobody can say',
      { kind: 'unknown', why: why('no-answer') },
      { state: 'unknown', error: 'no-answer', doneAt: now() },
    ],
  ])('%s', async (_what, outcome, expected) => {
    const { ids } = await onTheWire(1);
    await settler(desk).add([answer(ids[0]!, outcome)]);
    expect(await messageIn(database, ids[0]!)).toMatchObject(expected);
  });

  test('"not now" leaves no trace: it is no attempt', async () => {
    const { ids } = await onTheWire(1);
    await settler(desk).add([answer(ids[0]!, { kind: 'later', why: why('throttled') })]);
    const { refusedBy, error, sent } = await messageIn(database, ids[0]!);
    expect([refusedBy, error, sent]).toEqual([undefined, undefined, undefined]);
  });

  test('the ids of all parts are kept, also of a message of which only some were taken', async () => {
    const { ids } = await onTheWire(2, 1, { parts: 3 });
    const some = [{ providerMessageId: 'AB' }, { providerMessageId: null }, { providerMessageId: '0012' }];
    await settler(desk).add([
      answer(ids[0]!, accepted('x1', 'x2', 'x3')),
      answer(ids[1]!, { kind: 'unknown', why: why('connection-lost'), parts: some }),
    ]);
    const known = await desk.receiptStore.find(['alfa|x2', 'alfa|ab', 'alfa|12']);
    expect(known.get('alfa|x2')).toMatchObject({
      message: ids[0],
      part: 1,
      of: 3,
      all: ['alfa|x1', 'alfa|x2', 'alfa|x3'],
    });
    expect(known.get('alfa|ab')?.all).toEqual(['alfa|ab', '', 'alfa|12']);
    expect(known.get('alfa|12')).toMatchObject({ message: ids[1], part: 2, of: 3, person: `person of ${ids[1]}` });
    expect(known.get('alfa|12')?.deleteAfter).toEqual(new Date(now().getTime() + 86_400_000));
  });
});

describe('an answer without an id', () => {
  test.each(['', ' '])(
    '(%j) stands for no message: each is accepted, and says that no receipt will find it',
    async (id) => {
      const { run, ids } = await onTheWire(2);
      await settler(desk).add(ids.map((one) => answer(one, accepted(id))));
      expect(await statesIn(database, run)).toEqual({ accepted: 2 });
      expect(await messageIn(database, ids[0]!)).toMatchObject({ error: 'no-id' });
      expect((await desk.receiptStore.find(['alfa|'])).size).toBe(0);
    },
  );

  test('to one part of several leaves the others known', async () => {
    const { ids } = await onTheWire(1, 1, { parts: 2 });
    await settler(desk).add([answer(ids[0]!, accepted('n1', ''))]);
    expect(await messageIn(database, ids[0]!)).toMatchObject({ error: 'no-id' });
    expect((await desk.receiptStore.find(['alfa|n1'])).get('alfa|n1')?.all).toEqual(['alfa|n1', '']);
    await takeReceipts(desk.receipts, [receiptOf('n1', 1, { to: null })]);
    expect((await messageIn(database, ids[0]!)).state).toBe('accepted');
  });

  test('is no id of a receipt either', async () => {
    const { run, ids } = await onTheWire(1);
    await settler(desk).add([answer(ids[0]!, accepted(''))]);
    await takeReceipts(desk.receipts, [receiptOf('', 1, { to: null })]);
    expect(await statesIn(database, run)).toEqual({ accepted: 1 });
  });
});

test.each<[FailureCode, boolean]>([
  ['bad-sender', true],
  ['no-credit', true],
  ['account', true],
  ['our-fault', true],
  ['bad-number', false],
  ['bad-text', false],
  ['blocked', false],
  ['operator-error', false],
  ['expired', false],
])('a refusal for %s is about the account: %s', (code, isSo) => {
  expect(isOfTheAccount(why(code))).toBe(isSo);
});

test('messages of two batches under fences of their own never take each other’s outcome', async () => {
  const one = await onTheWire(2, 1);
  const two = await onTheWire(2, 7);
  await settler(desk).add([
    ...one.ids.map((id) => answer(id, accepted(`one-${id}`))),
    ...two.ids.map((id) => answer(id, { kind: 'later', why: why('throttled') }, { fence: 7 })),
    // From a lease that was lost.
    answer(two.ids[0]!, { kind: 'refused', why: why('blocked') }, { fence: 6 }),
  ]);
  expect(await statesIn(database, one.run)).toEqual({ accepted: 2 });
  expect(await statesIn(database, two.run)).toEqual({ queued: 2 });
});

test('whatever comes together, each message has its own outcome', async () => {
  const outcomes = fc.constantFrom<SendOutcome['kind']>('accepted', 'refused', 'later', 'unknown');
  const expected = { accepted: 'accepted', refused: 'failed', later: 'queued', unknown: 'unknown' } as const;
  await fc.assert(
    fc.asyncProperty(
      fc.array(fc.array(outcomes, { minLength: 1, maxLength: 5 }), { minLength: 1, maxLength: 8 }),
      async (groups) => {
        const kinds = groups.flat();
        const { run, ids } = await onTheWire(kinds.length);
        const settling = settler(desk);
        const outcomeOf = (kind: SendOutcome['kind'], n: number): SendOutcome => {
          if (kind === 'accepted') return accepted(`${run}-${n}`);
          return { kind, why: why(kind === 'refused' ? 'blocked' : 'no-answer', `${n % 3}`) };
        };
        let n = 0;
        await Promise.all(
          groups.map((group) => settling.add(group.map((kind) => answer(ids[n]!, outcomeOf(kind, n++))))),
        );
        await settling.idle();
        expect((await messagesIn(database, run)).map((one) => one.state)).toEqual(kinds.map((kind) => expected[kind]));
      },
    ),
    { numRuns: 30 },
  );
});

test('what was answered while the database stumbled is kept all the same', async () => {
  const { ids } = await onTheWire(1);
  let failures = 2;
  const stumbling = {
    ...desk,
    receiptStore: {
      ...desk.receiptStore,
      learn: async (parts: Parameters<typeof desk.receiptStore.learn>[0]) => {
        if (failures-- > 0) throw new Error('the primary has stepped down');
        await desk.receiptStore.learn(parts);
      },
    },
  };
  await settler(stumbling).add([answer(ids[0]!, accepted('kept'))]);
  expect((await messageIn(database, ids[0]!)).state).toBe('accepted');
});
