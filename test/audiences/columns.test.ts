import fc from 'fast-check';
import { describe, expect, test } from 'vitest';
import { columnLetters, recogniseColumns } from '../../src/audiences/columns.ts';
import { headingSense, headingWords } from '../../src/audiences/headings.ts';
import { cell, rows, type Written } from './tables.ts';

const recognise = (headings: readonly Written[], ...below: readonly (readonly Written[])[]) =>
  recogniseColumns(headings.map(cell), rows(...below), 'RU');
const namesOf = (headings: readonly Written[], ...below: readonly (readonly Written[])[]) =>
  recognise(headings, ...below).columns.map((column) => column.name);

const PHONE = '+79161234567';

describe('the phone column is known by its heading', () => {
  test.each([
    'Телефон',
    'телефон',
    'ТЕЛЕФОН',
    'Номер телефона',
    '№ телефона',
    'Моб.',
    'Моб. тел.',
    'Мобильный',
    'Сотовый',
    'Тел',
    'Телефон клиента',
    'Phone',
    'phone_number',
    'PhoneNumber',
    'Mobile',
    'Mobile No.',
    'Cell',
    'Tel.',
    'MSISDN',
    'WhatsApp',
    'Номер мобильного',
  ])('%s', (heading) => {
    expect(recognise([heading, 'Город'], ['нет', 'Тула'])).toMatchObject({ phones: [0] });
  });
});

describe('the phone column is known by its cells', () => {
  test.each(['Номер', 'Number', 'Контакт', 'Абонент', 'Куда', ''])('under the heading "%s"', (heading) => {
    expect(recognise([heading, 'Город'], [PHONE, 'Тула'], ['8 916 000-00-01', 'Уфа'], [null, 'Омск']).phones).toEqual([
      0,
    ]);
  });

  test.each(['Номер договора', 'ИНН', 'Order ID', 'Карта', 'Модель телефона', 'Дата проверки телефона', 'Имя'])(
    'but not under the heading "%s"',
    (heading) => {
      expect(recognise([heading, 'Телефон'], [9161234567, PHONE], [9161234568, PHONE]).phones).toEqual([1]);
    },
  );

  test('but not when few are phones', () => {
    expect(recognise(['Номер', 'Город'], ['1', 'Тула'], ['2', 'Уфа'], [PHONE, 'Омск']).phones).toEqual([]);
  });
});

describe('which of several', () => {
  test('is not guessed between two with phones in them', () => {
    const found = recognise(
      ['Телефон', 'Рабочий телефон', 'Запасной'],
      [PHONE, PHONE, PHONE],
      [PHONE, '8 916 000-00-01', PHONE],
    );
    expect(found.phones).toEqual([0, 1, 2]);
  });

  test('is the one with phones in it, when the other has none', () => {
    expect(recognise(['Телефон', 'Мобильный'], ['нет', PHONE], [null, PHONE]).phones).toEqual([1]);
  });

  test('is asked when none of those called so has any', () => {
    expect(recognise(['Телефон', 'Мобильный'], ['нет', 'нет']).phones).toEqual([0, 1]);
  });
});

describe('the zone column', () => {
  test.each([
    'Часовой пояс',
    'Час. пояс',
    'Временная зона',
    'Таймзона',
    'Timezone',
    'time_zone',
    'TimeZone',
    'TZ',
    'UTC',
  ])('is known by the heading %s', (heading) => {
    expect(recognise([heading, 'Телефон'], ['Екатеринбург', PHONE])).toMatchObject({
      zone: 0,
      columns: [{ role: 'zone' }, { role: 'phone' }],
    });
  });

  test('is known by its cells when they are offsets or names of zones', () => {
    expect(recognise(['Когда', 'Телефон'], ['UTC+5', PHONE], ['МСК+2', PHONE], ['Europe/Moscow', PHONE]).zone).toBe(0);
  });

  test('is not the column of cities', () => {
    expect(recognise(['Город', 'Телефон'], ['Москва', PHONE], ['Екатеринбург', PHONE]).zone).toBeNull();
  });
});

describe('names of columns', () => {
  test('are the headings in one line, made unique, and letters where there is none', () => {
    expect(
      namesOf(
        ['Имя ', 'Имя', 'имя 2', '', ' Моб.\n тел. ', 'a[b]', { kind: 'error', text: '#N/A' }],
        [1, 2, 3, 4, 5, 6, 7, 8],
      ),
    ).toEqual(['Имя', 'Имя 2', 'имя 2 2', 'Column D', 'Моб. тел.', 'a(b)', 'Column G', 'Column H']);
  });

  test('are given to columns without a heading that hold something, and not beyond', () => {
    expect(namesOf([], ['a', null, 'c', ' '])).toEqual(['Column A', 'Column B', 'Column C']);
    expect(recognise([])).toEqual({ columns: [], phones: [], zone: null });
  });

  test('are all different, whatever the headings', () => {
    const heading = fc.oneof(fc.string(), fc.constantFrom('a', 'A', 'a 2', 'Column B', '', '__proto__'));
    fc.assert(
      fc.property(fc.array(heading, { maxLength: 12 }), (headings) => {
        const names = namesOf(headings, ['end']).map((name) => name.toLowerCase());
        expect(new Set(names).size).toBe(names.length);
        expect(names.every((name) => name !== '' && !/[[\]\n]/.test(name))).toBe(true);
      }),
    );
  });

  test('mark the name’s column', () => {
    expect(
      recognise(['ФИО', 'Телефон', 'Город'], ['Иван', PHONE, 'Тула']).columns.map((column) => column.role),
    ).toEqual(['name', 'phone', null]);
  });

  test.each([
    [0, 'A'],
    [25, 'Z'],
    [26, 'AA'],
    [51, 'AZ'],
    [52, 'BA'],
    [701, 'ZZ'],
    [702, 'AAA'],
  ])('column %d is %s', (index, letters) => {
    expect(columnLetters(index)).toBe(letters);
  });
});

describe('a heading', () => {
  test.each([
    ['Город', 'known'],
    ['E-mail', 'known'],
    ['№ п/п', 'known'],
    ['Сумма долга', 'known'],
    ['Оператор мобильной связи', 'known'],
    ['Имя клиента', 'name'],
    ['Ф.И.О.', 'name'],
    ['Customer', 'name'],
    ['Contact', 'maybe-phone'],
    ['№', 'maybe-phone'],
    ['Иван', null],
    ['Смирнова Елена', null],
    ['', null],
    ['***', null],
    ['Уважаемые коллеги, просьба заполнить телефон и город каждого клиента', null],
  ])('"%s" says %s', (text, sense) => {
    expect(headingSense(text)).toBe(sense);
  });

  test('is read by its words', () => {
    expect(headingWords('PhoneNumber_2 (Моб.)  Ёлка')).toBe('phone number 2 моб елка');
  });
});
