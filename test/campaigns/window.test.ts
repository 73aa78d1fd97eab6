import fc from 'fast-check';
import { DateTime } from 'luxon';
import { describe, expect, it } from 'vitest';
import {
  closes,
  formatWindow,
  isOpen,
  lastWindowEnd,
  nextOpening,
  openMs,
  parseWindow,
  type SendingWindow,
  type Weekday,
} from '../../src/campaigns/window.ts';

/** One of each of Russia's eleven hours. */
const RUSSIA = [
  'Europe/Kaliningrad',
  'Europe/Moscow',
  'Europe/Samara',
  'Asia/Yekaterinburg',
  'Asia/Omsk',
  'Asia/Krasnoyarsk',
  'Asia/Irkutsk',
  'Asia/Yakutsk',
  'Asia/Vladivostok',
  'Asia/Magadan',
  'Asia/Kamchatka',
];
/** Odd clocks: half and quarter hours, a jump of half an hour, jumps at midnight, a day that never was (30 December 2011). */
const ODD = [
  'Asia/Kathmandu',
  'Australia/Lord_Howe',
  'America/Havana',
  'America/Santiago',
  'Africa/Cairo',
  'Pacific/Apia',
];

const HOUR = 3_600_000;
const day: SendingWindow = { from: '09:00', to: '20:00' };
const at = (iso: string): Date => new Date(iso);
const iso = (instant: Date): string => instant.toISOString().replace(':00.000Z', 'Z');

describe('sending hours as people write them', () => {
  it.each([
    ['09:00-20:00', '09:00-20:00'],
    ['9-20', '09:00-20:00'],
    [' 9:30 – 18.45 ', '09:30-18:45'],
    ['00:00-24:00', '00:00-24:00'],
  ])('%s is a window', (text, written) => {
    const reading = parseWindow(text);
    expect(reading.kind === 'window' && formatWindow(reading.window)).toBe(written);
  });

  it.each([
    ['20:00-09:00', 'crosses-midnight'],
    ['22-2', 'crosses-midnight'],
    ['24:00-00:00', 'crosses-midnight'],
    ['09:00-09:00', 'empty'],
    ['', 'not-a-window'],
    ['9 to 20', 'not-a-window'],
    ['09:00', 'not-a-window'],
    ['09:60-20:00', 'not-a-window'],
    ['09:00-24:01', 'not-a-window'],
    ['09:00-25:00', 'not-a-window'],
    ['09:00-20:00 or so', 'not-a-window'],
  ])('%s is refused: %s', (text, why) => {
    expect(parseWindow(text)).toEqual({ kind: 'refused', why });
  });

  it('that never came through parseWindow are a bug', () => {
    const broken = { from: '20:00', to: '09:00' };
    expect(() => isOpen(broken, 'UTC', at('2026-11-24T07:00Z'))).toThrow('20:00-09:00 is not a sending window');
    expect(() => isOpen({ from: 'ab:cd', to: '09:00' }, 'UTC', at('2026-11-24T07:00Z'))).toThrow(RangeError);
    expect(() => nextOpening({ ...day, days: [] }, 'UTC', at('2026-11-24T07:00Z'))).toThrow('never opens');
    expect(() => isOpen(day, 'Mars/Olympus', at('2026-11-24T07:00Z'))).toThrow('Mars/Olympus');
    expect(() => lastWindowEnd(day, [], at('2026-11-24T07:00Z'))).toThrow(RangeError);
  });
});

describe('a window', () => {
  it.each([
    ['2026-11-24T05:59:59.999Z', false],
    ['2026-11-24T06:00:00.000Z', true],
    ['2026-11-24T16:59:59.999Z', true],
    ['2026-11-24T17:00:00.000Z', false],
  ])('from 9 to 20 in Moscow at %s is open: %s', (instant, open) => {
    expect(isOpen(day, 'Europe/Moscow', at(instant))).toBe(open);
  });

  it('opens next at once when open, today when it is early, tomorrow when it is late', () => {
    expect(iso(nextOpening(day, 'Europe/Moscow', at('2026-11-24T10:00Z')))).toBe('2026-11-24T10:00Z');
    expect(iso(nextOpening(day, 'Europe/Moscow', at('2026-11-24T01:00Z')))).toBe('2026-11-24T06:00Z');
    expect(iso(nextOpening(day, 'Europe/Moscow', at('2026-11-24T17:00Z')))).toBe('2026-11-25T06:00Z');
  });

  it('closes at the end of its hours, those of the next opening when it is closed', () => {
    expect(iso(closes(day, 'Europe/Moscow', at('2026-11-24T10:00Z')))).toBe('2026-11-24T17:00Z');
    expect(iso(closes(day, 'Europe/Moscow', at('2026-11-24T17:00Z')))).toBe('2026-11-25T17:00Z');
  });

  it('that is never closed still ends with each day', () => {
    const always = { from: '00:00', to: '24:00' };
    expect(isOpen(always, 'Europe/Moscow', at('2026-11-24T21:00Z'))).toBe(true);
    expect(iso(closes(always, 'Europe/Moscow', at('2026-11-24T10:00Z')))).toBe('2026-11-24T21:00Z');
    expect(openMs(always, 'Europe/Moscow', at('2026-11-24T10:00Z'), at('2026-11-27T10:00Z'))).toBe(72 * HOUR);
  });

  it('of working days waits over the weekend', () => {
    const working = { ...day, days: [1, 2, 3, 4, 5] as const };
    const friday = at('2026-11-27T17:00Z');
    expect(isOpen(working, 'Europe/Moscow', at('2026-11-28T10:00Z'))).toBe(false);
    expect(iso(nextOpening(working, 'Europe/Moscow', friday))).toBe('2026-11-30T06:00Z');
    expect(openMs(working, 'Europe/Moscow', friday, at('2026-11-30T07:30Z'))).toBe(1.5 * HOUR);
  });

  it('counts its own hours only', () => {
    expect(openMs(day, 'Europe/Moscow', at('2026-11-24T15:00Z'), at('2026-11-25T08:00Z'))).toBe(4 * HOUR);
    expect(openMs(day, 'Europe/Moscow', at('2026-11-24T17:00Z'), at('2026-11-25T06:00Z'))).toBe(0);
    expect(openMs(day, 'Europe/Moscow', at('2026-11-25T06:00Z'), at('2026-11-24T06:00Z'))).toBe(0);
  });
});

describe('over Russia', () => {
  it('opens eleven hours apart from Kamchatka to Kaliningrad', () => {
    const midnight = at('2026-11-23T12:00Z'); // 00:00 on the 24th in Kamchatka
    const openings = RUSSIA.map((zone) => iso(nextOpening(day, zone, midnight)));
    expect(openings).toEqual([
      '2026-11-23T12:00Z', // still 14:00 on the 23rd in Kaliningrad
      '2026-11-23T12:00Z',
      '2026-11-23T12:00Z',
      '2026-11-23T12:00Z',
      '2026-11-23T12:00Z',
      '2026-11-23T12:00Z',
      '2026-11-24T01:00Z', // 20:00 sharp in Irkutsk: closed
      '2026-11-24T00:00Z',
      '2026-11-23T23:00Z',
      '2026-11-23T22:00Z',
      '2026-11-23T21:00Z',
    ]);
  });

  it('ends the last window in Kaliningrad while nobody’s window of the day is over', () => {
    const start = at('2026-11-24T07:00Z'); // 10:00 in Moscow, 19:00 in Kamchatka
    expect(iso(lastWindowEnd(day, RUSSIA, start))).toBe('2026-11-24T18:00Z');
  });

  it('leaves those whose window is over their next one', () => {
    const start = at('2026-11-24T09:00Z'); // 12:00 in Moscow, 21:00 in Kamchatka
    expect(iso(lastWindowEnd(day, RUSSIA, start))).toBe('2026-11-25T09:00Z'); // 20:00 in Magadan on the 25th
    expect(iso(lastWindowEnd(day, ['Europe/Moscow'], start))).toBe('2026-11-24T17:00Z');
  });
});

describe('when clocks change', () => {
  it.each([
    ['Europe/Berlin', 'spring', '2026-03-29', '2026-03-29T07:00Z', '2026-03-29T18:00Z'],
    ['Europe/Berlin', 'autumn', '2026-10-25', '2026-10-25T08:00Z', '2026-10-25T19:00Z'],
    ['America/New_York', 'spring', '2026-03-08', '2026-03-08T13:00Z', '2026-03-09T00:00Z'],
    ['America/New_York', 'autumn', '2026-11-01', '2026-11-01T14:00Z', '2026-11-02T01:00Z'],
  ])('in %s in %s, hours by day stay those on the wall', (zone, _season, date, opens, ends) => {
    const early = DateTime.fromISO(`${date}T00:30`, { zone }).toJSDate();
    expect(iso(nextOpening(day, zone, early))).toBe(opens);
    expect(iso(closes(day, zone, early))).toBe(ends);
    expect(openMs(day, zone, early, new Date(early.getTime() + 24 * HOUR))).toBe(11 * HOUR);
  });

  // Berlin, 2026-03-29: 01:59:59 is followed by 03:00:00, at 01:00Z. New York, 2026-03-08: the same at 07:00Z.
  it.each([
    ['Europe/Berlin', '02:30', '05:00', '2026-03-29T01:00Z', '2026-03-29T03:00Z'],
    ['Europe/Berlin', '01:00', '02:30', '2026-03-29T00:00Z', '2026-03-29T01:00Z'],
    ['Europe/Berlin', '01:30', '03:30', '2026-03-29T00:30Z', '2026-03-29T01:30Z'],
    ['America/New_York', '02:30', '05:00', '2026-03-08T07:00Z', '2026-03-08T09:00Z'],
    ['America/New_York', '01:00', '02:30', '2026-03-08T06:00Z', '2026-03-08T07:00Z'],
  ])(
    'in %s %s-%s, with an edge in the hour that is skipped, opens and closes at its jump',
    (zone, from, to, opens, ends) => {
      const early = new Date(at(opens).getTime() - HOUR / 4);
      expect(iso(nextOpening({ from, to }, zone, early))).toBe(opens);
      expect(iso(closes({ from, to }, zone, early))).toBe(ends);
    },
  );

  it('stays closed on the day whose whole window is skipped', () => {
    const night = { from: '02:00', to: '03:00' };
    const early = at('2026-03-29T00:00Z');
    expect(iso(nextOpening(night, 'Europe/Berlin', early))).toBe('2026-03-30T00:00Z');
    expect(iso(nextOpening({ ...night, days: [7] }, 'Europe/Berlin', early))).toBe('2026-04-05T00:00Z');
  });

  // Berlin, 2026-10-25: 02:59:59 (00:59:59Z) is followed by 02:00:00. New York, 2026-11-01: 01:59:59 (05:59:59Z) by 01:00:00.
  it('is open twice where its edge is in the hour that comes twice', () => {
    const late = { from: '02:30', to: '05:00' };
    expect(iso(nextOpening(late, 'Europe/Berlin', at('2026-10-25T00:00Z')))).toBe('2026-10-25T00:30Z');
    expect(iso(closes(late, 'Europe/Berlin', at('2026-10-25T00:00Z')))).toBe('2026-10-25T01:00Z');
    expect(iso(nextOpening(late, 'Europe/Berlin', at('2026-10-25T01:00Z')))).toBe('2026-10-25T01:30Z');
    expect(iso(closes(late, 'Europe/Berlin', at('2026-10-25T01:00Z')))).toBe('2026-10-25T04:00Z');
    const early = { from: '00:00', to: '01:30' };
    expect(iso(closes(early, 'America/New_York', at('2026-11-01T04:00Z')))).toBe('2026-11-01T05:30Z');
    expect(iso(nextOpening(early, 'America/New_York', at('2026-11-01T05:30Z')))).toBe('2026-11-01T06:00Z');
    expect(iso(closes(early, 'America/New_York', at('2026-11-01T05:30Z')))).toBe('2026-11-01T06:30Z');
  });

  it('is one opening where the whole hour that comes twice is inside', () => {
    const night = { from: '00:00', to: '12:00' };
    expect(iso(closes(night, 'Europe/Berlin', at('2026-10-24T22:00Z')))).toBe('2026-10-25T11:00Z');
    expect(openMs(night, 'Europe/Berlin', at('2026-10-24T22:00Z'), at('2026-10-25T22:00Z'))).toBe(13 * HOUR);
  });
});

describe('whatever the window, zone and instant', () => {
  const window = fc
    .tuple(
      fc.integer({ min: 0, max: 287 }),
      fc.integer({ min: 1, max: 288 }),
      fc.option(fc.uniqueArray(fc.integer({ min: 1, max: 7 }), { minLength: 1 })),
    )
    .filter(([from, to]) => from < to)
    .map(([from, to, days]): SendingWindow => {
      const clock = (fives: number) =>
        `${String(Math.floor(fives / 12)).padStart(2, '0')}:${String((fives % 12) * 5).padStart(2, '0')}`;
      return { from: clock(from), to: clock(to), ...(days ? { days: days as Weekday[] } : {}) };
    });
  const zone = fc.constantFrom(...RUSSIA, ...ODD, 'Europe/Berlin', 'America/New_York');
  // Around days on which clocks change somewhere, and anywhere in twenty years.
  const instant = fc.oneof(
    fc.date({ min: at('2010-01-01'), max: at('2030-01-01'), noInvalidDate: true }),
    fc
      .constantFrom('2026-03-08', '2026-03-29', '2026-10-25', '2026-11-01', '2011-12-30', '2026-04-05', '2026-09-06')
      .chain((date) =>
        fc.integer({ min: -36 * HOUR, max: 60 * HOUR }).map((shift) => new Date(at(date).getTime() + shift)),
      ),
  );
  const justBefore = (moment: Date): Date => new Date(moment.getTime() - 1);

  it('the next opening is open, and nothing between is', () => {
    fc.assert(
      fc.property(window, zone, instant, fc.double({ min: 0, max: 0.999, noNaN: true }), (hours, where, now, share) => {
        const opening = nextOpening(hours, where, now);
        expect(opening.getTime()).toBeGreaterThanOrEqual(now.getTime());
        expect(isOpen(hours, where, opening)).toBe(true);
        if (isOpen(hours, where, now)) {
          expect(opening).toEqual(now);
          return;
        }
        expect(isOpen(hours, where, justBefore(opening))).toBe(false);
        const between = new Date(now.getTime() + share * (opening.getTime() - now.getTime()));
        expect(isOpen(hours, where, between)).toBe(false);
        expect(openMs(hours, where, now, opening)).toBe(0);
      }),
    );
  });

  it('it is open from the opening until just before it closes, and closed then but at midnight', () => {
    fc.assert(
      fc.property(window, zone, instant, fc.double({ min: 0, max: 0.999, noNaN: true }), (hours, where, now, share) => {
        const opening = nextOpening(hours, where, now);
        const closing = closes(hours, where, now);
        const between = new Date(Math.floor(opening.getTime() + share * (closing.getTime() - opening.getTime())));
        expect(isOpen(hours, where, between)).toBe(true);
        expect(isOpen(hours, where, justBefore(closing))).toBe(true);
        expect(openMs(hours, where, now, closing)).toBe(closing.getTime() - opening.getTime());
        if (hours.from !== '00:00') expect(isOpen(hours, where, closing)).toBe(false);
      }),
    );
  });

  it('open time adds up, and is what a walk minute by minute counts', () => {
    const minutes = fc.integer({ min: 0, max: 3 * 24 * 60 });
    fc.assert(
      fc.property(window, zone, instant, minutes, minutes, (hours, where, now, first, second) => {
        const start = new Date(Math.floor(now.getTime() / 60_000) * 60_000);
        const middle = new Date(start.getTime() + first * 60_000);
        const end = new Date(middle.getTime() + second * 60_000);
        const whole = openMs(hours, where, start, end);
        expect(openMs(hours, where, start, middle) + openMs(hours, where, middle, end)).toBe(whole);
        let walked = 0;
        for (let minute = start.getTime(); minute < end.getTime(); minute += 60_000) {
          if (isOpen(hours, where, new Date(minute))) walked += 60_000;
        }
        expect(whole).toBe(walked);
      }),
      { numRuns: 40 },
    );
  });

  it('is open when Luxon, asked by itself, says that the wall shows such a time', () => {
    fc.assert(
      fc.property(window, zone, instant, (hours, where, now) => {
        const wall = DateTime.fromJSDate(now, { zone: where });
        const shown = wall.toFormat('HH:mm');
        const allowed = hours.days?.includes(wall.weekday as Weekday) ?? true;
        expect(isOpen(hours, where, now)).toBe(shown >= hours.from && shown < hours.to && allowed);
      }),
    );
  });
});
