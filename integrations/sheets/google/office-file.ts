/**
 * Workbooks of other programs that lie in Drive. They are downloaded and read as files are: Google shows them in its editor, but
 * its API for sheets knows nothing of them.
 */
import { createHash, randomUUID } from 'node:crypto';
import { mkdir, rename, writeFile } from 'node:fs/promises';
import { join } from 'node:path';
import { SourceBroken } from '../../../src/audiences/source.ts';
import type { CallOptions, GoogleAccess } from './client.ts';
import type { DriveFile } from './drive-file.ts';

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

/** Resolves with the path, the same for the same version of the file; throws `SourceBroken` for what is no workbook. */
export async function downloaded(
  { access, file, how }: OfficeDownload,
  folder: string,
  limit: number,
): Promise<string> {
  const ending = ENDINGS[file.mimeType];
  if (ending === undefined)
    throw new SourceBroken({ code: 'wrong-type', found: file.name.split('.').at(-1) || file.mimeType });
  if (file.size > limit) throw new SourceBroken({ code: 'too-large', what: 'file', limit });
  const bytes = (await access.call({ ...how, quota: 'none', repeatable: true }, (options) =>
    access.drive.files.get(
      { fileId: file.id, alt: 'media', supportsAllDrives: true },
      { ...options, responseType: 'arraybuffer' },
    ),
  )) as unknown as ArrayBuffer;
  if (bytes.byteLength > limit) throw new SourceBroken({ code: 'too-large', what: 'file', limit });
  await mkdir(folder, { recursive: true });
  const path = join(folder, `drive-${createHash('sha256').update(file.id).digest('hex').slice(0, 20)}.${ending}`);
  const fresh = `${path}.${randomUUID()}.part`;
  await writeFile(fresh, new Uint8Array(bytes), { mode: 0o600 });
  // A reader that has the old one open goes on with it.
  await rename(fresh, path);
  return path;
}
