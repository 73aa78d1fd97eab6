import { describe, expect, it } from 'vitest';
import type { SheetProblem } from '../../../integrations/sheets/google/sink.ts';
import type { TargetProblem } from '../../../integrations/sheets/whole-file.ts';
import { type Done, doneCard } from '../../../src/chat/cards/done.ts';
import { formCard, formGoneCard, formLeftCard } from '../../../src/chat/cards/form.ts';
import { commandHelpCard, helpCard } from '../../../src/chat/cards/help.ts';
import { listCard, waitingCard } from '../../../src/chat/cards/list.ts';
import { resultsCard } from '../../../src/chat/cards/results.ts';
import { isText } from '../../../src/chat/cards/speech.ts';
import { type StatusView, statusCard } from '../../../src/chat/cards/status.ts';
import { troubleCard } from '../../../src/chat/cards/trouble.ts';
import { COMMAND_NAMES } from '../../../src/chat/vocabulary.ts';
import { LOCALES } from '../../../src/texts/index.ts';
import { offered, understood, wholeText } from './reading.ts';
import { AT_THE_END, counts, draft, inState, NOW, namesIn, reader } from './samples.ts';

const SOUND = /undefined|(?<!\{)\{\w+\}(?!\})|\[object|NaN/;
const names = namesIn('en');

describe('the list of campaigns', () => {
  it('has one line for each, and opens the first', () => {
    const campaigns = [
      draft('en', { _id: '14', frozen: null, start: null }),
      inState('en', 'missed'),
      inState('en', 'finished'),
    ];
    const card = listCard({ campaigns, names, mayWrite: true, now: NOW }, reader('en'));
    expect(card.title).toBe('3 campaigns');
    expect(card.sections![0]!.table!.rows).toEqual([
      ['14', 'Black Friday', 'draft', '', '', 'Maria Ivanova'],
      ['12', 'Black Friday', 'missed', '612', 'Tue 24 Nov 2026, 10:00', 'Maria Ivanova'],
      ['12', 'Black Friday', 'finished', '612', 'Tue 24 Nov 2026, 10:04', 'Maria Ivanova'],
    ]);
    expect(offered(card)).toEqual(['show', 'show', 'show']);
    expect(card.note).toBeUndefined();
  });

  it('says that there are more, and how to open those without a button', () => {
    const campaigns = Array.from({ length: 7 }, (_, index) => draft('ru', { _id: String(20 - index) }));
    const card = listCard({ campaigns, total: 40, names, mayWrite: true, now: NOW }, reader('ru'));
    expect(card.title).toBe('Кампании: последние 7 из 40');
    expect(card.actions).toHaveLength(5);
    expect(card.note).toBe('Открыть одну: `покажи 14`');
  });

  it('that is empty says how to begin, to whom it may concern', () => {
    const empty = (mayWrite: boolean) => listCard({ campaigns: [], names, mayWrite, now: NOW }, reader('en'));
    expect([empty(true).lead, offered(empty(true))]).toEqual([
      ['Make the first one from a spreadsheet: `new customers.xlsx`'],
      ['new'],
    ]);
    expect([empty(false).lead, offered(empty(false))]).toEqual([[], ['help']]);
  });
});

describe('a list of some campaigns', () => {
  it.each([
    ['sending', 'No campaign is in this state now: being sent.'],
    ['missed', 'No campaign is in this state now: missed.'],
    ['mine', 'You have made no campaigns yet.'],
  ] as const)('of which there are none does not say that there are none at all: %s', (only, title) => {
    const card = listCard({ campaigns: [], only, names, mayWrite: true, now: NOW }, reader('en'));
    expect([card.title, offered(card)]).toEqual([title, ['list']]);
  });
});

describe('what waits for approval', () => {
  const one = (mayDecide: boolean, needed = 1) => ({ campaign: inState('en', 'submitted'), mayDecide, needed });
  it.each([
    [[], 'No campaign waits for approval.', undefined],
    [[one(true)], '1 campaign waits for approval', 'The decision is yours.'],
    [[one(true), one(false)], '2 campaigns wait for approval', '1 of them waits for you.'],
    [[one(false)], '1 campaign waits for approval', 'None of them is yours to decide.'],
  ])('%# says whose decision it is', (campaigns, title, lead) => {
    const card = waitingCard({ campaigns, names, now: NOW }, reader('en'));
    expect([card.title, card.lead?.[0]]).toEqual([title, lead]);
  });

  it('shows people, cost, time and approvals', () => {
    const text = wholeText(waitingCard({ campaigns: [one(true, 2)], names, now: NOW }, reader('en')));
    expect(text).toContain('612 recipients, 1,224 parts, no more than 3,182.40 RUB');
    expect(text).toContain('0 of 2');
    const soon = { ...one(true), campaign: inState('en', 'submitted', { start: { kind: 'on-approval' } }) };
    const never = { ...one(true), campaign: inState('en', 'submitted', { start: null }) };
    expect(wholeText(waitingCard({ campaigns: [soon, never], names, now: NOW }, reader('en')))).toMatch(
      /as soon as it is approved[\s\S]*no time set yet/,
    );
  });
});

describe('the results', () => {
  const base = { campaign: inState('en', 'finished'), counts: AT_THE_END, mayWrite: true };
  it('say where they are and what they come to', () => {
    const written = { kind: 'written', path: '/lists/customers.results-12.xlsx', rows: 612, excluded: 28 } as const;
    const card = resultsCard({ ...base, written }, reader('ru'));
    expect(card.lead!.slice(0, 2)).toEqual([
      'Записаны сюда: /lists/customers.results-12.xlsx',
      '612 строк с итогом отправки; исключено с указанием причины: 28.',
    ]);
    expect(offered(card)).toEqual(['again', 'show']);
    expect(card.note).toContain('запишутся заново сами');
    const settled = resultsCard(
      { ...base, counts: counts({ delivered: 2 }, 1), written, mayWrite: false },
      reader('en'),
    );
    expect([offered(settled), settled.note]).toEqual([['show'], undefined]);
  });

  it('that could not be written say why', () => {
    const failed = (why: string) => resultsCard({ ...base, written: { kind: 'failed', why } }, reader('en'));
    expect(failed('opened-elsewhere').lead!.slice(0, 2)).toEqual([
      'The results could not be written.',
      'Somebody has the file open. Please close it and try again.',
    ]);
    expect(failed('of-tomorrow').lead).toContain('of-tomorrow');
    expect(offered(failed('no-space'))[0]).toBe('results');
  });

  it('say what of them does not stand in the sheet, why, and where it is instead', () => {
    const written = { kind: 'written', path: '/results/12.xlsx', rows: 612, excluded: 28 } as const;
    const silent = resultsCard({ ...base, written: { ...written, instead: 'google-silent' } }, reader('en'));
    expect(silent.lead!.slice(0, 3)).toEqual([
      'They could not be written into the sheet.',
      'Google does not answer. I will try again by myself.',
      'Written to /results/12.xlsx',
    ]);
    const link = 'https://docs.google.com/spreadsheets/d/0123456789';
    const unfound = { missing: 3, duplicates: 1 };
    const torn = resultsCard(
      { ...base, written: { ...written, path: link, unfound, also: '/results/12.xlsx' } },
      reader('en'),
    );
    expect(torn.lead!.slice(2, 4)).toEqual([
      'Some rows of the list could not be found in the sheet again: 3 are gone, 1 were copied together with their IDs.',
      'A workbook with all rows: /results/12.xlsx',
    ]);
  });

  it('have a sentence for everything that stands in the way of a file', () => {
    const problems = {
      'no-folder': true,
      'not-writable': true,
      'opened-elsewhere': true,
      'no-space': true,
      'is-a-folder': true,
      'bad-name': true,
      'wrong-type': true,
      'not-ours': true,
      aborted: true,
    } satisfies Record<TargetProblem, true>;
    for (const problem of Object.keys(problems)) expect(isText(`sink.${problem}`)).toBe(true);
  });

  it('have one for everything that stands in the way of a sheet', () => {
    const problems = {
      'no-keys': true,
      'office-file': true,
      'sheet-gone': true,
      'sheet-closed': true,
      'sheet-full': true,
      'google-silent': true,
      'wrong-type': true,
      aborted: true,
    } satisfies Record<SheetProblem, true>;
    for (const problem of Object.keys(problems)) expect(isText(`sink.${problem}`)).toBe(true);
  });

  it('are nothing before anything was sent', () => {
    const card = resultsCard({ ...base, written: { kind: 'nothing-yet' } }, reader('en'));
    expect([card.lead, card.sections]).toEqual([['There is nothing to write yet: nothing has been sent.'], []]);
  });
});

describe('the state of Herald', () => {
  const up = {
    name: 'alfa',
    state: 'up',
    sessions: { up: 2, allowed: 2 },
    partsPerSecond: 100,
    lately: { taken: 98, failed: 2 },
  } as const;
  const down = {
    name: 'beta',
    state: 'down',
    sessions: { up: 0, allowed: 1 },
    why: 'no-answer',
    partsPerSecond: 30,
    lately: { taken: 0, failed: 0 },
  } as const;
  const view = (more: Partial<StatusView> = {}): StatusView => ({
    providers: [up],
    sending: [],
    scheduled: 0,
    waiting: { all: 0, forReader: 0 },
    stopped: null,
    doubt: null,
    deployment: 'd-1',
    names,
    may: { stopAll: true, operate: true },
    ...more,
  });
  const sending = [{ campaign: inState('en', 'sending'), sent: 301 }];

  it.each([
    ['ready', view(), 'good', ['Herald is ready; nothing is being sent now.'], ['list', 'stop-all']],
    ['sending', view({ sending }), 'good', ['Herald is sending.'], ['list', 'stop-all']],
    [
      'half down',
      view({ providers: [up, down] }),
      'attention',
      ['Some operators are not connected; the others take over.'],
      ['provider', 'list', 'stop-all'],
    ],
    [
      'cut off',
      view({ providers: [down] }),
      'bad',
      ['Nothing can be sent: no operator is connected.'],
      ['provider', 'list', 'stop-all'],
    ],
    [
      'without operators',
      view({ providers: [] }),
      'bad',
      ['Nothing can be sent: no operator is connected.'],
      ['list', 'stop-all'],
    ],
    [
      'stopped',
      view({ stopped: { by: 'oleg', at: NOW } }),
      'bad',
      ['Everything is stopped: Oleg Sidorov, Mon 23 Nov 2026, 14:30 (Europe/Moscow, UTC+3).'],
      ['go-on', 'list'],
    ],
    [
      'waited for',
      view({ waiting: { all: 3, forReader: 1 }, missed: 2 }),
      'attention',
      ['Herald is ready; nothing is being sent now.'],
      ['waiting', 'list', 'list', 'stop-all'],
    ],
  ] as const)('when it is %s', (_, status, tone, lead, actions) => {
    const card = statusCard(status, reader('en'));
    expect([card.tone, card.lead, offered(card)]).toEqual([tone, lead, actions]);
  });

  it('explains why a restored copy does not send, and lets an admin confirm it', () => {
    const card = statusCard(view({ doubt: 'older-database' }), reader('en'));
    expect(card.lead![1]).toContain('older than what this machine remembers');
    expect(offered(card)).toContain('deployment-confirm');
    const key = statusCard(view({ doubt: 'other-master-key' }), reader('ru'));
    expect(offered(key)).not.toContain('deployment-confirm');
    expect(
      offered(statusCard(view({ doubt: 'no-local-file', may: { stopAll: false, operate: false } }), reader('en'))),
    ).toEqual(['list']);
  });

  it('shows operators and progress in tables', () => {
    const card = statusCard(
      view({
        sending,
        providers: [up, down, { ...down, name: 'gamma', state: 'switched-off', stop: { by: 'oleg', at: NOW } }],
      }),
      reader('ru'),
    );
    expect(card.sections![0]!.table!.rows).toEqual([['12 Black Friday', '[####------]', '301 из 612']]);
    expect(card.sections![1]!.table!.rows).toEqual([
      ['alfa', 'на связи', '2 из 2', '100', '98 % из 100', ''],
      ['beta', 'нет связи', '0 из 1', '30', '', 'Сообщение передано оператору, ответа не было'],
      ['gamma', 'отключён', '0 из 1', '30', '', expect.stringMatching(/^Oleg Sidorov, .*14:30/)],
    ]);
  });
});

describe('help', () => {
  const commands = COMMAND_NAMES.map((name) => ({ name, does: `does ${name}`, syntax: name, examples: [name] }));

  it.each(LOCALES)('has every command once, under its task, in %s', (locale) => {
    const card = helpCard({ commands }, reader(locale));
    const shown = card.sections!.flatMap(({ facts = [] }) => facts.map(({ label }) => understood(label).name));
    expect(shown.toSorted()).toEqual([...COMMAND_NAMES].sort());
    expect(offered(card)).toEqual(['new', 'list', 'status']);
  });

  it('tells only of what the reader may do', () => {
    const card = helpCard({ commands: commands.filter(({ name }) => name === 'list') }, reader('en'));
    expect(card.sections!.map(({ title }) => title)).toEqual(['Look after campaigns']);
    expect(offered(card)).toEqual(['list', 'status']);
  });

  it('about one command shows how it is written, as something to type', () => {
    const command = {
      name: 'schedule',
      does: 'Sets it.',
      syntax: 'schedule <number> <time>',
      examples: ['`schedule 12 now`'],
    } as const;
    const card = commandHelpCard({ command }, reader('en'));
    expect(card.sections!.map(({ lines }) => lines)).toEqual([['`schedule <number> <time>`'], ['`schedule 12 now`']]);
    expect(commandHelpCard({ command: { ...command, examples: [] } }, reader('en')).sections).toHaveLength(1);
  });
});

describe('a form', () => {
  const view = {
    subject: 'campaign:12',
    step: 3,
    steps: 5,
    question: 'Whom shall it come from?',
    known: [{ label: 'Text', value: 'two\nlines' }],
    options: [{ label: 'ACME', command: 'edit 12 sender=ACME' }],
    canGoBack: true,
    canSkip: true,
  };
  it.each(LOCALES)('counts its steps and can be left at any of them, in %s', (locale) => {
    const card = formCard(view, reader(locale));
    expect(card.title).toBe(
      locale === 'en' ? 'Step 3 of 5: Whom shall it come from?' : 'Шаг 3 из 5: Whom shall it come from?',
    );
    expect(offered(card)).toEqual(['edit', 'form:skip', 'form:back', 'form:cancel']);
    expect(card.sections![0]!.facts).toEqual([{ label: 'Text', value: 'two lines' }]);
  });

  it('of one question does not count, and says what was wrong', () => {
    const card = formCard(
      { ...view, steps: 1, known: [], options: [], canGoBack: false, canSkip: false, mistake: ['Too long.', 'See: …'] },
      reader('en'),
    );
    expect([card.title, card.lead, card.tone]).toEqual([
      'Whom shall it come from?',
      ['Not yet: Too long.', 'See: …'],
      'attention',
    ]);
    expect(offered(card)).toEqual(['form:cancel']);
  });

  it('that was left says what is kept', () => {
    expect(formLeftCard({ campaign: '12' }, reader('en')).lead).toEqual(['What you have said is kept in campaign 12.']);
    expect(offered(formLeftCard({ campaign: null }, reader('ru')))).toEqual(['list']);
    expect(offered(formGoneCard(reader('ru')))).toEqual(['list']);
  });
});

describe('what was done', () => {
  const DONE: readonly Done[] = [
    { kind: 'suppressed', phone: '+79161234567', reason: 'asked us', already: false },
    { kind: 'suppressed', phone: '+79161234567', reason: '', already: true },
    { kind: 'test-sent', campaign: draft('en'), phone: '+79161234567' },
    { kind: 'stopped-all', sending: 2 },
    { kind: 'going-on', sending: 0 },
    { kind: 'deployment-confirmed' },
    { kind: 'deployment-in-doubt', why: 'other-master-key' },
    { kind: 'no-notices' },
  ];
  it.each(DONE)('$kind is said in both languages', (done) => {
    for (const locale of LOCALES) {
      const card = doneCard(done, reader(locale));
      expect(wholeText(card)).not.toMatch(SOUND);
      offered(card);
    }
  });

  it('keeps the reason for a suppression', () => {
    expect(doneCard(DONE[0]!, reader('en')).facts).toEqual([{ label: 'Reason', value: 'asked us' }]);
    expect(doneCard(DONE[1]!, reader('en')).title).toBe('+79161234567 was on the do-not-send list already.');
  });
});

it('trouble has a number to tell', () => {
  expect(wholeText(troubleCard({ incident: 'K7Q2' }, reader('ru')))).toContain('сообщите администратору номер: K7Q2');
});
