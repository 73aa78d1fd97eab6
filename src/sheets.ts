/**
 * Where lists of people are read from, and results written into: files of this machine, and, where a service account is
 * configured, Google Sheets and Office files in Drive.
 */
import { randomInt, randomUUID } from 'node:crypto';
import { fileSource } from '../integrations/sheets/file-source.ts';
import { createBudget, PER_MINUTE, REAL_CLOCK } from '../integrations/sheets/google/budget.ts';
import { googleClient, readServiceAccount } from '../integrations/sheets/google/client.ts';
import { keyMaker } from '../integrations/sheets/google/keys.ts';
import { singleWriter } from '../integrations/sheets/google/single-writer.ts';
import { googleSink } from '../integrations/sheets/google/sink.ts';
import { googleSource } from '../integrations/sheets/google/source.ts';
import type { OwnWords } from '../integrations/sheets/google/table.ts';
import { type SheetWatch, sheetWatch } from '../integrations/sheets/google/watch.ts';
import type { AudienceSource } from './audiences/source.ts';
import type { Config } from './config.ts';
import { takeAllowed } from './platform/allowance.ts';
import { takeLease } from './platform/lease.ts';
import type { Database } from './platform/mongo/connect.ts';
import type { Keyring } from './platform/secrets.ts';
import { columnsOf } from './results/rows.ts';
import type { ResultSink } from './results/sink.ts';
import { LOCALES, texts } from './texts/index.ts';

export interface Sheets {
  readonly sources: readonly AudienceSource[];
  /** Sources that results can be written into. */
  readonly places: readonly ResultSink[];
  /** Tells of sheets that change while their campaigns wait; null where there are no sheets. */
  readonly watch: ((changed: (isMeant: (ref: string) => boolean) => void) => SheetWatch) | null;
}

/** Where Google says that a sheet has changed. */
export const CHANGES_PATH = '/google/changes';

/** As long as Google may say "too many" before results go into a workbook for the time being: they are owed to the sheet from then on. */
const PATIENCE_MS = 60_000;

/** Throws when the key file of the service account is none. */
export function sheetsOf(config: Config, database: Database, keyring: Pick<Keyring, 'tokenHash'>): Sheets {
  const { locale: language } = config.company;
  const files = fileSource({ language, limits: { fileBytes: config.http.uploadLimitBytes } });
  const { credentialsFile, delegation, apiUrl } = config.google;
  if (credentialsFile === null) return { sources: [files], places: [], watch: null };
  const account = readServiceAccount(credentialsFile);
  const budget = createBudget(REAL_CLOCK, PER_MINUTE, (quota, allowance) =>
    takeAllowed(database, `google/${quota}`, allowance),
  );
  const client = googleClient({ account, delegation, apiUrl, budget });
  const words = ownWords(language);
  const writer = singleWriter(REAL_CLOCK, (name, ms) => takeLease(database, name, ms));
  const google = googleSource({
    client,
    words,
    language,
    singleWriter: writer,
    makeKey: keyMaker(randomInt),
    office: { folder: config.folders.uploads, files },
  });
  return {
    sources: [google, files],
    places: [googleSink({ client, words, singleWriter: writer, patienceMs: PATIENCE_MS })],
    watch: (changed) =>
      sheetWatch({
        client,
        address: config.publicUrl === null ? null : `${config.publicUrl}${CHANGES_PATH}`,
        secret: keyring.tokenHash('google/changes'),
        newId: randomUUID,
        changed,
      }),
  };
}

/** Null where there are no sheets. */
export type WatchedSheets = SheetWatch | null;

export interface WatchedSheet {
  readonly ref: string;
  /** In whose name it is read. */
  readonly email: string | null;
}

/** One look at the sheets that campaigns wait with; those that nobody waits with any more are let go. */
export function watchingFor(watch: SheetWatch) {
  let before: readonly string[] = [];
  return async (waiting: readonly WatchedSheet[], signal: AbortSignal): Promise<void> => {
    const refs = new Set(waiting.map(({ ref }) => ref));
    for (const ref of before) if (!refs.has(ref)) await watch.unwatch(ref);
    before = [...refs];
    for (const { ref, email } of waiting) watch.watch(ref, email);
    await watch.tick(signal);
  };
}

/** Headings of Herald's own columns in a manager's sheet, in whichever language they were written. */
export function ownWords(language: Config['company']['locale']): OwnWords {
  const keys = new Set(LOCALES.map((locale) => texts(locale).t('key-heading')));
  const columns = LOCALES.flatMap((locale) => columnsOf(texts(locale), CURRENCY)).map((name) =>
    RegExp.escape(name).replace(CURRENCY, '[A-Z]{3}'),
  );
  const result = new RegExp(`: (?:${columns.join('|')})$`, 'u');
  return {
    keyHeading: texts(language).t('key-heading'),
    keyProtection: texts(language).t('key-protection'),
    kindOf: (heading) => (keys.has(heading.trim()) ? 'key' : result.test(heading.trim()) ? 'result' : null),
  };
}

/** Stands for any currency. */
const CURRENCY = 'XXX';
