import { describe, expect, test } from 'vitest';
import { type Answers, planFor, questionsFor } from '../../src/audiences/questions.ts';
import { inspected, rows, table } from './tables.ts';

const PEOPLE = rows(['Имя', 'Телефон'], ['Иван', '+79161234567'], ['Анна', '8 916 000-00-01']);
const TWO_PHONES = rows(
  ['Имя', 'Телефон', 'Рабочий телефон'],
  ['Иван', '+79161234567', '+79160000001'],
  ['Анна', null, '+79160000002'],
);
const NO_HEADER = rows(['Иван', '+79161234567'], ['Анна', '+79160000001']);

const ask = (inspection: ReturnType<typeof inspected>, answers: Answers = {}) =>
  questionsFor(inspection, answers, 'RU');
const plan = (inspection: ReturnType<typeof inspected>, answers: Answers = {}) => planFor(inspection, answers, 'RU');

describe('nothing is asked of a plain table', () => {
  test('and its plan says how it is read', () => {
    const look = inspected(table(PEOPLE));
    expect(ask(look)).toEqual([]);
    expect(plan(look)).toEqual({
      tab: 'Лист1',
      headerRow: 1,
      columns: [
        { index: 0, name: 'Имя', role: 'name' },
        { index: 1, name: 'Телефон', role: 'phone' },
      ],
      phoneIndex: 1,
      zoneIndex: null,
      hiddenRows: 'leave-out',
      headings: ['Имя', 'Телефон'],
    });
  });

  test('beside empty and hidden tabs', () => {
    const look = inspected(
      table([], { name: 'Пустой' }),
      table(PEOPLE),
      table(PEOPLE, { name: 'Старый', hidden: true }),
    );
    expect(ask(look)).toEqual([]);
    expect(plan(look).tab).toBe('Лист1');
  });
});

describe('the tab', () => {
  const look = inspected(
    table(PEOPLE, { name: 'Москва' }),
    table(PEOPLE, { name: 'Тула' }),
    table(PEOPLE, { name: 'Старый', hidden: true }),
  );

  test('is asked for among several visible ones with something in them', () => {
    expect(ask(look)).toEqual([
      {
        kind: 'tab',
        options: [
          { name: 'Москва', rows: 3, hidden: false },
          { name: 'Тула', rows: 3, hidden: false },
        ],
      },
    ]);
  });

  test('that was named is taken, a hidden one too', () => {
    expect(plan(look, { tab: 'Тула' }).tab).toBe('Тула');
    expect(plan(look, { tab: 'Старый' }).tab).toBe('Старый');
  });

  test('is asked for again when there is none of that name', () => {
    expect(ask(look, { tab: 'Киров' })).toMatchObject([{ kind: 'tab' }]);
  });

  test('is asked for when only hidden ones have something in them', () => {
    const hidden = inspected(table([]), table(PEOPLE, { name: 'Старый', hidden: true }));
    expect(ask(hidden)).toEqual([{ kind: 'tab', options: [{ name: 'Старый', rows: 3, hidden: true }] }]);
  });
});

describe('the header', () => {
  test('is asked for where there is doubt, with the first rows to choose from', () => {
    expect(ask(inspected(table(NO_HEADER)))).toEqual([
      {
        kind: 'header',
        guess: null,
        rows: [
          { number: 1, texts: ['Иван', '+79161234567'] },
          { number: 2, texts: ['Анна', '+79160000001'] },
        ],
      },
    ]);
    expect(ask(inspected(table(rows(['Кому', 'Куда'], ['Иван', '+79161234567']))))).toMatchObject([
      { kind: 'header', guess: 1 },
    ]);
  });

  test('may be none', () => {
    const look = inspected(table(NO_HEADER));
    expect(plan(look, { headerRow: 0 })).toMatchObject({
      headerRow: 0,
      phoneIndex: 1,
      headings: ['Column A', 'Column B'],
    });
  });

  test('is the row that was named, and asked for again when it is not there', () => {
    const look = inspected(table(rows(['Имя', 'Телефон'], ['Кто', 'Куда'], ['Иван', '+79161234567'])));
    expect(plan(look, { headerRow: 2 })).toMatchObject({ headerRow: 2, headings: ['Кто', 'Куда'] });
    expect(ask(inspected(table(NO_HEADER)), { headerRow: 77 })).toMatchObject([{ kind: 'header' }]);
  });
});

describe('the phone column', () => {
  const look = inspected(table(TWO_PHONES));

  test('is asked for between two, with an example of each', () => {
    expect(ask(look)).toEqual([
      {
        kind: 'phone-column',
        options: [
          { name: 'Телефон', example: '+79161234567' },
          { name: 'Рабочий телефон', example: '+79160000001' },
        ],
      },
    ]);
  });

  test('that was named is taken, in any case of letters', () => {
    expect(plan(look, { phoneColumn: 'рабочий ТЕЛЕФОН' }).phoneIndex).toBe(2);
  });

  test('is asked for again when there is none of that name', () => {
    expect(ask(look, { phoneColumn: 'Факс' })).toMatchObject([{ kind: 'phone-column' }]);
  });

  test('is asked for among all when none is recognised, and any may be it', () => {
    const none = inspected(table(rows(['Имя', 'Город'], ['Иван', 'Тула'])));
    expect(ask(none)).toEqual([{ kind: 'no-phone-column', columns: ['Имя', 'Город'] }]);
    expect(plan(none, { phoneColumn: 'Город' }).phoneIndex).toBe(1);
  });

  test('is not the zone column at once', () => {
    const odd = inspected(table(rows(['Часовой пояс', 'Имя'], ['+79161234567', 'Иван'])));
    expect(plan(odd, { phoneColumn: 'Часовой пояс' })).toMatchObject({ phoneIndex: 0, zoneIndex: null });
  });
});

describe('hidden rows', () => {
  const look = inspected(table(PEOPLE, { hiddenRows: 2, filtered: true }));

  test('are asked about', () => {
    expect(ask(look)).toEqual([{ kind: 'hidden-rows', count: 2, filtered: true }]);
  });

  test('are taken or left out as was said', () => {
    expect(plan(look, { hiddenRows: 'take' }).hiddenRows).toBe('take');
    expect(plan(look, { hiddenRows: 'leave-out' }).hiddenRows).toBe('leave-out');
  });

  test('are asked about together with the rest', () => {
    const more = { hiddenRows: 2 };
    expect(ask(inspected(table(NO_HEADER, more))).map((question) => question.kind)).toEqual(['header', 'hidden-rows']);
    expect(ask(inspected(table(TWO_PHONES, more))).map((question) => question.kind)).toEqual([
      'phone-column',
      'hidden-rows',
    ]);
  });
});

test('there is no plan while there is a question', () => {
  expect(() => plan(inspected(table(TWO_PHONES, { hiddenRows: 1 })))).toThrow(
    'cannot plan while asking for phone-column, hidden-rows',
  );
});

test('a zone column is part of the plan', () => {
  const look = inspected(table(rows(['Имя', 'Телефон', 'Часовой пояс'], ['Иван', '+79161234567', 'МСК+2'])));
  expect(plan(look).zoneIndex).toBe(2);
});
