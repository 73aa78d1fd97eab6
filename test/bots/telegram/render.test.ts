import fc from 'fast-check';
import { describe, expect, test } from 'vitest';
import { readPress, subjectMark } from '../../../bots/telegram/keyboard.ts';
import { briefly, LONGEST, renderCard } from '../../../bots/telegram/render.ts';
import { buttonId } from '../../../src/chat/buttons-store.ts';
import type { Action, Card } from '../../../src/staff/card.ts';
import { LOCALES } from '../../../src/texts/index.ts';
import { GALLERY } from '../../chat/cards/gallery.ts';
import { parseHtml } from '../../fakes/telegram/html.ts';

const cardOf = (more: Partial<Card>): Card => ({ subject: 'campaign:12', tone: 'info', title: 'Title', ...more });

/** The text as it is read, by the rules of the far end. */
function read(card: Card, locale: 'en' | 'ru' = 'en') {
  const { text, keyboard } = renderCard(card, locale);
  const parsed = parseHtml(text);
  if (!parsed.ok) throw new Error(parsed.why);
  const marked = (type: string) =>
    parsed.entities
      .filter((one) => one.type === type)
      .map(({ offset, length }) => parsed.text.slice(offset, offset + length));
  return {
    html: text,
    text: parsed.text,
    marked,
    rows: keyboard.map((row) => row.map((button) => button.text)),
    keyboard,
  };
}

test('every card that there is fits into one message, in both languages, but for help, which says where the rest is', () => {
  const cut: string[] = [];
  for (const { cards } of GALLERY) {
    for (const { card } of cards) {
      for (const locale of LOCALES) {
        const shown = read(card(locale), locale);
        expect(shown.text.length).toBeLessThanOrEqual(LONGEST);
        expect(shown.text).toContain(card(locale).title);
        if (/fits into one message|в одно сообщение/u.test(shown.text)) cut.push(`${card(locale).subject} ${locale}`);
      }
    }
  }
  expect(cut).toEqual(['help en', 'help ru']);
});

test('whatever a card says, its message is one that Telegram takes, and says it to the letter', () => {
  const text = fc.oneof(
    fc.string(),
    fc.string({ unit: 'grapheme' }),
    fc.constantFrom('<b>', '&lt;', '`x`', '</pre>', '🎉'),
  );
  const card = fc.record({
    subject: fc.string(),
    tone: fc.constantFrom('info' as const, 'bad' as const),
    title: fc.string({ unit: 'grapheme-ascii', minLength: 1 }),
    lead: fc.array(text),
    facts: fc.array(fc.record({ label: text, value: text })),
    sections: fc.array(
      fc.record({
        title: text,
        lines: fc.array(text),
        table: fc.record({ head: fc.constant(['a', 'b']), rows: fc.array(fc.tuple(text, text)) }),
      }),
    ),
    actions: fc.array(fc.record({ label: text, command: text })),
    note: text,
  });
  fc.assert(
    fc.property(card, (one) => {
      const { text: shown, keyboard } = read(one);
      expect(shown.length).toBeLessThanOrEqual(LONGEST);
      for (const line of one.lead) {
        const letters = line.replaceAll('`', '').trim();
        if (/^[\x20-\x7e]+$/.test(letters)) expect(shown.replaceAll('`', '')).toContain(letters);
      }
      for (const { text: label, callback_data } of keyboard.flat()) {
        expect(label.length).toBeGreaterThan(0);
        expect(Buffer.byteLength(callback_data)).toBeLessThanOrEqual(64);
      }
    }),
  );
});

describe('a message', () => {
  test('has the title first, then what matters, facts, sections, and small print', () => {
    const card = cardOf({
      lead: ['It goes to `12` people.'],
      facts: [{ label: 'Text', value: 'Hello\nworld' }],
      sections: [{ title: 'Left out', lines: ['3 people'], facts: [{ label: 'Why', value: 'no phone' }] }],
      note: 'Prices are estimates.',
    });
    expect(renderCard(card, 'en').text).toBe(
      [
        '<b>Title</b>',
        'It goes to <code>12</code> people.',
        '',
        '<b>Text:</b> Hello',
        'world',
        '',
        '<b>Left out</b>',
        '3 people',
        '<b>Why:</b> no phone',
        '',
        '<i>Prices are estimates.</i>',
      ].join('\n'),
    );
  });

  test('has commands as texts that a tap copies, and never one mark inside another', () => {
    expect(read(cardOf({ title: 'Say `show 12` now', note: 'or `list`' })).marked('code')).toEqual(['show 12', 'list']);
    expect(renderCard(cardOf({ title: 'Say `show 12` now' }), 'en').text).toBe(
      '<b>Say </b><code>show 12</code><b> now</b>',
    );
  });

  test('has a small table in columns, and one too wide for a phone line by line with its labels', () => {
    const narrow = { head: ['Row', 'Why'], rows: [['12', 'the same number stands in a row above it']] };
    const wide = {
      head: ['#', 'Name', 'State', 'When', ''],
      rows: [
        ['14', 'New hours', 'draft', '', 'x'],
        ['', '', '', '', ''],
      ],
    };
    const shown = read(
      cardOf({
        sections: [
          { title: 'A', table: narrow },
          { title: 'B', table: wide },
        ],
      }),
    );
    expect(
      shown
        .marked('pre')[0]!
        .split('\n')
        .map((line) => line.length <= 34),
    ).not.toContain(false);
    const long = { head: ['Operator', 'Messages', 'Parts', 'Cost'], rows: [['alfa', '400', '806', '1,853.80 RUB']] };
    const lines = read(
      cardOf({
        sections: [
          { title: '', table: wide },
          { title: '', table: long },
        ],
      }),
    );
    expect(lines.text).toContain('alfa\nMessages: 400 · Parts: 806 · Cost: 1,853.80 RUB');
    expect(lines.marked('bold')).toContain('alfa');
  });

  test('names a row of a wide table that begins with a number by what comes after it', () => {
    const table = {
      head: ['#', 'Name', 'State', 'When'],
      rows: [['14', 'New working hours', 'draft', 'tomorrow at 10']],
    };
    expect(read(cardOf({ sections: [{ title: '', table }] })).text).toContain(
      '14 New working hours\nState: draft · When: tomorrow at 10',
    );
    const counted = {
      head: ['Messages', 'Share', 'What became of them in the end'],
      rows: [['1,230', '50.5 %', 'delivered']],
    };
    expect(read(cardOf({ sections: [{ title: '', table: counted }] })).text).toContain('1,230 50.5 % delivered');
  });

  test('keeps a caret under the place that it points at, however long the line is', () => {
    const line = `new customers.xlsx ${'name="x" '.repeat(10)}txt="Hello"`;
    const at = line.indexOf('txt');
    const shown = read(cardOf({ sections: [{ title: '', lines: [line, `${' '.repeat(at)}^`] }] }));
    const [above, caret] = shown.marked('pre')[0]!.split('\n');
    expect(above!.slice(caret!.indexOf('^'))).toMatch(/^txt/);
    expect(above!.length).toBeLessThanOrEqual(34);
    expect(read(cardOf({ sections: [{ title: '', lines: ['new x', '    ^'] }] })).marked('pre')).toEqual([
      'new x\n    ^',
    ]);
  });

  test('that is cut ends with how to see the rest, and breaks neither letters nor tags', () => {
    const long = (subject: string) => cardOf({ subject, lead: ['🎉'.repeat(3_000)], note: '`x`'.repeat(900) });
    expect(read(long('campaign:12')).text).toMatch(/🎉…\n\nThere is more .* `?preview 12`?$/);
    expect(read(long('campaign:12')).text.length).toBeGreaterThan(4_000);
    expect(read(long('campaign:12')).text).not.toMatch(/[\ud800-\udbff](?![\udc00-\udfff])/);
    expect(read(long('help'), 'ru').text).toMatch(/помощь новая объясняет одну из них\.$/);
    expect(read(long('list')).marked('code').at(-1)).toBe('help');
  });

  test('cannot command the client: controls and signs that turn the line round are taken out', () => {
    expect(read(cardOf({ title: 'a\u202eb\u0000c' })).text).toBe('a\ufffdb\ufffdc');
  });
});

describe('buttons', () => {
  const rowsOf = (...labels: readonly string[]) =>
    read(cardOf({ actions: labels.map((label) => ({ label, command: label })) })).rows;

  test('stand together in rows of three while they are short, alone when they are long', () => {
    expect(rowsOf('Approve', 'Reject', 'Open', 'Preview')).toEqual([['Approve', 'Reject', 'Open'], ['Preview']]);
    expect(rowsOf('Согласовать', 'Отклонить')).toEqual([['Согласовать', 'Отклонить']]);
    expect(rowsOf('Tomorrow, Tuesday at 10:00 Moscow time', 'Now')).toEqual([
      ['Tomorrow, Tuesday at 10:00 Moscow time'],
      ['Now'],
    ]);
    expect(rowsOf('', 'x'.repeat(100))[1]![0]).toHaveLength(60);
  });

  test('carry the id of their command and what the card is about', () => {
    const [button] = read(cardOf({ actions: [{ label: 'Pause', command: 'pause 12' }] })).keyboard.flat();
    expect(readPress(button!.callback_data)).toEqual({ id: buttonId('pause 12'), about: subjectMark('campaign:12') });
    expect(readPress('approve 12')).toBeNull();
  });

  test('that there is no room for stand in the text as commands', () => {
    const actions: Action[] = Array.from({ length: 43 }, (_, n) => ({ label: `Show ${n}`, command: `show ${n}` }));
    const shown = read(cardOf({ actions }));
    expect(shown.rows.flat()).toHaveLength(40);
    expect(shown.marked('code')).toEqual(['show 40', 'show 41', 'show 42']);
  });
});

test('a refusal is told in a few words when it has no more to say', () => {
  expect(briefly(cardOf({ title: 'No', lead: ['Say `help`.'] }), 200)).toBe('No\nSay help.');
  expect(briefly(cardOf({ title: 'x'.repeat(201) }), 200)).toBeNull();
  expect(briefly(cardOf({ sections: [{ title: 'More' }] }), 200)).toBeNull();
});
