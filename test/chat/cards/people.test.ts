import { describe, expect, it } from 'vitest';
import {
  accessAnsweredCard,
  accessAskedCard,
  accessListCard,
  accessRequestCard,
  deactivatedCard,
  employeeCard,
  type PhoneStep,
  phoneCard,
  type StaffRefusal,
  settingsCard,
  staffListCard,
  staffRefusalCard,
  strangerCard,
  turnedAwayCard,
  welcomeCard,
} from '../../../src/chat/cards/staff.ts';
import { rolesOf } from '../../../src/chat/commands/people.ts';
import type { AccessRequest } from '../../../src/staff/store.ts';
import { LOCALES } from '../../../src/texts/index.ts';
import { offered, typed, understood, wholeText } from './reading.ts';
import { employee, NOW, namesIn, reader } from './samples.ts';

const SOUND = /undefined|(?<!\{)\{\w+\}(?!\})|\[object|NaN/;
const REQUEST: AccessRequest = {
  id: '7f3a90c2-1d55-4a0e-9c3b-5f1f1c7f7a10',
  surface: 'console',
  account: 'secret-account',
  name: 'Anna\nPetrova',
  handle: 'anna',
  state: 'waiting',
  askedAt: NOW,
  answeredBy: null,
};

describe('a stranger', () => {
  it.each(LOCALES)('is told what this is and how to ask to be let in, in %s', (locale) => {
    const card = strangerCard({ company: 'ACME', waiting: false }, reader(locale));
    expect(understood(typed(card)[0]!)).toMatchObject({ name: 'request-access', words: ['maria'] });
    expect(wholeText(card)).toContain('ACME');
  });

  it('is told that an answer will come, and what it was', () => {
    expect(strangerCard({ company: 'ACME', waiting: true }, reader('en')).title).toBe(
      'Your request is still with the administrators.',
    );
    expect(accessAskedCard({ request: REQUEST, again: false }, reader('en')).lead![0]).toContain('“anna”');
    expect(accessAskedCard({ request: REQUEST, again: true }, reader('ru')).title).toBe(
      'Ваша заявка всё ещё у администраторов.',
    );
    expect(turnedAwayCard({ company: 'ACME' }, reader('en')).title).toContain('did not let you in');
    expect(deactivatedCard({ company: 'ACME' }, reader('en')).title).toBe('Your access has been taken away.');
  });

  it('once let in learns the roles, and an author can begin', () => {
    const card = welcomeCard(
      { employee: employee('ru', { roles: ['author', 'approver'] }), company: 'ACME' },
      reader('ru'),
    );
    expect(card.lead).toEqual(['Ваш отдел — «продажи», роли: автор, согласующий.']);
    expect(offered(card)).toEqual(['new', 'help']);
    expect(
      offered(welcomeCard({ employee: employee('en', { roles: ['viewer'] }), company: 'ACME' }, reader('en'))),
    ).toEqual(['help']);
  });
});

describe('a request for access', () => {
  it.each(LOCALES)('is answered by one press, and grants what its button says, in %s', (locale) => {
    const card = accessRequestCard({ request: REQUEST, departments: ['sales', 'call centre'] }, reader(locale));
    const [, second] = card.actions!;
    const { name, words } = understood(second!.command);
    expect([name, words.slice(0, 2)]).toEqual(['access-grant', ['7f3a90c2', 'call centre']]);
    expect(rolesOf(words[2]!)).toEqual(['author']);
    expect(understood(card.actions!.at(-1)!.command)).toMatchObject({ name: 'access-refuse', words: ['7f3a90c2'] });
    const other = understood(typed(card)[0]!);
    expect(rolesOf(other.words.slice(2).join(' '))).toEqual(['author', 'approver']);
  });

  it('shows no account of the chat, and its name on one line', () => {
    const text = wholeText(accessRequestCard({ request: REQUEST, departments: [] }, reader('en')));
    expect(text).not.toContain('secret-account');
    expect(text).toContain('Anna Petrova asks to be let in');
  });

  it('among others is listed', () => {
    const card = accessListCard(
      { requests: [REQUEST, { ...REQUEST, id: 'aaaabbbb-1', handle: 'ivan' }] },
      reader('ru'),
    );
    expect(card.title).toBe('Ответа ждут 2 заявки');
    expect(card.sections![0]!.table!.rows[1]![0]).toBe('aaaabbbb');
    expect(offered(card)).toEqual(['access-refuse', 'access-refuse']);
    expect(offered(accessListCard({ requests: [] }, reader('en')))).toEqual(['staff']);
  });

  it('once answered says what came of it', () => {
    const granted = accessAnsweredCard({ request: REQUEST, granted: employee('en', { id: 'anna' }) }, reader('en'));
    expect([granted.title, granted.tone]).toEqual(['Anna Petrova was let in', 'good']);
    expect(accessAnsweredCard({ request: REQUEST, granted: null }, reader('en')).title).toBe(
      'Anna Petrova was not let in',
    );
  });
});

describe('the staff', () => {
  it('is listed with roles in words', () => {
    const card = staffListCard(
      { employees: [employee('ru'), employee('ru', { id: 'zed', roles: [], active: false })], mayChange: true },
      reader('ru'),
    );
    expect(card.title).toBe('2 сотрудника');
    expect(card.sections![0]!.table!.rows.map((row) => row.slice(3))).toEqual([
      ['автор', 'доступ есть'],
      ['нет', 'доступа нет'],
    ]);
    expect(staffListCard({ employees: [], mayChange: false }, reader('en')).title).toBe('There is nobody yet.');
  });

  it.each([
    [{ sees: 'all' }, 'all departments'],
    [{ roles: ['admin'] }, 'all departments'],
    [{ sees: ['support', 'sales'] }, 'sales, support'],
    [{}, 'the own department'],
  ] as const)('shows what a person with %j sees, but not the own phone', (fields, sees) => {
    const own = { phone: { phone: '+79161234567', confirmedAt: NOW } };
    const card = employeeCard({ employee: employee('en', { ...own, ...fields }), mayChange: false }, reader('en'));
    expect(card.facts).toContainEqual({ label: 'Sees', value: sees });
    expect(wholeText(card)).not.toContain('1234567');
    expect(offered(card)).toEqual(['staff']);
  });

  it('says how who was added gets in', () => {
    const card = employeeCard({ employee: employee('en'), mayChange: true, done: 'added' }, reader('en'));
    expect([card.title, card.lead![1]]).toEqual([
      'Added: Maria Ivanova',
      expect.stringContaining('`staff invite maria`'),
    ]);
    expect(offered(card)).toEqual(['staff-invite', 'staff-deactivate', 'staff']);
    const gone = employeeCard(
      { employee: employee('en', { active: false }), mayChange: true, done: 'deactivated' },
      reader('en'),
    );
    expect(offered(gone)).toEqual(['staff-activate', 'staff']);
  });

  const REFUSALS: readonly StaffRefusal[] = [
    'not-allowed',
    'bad-handle',
    'taken',
    'unknown-person',
    'last-admin',
    'no-such-request',
  ];
  it.each(REFUSALS)('refuses (%s) in a sentence with a way out', (why) => {
    for (const locale of LOCALES) {
      const card = staffRefusalCard({ why, said: 'zed' }, reader(locale));
      expect(wholeText(card)).not.toMatch(SOUND);
      expect(offered(card)).toHaveLength(1);
    }
  });
});

describe('the own phone', () => {
  const STEPS: readonly PhoneStep[] = [
    { kind: 'sent', phone: '+79161234567', validMs: 600_000 },
    { kind: 'confirmed', phone: '+79161234567' },
    { kind: 'wrong', triesLeft: 2 },
    { kind: 'gone' },
    { kind: 'shown', phone: null },
    { kind: 'shown', phone: '+79161234567' },
  ];
  it.each(STEPS)('$kind is a whole sentence', (step) => {
    for (const locale of LOCALES) {
      const card = phoneCard(step, reader(locale));
      expect(wholeText(card)).not.toMatch(SOUND);
      for (const command of typed(card)) expect(understood(command).name).toMatch(/^phone/);
    }
  });

  it('counts tries in the reader’s grammar', () => {
    const left = (triesLeft: number) => phoneCard({ kind: 'wrong', triesLeft }, reader('ru')).lead![0];
    expect([1, 2, 5].map(left)).toEqual(['Осталась 1 попытка.', 'Осталось 2 попытки.', 'Осталось 5 попыток.']);
  });
});

describe('settings', () => {
  it.each(LOCALES)('show how to change each of them, and offer the other language, in %s', (locale) => {
    const deputy = { deputy: 'oleg', until: NOW };
    const card = settingsCard(
      { employee: employee(locale, { deputy }), names: namesIn(locale), changed: true },
      reader(locale),
    );
    const commands = typed(card).map((command) => understood(command));
    expect(commands.map(({ name }) => name)).toEqual(['settings', 'settings', 'phone']);
    expect(commands[1]!.named).toMatchObject({ deputy: 'maria' });
    expect(understood(card.actions![0]!.command).named).toEqual({ language: locale === 'en' ? 'ru' : 'en' });
    expect(wholeText(card)).toContain(namesIn(locale)('oleg'));
  });
});
