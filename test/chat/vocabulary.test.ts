import { describe, expect, test } from 'vitest';
import { COMMANDS } from '../../src/chat/commands/index.ts';
import { COMMAND_NAMES, PHRASES, phraseIn, readCommand, readFormWord, readKey } from '../../src/chat/vocabulary.ts';
import { texts } from '../../src/texts/index.ts';

const phrases = Object.entries(PHRASES).flatMap(([name, all]) => all.map((phrase) => [phrase, name] as const));

test.each(phrases)('%s is the command %s, also with what follows', (phrase, name) => {
  expect(readCommand(phrase)).toEqual({ kind: 'command', name, end: phrase.length });
  expect(readCommand(`${phrase} 12`)).toMatchObject({ kind: 'command', name });
});

test('no phrase means two commands', () => {
  expect(new Set(phrases.map(([phrase]) => phrase)).size).toBe(phrases.length);
});

describe('a command is known', () => {
  test.each([
    ['/new file.xlsx', 'new', 4],
    ['/new@herald_bot file.xlsx', 'new', 15],
    ['/audience_check a.csv', 'audience-check', 15],
    ['!list', 'list', 5],
    ['Help!', 'help', 5],
    ['STOP ALL', 'stop-all', 8],
    ['Стоп всё', 'stop-all', 8],
    ['Ещё раз 12', 'again', 7],
    ['на согласование 12', 'submit', 15],
    ['phone code 123456', 'phone-code', 10],
    ['phone 123456', 'phone', 5],
    ['staff sees maria all', 'staff-sees', 10],
    ['  show   12', 'show', 6],
  ])('in %j', (line, name, end) => {
    expect(readCommand(line)).toEqual({ kind: 'command', name, end });
  });
});

describe('what is none has a nearest', () => {
  test.each([
    ['shwo 12', 'show'],
    ['aprove 12', 'approve'],
    ['покжи 12', 'show'],
    ['согласвать 12', 'approve'],
    ['audiense check', 'audience-check'],
    ['xyzzy', null],
    ['', null],
  ])('%j: %s', (line, nearest) => {
    expect(readCommand(line)).toMatchObject({ kind: 'unknown', nearest });
  });
});

test.each([
  ['/cancel', 'cancel'],
  ['Отмена', 'cancel'],
  ['назад', 'back'],
  ['Skip.', 'skip'],
  ['cancel 12', null],
  ['skip this', null],
])('%j is a word to a form: %s', (line, word) => {
  expect(readFormWord(line)).toBe(word);
});

test('names are known in both languages, with hyphens or underscores', () => {
  expect([readKey('Текст'), readKey('COST_CENTRE'), readKey('часовой-пояс'), readKey('nothing')]).toEqual([
    'text',
    'cost-centre',
    'zone',
    null,
  ]);
});

describe.each(['en', 'ru'] as const)('in %s', (locale) => {
  const words = texts(locale);
  test.each(COMMAND_NAMES)('%s is carried out, and has help that begins with what is typed', (name) => {
    expect(COMMANDS[name].run).toBeTypeOf('function');
    expect(words.t(`help.${name}.does`)).not.toBe('');
    const how = words.t(`help.${name}.how`).replaceAll('`', '');
    expect(readCommand(how)).toMatchObject({ kind: 'command', name });
    expect(readCommand(phraseIn(locale, name))).toMatchObject({ kind: 'command', name });
  });

  test.each(COMMAND_NAMES)('the two examples of %s are commands', (name) => {
    const examples = words.t(`help.${name}.examples`).replaceAll('`', '').split('\n');
    expect(examples).toHaveLength(2);
    for (const example of examples) {
      if (example !== '#12') expect(readCommand(example).kind, example).toBe('command');
    }
  });
});
