/**
 * What an answer says in three facts: may the message be tried again, whose fault it is, what to tell a person. Pure. What is
 * not certainly a refusal, nor certainly not sent, is `unknown`: a gateway that fails with 500 may have taken it all the same.
 */
import type { FailureCode, SendOutcome } from '../../../src/dispatch/provider.ts';
import type { GatewayAnswer } from './gateway.ts';

export interface Meaning {
  readonly kind: 'refused' | 'later' | 'unknown';
  readonly code: FailureCode;
}

export const refused = (code: FailureCode): Meaning => ({ kind: 'refused', code });
export const later = (code: FailureCode): Meaning => ({ kind: 'later', code });
export const unknown = (code: FailureCode): Meaning => ({ kind: 'unknown', code });

/** The outcome of a message that this answer is about; `detail` are the gateway's own words. */
export function outcomeWith({ kind, code }: Meaning, detail: string, answer: GatewayAnswer, now: Date): SendOutcome {
  const why = { code, detail };
  const afterMs = kind === 'later' ? retryAfterMs(answer.retryAfter, now) : null;
  return afterMs === null ? { kind, why } : { kind: 'later', why, afterMs };
}

export const accepted = (...ids: readonly string[]): SendOutcome => ({
  kind: 'accepted',
  parts: ids.map((providerMessageId) => ({ providerMessageId })),
});

/** What a status means of which the gateway's own table says nothing. */
export function meaningOfStatus(status: number): Meaning {
  if (status === 429) return later('throttled');
  if (status === 402) return later('no-credit');
  if (status === 401 || status === 403) return later('account');
  if (status >= 400 && status < 500 && status !== 408) return refused('our-fault');
  return unknown('operator-error');
}

export const isSuccess = ({ status }: GatewayAnswer): boolean => status >= 200 && status < 300;

/** Null when the gateway says nothing, or nothing that can be read; at most an hour. */
export function retryAfterMs(said: string | undefined, now: Date): number | null {
  if (said === undefined) return null;
  const ms = /^\d+$/.test(said.trim()) ? Number(said) * 1000 : Date.parse(said) - now.getTime();
  return Number.isFinite(ms) ? Math.min(Math.max(ms, 0), 3_600_000) : null;
}

/** An id as receipts will have it; null for what can be none. */
export function plainId(found: string | null): string | null {
  const id = found?.trim() ?? '';
  return id !== '' && id.length <= 128 ? id : null;
}

/** `HTTP 400: …`; digits that could be a customer's phone never stand in what is kept and logged. */
export function detailOf({ status }: GatewayAnswer, said: string | null): string {
  const words = said?.replace(/\+?\d[\d\s()-]{6,}\d/g, '***').slice(0, 120);
  return words ? `HTTP ${status}: ${words}` : `HTTP ${status}`;
}
