/** What an answer of Slack, or none, means for a card that was to be posted or edited. */
import { webApi } from '@slack/bolt';
import type { Posted } from '../../src/staff/surface.ts';

const { WebAPIHTTPError, WebAPIPlatformError, WebAPIRateLimitedError, WebAPIRequestError } = webApi;

type Method = 'chat.postMessage' | 'chat.update';

/** Errors of docs.slack.dev/reference/methods/chat.postMessage and chat.update, by what they mean. */
const GONE: Readonly<Record<string, 'blocked' | 'no-such-place' | 'no-right'>> = {
  cannot_dm_bot: 'no-right',
  channel_is_limited_access: 'no-right',
  channel_not_found: 'no-such-place',
  is_archived: 'no-such-place',
  not_in_channel: 'no-right',
  restricted_action: 'no-right',
  restricted_action_read_only_channel: 'no-right',
  user_disabled: 'blocked',
  user_not_found: 'no-such-place',
};
const STALE = new Set(['message_not_found', 'cant_update_message', 'edit_window_closed']);
/** About Herald itself, not about whom it writes to: somebody mends a setting, or a token is renewed. Nothing was shown. */
const OURS = new Set([
  'account_inactive',
  'messages_tab_disabled',
  'missing_scope',
  'no_permission',
  'token_revoked',
  'invalid_auth',
  'not_authed',
  'token_expired',
  'ekm_access_denied',
  'org_login_required',
]);
/** Slack says of these that the call may have gone through in part. */
const DOUBTFUL = new Set(['fatal_error', 'internal_error', 'request_timeout', 'service_unavailable']);
/** What was sent is wrong or too large, and stays so. */
const ABOUT_THE_CARD = new Set([400, 413, 414]);
/** The connection never came about, so nothing was said. */
const NEVER_CONNECTED = new Set(['ECONNREFUSED', 'ENOTFOUND', 'EAI_AGAIN', 'UND_ERR_CONNECT_TIMEOUT']);

/** Until somebody mends what is about Herald itself. */
export const OURS_MS = 60_000;
const CONNECT_MS = 5_000;

/** Slack limits new messages by the place, edits by the workspace (docs.slack.dev/apis/web-api/rate-limits). */
const WIDE: Readonly<Record<Method, 'place' | 'surface'>> = { 'chat.postMessage': 'place', 'chat.update': 'surface' };

export function outcomeOf(error: unknown, method: Method): Posted {
  if (error instanceof WebAPIRateLimitedError) {
    return { kind: 'later', afterMs: Math.max(1, error.retryAfter) * 1000, wide: WIDE[method] };
  }
  if (error instanceof WebAPIPlatformError) return outcomeOfCode(error.data.error, method);
  if (error instanceof WebAPIHTTPError) {
    const why = `HTTP ${error.statusCode}`;
    // A refused request shows nothing; an error of the servers' own may come after all was done.
    if (error.statusCode >= 500) return { kind: 'unknown', why };
    if (ABOUT_THE_CARD.has(error.statusCode)) return { kind: 'refused', why };
    // Slack refuses with 200 and a code: a proxy on the way does not let us through.
    return { kind: 'later', afterMs: OURS_MS, wide: 'surface' };
  }
  if (error instanceof WebAPIRequestError && neverConnected(error.original)) {
    return { kind: 'later', afterMs: CONNECT_MS, wide: 'surface' };
  }
  return { kind: 'unknown', why: error instanceof Error ? error.message : String(error) };
}

function outcomeOfCode(code: string, method: Method): Posted {
  const gone = GONE[code];
  if (gone !== undefined) return { kind: 'gone', why: gone };
  if (STALE.has(code)) return { kind: 'stale' };
  if (code === 'ratelimited' || code === 'rate_limited') return { kind: 'later', afterMs: 1000, wide: WIDE[method] };
  if (isOurs(code)) return { kind: 'later', afterMs: OURS_MS, wide: 'surface' };
  if (DOUBTFUL.has(code)) return { kind: 'unknown', why: code };
  return { kind: 'refused', why: code };
}

export const isOurs = (code: string): boolean => OURS.has(code);

/** The reason lies some errors deep: undici wraps that of the socket. */
function neverConnected(error: unknown): boolean {
  for (let at: unknown = error, depth = 0; at instanceof Error && depth < 5; at = at.cause, depth++) {
    if ('code' in at && NEVER_CONNECTED.has(String(at.code))) return true;
    if (at instanceof AggregateError && at.errors.every(neverConnected)) return true;
  }
  return false;
}

/** The code that Slack answered; null when it did not answer, or not with one. */
export const codeOf = (error: unknown): string | null =>
  error instanceof WebAPIPlatformError ? error.data.error : null;
