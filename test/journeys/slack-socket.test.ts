/** A campaign from a workbook that is dropped into the conversation with Herald, over Socket Mode: no public address is needed. */
import { afterAll, beforeAll, expect } from 'vitest';
import { messagesOf } from '../../integrations/sandbox/log.ts';
import type { User } from '../fakes/slack/people.ts';
import { buttonsIn, wordsIn } from '../fakes/slack/validity.ts';
import { button, type Company, openCompany, rowsIn, sees, workbook } from '../support/company.ts';
import { until } from '../support/herald.ts';
import { journey } from '../support/journey.ts';

let company: Company;
let anna: User;
let boris: User;

const CLIENTS = Array.from({ length: 25 }, (_, n) => [`Client ${n}`, `+7900${String(1_000_000 + n)}`]);

beforeAll(async () => {
  company = await openCompany({
    slack: 'socket',
    operator: 'smpp',
    faults: { undeliveredShare: 0, expiredShare: 0, rejectedShare: 0 },
    env: { PUBLIC_URL: '' },
  });
  anna = await company.inSlack('Anna', ['author']);
  boris = await company.inSlack('Boris', ['approver']);
});
afterAll(() => company.close());

journey('a campaign over Socket Mode', {
  'Anna drops a workbook, fills in what is asked, and sends it for approval': async () => {
    anna.says('', [anna.uploads('clients.xlsx', await workbook([['Name', 'Phone'], ...CLIENTS]))]);
    await sees(anna, /What shall the message say/u);
    await anna.says('Hello {{Name}} & welcome');
    const sender = await sees(anna, /Whom shall the message come from/u);
    await anna.presses(sender, button(sender, /^ACME$/u));
    await sees(anna, /When shall it go out/u);
    await anna.says('skip');
    const draft = await until('the draft', async () =>
      anna.sees().findLast(({ buttons }) => buttons.includes('Send for approval')),
    );
    await anna.presses(draft, 'Send for approval');
  },

  'Boris finds it on the Home tab, and sends it back with a reason': async () => {
    const asked = await sees(boris, /^Your approval is asked for: campaign 1/u);
    await boris.opensHome();
    const home = await until('a request at home', async () => {
      const view = boris.home();
      return view && wordsIn(view.blocks).includes('clients') && view;
    });
    expect(buttonsIn(home.blocks).map((one) => one.text.text)).toContain('1 clients');
    expect(wordsIn(home.blocks)).not.toContain('no campaigns');
    await boris.presses(asked, button(asked, /^Send back$/u));
    await until('the form', async () => boris.form()?.view.type === 'modal' && 'callback_id' in boris.form()!.view);
    await boris.submits({ reason: 'Say when.' });
    await sees(anna, /^Sent back by Boris: campaign 1/u);
  },

  'she changes the text in a form, and it is asked for anew, with what has changed': async () => {
    await anna.commands('edit 1');
    await until('the form', async () => 'callback_id' in (anna.form()?.view ?? {}));
    await anna.submits({ text: 'Hello {{Name}}, come on Friday', start: 'now' });
    const draft = await until('the draft', async () =>
      anna.sees().findLast(({ buttons, text }) => buttons.includes('Send for approval') && text.includes('Friday')),
    );
    await anna.presses(draft, 'Send for approval');
    const asked = await until('the second request', async () =>
      boris.sees().findLast(({ buttons, text }) => buttons.includes('Approve') && text.includes('Friday')),
    );
    expect(asked.text).toMatch(/Changed since you were last shown it\nText: .*\nStarts: no time set yet → as soon as/u);
    await boris.presses(asked, 'Approve');
  },

  'it goes out, and the results are in a workbook': async () => {
    await sees(anna, /^Finished: campaign 1/u, 30_000);
    expect(
      messagesOf(await company.operator.log())
        .map(({ to, text }) => `+${to} ${text}`)
        .toSorted(),
    ).toEqual(CLIENTS.map(([name, phone]) => `${phone} Hello ${name}, come on Friday`).toSorted());
    await anna.commands('results 1');
    await sees(anna, /^Results of campaign 1/u);
    await until('the workbook in the chat', async () => anna.given().length > 0);
    const [, head = [], ...rows] = await rowsIn(anna.given()[0]!.bytes, 'Results');
    expect(rows.map((row) => [row[0], row[head.indexOf('Status')]])).toEqual(
      CLIENTS.map(([name]) => [name, 'delivered']),
    );
  },
});
