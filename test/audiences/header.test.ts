import { describe, expect, test } from 'vitest';
import { findHeader, looksLikePhone } from '../../src/audiences/header.ts';
import { cell, rows, type Written } from './tables.ts';

const day: Written = { kind: 'date', iso: '2026-11-25', text: '25.11.2026' };

describe('the header is found where it is', () => {
  test.each<[string, readonly Written[][], number]>([
    [
      'in the first row',
      [
        ['Имя', 'Телефон'],
        ['Иван', '+79161234567'],
      ],
      1,
    ],
    [
      'in English',
      [
        ['Name', 'Phone number'],
        ['John', '+12125550100'],
      ],
      1,
    ],
    ['under a title', [['Список клиентов на 25.11.2026 10:30'], ['Имя', 'Телефон'], ['Иван', 79161234567]], 2],
    ['under a title and blank rows', [['Выгрузка'], [], [], ['ФИО', 'Моб.'], ['Иван', '8 916 123-45-67']], 4],
    [
      'under a title with a phone in it',
      [['Горячая линия: 8 800 555-35-35'], ['Имя', 'Тел.'], ['Иван', '89161234567']],
      2,
    ],
    [
      'under a row of groups',
      [
        ['Контакты', null, 'Город'],
        ['Имя', 'Телефон', 'Город'],
        ['Иван', '89161234567', 'Тула'],
      ],
      2,
    ],
    [
      'beside numbers and days',
      [
        ['Имя', 'Телефон', 2025, day],
        ['Иван', '89161234567', 1, 2],
      ],
      1,
    ],
    [
      'over rows without a phone',
      [
        ['Имя', 'Телефон'],
        ['Клиент', 'нет'],
        ['Анна', 'потом'],
      ],
      1,
    ],
    ['with nothing under it', [['Имя', 'Телефон']], 1],
    ['over one column', [['Телефон'], ['89161234567']], 1],
    ['over one column, under a title', [['Рассылка'], ['Телефон'], ['89161234567']], 2],
    [
      'over phones that a spreadsheet ruined',
      [
        ['Имя', 'Телефон'],
        ['Иван', '7,9E+10'],
      ],
      1,
    ],
  ])('%s', (_, written, number) => {
    expect(findHeader(rows(...written))).toEqual({ row: number, doubt: false });
  });
});

describe('there is doubt', () => {
  test.each<[string, readonly Written[][], number | null]>([
    [
      'when there is no header',
      [
        ['Иван', '+79161234567'],
        ['Анна', '+79161234568'],
      ],
      null,
    ],
    [
      'when no word of it is known',
      [
        ['Кому', 'Куда'],
        ['Иван', '+79161234567'],
      ],
      1,
    ],
    [
      'when the first person may have no phone',
      [
        ['Иван', 'нет'],
        ['Анна', '+79161234567'],
      ],
      1,
    ],
    [
      'when it may be data',
      [
        ['Иван', 5],
        ['Анна', '+79161234567'],
      ],
      null,
    ],
    ['when nothing is there', [], null],
    [
      'when only words are there',
      [
        ['один', 'два'],
        ['три', 'четыре'],
      ],
      1,
    ],
    [
      'when only numbers are there',
      [
        [1, 2],
        [3, 4],
      ],
      null,
    ],
  ])('%s', (_, written, number) => {
    expect(findHeader(rows(...written))).toEqual({ row: number, doubt: true });
  });
});

test('a row with a phone in it is never a header', () => {
  expect(findHeader(rows(['Имя', 'Телефон +79161234567'], ['Иван', '+79161234567']))).toEqual({
    row: null,
    doubt: true,
  });
});

describe('a cell', () => {
  test.each<Written>(['+7 916 123-45-67', '8(916)1234567', 79161234567, '7,91612E+10', '89161234567, 89161234568'])(
    '%s looks like a phone',
    (value) => {
      expect(looksLikePhone(cell(value))).toBe(true);
    },
  );

  test.each<Written>([
    'Телефон',
    '25.11.2026 10:30:15',
    '2026-11-25 10:30',
    12345,
    '',
    true,
    day,
    '№ 5',
    '4276 1234 5678 9012',
  ])('%s does not', (value) => {
    expect(looksLikePhone(cell(value))).toBe(false);
  });
});
