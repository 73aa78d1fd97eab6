/**
 * The first day of an office that has nothing but a terminal: people get in, a form is filled in while Herald is started anew in its
 * midst, a workbook with every oddity is read, four eyes decide, and what the operator was sent is what was approved.
 */
import { join } from 'node:path';
import ExcelJS from 'exceljs';
import { afterAll, beforeAll, expect } from 'vitest';
import { keptToken } from '../../bots/console/token.ts';
import { messagesOf, readOperatorLog } from '../../integrations/sandbox/log.ts';
import { welcomeFirstAdmin } from '../../src/welcome.ts';
import { PATIENCE_MS, printed, terminalsIn } from '../support/console.ts';
import { type TestHerald, testHerald, until } from '../support/herald.ts';
import { journey } from '../support/journey.ts';

let house: TestHerald;
const { known, says, told, sees } = terminalsIn(() => house);
beforeAll(async () => {
  house = await testHerald();
}, 60_000);
afterAll(() => house?.close());

/** Phones as people and spreadsheets write them, and the one that each is. */
const REACHED: readonly (readonly [written: ExcelJS.CellValue, phone: string])[] = [
  [79000000001, '79000000001'],
  ['7.9000000002E+10', '79000000002'],
  ['8 (900) 000-00-03', '79000000003'],
  ['9000000004', '79000000004'],
  ['79000000005', '79000000005'],
  ['+7 900 000 00 06', '79000000006'],
  ['+7-900-000-00-07', '79000000007'],
  ["'+79000000008", '79000000008'],
  [{ formula: 'CONCATENATE("+7900","0000009")', result: '+79000000009' }, '79000000009'],
  [{ richText: [{ text: '+7 900 ' }, { font: { bold: true }, text: '000-00-10' }] }, '79000000010'],
  [{ text: '+7 900 000-00-11', hyperlink: 'tel:+79000000011' }, '79000000011'],
];
const LEFT_OUT: readonly ExcelJS.CellValue[] = ['+7 900 000-00-01', 'отказался', null, '+7 495 000-00-00', '+7900000'];
const HIDDEN = '+7 900 000-00-99';

async function workbook(): Promise<string> {
  const book = new ExcelJS.Workbook();
  const tab = book.addWorksheet('Клиенты');
  tab.addRow(['Клиенты осеннего предложения']);
  tab.addRow([]);
  tab.addRow(['Клиент', 'Телефон', 'Телефон для связи']);
  const other = '+7 900 111-11-11';
  for (const [index, [written]] of REACHED.entries()) tab.addRow([`Клиент ${index + 1}`, written, other]);
  for (const written of LEFT_OUT) tab.addRow(['Никто', written, other]);
  tab.addRow(['Скрытый', HIDDEN, other]).hidden = true;
  book.addWorksheet('Архив').addRows([
    ['Клиент', 'Телефон'],
    ['Старый', '+7 900 222-22-22'],
  ]);
  const path = join(house.folder, 'customers.xlsx');
  await book.xlsx.writeFile(path);
  return path;
}

const draft = async () => (await house.herald.campaigns.store.campaign({ departments: 'all' }, '1'))!;

journey('a first day at the console', {
  'the first admin is told how to get in': async () => {
    expect(await welcomeFirstAdmin(house.herald)).toContain('admin.token');
    const kept = keptToken(house.herald.config.dataDir, 'admin');
    if (kept.kind === 'token') known('admin', kept.token);
    await sees('admin', 'help', /What Herald can do/);
  },

  'a stranger is told nothing but how to ask, and is let in by the admin': async () => {
    await sees('anna', 'list', /I do not know you yet/);
    await sees('anna', 'request access anna', /sent to the administrators/);
    await sees('anna', 'new customers.xlsx', /I do not know you yet|request/);
    await sees('admin', 'access grant anna sales author', /anna/);
    await sees('anna', 'list', /no campaigns|There are no/i);
  },

  'who was added by name is let in by a code, and asked nothing else': async () => {
    await sees('admin', 'staff add boris name="Борис" department=sales roles=approver', /`staff invite boris`/);
    await sees('boris', 'request access boris', /`staff invite boris`/);
    const invited = await sees('admin', 'staff invite boris', /[A-Z0-9]{5}-[A-Z0-9]{5}/);
    await sees('boris', `link ${/[A-Z0-9]{5}-[A-Z0-9]{5}/.exec(invited)![0]}`, /administrator/);
    const confirm = await until('the question whether it is he', async () =>
      /link confirm \S+/.exec(printed(await told('admin'))),
    );
    await says('admin', confirm[0]);
    await sees('boris', 'настройки язык=русский', /русский/);
  },

  'the form asks which tab of the workbook is meant': async () => {
    await sees('anna', 'new', /spreadsheet/);
    await sees('anna', await workbook(), /Several tabs/);
  },

  'started anew, it takes the answer and asks for the column': async () => {
    await house.restart();
    await sees('anna', 'Клиенты', /Several columns hold phone numbers/);
  },

  'started anew, it takes a column that is called like a command, and asks about the hidden row': async () => {
    await house.restart();
    await sees('anna', 'Телефон', /row is hidden/);
  },

  'it leaves that row out when told so, and asks for the text': async () => {
    await sees('anna', 'no', /What shall the message say/);
    await until('the list, read to its end', async () => (await draft()).audience, PATIENCE_MS);
  },

  'a name that no column has is told of, with the nearest': async () => {
    await sees('anna', 'Здравствуйте, {{Клеент}}!', /no column called “Клеент”[\s\S]*Клиент/);
  },

  'started anew, it takes the text as it is mended, and all else that it asks': async () => {
    await house.restart();
    await sees('anna', 'Здравствуйте, {{Клиент}}!', /come from/);
    await sees('anna', 'HERALD', /When/);
    await sees('anna', 'yesterday 10:00', /passed|over/i);
    await sees('anna', 'now', new RegExp(`${REACHED.length} recipients`));
    expect((await draft()).frozen?.excluded).toEqual({
      duplicate: 1,
      hidden: 1,
      'phone-empty': 1,
      'phone-not-a-number': 1,
      'phone-not-mobile': 1,
      'phone-too-short': 1,
    });
  },

  'who wrote it cannot approve it, and nobody approves what was not seen': async () => {
    const waiting = await sees('anna', 'yes', /waiting for approval/);
    const mark = /[0-9a-f]{6}/.exec(/Version mark\s+(\S+)/.exec(waiting)![1]!)![0];
    await sees('anna', `approve 1 ${mark}`, /somebody else has to decide/);
    await sees('boris', 'согласовать 1 000000', /Ничего не согласовано/);
    await house.restart();
    await sees('boris', `согласовать 1 ${mark}`, /согласована|запланирована|отправляется/);
  },

  'what the operator was sent is what was approved, and the results stand beside the list': async () => {
    const hasEnded = async () => {
      const now = await draft();
      const { states } = await house.herald.campaigns.messages.counts(now.frozen!.run);
      return now.state === 'finished' && states.accepted === 0 && now;
    };
    const ended = await until('the end', hasEnded, PATIENCE_MS);
    const seen = messagesOf(await readOperatorLog(house.herald.sandbox()!.logFile)).filter(
      ({ from }) => from === 'HERALD',
    );
    expect(seen.map(({ to, text }) => `${to.replace('+', '')} ${text}`).sort()).toEqual(
      REACHED.map(([, phone], index) => `${phone} Здравствуйте, Клиент ${index + 1}!`),
    );
    await sees('anna', 'results 1', /customers\.results-1\.xlsx/);
    const book = new ExcelJS.Workbook();
    await book.xlsx.readFile(join(house.folder, 'customers.results-1.xlsx'));
    expect(book.worksheets.map(({ rowCount }) => rowCount)).toEqual([2 + REACHED.length, 1 + LEFT_OUT.length + 1]);
    expect(ended.approvals).toMatchObject([{ by: 'boris' }]);
  },

  'who is deactivated has no rights from the next word on': async () => {
    await sees('admin', 'staff deactivate anna', /no access any more/);
    await sees('anna', 'again 1', /taken away/);
  },
});
