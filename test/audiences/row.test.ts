import fc from 'fast-check';
import { describe, expect, test } from 'vitest';
import { planFor } from '../../src/audiences/questions.ts';
import { checkRow, type RowDefaults } from '../../src/audiences/row.ts';
import { inspected, row, rows, table, type Written } from './tables.ts';

const PLAN = planFor(
  inspected(table(rows(['Имя', 'Телефон', 'Часовой пояс', 'Сумма'], ['Иван', '+79161234567', 'МСК', 5]))),
  {},
  'RU',
);
const DEFAULTS: RowDefaults = { country: 'RU', zone: 'Europe/Moscow' };
const check = (values: readonly Written[], defaults: Partial<RowDefaults> = {}, hidden = false) =>
  checkRow(row(7, values, hidden), PLAN, { ...DEFAULTS, ...defaults });

const NA: Written = { kind: 'error', text: '#N/A' };
const DAY: Written = { kind: 'date', iso: '2026-11-25', text: '25.11.2026' };

test('a good row is a recipient with a value for every column', () => {
  expect(check([' Иван\r\nПетров ', '+7 916 123-45-67', 'МСК+2', 1500])).toEqual({
    kind: 'recipient',
    phone: '+79161234567',
    doubt: null,
    zone: 'Asia/Yekaterinburg',
    values: ['Иван\nПетров', '+7 916 123-45-67', 'МСК+2', '1500'],
    cells: [' Иван\r\nПетров ', '+7 916 123-45-67', 'МСК+2', 1500],
  });
});

test('cells that are not there have empty values, and what stands beyond the columns is left', () => {
  expect(check([null, '89161234567'])).toMatchObject({
    doubt: '8-for-7',
    zone: 'Europe/Moscow',
    values: ['', '89161234567', '', ''],
    cells: [null, '89161234567', null, null],
  });
  expect(check(['Иван', '89161234567', null, null, 'note'])).toMatchObject({
    cells: ['Иван', '89161234567', null, null],
  });
});

test('plain values keep their kind, but for numbers that would lose digits', () => {
  const values: Written[] = [true, 79161234567, null, { kind: 'number', value: 1e15, text: '1000000000000000' }];
  expect(check(values)).toMatchObject({
    doubt: 'read-from-number-cell',
    cells: [true, 79161234567, null, '1000000000000000'],
  });
  expect(check([DAY, '+79161234567', null, NA])).toMatchObject({
    values: { 0: '25.11.2026', 3: '' },
    cells: ['25.11.2026', '+79161234567', null, '#N/A'],
  });
});

describe('a row is left out', () => {
  test.each<[string, readonly Written[]]>([
    ['phone-empty', ['Иван', null]],
    ['phone-empty', ['Иван', '  ']],
    ['phone-not-a-number', ['Иван', 'позвонить позже']],
    ['phone-not-a-number', ['Иван', DAY]],
    ['phone-not-a-number', ['Иван', true]],
    ['phone-too-short', ['Иван', '+7 916 123']],
    ['phone-too-long', ['Иван', '+7 916 123-45-67-89']],
    ['phone-digits-lost', ['Иван', '7,9E+10']],
    ['phone-digits-lost', ['Иван', 79161200000]],
    ['phone-several-numbers', ['Иван', '+79161234567, +79161234568']],
    ['phone-not-mobile', ['Иван', '8 800 555-35-35']],
    ['phone-not-allowed', ['Иван', '112']],
    ['phone-other-country', ['Иван', '380501234567']],
    ['bad-zone', ['Иван', '+79161234567', 'когда-нибудь']],
    ['cell-error', ['Иван', NA]],
    ['cell-error', ['Иван', '+79161234567', NA]],
  ])('%s: %j', (reason, values) => {
    expect(check(values)).toMatchObject({ kind: 'excluded', reason, cells: { length: 4, 0: 'Иван' } });
  });

  test('when it is hidden and hidden rows are not to be taken', () => {
    expect(check(['Иван', '+79161234567'], {}, true)).toMatchObject({ kind: 'excluded', reason: 'hidden' });
    const take = { ...PLAN, hiddenRows: 'take' as const };
    expect(checkRow(row(7, ['Иван', '+79161234567'], true), take, DEFAULTS)).toMatchObject({ kind: 'recipient' });
  });

  test('not for an error in another cell: who names that one in a text leaves the row out for having no value', () => {
    expect(check(['Иван', '+79161234567', null, NA])).toMatchObject({ kind: 'recipient', values: { 3: '' } });
  });
});

describe('a row is blank', () => {
  test('with nothing in it, hidden or not', () => {
    expect(check([null, ' '])).toEqual({ kind: 'blank' });
    expect(check([], {}, true)).toEqual({ kind: 'blank' });
  });

  test('at the header and above it', () => {
    expect(checkRow(row(1, ['Имя', 'Телефон']), PLAN, DEFAULTS)).toEqual({ kind: 'blank' });
    expect(checkRow(row(1, ['Иван', '+79161234567']), { ...PLAN, headerRow: 0 }, DEFAULTS).kind).toBe('recipient');
  });
});

test('no row stops the run, and a recipient always has a phone and a zone', () => {
  const value: fc.Arbitrary<Written> = fc.oneof(
    fc.string({ unit: 'binary' }),
    fc.double({ noNaN: true }),
    fc.boolean(),
    fc.constantFrom<Written>(null, NA, DAY, '+79161234567', 'UTC+5', '__proto__'),
  );
  fc.assert(
    fc.property(fc.array(value, { maxLength: 6 }), fc.boolean(), (values, hidden) => {
      const checked = check(values, {}, hidden);
      if (checked.kind === 'blank') return;
      expect(checked.cells).toHaveLength(PLAN.columns.length);
      if (checked.kind === 'excluded') return;
      expect(checked.phone).toMatch(/^\+\d{7,15}$/);
      expect(checked.zone).toMatch(/\//);
      expect(checked.values).toHaveLength(PLAN.headings.length);
    }),
  );
});
