import fc from 'fast-check';
import { describe, expect, test } from 'vitest';
import { commandLine, quoted } from '../../../bots/slack/command-line.ts';
import { readArguments, textFrom } from '../../../src/chat/parse.ts';
import { DRAFT_KEYS, readCommand } from '../../../src/chat/vocabulary.ts';

/** What people write, and what a line is made of: quotes of every kind, backslashes, names with `=`, line ends. */
const written = fc.oneof(
  fc.string({ unit: 'grapheme', maxLength: 60 }),
  fc
    .array(
      fc.constantFrom(
        '"',
        '“',
        '”',
        '„',
        '«',
        '»',
        "'",
        '‘',
        '’',
        '`',
        '\\',
        ' ',
        '\n',
        'text=',
        'start="',
        'a',
        'я',
        '/new',
        '=',
      ),
      {
        maxLength: 20,
      },
    )
    .map((letters) => letters.join('')),
);

/** Fields are trimmed by whoever reads them. */
const read = (line: string, key: (typeof DRAFT_KEYS)[number]) => {
  const command = readCommand(line);
  if (command.kind !== 'command') throw new Error(`no command: ${line}`);
  const reading = readArguments(line, command.end, DRAFT_KEYS);
  if (reading.kind !== 'arguments') throw new Error(JSON.stringify(reading.mistake));
  return {
    name: command.name,
    words: reading.arguments.words,
    said: reading.arguments.named.get(key)?.text.trim() ?? '',
  };
};

describe('a form as a command', () => {
  test('reads back as it was filled in, whatever is in it', () => {
    fc.assert(
      fc.property(written, written, written, written, (source, name, text, start) => {
        const line = commandLine('new', [], { source, name, text, start });
        expect(read(line, 'source')).toEqual({ name: 'new', words: [], said: source.trim() });
        expect(read(line, 'name').said).toBe(name.trim());
        expect(read(line, 'text').said).toBe(text.trim());
        expect(read(line, 'start').said).toBe(start.trim());
      }),
      { numRuns: 2000 },
    );
  });

  test('of free text reads back as it was filled in', () => {
    fc.assert(
      fc.property(
        written.filter((reason) => reason.trim() !== ''),
        (reason) => {
          const line = commandLine('reject', ['12', quoted(reason)]);
          const command = readCommand(line);
          if (command.kind !== 'command') throw new Error(line);
          const reading = readArguments(line, command.end, []);
          if (reading.kind !== 'arguments') throw new Error(JSON.stringify(reading.mistake));
          expect(reading.arguments.words.map(({ text }) => text.trim())).toEqual(['12', reason.trim()]);
          expect(textFrom(reading.arguments, 1)).toBe(reason.trim());
        },
      ),
      { numRuns: 2000 },
    );
  });

  test('says nothing of what was left empty', () => {
    expect(commandLine('edit', ['12'], { name: '', text: ' \n', sender: 'ACME', start: undefined })).toBe(
      '/edit 12 sender="ACME"',
    );
  });
});
