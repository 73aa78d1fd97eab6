/** A campaign by Telegram, in Russian, from a workbook that is sent to the bot, over an HTTP gateway, through restarts. */
import { afterAll, beforeAll, expect } from 'vitest';
import type { FakeUser } from '../fakes/telegram/users.ts';
import { button, type Company, openCompany, rowsIn, sees, workbook } from '../support/company.ts';
import { until } from '../support/herald.ts';
import { journey } from '../support/journey.ts';

let company: Company;
let anna: FakeUser;
let boris: FakeUser;
let vera: FakeUser;

const CLIENTS = Array.from({ length: 60 }, (_, n) => [`Клиент ${n}`, `+7900${String(1_000_000 + n)}`]);
/** What the gateway calls a bad number. */
const BAD = '+79160000000';

beforeAll(async () => {
  company = await openCompany({
    telegram: 'polling',
    operator: 'http',
    partsPerSecond: 8,
    env: { DEFAULT_LOCALE: 'ru' },
  });
  anna = await company.inTelegram('Анна', ['author'], { locale: 'ru' });
  boris = await company.inTelegram('Борис', ['approver'], { locale: 'ru' });
  vera = await company.inTelegram('Вера', ['viewer'], { locale: 'ru' });
});
afterAll(() => company.close());

const taken = () => company.gateway.taken();
const toSubmit = () => anna.sees().findLast(({ buttons }) => buttons.includes('На согласование'));

journey('кампания из Telegram', {
  'Анна начинает новую кампанию и присылает книгу': async () => {
    anna.says('/new');
    await sees(anna, /Кому пишем/u);
    const rows = [['Имя', 'Телефон'], ...CLIENTS, ['Никто', '12'], ['Не тот', BAD]];
    anna.sends({ name: 'клиенты.xlsx', bytes: await workbook(rows) });
    await sees(anna, /Что написать в сообщении/u);
  },

  'Herald перезапускают, а форма идёт дальше с того же места': async () => {
    await company.restart();
    anna.says('Уважаемый {{Имя}}, весна пришла');
    const sender = await sees(anna, /От чьего имени/u);
    expect(sender.text).toContain('Уважаемый {{Имя}}');
    anna.presses(sender, button(sender, /^ACME$/u));
    const when = await sees(anna, /Когда отправить/u);
    anna.presses(when, button(when, /Сразу/u));
    await until('the numbers', async () => toSubmit(), 30_000);
    expect(toSubmit()!.text).toContain('клиенты');
  },

  'она отправляет на согласование, и Борис получает новое сообщение, а Вера нет': async () => {
    anna.presses(toSubmit()!, 'На согласование');
    await sees(boris, /Нужно ваше согласование: кампания 1/u);
    expect(vera.sees()).toEqual([]);
  },

  'Борис согласует двойным нажатием, и отправка начинается': async () => {
    const asked = await sees(boris, /Нужно ваше согласование: кампания 1/u);
    boris.presses(asked, 'Согласовать');
    boris.presses(asked, 'Согласовать');
    company.telegram.repeats();
    await until('the first', async () => taken().length > 5);
  },

  'Herald перезапускают посреди отправки, и у Анны по-прежнему одна карточка о ходе': async () => {
    await company.restart();
    await until('more', async () => taken().length > 20);
    await company.restart();
    await sees(anna, /^Завершена: кампания 1/u, 30_000);
    await until('the last edit', async () => anna.sees().some(({ text }) => /^Кампания 1 .* завершена/u.test(text)));
    expect(anna.sees().filter(({ text }) => /^Кампания 1 .* (?:отправляется|завершена)/u.test(text))).toHaveLength(1);
  },

  'шлюз получил каждому по одному сообщению, с его именем': () => {
    expect(
      taken()
        .map(({ to, text, sender }) => `${sender} ${to} ${text}`)
        .toSorted(),
    ).toEqual(CLIENTS.map(([name, phone]) => `ACME ${phone} Уважаемый ${name}, весна пришла`).toSorted());
  },

  'кто подделал подпись шлюза, не услышан': async () => {
    const [{ ids, to }] = taken() as [ReturnType<typeof taken>[number]];
    const report = { reports: [{ id: ids[0], status: 'FAILED', to: to.slice(1), done: new Date().toISOString() }] };
    expect(await company.gateway.post('receipts', report, 'forged')).toBe(401);
  },

  'в книге результатов у каждой строки её итог': async () => {
    await until('every receipt', async () => company.gateway.unacknowledged() === 0);
    anna.says('/results 1');
    await sees(anna, /^Результаты кампании 1/u);
    await until('the workbook in the chat', async () => anna.given().length > 0);
    const { bytes } = anna.given()[0]!;
    const [, head = [], ...rows] = await rowsIn(bytes, 'Результаты');
    const [name, status] = [head.indexOf('Имя'), head.indexOf('Статус')];
    const meant = [
      ...CLIENTS.map(([client]) => [client, 'доставлено']),
      ['Не тот', 'не отправлено: оператор не принял'],
    ];
    expect(rows.map((row) => [row[name], row[status]])).toEqual(meant);
    const excluded = await rowsIn(bytes, 'Исключённые');
    expect(excluded.flat()).toContain('Никто');
  },
});
