/** Looks whether Google lets the service account in, and whether a sheet can be read and written. */
import type { Finding } from '../../../src/platform/finding.ts';
import { type GoogleClient, googleClient, readServiceAccount } from './client.ts';
import { driveFile, SHEET_TYPE } from './drive-file.ts';
import { fileIdOf } from './link.ts';
import { GoogleTrouble } from './trouble.ts';

/** What is said, as the catalogue has it: rooms' texts are not an integration's to know. */
export interface GoogleCheckWords {
  readonly off: string;
  fileBad(why: string): Finding;
  letIn(share: string): string;
  notLetIn(why: string): Finding;
  readonly ask: string;
  sheet(name: string): string;
  /** `why` is the code of a source's problem. */
  sheetBad(
    why: 'wrong-link' | 'not-found' | 'not-shared' | 'read-only' | 'not-yours' | 'unavailable',
    share: string,
  ): Finding;
}

export interface GoogleCheck {
  readonly settings: {
    readonly credentialsFile: string | null;
    readonly delegation: boolean;
    readonly apiUrl: string | null;
  };
  readonly link: string | null;
  /** For whom the sheet is looked at, where people are acted for. */
  readonly email: string | null;
  readonly words: GoogleCheckWords;
  readonly signal: AbortSignal;
}

const PATIENCE_MS = 15_000;

export async function* checkGoogle({ settings, link, email, words, signal }: GoogleCheck): AsyncGenerator<Finding> {
  if (settings.credentialsFile === null) return yield { state: 'off', says: words.off };
  const how = { patienceMs: PATIENCE_MS, signal };
  let client: GoogleClient;
  let account: ReturnType<typeof readServiceAccount>;
  try {
    account = readServiceAccount(settings.credentialsFile);
    client = googleClient({ ...settings, account });
  } catch (error) {
    return yield words.fileBad((error as Error).message);
  }
  const refusal = await whyNotLetIn(googleClient({ ...settings, account, delegation: false }), how);
  if (refusal !== null) return yield words.notLetIn(refusal);
  yield { state: 'well', says: words.letIn(client.share) };
  if (link === null) return yield { state: 'off', says: words.ask };
  yield await checkSheet(client, link, email, words, how);
}

/** A sheet that there is not: only who is let in is told so. */
async function whyNotLetIn(
  client: GoogleClient,
  how: { patienceMs: number; signal: AbortSignal },
): Promise<string | null> {
  const access = client.as(null);
  try {
    await access.call({ ...how, quota: 'read', repeatable: true }, (options) =>
      access.sheets.spreadsheets.get({ spreadsheetId: 'no-sheet-has-this-id', fields: 'spreadsheetId' }, options),
    );
    return null;
  } catch (error) {
    if (error instanceof GoogleTrouble && error.kind === 'not-found') return null;
    const cause = error instanceof GoogleTrouble ? error.cause : error;
    return cause instanceof Error ? cause.message.slice(0, 200) : String((error as Error).message);
  }
}

async function checkSheet(
  client: GoogleClient,
  link: string,
  email: string | null,
  words: GoogleCheckWords,
  how: { patienceMs: number; signal: AbortSignal },
): Promise<Finding> {
  const id = fileIdOf(link);
  if (id === null) return words.sheetBad('wrong-link', client.share);
  try {
    const file = await driveFile(client.as(email), id, how);
    if (!file.canEdit && file.mimeType === SHEET_TYPE) return words.sheetBad('read-only', client.share);
    return { state: 'well', says: words.sheet(file.name) };
  } catch (error) {
    if (!(error instanceof GoogleTrouble)) throw error;
    const why = error.kind === 'forbidden' ? 'not-shared' : error.kind;
    const isKnown = why === 'not-found' || why === 'not-shared' || why === 'not-yours';
    return words.sheetBad(isKnown ? why : 'unavailable', client.share);
  }
}
