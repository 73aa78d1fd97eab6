/** The checker over histories written by hand: it sees each kind of violation, and none where there is none. */
import { describe, expect, test } from 'vitest';
import type { LogEntry } from '../../integrations/sandbox/log.ts';
import { type Approved, check, type History, isClean, sumOf, type Verdict } from './checker.ts';

const ANNA = '+79000000001';
const BORIS = '+79000000002';

const wish = (to: string, fields: Partial<Approved> = {}): Approved => ({
  to,
  text: 'Hello',
  sender: 'HERALD',
  class: 'marketing',
  ...fields,
});

let lines = 0;
const line = (to: string, fields: Partial<LogEntry> = {}): LogEntry => {
  lines += 1;
  return {
    at: '2026-11-23T12:00:00.000Z',
    mono: 1000,
    n: lines,
    account: 'alfa',
    bind: 'alfa/1',
    seq: lines,
    from: 'HERALD',
    to: to.slice(1),
    sourceTon: 5,
    destinationTon: 1,
    dataCoding: 0,
    encoding: null,
    text: 'Hello',
    part: null,
    flaws: [],
    registered: 1,
    validity: '',
    userReference: null,
    unanswered: 1,
    answered: 0,
    messageId: String(lines),
    overLimit: null,
    ...fields,
  };
};

type Record = History['records'][number];
const record = (phone: string, state: Record['state'], fields: Partial<Record> = {}): Record =>
  ({ phone, state, ...fields }) as Record;

const judged = (history: Partial<History>): Verdict =>
  check({ approved: [wish(ANNA)], log: [], records: [], isOver: true, ...history });

describe('what is as it should be', () => {
  test.each<[string, Partial<History>]>([
    ['sent once, and delivered', { log: [line(ANNA)], records: [record(ANNA, 'delivered')] }],
    ['never sent, and said to have failed', { records: [record(ANNA, 'failed')] }],
    ['never sent, and said to be unknown', { records: [record(ANNA, 'unknown')] }],
    ['sent once, and said to be unknown', { log: [line(ANNA)], records: [record(ANNA, 'unknown')] }],
    [
      'refused as too fast, then taken',
      { log: [line(ANNA, { messageId: null }), line(ANNA)], records: [record(ANNA, 'accepted')] },
    ],
    [
      'a service message sent once more, and flagged',
      {
        approved: [wish(ANNA, { class: 'service' })],
        log: [line(ANNA), line(ANNA)],
        records: [record(ANNA, 'accepted', { possibleDuplicate: true })],
      },
    ],
    [
      'sent again because a person asked for it',
      {
        approved: [wish(ANNA, { againByHand: 1 })],
        log: [line(ANNA), line(ANNA)],
        records: [record(ANNA, 'accepted')],
      },
    ],
    [
      'sent before it was forbidden, and after it was allowed again',
      {
        approved: [wish(ANNA), wish(BORIS)],
        log: [line(ANNA, { mono: 1999 }), line(BORIS, { mono: 3000 })],
        records: [record(ANNA, 'accepted'), record(BORIS, 'accepted')],
        bans: [{ to: null, from: 2000, until: 3000 }],
      },
    ],
  ])('%s', (_what, history) => {
    const verdict = judged(history);
    expect(verdict).toMatchObject({ dup: 0, lost: 0, falseSent: 0, wrong: 0, stuck: 0, examples: [] });
    expect(isClean(verdict)).toBe(true);
  });

  test('parts of one message are one message', () => {
    const part = (index: number) => ({ part: { ref: 7, index, total: 2 }, text: index === 1 ? 'Hel' : 'lo' });
    const log = [line(ANNA, part(1)), line(ANNA, part(2))];
    expect(judged({ log, records: [record(ANNA, 'accepted')] })).toMatchObject({ sent: 1, dup: 0, wrong: 0 });
  });
});

describe('what must never happen', () => {
  test.each<[string, Partial<Verdict>, Partial<History>]>([
    ['marketing sent twice', { dup: 1 }, { log: [line(ANNA), line(ANNA)], records: [record(ANNA, 'accepted')] }],
    [
      'marketing sent twice, though flagged',
      { dup: 1 },
      { log: [line(ANNA), line(ANNA)], records: [record(ANNA, 'accepted', { possibleDuplicate: true })] },
    ],
    [
      'service sent twice without a flag',
      { dup: 1 },
      {
        approved: [wish(ANNA, { class: 'service' })],
        log: [line(ANNA), line(ANNA)],
        records: [record(ANNA, 'accepted')],
      },
    ],
    [
      'service sent three times, though flagged',
      { dup: 1 },
      {
        approved: [wish(ANNA, { class: 'service' })],
        log: [line(ANNA), line(ANNA), line(ANNA)],
        records: [record(ANNA, 'accepted', { possibleDuplicate: true })],
      },
    ],
    [
      'four copies of one message',
      { dup: 3 },
      { log: [1, 2, 3, 4].map(() => line(ANNA)), records: [record(ANNA, 'unknown')] },
    ],
    ['a person without a record', { lost: 1 }, {}],
    ['queued in a run that is over', { lost: 1 }, { records: [record(ANNA, 'queued')] }],
    ['queued, and nothing moves it', { stuck: 1 }, { records: [record(ANNA, 'queued')], isOver: false }],
    ['submitting for ever', { stuck: 1 }, { log: [line(ANNA)], records: [record(ANNA, 'submitting')] }],
    [
      'a receipt that was acknowledged and forgotten',
      { stuck: 1 },
      { log: [line(ANNA)], records: [record(ANNA, 'accepted')], receiptsDone: true },
    ],
    ['called accepted, never seen', { falseSent: 1 }, { records: [record(ANNA, 'accepted')] }],
    ['called delivered, never seen', { falseSent: 1 }, { records: [record(ANNA, 'delivered')] }],
    ['another text', { wrong: 1 }, { log: [line(ANNA, { text: 'Hi' })], records: [record(ANNA, 'accepted')] }],
    ['another sender', { wrong: 1 }, { log: [line(ANNA, { from: 'OTHER' })], records: [record(ANNA, 'accepted')] }],
    [
      'a number that nobody approved',
      { wrong: 1 },
      { log: [line(ANNA), line(BORIS)], records: [record(ANNA, 'accepted')] },
    ],
    ['taken, and called cancelled', { wrong: 1 }, { log: [line(ANNA)], records: [record(ANNA, 'cancelled')] }],
    [
      'sent after the stop',
      { wrong: 1 },
      { log: [line(ANNA, { mono: 2000 })], records: [record(ANNA, 'accepted')], bans: [{ to: null, from: 2000 }] },
    ],
    [
      'sent to a person who was suppressed',
      { wrong: 1 },
      { log: [line(ANNA, { mono: 2000 })], records: [record(ANNA, 'accepted')], bans: [{ to: ANNA, from: 1500 }] },
    ],
    [
      'sent outside its window',
      { wrong: 1 },
      { log: [line(ANNA)], records: [record(ANNA, 'accepted')], isOpen: (at) => at.getUTCHours() < 12 },
    ],
  ])('%s', (_what, expected, history) => {
    const verdict = judged(history);
    expect(verdict).toMatchObject({ dup: 0, lost: 0, falseSent: 0, wrong: 0, stuck: 0, ...expected });
    expect(verdict.examples).toHaveLength(1);
    expect(isClean(verdict)).toBe(false);
  });
});

test('verdicts of several campaigns add up', () => {
  const one = judged({});
  const other = judged({ log: [line(ANNA), line(ANNA)], records: [record(ANNA, 'unknown')] });
  expect(sumOf([one, other])).toMatchObject({ sent: 2, dup: 1, lost: 1, falseSent: 0, wrong: 0, stuck: 0, unknown: 1 });
  expect(sumOf([one, other]).examples).toHaveLength(2);
});
