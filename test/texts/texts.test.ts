import fc from 'fast-check';
import { describe, expect, it } from 'vitest';
import { LOCALES, type TextKey, texts } from '../../src/texts/index.ts';

const en = texts('en');
const ru = texts('ru');

describe('a text', () => {
  it('is said in the reader’s language', () => {
    expect(en.t('excluded.duplicate')).toBe('The same phone number stands in an earlier row');
    expect(ru.t('excluded.duplicate')).toBe('Тот же номер телефона уже есть в строке выше');
  });

  it.each([
    [0, '0 messages', '0 сообщений'],
    [1, '1 message', '1 сообщение'],
    [2, '2 messages', '2 сообщения'],
    [5, '5 messages', '5 сообщений'],
    [11, '11 messages', '11 сообщений'],
    [21, '21 messages', '21 сообщение'],
    [1.5, '1.5 messages', '1,5 сообщения'],
    [18_400, '18,400 messages', '18\u00a0400 сообщений'],
  ])('counts %d in the right form', (n, english, russian) => {
    expect(en.t('count.messages', { n })).toBe(english);
    expect(ru.t('count.messages', { n })).toBe(russian);
  });

  it('takes strings as they are, even those that look like parameters', () => {
    expect(en.t('source.no-such-tab', { name: '{tabs} $& {{x}}', tabs: 'A' })).toBe(
      'There is no tab called “{tabs} $& {{x}}”. The tabs are: A. Please choose one of them.',
    );
  });

  it('writes numbers and money among its parameters the reader’s way', () => {
    expect(ru.t('source.too-large.rows', { limit: 1_000_000 })).toContain('(не больше 1\u00a0000\u00a0000)');
    expect(en.t('result-column.cost', { currency: { micros: 2_350_000, currency: 'EUR' } })).toBe('Cost, 2.35 EUR');
  });

  it('leaves the variables of a template as they stand', () => {
    expect(en.t('template.syntax', { line: 1, column: 7 })).toContain('written as {{name}}');
  });

  it('demands of the compiler the key and every parameter', () => {
    // @ts-expect-error there is no such key
    expect(() => en.t('no.such.key')).toThrow('there is no text called no.such.key');
    // @ts-expect-error the parameters are missing
    expect(() => en.t('source.not-found')).toThrow('was not given its ref');
    // @ts-expect-error one of two parameters is missing
    expect(() => en.t('source.no-such-tab', { name: 'A' })).toThrow('was not given its tabs');
    // @ts-expect-error a count is a number
    expect(() => en.t('count.messages', { n: '3' })).toThrow('has no form for 3');
    // @ts-expect-error this text takes no parameters
    en.t('excluded.duplicate', { n: 1 });
  });

  it('can be chosen by a code that is known at run time only', () => {
    const reasons = ['hidden', 'duplicate'] as const;
    const keys = reasons.map((reason): TextKey => `excluded.${reason}`);
    expect(reasons.map((reason) => en.t(`excluded.${reason}`))).toHaveLength(keys.length);
  });
});

describe('money', () => {
  it.each([
    [0, '0.00 EUR', '0,00\u00a0EUR'],
    [2_350_000, '2.35 EUR', '2,35\u00a0EUR'],
    [32_500, '0.0325 EUR', '0,0325\u00a0EUR'],
    [1, '0.000001 EUR', '0,000001\u00a0EUR'],
    [-500_000, '-0.50 EUR', '-0,50\u00a0EUR'],
    [1_234_567_890_000, '1,234,567.89 EUR', '1\u00a0234\u00a0567,89\u00a0EUR'],
    [Number.MAX_SAFE_INTEGER, '9,007,199,254.740991 EUR', '9\u00a0007\u00a0199\u00a0254,740991\u00a0EUR'],
  ])('of %d micro-units keeps every digit', (micros, english, russian) => {
    expect(en.money({ micros, currency: 'EUR' })).toBe(english);
    expect(ru.money({ micros, currency: 'EUR' })).toBe(russian);
  });

  it('can be read back exactly', () => {
    fc.assert(
      fc.property(fc.maxSafeInteger(), fc.constantFrom(...LOCALES), (micros, locale) => {
        const written = texts(locale).money({ micros, currency: 'RUB' });
        const [whole, fraction] = written.replace(/[^\d.,-]/g, '').split(locale === 'en' ? '.' : ',');
        const digits = whole!.replaceAll(/[^\d-]/g, '') + fraction!.padEnd(6, '0');
        expect(fraction!.length).toBeGreaterThanOrEqual(2);
        expect(BigInt(digits)).toBe(BigInt(micros));
      }),
    );
  });

  it('that is no whole number of micro-units is a bug', () => {
    expect(() => en.money({ micros: 0.5, currency: 'EUR' })).toThrow(RangeError);
  });
});

describe('numbers', () => {
  it.each([
    [1_900_000, '1,900,000', '1\u00a0900\u00a0000'],
    [1234.56789, '1,234.56789', '1\u00a0234,56789'],
    [0.1, '0.1', '0,1'],
    [9007199254740993n, '9,007,199,254,740,993', '9\u00a0007\u00a0199\u00a0254\u00a0740\u00a0993'],
  ])('%d is grouped and not rounded', (value, english, russian) => {
    expect(en.number(value)).toBe(english);
    expect(ru.number(value)).toBe(russian);
  });

  it.each([
    [0, '0 kB', '0 кБ'],
    [512, '0.5 kB', '0,5 кБ'],
    [1023 * 1024, '1,023 kB', '1 023 кБ'],
    [1536, '1.5 kB', '1,5 кБ'],
    [50 * 1024 ** 2, '50 MB', '50 МБ'],
    [5000 * 1024 ** 3, '5,000 GB', '5 000 ГБ'],
  ])('%d bytes are a size', (size, english, russian) => {
    expect(en.bytes(size)).toBe(english);
    expect(ru.bytes(size).replaceAll('\u00a0', ' ')).toBe(russian);
  });
});

describe('moments', () => {
  const at = new Date('2026-11-24T07:00:00Z');

  it.each([
    [
      'Europe/Moscow',
      'Tue 24 Nov 2026, 10:00 (Europe/Moscow, UTC+3)',
      'вт 24 ноября 2026, 10:00 (Europe/Moscow, UTC+3)',
    ],
    [
      'Asia/Kolkata',
      'Tue 24 Nov 2026, 12:30 (Asia/Kolkata, UTC+5:30)',
      'вт 24 ноября 2026, 12:30 (Asia/Kolkata, UTC+5:30)',
    ],
    [
      'America/St_Johns',
      'Tue 24 Nov 2026, 03:30 (America/St_Johns, UTC-3:30)',
      'вт 24 ноября 2026, 03:30 (America/St_Johns, UTC-3:30)',
    ],
    [
      'Europe/London',
      'Tue 24 Nov 2026, 07:00 (Europe/London, UTC+0)',
      'вт 24 ноября 2026, 07:00 (Europe/London, UTC+0)',
    ],
    ['UTC', 'Tue 24 Nov 2026, 07:00 (UTC)', 'вт 24 ноября 2026, 07:00 (UTC)'],
  ])('in %s name their zone and its distance from UTC', (zone, english, russian) => {
    expect(en.dateTime(at, zone)).toBe(english);
    expect(ru.dateTime(at, zone)).toBe(russian);
  });

  it('of an hour that comes twice differ by that distance', () => {
    const first = new Date('2026-10-25T00:30:00Z');
    const second = new Date('2026-10-25T01:30:00Z');
    expect(en.dateTime(first, 'Europe/Berlin')).toBe('Sun 25 Oct 2026, 02:30 (Europe/Berlin, UTC+2)');
    expect(en.dateTime(second, 'Europe/Berlin')).toBe('Sun 25 Oct 2026, 02:30 (Europe/Berlin, UTC+1)');
  });

  it('are a day and a clock apart too, midnight as 00:00', () => {
    const midnight = new Date('2027-05-02T21:00:00Z');
    expect([en.date(midnight, 'Europe/Moscow'), en.time(midnight, 'Europe/Moscow')]).toEqual([
      'Mon 3 May 2027',
      '00:00',
    ]);
    expect(ru.date(midnight, 'Europe/Moscow')).toBe('пн 3 мая 2027');
  });
});

describe('spans', () => {
  const minute = 60_000;
  it.each([
    [0, 'less than a minute', 'меньше минуты'],
    [59_999, 'less than a minute', 'меньше минуты'],
    [minute, 'about 1 minute', 'около 1 минуты'],
    [5 * minute + 20_000, 'about 5 minutes', 'около 5 минут'],
    [21 * minute, 'about 21 minutes', 'около 21 минуты'],
    [100 * minute, 'about 1 hour 40 minutes', 'около 1 часа 40 минут'],
    [118 * minute, 'about 2 hours', 'около 2 часов'],
    [11.4 * 60 * minute, 'about 11 hours', 'около 11 часов'],
    [21 * 60 * minute, 'about 21 hours', 'около 21 часа'],
    [50 * 60 * minute, 'about 2 days', 'около 2 дней'],
  ])('%d ms are told roughly', (ms, english, russian) => {
    expect(en.duration(ms)).toBe(english);
    expect(ru.duration(ms)).toBe(russian);
  });
});

describe('lists', () => {
  it('are joined by the language’s own and, or its or', () => {
    expect(en.list(['A', 'B', 'C'])).toBe('A, B, and C');
    expect(ru.list(['А', 'Б', 'В'])).toBe('А, Б и В');
    expect(en.list(['A', 'B'], 'or')).toBe('A or B');
    expect(ru.list(['А', 'Б'], 'or')).toBe('А или Б');
    expect(en.list([])).toBe('');
  });
});
