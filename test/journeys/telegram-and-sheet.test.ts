/** Two campaigns from one Google Sheet by Telegram, in Russian, over an HTTP gateway: what is in the way is explained, what is unclear is asked. */
import { afterAll, beforeAll, expect } from 'vitest';
import { ACCOUNT } from '../fakes/google/google.ts';
import type { Spreadsheet } from '../fakes/google/spreadsheet.ts';
import type { FakeUser } from '../fakes/telegram/users.ts';
import { idOf, link } from '../integrations/sheets/google/desk.ts';
import { button, type Company, openCompany, sees } from '../support/company.ts';
import { until } from '../support/herald.ts';
import { journey } from '../support/journey.ts';

let company: Company;
let book: Spreadsheet;
let anna: FakeUser;
let boris: FakeUser;

const TAB = 'Клиенты';
const CLIENTS = Array.from({ length: 30 }, (_, n) => [`Клиент ${n}`, `+7900${String(1_000_000 + n)}`]);

beforeAll(async () => {
  company = await openCompany({ telegram: 'polling', google: true, operator: 'http', env: { DEFAULT_LOCALE: 'ru' } });
  anna = await company.inTelegram('Анна', ['author'], { locale: 'ru' });
  boris = await company.inTelegram('Борис', ['approver'], { locale: 'ru' });
  book = company.google.hold(
    idOf('clients'),
    [
      { title: 'Справка', rows: [['Что это'], ['Список клиентов']] },
      { title: TAB, rows: [['Весна 2026'], [], ['Имя', 'Телефон'], ...CLIENTS] },
    ],
    { name: 'Весенние клиенты', shared: {} },
  );
});
afterAll(() => company.close());

const toSubmit = (about: RegExp) =>
  anna.sees().findLast(({ buttons, text }) => buttons.includes('На согласование') && about.test(text));
/** Where the columns of each campaign begin. */
const groups = () => book.seen(TAB)[2]!.flatMap((heading, at) => (/: Статус$/u.test(String(heading)) ? [at] : []));
const clients = () => book.seen(TAB).slice(3, 3 + CLIENTS.length);
const isWritten = (group: number) =>
  groups().length > group && clients().every((row) => row[groups()[group]!] === 'доставлено');
/** Names, and what stands in the columns of a campaign. */
const cellsOf = (group: number) =>
  clients().map((row) => [row[0], ...row.slice(groups()[group], groups()[group]! + 9)]);

async function goesOut(id: number): Promise<void> {
  const draft = await until('the draft', async () => toSubmit(new RegExp(`ампания ${id} `, 'u')));
  anna.presses(draft, 'На согласование');
  const asked = await sees(boris, new RegExp(`^Нужно ваше согласование: кампания ${id} `, 'u'));
  boris.presses(asked, 'Согласовать');
  await sees(anna, new RegExp(`^Завершена: кампания ${id} `, 'u'), 30_000);
}

journey('две кампании из одной таблицы', {
  'таблица закрыта, и Herald говорит, с кем ею поделиться': async () => {
    anna.says(`/new ${link('clients')}`);
    const closed = await sees(anna, /^«.*» не читается\nТаблица для меня закрыта/u);
    expect(closed.text).toContain(ACCOUNT);
  },

  'ей дали роль читателя: вкладку можно выбрать, а найти строки снова не получится, и Herald говорит об этом':
    async () => {
      book.shared.set(ACCOUNT, 'reader');
      anna.says(link('clients'));
      const which = await sees(anna, /Какой лист взять/u);
      anna.presses(which, button(which, /^Клиенты/u));
      const readOnly = await sees(anna, /только для чтения/u);
      expect(readOnly.text).toContain(ACCOUNT);
    },

  'с ролью редактора таблица читается, и форма идёт до конца': async () => {
    book.shared.set(ACCOUNT, 'writer');
    anna.says(link('clients'));
    const which = await sees(anna, /Какой лист взять/u);
    anna.presses(which, button(which, /^Клиенты/u));
    await sees(anna, /Что написать/u);
    anna.says('Весна, {{Имя}}!');
    const sender = await sees(anna, /От чьего имени/u);
    expect(sender.text).toContain('Весенние клиенты');
    anna.presses(sender, button(sender, /^ACME$/u));
    const when = await sees(anna, /Когда отправить/u);
    anna.presses(when, button(when, /Сразу/u));
  },

  'первая кампания уходит, и в таблице появляются её столбцы': async () => {
    await goesOut(1);
    await until('the results', async () => isWritten(0), 30_000);
    expect(groups()).toHaveLength(1);
  },

  'вторую по той же таблице предлагают кнопкой, и её столбцы встают рядом, не трогая первых': async () => {
    const first = cellsOf(0);
    anna.says('/new');
    const offer = await sees(anna, /Кому пишем/u);
    anna.presses(offer, button(offer, /^Весенние клиенты$/u));
    const which = await until('the question', async () =>
      anna.sees().findLast(({ text, buttons }) => /Какой лист/u.test(text) && buttons.length > 0),
    );
    anna.presses(which, button(which, /^Клиенты/u));
    await until('the form', async () => /Что написать/u.test(anna.sees().at(-1)!.text));
    anna.says('И ещё раз, {{Имя}}');
    const sender = await until('the sender', async () =>
      anna.sees().findLast(({ text }) => /От чьего имени/u.test(text)),
    );
    anna.presses(sender, button(sender, /^ACME$/u));
    const when = await until('the start', async () =>
      anna.sees().findLast(({ text }) => /Когда отправить/u.test(text)),
    );
    anna.presses(when, button(when, /Сразу/u));
    await goesOut(2);
    await until('the results', async () => groups().length === 2 && isWritten(1), 30_000);
    expect(cellsOf(0)).toEqual(first);
  },

  'шлюз получил по два сообщения на каждого': () => {
    const told = company.gateway.taken().map(({ to, text }) => `${to} ${text}`);
    const meant = CLIENTS.flatMap(([name, phone]) => [`${phone} Весна, ${name}!`, `${phone} И ещё раз, ${name}`]);
    expect(told.toSorted()).toEqual(meant.toSorted());
  },
});
