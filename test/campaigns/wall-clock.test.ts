import fc from 'fast-check';
import { DateTime } from 'luxon';
import { describe, expect, it } from 'vitest';
import { instantsBeside, instantsOf, offsetMs, wallTime } from '../../src/campaigns/wall-clock.ts';

const reading = (iso: string): number => Date.parse(`${iso}Z`);
const written = (instants: readonly number[]): readonly string[] =>
  instants.map((instant) => new Date(instant).toISOString().slice(0, 16));

describe('a reading of a wall clock', () => {
  it.each([
    ['Europe/Moscow', '2026-11-24T10:00', ['2026-11-24T07:00']],
    ['Asia/Kathmandu', '2026-11-24T10:00', ['2026-11-24T04:15']],
    ['Europe/Berlin', '2026-03-29T02:30', []],
    ['Europe/Berlin', '2026-10-25T02:30', ['2026-10-25T00:30', '2026-10-25T01:30']],
    ['America/New_York', '2026-03-08T02:00', []],
    ['America/New_York', '2026-11-01T01:59', ['2026-11-01T05:59', '2026-11-01T06:59']],
    ['Australia/Lord_Howe', '2026-04-05T01:45', ['2026-04-04T14:45', '2026-04-04T15:15']],
    ['Pacific/Apia', '2011-12-30T12:00', []],
  ])('in %s, %s, comes at %j', (zone, wall, instants) => {
    expect(written(instantsOf(zone, reading(wall)))).toEqual(instants);
  });

  it('that is skipped lies between two that are not', () => {
    expect(written(instantsBeside('Europe/Berlin', reading('2026-03-29T02:30')))).toEqual([
      '2026-03-29T00:30',
      '2026-03-29T01:30',
    ]);
  });

  it('always comes at the instant at which it was read, and is what Luxon reads', () => {
    const zones = fc.constantFrom(
      'Europe/Berlin',
      'America/New_York',
      'America/Havana',
      'Asia/Kamchatka',
      'Australia/Lord_Howe',
    );
    const minutes = fc.integer({ min: 0, max: 20 * 366 * 24 * 60 }).map((minute) => Date.UTC(2012) + minute * 60_000);
    fc.assert(
      fc.property(zones, minutes, (zone, instant) => {
        expect(instantsOf(zone, instant + offsetMs(zone, instant))).toContain(instant);
        const luxon = DateTime.fromMillis(instant, { zone });
        const { day, weekday, ms } = wallTime(zone, instant);
        expect(weekday).toBe(luxon.weekday);
        expect(ms).toBe((luxon.hour * 60 + luxon.minute) * 60_000);
        expect(new Date(day * 86_400_000).toISOString().slice(0, 10)).toBe(luxon.toISODate());
      }),
    );
  });
});
