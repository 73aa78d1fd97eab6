/** Documents that people send: fetched from Telegram and stored where a source can read them, or politely not. */
import type { Log } from '../../src/platform/log.ts';
import type { Uploads } from '../../src/platform/uploads.ts';
import { type Locale, texts } from '../../src/texts/index.ts';
import type { Api } from './api.ts';
import { failureOf } from './outcome.ts';
import type { Document } from './updates.ts';

const MB = 1024 * 1024;
/** "For the moment, bots can download files of up to 20MB in size" (Bot API, getFile). */
const TELEGRAM_LIMIT = 20 * MB;

export type Fetched =
  | { readonly kind: 'fetched'; readonly name: string; readonly path: string }
  /** The sentence to be told. */
  | { readonly kind: 'not'; readonly sentence: string };

export interface Fetching {
  readonly api: Api;
  readonly uploads: Uploads;
  readonly log: Log;
}

export async function fetchDocument(
  { api, uploads, log }: Fetching,
  given: Document,
  locale: Locale,
): Promise<Fetched> {
  const { t } = texts(locale);
  const tooLarge = (limitBytes: number): Fetched => {
    const limit = Math.floor(Math.min(limitBytes, TELEGRAM_LIMIT) / MB);
    return { kind: 'not', sentence: t('telegram.file-too-large', { name: given.name, limit }) };
  };
  if (given.size > TELEGRAM_LIMIT) return tooLarge(TELEGRAM_LIMIT);
  try {
    const taken = await uploads.take(given.name, await api.download(given.id));
    if (taken.kind === 'too-large') return tooLarge(taken.limitBytes);
    return { kind: 'fetched', name: taken.name, path: taken.path };
  } catch (error) {
    const failure = failureOf(error);
    if (failure.kind === 'refused' && /too big/i.test(failure.why)) return tooLarge(TELEGRAM_LIMIT);
    log.warn({ err: error }, 'a document could not be fetched from Telegram');
    return { kind: 'not', sentence: t('telegram.file-failed', { name: given.name }) };
  }
}
