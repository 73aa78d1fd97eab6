/** What is concluded from a canary, and from what has become of a run. */
import { describe, expect, test } from 'vitest';
import type { Campaign } from '../../src/campaigns/campaign.ts';
import type { Canary, Found } from '../../src/campaigns/guard-terms.ts';
import { type CanaryFound, canarySize, canaryVerdict, limitsOf, troubleIn } from '../../src/dispatch/canary.ts';
import { NO_GUARDS } from '../support/guards.ts';

const terms = { ...NO_GUARDS, canaryAbove: 1000, canaryMs: 60_000, failuresPercent: 20, optOutsPercent: 2 };
const NOW = new Date('2026-11-29T12:00:00Z');

test.each<[number, object, number | null]>([
  [1000, {}, null],
  [1001, {}, 50],
  [5000, {}, 50],
  [5001, {}, 51],
  [100_000, {}, 1000],
  [100_000, { class: 'service' }, null],
  [100_000, { kind: 'test' }, null],
])('of %d people, %o: %s go ahead', (messages, fields, size) => {
  const campaign = { kind: 'campaign', class: 'marketing', frozen: { messages }, ...fields } as unknown as Campaign;
  expect(canarySize(campaign, terms)).toBe(size);
});

test('there are always others for whom it goes ahead', () => {
  const campaign = { kind: 'campaign', class: 'marketing', frozen: { messages: 50 } } as unknown as Campaign;
  expect(canarySize(campaign, { ...terms, canaryAbove: 10 })).toBeNull();
});

describe('a canary of 50', () => {
  const canary = (fields: Partial<Canary> = {}): Canary => ({ size: 50, left: 0, round: 0, state: 'open', ...fields });
  const found = (fields: Partial<CanaryFound> = {}): CanaryFound => ({
    ...{ sent: 50, delivered: 0, failed: 0, optOuts: 0, waiting: 0, awaited: 50, unknown: 0 },
    ...fields,
  });
  const heard = { delivered: 40, awaited: 10 };
  const sentAt = new Date(NOW.getTime() - 1000);
  const longAgo = new Date(NOW.getTime() - 60_000);
  test.each<[string, Canary, CanaryFound, string]>([
    ['is waited for until all of it is taken', canary({ left: 1 }), found(heard), 'wait'],
    ['and sent', canary(), found({ delivered: 30, awaited: 19, waiting: 1 }), 'wait'],
    ['begins to wait for its receipts then', canary(), found({ delivered: 30, awaited: 20 }), 'sent'],
    [
      'and is not waited for when enough of it was heard of',
      canary(),
      found({ ...heard, awaited: 9, waiting: 1 }),
      'passed',
    ],
    ['and has passed with four fifths of them', canary({ sentAt }), found(heard), 'passed'],
    [
      'waits for none of whom it is unknown whether they were sent to',
      canary({ sentAt }),
      found({ delivered: 30, awaited: 7, unknown: 13 }),
      'passed',
    ],
    [
      'and is judged by no fewer than four fifths of its half',
      canary({ sentAt }),
      found({ delivered: 19, awaited: 0, unknown: 31 }),
      'wait',
    ],
    ['not with fewer', canary({ sentAt }), found({ delivered: 39, awaited: 11 }), 'wait'],
    [
      'unless they were waited for long enough',
      canary({ sentAt: longAgo }),
      found({ delivered: 3, awaited: 47 }),
      'passed',
    ],
    ['also without any', canary({ sentAt: longAgo }), found(), 'passed'],
    [
      'has failed as soon as too many have, though nothing else is known',
      canary({ left: 20 }),
      found({ failed: 11 }),
      'failed',
    ],
    [
      'not while just as many have as may',
      canary({ sentAt }),
      found({ delivered: 40, failed: 10, awaited: 0 }),
      'passed',
    ],
    [
      'has failed by its share of what has an outcome',
      canary({ sentAt: longAgo }),
      found({ delivered: 20, failed: 6, awaited: 24 }),
      'failed',
    ],
    ['not by a few', canary({ sentAt: longAgo }), found({ delivered: 5, failed: 4, awaited: 41 }), 'passed'],
    ['has failed when too many ask to be left alone', canary({ sentAt }), found({ ...heard, optOuts: 2 }), 'failed'],
    ['not by one', canary({ sentAt }), found({ ...heard, optOuts: 1 }), 'passed'],
    ['has not passed while little of it is claimed', canary({ sentAt }), found({ sent: 0, awaited: 0 }), 'wait'],
    [
      'is given more where most people of it were suppressed',
      canary({ sentAt: longAgo }),
      found({ sent: 24, awaited: 24 }),
      'more',
    ],
  ])('%s', (_what, one, seen, verdict) => {
    expect(canaryVerdict(one, seen, NOW, terms, 30_000).kind).toBe(verdict);
  });

  test('is never given more than its size, whatever was sent of it', () => {
    expect(canaryVerdict(canary({ sentAt: longAgo }), found({ sent: 10, awaited: 10 }), NOW, terms, 30_000)).toEqual({
      kind: 'more',
      count: 40,
    });
  });
});

describe('a run', () => {
  const found = (fields: Partial<Found>): Found => ({ sent: 0, delivered: 0, failed: 0, optOuts: 0, ...fields });
  test.each<[Found, string | undefined]>([
    [found({ sent: 49, failed: 49 }), undefined],
    [found({ sent: 50, failed: 50 }), 'failures'],
    [found({ sent: 50, delivered: 40, failed: 10 }), undefined],
    [found({ sent: 51, delivered: 40, failed: 11 }), 'failures'],
    [found({ sent: 49, optOuts: 49 }), undefined],
    [found({ sent: 100, optOuts: 2 }), undefined],
    [found({ sent: 100, optOuts: 3 }), 'opt-outs'],
  ])('%o', (seen, kind) => {
    expect(troubleIn(seen, terms)?.kind).toBe(kind);
  });

  test('that a person let go on is stopped again only when it has become worse', () => {
    const limits = limitsOf({ stoppedAt: { failures: 35, optOuts: 3 } }, terms);
    expect(limits).toEqual({ failuresPercent: 45, optOutsPercent: 6 });
    expect(limitsOf({}, terms)).toMatchObject({ failuresPercent: 20, optOutsPercent: 2 });
    expect(limitsOf({ stoppedAt: { failures: 5 } }, terms)).toMatchObject({ failuresPercent: 20 });
  });
});
