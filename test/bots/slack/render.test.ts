import fc from 'fast-check';
import { describe, expect, test } from 'vitest';
import { renderCard, subjectIn } from '../../../bots/slack/render.ts';
import type { Card } from '../../../src/staff/card.ts';
import { LOCALES } from '../../../src/texts/index.ts';
import { GALLERY } from '../../chat/cards/gallery.ts';
import { buttonsIn, judgeBlocks, wordsIn } from '../../fakes/slack/validity.ts';

const en = { locale: 'en' } as const;

function shown(card: Card, options: Parameters<typeof renderCard>[1] = en) {
  const rendered = renderCard(card, options);
  const judged = judgeBlocks(rendered.blocks);
  if (!judged.ok)
    throw new Error(`${judged.error} ${judged.messages.join()} ${JSON.stringify(rendered).slice(0, 2000)}`);
  return { ...rendered, words: wordsIn(judged.value), buttons: buttonsIn(judged.value), judged: judged.value };
}

const plain: Card = { subject: 'campaign:12', tone: 'info', title: 'Campaign 12' };

/** What people write and what Slack would take for its own. */
const text = fc.oneof(
  fc.string({ unit: 'grapheme', maxLength: 80 }),
  fc.constantFrom(
    '<!channel>',
    '<@U1>',
    '&lt;',
    '*b* _i_ ~s~ `c`',
    '```',
    'https://x.example/?a=1&b=<2>',
    '\u202e',
    'я'.repeat(4000),
    '🎉'.repeat(2000),
    '',
  ),
);
const cell = fc.constantFrom('', '1 000', 'alfa', '🎉', 'two\nlines', 'long '.repeat(100), '<&>`');
const few = <T>(of: fc.Arbitrary<T>) => fc.array(of, { maxLength: 6 });
const action = fc.record({
  label: text,
  command: fc.oneof(text, fc.string({ minLength: 1990, maxLength: 2010 })).map((said) => said || 'help'),
  style: fc.constantFrom('primary' as const, 'danger' as const),
});
const fact = fc.record({ label: text, value: text });
const table = fc.tuple(fc.integer({ min: 1, max: 5 }), fc.integer({ min: 0, max: 40 })).chain(([columns, rows]) => {
  const row = fc.array(cell, { minLength: columns, maxLength: columns });
  return fc.record({ head: row, rows: fc.array(row, { minLength: rows, maxLength: rows }) });
});
const card: fc.Arbitrary<Card> = fc.record({
  subject: text,
  tone: fc.constantFrom('info', 'good', 'attention', 'bad'),
  title: text,
  lead: few(text),
  facts: few(fact),
  sections: few(fc.record({ title: text, lines: few(text), facts: few(fact), table })),
  actions: fc.array(action, { maxLength: 60 }),
  note: text,
});

describe('a card in Slack', () => {
  test('of the gallery breaks none of Slack’s rules, and loses nothing', () => {
    for (const chapter of GALLERY) {
      for (const shownCard of chapter.cards) {
        for (const locale of LOCALES) {
          const given = shownCard.card(locale);
          const { words, buttons, text: spoken } = shown(given, { locale });
          expect(words).toContain(given.title);
          for (const { label, value } of given.facts ?? [])
            expect(words).toContain(`${label}: ${value.replaceAll('`', '')}`);
          expect(buttons.map(({ value }) => value)).toEqual((given.actions ?? []).map(({ command }) => command));
          expect(spoken).not.toBe('');
        }
      }
    }
  });

  test('breaks none of Slack’s rules, whatever is in it', () => {
    fc.assert(
      fc.property(card, (given) => {
        const { blocks, text: spoken } = shown(given);
        expect(blocks.length).toBeLessThanOrEqual(50);
        expect(spoken.length).toBeLessThanOrEqual(4000);
        expect(spoken).not.toMatch(/[<>]/u);
      }),
      { numRuns: 60, interruptAfterTimeLimit: 10_000 },
    );
  });

  test('shows every letter as it is, but commands to type without their backticks', () => {
    const { words, text: spoken } = shown({
      ...plain,
      lead: ['5 < 6 & *bold* <!channel> say `help`'],
      note: 'A & <b>',
    });
    expect(words).toContain('5 < 6 & *bold* <!channel> say help');
    expect(words).toContain('A & <b>');
    expect(spoken).toBe('Campaign 12\n5 &lt; 6 &amp; *bold* &lt;!channel&gt; say `help`');
  });

  test('has addresses that can be followed', () => {
    const { judged } = shown({
      ...plain,
      lead: ['Open https://t.me/herald?start=a_b. Then (https://a.example/x) https://'],
    });
    const links = JSON.stringify(judged).match(/"url":"[^"]*"/gu);
    expect(links).toEqual(['"url":"https://t.me/herald?start=a_b"', '"url":"https://a.example/x"']);
  });

  test('keeps columns and places in letters of one width', () => {
    const { judged } = shown({
      ...plain,
      sections: [
        {
          title: 'By operator',
          table: {
            head: ['Operator', 'Cost'],
            rows: [
              ['alfa', '1.00'],
              ['beta', '20.00'],
            ],
          },
        },
        { title: 'Here', lines: ['Hello {{Nmae}}', '        ^'] },
      ],
    });
    const drawn = judged
      .flatMap((block) => (block.type === 'rich_text' ? block.elements : []))
      .filter(({ type }) => type === 'rich_text_preformatted');
    expect(drawn.map(({ elements }) => elements[0])).toEqual([
      { type: 'text', text: 'Operator   Cost\n--------  -----\nalfa       1.00\nbeta      20.00' },
      { type: 'text', text: 'Hello {{Nmae}}\n        ^' },
    ]);
  });

  test('says on its buttons what they do, to eyes and ears, and what they say', () => {
    const { buttons } = shown({
      ...plain,
      actions: [{ label: 'Approve', command: 'approve 12 a1b2c3', style: 'primary' }],
    });
    expect(buttons).toMatchObject([
      { value: 'approve 12 a1b2c3', style: 'primary', accessibility_label: 'Approve: Campaign 12' },
    ]);
    expect(subjectIn(buttons[0]!.block_id)).toBe('campaign:12');
    expect(
      subjectIn(
        shown({ ...plain, actions: [{ label: 'x', command: 'y' }] }, { ...en, tag: 'waits' }).buttons[0]!.block_id,
      ),
    ).toBe('campaign:12');
  });

  test('offers what no button can hold to be copied', () => {
    const command = `edit 12 text="${'x'.repeat(2000)}"`;
    const { words, buttons } = shown({ ...plain, actions: [{ label: 'Take the shorter text', command }] });
    expect(buttons).toEqual([]);
    expect(words).toContain('Too long for a button, please copy it: Take the shorter text');
    expect(words).toContain(command);
  });

  test('that is too large is cut, and says what is left out', () => {
    const sections = Array.from({ length: 80 }, (_, n) => ({ title: `Part ${n}`, lines: [`Line ${n}`] }));
    const actions = [{ label: 'Open', command: 'show 12' }];
    const { words, buttons, blocks } = shown({ ...plain, sections, actions, note: 'The end' });
    expect(blocks).toHaveLength(50);
    expect(words).toContain('Part 20');
    expect(words).not.toContain('Line 79');
    expect(words).toMatch(/A message here holds no more\. Left out: Part 23; Part 24; .*…\.\nThe end$/su);
    expect(buttons).toHaveLength(1);
  });

  test('shows no buttons where nobody could press them', () => {
    expect(
      shown({ ...plain, actions: [{ label: 'Open', command: 'show 12' }] }, { ...en, silent: true }).buttons,
    ).toEqual([]);
  });
});
