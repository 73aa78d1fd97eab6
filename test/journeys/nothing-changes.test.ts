/**
 * What must change nothing: two who approve at once, and twice; what Slack says again; what somebody else says in Slack's or the
 * gateway's name; buttons in the wrong hands; a Google that refuses; a restart in the midst of it.
 */
import { afterAll, beforeAll, expect } from 'vitest';
import { messagesOf } from '../../integrations/sandbox/log.ts';
import type { Spreadsheet } from '../fakes/google/spreadsheet.ts';
import { bodyOf, signature, type Told } from '../fakes/slack/delivery.ts';
import type { Seen, User } from '../fakes/slack/people.ts';
import { idOf, link } from '../integrations/sheets/google/desk.ts';
import { button, type Company, openCompany, sees } from '../support/company.ts';
import { until } from '../support/herald.ts';
import { journey } from '../support/journey.ts';

let company: Company;
let book: Spreadsheet;
let anna: User;
let boris: User;
let vera: User;
let gleb: User;
let olga: User;
/** The message by which each approver was asked. */
const asks = new Map<User, string>();

const TAB = 'Clients';
const CLIENTS = Array.from({ length: 50 }, (_, n) => [`Client ${n}`, `+7900${String(1_000_000 + n)}`]);

beforeAll(async () => {
  company = await openCompany({
    slack: 'http',
    google: true,
    operator: 'smpp',
    partsPerSecond: 10,
    faults: { receipts: 'all', undeliveredShare: 0, expiredShare: 0, rejectedShare: 0 },
  });
  book = company.google.hold(idOf('clients'), [{ title: TAB, rows: [['Name', 'Phone'], ...CLIENTS] }], {
    name: 'Clients',
  });
  anna = await company.inSlack('Anna', ['author', 'approver']);
  boris = await company.inSlack('Boris', ['approver']);
  vera = await company.inSlack('Vera', ['approver']);
  gleb = await company.inSlack('Gleb', ['approver']);
  olga = await company.inSlack('Olga', ['admin']);
});
afterAll(() => company.close());

const asked = (user: User) => sees(user, /^Your approval is asked for: campaign 1/u);
const again = async (): Promise<void> => void (await company.slack.delivery.again());
const sent = async () => messagesOf(await company.operator.log());
const column = (about: RegExp) => book.seen(TAB)[0]!.findIndex((heading) => about.test(String(heading)));
const post = (told: Told, time: number, secret: string): Promise<Response> => {
  const body = bodyOf(told.kind, told.payload);
  return fetch(`${company.house.url}/slack/events`, {
    method: 'POST',
    body,
    headers: {
      'content-type': told.kind === 'events_api' ? 'application/json' : 'application/x-www-form-urlencoded',
      'x-slack-request-timestamp': String(time),
      'x-slack-signature': signature(secret, String(time), body),
    },
  });
};
const nowSeconds = () => Math.floor(Date.now() / 1000);

journey('a campaign that much is done to', {
  'the slash command comes twice, and makes one campaign': async () => {
    await anna.commands(`new ${link('clients')} text="Dear {{Name}}" sender=ACME start=now`);
    await again();
    await sees(anna, /Nothing is missing/u);
    await anna.commands('list');
    await sees(anna, /^1 campaign$/mu);
  },

  'her press on "send for approval" comes twice, and asks each approver once': async () => {
    const draft = await sees(anna, /Nothing is missing/u);
    await anna.presses(draft, button(draft, /approval/u));
    await again();
    for (const approver of [boris, vera, gleb]) await asked(approver);
    for (const approver of [boris, vera, gleb]) {
      expect(approver.sees()).toHaveLength(1);
      asks.set(approver, approver.sees()[0]!.id);
    }
  },

  'who wrote it cannot approve it, and is told so': async () => {
    const mark = /Version mark: (\w+)/u.exec((await asked(boris)).text)![1]!;
    await anna.commands(`approve 1 ${mark}`);
    await sees(anna, /You wrote or changed this campaign/u);
  },

  'Gleb was asked too, is an approver no more, and is told so when he presses': async () => {
    const card = await asked(gleb);
    await olga.commands('staff role gleb viewer');
    await sees(olga, /Gleb/u);
    await gleb.presses(card, button(card, /^Approve$/u));
    await sees(gleb, /not one of those who decide/u);
    expect(await sent()).toEqual([]);
  },

  'who forges or repeats a signature of Slack is not heard': async () => {
    const card = await asked(boris);
    // Boris presses, and the request is caught on its way: Slack cannot reach Herald.
    company.slack.listensAt('http://127.0.0.1:9/');
    const approving = await boris.presses(card, button(card, /^Approve$/u));
    company.slack.listensAt(`${company.house.url}/slack/events`);
    const { signing } = company.slack.secrets;
    expect((await post(approving, nowSeconds(), 'guessed')).status).toBe(401);
    expect((await post(approving, nowSeconds() - 301, signing)).status).toBe(401);
    await anna.commands('show 1');
    await sees(anna, /^Campaign 1 .*waiting for approval/u);
  },

  'two approve at once and each twice, and Slack says it again: it goes out once': async () => {
    const [first, second] = [await asked(boris), await asked(vera)];
    await Promise.all(
      [
        [boris, first],
        [vera, second],
        [boris, first],
        [vera, second],
      ].map(([who, card]) => (who as User).presses(card as Seen, 'Approve')),
    );
    await again();
    await until('the first', async () => (await sent()).length > 5);
  },

  'whoever was asked reads who decided, and has nothing to press any more': async () => {
    for (const approver of [boris, vera, gleb]) {
      const decided = await sees(approver, /^Approved by (?:Boris|Vera): campaign 1/u);
      expect(decided.id).toBe(asks.get(approver));
      expect(decided.buttons).toEqual(['Open']);
    }
  },

  'Herald is stopped and started in the midst of it': async () => {
    await company.restart();
    await until('more', async () => (await sent()).length > 25);
    await company.restart();
  },

  // Minutes of it are tried where time can be made to pass: test/integrations/sheets/google/sink.test.ts.
  'Google says "too many" to everything when the results are due, also over a restart, and later takes them':
    async () => {
      await until('nearly all', async () => (await sent()).length > CLIENTS.length - 5);
      company.google.fail(429, 8 / 60);
      await sees(anna, /^Finished: campaign 1/u, 30_000);
      await until('a refusal', async () => company.google.calls.some(({ status }) => status === 429));
      await company.restart();
      const isDelivered = () =>
        book
          .seen(TAB)
          .slice(1)
          .every((row) => row[column(/: Status$/u)] === 'delivered');
      await until('the results', async () => column(/: Status$/u) > 0 && isDelivered(), 30_000);
      expect(book.tabs.map(({ title }) => title)).toHaveLength(2);
    },

  'each client was sent one message, and everybody was told of the end once': async () => {
    expect((await sent()).map(({ to, text }) => `+${to} ${text}`).toSorted()).toEqual(
      CLIENTS.map(([name, phone]) => `${phone} Dear ${name}`).toSorted(),
    );
    for (const user of [anna, boris, vera, gleb]) {
      expect(user.sees().filter(({ text }) => text.startsWith('Finished: campaign 1')).length).toBeLessThanOrEqual(1);
    }
  },
});
