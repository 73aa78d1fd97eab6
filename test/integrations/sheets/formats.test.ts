import fc from 'fast-check';
import { describe, expect, test } from 'vitest';
import { numberStyle, plainNumber } from '../../../integrations/sheets/number-format.ts';
import { decodeReply, encodeReply } from '../../../integrations/sheets/wire.ts';
import type { Cell, SourceRow } from '../../../src/audiences/source.ts';

const RU = { date1904: false, language: 'ru' } as const;
const shown = (value: number, code: string, language: 'en' | 'ru' = 'ru') => {
  const cell = numberStyle(code, { date1904: false, language })(value);
  return cell.kind === 'empty' ? null : cell.text;
};

describe('a number', () => {
  test.each([
    [79161234567, 'General', '79161234567'],
    [79161234567, '0.00E+00', '79161234567'],
    [79161234567, '0', '79161234567'],
    [1234.5, '#,##0.00', '1234.50'],
    [1234.5, '# ##0.00 "₽"', '1234.50'],
    [1234.5, '#,##0.00\\ [$руб.-419]', '1234.50'],
    [1234.5, '#,##0', '1235'],
    [1234.5, '#,##0,', '1234.5'],
    [0.15, '0%', '15%'],
    [0.155, '0.0%', '15.5%'],
    [1.005, '0.00', '1.01'],
    [12, '0.0#', '12.0'],
    [12.125, '0.0#', '12.13'],
    [0.5, '#.00', '0.50'],
    [42, '00000', '00042'],
    [9161234567, '(000) 000-00-00', '9161234567'],
    [-5, '0;(0)', '-5'],
    [-0.001, '0.00', '0.00'],
    [-0, 'General', '0'],
    [1.5, '# ?/?', '1.5'],
    [7, '@', '7'],
    [1e22, '0.00', '10000000000000000000000'],
    [5, '', '5'],
  ])('%d in the format %s is %s', (value, code, text) => {
    expect(numberStyle(code, RU)(value)).toEqual({ kind: 'number', value, text });
  });

  test('in plain text has no exponent and is the number to 15 digits', () => {
    fc.assert(
      fc.property(fc.double({ noNaN: true, noDefaultInfinity: true, min: -1e17, max: 1e17 }), (value) => {
        fc.pre(value === 0 || Math.abs(value) > 1e-5);
        const text = plainNumber(value);
        expect(text).toMatch(/^-?\d+(\.\d+)?$/);
        expect(Math.abs(Number(text) - value)).toBeLessThanOrEqual(Math.abs(value) * 1e-14);
      }),
    );
  });
});

describe('a day count', () => {
  // 46351 is 25 November 2026, a Wednesday.
  test.each([
    [46351, 'dd.mm.yyyy', '25.11.2026'],
    [46351, 'd/m/yy', '25/11/26'],
    [46351, 'yyyy-mm-dd', '2026-11-25'],
    [46351, 'short-date', '25.11.2026'],
    [46351.5, 'short-date h:mm', '25.11.2026 12:00'],
    [46351, '[$-409]d mmm yyyy', '25 Nov 2026'],
    [46351, '[$-419]d mmmm yyyy "г."', '25 ноября 2026 г.'],
    [46351, '[$-FC19]dd mmmm yyyy \\г\\.;@', '25 ноября 2026 г.'],
    [46351, 'dddd', 'среда'],
    [46351.4375, 'hh:mm', '10:30'],
    [46351.9375, 'h:mm AM/PM', '10:30 PM'],
    [46351, 'h AM/PM', '12 AM'],
    [46351.4375, 'mm:ss', '30:00'],
    [46351 + 3.5 / 86_400, 'h:mm:ss.0', '0:00:03.5'],
    [1.5, '[h]:mm', '36:00'],
    [0.5, '[mm]:ss', '720:00'],
    [46351, 'dd_.mm_.yyyy', '25112026'],
    [46351, '@ yyyy', '2026'],
  ])('%d in the format %s is %s', (value, code, text) => {
    expect(shown(value, code)).toBe(text);
  });

  test('in an English short date cannot be read with its month and day swapped', () => {
    expect(shown(46351, 'short-date', 'en')).toBe('2026-11-25');
  });

  test.each([
    [46351, '2026-11-25'],
    [46351.4375, '2026-11-25T10:30:00'],
    [0.4375, '10:30:00'],
    [1, '1900-01-01'],
    [59, '1900-02-28'],
    [61, '1900-03-01'],
    [2_958_465, '9999-12-31'],
  ])('%d is %s', (value, iso) => {
    expect(numberStyle('dd.mm.yyyy', RU)(value)).toMatchObject({ kind: 'date', iso });
  });

  test.each([-1, 2_958_466, 79161234567])('of %d is no day, and stays a number', (value) => {
    expect(numberStyle('dd.mm.yyyy', RU)(value)).toMatchObject({ kind: 'number', value, text: String(value) });
  });

  test('from 1904 is the same day with another count', () => {
    expect(numberStyle('yyyy-mm-dd', { ...RU, date1904: true })(44_889)).toMatchObject({ iso: '2026-11-25' });
  });
});

test('every row comes over the wire as it was', () => {
  const text = fc.string({ unit: 'binary' });
  const cell: fc.Arbitrary<Cell> = fc.oneof(
    fc.constant({ kind: 'empty' } as const),
    fc.record({ kind: fc.constant('text' as const), text }),
    fc.integer().map((value) => ({ kind: 'number' as const, value, text: String(value) })),
    fc.record({ kind: fc.constant('number' as const), value: fc.integer(), text }),
    fc.record({ kind: fc.constant('date' as const), iso: text, text }),
    fc.record({ kind: fc.constant('boolean' as const), value: fc.boolean(), text }),
    fc.record({ kind: fc.constant('error' as const), text }),
  );
  const row: fc.Arbitrary<SourceRow> = fc
    .record({ number: fc.nat(), hidden: fc.boolean(), cells: fc.array(cell) })
    .map((made) => ({ key: String(made.number), ...made }));
  fc.assert(
    fc.property(fc.array(row), (rows) => {
      const line = encodeReply({ kind: 'rows', rows });
      expect(line.indexOf('\n')).toBe(line.length - 1);
      expect(decodeReply(line)).toEqual({ kind: 'rows', rows });
    }),
  );
});
