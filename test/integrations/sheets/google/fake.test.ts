/** The fake keeps Google's rules, seen through Google's own client library. */
import { generateKeyPairSync } from 'node:crypto';
import { afterAll, beforeEach, describe, expect, test } from 'vitest';
import { type GoogleAccess, googleClient } from '../../../../integrations/sheets/google/client.ts';
import { GoogleTrouble } from '../../../../integrations/sheets/google/trouble.ts';
import type { Spreadsheet } from '../../../fakes/google/spreadsheet.ts';
import { googleDesk, idOf } from './desk.ts';

const desk = await googleDesk();
const { google } = desk;
afterAll(() => google.stop());
const { sheets, drive }: GoogleAccess = desk.client.as(null);

const id = idOf('fake');
let book: Spreadsheet;
beforeEach(() => {
  desk.clock.forward(60_000);
  book = google.hold(id, [{ title: 'A', rows: [['a', null, 'c', null], [], ['x']], grid: { rows: 5, columns: 4 } }]);
});
const values = async (range: string) =>
  (await sheets.spreadsheets.values.get({ spreadsheetId: id, range })).data.values;
const write = (valueInputOption: 'RAW' | 'USER_ENTERED', range: string, cells: unknown[][]) =>
  sheets.spreadsheets.values.batchUpdate({
    spreadsheetId: id,
    requestBody: { valueInputOption, data: [{ range, values: cells }] },
  });

describe('the fake Google', () => {
  test('leaves out empty cells and rows at the end, and keeps those between', async () => {
    expect(await values('A!A1:D5')).toEqual([['a', '', 'c'], [], ['x']]);
    expect(await values('A!A4:D5')).toBeUndefined();
  });

  test('knows the end of the grid', async () => {
    await expect(values('A!A6')).rejects.toThrow('exceeds grid limits. Max rows: 5, max columns: 4');
    await expect(write('RAW', 'A!D5:E5', [['x', 'y']])).rejects.toThrow('exceeds grid limits');
    await expect(values('B!A1')).rejects.toThrow('Unable to parse range: B!A1');
  });

  test('takes what is typed for what it looks like, and what is RAW for what it is', async () => {
    const typed = ['=1+1', '+79161234567', '0012', '=IMPORTXML("http://example.test","//a")'];
    await write('USER_ENTERED', 'A!A1:D1', [typed]);
    expect(book.seen('A')[0]).toEqual([2, 79161234567, 12, '#NAME?']);
    expect(book.fetched).toEqual(['http://example.test']);
    await write('RAW', 'A!A1:D1', [typed]);
    expect(book.seen('A')[0]).toEqual(typed);
  });

  test('counts calls of a user in a minute, refused ones too', async () => {
    for (let call = 0; call < 60; call += 1) await values('A!A1');
    await expect(values('A!A1')).rejects.toMatchObject({ status: 429 });
    await write('RAW', 'A!A1', [['written']]);
    desk.clock.forward(60_000);
    expect(await values('A!A1')).toEqual([['written']]);
  });

  test('does all requests of one update or none', async () => {
    const requests = [
      { insertDimension: { range: { sheetId: 0, dimension: 'COLUMNS', startIndex: 0, endIndex: 1 } } },
      { deleteSheet: { sheetId: 99 } },
    ];
    await expect(sheets.spreadsheets.batchUpdate({ spreadsheetId: id, requestBody: { requests } })).rejects.toThrow();
    expect(book.tabs[0]?.columns).toHaveLength(4);
  });

  test('refuses what Google’s description of its API does not know', async () => {
    const request = { insertDimension: { where: 'here' } } as object;
    await expect(
      sheets.spreadsheets.batchUpdate({ spreadsheetId: id, requestBody: { requests: [request] } }),
    ).rejects.toThrow('Unknown name "where"');
  });

  test('answers what a mask asks for, and no more', async () => {
    const { data } = await sheets.spreadsheets.get({ spreadsheetId: id, fields: 'sheets.properties(title,index)' });
    expect(data).toEqual({ sheets: [{ properties: { title: 'A', index: 0 } }] });
  });

  test('tells of changes of files since a page', async () => {
    const { data: start } = await drive.changes.getStartPageToken();
    book.type('A', 0, 0, 'b');
    const { data } = await drive.changes.list({ pageToken: start.startPageToken! });
    expect(data.changes?.map(({ fileId }) => fileId)).toEqual([id]);
  });

  test('gives no bytes of a sheet, and nothing to strangers', async () => {
    await expect(drive.files.get({ fileId: id, alt: 'media' })).rejects.toMatchObject({ status: 403 });
    const answer = await fetch(`${google.url}/v4/spreadsheets/${id}`, { headers: { Authorization: 'Bearer mine' } });
    expect(answer.status).toBe(401);
  });
});

/** Nobody has told Google of it. */
function strangeKey(): string {
  return generateKeyPairSync('rsa', {
    modulusLength: 2048,
    publicKeyEncoding: { type: 'spki', format: 'pem' },
    privateKeyEncoding: { type: 'pkcs8', format: 'pem' },
  }).privateKey;
}

describe('an account that Google does not know', () => {
  test.each([
    ['signs with a key of its own', { private_key: strangeKey() }],
    ['has another address', { client_email: 'other@example-project.iam.gserviceaccount.com' }],
  ])('gets no token when it %s', async (_, wrong) => {
    const client = googleClient({ account: { ...google.account, ...wrong }, delegation: false, apiUrl: google.url });
    const access = client.as(null);
    const call = access.call(
      { quota: 'none', patienceMs: 0, signal: new AbortController().signal, repeatable: true },
      (how) => access.sheets.spreadsheets.get({ spreadsheetId: id }, how),
    );
    await expect(call).rejects.toThrow(GoogleTrouble);
  });
});
