/** What a person is told has changed since the version that was shown last. */
import { describe, expect, test } from 'vitest';
import { changedSection } from '../../src/chat/cards/changed.ts';
import type { NoticeView } from '../../src/chat/cards/notice.ts';
import { speechFor } from '../../src/chat/cards/speech.ts';
import { type Change, changesBetween, type Version } from '../../src/chat/changes.ts';

const seen: Version = {
  text: 'hash of the text',
  sender: 'ACME',
  start: '2026-11-24T07:00:00.000Z',
  audience: 'a1',
  people: 600,
  cost: 1_200_000_000,
  currency: 'RUB',
};
const at = (iso: string) => new Date(iso);

const cases: readonly [string, Version, readonly Change[], readonly string[]][] = [
  ['nothing', {}, [], ['Nothing has changed since you were last shown it.']],
  ['the text', { text: 'another' }, [{ what: 'text' }], ['Text: it is another one now']],
  ['the sender', { sender: 'SHOP' }, [{ what: 'sender', before: 'ACME', after: 'SHOP' }], ['Sender: ACME → SHOP']],
  [
    'the start',
    { start: '2026-11-25T07:00:00.000Z' },
    [{ what: 'start', before: at('2026-11-24T07:00:00Z'), after: at('2026-11-25T07:00:00Z') }],
    ['Starts: Tue 24 Nov 2026, 10:00 (Europe/Moscow, UTC+3) → Wed 25 Nov 2026, 10:00 (Europe/Moscow, UTC+3)'],
  ],
  [
    'the start, to the approval',
    { start: 'on-approval' },
    [{ what: 'start', before: at('2026-11-24T07:00:00Z'), after: 'on-approval' }],
    ['Starts: Tue 24 Nov 2026, 10:00 (Europe/Moscow, UTC+3) → as soon as it is approved'],
  ],
  [
    'the start, to none',
    { start: null },
    [{ what: 'start', before: at('2026-11-24T07:00:00Z'), after: null }],
    ['Starts: Tue 24 Nov 2026, 10:00 (Europe/Moscow, UTC+3) → no time set yet'],
  ],
  [
    'how many people, and so the cost',
    { audience: 'a2', people: 612, cost: 1_224_000_000 },
    [
      { what: 'people', before: 600, after: 612 },
      { what: 'cost', before: 1_200_000_000, after: 1_224_000_000, currency: 'RUB' },
    ],
    ['Recipients: 600 → 612', 'At most: 1,200.00 RUB → 1,224.00 RUB'],
  ],
  [
    'who the people are, though they are as many',
    { audience: 'a2' },
    [{ what: 'people', before: 600, after: 600 }],
    ['Recipients: as many as before, but the list is another one now'],
  ],
];

describe('since it was last shown', () => {
  const say = speechFor({ locale: 'en', zone: 'Europe/Moscow', personalData: 'full' });
  const viewOf = (changes: readonly Change[] | undefined, kind: string) =>
    ({ kind, changes, campaign: { zone: 'Europe/Moscow' } }) as unknown as NoticeView;

  test.each(cases)('%s changed', (_, fields, changes, lines) => {
    expect(changesBetween(seen, { ...seen, ...fields })).toEqual(changes);
    const [section] = changedSection(viewOf(changes, 'waiting'), say);
    const said = section?.lines ?? section?.facts?.map(({ label, value }) => `${label}: ${value}`);
    expect(said).toEqual(lines);
  });

  test('a reminder of the same, and a first request, say nothing of changes', () => {
    expect(changedSection(viewOf([], 'reminder'), say)).toEqual([]);
    expect(changedSection(viewOf(undefined, 'waiting'), say)).toEqual([]);
  });
});
