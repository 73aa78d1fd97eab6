/** What an approval binds to: any change of it is another hash. */
import fc from 'fast-check';
import { describe, expect, test } from 'vitest';
import type { Campaign, Terms } from '../../src/campaigns/campaign.ts';
import type { FrozenMessage } from '../../src/campaigns/messages.ts';
import { hashOf, isWhatWasApproved, leafOf, rootOf, termsOf } from '../../src/campaigns/terms.ts';
import { draft, frozenRun, inState, NOW } from '../chat/cards/samples.ts';

const date = fc.date({ min: new Date('2020-01-01'), max: new Date('2040-01-01'), noInvalidDate: true });
const terms: fc.Arbitrary<Terms> = fc.record({
  campaign: fc.string(),
  revision: fc.nat(),
  text: fc.string(),
  sender: fc.string(),
  class: fc.constantFrom('marketing', 'service'),
  purpose: fc.string(),
  people: fc.nat(),
  parts: fc.nat(),
  ceiling: fc.nat(),
  currency: fc.constantFrom('RUB', 'USD'),
  providers: fc.uniqueArray(fc.string(), { maxLength: 4 }),
  notBefore: date,
  notAfter: date,
  root: fc.string(),
});

test('a change of any term changes the hash, and nothing else does', () => {
  fc.assert(
    fc.property(terms, terms, fc.shuffledSubarray(Object.keys(draftTerms()) as (keyof Terms)[]), (one, other, keys) => {
      const changed = { ...one, ...Object.fromEntries(keys.map((key) => [key, other[key]])) };
      expect(hashOf(changed) === hashOf(one)).toBe(canonical(changed) === canonical(one));
    }),
  );
});

const draftTerms = (): Terms => termsOf(draft('en'), NOW);
const canonical = (one: Terms): string =>
  JSON.stringify(Object.keys(draftTerms()).map((key) => [key, sorted(one[key as keyof Terms])]));
const sorted = (value: unknown): unknown => (Array.isArray(value) ? [...value].sort() : value);

const message: FrozenMessage = {
  _id: '1.1:0000001',
  person: 'p',
  phone: '+79001234567' as FrozenMessage['phone'],
  sender: 'ACME',
  text: 'Hello',
  encoding: 'gsm7',
  parts: 1,
  ceiling: 3,
};

test.each<[keyof FrozenMessage, unknown]>([
  ['_id', '1.1:0000002'],
  ['person', 'q'],
  ['phone', '+79001234568'],
  ['sender', 'ACME '],
  ['text', 'Hello.'],
  ['encoding', 'ucs2'],
  ['parts', 2],
  ['ceiling', 4],
])('another %s is another leaf', (field, value) => {
  expect(leafOf([{ ...message, [field]: value }])).not.toBe(leafOf([message]));
});

test('the root is over the leaves in their order', () => {
  expect(rootOf(['a', 'b'])).not.toBe(rootOf(['b', 'a']));
  expect(rootOf(['a', 'b'])).not.toBe(rootOf(['a']));
  expect(leafOf([message, { ...message, _id: 'x' }])).not.toBe(leafOf([{ ...message, _id: 'x' }, message]));
});

describe('not after', () => {
  test.each<[string, Partial<Campaign>, string]>([
    ['the end of the window on the day it starts', {}, '2026-11-24T17:00:00Z'],
    [
      'that of the westernmost zone',
      { frozen: frozenRun('en', { zones: ['Asia/Omsk', 'Europe/Kaliningrad'] }) },
      '2026-11-24T18:00:00Z',
    ],
    ['as the author set it', { notAfter: new Date('2026-11-30T00:00:00Z') }, '2026-11-30T00:00:00Z'],
    ['the next day when it starts on approval', { start: { kind: 'on-approval' } }, '2026-11-24T17:00:00Z'],
    ['a week when no time is set', { start: null }, '2026-11-30T17:00:00Z'],
  ])('is %s', (_what, fields, until) => {
    expect(termsOf(draft('en', fields), NOW).notAfter).toEqual(new Date(until));
  });

  test('there are no terms without numbers', () => {
    expect(() => termsOf(draft('en', { frozen: null }), NOW)).toThrow('12');
  });
});

describe('what was approved', () => {
  const approved = inState('en', 'scheduled');
  test('is what stands there', () => expect(isWhatWasApproved(approved)).toBe(true));
  test.each<[string, Partial<Campaign>]>([
    ['text', { text: 'Other' }],
    ['sender', { sender: 'OTHER' }],
    ['class', { class: 'service' }],
    ['purpose', { purpose: 'news' }],
    ['revision', { revision: 4 }],
    ['root', { frozen: frozenRun('en', { root: '0' }) }],
    ['hash', { approvedHash: 'f00' }],
    ['terms', { submission: { ...approved.submission!, terms: { ...approved.submission!.terms, ceiling: 1 } } }],
    ['approval', { approvedHash: null }],
    ['submission', { submission: null }],
    ['numbers', { frozen: null }],
  ])('is not with another %s, or none', (_what, fields) => {
    expect(isWhatWasApproved({ ...approved, ...fields })).toBe(false);
  });
});
