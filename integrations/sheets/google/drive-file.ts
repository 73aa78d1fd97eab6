/** What Drive says of a file: what it is, whether Herald may write to it, and a number that every change raises. */
import type { CallOptions, GoogleAccess } from './client.ts';
import { GoogleTrouble } from './trouble.ts';

export const SHEET_TYPE = 'application/vnd.google-apps.spreadsheet';

export interface DriveFile {
  readonly id: string;
  readonly name: string;
  readonly mimeType: string;
  readonly canEdit: boolean;
  readonly version: string;
  /** Bytes; 0 where Drive says none. */
  readonly size: number;
}

type How = Omit<CallOptions, 'quota' | 'repeatable'>;

const FIELDS = 'id,name,mimeType,trashed,version,size,capabilities(canEdit)';

/** Drive says "not found" of what it may not show; Sheets tells the two apart. */
export async function driveFile(access: GoogleAccess, fileId: string, how: How): Promise<DriveFile> {
  try {
    const file = await access.call({ ...how, quota: 'none', repeatable: true }, (options) =>
      access.drive.files.get({ fileId, fields: FIELDS, supportsAllDrives: true }, options),
    );
    if (file.trashed) throw new GoogleTrouble('not-found', null);
    return {
      id: fileId,
      name: file.name ?? '',
      mimeType: file.mimeType ?? '',
      canEdit: file.capabilities?.canEdit ?? false,
      version: file.version ?? '',
      size: Number(file.size ?? 0),
    };
  } catch (failure) {
    if (!(failure instanceof GoogleTrouble) || failure.kind !== 'not-found' || failure.cause === null) throw failure;
    await access.call({ ...how, quota: 'read', repeatable: true }, (options) =>
      access.sheets.spreadsheets.get({ spreadsheetId: fileId, fields: 'spreadsheetId' }, options),
    );
    throw new GoogleTrouble('forbidden', failure);
  }
}
