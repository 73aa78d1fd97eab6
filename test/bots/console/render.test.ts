import { stripVTControlCharacters } from 'node:util';
import fc from 'fast-check';
import { describe, expect, it } from 'vitest';
import { renderCard } from '../../../bots/console/render.ts';
import { tableLines } from '../../../bots/console/table.ts';
import { harmless, padEnd, padStart, widthOf, wrap } from '../../../bots/console/width.ts';
import type { Card } from '../../../src/staff/card.ts';
import { LOCALES } from '../../../src/texts/index.ts';

const CARD: Card = {
  subject: 'campaign:12',
  tone: 'attention',
  title: 'Кампания 12 «Весна» — ждёт согласования',
  lead: ['612 получателей, 644 части, не дороже 1 803,20 RUB'],
  facts: [
    { label: 'Метка версии', value: 'a1b2c3' },
    { label: 'Не позже', value: 'вт 24 ноября 2026, 20:00 (Europe/Moscow, UTC+3)' },
  ],
  sections: [
    { title: 'Текст', lines: ['Здравствуйте, {{Имя}}!', '', '  До воскресенья скидка.'] },
    {
      title: 'Исключено 21 строка',
      table: {
        head: ['Строк', 'Почему'],
        rows: [
          ['12', 'Тот же номер телефона уже есть в строке выше'],
          ['9', 'Телефон не указан'],
        ],
      },
    },
  ],
  actions: [
    { label: 'Согласовать', command: 'согласовать 12 a1b2c3', style: 'primary' },
    { label: 'Отклонить', command: 'отклонить 12', style: 'danger' },
  ],
  note: 'Подробнее: `помощь согласовать`',
};

describe('a card in a terminal', () => {
  it('is laid out in columns, whatever the alphabet', () => {
    expect(renderCard(CARD, { locale: 'ru', width: 64 })).toBe(`! Кампания 12 «Весна» — ждёт согласования
=========================================
612 получателей, 644 части, не дороже 1 803,20 RUB

  Метка версии  a1b2c3
  Не позже      вт 24 ноября 2026, 20:00 (Europe/Moscow, UTC+3)

Текст
  Здравствуйте, {{Имя}}!

    До воскресенья скидка.

Исключено 21 строка
  Строк  Почему
  -----  --------------------------------------------
     12  Тот же номер телефона уже есть в строке выше
      9  Телефон не указан

Можно написать
  согласовать 12 a1b2c3  Согласовать
  отклонить 12           Отклонить

Подробнее: \`помощь согласовать\`
`);
  });

  it('is wrapped where the terminal is narrow, values under values', () => {
    expect(
      renderCard({ ...CARD, sections: [], actions: [] }, { locale: 'ru', width: 40 }),
    ).toBe(`! Кампания 12 «Весна» — ждёт
согласования
============================
612 получателей, 644 части, не дороже 1
803,20 RUB

  Метка версии  a1b2c3
  Не позже      вт 24 ноября 2026, 20:00
                (Europe/Moscow, UTC+3)

Подробнее: \`помощь согласовать\`
`);
  });

  it('says by a sign what a colour would', () => {
    const first = (tone: Card['tone']) =>
      renderCard({ subject: 'x', tone, title: 'Title' }, { locale: 'en' }).split('\n')[0];
    expect([first('info'), first('good'), first('attention'), first('bad')]).toEqual([
      'Title',
      'Title',
      '! Title',
      '!! Title',
    ]);
  });

  it('has colours only when they are asked for, and says the same without them', () => {
    const plain = renderCard(CARD, { locale: 'ru' });
    const coloured = renderCard(CARD, { locale: 'ru', colour: true });
    expect(plain).not.toContain('\u001b');
    expect(coloured).toContain('\u001b');
    expect(stripVTControlCharacters(coloured)).toBe(plain);
  });

  it('lets nothing from outside command the terminal or turn its direction', () => {
    const evil = 'pay \u001b[2J\u001b]0;x\u0007 \u202e000,1\u0000\u009b31m';
    const card: Card = {
      subject: 'x',
      tone: 'info',
      title: evil,
      lead: [evil],
      facts: [{ label: evil, value: evil }],
      sections: [{ title: evil, lines: [evil], table: { head: [evil], rows: [[evil]] } }],
      actions: [{ label: evil, command: `${evil}\nrm` }],
      note: evil,
    };
    // biome-ignore lint/suspicious/noControlCharactersInRegex: these are what is meant
    expect(renderCard(card, { locale: 'en' })).not.toMatch(/[\u0000-\u0009\u000b-\u001f\u007f-\u009f\u202a-\u202e]/);
  });

  it('puts a long label, and a long command, on a line of its own', () => {
    const card: Card = {
      subject: 'x',
      tone: 'info',
      title: 'T',
      facts: [
        { label: 'A label that is longer than a third', value: 'one' },
        { label: 'B', value: 'two' },
      ],
      actions: [
        { label: 'Show', command: 'show 12' },
        { label: 'A long one', command: 'edit 12 text="a text that takes more than half"' },
      ],
    };
    expect(renderCard(card, { locale: 'en', width: 60 })).toBe(`T
=

  A label that is longer than a third
     one
  B  two

You can write
  show 12  Show
  edit 12 text="a text that takes more than half"
           A long one
`);
  });

  it('keeps a drawing with its caret as it is, and facts apart from lines', () => {
    const drawn = `${'word '.repeat(12)}`.trim();
    const card: Card = {
      subject: 'x',
      tone: 'info',
      title: 'T',
      sections: [{ title: '', lines: [drawn, '          ^'], facts: [{ label: 'A', value: 'b' }] }],
    };
    expect(renderCard(card, { locale: 'en', width: 40 })).toBe(`T\n=\n\n  ${drawn}\n            ^\n\n  A  b\n`);
  });

  it('fits into the width, but for what cannot be broken', () => {
    const words = fc.array(fc.constantFrom('слово', 'word', 'ещё', '1 000', '字字', '🎉', 'a'), {
      minLength: 1,
      maxLength: 30,
    });
    const text = words.map((parts) => parts.join(' '));
    const card = fc.record({
      subject: fc.constant('x'),
      tone: fc.constantFrom('info', 'bad'),
      title: text,
      lead: fc.array(text, { maxLength: 2 }),
      facts: fc.array(fc.record({ label: fc.constantFrom('Label', 'Метка'), value: text }), { maxLength: 2 }),
      sections: fc.array(
        fc.record({
          title: text,
          lines: fc.array(text, { maxLength: 2 }),
          table: fc.record({
            head: fc.constant(['', 'A']),
            rows: fc.array(fc.tuple(fc.constant('1'), text), { maxLength: 3 }),
          }),
        }),
        { maxLength: 2 },
      ),
    });
    fc.assert(
      fc.property(card, fc.integer({ min: 40, max: 120 }), fc.constantFrom(...LOCALES), (card, width, locale) => {
        for (const line of renderCard(card as Card, { locale, width }).split('\n')) {
          expect(widthOf(line)).toBeLessThanOrEqual(Math.min(width, 100));
          expect(line).toBe(line.trimEnd());
        }
      }),
      { numRuns: 100 },
    );
  });
});

describe('a table', () => {
  it('has numbers to the right and words to the left', () => {
    const rows = [
      ['alfa', '1,024', '99.9 %', '1\u00a0840,00\u00a0RUB', '+79161234567'],
      ['b', '7', 'under 1', '2,00 RUB', ''],
    ];
    expect(tableLines({ head: ['Name', 'N', 'Share', 'Cost', 'Phone'], rows }, 80)).toEqual([
      'Name      N  Share            Cost  Phone',
      '----  -----  -------  ------------  ------------',
      'alfa  1,024  99.9 %   1\u00a0840,00\u00a0RUB  +79161234567',
      'b         7  under 1      2,00 RUB',
    ]);
  });

  it('without titles has no rule', () => {
    expect(tableLines({ head: ['', ''], rows: [['a', 'b']] }, 80)).toEqual(['a  b']);
  });

  it('takes room from its widest column, down to eight', () => {
    const rows = [['1', 'one two three four five six']];
    expect(tableLines({ head: ['N', 'Words'], rows }, 17)).toEqual([
      'N  Words',
      '-  --------------',
      '1  one two three',
      '   four five six',
    ]);
    expect(tableLines({ head: ['N', 'Words'], rows }, 1)[1]).toBe('-  --------');
  });

  it('takes rows that are short of cells', () => {
    expect(tableLines({ head: ['A', 'B'], rows: [['x']] }, 20)).toEqual(['A  B', '-  -', 'x']);
  });
});

describe('the width of a text', () => {
  it.each([
    ['abc', 3],
    ['Привет, ё', 9],
    ['й', 1], // и and a breve
    ['字字', 4],
    ['👨‍👩‍👧', 2],
    ['❤️', 2],
    ['a\u200bb', 2],
    ['1\u00a0000', 5],
    ['“—…”', 4],
    ['', 0],
  ])('%j is %i columns', (text, columns) => {
    expect(widthOf(text)).toBe(columns);
    expect([widthOf(padEnd(text, 12)), widthOf(padStart(text, 12))]).toEqual([12, 12]);
  });
});

describe('wrapping', () => {
  it('keeps a command in one piece', () => {
    expect(wrap('To begin, write `new customers.xlsx`, please.', 30)).toEqual([
      'To begin, write',
      '`new customers.xlsx`, please.',
    ]);
  });

  it('keeps leading and inner spaces, and lets long words stick out', () => {
    expect(wrap('  two  spaces', 80)).toEqual(['  two  spaces']);
    expect(wrap('  indented and long enough', 16)).toEqual(['  indented and', 'long enough']);
    expect(wrap('https://example.org/a/very/long/path here', 10)).toEqual([
      'https://example.org/a/very/long/path',
      'here',
    ]);
    expect(wrap('a\n\nb', 10)).toEqual(['a', '', 'b']);
  });

  it('loses no word', () => {
    fc.assert(
      fc.property(fc.string(), fc.integer({ min: 1, max: 40 }), (text, width) => {
        const squeezed = (all: string) => all.replace(/[ \n]/g, '');
        expect(squeezed(wrap(text, width).join(' '))).toBe(squeezed(text));
      }),
    );
  });
});

it('tabs and line ends are made plain', () => {
  expect(harmless('a\tb\r\nc\rd')).toBe('a    b\nc\nd');
});
