/** A campaign from a Google Sheet and back into it, through Slack over signed HTTP, while people work in the sheet. */
import { afterAll, beforeAll, expect } from 'vitest';
import { messagesOf } from '../../integrations/sandbox/log.ts';
import type { Spreadsheet } from '../fakes/google/spreadsheet.ts';
import type { Seen, User } from '../fakes/slack/people.ts';
import { idOf, link } from '../integrations/sheets/google/desk.ts';
import { button, type Company, openCompany, sees } from '../support/company.ts';
import { until } from '../support/herald.ts';
import { journey } from '../support/journey.ts';

let company: Company;
let book: Spreadsheet;
let anna: User;
let boris: User;
/** The card that tells Anna how far it has come. */
let progress: Seen;

const TAB = 'Clients';
const NAME = 0;
const PHONE = 1;
const nameOf = (n: number) => `Client ${String(n).padStart(2, '0')}`;
const phoneOf = (n: number) => `+7900${String(1_000_000 + n)}`;
const CLIENTS = Array.from({ length: 80 }, (_, n) => [nameOf(n), phoneOf(n), n % 3 ? 'Tula' : 'Omsk']);
/** Numbers that end so do not get it. */
const DEAD_END = '7';

beforeAll(async () => {
  const always = {
    undeliveredShare: 0,
    expiredShare: 0,
    rejectedShare: 0,
    outcomes: { [DEAD_END]: 'undelivered' },
  } as const;
  company = await openCompany({
    slack: 'http',
    google: true,
    operator: 'smpp',
    partsPerSecond: 10,
    faults: { receipts: 'all', ...always },
  });
  const rows = [['Name', 'Phone', 'City'], ...CLIENTS, ['Nobody', '12', ''], ['Twice', phoneOf(3), '']];
  book = company.google.hold(idOf('clients'), [{ title: TAB, rows }], { name: 'Spring clients' });
  anna = await company.inSlack('Anna', ['author']);
  boris = await company.inSlack('Boris', ['approver']);
});
afterAll(() => company.close());

const rowOf = (name: string) => book.seen(TAB).findIndex((row) => row[NAME] === name);
const remove = (name: string) => book.deleteRows(TAB, rowOf(name));
const finished = (user: User) => sees(user, /^Finished: campaign 1/u, 40_000);
const column = (about: RegExp) => book.seen(TAB)[0]!.findIndex((heading) => about.test(String(heading)));
/** Who has a status, and which. */
const statuses = () =>
  new Map(
    book
      .seen(TAB)
      .slice(1)
      .flatMap((row) => (row[column(/: Status$/u)] ? [[String(row[NAME]), row[column(/: Status$/u)]]] : [])),
  );
const awaited = () => book.seen(TAB).some((row) => Number(row[column(/: Receipts awaited$/u)]) > 0);
const statusOf = (name: string) => (name.endsWith(DEAD_END) ? 'not delivered' : 'delivered');

journey('a campaign from a sheet', {
  'Anna names the link, and is asked what to say, from whom and when': async () => {
    await anna.commands(`new ${link('clients')}`);
    await sees(anna, /What shall the message say/u);
    await anna.says('Dear {{Name}}, spring is here');
    const sender = await sees(anna, /Whom shall the message come from/u);
    await anna.presses(sender, button(sender, /^ACME$/u));
    const when = await sees(anna, /When shall it go out/u);
    await anna.presses(when, button(when, /approved/u));
  },

  'she sees what it comes to and who is left out, and how it reads': async () => {
    const draft = await sees(anna, /Nothing is missing/u);
    expect(draft.text).toContain('Spring clients');
    expect(draft.text).toMatch(/Left out: 2 rows/u);
    await anna.presses(draft, button(draft, /preview|reads/iu));
    await sees(anna, /Dear Client \d\d, spring is here/u);
  },

  'she sends it for approval, and Boris gets a new message to decide': async () => {
    const draft = await sees(anna, /Nothing is missing/u);
    await anna.presses(draft, button(draft, /approval/u));
    const asked = await sees(boris, /Dear \{\{Name\}\}/u);
    expect(button(asked, /^Approve$/u)).toBeTruthy();
  },

  'a colleague sorts the sheet, takes two rows out of it and writes a new one into it': async () => {
    book.sort(TAB, NAME, { to: CLIENTS.length + 3, descending: true });
    remove(nameOf(10));
    remove(nameOf(77));
    book.insertRows(TAB, 5, [['Newcomer', phoneOf(500), 'Tver']]);
    book.note(TAB, 7, NAME, 'called on Friday');
  },

  'Boris approves, and it goes out; what Anna sees of it is one card that is edited': async () => {
    const asked = await sees(boris, /Dear \{\{Name\}\}/u);
    await boris.presses(asked, button(asked, /^Approve$/u));
    progress = await sees(anna, /Still to send/u);
    const told = () => anna.sees().filter(({ id }) => id === progress.id)[0]!.text;
    await until('an edit', async () => told() !== progress.text, 60_000);
  },

  'while it goes out, the sheet is sorted, inserted into and deleted from again': async () => {
    await until('some', async () => (await company.operator.log()).length > 20);
    book.sort(TAB, PHONE, { to: CLIENTS.length + 2 });
    remove(nameOf(20));
    book.insertRows(TAB, 2, [['Late', phoneOf(600), '']]);
    // And once more just when Herald has looked where the rows are.
    company.google.before('spreadsheets.values.batchUpdateByDataFilter', () =>
      book.sort(TAB, NAME, { to: CLIENTS.length + 2 }),
    );
  },

  'it ends, and Anna is told so in a new message': async () => {
    await finished(anna);
    expect(anna.sees().filter(({ text }) => text.startsWith('Finished: campaign 1'))).toHaveLength(1);
  },

  'the operator was sent every row that was approved and is still there, once, as it read': async () => {
    const sent = messagesOf(await company.operator.log());
    const meant = CLIENTS.map((_, n) => n).filter((n) => n !== 10 && n !== 77);
    expect(sent.map(({ to, text }) => `${to} ${text}`).sort()).toEqual(
      meant.map((n) => `${phoneOf(n).slice(1)} Dear ${nameOf(n)}, spring is here`).sort(),
    );
  },

  'in the sheet, every row has its own status beside it, and rows that nobody approved have none': async () => {
    // Somebody sorted between a look and a write: what landed beside its row is put right by the next look.
    const isRight = () => [...statuses()].every(([name, status]) => status === statusOf(name));
    const isWhole = async () => statuses().size === CLIENTS.length - 3 && !awaited() && isRight();
    await until('the last receipt in the sheet, each beside its own row', isWhole, 30_000);
    const phones = book.seen(TAB).map((row) => [row[NAME], row[PHONE]]);
    expect(phones).toEqual(
      expect.arrayContaining([
        ['Newcomer', phoneOf(500)],
        ['Late', phoneOf(600)],
        ['Nobody', '12'],
      ]),
    );
  },

  'what the sheet says was sent is what the operator was sent, but for the row that is not there any more':
    async () => {
      const sent = messagesOf(await company.operator.log()).map(({ to }) => `+${to}`);
      const gone = phoneOf(20);
      const told = [...statuses().keys()].map((name) => String(book.seen(TAB)[rowOf(name)]![PHONE]));
      expect(told.toSorted()).toEqual(sent.filter((to) => to !== gone).toSorted());
    },

  'a tab beside it counts the rows that were left out, by reason': async () => {
    const lines = () => book.seen(book.tabs[1]!.title).slice(1, 4);
    // It is the last that is written.
    await until('the lines of the tab', async () => lines().length === 3, 30_000);
    expect(lines()).toEqual([
      ['Why it was left out', 'Rows'],
      ['The phone number is too short: digits are missing', 1],
      ['The same phone number stands in an earlier row', 1],
    ]);
  },

  'asked for the results, Herald names the sheet, and that one row is missing in it: the two that were taken out in time are not':
    async () => {
      await anna.commands('results 1');
      const results = await sees(anna, /^Results of campaign 1/u);
      expect(results.text).toContain(`Written to ${link('clients')}`);
      expect(results.text).toMatch(/could not be found in the sheet again: 1 are gone/u);
    },

  'the card that showed how far it was shows its end, and has no Pause any more': async () => {
    const card = await sees(anna, /^Campaign 1 .* finished/u);
    expect(card.id).toBe(progress.id);
    expect(card.buttons).not.toContain('Pause');
  },
});
