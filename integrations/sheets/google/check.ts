/** Looks whether Google lets the service account in, and whether a sheet can be read and written. */
import type { Finding } from '../../../src/platform/finding.ts';
import { type GoogleClient, googleClient, readServiceAccount } from './client.ts';
import { driveFile, SHEET_TYPE } from './drive-file.ts';
import { fileIdOf } from './link.ts';
import { isOffice } from './office-file.ts';
import { GoogleTrouble } from './trouble.ts';

export type SheetProblem =
  | 'wrong-link'
  | 'wrong-type'
  | 'not-found'
  | 'not-shared'
  | 'read-only'
  | 'not-yours'
  | 'unavailable';

/** What is said, as the catalogue has it: rooms' texts are not an integration's to know. */
export interface GoogleCheckWords {
  readonly off: string;
  fileBad(why: string): Finding;
  letIn(share: string): string;
  notLetIn(why: string): Finding;
  readonly unreachable: Finding;
  readonly ask: string;
  sheet(name: string): string;
  /** A workbook that lies in Drive. */
  office(name: string): string;
  sheetBad(why: SheetProblem, share: string): Finding;
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
  /** How long Google may be busy. */
  readonly patienceMs: number;
  readonly signal: AbortSignal;
}

type How = Pick<GoogleCheck, 'patienceMs' | 'signal'>;

export async function* checkGoogle(check: GoogleCheck): AsyncGenerator<Finding> {
  const { settings, link, email, words, patienceMs, signal } = check;
  if (settings.credentialsFile === null) return yield { state: 'off', says: words.off };
  const how = { patienceMs, signal };
  let client: GoogleClient;
  let account: ReturnType<typeof readServiceAccount>;
  try {
    account = readServiceAccount(settings.credentialsFile);
    client = googleClient({ ...settings, account });
  } catch (error) {
    return yield words.fileBad((error as Error).message);
  }
  const refusal = await refusalOf(googleClient({ ...settings, account, delegation: false }), words, how);
  if (refusal !== null) return yield refusal;
  yield { state: 'well', says: words.letIn(client.share) };
  if (link === null) return yield { state: 'off', says: words.ask };
  yield await checkSheet(client, link, email, words, how);
}

/** Asks Drive and Sheets for a file that there is not: only who is let in is told so by both. */
async function refusalOf(client: GoogleClient, words: GoogleCheckWords, how: How): Promise<Finding | null> {
  try {
    await driveFile(client.as(null), 'no-file-has-this-id', how);
    return null;
  } catch (error) {
    const kind = error instanceof GoogleTrouble ? error.kind : null;
    if (kind === 'not-found') return null;
    return kind === 'unavailable' ? words.unreachable : words.notLetIn(whyOf(error));
  }
}

async function checkSheet(
  client: GoogleClient,
  link: string,
  email: string | null,
  words: GoogleCheckWords,
  how: How,
): Promise<Finding> {
  const id = fileIdOf(link);
  if (id === null) return words.sheetBad('wrong-link', client.share);
  try {
    const { name, mimeType, canEdit } = await driveFile(client.as(email), id, how);
    if (isOffice(mimeType)) return { state: 'well', says: words.office(name) };
    if (mimeType !== SHEET_TYPE) return words.sheetBad('wrong-type', client.share);
    if (!canEdit) return words.sheetBad('read-only', client.share);
    return { state: 'well', says: words.sheet(name) };
  } catch (error) {
    // Such as a delegation that was not granted.
    if (!(error instanceof GoogleTrouble)) return words.notLetIn(whyOf(error));
    const why = error.kind === 'forbidden' ? 'not-shared' : error.kind;
    const isKnown = why === 'not-found' || why === 'not-shared' || why === 'not-yours';
    return words.sheetBad(isKnown ? why : 'unavailable', client.share);
  }
}

/** Google's own words for it. */
const whyOf = (error: unknown): string => {
  const { cause } = error as Error;
  return (cause instanceof Error ? cause : (error as Error)).message.slice(0, 200);
};
