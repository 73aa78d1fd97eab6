/**
 * Where lists of people are read from, and results written into: files of this machine, and, where a service account is
 * configured, Google Sheets and Office files in Drive.
 */
import { randomInt } from 'node:crypto';
import { join } from 'node:path';
import { fileSource } from '../integrations/sheets/file-source.ts';
import { REAL_CLOCK } from '../integrations/sheets/google/budget.ts';
import { googleClient, readServiceAccount } from '../integrations/sheets/google/client.ts';
import { keyMaker } from '../integrations/sheets/google/keys.ts';
import { singleWriter } from '../integrations/sheets/google/single-writer.ts';
import { googleSink } from '../integrations/sheets/google/sink.ts';
import { googleSource } from '../integrations/sheets/google/source.ts';
import type { OwnWords } from '../integrations/sheets/google/table.ts';
import type { AudienceSource } from './audiences/source.ts';
import type { Config } from './config.ts';
import { takeLease } from './platform/lease.ts';
import type { Database } from './platform/mongo/connect.ts';
import { columnsOf } from './results/rows.ts';
import type { ResultSink } from './results/sink.ts';
import { LOCALES, texts } from './texts/index.ts';

export interface Sheets {
  readonly sources: readonly AudienceSource[];
  /** Sources that results can be written into. */
  readonly places: readonly ResultSink[];
}

/** Throws when the key file of the service account is none. */
export function sheetsOf(config: Config, database: Database): Sheets {
  const { locale: language } = config.company;
  const files = fileSource({ language, limits: { fileBytes: config.http.uploadLimitBytes } });
  const { credentialsFile, delegation, apiUrl } = config.google;
  if (credentialsFile === null) return { sources: [files], places: [] };
  const client = googleClient({ account: readServiceAccount(credentialsFile), delegation, apiUrl });
  const words = ownWords(language);
  const writer = singleWriter(REAL_CLOCK, (name, ms) => takeLease(database, name, ms));
  const google = googleSource({
    client,
    words,
    language,
    singleWriter: writer,
    makeKey: keyMaker(randomInt),
    office: { folder: join(config.dataDir, 'uploads'), files },
  });
  return { sources: [google, files], places: [googleSink({ client, words, singleWriter: writer })] };
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
