import { writeFileSync } from 'node:fs';
import iconv from 'iconv-lite';
import { describe, expect, test } from 'vitest';
import { SAMPLE_ROWS } from '../../../src/audiences/source.ts';
import { look, madeFolder, refusalOf, rowsOf, texts } from './made-files.ts';

const file = madeFolder();
const save = (content: string | Buffer): string => {
  writeFileSync(file('table.csv'), content);
  return file('table.csv');
};
const read = async (content: string | Buffer) => texts(await rowsOf(save(content)));

describe('the delimiter', () => {
  test.each([
    [
      'a comma',
      'name,phone\nИван,+79161234567\n',
      [
        ['name', 'phone'],
        ['Иван', '+79161234567'],
      ],
    ],
    [
      'a semicolon',
      'name;phone\nИван;1\n',
      [
        ['name', 'phone'],
        ['Иван', '1'],
      ],
    ],
    [
      'a tab',
      'name\tphone\nИван\t1\n',
      [
        ['name', 'phone'],
        ['Иван', '1'],
      ],
    ],
    [
      'a bar',
      'name|phone\nИван|1\n',
      [
        ['name', 'phone'],
        ['Иван', '1'],
      ],
    ],
    [
      'a semicolon among commas of sums',
      'name;sum\nИван;1,5\nАнна;2,5\n',
      [
        ['name', 'sum'],
        ['Иван', '1,5'],
        ['Анна', '2,5'],
      ],
    ],
    [
      'a semicolon beside names with commas',
      'name;phone\nИванов, Иван;1\nИванова, Анна;2\n',
      [
        ['name', 'phone'],
        ['Иванов, Иван', '1'],
        ['Иванова, Анна', '2'],
      ],
    ],
    [
      'a comma beside quoted semicolons',
      'a,b\n"x;y;z",1\n"x;y;z",2\n',
      [
        ['a', 'b'],
        ['x;y;z', '1'],
        ['x;y;z', '2'],
      ],
    ],
    ['a comma under a title', 'Список\n\na,b\n1,2\n3,4\n', [['Список'], ['a', 'b'], ['1', '2'], ['3', '4']]],
    ['none: one column', '+79161234567\n+79161234568\n', [['+79161234567'], ['+79161234568']]],
    [
      'stated in the first line',
      'sep=;\r\na;b,c,d\r\n1;2,3,4\r\n',
      [
        ['a', 'b,c,d'],
        ['1', '2,3,4'],
      ],
    ],
    ['stated after a mark', '\ufeffsep=|\na|b;c\n', [['a', 'b;c']]],
  ])('%s', async (_, content, rows) => {
    expect(await read(content)).toEqual(rows);
  });
});

describe('the encoding', () => {
  const people = 'Имя;Телефон;Город\r\nИван Петров;+79161234567;Москва\r\nАнна Ёлкина;89160000001;Санкт-Петербург\r\n';
  const rows = [
    ['Имя', 'Телефон', 'Город'],
    ['Иван Петров', '+79161234567', 'Москва'],
    ['Анна Ёлкина', '89160000001', 'Санкт-Петербург'],
  ];

  test.each(['utf-8', 'windows-1251', 'koi8-r', 'cp866', 'iso-8859-5', 'maccyrillic', 'utf-16le', 'utf-16be'])(
    '%s is found without a mark',
    async (encoding) => {
      expect(await read(iconv.encode(people, encoding))).toEqual(rows);
    },
  );

  test.each(['utf-8', 'utf-16le', 'utf-16be'])('%s is found by its mark', async (encoding) => {
    expect(await read(iconv.encode(people, encoding, { addBOM: true }))).toEqual(rows);
  });

  test.each([
    ['capitals only', 'ИМЯ;ТЕЛЕФОН\r\nИВАНОВ ИВАН;1\r\nПЕТРОВА АННА;2\r\n'],
    ['one word of Russian among English', 'name;phone\r\nJohn;1\r\nMary;2\r\nИван;3\r\n'],
    ['a numero sign and quotes', '№;Компания\r\n1;ООО «Ромашка» — филиал\r\n'],
  ])('windows-1251 is found by %s', async (_, content) => {
    expect(
      texts(await rowsOf(save(iconv.encode(content, 'windows-1251'))))
        .flat()
        .join(';'),
    ).toBe(content.trimEnd().replaceAll('\r\n', ';'));
  });

  test('of a western table is not taken for Russian', async () => {
    const content = 'nombre;teléfono;ciudad\r\nJosé García;1;Málaga\r\nNuño Ibáñez;2;Cádiz\r\n';
    expect(await read(iconv.encode(content, 'windows-1252'))).toEqual([
      ['nombre', 'teléfono', 'ciudad'],
      ['José García', '1', 'Málaga'],
      ['Nuño Ibáñez', '2', 'Cádiz'],
    ]);
  });

  test('that shows only far from the beginning is found there', async () => {
    const plain = 'name,phone\n'.repeat(30_000);
    const rows = await read(iconv.encode(`${plain}Иван Петров из Москвы,1\n`, 'windows-1251'));
    expect(rows.at(-1)).toEqual(['Иван Петров из Москвы', '1']);
  });

  test('does not break letters that lie across two chunks', async () => {
    const rows = Array.from({ length: 4000 }, (_, i) => [`x${'Ж'.repeat(40)}`, String(i)]);
    expect(await read(`a;b\n${rows.map((row) => row.join(';')).join('\n')}`)).toEqual([['a', 'b'], ...rows]);
  });
});

describe('rows', () => {
  test('are numbered as a spreadsheet would, empty lines and lines within quotes too', async () => {
    const rows = await rowsOf(save('a;b\r\n\r\n"two\r\nlines";1\r\n;\r\nlast;2'));
    expect(rows.map((row) => row.number)).toEqual([1, 3, 5]);
    expect(texts(rows)[1]).toEqual(['two\r\nlines', '1']);
  });

  test.each([
    ['ragged', 'a;b;c\n1\n1;2;3;4\n;;3\n', [['a', 'b', 'c'], ['1'], ['1', '2', '3', '4'], [null, null, '3']]],
    [
      'of mixed line endings',
      'a;b\r\n1;2\n3;4\r5;6',
      [
        ['a', 'b'],
        ['1', '2'],
        ['3', '4'],
        ['5', '6'],
      ],
    ],
    [
      'with stray quotes',
      'a;b\nИван "Ваня" Петров;1\n5" труба;2\n',
      [
        ['a', 'b'],
        ['Иван "Ваня" Петров', '1'],
        ['5" труба', '2'],
      ],
    ],
    [
      'with doubled quotes',
      'a;b\n"ООО ""Ромашка""";1\n',
      [
        ['a', 'b'],
        ['ООО "Ромашка"', '1'],
      ],
    ],
    [
      'with quotes that program forgot to double',
      'a;b\n"ООО "Ромашка"";1\n',
      [
        ['a', 'b'],
        ['"ООО "Ромашка""', '1'],
      ],
    ],
    [
      'with cells kept from being numbers',
      'a;b\n="0123";"=""0456"""\n',
      [
        ['a', 'b'],
        ['0123', '0456'],
      ],
    ],
    [
      'of phones as a spreadsheet left them',
      'a;b\n7,91612E+10;1\n',
      [
        ['a', 'b'],
        ['7,91612E+10', '1'],
      ],
    ],
  ])('%s', async (_, content, rows) => {
    expect(await read(content)).toEqual(rows);
  });

  test('are one table without a name, nothing in it hidden', async () => {
    const tables = await look(save('a;b\n1;2\n'));
    expect(tables).toMatchObject([
      { name: '', hidden: false, filtered: false, hiddenRows: 0, rows: { count: 2, exact: true } },
    ]);
  });

  test('are counted in a look as far as it needs them, for nothing hides among them', async () => {
    const tables = await look(save('x;y\n'.repeat(3000)));
    expect(tables).toMatchObject([{ sample: { length: SAMPLE_ROWS }, rows: { count: 1000, exact: false } }]);
  });

  test('come all, however many', async () => {
    const rows = await rowsOf(save(`${'x;y\n'.repeat(1001)}`));
    expect(rows.map((row) => row.number)).toEqual(Array.from({ length: 1001 }, (_, i) => i + 1));
  });
});

describe('a table of text is refused', () => {
  test('when a quote is never closed', async () => {
    expect(await refusalOf(save('a;b\n"open;1\n2;3\n'))).toEqual({
      code: 'broken',
      detail: 'CSV_QUOTE_NOT_CLOSED at line 3',
    });
  });

  test('when a quote swallows more than a row can hold', async () => {
    const problem = await refusalOf(save(`a;b\n"open;1\n${'2;3\n'.repeat(3000)}`), { cellLength: 10 });
    expect(problem).toMatchObject({ code: 'broken', detail: expect.stringContaining('CSV_MAX_RECORD_SIZE') });
  });

  test.each([
    ['rows', 'x\n'.repeat(30), { rows: 20 }, 20],
    ['columns', `${'x;'.repeat(30)}\n`, { columns: 20 }, 20],
    ['cell', `a;${'x'.repeat(30)}\n`, { cellLength: 20 }, 20],
  ])('when too large in its %s', async (what, content, limits, limit) => {
    expect(await refusalOf(save(content), limits)).toEqual({ code: 'too-large', what, limit });
  });
});
