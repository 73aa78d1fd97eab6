/**
 * Workbooks of other programs that lie in Drive. They are downloaded and read as files are: Google shows them in its editor, but
 * its API for sheets knows nothing of them.
 */
import { randomUUID } from 'node:crypto';
import { mkdir, rm, writeFile } from 'node:fs/promises';
import { join } from 'node:path';
import {
  type AudienceSource,
  type Inspection,
  type Opening,
  SourceBroken,
  type SourceRow,
} from '../../../src/audiences/source.ts';
import type { CallOptions, GoogleAccess } from './client.ts';
import type { DriveFile } from './drive-file.ts';
import { GoogleTrouble } from './trouble.ts';

/** Endings by which files are read; what is not here is refused by its name. */
const ENDINGS: Readonly<Record<string, string>> = {
  'application/vnd.openxmlformats-officedocument.spreadsheetml.sheet': 'xlsx',
  'application/vnd.ms-excel.sheet.macroEnabled.12': 'xlsm',
  'application/vnd.ms-excel': 'xls',
  'application/vnd.oasis.opendocument.spreadsheet': 'ods',
  'text/csv': 'csv',
  'text/tab-separated-values': 'tsv',
  'text/plain': 'txt',
};

/** Whether a file of this type is read as a workbook. */
export const isOffice = (mimeType: string): boolean => Object.hasOwn(ENDINGS, mimeType);

export interface OfficeDownload {
  readonly access: GoogleAccess;
  readonly file: DriveFile;
  readonly how: Omit<CallOptions, 'quota' | 'repeatable'>;
}

/** Downloads it into the folder, under a name of its own; throws `SourceBroken` for what is no workbook. */
async function downloaded({ access, file, how }: OfficeDownload, folder: string, limit: number): Promise<string> {
  const ending = ENDINGS[file.mimeType];
  if (ending === undefined) {
    throw new SourceBroken({ code: 'wrong-type', found: file.name.split('.').at(-1) || file.mimeType });
  }
  if (file.size > limit) throw new SourceBroken({ code: 'too-large', what: 'file', limit });
  const bytes = (await access.call({ ...how, quota: 'none', repeatable: true }, (options) =>
    access.drive.files.get(
      { fileId: file.id, alt: 'media', supportsAllDrives: true },
      { ...options, responseType: 'arraybuffer' },
    ),
  )) as unknown as ArrayBuffer;
  if (bytes.byteLength > limit) throw new SourceBroken({ code: 'too-large', what: 'file', limit });
  await mkdir(folder, { recursive: true });
  const path = join(folder, `drive-${randomUUID()}.${ending}`);
  await writeFile(path, new Uint8Array(bytes), { mode: 0o600 });
  return path;
}

export interface OfficeFiles {
  readonly folder: string;
  /** Reads what was downloaded. */
  readonly files: AudienceSource;
  /** Bytes that are downloaded at most. */
  readonly limit: number;
}

/** Nothing of it stays on this machine. */
export async function inspectOffice(asked: OfficeDownload, { folder, files, limit }: OfficeFiles): Promise<Inspection> {
  const path = await downloaded(asked, folder, limit);
  return files.inspect(path, asked.how.signal).finally(() => rm(path, { force: true }));
}

/** Each reading downloads it anew and takes it away at its end; one that has changed since it was opened is not read. */
export async function openOffice(asked: OfficeDownload, tab: string, office: OfficeFiles): Promise<Opening> {
  const { folder, files, limit } = office;
  const path = await downloaded(asked, folder, limit);
  const opening = await files.open(path, tab, asked.how.signal).finally(() => rm(path, { force: true }));
  if (opening.kind === 'refused') return opening;
  const { revision } = opening.audience;
  return { kind: 'open', audience: { revision, lots: () => lotsOf(asked, tab, office, revision) } };
}

async function* lotsOf(
  asked: OfficeDownload,
  tab: string,
  { folder, files, limit }: OfficeFiles,
  revision: string,
): AsyncGenerator<readonly SourceRow[]> {
  const path = await downloaded(asked, folder, limit).catch((failure: unknown) => {
    if (failure instanceof GoogleTrouble) throw new SourceBroken({ code: 'unavailable' });
    throw failure;
  });
  try {
    const opening = await files.open(path, tab, asked.how.signal);
    if (opening.kind === 'refused') throw new SourceBroken(opening.problem);
    if (opening.audience.revision !== revision) throw new SourceBroken({ code: 'broken', detail: 'changed meanwhile' });
    yield* opening.audience.lots();
  } finally {
    await rm(path, { force: true });
  }
}
