/** A campaign from a Google Sheet and back into it, through Telegram by webhook, over SMPP: with buttons in the wrong hands, and a restart. */
import { afterAll, beforeAll, expect } from 'vitest';
import { messagesOf } from '../../integrations/sandbox/log.ts';
import type { FakeUser } from '../fakes/telegram/users.ts';
import { type ClientsSheet, clientsSheet } from '../support/clients-sheet.ts';
import { button, type Company, openCompany, sees } from '../support/company.ts';
import { until } from '../support/herald.ts';
import { journey } from '../support/journey.ts';

let company: Company;
let sheet: ClientsSheet;
let anna: FakeUser;
let boris: FakeUser;
let gleb: FakeUser;

beforeAll(async () => {
  company = await openCompany({
    telegram: 'webhook',
    google: true,
    operator: 'smpp',
    partsPerSecond: 8,
    faults: { receipts: 'all', undeliveredShare: 0, expiredShare: 0, rejectedShare: 0 },
  });
  sheet = clientsSheet(company, {
    tab: 'Clients',
    headings: ['Name', 'Phone'],
    status: /: Status$/u,
    nameOf: (n) => `Client ${String(n).padStart(2, '0')}`,
    count: 50,
  });
  anna = await company.inTelegram('Anna', ['author']);
  boris = await company.inTelegram('Boris', ['approver']);
  gleb = await company.inTelegram('Gleb', ['approver']);
});
afterAll(() => company.close());

const sent = async () => messagesOf(await company.operator.log());
const asked = (user: FakeUser) => sees(user, /^Your approval is asked for: campaign 1/u);
const told = (user: FakeUser, about: RegExp) => user.sees().filter(({ text }) => about.test(text));

journey('a campaign by webhook', {
  'Anna names the link, and answers what she is asked': async () => {
    await until('the webhook', async () => company.telegram.callsOf('setWebhook').length > 0);
    anna.says(`/new ${sheet.link}`);
    company.telegram.repeats();
    await sees(anna, /What shall the message say/u);
    anna.says('Dear {{Name}}, spring is here');
    const sender = await sees(anna, /Whom shall the message come from/u);
    anna.presses(sender, button(sender, /^ACME$/u));
    const when = await sees(anna, /When shall it go out/u);
    anna.presses(when, button(when, /approved/u));
    const draft = await until('the draft', async () =>
      anna.sees().findLast(({ buttons }) => buttons.includes('Send for approval')),
    );
    anna.presses(draft, 'Send for approval');
    anna.presses(draft, 'Send for approval');
    await asked(boris);
    expect(boris.sees()).toHaveLength(1);
  },

  'a colleague sorts the sheet, takes a row out and writes one into it': () => sheet.muddledBefore(10),

  'Gleb was asked too and is no approver any more: he is told so over the card, and nothing goes out': async () => {
    const card = await asked(gleb);
    await company.house.herald.staff.store.change('gleb', { roles: ['viewer'] });
    const press = gleb.presses(card, 'Approve');
    const answers = () => company.telegram.callsOf('answerCallbackQuery');
    await until('an answer', async () =>
      answers().some((one) => one.callback_query_id === press && one.show_alert === true),
    );
    expect(await sent()).toEqual([]);
  },

  'Boris approves twice, Telegram says it again, and it goes out once': async () => {
    const card = await asked(boris);
    boris.presses(card, 'Approve');
    boris.presses(card, 'Approve');
    company.telegram.repeats();
    await until('the first', async () => (await sent()).length > 5);
  },

  'in the midst of it the sheet is worked in again, and Herald is stopped and started': async () => {
    sheet.muddledMeanwhile(20);
    await company.restart();
    await sees(anna, /^Finished: campaign 1/u, 40_000);
  },

  'the operator was sent what was approved and was still there, once': async () => {
    const meant = sheet.without(10).map(([name, phone]) => `${phone} Dear ${name}, spring is here`);
    expect((await sent()).map(({ to, text }) => `+${to} ${text}`).toSorted()).toEqual(meant.toSorted());
  },

  'in the sheet each row has its own status, and new rows have none': async () => {
    const meant = new Map(sheet.without(10, 20).map(([name]) => [name, 'delivered']));
    const isWhole = () => {
      const said = sheet.statuses();
      return said.size === meant.size && [...meant].every(([name, status]) => said.get(name) === status);
    };
    await until('each status beside its row', async () => isWhole(), 40_000);
  },

  'Anna was told of the end once, and has one card of how far it was': async () => {
    await until('the last edit', async () => told(anna, /^Campaign 1 .* finished/u).length > 0, 30_000);
    expect(told(anna, /^Finished: campaign 1/u)).toHaveLength(1);
    expect(told(anna, /^Campaign 1 .* (?:sending|finished)/u)).toHaveLength(1);
  },
});
