/** Phones are masked wherever they stand in a list; what is no phone stays as the manager wrote it. */
import fc from 'fast-check';
import { describe, expect, test } from 'vitest';
import { maskedCell } from '../../src/messages/masked-cell.ts';

describe('a phone is masked', () => {
  test.each([
    ['+79161234567', '+7***4567'],
    ['8 (916) 123-45-67', /^[^6]*4567$/],
    ['89161234567', /^[^6]*4567$/],
    ['7.9161234567E+10', /^\D*\d?\D*\d{4}$/],
    ['+7 916.123.45.67', /4567$/],
    ['8/916/123/45/67', /^\*\*\*4567$/],
    ['call 8 916 123 45 67 after six', /^call .*4567 after six$/],
    ['https://shop.example/?p=79161234567', /^https:\/\/shop\.example\/\?p=.*\*\*\*4567$/],
    ['since 01.02.2020 under 89161234567', /^since 01\.02\.2020 under .*\*\*\*4567$/],
    ['495 123-45-67', /^.?\*\*\*4567$/],
    [79_161_234_567, '***4567'],
    [9_161_234_567, '***4567'],
    [89_161_234_567, '***4567'],
  ])('%s', (cell, shown) => {
    const masked = String(maskedCell(cell, 'RU'));
    expect(masked).toMatch(shown);
    expect(masked.replace(/\D/g, '')).not.toContain('916123');
  });

  test.each(['51234567', '5123 4567', 51_234_567, 'mob. 51234567'])('of a country with short numbers: %s', (cell) => {
    expect(maskedCell(cell, 'EE')).toBe('***4567');
  });

  test('in every spelling that people use', () => {
    const spelt = fc.tuple(
      fc.integer({ min: 9_000_000_000, max: 9_999_999_999 }).map(String),
      fc.constantFrom('', '7', '8', '+7', '+7 ', '8 ', '8-'),
      fc.constantFrom('', ' ', '-', '.', ') ', '  '),
      fc.constantFrom('', 'Anna, ', 'тел. ', '№ ', '2026-11-23: '),
    );
    fc.assert(
      fc.property(spelt, ([n, start, gap, before]) => {
        const cell = `${before}${start}${n.slice(0, 3)}${gap}${n.slice(3, 6)}${gap}${n.slice(6, 8)}${gap}${n.slice(8)}`;
        expect(String(maskedCell(cell, 'RU')).replace(/\D/g, '')).not.toContain(n.slice(0, 7));
      }),
    );
  });
});

test.each([
  'Анна Орлова',
  '',
  '12',
  '2026-11-23',
  '2026-11-23 10:00',
  '23.11.2026',
  '01.12.2026 – 31.12.2026',
  '1 500 000,00',
  'Order 4417-22',
  '190000, Санкт-Петербург',
  1_500_000,
  1234.56,
  -79_161_234_567,
  0,
  true,
  null,
])('what is no phone stays: %s', (cell) => {
  expect(maskedCell(cell, 'RU')).toBe(cell);
});
