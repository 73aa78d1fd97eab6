import { describe, expect, it } from 'vitest';
import { markOf } from '../../../src/campaigns/approve.ts';
import type { Campaign } from '../../../src/campaigns/campaign.ts';
import { type CampaignView, campaignCard } from '../../../src/chat/cards/campaign.ts';
import { LOCALES, type Locale, texts } from '../../../src/texts/index.ts';
import { offered, typed, understood, wholeText } from './reading.ts';
import { draft, frozenRun, inState, NOW, reader, viewOf } from './samples.ts';

const NOBODY = { write: false, decide: false, control: false };
const DURING = new Date('2026-11-24T07:00:31Z');

const cardOf = (locale: Locale, campaign: Campaign, more: Partial<CampaignView> = {}) =>
  campaignCard(viewOf(locale, campaign, more), reader(locale));
const leadOf = (locale: Locale, campaign: Campaign, more: Partial<CampaignView> = {}) =>
  (cardOf(locale, campaign, more).lead ?? []).map((line) => line.replaceAll('\u00a0', ' '));

describe('the card of a draft', () => {
  it('begins with people, parts and the highest cost, every digit of them', () => {
    const run = frozenRun('ru', { messages: 18_401, parts: 36_802, ceiling: 95_685_200_001 });
    expect(leadOf('ru', draft('ru', { frozen: run }))[0]).toBe(
      '18 401 получатель, 36 802 части, не дороже 95 685,200001 RUB',
    );
    expect(leadOf('en', draft('en', { frozen: run }))[0]).toBe(
      '18,401 recipients, 36,802 parts, no more than 95,685.200001 RUB',
    );
  });

  it('that is ready can be submitted, previewed and tested', () => {
    expect(offered(cardOf('en', draft('en')))).toEqual(['submit', 'preview', 'test', 'schedule', 'cancel']);
  });

  it('that goes out again says to how many, by what had become of their messages', () => {
    const taken = { cancelled: 1_608, failed: 3 };
    const source = { ...draft('en').source!, rowsOf: { run: '9.1', audience: 'a4', taken } };
    for (const [locale, title] of [
      ['en', 'Sent again to'],
      ['ru', 'Кому отправляем ещё раз'],
    ] as const) {
      const card = cardOf(locale, draft(locale, { source }));
      const say = texts(locale);
      const section = card.sections!.find((one) => one.title === title)!;
      expect(section.table!.rows.map((row) => row.map((cell) => cell.replace(/\D+/g, '') || cell))).toEqual([
        ['3', say.t('message-state.failed')],
        ['1608', say.t('message-state.cancelled')],
      ]);
    }
    const unread = { ...draft('en').source!, rowsOf: { run: '9.1', audience: 'a4' } };
    expect(wholeText(cardOf('en', draft('en', { source: unread })))).not.toContain('Sent again to');
  });

  it('that lacks something says what, and how to add it', () => {
    const card = cardOf('ru', draft('ru', { text: null, sender: null, source: null, audience: null, frozen: null }));
    expect(card.lead).toEqual(['Не хватает: списка получателей, текста и отправителя.']);
    expect(typed(card).map((command) => understood(command))).toEqual([
      { name: 'edit', words: ['12'], named: { source: 'клиенты.xlsx' } },
      { name: 'edit', words: ['12'], named: { text: 'Здравствуйте, {{Имя}}! …' } },
      { name: 'edit', words: ['12'], named: { sender: 'ACME' } },
    ]);
    expect(offered(card)).not.toContain('submit');
  });

  it.each([
    [{ step: 'reading', done: 48_000 }, 'The list is being read: 48,000 rows so far.'],
    [{ step: 'rendering', done: 1 }, 'The messages are being made: 1 so far.'],
    [null, 'Recipients and cost are being counted.'],
  ] as const)('that is being counted (%j) says how far it has come', (progress, line) => {
    const card = cardOf('en', draft('en', { frozen: null, progress }));
    expect(card.lead).toContain(line);
    expect(offered(card)).toEqual(['schedule', 'show', 'cancel']);
  });

  it('shows no numbers of an earlier revision', () => {
    const text = wholeText(cardOf('en', draft('en', { revision: 4 })));
    expect(text).not.toContain('612');
    expect(text).toContain('being counted');
  });

  it.each([
    [{ kind: 'source', problem: { code: 'encrypted' } }, 'protected by a password'],
    [{ kind: 'source', problem: { code: 'too-large', what: 'file', limit: 50 * 1024 ** 2 } }, 'at most 50 MB'],
    [{ kind: 'questions', questions: [{ kind: 'hidden-rows', count: 2, filtered: false }] }, '2 rows are hidden'],
    [
      { kind: 'variables', problems: [{ variable: 'Nane', nearest: 'Name', required: true, line: 1, column: 6 }] },
      'Did you mean “Name”?',
    ],
    [
      { kind: 'variables', problems: [{ variable: 'X', nearest: null, required: true, line: 1, column: 6 }] },
      'no column called “X”.',
    ],
    [{ kind: 'nobody' }, 'Nobody is left'],
    [{ kind: 'broken', detail: 'audience-gone' }, 'audience-gone'],
  ] as const)('with the problem %j says so, and cannot be submitted', (problem, words) => {
    const card = cardOf('en', draft('en', { frozen: null, problem }));
    expect(card.lead!.join(' ')).toContain(words);
    expect(card.tone).toBe('attention');
    expect(offered(card)).not.toContain('submit');
  });

  it('that nobody can be sent to from its sender names those that operators carry, to whoever may change it', () => {
    const campaign = draft('en', { frozen: null, problem: { kind: 'nobody' }, sender: 'SHOPPY' });
    const text = wholeText(cardOf('en', campaign, { senders: ['ACME', 'NEWS'] }));
    expect(text).toContain('No operator of ours carries the sender “SHOPPY”');
    expect(text).toContain('edit 12 sender="ACME"');
    expect(text).toContain('edit 12 sender="NEWS"');
    for (const more of [{ senders: ['SHOPPY'] }, { senders: [] }, { senders: ['ACME'], may: NOBODY }])
      expect(wholeText(cardOf('en', campaign, more))).not.toContain('carries the sender');
  });

  it('asks nobody to check it and send it for approval who may not', () => {
    expect(wholeText(cardOf('en', draft('en')))).toContain('send it for approval');
    expect(wholeText(cardOf('en', draft('en'), { may: { ...NOBODY, decide: true } }))).not.toContain(
      'send it for approval',
    );
  });

  it('with a question about its list asks it in full, with the answers to press', () => {
    const options = [
      { name: 'Phone', example: '+79161234567' },
      { name: 'Mobile', example: '+79161234568' },
    ];
    const problem = { kind: 'questions', questions: [{ kind: 'phone-column', options }] } as const;
    const card = cardOf('en', draft('en', { frozen: null, problem }));
    expect(card.sections![0]!.table!.rows.map(([name]) => name)).toEqual(['Phone', 'Mobile']);
    expect(card.actions!.map(({ command }) => command)).toEqual(
      expect.arrayContaining(['edit 12 phone="Phone"', 'edit 12 phone="Mobile"']),
    );
  });

  it('says who sent it back and why, and whether it was changed since', () => {
    const rejection = { by: 'oleg', inPlaceOf: 'anna', at: NOW, reason: 'too dear', revision: 3 };
    expect(leadOf('en', draft('en', { rejection }))[0]).toBe(
      'Sent back by Oleg Sidorov in place of Anna Petrova, Mon 23 Nov 2026, 14:30 (Europe/Moscow, UTC+3). The reason: “too dear”',
    );
    expect(leadOf('en', draft('en', { rejection: { ...rejection, revision: 2 } }))).toContain(
      'It has been changed since.',
    );
  });

  it('lists who is left out, the commonest reason first, and a reason of a later Herald by its code', () => {
    const frozen = frozenRun('en', { excluded: { 'phone-empty': 2, 'from-the-future': 5, duplicate: 2, hidden: 0 } });
    const card = cardOf('en', draft('en', { frozen }));
    const section = card.sections!.find(({ title }) => title === 'Left out: 9 rows')!;
    expect(section.table!.rows).toEqual([
      ['5', 'from-the-future'],
      ['2', 'the number is there already'],
      ['2', 'no phone number'],
    ]);
  });

  it('says what makes messages long and what to write instead', () => {
    const savings = [
      { char: '’', replacement: "'", messages: 18_400, partsSaved: 18_400 },
      { char: '\u00a0', replacement: ' ', messages: 2, partsSaved: 2 },
      { char: '\u200b', replacement: '', messages: 1, partsSaved: 1 },
      { char: '\u2028', replacement: '\n', messages: 1, partsSaved: 1 },
      { char: '🎉', replacement: null, messages: 21, partsSaved: 42 },
    ];
    const lines = (locale: Locale) =>
      cardOf(locale, draft(locale, { frozen: frozenRun(locale, { savings }) }))
        .sections!.find(({ title }) => title === texts(locale).t('card.savings-title'))!
        .lines!.map((line) => line.replace(/(?<=\d)\u00a0(?=\d)/g, ' '));
    expect(lines('en')).toEqual([
      "Because of ’, 18,400 messages are longer. Write ' instead and save 18,400 parts.",
      'Because of an invisible character (U+00A0), 2 messages are longer. Write a plain space instead and save 2 parts.',
      'Because of an invisible character (U+200B), 1 message is longer. Delete that and save 1 part.',
      'Because of an invisible character (U+2028), 1 message is longer. Write a line break instead and save 1 part.',
      'Because of 🎉, 21 messages are longer. Say it in other words and save 42 parts.',
      'Only all of these together save that much.',
    ]);
    expect(lines('ru')[0]).toBe(
      "Из-за ’ длиннее 18 400 сообщений. Напишите вместо этого ', это сбережёт 18 400 частей.",
    );
  });

  it('shows a time on the reader’s clock, and on the campaign’s where that is another', () => {
    const campaign = draft('en', { zone: 'Asia/Yekaterinburg' });
    expect(wholeText(cardOf('en', campaign))).toContain(
      'Tue 24 Nov 2026, 10:00 (Europe/Moscow, UTC+3), which for the campaign is Tue 24 Nov 2026, 12:00 (Asia/Yekaterinburg, UTC+5)',
    );
    const sameClock = draft('en', { zone: 'Europe/Minsk' });
    expect(wholeText(cardOf('en', sameClock))).not.toContain('Minsk');
  });
});

describe('the card of a submitted campaign', () => {
  const submitted = (locale: Locale) => inState(locale, 'submitted');
  const mark = (campaign: Campaign) => markOf(campaign.submission!.hash);

  it.each(LOCALES)('gives the mark of its version to those who may decide, in %s', (locale) => {
    const campaign = submitted(locale);
    const card = cardOf(locale, campaign, { may: { ...NOBODY, decide: true } });
    expect(understood(card.actions![0]!.command)).toEqual({
      name: 'approve',
      words: ['12', mark(campaign)],
      named: {},
    });
    expect(offered(card)).toEqual(['approve', 'reject', 'preview']);
    expect(wholeText(card)).toContain(mark(campaign));
  });

  it('lets its author take it back, and not decide', () => {
    expect(offered(cardOf('en', submitted('en')))).toEqual(['preview', 'withdraw']);
  });

  it('shows all of what is approved: sender, times, operators, text, cost', () => {
    const text = wholeText(cardOf('en', submitted('en'), { may: { ...NOBODY, decide: true } }));
    for (const part of [
      'COATS',
      'Tue 24 Nov 2026, 10:00 (Europe/Moscow, UTC+3)',
      'Tue 24 Nov 2026, 20:00 (Europe/Moscow, UTC+3)',
      'alfa or beta',
      'Dear {{Name}}, 20 % off all coats',
      '3,182.40 RUB; it cannot cost more',
      'marketing, purpose: offers',
    ])
      expect(text).toContain(part);
  });

  it('counts approvals where more than one is needed', () => {
    const approvals = [{ by: 'anna', inPlaceOf: 'oleg', at: NOW }];
    const card = cardOf('en', inState('en', 'submitted', { approvals }), { approvalsNeeded: 2 });
    expect(card.lead).toContain('1 of 2 approvals given');
    expect(wholeText(card)).toContain('Anna Petrova in place of Oleg Sidorov, Mon 23 Nov 2026');
  });
});

describe('the card of a campaign that waits for its time', () => {
  it('asks for one when it has none', () => {
    const card = cardOf('en', inState('en', 'approved'));
    expect(card.lead![0]).toBe(
      'It is approved and waits for a time. Set one before Tue 24 Nov 2026, 20:00 (Europe/Moscow, UTC+3).',
    );
    expect(offered(card)[0]).toBe('schedule');
    expect(cardOf('en', inState('en', 'approved'), { now: new Date('2026-11-25T00:00:00Z') }).lead![0]).toContain(
      'has passed',
    );
  });

  it('says when it starts and how long sending takes', () => {
    expect(leadOf('ru', inState('ru', 'scheduled'), { ratePerSecond: 2 })).toEqual([
      'Начало: вт 24 ноября 2026, 10:00 (Europe/Moscow, UTC+3). До начала около 20 часов.',
      '612 получателей, 1 232 части, не дороже 3 203,20 RUB',
      'Отправка займёт около 10 минут: 2 части в секунду.',
    ]);
  });

  it('says that its time has come', () => {
    expect(leadOf('en', inState('en', 'scheduled'), { now: DURING })[0]).toBe(
      'Its time has come: it starts at any moment.',
    );
  });

  it('says when the first go out, if the sending hours are closed at its start', () => {
    const early = { start: { kind: 'at', at: new Date('2026-11-24T04:00:00Z') } } as const;
    expect(leadOf('en', inState('en', 'scheduled', early))[1]).toBe(
      'The first messages go out when the sending hours open, Tue 24 Nov 2026, 09:00 (Europe/Moscow, UTC+3).',
    );
  });

  it.each([
    [undefined, 'No operator is connected now, so I cannot say how long sending takes.'],
    [0, 'No operator is connected now, so I cannot say how long sending takes.'],
    [0.01, 'At this speed about 180 of 612 messages will go out before Tue 24 Nov 2026, 20:00 (Europe/Moscow, UTC+3).'],
  ])('at %s parts a second is honest about it', (ratePerSecond, line) => {
    expect(leadOf('en', inState('en', 'scheduled'), { ratePerSecond })).toContain(line);
  });

  it('tells both the start and the approved time when it was moved', () => {
    const campaign = inState('en', 'scheduled');
    const moved = { ...campaign, start: { kind: 'at', at: new Date('2026-11-24T09:00:00Z') } } as const;
    const labels = cardOf('en', moved).facts!.map(({ label }) => label);
    expect(labels).toEqual(expect.arrayContaining(['Starts', 'Not before', 'Not later than']));
  });
});
