/** A gateway's rules asked directly: what an answer means, and how a post is read. */
import type { Gateway } from '../../../integrations/providers/http/gateway.ts';
import type { OutboundSms, SendOutcome } from '../../../src/dispatch/provider.ts';
import type { WebhookReading, WebhookRoute } from '../../../src/dispatch/webhook.ts';
import { outbound } from '../../contract/provider-far-end.ts';
import type { Post } from '../../fakes/gateways/server.ts';

const NOW = new Date('2026-11-23T09:00:00Z');

/** What an answer means to a request with these messages. */
export const answered =
  (gateway: Gateway, batch: readonly OutboundSms[] = [outbound('hello')]) =>
  (status: number, body: unknown, retryAfter?: string): readonly SendOutcome[] =>
    gateway
      .submission(batch, NOW)
      .read({ status, body: typeof body === 'string' ? body : JSON.stringify(body), retryAfter }, NOW);

/** How a post is read; its address counts for its query only. */
export function posted(webhooks: readonly WebhookRoute[], path: WebhookRoute['path'], post: Post): WebhookReading {
  const route = webhooks.find((one) => one.path === path)!;
  const { method, body = '', headers = {}, address } = post;
  return route.read({ method, headers, query: new URL(address).searchParams, body: Buffer.from(body) }, NOW);
}
