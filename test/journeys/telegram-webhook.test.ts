/** Telegram by webhook beside Slack: what comes without the secret is not heard; one person in both, by a code; a decision from the other chat. */
import { afterAll, beforeAll, expect } from 'vitest';
import { messagesOf } from '../../integrations/sandbox/log.ts';
import type { User } from '../fakes/slack/people.ts';
import type { FakeUser } from '../fakes/telegram/users.ts';
import { button, type Company, openCompany, sees, workbook } from '../support/company.ts';
import { until } from '../support/herald.ts';
import { journey } from '../support/journey.ts';

let company: Company;
let anna: User;
let boris: User;
/** Boris, as Telegram knows him; and somebody who has overheard the code. */
let borisThere: FakeUser;
let other: FakeUser;
let code: string;

const CLIENTS = Array.from({ length: 20 }, (_, n) => [`Client ${n}`, `+7900${String(1_000_000 + n)}`]);

beforeAll(async () => {
  company = await openCompany({ slack: 'http', telegram: 'webhook', operator: 'smpp' });
  anna = await company.inSlack('Anna', ['author']);
  boris = await company.inSlack('Boris', ['approver']);
  borisThere = company.telegram.user('Boris B.');
  other = company.telegram.user('Boris B.');
});
afterAll(() => company.close());

const update = (text: string) => ({
  update_id: 900_000_000 + Math.floor(Math.random() * 1e6),
  message: {
    message_id: 1,
    date: Math.floor(Date.now() / 1000),
    from: { ...borisThere.person },
    chat: { id: borisThere.id, type: 'private', first_name: 'Boris' },
    text,
    entities: [],
  },
});
const post = (headers: Readonly<Record<string, string>>) =>
  fetch(`${company.house.url}/telegram/webhook`, {
    method: 'POST',
    headers: { 'content-type': 'application/json', ...headers },
    body: JSON.stringify(update('help')),
  });

journey('a person in two chats', {
  'an update without the secret, or with another, is not heard': async () => {
    borisThere.knowsBot();
    await until('the webhook', async () => company.telegram.callsOf('setWebhook').length > 0);
    expect((await post({})).status).toBeGreaterThanOrEqual(401);
    expect((await post({ 'x-telegram-bot-api-secret-token': 'guessed' })).status).toBeGreaterThanOrEqual(401);
    expect(borisThere.sees()).toEqual([]);
  },

  'a stranger in Telegram is told how to be let in, and no more': async () => {
    borisThere.starts();
    await sees(borisThere, /Our company/u);
  },

  'Boris asks for a code in Slack, and says it in Telegram by the link': async () => {
    await boris.commands('link');
    const card = await sees(boris, /^Your code: /u);
    code = /^Your code: (\S+)/u.exec(card.text)![1]!;
    const opens = /https:\/\/t\.me\/\S+\?start=(\w+)/u.exec(card.text)![1]!;
    expect(opens).toBe(code.replace('-', ''));
    borisThere.starts(opens);
    await sees(borisThere, /^The code is right/u);
  },

  'nobody is linked before he confirms it in Slack, and whoever says the code again is refused': async () => {
    other.starts(code.replace('-', ''));
    await sees(other, /^There is no such code/u);
    borisThere.says('/waiting');
    await until(
      'an answer',
      async () => borisThere.sees().filter(({ text }) => text.startsWith('I do not know you')).length === 2,
    );
    const asked = await sees(boris, /Is this you in Telegram/iu);
    await boris.presses(asked, button(asked, /link/iu));
    await sees(borisThere, /^Telegram is linked/u);
  },

  'Anna makes a campaign in Slack; Boris is asked where he was last, and approves it in Telegram': async () => {
    await anna.says('', [anna.uploads('clients.xlsx', await workbook([['Name', 'Phone'], ...CLIENTS]))]);
    await sees(anna, /What shall the message say/u);
    await anna.says('Dear {{Name}}, hello');
    const sender = await sees(anna, /come from/u);
    await anna.presses(sender, button(sender, /^ACME$/u));
    const when = await sees(anna, /When shall it go out/u);
    await anna.presses(when, button(when, /approved/u));
    const draft = await until('the draft', async () =>
      anna.sees().findLast(({ buttons }) => buttons.includes('Send for approval')),
    );
    await anna.presses(draft, 'Send for approval');
    const card = await sees(borisThere, /^Your approval is asked for: campaign 1/u);
    expect(boris.sees().filter(({ text }) => text.includes('campaign 1'))).toEqual([]);
    borisThere.presses(card, 'Approve');
    await sees(anna, /^Finished: campaign 1/u, 30_000);
    expect(
      messagesOf(await company.operator.log())
        .map(({ to, text }) => `+${to} ${text}`)
        .toSorted(),
    ).toEqual(CLIENTS.map(([name, phone]) => `${phone} Dear ${name}, hello`).toSorted());
  },
});
