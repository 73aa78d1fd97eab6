import fc from 'fast-check';
import { describe, expect, it } from 'vitest';
import { audienceCard } from '../../../src/chat/cards/audience.ts';
import { doneCard } from '../../../src/chat/cards/done.ts';
import { type PreviewView, previewCard, type Sample } from '../../../src/chat/cards/preview.ts';
import { questionCard } from '../../../src/chat/cards/questions.ts';
import { phoneFor } from '../../../src/chat/reader.ts';
import type { Card } from '../../../src/staff/card.ts';
import { offered, wholeText } from './reading.ts';
import { draft, reader } from './samples.ts';

const SETTINGS = ['full', 'masked', 'none'] as const;
const phones = fc.integer({ min: 9_000_000_000, max: 9_999_999_999 }).map((number) => `+7${number}`);

const sampleOf = (phone: string, more: Partial<Sample> = {}): Sample => ({
  kind: 'first',
  text: `Dear Pavel, your number ${phone.slice(1)} won’t be forgotten`,
  phone,
  encoding: 'ucs2',
  parts: 1,
  row: 1002,
  doubt: null,
  cost: 2_300_000,
  ...more,
});

/** Every card that a customer's number could get into; `spelt` as people write numbers in lists. */
function cardsWith(phone: string, personalData: (typeof SETTINGS)[number]): readonly Card[] {
  const here = reader('en', { personalData });
  const spelt = `8 (${phone.slice(2, 5)}) ${phone.slice(5, 8)}-${phone.slice(8, 10)}-${phone.slice(10)}`;
  const row = {
    number: 2,
    phone,
    doubt: null,
    excluded: null,
    values: { Name: 'Pavel', Note: `call ${spelt}`, Phone: spelt },
  };
  const question = { campaign: '12', source: 'a.xlsx' };
  return [
    previewCard({ campaign: draft('en'), samples: [sampleOf(phone)] }, here),
    doneCard({ kind: 'suppressed', phone, reason: '', already: true }, here),
    audienceCard(
      {
        name: 'a',
        ref: null,
        headings: ['Name', 'Note', 'Phone'],
        counts: { rows: 1, recipients: 1, excluded: {} },
        rows: [row],
      },
      here,
    ),
    questionCard(
      {
        ...question,
        question: {
          kind: 'phone-column',
          options: [
            { name: 'A', example: spelt },
            { name: 'B', example: phone.slice(1) },
          ],
        },
      },
      here,
    ),
    questionCard(
      {
        ...question,
        question: {
          kind: 'header',
          guess: 1,
          rows: [
            { number: 1, texts: ['Phone'] },
            { number: 2, texts: [spelt, '7.9161234567E+10'] },
          ],
        },
      },
      here,
    ),
  ];
}

const digits = (text: string): string => text.replace(/[\s()-]/g, '');

describe('a customer’s number', () => {
  it('is nowhere in clear when it is to be masked or not shown', () => {
    fc.assert(
      fc.property(phones, fc.constantFrom('masked', 'none'), (phone, personalData) => {
        for (const card of cardsWith(phone, personalData))
          expect(digits(wholeText(card))).not.toContain(phone.slice(2));
      }),
    );
  });

  it('is shown whole where it may be', () => {
    for (const card of cardsWith('+79161234567', 'full')) expect(digits(wholeText(card))).toContain('9161234567');
  });

  it.each([
    ['full', '+79161234567'],
    ['masked', '+7***4567'],
    ['none', null],
  ] as const)('%s is %s', (personalData, shown) => {
    expect(phoneFor({ personalData }, '+79161234567')).toBe(shown);
  });

  it('is masked in the spelling of spreadsheets too', () => {
    const rows = [{ number: 1, texts: ['7.9161234567E+10', '79161234567.0', 'Tver 2026'] }];
    const card = questionCard(
      { campaign: '1', source: 'a', question: { kind: 'header', guess: null, rows } },
      reader('en', { personalData: 'masked' }),
    );
    const [, cells] = card.sections![0]!.table!.rows[0]!;
    expect(cells).not.toMatch(/\d{6}/);
    expect(cells).toContain('Tver 2026');
  });
});

describe('a preview', () => {
  const view = (samples: readonly Sample[], more: Partial<PreviewView> = {}): PreviewView => ({
    campaign: draft('en'),
    samples,
    ...more,
  });

  it('shows the text to the letter, and what makes it longer', () => {
    const text = `${'a'.repeat(100)}’s\n  {{not a variable}} `;
    const card = previewCard(view([sampleOf('+79161234567', { text, parts: 2, doubt: '8-for-7' })]), reader('en'));
    const [section] = card.sections!;
    expect(section!.lines!.join('\n')).toBe(text);
    expect(section!.facts).toEqual([
      { label: 'To', value: '+79161234567' },
      { label: 'Row in the list', value: '1,002' },
      { label: 'Length', value: '124 characters, Unicode, 2 parts' },
      { label: 'Cost', value: '2.30 RUB' },
      { label: 'About the number', value: 'the leading 8 was read as +7' },
      { label: 'Could be shorter', value: "1 part: ' in place of ’" },
    ]);
  });

  it('keeps customers’ texts out of the chat where nothing of them may be shown', () => {
    const card = previewCard(view([sampleOf('+79161234567')]), reader('en', { personalData: 'none' }));
    expect(card.sections![0]!.lines).toEqual([draft('en').text]);
    expect(wholeText(card)).not.toContain('Pavel');
    expect(wholeText(card)).toContain('not shown');
  });

  it('says that the first is the longest too, when it is', () => {
    const campaign = draft('ru', {
      frozen: { ...draft('ru').frozen!, samples: { first: 'a', longest: 'a', doubtful: null } },
    });
    const card = previewCard({ campaign, samples: [sampleOf('+79161234567')] }, reader('ru'));
    expect(card.sections![0]!.title).toBe('Первый получатель, у него же самое длинное сообщение');
  });

  it('offers a test to who has a phone, and says when there is nothing to show', () => {
    expect(offered(previewCard(view([sampleOf('+79161234567')]), reader('en')))).toEqual(['test', 'show']);
    expect(offered(previewCard(view([sampleOf('+79161234567')], { canTest: false }), reader('en')))).toEqual(['show']);
    const none = previewCard(view([], { campaign: draft('en', { sender: null, frozen: null }) }), reader('en'));
    expect(none.lead).toEqual(['There is nothing to show yet: the messages have not been made.']);
  });

  it('names what can only be said in other words', () => {
    const text = `${'a'.repeat(100)}🎉\u200b`;
    const card = previewCard(view([sampleOf('+79161234567', { text, parts: 2, cost: undefined })]), reader('en'));
    expect(card.sections![0]!.facts!.at(-1)!.value).toBe('1 part: without 🎉, without an invisible character (U+200B)');
  });
});
