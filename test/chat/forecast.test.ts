import fc from 'fast-check';
import { describe, expect, it } from 'vitest';
import { expectedEnd, type Remaining, timeFor, willMakeIt } from '../../src/chat/forecast.ts';

const MOSCOW: Remaining = {
  messages: 600,
  parts: 1200,
  ratePerSecond: 10,
  window: { from: '09:00', to: '20:00' },
  zones: ['Europe/Moscow'],
};
const at = (moscow: string): Date => new Date(`${moscow}:00+03:00`);

describe('how many go out in time', () => {
  it.each([
    ['2026-11-24T10:00', '2026-11-24T20:00', 600],
    ['2026-11-24T19:59', '2026-11-24T20:00', 300], // 60 s at 10 parts, 2 parts each
    ['2026-11-24T20:00', '2026-11-24T23:00', 0],
    ['2026-11-24T21:00', '2026-11-25T09:01', 300],
    ['2026-11-24T10:00', '2026-11-24T10:00', 0],
  ])('from %s to %s: %i', (from, until, n) => {
    expect(willMakeIt(MOSCOW, at(from), at(until))).toBe(n);
  });

  it('counts only the zones whose hours are open', () => {
    const two = { ...MOSCOW, zones: ['Europe/Moscow', 'Asia/Vladivostok'] };
    // 15:00 in Moscow is 22:00 in Vladivostok.
    expect(willMakeIt(two, at('2026-11-24T15:00'), at('2026-11-24T20:00'))).toBe(300);
    expect(willMakeIt(two, at('2026-11-24T09:00'), at('2026-11-24T20:00'))).toBe(600);
  });

  it('is never more than there are, and all when there is time enough', () => {
    const zones = fc.uniqueArray(fc.constantFrom('Europe/Moscow', 'Asia/Omsk', 'Asia/Kamchatka'), { minLength: 1 });
    fc.assert(
      fc.property(zones, fc.integer({ min: 0, max: 5000 }), fc.integer({ min: 1, max: 3 }), (zones, messages, each) => {
        const remaining = { ...MOSCOW, zones, messages, parts: Math.max(1, messages * each) };
        const short = willMakeIt(remaining, at('2026-11-24T09:00'), at('2026-11-24T09:05'));
        expect(short).toBeGreaterThanOrEqual(0);
        expect(short).toBeLessThanOrEqual(messages);
        expect(willMakeIt(remaining, at('2026-11-24T00:00'), at('2026-11-30T00:00'))).toBe(messages);
      }),
    );
  });
});

describe('when the last is out', () => {
  it.each([
    ['2026-11-24T10:00', 1200, '2026-11-24T10:02'],
    ['2026-11-24T08:00', 1200, '2026-11-24T09:02'],
    ['2026-11-24T19:59', 1200, '2026-11-25T09:01'],
    ['2026-11-24T09:00', 396_000 + 600, '2026-11-25T09:01'], // a day of 11 hours, and a minute
  ])('from %s with %i parts: %s', (from, parts, end) => {
    expect(expectedEnd({ ...MOSCOW, parts }, at(from))).toEqual(at(end));
  });

  it('is that of the zone that comes last', () => {
    const zones = ['Asia/Vladivostok', 'Europe/Kaliningrad'];
    expect(expectedEnd({ ...MOSCOW, zones }, at('2026-11-24T09:00'))).toEqual(at('2026-11-24T10:02'));
  });

  it('is not foretold for years ahead', () => {
    expect(expectedEnd({ ...MOSCOW, parts: 1e12 }, at('2026-11-24T09:00'))).toBeNull();
  });
});

it('time follows from parts and pace', () => {
  expect([timeFor(1200, 10), timeFor(1, 3), timeFor(0, 5)]).toEqual([120_000, 334, 0]);
});
