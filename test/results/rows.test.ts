/** What stands in the campaign's columns for one message, in every state. */
import { describe, expect, test } from 'vitest';
import { MESSAGE_ERRORS, MESSAGE_STATES, type MessageRecord, type SentUnder } from '../../src/campaigns/messages.ts';
import { COLUMN_KINDS, columnsOf, valuesOf } from '../../src/results/rows.ts';
import { texts } from '../../src/texts/index.ts';

const words = texts('en');
const sentAt = new Date('2026-11-23T09:00:00Z');
const doneAt = new Date('2026-11-23T09:00:07Z');

const under = (fields: Partial<SentUnder>) =>
  ({ provider: 'alfa', perPart: 2_350_000, chargedOn: 'submit', sentAt, ...fields }) as SentUnder;

const message = (fields: Partial<MessageRecord>): MessageRecord =>
  ({
    _id: '12.1:0000001',
    state: 'delivered',
    parts: 2,
    sent: under({}),
    doneAt,
    ...fields,
  }) as MessageRecord;

const [STATUS, OPERATOR, PARTS, COST, TIME, ERROR, ID, UPDATED, AWAITED] = [0, 1, 2, 3, 4, 5, 6, 7, 8] as const;

test('a delivered message', () => {
  expect(valuesOf(message({}), words)).toEqual([
    words.t('message-state.delivered'),
    'alfa',
    2,
    4.7,
    sentAt,
    null,
    '12.1:0000001',
    doneAt,
    0,
  ]);
});

test('a message that nobody has touched yet has no operator, cost or time', () => {
  const { sent: _s, doneAt: _d, ...rest } = message({ state: 'queued' });
  const values = valuesOf(rest as MessageRecord, words);
  expect([values[OPERATOR], values[COST], values[TIME], values[UPDATED], values[PARTS]]).toEqual([
    null,
    null,
    null,
    null,
    2,
  ]);
});

describe('cost', () => {
  test.each(MESSAGE_STATES)('%s', (state) => {
    const taken = ['accepted', 'delivered', 'undelivered', 'expired', 'rejected', 'unknown'].includes(state);
    expect(valuesOf(message({ state }), words)[COST]).toBe(taken ? 4.7 : null);
    const onDelivery = message({ state, sent: under({ chargedOn: 'delivery' }) });
    expect(valuesOf(onDelivery, words)[COST]).toBe(state === 'delivered' ? 4.7 : null);
  });

  test('is exact where prices have six decimals', () => {
    expect(valuesOf(message({ sent: under({ perPart: 1 }), parts: 3 }), words)[COST]).toBe(0.000003);
  });
});

describe('receipts awaited', () => {
  test.each(MESSAGE_STATES)('%s', (state) => {
    expect(valuesOf(message({ state }), words)[AWAITED]).toBe(state === 'accepted' || state === 'submitting' ? 2 : 0);
  });

  test('none of what the operator took without an id', () => {
    expect(valuesOf(message({ state: 'accepted', error: 'no-id' }), words)[AWAITED]).toBe(0);
  });
});

describe('error', () => {
  test.each(MESSAGE_ERRORS)('%s is said in words', (error) => {
    expect(valuesOf(message({ state: 'failed', error }), words)[ERROR]).toBe(words.t(`failure.${error}`));
  });

  test('with what the operator said, and that it may be there twice', () => {
    const said = valuesOf(message({ error: 'no-answer', errorDetail: 'nothing', possibleDuplicate: true }), words)[
      ERROR
    ];
    expect(said).toBe(`${words.t('failure.no-answer')}: nothing: ${words.t('result-note.possible-duplicate')}`);
    expect(valuesOf(message({ errorDetail: '27' }), words)[ERROR]).toBe('27');
  });
});

test('a receipt that is dated to the minute does not seem to come before the message', () => {
  const early = new Date('2026-11-23T08:59:00Z');
  expect(valuesOf(message({ doneAt: early }), words)[UPDATED]).toEqual(sentAt);
});

test('every column has a heading and a kind, in both languages', () => {
  for (const locale of ['en', 'ru'] as const) {
    const columns = columnsOf(texts(locale), 'RUB');
    expect(columns.length).toBe(COLUMN_KINDS.length);
    expect(new Set(columns).size).toBe(columns.length);
    expect(columns[COST]).toContain('RUB');
  }
  expect([COLUMN_KINDS[COST], COLUMN_KINDS[TIME], COLUMN_KINDS[PARTS]]).toEqual(['money', 'time', 'count']);
  expect(valuesOf(message({}), texts('ru'))[STATUS]).not.toBe(valuesOf(message({}), words)[STATUS]);
  expect(valuesOf(message({}), words)[ID]).toBe('12.1:0000001');
});
