/**
 * What is one gateway's own: the request that carries messages, what its answer means, and what it posts. Pure functions, all of
 * them; connecting, pacing, resting and never sending twice are the account's, in `account.ts`.
 */
import { createHmac } from 'node:crypto';
import type { OutboundSms, SendOutcome } from '../../../src/dispatch/provider.ts';
import type { WebhookRoute } from '../../../src/dispatch/webhook.ts';

export interface Gateway {
  /** Where it is looked for; requests go to the same host. */
  readonly url: string;
  /** Messages that one request can carry, at most. */
  readonly batch: number;
  submission(batch: readonly OutboundSms[], now: Date): Submission;
  readonly webhooks: readonly WebhookRoute[];
}

export interface Submission {
  readonly request: SubmitRequest;
  /** What the answer means: one outcome for each message, in their order. */
  read(answer: GatewayAnswer, now: Date): readonly SendOutcome[];
  /** Where we name the messages: what receipts call each of them, so that one without an answer is found by its receipt. */
  readonly ids?: readonly string[];
}

export interface SubmitRequest {
  readonly method: string;
  readonly url: string;
  readonly headers: Readonly<Record<string, string>>;
  readonly body: string | undefined;
}

export interface GatewayAnswer {
  readonly status: number;
  readonly body: string;
  /** RFC 9110, 10.2.3: seconds, or a date. */
  readonly retryAfter: string | undefined;
}

/** A request with its fields in the body, as a page's form sends them. */
export const formRequest = (
  url: string,
  fields: Readonly<Record<string, string>>,
  headers: Readonly<Record<string, string>> = {},
): SubmitRequest => ({
  method: 'POST',
  url,
  headers: { 'content-type': 'application/x-www-form-urlencoded', ...headers },
  body: new URLSearchParams(fields).toString(),
});

/** For how long a message may still be delivered, whole seconds and at least one; null when nothing was said. */
export const validSeconds = ({ validUntil }: OutboundSms, now: Date): number | null =>
  validUntil ? Math.max(1, Math.floor((validUntil.getTime() - now.getTime()) / 1000)) : null;

/**
 * Our name for a message at a gateway that lets us give one: letters, digits, dots and hyphens, at most 40. Other installations
 * count their messages as we do, so the number alone would not do; what is hashed nobody learns without the key. Another `copy`
 * is another name.
 */
export function ownId({ ref, to, text }: OutboundSms, key: string, copy = ''): string {
  const mark = createHmac('sha256', key)
    .update(JSON.stringify([ref, to, text, copy]))
    .digest('hex')
    .slice(0, 12);
  return `${ref.replace(/[^\w.-]/g, '.').slice(-27)}-${mark}`;
}
