import fc from 'fast-check';
import { describe, expect, it } from 'vitest';
import { tidyText } from '../../src/messages/tidy.ts';

describe('tidying a text', () => {
  it.each([
    ['line ends', 'a\r\nb\rc\u2028d', 'a\nb\nc\nd'],
    ['spaces at line ends', 'a  \nb\u00a0\n\nc \t', 'a\nb\n\nc'],
    ['empty lines at the end', 'a\n\n \n', 'a'],
    ['tabs', 'a\tb', 'a b'],
    ['control characters', 'a\u0000b\u0007\u001b\u007fc', 'abc'],
    ['accents stored apart', 'cafe\u0301 и\u0306', 'caf\u00e9 й'],
    ['half a surrogate pair', 'a\ud83d b', 'a\ufffd b'],
  ])('mends %s', (_what, text, tidy) => {
    expect(tidyText(text)).toBe(tidy);
  });

  it.each(["O'Brien & Co", 'Цена 5 €', '👨‍👩‍👧', '  indented', '«кавычки» — тире…', 'a\u00a0b'])(
    'leaves %j',
    (text) => {
      expect(tidyText(text)).toBe(text);
    },
  );

  it('finds nothing more to do the second time', () => {
    const text = fc.array(
      fc.constantFrom('a', ' ', '\r', '\n', '\t', '\u0301', '\ud83d', '\ude00', '\u200d', '\u0000', '\u2028'),
    );
    fc.assert(
      fc.property(text, (chars) => {
        const once = tidyText(chars.join(''));
        expect(tidyText(once)).toBe(once);
        expect(once.isWellFormed()).toBe(true);
      }),
    );
  });
});
