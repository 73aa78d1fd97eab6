/** A campaign from a Google Sheet and back into it, through Slack over Socket Mode, in Russian, over an HTTP gateway, through a restart. */
import { afterAll, beforeAll, expect } from 'vitest';
import type { User } from '../fakes/slack/people.ts';
import { type ClientsSheet, clientsSheet } from '../support/clients-sheet.ts';
import { button, type Company, openCompany, sees } from '../support/company.ts';
import { until } from '../support/herald.ts';
import { journey } from '../support/journey.ts';

let company: Company;
let sheet: ClientsSheet;
let anna: User;
let boris: User;
let vera: User;

beforeAll(async () => {
  company = await openCompany({
    slack: 'socket',
    google: true,
    operator: 'http',
    partsPerSecond: 8,
    env: { DEFAULT_LOCALE: 'ru' },
  });
  sheet = clientsSheet(company, {
    tab: 'Клиенты',
    headings: ['Имя', 'Телефон'],
    status: /: Статус$/u,
    nameOf: (n) => `Клиент ${String(n).padStart(2, '0')}`,
    count: 50,
  });
  anna = await company.inSlack('Anna', ['author'], { locale: 'ru' });
  boris = await company.inSlack('Boris', ['approver'], { locale: 'ru' });
  vera = await company.inSlack('Vera', ['approver'], { locale: 'ru' });
});
afterAll(() => company.close());

const taken = () => company.gateway.taken();
const again = async (): Promise<void> => void (await company.slack.delivery.again());
const told = (user: User, about: RegExp) => user.sees().filter(({ text }) => about.test(text));
const asked = (user: User) => sees(user, /^Нужно ваше согласование: кампания 1/u);

journey('кампания из Slack по сокету', {
  'Анна пишет ссылку в личном чате, Slack повторяет событие, а кампания одна': async () => {
    await anna.says(`новая ${sheet.link}`);
    await again();
    await sees(anna, /Что написать/u);
    await anna.says('Уважаемый {{Имя}}, весна');
    await again();
    const sender = await sees(anna, /От чьего имени/u);
    await anna.presses(sender, button(sender, /^ACME$/u));
    const when = await sees(anna, /Когда отправить/u);
    await anna.presses(when, button(when, /Сразу/u));
    await until('the draft', async () => anna.sees().some(({ buttons }) => buttons.includes('На согласование')));
    await anna.commands('список');
    await sees(anna, /^1 кампания$/mu);
  },

  'она отправляет на согласование двойным нажатием, и каждого спрашивают один раз': async () => {
    const draft = anna.sees().findLast(({ buttons }) => buttons.includes('На согласование'))!;
    await Promise.all([anna.presses(draft, 'На согласование'), anna.presses(draft, 'На согласование')]);
    for (const approver of [boris, vera]) {
      await asked(approver);
      expect(approver.sees()).toHaveLength(1);
    }
  },

  'пока решают, коллега сортирует таблицу, убирает строку и вставляет новую': () => sheet.muddledBefore(10),

  'Борис и Вера согласуют разом и дважды, и отправка одна': async () => {
    const cards = [await asked(boris), await asked(vera)] as const;
    await Promise.all([
      boris.presses(cards[0], 'Согласовать'),
      vera.presses(cards[1], 'Согласовать'),
      boris.presses(cards[0], 'Согласовать'),
    ]);
    await again();
    await until('the first', async () => taken().length > 5);
  },

  'посреди отправки таблицу снова двигают, а Herald перезапускают': async () => {
    sheet.muddledMeanwhile(20);
    await company.restart();
    await sees(anna, /^Завершена: кампания 1/u, 40_000);
  },

  'шлюз получил каждому из согласованных, кто ещё есть, по одному сообщению': () => {
    const meant = sheet.without(10).map(([name, phone]) => `${phone} Уважаемый ${name}, весна`);
    expect(
      taken()
        .map(({ to, text }) => `${to} ${text}`)
        .toSorted(),
    ).toEqual(meant.toSorted());
  },

  'в таблице у каждой строки свой итог, а у новых строк его нет': async () => {
    const meant = new Map(sheet.without(10, 20).map(([name]) => [name, 'доставлено']));
    const isWhole = () => {
      const said = sheet.statuses();
      return said.size === meant.size && [...meant].every(([name, status]) => said.get(name) === status);
    };
    await until('each status beside its row', async () => isWhole(), 40_000);
  },

  'о конце Анне сказано один раз, и карточка о ходе одна': async () => {
    await until('the last edit', async () => told(anna, /^Кампания 1 .* завершена/u).length > 0, 30_000);
    expect(told(anna, /^Завершена: кампания 1/u)).toHaveLength(1);
    const progress = told(anna, /^Кампания 1 .* (?:отправляется|завершена)/u);
    expect(progress).toHaveLength(1);
    expect(progress[0]!.buttons).not.toContain('Пауза');
  },
});
