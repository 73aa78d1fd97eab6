import fc from 'fast-check';
import { DateTime } from 'luxon';
import { afterEach, describe, expect, it } from 'vitest';
import { readWhen, type When, type WhenProblem } from '../../src/chat/when.ts';
import type { Locale } from '../../src/texts/index.ts';

/** Monday 23 November 2026, noon in Moscow. */
const NOW = new Date('2026-11-23T09:00:00Z');
const MOSCOW = 'Europe/Moscow';

const read = (text: string, zone = MOSCOW, now = NOW, locale: Locale = 'en'): When =>
  readWhen(text, { now, zone, locale });
const minute = (at: Date): string => at.toISOString().slice(0, 16);
/** Wall time in the zone: `2026-11-24 10:00`. */
const wall = (at: Date, zone: string): string => DateTime.fromJSDate(at, { zone }).toFormat('yyyy-MM-dd HH:mm');

function said(when: When, zone = MOSCOW): string {
  switch (when.kind) {
    case 'instant':
      return wall(when.at, when.zone);
    case 'now':
      return 'now';
    case 'unclear':
      return [when.why, ...(when.options ?? []).map((option) => wall(option, zone))].join(' | ');
  }
}

describe('a time that means one instant', () => {
  it.each([
    // a day by its name
    ['tomorrow 10:00', '2026-11-24 10:00'],
    ['Tomorrow at 10am.', '2026-11-24 10:00'],
    ['10:00 tomorrow', '2026-11-24 10:00'],
    ['tomorrow, noon', '2026-11-24 12:00'],
    ['today 6pm', '2026-11-23 18:00'],
    ['today at 18.30', '2026-11-23 18:30'],
    ['tonight at 8', '2026-11-23 20:00'],
    ['this evening at 8', '2026-11-23 20:00'],
    ['tomorrow afternoon at 3', '2026-11-24 15:00'],
    ['tomorrow at night at 11', '2026-11-24 23:00'],
    ['day after tomorrow 10:00', '2026-11-25 10:00'],
    ['завтра в 10', '2026-11-24 10:00'],
    ['Завтра, в 10:00!', '2026-11-24 10:00'],
    ['на завтра в 10:00', '2026-11-24 10:00'],
    ['завтра в 10 утра', '2026-11-24 10:00'],
    ['завтра утром в 10', '2026-11-24 10:00'],
    ['завтра в 5 вечера', '2026-11-24 17:00'],
    ['завтра в 3 дня', '2026-11-24 15:00'],
    ['завтра в 2 ночи', '2026-11-24 02:00'],
    ['завтра в 10 часов', '2026-11-24 10:00'],
    ['завтра в 10 часов 30 минут', '2026-11-24 10:30'],
    ['завтра 10.30', '2026-11-24 10:30'],
    ['завтра 10', '2026-11-24 10:00'],
    ['завтра в полдень', '2026-11-24 12:00'],
    ['сегодня вечером в 8', '2026-11-23 20:00'],
    ['послезавтра в 11', '2026-11-25 11:00'],
    // a weekday is the coming one
    ['в пятницу в 14:30', '2026-11-27 14:30'],
    ['пт 14:30', '2026-11-27 14:30'],
    ['вс 10:00', '2026-11-29 10:00'],
    ['во вторник в 9:00', '2026-11-24 09:00'],
    ['в эту пятницу в 10', '2026-11-27 10:00'],
    ['в ближайшую пятницу в 10', '2026-11-27 10:00'],
    ['on friday at 14:30', '2026-11-27 14:30'],
    ['this monday 18:00', '2026-11-23 18:00'],
    ['next monday 10:00', '2026-11-30 10:00'],
    ['в следующий понедельник в 10', '2026-11-30 10:00'],
    // a date, day first
    ['24.11 10:00', '2026-11-24 10:00'],
    ['24.11 в 10', '2026-11-24 10:00'],
    ['24.11 10', '2026-11-24 10:00'],
    ['1.12 9.30', '2026-12-01 09:30'],
    ['03.04 10:00', '2027-04-03 10:00'],
    ['03.04.2027 10:00', '2027-04-03 10:00'],
    ['24.11.2026 в 9', '2026-11-24 09:00'],
    ['24.11.26 9:00', '2026-11-24 09:00'],
    ['24/12 10:00', '2026-12-24 10:00'],
    ['24-11-2026 10:00', '2026-11-24 10:00'],
    ['2026-11-24 10:00', '2026-11-24 10:00'],
    ['2026-11-24T10:00:00', '2026-11-24 10:00'],
    ['10:00 24.11.2026', '2026-11-24 10:00'],
    ['24 ноября в 10', '2026-11-24 10:00'],
    ['24-го ноября в 10', '2026-11-24 10:00'],
    ['24 нояб. 10:00', '2026-11-24 10:00'],
    ['24 ноября 10', '2026-11-24 10:00'],
    ['24 ноября 2026 г. в 10:00', '2026-11-24 10:00'],
    ['1 января 10:00', '2027-01-01 10:00'],
    ['Nov 24, 10:00', '2026-11-24 10:00'],
    ['24th of November 10am', '2026-11-24 10:00'],
    ['25 December 2026 at 3:45 p.m.', '2026-12-25 15:45'],
    // a day said twice
    ['friday 27.11 10:00', '2026-11-27 10:00'],
    ['пятница, 27 ноября, 10:00', '2026-11-27 10:00'],
    ['завтра 24.11 в 10', '2026-11-24 10:00'],
    // so many days from now, at a time
    ['in 2 days at 10:00', '2026-11-25 10:00'],
    ['in a week at 10:00', '2026-11-30 10:00'],
    ['через 3 дня в 3 дня', '2026-11-26 15:00'],
    ['через неделю в 10:00', '2026-11-30 10:00'],
    ['через две недели в 10', '2026-12-07 10:00'],
    ['через месяц в 10', '2026-12-23 10:00'],
    // a delay
    ['in 30 minutes', '2026-11-23 12:30'],
    ['in 2h 15m', '2026-11-23 14:15'],
    ['in an hour', '2026-11-23 13:00'],
    ['in half an hour', '2026-11-23 12:30'],
    ['in an hour and a half', '2026-11-23 13:30'],
    ['через 2 часа', '2026-11-23 14:00'],
    ['через час', '2026-11-23 13:00'],
    ['через полчаса', '2026-11-23 12:30'],
    ['через полтора часа', '2026-11-23 13:30'],
    ['через 1,5 часа', '2026-11-23 13:30'],
    ['через 1 час 20 минут', '2026-11-23 13:20'],
    ['через 48 часов', '2026-11-25 12:00'],
    // a time alone is today's, while it is to come
    ['18:00', '2026-11-23 18:00'],
    ['в 18', '2026-11-23 18:00'],
    ['вечером в 8', '2026-11-23 20:00'],
    ['6 pm', '2026-11-23 18:00'],
  ])('%s is %s', (text, expected) => {
    for (const locale of ['en', 'ru'] as const) expect(said(read(text, MOSCOW, NOW, locale))).toBe(expected);
  });

  it.each(['now', 'Right now!', 'immediately', 'сейчас', 'прямо сейчас', 'сразу'])('%s is now', (text) => {
    expect(read(text)).toEqual({ kind: 'now' });
  });

  it.each([
    'as soon as approved',
    'once it is approved',
    'when it’s approved',
    'right after approval',
    'как только одобрят',
    'сразу, как согласуют',
    'сразу после одобрения',
    'когда будет утверждена',
  ])('%s is as soon as it may', (text) => {
    expect(read(text)).toEqual({ kind: 'now' });
  });

  it('is echoed on a whole minute, and a delay never ends sooner than asked', () => {
    const now = new Date('2026-11-23T09:00:00.001Z');
    expect(read('in 30 minutes', MOSCOW, now)).toEqual({
      kind: 'instant',
      at: new Date('2026-11-23T09:31:00Z'),
      zone: MOSCOW,
    });
  });
});

describe('a time in a zone of its own', () => {
  it.each([
    ['18:00 MSK', '2026-11-23T15:00', MOSCOW],
    ['завтра в 10:00 МСК', '2026-11-24T07:00', MOSCOW],
    ['завтра в 10 по Москве', '2026-11-24T07:00', MOSCOW],
    ['завтра в 10 по московскому времени', '2026-11-24T07:00', MOSCOW],
    ['завтра в 10 по Владивостоку', '2026-11-24T00:00', 'Asia/Vladivostok'],
    ['завтра в 10, омское время', '2026-11-24T04:00', 'Asia/Omsk'],
    ['tomorrow 10:00 Moscow time', '2026-11-24T07:00', MOSCOW],
    ['tomorrow 3am New York time', '2026-11-24T08:00', 'America/New_York'],
    ['tomorrow 10:00 Europe/Berlin', '2026-11-24T09:00', 'Europe/Berlin'],
    ['tomorrow 10:00 Kolkata time', '2026-11-24T04:30', 'Asia/Kolkata'],
    ['13:30 UTC', '2026-11-23T13:30', 'UTC'],
  ])('%s is %s, to be echoed in %s', (text, at, zone) => {
    const when = read(text, 'Asia/Yekaterinburg');
    expect(when.kind === 'instant' && [minute(when.at), when.zone]).toEqual([at, zone]);
  });

  it.each([
    ['24.11 18:00 UTC+5:30', '2026-11-24T12:30'],
    ['24.11 18:00 GMT-3', '2026-11-24T21:00'],
    ['24.11 18:00 МСК+4', '2026-11-24T11:00'],
  ])('%s is %s, to be echoed in the zone of the person', (text, at) => {
    const when = read(text, 'Asia/Yekaterinburg');
    expect(when.kind === 'instant' && [minute(when.at), when.zone]).toEqual([at, 'Asia/Yekaterinburg']);
  });

  it('is asked about when tomorrow is another day there', () => {
    const now = new Date('2026-11-23T13:00:00Z'); // the 23rd in Moscow, the 24th in Kamchatka
    const when = read('завтра в 10 по Москве', 'Asia/Kamchatka', now);
    expect(said(when)).toBe('which-day | 2026-11-24 10:00 | 2026-11-25 10:00');
  });

  it.each([
    'tomorrow 10:00 CST',
    'tomorrow 10:00 UTC+15',
    'tomorrow 10:00 Mars/Olympus',
    'tomorrow 10:00 local time',
    'завтра в 10 по местному времени',
  ])('is not guessed: %s', (text) => {
    const when = read(text);
    expect(when.kind === 'unclear' && when.why).toBe('left-over');
  });
});

describe('what could be meant in two ways', () => {
  it.each([
    ['tomorrow at 5', 'morning-or-evening | 2026-11-24 05:00 | 2026-11-24 17:00'],
    ['завтра в 7', 'morning-or-evening | 2026-11-24 07:00 | 2026-11-24 19:00'],
    ['в 5', 'morning-or-evening | 2026-11-23 17:00'],
    ['понедельник 18:00', 'which-week | 2026-11-23 18:00 | 2026-11-30 18:00'],
    ['monday 10:00', 'which-week | 2026-11-30 10:00'],
    ['next friday 14:30', 'which-week | 2026-11-27 14:30 | 2026-12-04 14:30'],
    ['в следующую пятницу в 14:30', 'which-week | 2026-11-27 14:30 | 2026-12-04 14:30'],
    ['friday 24.11 10:00', 'days-differ | 2026-11-24 10:00'],
    ['пятница, 24 ноября, 10:00', 'days-differ | 2026-11-24 10:00'],
    ['через неделю в пятницу в 10', 'days-differ | 2026-11-30 10:00'],
    ['3/4 10:00', 'day-or-month | 2027-03-04 10:00 | 2027-04-03 10:00'],
    ['12/24 10:00', 'day-or-month | 2026-12-24 10:00'],
    ['10:00', 'today-is-past | 2026-11-24 10:00'],
    ['в 10 утра', 'today-is-past | 2026-11-24 10:00'],
    ['22.11 10:00', 'past | 2027-11-22 10:00'],
    ['5 июня 10:00', 'past | 2027-06-05 10:00'],
  ])('is asked about: %s', (text, expected) => {
    expect(said(read(text))).toBe(expected);
  });

  it('but not in Russian, where 3/4 is the third of April', () => {
    expect(said(read('3/4 10:00', MOSCOW, NOW, 'ru'))).toBe('2027-04-03 10:00');
    expect(said(read('12/24 10:00', MOSCOW, NOW, 'ru'))).toBe('no-such-date');
    expect(said(read('3/3 10:00'))).toBe('2027-03-03 10:00');
  });

  it('in the evening offers both hours of tomorrow', () => {
    expect(said(read('at 5', MOSCOW, new Date('2026-11-23T19:00:00Z')))).toBe(
      'today-is-past | 2026-11-24 05:00 | 2026-11-24 17:00',
    );
  });
});

describe('what is no time', () => {
  const table: readonly (readonly [WhenProblem, readonly string[]])[] = [
    ['empty', ['', '  ', '!']],
    [
      'not-understood',
      [
        'hello',
        'привет',
        '10',
        '2h',
        'in december',
        'now please',
        'in 0 minutes',
        'in -5 minutes',
        'через час завтра',
        'x'.repeat(300),
      ],
    ],
    [
      'vague',
      [
        'soon',
        'скоро',
        'утром',
        'завтра утром',
        'tomorrow morning',
        'tonight',
        '24.11 вечером',
        'next week',
        'next week 10:00',
        'на следующей неделе в 10',
        'через день в 10',
        'на выходных',
      ],
    ],
    [
      'no-time',
      [
        'tomorrow',
        'завтра',
        'в пятницу',
        '24.11',
        '24.11.2026',
        'Nov 24',
        '24 ноября 2026 года',
        'через неделю',
        '24 nov 26',
      ],
    ],
    [
      'no-such-time',
      [
        'завтра в 25:00',
        'tomorrow at 10:75',
        'tomorrow 13am',
        'tomorrow 0:30 pm',
        'завтра в 13 утра',
        'завтра в 9 дня',
        'завтра в 2 вечера',
        'завтра в 12 ночи',
      ],
    ],
    ['no-such-date', ['31.02.2027 10:00', '29.02 10:00', '10.30', '99.99.2026 10:00']],
    ['range', ['tomorrow 10:00-12:00', 'завтра с 10 до 12', 'tomorrow from 10 to 12', 'завтра 10–12']],
    [
      'past',
      [
        'yesterday 10:00',
        'вчера в 10',
        'сегодня в 9',
        'сегодня в 12',
        '22.11.2026 10:00',
        '24.11.1999 10:00',
        '24 ноября 2025 10:00',
        'last friday 10:00',
        'в прошлую пятницу в 10',
        '3 days ago 10:00',
      ],
    ],
    ['too-far', ['in 9999 hours', '24.11.2206 10:00', '24 November 2036 10:00']],
  ];

  it.each(table.flatMap(([why, texts]) => texts.map((text) => [text, why] as const)))(
    '%s is unclear: %s',
    (text, why) => {
      expect(read(text)).toEqual({ kind: 'unclear', why });
    },
  );

  it.each([
    ['завтра в 10:00 или позже', 'или позже'],
    ['tomorrow please 10:00', 'please'],
    ['every friday 10:00', 'every'],
    ['каждую пятницу в 10', 'каждую'],
    ['не раньше 15:00', 'не раньше'],
    ['before 10:00 tomorrow', 'before'],
    ['завтра около 10', 'около'],
    ['завтра в 10 и в 12', '12'],
    ['tomorrow 10:00 tomorrow', 'tomorrow'],
    ['через 2 дня и 3 часа', '3 часа'],
    ['завтра в половине десятого', 'половине десятого'],
    ['tomorrow at ten', 'ten'],
    ['31 февраля в 10', '31 февраля'],
    ['в декабре в 10', 'декабре'],
    ['the 1st at 10', '1st'],
    ['10:00 3', '3'],
  ])('%s has words left over: %s', (text, rest) => {
    expect(read(text)).toEqual({ kind: 'unclear', why: 'left-over', rest });
  });
});

describe('when clocks change', () => {
  it.each([
    ['Europe/Berlin', '2026-03-28T12:00:00Z', '29.03 2:30', 'skipped | 2026-03-29 01:30 | 2026-03-29 03:30'],
    ['Europe/Berlin', '2026-10-24T12:00:00Z', '25.10 2:30', 'twice | 2026-10-25 02:30 | 2026-10-25 02:30'],
    ['America/New_York', '2026-03-07T12:00:00Z', 'tomorrow 2:30', 'skipped | 2026-03-08 01:30 | 2026-03-08 03:30'],
    ['America/New_York', '2026-10-31T12:00:00Z', 'tomorrow 1:30', 'twice | 2026-11-01 01:30 | 2026-11-01 01:30'],
  ])('in %s, said at %s, %s is asked about', (zone, now, text, expected) => {
    const when = read(text, zone, new Date(now));
    expect(said(when, zone)).toBe(expected);
    expect(when.kind === 'unclear' && new Set(when.options?.map(Number)).size).toBe(2);
  });

  it('a delay runs by the stopwatch, a day by the calendar', () => {
    const before = new Date('2026-10-24T10:00:00Z'); // noon in Berlin, the day before the clocks are put back
    expect(said(read('in 24 hours', 'Europe/Berlin', before))).toBe('2026-10-25 11:00');
    expect(said(read('in 1 day at 12:00', 'Europe/Berlin', before))).toBe('2026-10-25 12:00');
  });
});

describe('in every zone, on a machine in any zone', () => {
  const system = process.env.TZ;
  afterEach(() => {
    if (system === undefined) delete process.env.TZ;
    else process.env.TZ = system;
  });

  const zones = [
    'Europe/Moscow',
    'Asia/Kamchatka',
    'Europe/Berlin',
    'America/New_York',
    'Pacific/Kiritimati',
    'Pacific/Pago_Pago',
    'Asia/Kathmandu',
  ];
  const clocks = fc.constantFrom(...zones, 'UTC', 'America/Havana', 'Australia/Lord_Howe');
  const now = fc.date({ min: new Date('2026-01-01'), max: new Date('2028-01-01'), noInvalidDate: true });
  const minutesAhead = fc.integer({ min: 1, max: 365 * 24 * 60 });

  const WRITTEN: readonly (readonly [string, Locale])[] = [
    ['dd.MM.yyyy HH:mm', 'en'],
    ['d.MM.yy, H:mm', 'ru'],
    ['yyyy-MM-dd HH:mm', 'en'],
    ["HH:mm 'on' d MMMM yyyy", 'en'],
    ['MMM d, yyyy h:mm a', 'en'],
    ['cccc, d MMMM yyyy, H:mm', 'en'],
    ["d MMMM yyyy 'г. в' HH:mm", 'ru'],
    ["cccc, d MMMM yyyy 'года,' H:mm", 'ru'],
  ];

  it('a time that is written out is read as it was meant', () => {
    fc.assert(
      fc.property(
        now,
        minutesAhead,
        fc.constantFrom(...zones),
        clocks,
        fc.constantFrom(...WRITTEN),
        (at, ahead, zone, clock, [format, locale]) => {
          process.env.TZ = clock;
          const meant = DateTime.fromMillis(Math.floor(at.getTime() / 60_000 + ahead) * 60_000, { zone });
          if (meant.toMillis() <= at.getTime()) return;
          const text = meant.setLocale(locale === 'en' ? 'en-US' : 'ru').toFormat(format);
          const when = read(text, zone, at, locale);
          if (when.kind === 'unclear') {
            expect([text, when.why]).toEqual([text, 'twice']);
            expect(when.options?.map(Number)).toContain(meant.toMillis());
          } else expect([text, when]).toEqual([text, { kind: 'instant', at: meant.toJSDate(), zone }]);
        },
      ),
      { numRuns: 500 },
    );
  });

  it('today, tomorrow and weekdays are those of the person', () => {
    fc.assert(
      fc.property(now, fc.integer({ min: 1, max: 6 }), fc.constantFrom(...zones), clocks, (at, ahead, zone, clock) => {
        process.env.TZ = clock;
        const day = DateTime.fromJSDate(at, { zone }).plus({ days: ahead }).set({ hour: 12, minute: 34 });
        const names = [
          day.setLocale('en').toFormat('cccc'),
          day.setLocale('ru').toFormat('ccc'),
          `in ${ahead} days`,
          `через ${ahead} дней`,
          ...(ahead === 1 ? ['tomorrow', 'завтра'] : []),
          ...(ahead === 2 ? ['послезавтра'] : []),
        ];
        for (const name of names) {
          expect([name, said(read(`${name} 12:34`, zone, at))]).toEqual([name, day.toFormat('yyyy-MM-dd HH:mm')]);
        }
      }),
    );
  });

  it('whatever is written, an instant and every option are still to come', () => {
    const word = fc.constantFrom(
      'tomorrow',
      'завтра',
      'friday',
      'в пятницу',
      'next',
      '24.11',
      '3/4',
      '2026-11-24',
      'at',
      'в',
      '5',
      '10:00',
      '25:00',
      '10.30',
      'утра',
      'pm',
      'через',
      'in',
      '2',
      'часа',
      'days',
      'msk',
      'по москве',
      'utc+3',
      'noon',
      '-',
      '24 ноября',
      'dec',
      'soon',
      'now',
    );
    fc.assert(
      fc.property(now, fc.array(word, { maxLength: 6 }), fc.constantFrom(...zones), (at, said, zone) => {
        const when = read(said.join(' '), zone, at);
        const instants = when.kind === 'instant' ? [when.at] : when.kind === 'unclear' ? (when.options ?? []) : [];
        for (const instant of instants) expect(instant.getTime()).toBeGreaterThan(at.getTime());
      }),
      { numRuns: 500 },
    );
  });

  it('any text at all is answered', () => {
    fc.assert(
      fc.property(fc.string({ unit: 'binary' }), (text) => {
        expect(read(text).kind).toMatch(/instant|now|unclear/);
      }),
    );
  });
});
