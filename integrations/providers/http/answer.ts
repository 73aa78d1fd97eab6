/**
 * What an answer of the gateway means for the message. Pure. What is not certainly a refusal, nor certainly not sent, is
 * `unknown`: a gateway that fails with 500 may have taken the message all the same.
 */
import type { Failure, FailureCode, SendOutcome } from '../../../src/dispatch/provider.ts';
import { asText, at, type Fields, fieldsOf } from './fields.ts';
import type { HttpSettings, Match } from './settings.ts';

export interface GatewayAnswer {
  readonly status: number;
  readonly body: string;
  /** RFC 9110, 10.2.3: seconds, or a date. */
  readonly retryAfter: string | undefined;
}

export function outcomeOf(answer: GatewayAnswer, settings: HttpSettings['answer'], now: Date): SendOutcome {
  const fields = fieldsOf(answer.body);
  const detail = detailOf(answer, fields, settings.detail);
  const named = settings.outcomes.find(({ when }) => matches(when, answer.status, fields));
  if (named) return withCode(named.kind, { code: named.code, detail }, answer, now);
  if (isSuccess(answer.status) && matches(settings.accepted, answer.status, fields)) {
    const ids = idsAt(fields, settings.id);
    if (ids.length > 0) return { kind: 'accepted', parts: ids.map((providerMessageId) => ({ providerMessageId })) };
    return { kind: 'unknown', why: { code: 'operator-error', detail: `${detail}: no id at ${settings.id}` } };
  }
  return byStatus(answer, detail, now);
}

const isSuccess = (status: number): boolean => status >= 200 && status < 300;

/** What statuses mean where the account's table says nothing of them. */
function byStatus(answer: GatewayAnswer, detail: string, now: Date): SendOutcome {
  const { status } = answer;
  const refused = (code: FailureCode): SendOutcome => ({ kind: 'refused', why: { code, detail } });
  if (status === 429) return withCode('later', { code: 'throttled', detail }, answer, now);
  if (status === 402) return withCode('later', { code: 'no-credit', detail }, answer, now);
  if (status === 401 || status === 403) return withCode('later', { code: 'account', detail }, answer, now);
  if (status >= 400 && status < 500 && status !== 408) return refused('our-fault');
  return { kind: 'unknown', why: { code: 'operator-error', detail } };
}

function withCode(kind: 'refused' | 'later' | 'unknown', why: Failure, answer: GatewayAnswer, now: Date): SendOutcome {
  if (kind !== 'later') return { kind, why };
  const afterMs = retryAfterMs(answer.retryAfter, now);
  return { kind, why, ...(afterMs !== null && { afterMs }) };
}

/** Null when the gateway says nothing, or nothing that can be read; at most an hour. */
export function retryAfterMs(said: string | undefined, now: Date): number | null {
  if (said === undefined) return null;
  const ms = /^\d+$/.test(said.trim()) ? Number(said) * 1000 : Date.parse(said) - now.getTime();
  return Number.isFinite(ms) ? Math.min(Math.max(ms, 0), 3_600_000) : null;
}

function matches({ status, path, in: words }: Match, got: number, fields: Fields): boolean {
  if (status && !status.includes(got)) return false;
  if (path === undefined) return true;
  const found = asText(at(fields, path));
  if (found === null) return false;
  return !words || words.includes(found);
}

function idsAt(fields: Fields, path: string): readonly string[] {
  const found = at(fields, path);
  const all = Array.isArray(found) ? found : [found];
  const ids = all.map((one) => asText(one)?.trim() ?? '');
  return ids.every((id) => id !== '' && id.length <= 128) ? ids : [];
}

/** Digits that could be a customer's phone never stand in what is kept and logged. */
function detailOf({ status }: GatewayAnswer, fields: Fields, path: string | undefined): string {
  const said = path === undefined ? null : asText(at(fields, path));
  const words = said?.replace(/\+?\d[\d\s()-]{6,}\d/g, '***').slice(0, 120);
  return words ? `HTTP ${status}: ${words}` : `HTTP ${status}`;
}
