/** A staff sheet brought in by a command or with a file, over the chat core. */
import { existsSync } from 'node:fs';
import ExcelJS from 'exceljs';
import { afterAll, beforeAll, beforeEach, describe, expect, test } from 'vitest';
import { commandsOf, type Office, openOffice, textOf } from './office.ts';

let office: Office;
beforeAll(async () => {
  office = await openOffice();
  await office.hire('olga', ['admin', 'author'], { name: 'Olga' });
  await office.hire('vera', ['admin'], { locale: 'ru' });
  await office.hire('boris', ['approver']);
});
afterAll(() => office.close());

const person = (id: string) => office.room.staff.store.employee(id);
const SHEET = 'Login,Full name,Department,Roles\nanna,Anna Smirnova,Sales,author\nboris,Boris,sales,\n';
let files = 0;
const sheet = (content: string, name = `staff-${++files}.csv`) => office.file(name, content);

test('adds and changes people, says how many, and that empty roles stay', async () => {
  const card = await office.say('olga', `staff import ${sheet(SHEET)}`);
  expect(card).toMatchObject({ subject: 'staff', tone: 'good' });
  expect(card.facts?.map(({ value }) => value)).toEqual(['1', '0', '1']);
  expect(textOf(card)).toMatch(/empty for 1 person/);
  expect(await person('anna')).toMatchObject({ name: 'Anna Smirnova', department: 'Sales', roles: ['author'] });
  expect(await person('boris')).toMatchObject({ roles: ['approver'] });
});

test('in Russian words, from a workbook with a title above, and with one made a viewer', async () => {
  const workbook = new ExcelJS.Workbook();
  const tab = workbook.addWorksheet('Люди');
  tab.addRows([['Сотрудники отдела'], [], ['ФИО', 'Отдел', 'Короткое имя', 'Роли', 'Телефон']]);
  tab.addRows([
    ['Пётр Петров', 'Продажи', 'petr', 'автор, согласующий', '+79000000001'],
    ['Зоя Зимина', 'Продажи', 'zoya', '', ''],
  ]);
  workbook.addWorksheet('Справка').addRow(['Отделы компании']);
  const path = office.file('люди.xlsx', Buffer.from(await workbook.xlsx.writeBuffer()));
  const card = await office.say('vera', `импорт сотрудников ${path}`);
  expect(textOf(card)).toMatch(/У 1 нового[\s\S]*наблюдател[\s\S]*Добавлено\n2/u);
  expect(await person('petr')).toMatchObject({ department: 'Продажи', roles: ['author', 'approver'] });
  expect(await person('zoya')).toMatchObject({ roles: ['viewer'] });
});

test('rows with problems change nothing, and are listed with the reason for each', async () => {
  const rows = [
    'maria,Maria,Sales,king',
    'olga,Olga,sales,viewer',
    ',Nobody,Sales,author',
    'x y,X,Sales,',
    'ivan,,Sales,',
  ];
  const path = sheet(
    `handle,name,department,role\n${rows.join('\n')}\nlena,Lena,,viewer\nnina,Nina,HR,\nnina,Nina,HR,\n`,
  );
  await office.room.staff.store.change('vera', { active: false });
  const card = await office.say('olga', `staff import "${path}"`);
  await office.room.staff.store.change('vera', { active: true });
  expect(card.tone).toBe('attention');
  expect(card.title).toContain('7 rows');
  const table = card.sections?.[0]?.table;
  expect(table?.rows.map(([number]) => number)).toEqual(['2', '3', '4', '5', '6', '7', '9']);
  const reasons = table!.rows.map(([, why]) => why!);
  for (const [index, word] of [
    /king/,
    /only administrator/,
    /short name/i,
    /x y/,
    /name/,
    /department/,
    /nina/,
  ].entries())
    expect(reasons[index]).toMatch(word);
  expect(await person('maria')).toBeNull();
  expect(await person('nina')).not.toBeNull();
  expect((await person('olga'))?.roles).toContain('admin');
});

test('of very many rows with problems the first are listed, and the rest counted', async () => {
  const rows = Array.from({ length: 30 }, (_, index) => `p${index},,Sales,author`);
  const card = await office.say('olga', `staff import ${sheet(`login,name,department,role\n${rows.join('\n')}`)}`);
  expect(card.sections?.[0]?.table?.rows).toHaveLength(20);
  expect(textOf(card)).toContain('10 more');
});

test('the sheet of a company of more than five thousand is read to its end', async () => {
  const rows = Array.from({ length: 5_200 }, (_, index) => `p${index},,Sales,author`);
  const card = await office.say('olga', `staff import ${sheet(`login,name,department,role\n${rows.join('\n')}`)}`);
  expect(textOf(card)).toContain('5,180 more');
});

test('rows that are hidden are left out, and counted', async () => {
  const list = office.list('hidden', 'login,name,department,role\n~hank,Hank,Sales,admin\nhelen,Helen,Sales,viewer\n');
  expect(textOf(await office.say('olga', `staff import ${list}`, {}))).toMatch(/1 hidden row/);
  expect([await person('hank'), (await person('helen'))?.id]).toEqual([null, 'helen']);
});

describe('a file that came with the words', () => {
  let file: { name: string; path: string };
  beforeEach(() => {
    file = { name: 'staff.csv', path: sheet(SHEET.replaceAll('anna', 'alla')) };
  });

  test('is read, and deleted', async () => {
    const card = await office.say('olga', '/staff_import', { file, surface: 'console' });
    expect(card.title).toContain('staff.csv');
    expect(await person('alla')).not.toBeNull();
    expect(existsSync(file.path)).toBe(false);
  });

  test('of somebody who is no admin is not read, and deleted all the same', async () => {
    file = { ...file, path: sheet(SHEET.replaceAll('anna', 'egor')) };
    expect(textOf(await office.say('boris', 'staff import', { file }))).toMatch(/admin/i);
    expect(await person('egor')).toBeNull();
    expect(existsSync(file.path)).toBe(false);
  });
});

test('a file that was only named stays', async () => {
  const path = sheet(SHEET);
  await office.say('olga', `staff import ${path}`);
  expect(existsSync(path)).toBe(true);
});

describe('what cannot be taken over is told, and nothing is changed', () => {
  test('a column that is missing, with the words that it is known by', async () => {
    const card = await office.say('olga', `staff import ${sheet('login,name,team\nkate,Kate,Sales\n')}`);
    expect(card.tone).toBe('attention');
    expect(textOf(card)).toMatch(/Department[\s\S]*отдел[\s\S]*Roles[\s\S]*роли/u);
    expect(textOf(card)).not.toContain('логин');
    expect(await person('kate')).toBeNull();
  });

  test('two columns that say the same', async () => {
    const card = await office.say('olga', `staff import ${sheet('login,name,ФИО,dept,role\nkate,Kate,K,Sales,\n')}`);
    expect(textOf(card)).toMatch(/Name/);
    expect(await person('kate')).toBeNull();
  });

  test('a sheet with headings and nobody', async () => {
    const card = await office.say('olga', `staff import ${sheet('login,name,dept,role\n')}`);
    expect(card.tone).toBe('attention');
    expect(textOf(card)).toMatch(/nobody/i);
  });

  test('two tabs that may be meant, until one is said', async () => {
    const workbook = new ExcelJS.Workbook();
    for (const [name, login] of [
      ['Now', 'kira'],
      ['Next year', 'klim'],
    ] as const) {
      workbook.addWorksheet(name).addRows([
        ['login', 'name', 'dept', 'role'],
        [login, login, 'Sales', 'viewer'],
      ]);
    }
    const path = office.file('tabs.xlsx', Buffer.from(await workbook.xlsx.writeBuffer()));
    const asked = await office.say('olga', `staff import ${path}`);
    expect(commandsOf(asked)).toHaveLength(2);
    expect([await person('kira'), await person('klim')]).toEqual([null, null]);
    await office.say('olga', commandsOf(asked)[1]!);
    expect([await person('kira'), (await person('klim'))?.id]).toEqual([null, 'klim']);
    const none = await office.say('olga', `staff import ${path} tab="Last year"`);
    expect(textOf(none)).toContain('Last year');
    const again = await office.say('olga', 'staff import', { file: { name: 'tabs.xlsx', path } });
    expect(textOf(again)).toMatch(/staff import tab="Now"/);
  });

  test.each([
    ['staff import', /staff import/],
    ['staff import nowhere.csv', /nowhere/],
    ['staff import people.exe', /exe/],
    ['staff import a.csv b.csv', /b\.csv/],
  ])('%s', async (said, wrong) => {
    expect(textOf(await office.say('olga', said))).toMatch(wrong);
  });

  test('a path, where people do not sit at this machine', async () => {
    await office.room.staff.store.link('slack', 'U1', 'olga', office.clock);
    const card = await office.say('U1', `staff import ${sheet(SHEET)}`, { surface: 'slack' });
    expect(card.tone).toBe('bad');
  });
});

test('is a command also while the text of a campaign is asked for', async () => {
  await office.say('olga', `new ${office.list('mid', 'Phone,Name\n+79161234567,Anna\n')}`);
  const card = await office.say('olga', `staff import ${sheet(SHEET)}`);
  expect(card.subject).toBe('staff');
});

test('help tells administrators of it', async () => {
  expect(textOf(await office.say('olga', 'help'))).toContain('staff import');
  expect(textOf(await office.say('boris', 'help'))).not.toContain('staff import');
  expect(textOf(await office.say('vera', 'помощь импорт сотрудников'))).toContain('отдел');
});
