import fc from 'fast-check';
import { describe, expect, it } from 'vitest';
import { measure } from '../../src/messages/parts.ts';
import { whatMakesItLong } from '../../src/messages/savings.ts';
import { anyText, gsmText } from './alphabet.ts';

const latinText = fc
  .array(fc.constantFrom('a', 'b ', '’', '…', '—', '\u00a0', '[', ']', '😀'), { maxLength: 300, size: 'max' })
  .map((chars) => chars.join(''));

const a = (count: number): string => 'a'.repeat(count);

describe('what makes a text long', () => {
  it('is the one quote that turns 100 characters into two parts', () => {
    expect(whatMakesItLong(`It’s${a(96)}`)).toEqual([
      { char: '’', replacement: "'", count: 1, partsBefore: 2, partsAfter: 1 },
    ]);
  });

  it.each([
    ['’', "'"],
    ['‘', "'"],
    ['“', '"'],
    ['«', '"'],
    ['»', '"'],
    ['—', '-'],
    ['–', '-'],
    ['\u2011', '-'],
    ['−', '-'],
    ['…', '...'],
    ['•', '-'],
    ['×', 'x'],
    ['№', 'No.'],
    ['\u00a0', ' '],
    ['\u202f', ' '],
    ['\t', ' '],
    ['\u2028', '\n'],
    ['\u200b', ''],
    ['\ufeff', ''],
    ['e\u0301', 'é'],
    ['ç', null],
    ['á', null],
    ['😀', null],
    ['👨‍👩‍👧', null],
    ['₽', null],
  ])('includes %j, for which one may write %j', (char, replacement) => {
    const found = whatMakesItLong(`${a(80)} ${char} ${char}`);
    expect(found).toEqual([{ char, replacement, count: 2, partsBefore: 2, partsAfter: 1 }]);
  });

  it('counts the savings of all replacements together, as one alone saves nothing', () => {
    expect(whatMakesItLong(`“Hi” — ${a(80)}`).map(({ char, partsAfter }) => [char, partsAfter])).toEqual([
      ['“', 1],
      ['”', 1],
      ['—', 1],
    ]);
  });

  it('says that quotes save nothing while an emoji is there, and that without it they would', () => {
    expect(whatMakesItLong(`It’s 😀 ${a(80)}`).map(({ char, partsAfter }) => [char, partsAfter])).toEqual([
      ['’', 2],
      ['😀', 1],
    ]);
  });

  it('tells of UCS-2 also where it costs no part yet', () => {
    expect(whatMakesItLong('It’s')).toEqual([{ char: '’', replacement: "'", count: 1, partsBefore: 1, partsAfter: 1 }]);
  });

  it('is a bracket that costs two septets, where one less would save a part', () => {
    expect(whatMakesItLong(`[1]${a(157)}`)).toEqual([
      { char: '[', replacement: '(', count: 1, partsBefore: 2, partsAfter: 1 },
      { char: ']', replacement: ')', count: 1, partsBefore: 2, partsAfter: 1 },
    ]);
  });

  it.each([
    ['a short text', 'Hello [you]'],
    ['a text that is long by itself', `[1]${a(300)}`],
    ['a long text without extension characters', a(161)],
    ['the euro, which has no stand-in', `€${a(159)}`],
    ['Cyrillic', 'Уважаемый клиент, ваш заказ готов. '.repeat(5)],
    ['Cyrillic with typography', `«Привет» — ${'мир '.repeat(30)}`],
    ['Latin with a Russian word', `It’s Иван ${a(80)}`],
    ['Greek in small letters', `Καλημέρα ${a(80)}`],
    ['nothing', ''],
  ])('is nothing to speak of in %s', (_what, text) => {
    expect(whatMakesItLong(text)).toEqual([]);
  });

  it('knows an accented letter stored with a joiner', () => {
    expect(whatMakesItLong(`a\u200d${a(80)}`)[0]).toMatchObject({ char: 'a\u200d', replacement: 'a', partsAfter: 1 });
  });

  it('says what the text measures when its advice is taken', () => {
    fc.assert(
      fc.property(fc.oneof(latinText, anyText, gsmText), (text) => {
        const found = whatMakesItLong(text);
        const advised = found.reduce((better, { char, replacement }) => {
          return replacement === null ? better : better.replaceAll(char, replacement);
        }, text);
        for (const { replacement, partsBefore, partsAfter } of found) {
          expect(partsBefore).toBe(measure(text).parts);
          if (replacement !== null) expect(partsAfter).toBe(measure(advised).parts);
        }
      }),
    );
  });
});
