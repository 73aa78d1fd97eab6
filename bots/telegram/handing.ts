/** The file of a card, given to the chat as a document. One try: the answer says what came of it, and whether to try again. */
import { readFile, stat } from 'node:fs/promises';
import type { NotHanded } from '../../src/chat/handing.ts';
import type { Log } from '../../src/platform/log.ts';
import type { Attachment } from '../../src/staff/card.ts';
import type { Api } from './api.ts';
import { failureOf } from './outcome.ts';

const MB = 1024 * 1024;
/** "Bots can currently send files of any type of up to 50 MB in size" (Bot API, sendDocument). */
const LIMIT_MB = 50;
/** A large file over a slow line. */
const UPLOAD_MS = 60_000;

export type Handed =
  | { readonly kind: 'handed' }
  | { readonly kind: 'later'; readonly afterMs: number }
  /** There is nobody any more to give it to, or to tell so. */
  | { readonly kind: 'gone' }
  | { readonly kind: 'not'; readonly why: NotHanded };

export type Hand = (chat: string, file: Attachment) => Promise<Handed>;

/** `ending`: an upload is broken off by it. */
export function createHanding(api: Api, ending: AbortSignal, log: Log): Hand {
  return async (chat, { name, path }) => {
    const bytes = await bytesAt(path).catch((err: unknown) => {
      log.warn({ err, path }, 'a file that was to be handed over cannot be read');
      return null;
    });
    if (bytes === null) return not({ kind: 'failed' });
    if (bytes === 'too-large') return not({ kind: 'too-large', limitMb: LIMIT_MB });
    try {
      const document = { source: bytes, filename: quotable(name) };
      await api.call('sendDocument', { chat_id: chat, document }, { ms: UPLOAD_MS, signal: ending });
      return { kind: 'handed' };
    } catch (error) {
      return handedNot(error, log);
    }
  };
}

const not = (why: NotHanded): Handed => ({ kind: 'not', why });

/** As a whole: Telegraf lets the errors of a stream bring the process down. */
async function bytesAt(path: string): Promise<Buffer | 'too-large'> {
  if ((await stat(path)).size > LIMIT_MB * MB) return 'too-large';
  return readFile(path);
}

/** Telegraf puts the name between quotes into a header as it is. */
const quotable = (name: string): string => name.replace(/["\\\p{Cc}]/gu, '_');

function handedNot(error: unknown, log: Log): Handed {
  const failure = failureOf(error);
  log.warn({ failure }, 'a file was not handed over');
  switch (failure.kind) {
    case 'later':
      return failure;
    case 'gone':
    case 'moved':
      return { kind: 'gone' };
    case 'unknown':
      return not({ kind: 'unsure' });
    case 'refused':
      return not(
        /too (?:large|big)/iu.test(failure.why) ? { kind: 'too-large', limitMb: LIMIT_MB } : { kind: 'failed' },
      );
    case 'stale':
    case 'unchanged':
      return not({ kind: 'failed' });
  }
}
