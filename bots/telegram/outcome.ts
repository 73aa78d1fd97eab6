/**
 * What came of one call, said in the words of `Posted`. Telegram tells its reasons in sentences of its own ("Bad Request: chat not
 * found"), which have stood unchanged for years; one that is not known here refuses the card, and the log says which it was.
 */
import { TelegramError } from 'telegraf';
import type { Posted } from '../../src/staff/surface.ts';

export type Failed = Exclude<Posted, { kind: 'posted' }>;
/** `unchanged`: the message is as the edit would have it. */
export type CallFailure = Failed | { readonly kind: 'unchanged' };

/** When Telegram asks to wait and does not say how long, and when it cannot be reached. */
export const A_MOMENT_MS = 5_000;
/** A token that is not taken may be taken again: somebody is asked to see to it meanwhile. */
const BAD_TOKEN_MS = 60_000;

export function failureOf(error: unknown): CallFailure {
  if (!(error instanceof TelegramError)) return brokenConnection(error);
  const { code, description = '', parameters } = error;
  if (parameters?.migrate_to_chat_id !== undefined) return { kind: 'moved', to: String(parameters.migrate_to_chat_id) };
  if (code === 429) {
    const afterMs = parameters?.retry_after === undefined ? A_MOMENT_MS : parameters.retry_after * 1000;
    return { kind: 'later', afterMs: Math.max(1, afterMs), wide: 'place' };
  }
  // A gateway says so when it has given up on what may have been done.
  if (code >= 500) return { kind: 'unknown', why: `${code} ${description}` };
  if (code === 401 || code === 404) return { kind: 'later', afterMs: BAD_TOKEN_MS, wide: 'surface' };
  return REASONS.find(([words]) => words.test(description))?.[1] ?? { kind: 'refused', why: `${code} ${description}` };
}

const REASONS: readonly (readonly [RegExp, CallFailure])[] = [
  [/message is not modified/i, { kind: 'unchanged' }],
  [/message to edit not found|message can't be edited|message_id_invalid|message to be edited/i, { kind: 'stale' }],
  [/chat not found|user not found|peer_id_invalid|user is deactivated|chat was deleted/i, gone('no-such-place')],
  [/bot was (?:blocked|kicked)|bot is not a member/i, gone('blocked')],
  [
    /can't initiate conversation|not enough rights|no rights to send|write_forbidden|administrator rights/i,
    gone('no-right'),
  ],
  [/^forbidden/i, gone('no-right')],
];

function gone(why: 'blocked' | 'no-such-place' | 'no-right'): Failed {
  return { kind: 'gone', why };
}

/** Nothing was said yet when there was nobody to connect to. */
const NOT_CONNECTED = new Set(['ECONNREFUSED', 'ENOTFOUND', 'EAI_AGAIN', 'EHOSTUNREACH', 'ENETUNREACH']);

function brokenConnection(error: unknown): Failed {
  const { code, name } = error as { code?: unknown; name?: unknown };
  if (typeof code === 'string' && NOT_CONNECTED.has(code))
    return { kind: 'later', afterMs: A_MOMENT_MS, wide: 'surface' };
  return { kind: 'unknown', why: typeof code === 'string' ? code : String(name) };
}
