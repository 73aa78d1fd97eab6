/**
 * Audiences from Google Sheets by link, and from Office files in Drive. A sheet is read whole in a few calls; when its rows are
 * going to be kept, each gets a key, so that it is found again after sorting, inserting and deleting.
 */
import {
  type AudienceSource,
  type Inspection,
  type OpenAudience,
  type Opening,
  type ReadingOptions,
  SourceBroken,
  type SourceProblem,
} from '../../../src/audiences/source.ts';
import { inBatches } from '../../../src/platform/in-batches.ts';
import { FILE_LIMITS, type FileLimits, ROWS_TOGETHER } from '../limits.ts';
import type { CallOptions, GoogleAccess, GoogleClient } from './client.ts';
import { type DriveFile, driveFile, SHEET_TYPE } from './drive-file.ts';
import { keyedTable } from './keyed-table.ts';
import { fileIdOf } from './link.ts';
import { inspectOffice, openOffice } from './office-file.ts';
import type { SingleWriter } from './single-writer.ts';
import { readBook, type TabSnapshot } from './snapshot.ts';
import { describe, type OwnWords, revisionOf, rowsOf, type Table, tableOf, tooLarge } from './table.ts';
import { GoogleTrouble } from './trouble.ts';

export interface GoogleSourceOptions {
  readonly client: GoogleClient;
  readonly words: OwnWords;
  readonly language: 'en' | 'ru';
  readonly singleWriter: SingleWriter;
  /** Makes keys of rows; each a new one. */
  readonly makeKey: () => string;
  /** Where Office files are downloaded to, and what reads them there. */
  readonly office: { readonly folder: string; readonly files: AudienceSource };
  readonly limits?: Partial<FileLimits>;
  /** How long Google is asked for a look, while a person waits, and for rows that are going to be kept. */
  readonly patienceMs?: { readonly look: number; readonly keep: number };
}

/** As long as Google may say "too many" before a campaign's list is given up. */
const PATIENCE = { look: 30_000, keep: 600_000 };

export function googleSource(options: GoogleSourceOptions): AudienceSource {
  const { client, words, language } = options;
  const limits = { ...FILE_LIMITS, ...options.limits };
  const office = { ...options.office, limit: limits.fileBytes };
  const patience = { ...PATIENCE, ...options.patienceMs };

  interface Asked {
    readonly access: GoogleAccess;
    readonly file: DriveFile;
    readonly how: Omit<CallOptions, 'quota' | 'repeatable'>;
    readonly ref: string;
  }

  /** Whether Herald may read it, and what it is; then `then`. What Google refuses on the way becomes a problem with a sentence. */
  async function asking<T>(
    ref: string,
    signal: AbortSignal,
    reading: ReadingOptions | undefined,
    then: (asked: Asked) => Promise<T>,
  ): Promise<T | Refused> {
    signal.throwIfAborted();
    const id = fileIdOf(ref);
    if (id === null) return refused({ code: 'not-found', ref });
    const patienceMs = reading?.headerRow === undefined ? patience.look : patience.keep;
    const how = { patienceMs, signal };
    try {
      const access = client.as(reading?.email ?? null);
      const file = await driveFile(access, id, how);
      return await then({ access, file, how, ref });
    } catch (failure) {
      if (failure instanceof SourceBroken) return refused(failure.problem);
      if (failure instanceof GoogleTrouble) return refused(problemOf(failure, ref));
      throw failure;
    }
  }

  function problemOf({ kind }: GoogleTrouble, ref: string): SourceProblem {
    switch (kind) {
      case 'not-found':
        return { code: 'not-found', ref };
      case 'forbidden':
        return client.delegation ? { code: 'not-yours' } : { code: 'not-shared', share: client.share };
      case 'not-yours':
        return { code: 'not-yours' };
      case 'not-a-sheet':
        return { code: 'wrong-type', found: 'Google Drive' };
      case 'full':
      case 'moved':
      case 'unavailable':
        return { code: 'unavailable' };
    }
  }

  const share = (reading: ReadingOptions | undefined) => (client.delegation && reading?.email) || client.share;

  const readTabs = ({ access, file, how }: Asked): Promise<readonly TabSnapshot[]> =>
    readBook(access, file.id, async () => (await driveFile(access, file.id, how)).version, how);

  async function readTab(asked: Asked, name: string): Promise<{ kind: 'tab'; snapshot: TabSnapshot } | Refused> {
    const tabs = await readTabs(asked);
    const names = tabs.map(({ look }) => look.shape.title);
    const found =
      tabs.find(({ look }) => look.shape.title === name) ?? (name === '' && tabs.length === 1 ? tabs[0] : undefined);
    return found ? { kind: 'tab', snapshot: found } : refused({ code: 'no-such-tab', name, tabs: names });
  }

  async function openSheet(asked: Asked, tab: string, reading: ReadingOptions | undefined): Promise<Opening> {
    const { headerRow } = reading ?? {};
    if (headerRow !== undefined && !asked.file.canEdit) return refused({ code: 'read-only', share: share(reading) });
    const read = headerRow === undefined ? await readTable(asked, tab) : await keyed(asked, tab, headerRow);
    if (read.kind === 'refused') return read;
    const problem = tooLarge(read.table, limits);
    if (problem) return refused(problem);
    return { kind: 'open', audience: audienceOf(read.table, asked.how.signal) };
  }

  async function readTable(asked: Asked, tab: string) {
    const read = await readTab(asked, tab);
    return read.kind === 'refused' ? read : ({ kind: 'table', table: tableOf(read.snapshot, words) } as const);
  }

  const keyed = (asked: Asked, tab: string, headerRow: number) =>
    options.singleWriter(asked.file.id, asked.how.signal, (signal) => {
      const mine = { ...asked, how: { ...asked.how, signal } };
      const { access, how } = mine;
      return keyedTable(
        { access, id: asked.file.id, words, makeKey: options.makeKey, how, read: () => readTab(mine, tab) },
        headerRow,
      );
    });

  function audienceOf(table: Table, signal: AbortSignal): OpenAudience {
    return {
      revision: revisionOf(table),
      async *lots() {
        for await (const lot of inBatches(rowsOf(table, language), ROWS_TOGETHER)) {
          signal.throwIfAborted();
          yield lot;
        }
      },
    };
  }

  return {
    kind: 'google-sheet',
    claims: (ref) => fileIdOf(ref) !== null,
    inspect: (ref, signal, reading) =>
      asking<Inspection>(ref, signal, reading, async (asked) => {
        if (asked.file.mimeType !== SHEET_TYPE) return inspectOffice(asked, office);
        const tables = (await readTabs(asked)).map((snapshot) => tableOf(snapshot, words));
        const problem = tables.map((table) => tooLarge(table, limits)).find((one) => one !== null);
        if (problem) return refused(problem);
        const described = tables.map((table) => describe(table, language));
        if (described.every(({ rows }) => rows.count === 0)) return refused({ code: 'empty' });
        const revisions = tables.map(revisionOf);
        return {
          kind: 'tables',
          title: asked.file.name,
          revision: revisions.length === 1 ? revisions[0]! : revisions.join(''),
          tables: described,
        };
      }),
    open: (ref, tab, signal, reading) =>
      asking<Opening>(ref, signal, reading, async (asked) => {
        if (asked.file.mimeType !== SHEET_TYPE) return openOffice(asked, tab, office);
        return openSheet(asked, tab, reading);
      }),
  };
}

type Refused = Extract<Opening, { kind: 'refused' }>;
const refused = (problem: SourceProblem): Refused => ({ kind: 'refused', problem });
