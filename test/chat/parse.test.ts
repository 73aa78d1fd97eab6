import fc from 'fast-check';
import { describe, expect, test } from 'vitest';
import { type Arguments, readArguments, textFrom } from '../../src/chat/parse.ts';
import { DRAFT_KEYS } from '../../src/chat/vocabulary.ts';

function read(line: string, keys: Parameters<typeof readArguments>[2] = DRAFT_KEYS) {
  const reading = readArguments(line, 0, keys);
  if (reading.kind === 'mistake') return reading.mistake;
  const { words, named } = reading.arguments;
  return {
    words: words.map((word) => word.text),
    named: Object.fromEntries([...named].map(([key, piece]) => [key, piece.text])),
  };
}

describe('words and values', () => {
  const QUOTES = ['"', '“”', '„“', '„”', '«»', "'", '‘’', '””', '"”', '“"', '`'];
  test.each(QUOTES)('are read in quotes of every kind: %s', (pair) => {
    const [open, close] = pair.length === 1 ? [pair, pair] : [pair[0], pair[1]];
    expect(read(`list.csv text=${open}Hello {{Имя}}, you${close} sender=ACME`)).toEqual({
      words: ['list.csv'],
      named: { text: 'Hello {{Имя}}, you', sender: 'ACME' },
    });
  });

  test.each([
    ['text=Hello all of you sender=ACME', { text: 'Hello all of you', sender: 'ACME' }],
    ['start=tomorrow 10:00 zone=Europe/Moscow', { start: 'tomorrow 10:00', zone: 'Europe/Moscow' }],
    ['текст=«Скидка» отправитель=ACME когда=завтра в 10', { text: 'Скидка', sender: 'ACME', start: 'завтра в 10' }],
    ['название="Лето" имя_колонки', { name: 'Лето' }],
    ['text = "spaces around" sender = ACME', { text: 'spaces around', sender: 'ACME' }],
    ['text="The "Summer" sale" sender=ACME', { text: 'The "Summer" sale', sender: 'ACME' }],
    ['text="say \\"now\\"" sender=ACME', { text: 'say "now"', sender: 'ACME' }],
    ["text='Don't wait' sender=ACME", { text: "Don't wait", sender: 'ACME' }],
    ['text=’Tis the season sender=ACME', { text: '’Tis the season', sender: 'ACME' }],
    ['text="two\nlines" sender=ACME', { text: 'two\nlines', sender: 'ACME' }],
    [
      'text=see https://x.example/?a=b&name=c sender=ACME',
      { text: 'see https://x.example/?a=b&name=c', sender: 'ACME' },
    ],
    ['until= sender=ACME', { until: '', sender: 'ACME' }],
    ['cost_centre=42', { 'cost-centre': '42' }],
  ])('of %j', (line, named) => {
    expect(read(line)).toMatchObject({ named });
  });

  test('in a command without names, an equals sign is a letter', () => {
    expect(read('12 price=too high', [])).toEqual({ words: ['12', 'price=too', 'high'], named: {} });
  });

  test('one value in quotes can be followed by a word', () => {
    expect(read('text="Hello" list.csv')).toEqual({ words: ['list.csv'], named: { text: 'Hello' } });
  });
});

describe('a mistake is told with its place', () => {
  test.each([
    ['list.csv text="Hello', { code: 'quote-open', at: 14 }],
    ['"list.csv', { code: 'quote-open', at: 0 }],
    ['list.csv sendr=ACME', { code: 'unknown-key', key: 'sendr', nearest: 'sender', at: 9 }],
    ['text=Hello sendr=ACME', { code: 'unknown-key', key: 'sendr', nearest: 'sender', at: 11 }],
    ['text="Hello" colour=red', { code: 'unknown-key', key: 'colour', nearest: null, at: 13 }],
    ['отправител=ACME', { code: 'unknown-key', key: 'отправител', nearest: 'sender', at: 0 }],
    ['name=a name=b', { code: 'key-twice', key: 'name', at: 7 }],
  ])('%j', (line, mistake) => {
    expect(read(line)).toEqual(mistake);
  });
});

describe('a free text', () => {
  const tail = (line: string, index: number): string => {
    const reading = readArguments(line, 0, []);
    if (reading.kind === 'mistake') throw new Error(reading.mistake.code);
    return textFrom(reading.arguments satisfies Arguments, index);
  };
  test.each([
    ['12 too expensive,  really', 'too expensive,  really'],
    ['12 "too expensive"', 'too expensive'],
    ['12 the word "sale" is missing', 'the word "sale" is missing'],
    ['12', ''],
  ])('of %j is %j', (line, text) => {
    expect(tail(line, 1)).toBe(text);
  });
});

test('whatever is typed, every piece stands where it is said to stand, and nothing is thrown', () => {
  const alphabet = fc.constantFrom(
    'a',
    'text',
    '=',
    '"',
    '“',
    '”',
    '«',
    '»',
    "'",
    ' ',
    '\n',
    'ю',
    '\\',
    'sender',
    '12',
    '{{',
  );
  fc.assert(
    fc.property(fc.array(alphabet, { maxLength: 30 }), (pieces) => {
      const line = pieces.join('');
      const reading = readArguments(line, 0, DRAFT_KEYS);
      if (reading.kind === 'mistake') return;
      let before = 0;
      const { words, named } = reading.arguments;
      for (const piece of [...words, ...named.values()].sort((a, b) => a.at - b.at)) {
        expect(piece.at).toBeGreaterThanOrEqual(before);
        expect(piece.end).toBeLessThanOrEqual(line.length);
        before = piece.end;
      }
    }),
  );
});
