/** What of a person gets into the workbook of results, judged in the workbook itself: each of the three settings. */
import { mkdtempSync, rmSync } from 'node:fs';
import { tmpdir } from 'node:os';
import { join } from 'node:path';
import ExcelJS from 'exceljs';
import { afterAll, beforeAll, expect, test } from 'vitest';
import { workbookSink } from '../../integrations/sheets/results-workbook.ts';
import { approve, markOf, submit } from '../../src/campaigns/approve.ts';
import { tick } from '../../src/campaigns/tick.ts';
import { silentLog } from '../../src/platform/log.ts';
import { resultStore } from '../../src/results/store.ts';
import { type ResultRoom, writeResults } from '../../src/results/write-back.ts';
import { texts } from '../../src/texts/index.ts';
import { type CampaignDesk, campaignDesk, done, MONDAY, never } from '../campaigns/desk.ts';
import { sentUnder } from '../dispatch/planted.ts';

const LIST = [
  'Phone,Name,Second phone,Note,Since',
  '+79161234567,Анна Орлова,8 (926) 765-43-21,call 89267654321 after six,2026-11-23',
  '12,Борис Громов,+7 926 765 43 22,wife: 8-926-765-43-23,2026-11-24',
  '+79161234567,Twice,9267654324,,2026-11-25',
].join('\n');

let desk: CampaignDesk;
let folder: string;
let room: ResultRoom;
let campaign: string;

beforeAll(async () => {
  desk = await campaignDesk();
  const [anna, boris] = [await desk.hire('anna', ['author']), await desk.hire('boris', ['approver'])];
  folder = mkdtempSync(join(tmpdir(), 'herald-personal-data-'));
  room = {
    campaigns: desk.room.store,
    messages: desk.room.messages,
    audiences: desk.room.audiences,
    staff: desk.room.staff,
    emailOf: async () => null,
    store: resultStore(desk.database),
    sink: workbookSink(),
    folder,
    personalData: 'full',
    country: 'RU',
    now: () => desk.clock,
    log: silentLog,
  };
  const answers = { phoneColumn: 'Phone' };
  const source = { ref: desk.lists.keep('people', LIST), name: 'people.xlsx', uploaded: true, answers };
  const draft = await desk.draft(anna, { text: 'Dear {{Name}}', source }, LIST);
  const submitted = done(await submit(desk.room, anna, draft._id));
  await approve(desk.room, boris, draft._id, markOf(submitted.submission!.hash));
  await tick(desk.room);
  await desk.database.db
    .collection('messages')
    .updateMany(
      {},
      { $set: { state: 'rejected', sent: sentUnder(1, MONDAY), errorDetail: 'no subscriber 79161234567' } },
    );
  campaign = draft._id;
});
afterAll(async () => {
  await desk.close();
  rmSync(folder, { recursive: true });
});

/** All cells of the written workbook, tab by tab. */
async function cellsUnder(personalData: ResultRoom['personalData']): Promise<readonly (readonly string[])[][]> {
  const report = await writeResults({ ...room, personalData }, campaign, never);
  if (report.kind !== 'written') throw new Error(report.kind);
  const book = new ExcelJS.Workbook();
  await book.xlsx.readFile(report.path);
  return book.worksheets.map((tab) => {
    const rows: string[][] = [];
    tab.eachRow((row) => rows.push((row.values as unknown[]).slice(1).map((value) => String(value ?? ''))));
    return rows;
  });
}

const digits = (tabs: unknown): string => JSON.stringify(tabs).replace(/[^\d"]/g, '');

test('full: every cell stands as the manager wrote it', async () => {
  const [results, left] = await cellsUnder('full');
  expect(results![2]!.slice(0, 5)).toEqual(LIST.split('\n')[1]!.split(','));
  expect(left!.map((row) => row.at(3))).toEqual(['Name', 'Борис Громов', 'Twice']);
  expect(JSON.stringify(results)).toContain('no subscriber 79161234567');
});

test('masked: no phone is whole in any column, used or left out; names and dates stay', async () => {
  const tabs = await cellsUnder('masked');
  expect(digits(tabs)).not.toMatch(/916123|926765/);
  const [results, left] = tabs;
  expect(results![2]![0]).toBe('+7***4567');
  expect(results![2]!.slice(1, 5)).toEqual([
    'Анна Орлова',
    expect.stringMatching(/\*\*\*4321$/),
    expect.stringMatching(/^call .*\*\*\*4321 after six$/),
    '2026-11-23',
  ]);
  expect(left![1]!.slice(2, 4)).toEqual(['***', 'Борис Громов']);
  expect(JSON.stringify(results)).toMatch(/no subscriber \d?\*\*\*4567/);
});

test('none: a row is its number and what became of it, and no cell of the manager’s is there', async () => {
  const tabs = await cellsUnder('none');
  const [results, left] = tabs;
  const words = texts('en');
  expect(results![1]![0]).toBe(words.t('excluded-column.row'));
  expect(results![2]!.slice(0, 2)).toEqual(['2', words.t('message-state.rejected')]);
  expect(left!.slice(1).map((row) => row[0])).toEqual(['3', '4']);
  expect(digits(tabs)).not.toMatch(/916123|926765/);
  expect(JSON.stringify(tabs)).not.toMatch(/Анна|Борис|Twice|Second phone|after six|wife|2026-11-2[345]/);
});
