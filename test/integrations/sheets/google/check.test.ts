/** What `npm run check` says of Google, over a little Google that keeps the real one's rules. */
import { mkdtempSync, rmSync, writeFileSync } from 'node:fs';
import { tmpdir } from 'node:os';
import { join } from 'node:path';
import { afterAll, afterEach, beforeEach, describe, expect, test } from 'vitest';
import { checkGoogle } from '../../../../integrations/sheets/google/check.ts';
import { googleWords } from '../../../../src/check.ts';
import { type Locale, texts } from '../../../../src/texts/index.ts';
import { ACCOUNT, type FakeGoogle, startGoogle } from '../../../fakes/google/google.ts';
import { driveRefusal, sheetsRefusal } from '../../../fakes/google/refusal.ts';
import { findings, type Line } from '../../../support/findings.ts';
import { idOf, link } from './desk.ts';

const folder = mkdtempSync(join(tmpdir(), 'herald-google-check-'));
const key = join(folder, 'key.json');
const SHEET = idOf('clients');

let google: FakeGoogle;
beforeEach(async () => {
  google = await startGoogle();
  writeFileSync(key, JSON.stringify(google.account));
});
afterEach(() => google.stop());
afterAll(() => rmSync(folder, { recursive: true, force: true }));

interface Look {
  readonly file?: string | null;
  readonly delegation?: boolean;
  readonly apiUrl?: string;
  readonly link?: string | null;
  readonly email?: string;
  readonly locale?: Locale;
}

const look = (over: Look = {}): Promise<readonly Line[]> => {
  const { file = key, delegation = false, apiUrl = google.url, email = null, locale = 'en' } = over;
  const check = checkGoogle({
    settings: { credentialsFile: file, delegation, apiUrl },
    link: over.link === undefined ? link('clients') : over.link,
    email,
    words: googleWords(texts(locale)),
    patienceMs: 50,
    signal: new AbortController().signal,
  });
  return findings(check, [google.account.private_key, google.account.private_key.split('\n')[1]!]);
};

const hold = (shared: Parameters<FakeGoogle['hold']>[2] = {}) =>
  google.hold(SHEET, [{ title: 'People', rows: [['Phone']] }], { name: 'Clients', ...shared });

const SIGNED_IN: Line = ['well', `Google Sheets: signed in. Share sheets with ${ACCOUNT} as Editor.`];
const UNREACHABLE: Line = [
  'wrong',
  'Google cannot be reached from this machine.',
  expect.stringContaining('*.googleapis.com'),
];
const bad = (advice: unknown): Line => ['wrong', 'Google Sheets: the sheet cannot be used.', advice as string];

describe('The service account', () => {
  test('is let in, and a sheet would be looked at if there were a link', async () => {
    expect(await look({ link: null })).toEqual([
      SIGNED_IN,
      ['off', 'To look at a sheet as well: `npm run check -- <link>`.'],
    ]);
  });

  test.each([
    ['is not there', null],
    ['is no JSON', 'not JSON'],
    ['is the key of something else', JSON.stringify({ installed: { client_id: '1', client_secret: 'hidden-secret' } })],
    [
      'is cut off',
      JSON.stringify({ client_email: ACCOUNT, private_key: '-----BEGIN PRIVATE KEY-----\nMIIhidden-secret' }),
    ],
  ])('has a key file that %s', async (_, content) => {
    const file = join(folder, `broken-${content?.length ?? 0}.json`);
    if (content !== null) writeFileSync(file, content);
    const lines = await look({ file });
    expect(lines).toEqual([
      [
        'wrong',
        `Google Sheets: the key file cannot be used: ${file} is not the key file of a Google service account`,
        expect.stringContaining('GOOGLE_CREDENTIALS_FILE'),
      ],
    ]);
    expect(JSON.stringify(lines)).not.toContain('hidden-secret');
  });

  test('was deleted, said in Russian', async () => {
    writeFileSync(key, JSON.stringify({ ...google.account, client_email: 'gone@example.com' }));
    const [line] = await look({ locale: 'ru' });
    expect(line).toEqual([
      'wrong',
      expect.stringMatching(/^Google Таблицы: Google не пускает сервисный аккаунт \(.*account not found.*\)\.$/),
      expect.stringContaining('ключ не удалён'),
    ]);
  });

  test.each([
    ['Sheets', 'spreadsheets.get', sheetsRefusal],
    ['Drive', 'files.get', (code: number, says: string) => driveRefusal(code, 'accessNotConfigured', says)],
  ] as const)('is of a project in which the %s API is not enabled', async (name, method, refusal) => {
    const says = `Google ${name} API has not been used in project 42 before or it is disabled.`;
    google.before(method, () => {
      throw refusal(403, says);
    });
    expect(await look()).toEqual([
      ['wrong', expect.stringContaining(says), expect.stringContaining('the Sheets API and the Drive API are enabled')],
    ]);
  });

  test('cannot be asked about where Google is not reached', async () => {
    expect(await look({ apiUrl: 'http://127.0.0.1:1' })).toEqual([UNREACHABLE]);
  });
});

describe('A sheet', () => {
  test('can be read and written', async () => {
    hold();
    expect(await look()).toEqual([SIGNED_IN, ['well', 'Google Sheets: “Clients” can be read and written.']]);
  });

  test.each<[string, () => void, string]>([
    [
      'is not shared',
      () => hold({ shared: {} }),
      `Open the sheet, press “Share”, and share it with ${ACCOUNT} as Editor.`,
    ],
    [
      'may only be viewed',
      () => hold({ shared: { [ACCOUNT]: 'reader' } }),
      `${ACCOUNT} may only view it. Open the sheet, press “Share”, and make it an Editor.`,
    ],
    [
      'is in the bin',
      () => Object.assign(hold(), { trashed: true }),
      'There is no such sheet: look at the link, and whether it was deleted.',
    ],
    ['is not there', () => {}, 'There is no such sheet: look at the link, and whether it was deleted.'],
  ])('that %s cannot be used', async (_, arrange, advice) => {
    arrange();
    expect((await look())[1]).toEqual(bad(advice));
  });

  test('is asked for by a link that is none', async () => {
    expect((await look({ link: 'https://example.com/clients' }))[1]).toEqual(
      bad('Copy the link from the browser’s address line while the sheet is open.'),
    );
  });

  test('is a workbook that lies in Drive, or something that nobody could read', async () => {
    const bytes = Buffer.from('x');
    const mimeType = 'application/vnd.openxmlformats-officedocument.spreadsheetml.sheet';
    google.holdFile(SHEET, { name: 'Clients.xlsx', mimeType, bytes });
    expect((await look())[1]).toEqual([
      'well',
      expect.stringContaining('“Clients.xlsx” is a workbook of another program'),
    ]);
    google.holdFile(SHEET, { name: 'Clients.pdf', mimeType: 'application/pdf', bytes });
    expect((await look())[1]).toEqual(bad(expect.stringContaining('neither a Google sheet nor a workbook')));
  });

  test('is not answered for just now', async () => {
    hold();
    // The first call is the look whether we are let in at all.
    google.before('spreadsheets.get', () => google.fail(503, 60));
    expect((await look())[1]).toEqual(bad('Google does not answer just now. Please try again in a minute.'));
    expect(await look()).toEqual([UNREACHABLE]);
  });
});

describe('Acting for people', () => {
  const acting = (email?: string) => look({ delegation: true, ...(email && { email }) });

  test('is well for who may open the sheet', async () => {
    google.people.add('anna@example.com');
    hold({ shared: { 'anna@example.com': 'writer' } });
    expect((await acting('anna@example.com'))[1]).toEqual([
      'well',
      'Google Sheets: “Clients” can be read and written.',
    ]);
  });

  test.each([
    ['wants to know for whom', undefined],
    ['is refused for who is not of the company', 'zoe@elsewhere.example'],
  ])('%s', async (_, email) => {
    google.people.add('anna@example.com');
    hold();
    expect((await acting(email))[1]).toEqual(bad(expect.stringContaining('npm run check -- <link> <e-mail>')));
  });

  test('was not granted', async () => {
    hold();
    expect((await acting('anna@example.com'))[1]).toEqual([
      'wrong',
      expect.stringContaining('unauthorized_client'),
      expect.stringContaining('the delegation was granted'),
    ]);
  });
});

test('Google that is not set up is no fault', async () => {
  expect(await look({ file: null })).toEqual([['off', 'Google Sheets: not set up (docs/connect-google.md).']]);
});
