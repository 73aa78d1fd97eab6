import fc from 'fast-check';
import { describe, expect, it } from 'vitest';
import type { Question } from '../../../src/audiences/questions.ts';
import { CAMPAIGN_STATES } from '../../../src/campaigns/campaign.ts';
import type { Refusal } from '../../../src/campaigns/room.ts';
import { audienceCard, audienceQuestionsCard, sourceProblemCard } from '../../../src/chat/cards/audience.ts';
import { questionCard } from '../../../src/chat/cards/questions.ts';
import { refusalCard } from '../../../src/chat/cards/refusal.ts';
import { answerTo } from '../../../src/chat/question-answer.ts';
import { LOCALES } from '../../../src/texts/index.ts';
import { offered, textsOf, understood, wholeText } from './reading.ts';
import { inState, NOW, reader } from './samples.ts';

describe('a refusal', () => {
  const REFUSALS: readonly Refusal[] = [
    { code: 'no-such-campaign', id: '99' },
    { code: 'not-allowed', right: 'decide' },
    ...CAMPAIGN_STATES.map((state) => ({ code: 'wrong-state', state }) as const),
    { code: 'changed-meanwhile' },
    { code: 'lacking', lacks: ['text', 'sender', 'numbers', 'approval', 'something-new'] },
    { code: 'stale-version', seen: '0d4e71', current: 'a1b2c3' },
    { code: 'own-campaign' },
    { code: 'not-an-approver' },
    { code: 'decided-already' },
    { code: 'start-passed', at: NOW },
    { code: 'past' },
    { code: 'after-deadline', notAfter: NOW },
    { code: 'list-shrunk', left: 2, of: 6 },
    { code: 'nothing-to-send-again' },
    { code: 'still-ending' },
    { code: 'sent-again-already', as: '14' },
    { code: 'no-own-phone' },
    { code: 'no-route' },
  ];

  it.each(REFUSALS.flatMap((refusal) => LOCALES.map((locale) => [refusal.code, locale, refusal] as const)))(
    '“%s” is a sentence with a way out, in %s',
    (_, locale, refusal) => {
      const campaign = inState(locale, 'submitted');
      for (const about of [undefined, campaign]) {
        const card = refusalCard({ refusal, command: 'approve', campaign: about }, reader(locale));
        expect(card.title).toMatch(/[.]$|ждёт|[а-яa-z]$/);
        expect(wholeText(card)).not.toMatch(/undefined|\{\w+\}|\[object/);
        expect(offered(card)).toHaveLength(1);
      }
    },
  );

  it('says which roles would be needed', () => {
    const refusal = { code: 'not-allowed', right: 'control' } as const;
    const card = refusalCard({ refusal, command: 'pause' }, reader('en'));
    expect([card.title, ...card.lead!]).toEqual([
      'Your roles do not let you pause, resume or cancel campaigns.',
      'It takes the role of author, approver, or administrator. An administrator can give it to you.',
    ]);
    expect(understood(card.actions![0]!.command)).toMatchObject({ name: 'help', words: ['pause'] });
  });

  it('suggests commands that can be copied', () => {
    const card = refusalCard(
      { refusal: { code: 'past' }, command: 'schedule', campaign: inState('ru', 'approved') },
      reader('ru'),
    );
    expect(card.lead![0]).toContain('`запланировать 12 завтра в 10:00`');
  });
});

describe('a question about a list', () => {
  const QUESTIONS: readonly Question[] = [
    {
      kind: 'tab',
      options: [
        { name: 'Клиенты "VIP"', rows: 612, hidden: false },
        { name: 'Архив', rows: 12_000, hidden: true },
      ],
    },
    {
      kind: 'header',
      guess: 3,
      rows: [
        { number: 1, texts: ['Отчёт'] },
        { number: 3, texts: ['Имя', 'Телефон'] },
      ],
    },
    { kind: 'header', guess: null, rows: [{ number: 1, texts: ['Павел', '8 916 123-45-67'] }] },
    {
      kind: 'phone-column',
      options: [
        { name: 'Телефон', example: '8 (916) 123-45-67' },
        { name: 'Телефон 2', example: '' },
      ],
    },
    { kind: 'no-phone-column', columns: ['Имя', 'Город', '2'] },
    { kind: 'hidden-rows', count: 21, filtered: true },
  ];

  it.each(QUESTIONS.flatMap((question) => LOCALES.map((locale) => [question.kind, locale, question] as const)))(
    'about “%s” has answers that the chat understands as answers to it, in %s',
    (_, locale, question) => {
      const card = questionCard({ question, campaign: '12', source: 'клиенты.xlsx' }, reader(locale));
      expect(card.actions!.length).toBeGreaterThan(1);
      for (const { command } of card.actions!) {
        const { name, words, named } = understood(command);
        const [value] = Object.values(named);
        expect([name, words]).toEqual(['edit', ['12']]);
        expect(answerTo(question, value!)).not.toBeNull();
      }
    },
  );

  it('tells tabs apart by their rows, and says which are hidden', () => {
    const card = questionCard({ question: QUESTIONS[0]!, campaign: '12', source: 'a.xlsx' }, reader('ru'));
    expect(card.sections![0]!.table!.rows).toEqual([
      ['Клиенты "VIP"', '612'],
      ['Архив (скрытый)', '12\u00a0000'],
    ]);
    expect(understood(card.actions![0]!.command).named).toEqual({ tab: 'Клиенты "VIP"' });
  });

  it('counts in the reader’s grammar', () => {
    const ask = (count: number) =>
      questionCard(
        { question: { kind: 'hidden-rows', count, filtered: false }, campaign: '12', source: 'a' },
        reader('ru'),
      ).lead![0];
    expect([1, 3, 11, 21].map(ask)).toEqual([
      'В таблице скрыта 1 строка. Отправлять ли и ей?',
      'В таблице скрыты 3 строки. Отправлять ли и им?',
      'В таблице скрыто 11 строк. Отправлять ли и им?',
      'В таблице скрыта 21 строка. Отправлять ли и ей?',
    ]);
  });

  it('with more columns than buttons lets the name be typed', () => {
    const columns = Array.from({ length: 40 }, (_, index) => `Column ${index}`);
    const card = questionCard(
      { question: { kind: 'no-phone-column', columns }, campaign: '12', source: 'a', of: 2 },
      reader('en'),
    );
    expect(card.actions).toHaveLength(12);
    expect(card.note).toBe('Any column can be named: `edit 12 phone="Column 39"`');
    expect(card.lead).toContain('The first of 2 questions.');
  });

  it('reads back any name of a tab or column, quotes and all', () => {
    const quoted = fc
      .string({ minLength: 1, unit: fc.constantFrom('a', ' ', '\\', '"', "'", '`', '«', '»', '“', '”', '=', 'я') })
      .filter((name) => /^[^\s\\].*[^\s\\]$/u.test(name));
    fc.assert(
      fc.property(quoted, (name) => {
        const question = {
          kind: 'phone-column',
          options: [
            { name, example: '' },
            { name: 'x', example: '' },
          ],
        } as const;
        const card = questionCard({ question, campaign: '12', source: 'a' }, reader('en'));
        expect(understood(card.actions![0]!.command).named).toEqual({ phone: name });
      }),
      { examples: [['” a='], ['“ a='], ['\\” a=']] },
    );
  });
});

describe('the card of an audience', () => {
  const counts = { rows: 640, recipients: 614, excluded: { duplicate: 20, 'phone-empty': 6 } };
  const rows = [
    {
      number: 2,
      phone: '+79161234567',
      doubt: '8-for-7',
      excluded: null,
      values: { Name: 'Pavel', Phone: '8 (916) 123-45-67' },
    },
    { number: 3, phone: null, doubt: null, excluded: 'phone-empty', values: { Name: 'Lena', Phone: '' } },
  ] as const;
  const view = {
    name: 'my list.xlsx',
    ref: '/lists/my list.xlsx',
    headings: ['Name', 'Phone', 'Due date'],
    counts,
    rows,
  };

  it('counts, shows the first rows and names the columns as they are written in a text', () => {
    const card = audienceCard(view, reader('en'));
    expect(card.title).toBe('“my list.xlsx”: 614 recipients');
    expect(card.sections![1]!.table!.rows).toEqual([
      ['2', '+79161234567', 'Pavel', '', 'the leading 8 was read as +7'],
      ['3', '', 'Lena', '', 'no phone number'],
    ]);
    expect(wholeText(card)).toContain('{{Name}}, {{Phone}}, {{[Due date]}}');
    expect(understood(card.actions![0]!.command)).toEqual({ name: 'new', words: ['/lists/my list.xlsx'], named: {} });
  });

  it('of a list in which nobody can be reached says so', () => {
    const none = { ...view, ref: null, counts: { rows: 6, recipients: 0, excluded: { 'phone-empty': 6 } }, rows: [] };
    const card = audienceCard(none, reader('ru'));
    expect([card.tone, card.title]).toEqual(['attention', '«my list.xlsx»: отправлять некому']);
    expect(understood(card.actions![0]!.command)).toMatchObject({ name: 'new', words: [] });
  });

  it('says that every row can be used', () => {
    const good = { ...view, counts: { rows: 614, recipients: 614, excluded: {} } };
    expect(audienceCard(good, reader('en')).lead).toEqual(['The list has 614 rows.', 'Every row can be used.']);
  });

  it('names no more columns than a person reads', () => {
    const headings = Array.from({ length: 100 }, (_, index) => `c${index}`);
    expect(wholeText(audienceCard({ ...view, headings, rows: [] }, reader('en')))).toMatch(/\{\{c19\}\}, …/);
  });

  it('that asks one thing takes the answer; several are left to a campaign', () => {
    const hidden = { kind: 'hidden-rows', count: 3, filtered: false } as const;
    const tab = { kind: 'tab', options: [{ name: 'A', rows: 1, hidden: false }] } as const;
    const one = audienceQuestionsCard({ name: 'a.xlsx', ref: 'a.xlsx', questions: [hidden] }, reader('en'));
    expect(understood(one.actions![0]!.command)).toEqual({
      name: 'audience-check',
      words: ['a.xlsx'],
      named: { hidden: 'take' },
    });
    const two = audienceQuestionsCard({ name: 'a.xlsx', ref: 'a.xlsx', questions: [tab, hidden] }, reader('en'));
    expect(offered(two)).toEqual(['new']);
    const upload = audienceQuestionsCard({ name: 'a.xlsx', ref: null, questions: [hidden] }, reader('en'));
    expect(upload.actions!.map(({ command }) => command)).toEqual(['new']);
  });

  it.each([
    { code: 'not-found', ref: 'a.xlsx' },
    { code: 'not-permitted', ref: 'a.xlsx' },
    { code: 'wrong-type', found: 'pdf' },
    { code: 'wrong-type', found: 'com/spreadsheets/d/abc/edit' },
    { code: 'encrypted' },
    { code: 'broken', detail: 'zip' },
    { code: 'too-large', what: 'rows', limit: 1_000_000 },
    { code: 'bomb' },
    { code: 'empty' },
    { code: 'no-such-tab', name: 'X', tabs: ['A', 'B'] },
    { code: 'timed-out', seconds: 21 },
  ] as const)('that cannot be read ($code) says why in both languages', (problem) => {
    for (const locale of LOCALES) {
      const card = sourceProblemCard({ name: 'a.xlsx', problem, campaign: '12' }, reader(locale));
      expect(textsOf(card).join(' ')).not.toMatch(/undefined|\{\w+\}/);
      expect(card.actions).toHaveLength(problem.code === 'no-such-tab' ? 2 : 0);
      expect(understood(/`(.*)`/.exec(card.note!)![1]!)).toMatchObject({ name: 'edit', words: ['12'] });
    }
  });
});
