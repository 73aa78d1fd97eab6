import { describe, expect, it } from 'vitest';
import { excerptAt, excerptOf } from '../../../src/chat/cards/excerpt.ts';
import { type Missing, type Mistake, mistakeCard, type ValueProblem } from '../../../src/chat/cards/mistake.ts';
import { keyOf } from '../../../src/chat/cards/speech.ts';
import { type KeyName, readKey } from '../../../src/chat/vocabulary.ts';
import { parseTemplate } from '../../../src/messages/template.ts';
import { LOCALES } from '../../../src/texts/index.ts';
import { offered, understood, wholeText } from './reading.ts';
import { reader } from './samples.ts';

const SOUND = /undefined|(?<!\{)\{\w+\}(?!\})|\[object|NaN/;

describe('a mistake in a text', () => {
  const mistaken = (text: string): Mistake => {
    const reading = parseTemplate(text);
    return { kind: 'text', text, errors: reading.kind === 'errors' ? reading.errors : [] };
  };

  it.each([
    'Dear {{Name}, hello',
    'Dear {{> partial}}',
    'Dear {{#if Name}}a{{/unless}}',
    'Dear {{due date}}',
    'Dear {{#each x}}{{/each}}',
    `${'{{#if a}}'.repeat(30)}${'{{/if}}'.repeat(30)}`,
    'x'.repeat(100_000),
  ])('%# is told by a sentence and by its place', (text) => {
    for (const locale of LOCALES) {
      const card = mistakeCard(mistaken(text), reader(locale));
      expect(card.sections!.length).toBeGreaterThan(0);
      expect(wholeText(card)).not.toMatch(SOUND);
      expect(offered(card)).toEqual(['help']);
    }
  });

  it('points at the very character', () => {
    const card = mistakeCard(mistaken('Hello\nDear {{Name}, hello'), reader('en'));
    const [line, caret] = card.sections![0]!.lines!;
    expect(line![caret!.indexOf('^')]).toBe('{');
    expect(line).toBe('Dear {{Name}, hello');
  });

  it('says of a text that is no text only that', () => {
    const errors = [{ code: 'not-text', line: 1, column: 1 }] as const;
    const card = mistakeCard({ kind: 'text', text: '', errors, campaign: '12' }, reader('en'));
    expect(card.sections).toEqual([{ title: 'This is not a text.', lines: [] }]);
    expect(offered(card)).toEqual(['show']);
  });

  it('in the name of a column offers the nearest, and all columns', () => {
    const problems = [
      { variable: 'Nane', nearest: 'Name', required: true, line: 1, column: 6 },
      { variable: 'Q', nearest: null, required: false, line: 2, column: 1 },
    ];
    const card = mistakeCard(
      { kind: 'variables', text: 'Dear {{Nane}}\n{{Q}}', problems, columns: ['Name', 'Due date'] },
      reader('en'),
    );
    expect(card.sections!.map(({ title }) => title)).toEqual([
      'Line 1, character 6: there is no column called “Nane”. Did you mean “Name”?',
      'Line 2, character 1: there is no column called “Q”.',
      'Columns of the list',
    ]);
    expect(card.sections![1]!.lines).toEqual(['{{Q}}', '^']);
    expect(card.sections![2]!.lines).toEqual(['{{Name}}, {{[Due date]}}']);
  });
});

describe('an excerpt', () => {
  it.each([
    ['abc', 1, 2, ['abc', ' ^']],
    ['abc\ndef', 2, 3, ['def', '  ^']],
    ['abc', 1, 99, ['abc', '   ^']],
    ['a\tb', 1, 3, ['a b', '  ^']],
    ['', 7, 1, ['', '^']],
  ])('of %j at %i:%i stands over its caret', (text, line, column, lines) => {
    expect(excerptAt(text, line, column)).toEqual(lines);
  });

  it('of a long line is cut around the place', () => {
    const [line, caret] = excerptAt(`${'a'.repeat(200)}X${'b'.repeat(200)}`, 1, 201);
    expect(line!.length).toBe(62);
    expect(line![caret!.length - 1]).toBe('X');
  });

  it('can be asked for by a place in the whole text', () => {
    expect(excerptOf('ab\ncd', 4)).toEqual(['cd', ' ^']);
  });
});

describe('a mistake in a command', () => {
  it('that is none offers the nearest', () => {
    const card = mistakeCard({ kind: 'unknown-command', said: 'соглосовать', nearest: 'approve' }, reader('ru'));
    expect(card.lead![0]).toBe('Может быть, `согласовать`?');
    expect(understood(card.actions![0]!.command)).toMatchObject({ name: 'help', words: ['согласовать'] });
    const none = mistakeCard({ kind: 'unknown-command', said: ' ', nearest: null }, reader('en'));
    expect(none.title).toBe('I did not find a command in that.');
  });

  it.each([
    { code: 'quote-open', at: 13 },
    { code: 'unknown-key', key: 'txt', nearest: 'text', at: 8 },
    { code: 'unknown-key', key: 'zzz', nearest: null, at: 8 },
    { code: 'key-twice', key: 'text', at: 8 },
    { code: 'left-over', said: 'what', at: 8 },
  ] as const)('$code is shown where it stands', (mistake) => {
    const line = 'edit 12 text="Hello';
    for (const locale of LOCALES) {
      const card = mistakeCard({ kind: 'arguments', command: 'edit', mistake, line }, reader(locale));
      expect(card.sections![0]!.lines).toEqual([line, `${' '.repeat(mistake.at)}^`]);
      expect(wholeText(card)).not.toMatch(SOUND);
    }
    if (mistake.code === 'unknown-key' && mistake.nearest) {
      const card = mistakeCard({ kind: 'arguments', command: 'edit', mistake, line }, reader('ru'));
      expect(card.lead).toContain('Может быть, «текст=»?');
    }
  });

  const MISSING: readonly Missing[] = [
    'campaign',
    'mark',
    'reason',
    'when',
    'phone',
    'source',
    'text',
    'code',
    'employee',
    'request',
    'department',
    'roles',
    'anything',
  ];
  it.each(MISSING)('that lacks its %s asks for it', (what) => {
    for (const locale of LOCALES) {
      const card = mistakeCard(
        { kind: 'missing', command: 'schedule', what, syntax: 'schedule <number> <time>' },
        reader(locale),
      );
      expect(wholeText(card)).not.toMatch(SOUND);
      expect(card.lead![0]).toContain('`schedule <number> <time>`');
    }
  });

  const PROBLEMS: readonly ValueProblem[] = [
    { of: 'sender', why: 'too-long' },
    { of: 'phone', why: 'not-mobile' },
    { of: 'window', why: 'crosses-midnight' },
    ...(
      ['class', 'zone', 'language', 'header', 'hidden', 'campaign', 'roles', 'handle', 'code', 'purpose'] as const
    ).map((of) => ({ of }) as const),
    { of: 'choice', key: 'class', options: ['mine', 'drafts'] },
  ];
  it.each(PROBLEMS)('with a wrong $of says what is right', (problem) => {
    for (const locale of LOCALES) {
      const card = mistakeCard({ kind: 'value', command: 'new', said: 'what\never', problem }, reader(locale));
      expect(wholeText(card)).not.toMatch(SOUND);
      expect(card.title).not.toContain('\n');
    }
  });
});

describe('an unclear time', () => {
  const options = [new Date('2026-11-24T02:00:00Z'), new Date('2026-11-24T14:00:00Z')];

  it('offers what may have been meant as commands', () => {
    const choose = (at: Date) => `schedule 12 ${at.toISOString()}`;
    const card = mistakeCard(
      { kind: 'when', said: 'tomorrow at 5', unclear: { kind: 'unclear', why: 'morning-or-evening', options }, choose },
      reader('en'),
    );
    expect(card.actions).toEqual([
      { label: 'Tue 24 Nov 2026, 05:00 (Europe/Moscow, UTC+3)', command: 'schedule 12 2026-11-24T02:00:00.000Z' },
      { label: 'Tue 24 Nov 2026, 17:00 (Europe/Moscow, UTC+3)', command: 'schedule 12 2026-11-24T14:00:00.000Z' },
    ]);
  });

  it('lists them where nothing can be pressed', () => {
    const unclear = { kind: 'unclear', why: 'twice', options } as const;
    const card = mistakeCard({ kind: 'when', said: '2:30', unclear }, reader('en'));
    expect(card.lead).toEqual([
      'You wrote: “2:30”',
      'Tue 24 Nov 2026, 05:00 (Europe/Moscow, UTC+3)',
      'Tue 24 Nov 2026, 17:00 (Europe/Moscow, UTC+3)',
      'Choose one, or write the time in full.',
    ]);
  });

  it('names the words that were not understood', () => {
    const left = { kind: 'unclear', why: 'left-over', rest: 'please' } as const;
    expect(mistakeCard({ kind: 'when', said: 'now please', unclear: left }, reader('en')).title).toContain('“please”');
    const empty = { kind: 'unclear', why: 'empty' } as const;
    expect(mistakeCard({ kind: 'when', said: '', unclear: empty }, reader('en')).lead).toEqual([]);
  });
});

it('every name of a value is one that the chat reads, in both languages', () => {
  const names: readonly KeyName[] = [
    'name',
    'text',
    'sender',
    'class',
    'purpose',
    'start',
    'until',
    'zone',
    'window',
    'cost-centre',
    'source',
    'tab',
    'header',
    'phone',
    'hidden',
    'reason',
    'language',
    'deputy',
    'department',
    'roles',
  ];
  for (const locale of LOCALES) for (const name of names) expect(readKey(keyOf(locale, name))).toBe(name);
});
