/**
 * Reads what the gateway posts, by the account's mapping. A request must prove that it is the gateway's before a word of it is
 * read. Pure.
 */
import { createHmac, timingSafeEqual } from 'node:crypto';
import type { Inbound, Receipt } from '../../../src/dispatch/provider.ts';
import type { WebhookReading, WebhookRequest, WebhookRoute } from '../../../src/dispatch/webhook.ts';
import { asE164 } from '../../../src/messages/phone.ts';
import { asText, at, type Fields } from './fields.ts';
import type { HttpSettings, InboundMapping, Proof, ReceiptMapping } from './settings.ts';

type Account = Pick<HttpSettings, 'name' | 'webhookSecret' | 'receipts' | 'inbound'>;

export function webhooksOf(account: Account): readonly WebhookRoute[] {
  const { receipts, inbound, webhookSecret } = account;
  const guarded = (
    path: WebhookRoute['path'],
    mapping: ReceiptMapping | InboundMapping,
    read: (one: Fields, now: Date) => WebhookReading | null,
  ): WebhookRoute => ({
    path,
    read(request, now) {
      if (!isProven(request, mapping.proof, webhookSecret)) return { kind: 'forged' };
      const fields = requestFields(request, mapping.from);
      return (fields !== null && read(fields, now)) || { kind: 'unreadable', why: `no ${mapping.from} as configured` };
    },
  });
  return [
    ...(receipts ? [guarded('receipts', receipts, (fields, now) => receiptsIn(account, receipts, fields, now))] : []),
    ...(inbound ? [guarded('inbound', inbound, (fields, now) => inboundIn(account, inbound, fields, now))] : []),
  ];
}

function isProven(request: WebhookRequest, proof: Proof, secret: string): boolean {
  switch (proof.kind) {
    case 'query':
      return isSame(request.query.get(proof.name) ?? '', secret);
    case 'header':
      return isSame(headerOf(request, proof.name), `${proof.prefix}${secret}`);
    case 'hmac': {
      const signed = createHmac(proof.hash, secret).update(request.body).digest(proof.encoding);
      const said = headerOf(request, proof.name);
      return isSame(proof.encoding === 'hex' ? said.toLowerCase() : said, `${proof.prefix}${signed}`);
    }
  }
}

function headerOf({ headers }: WebhookRequest, name: string): string {
  const said = headers[name.toLowerCase()];
  return typeof said === 'string' ? said : '';
}

/** In the same time wherever they differ. */
function isSame(said: string, expected: string): boolean {
  const [a, b] = [Buffer.from(said), Buffer.from(expected)];
  return a.length === b.length && timingSafeEqual(a, b);
}

function requestFields({ query, body }: WebhookRequest, from: ReceiptMapping['from']): Fields | null {
  if (from === 'query') return Object.fromEntries(query);
  const text = Buffer.from(body).toString('utf8');
  if (from === 'form') return Object.fromEntries(new URLSearchParams(text));
  try {
    return JSON.parse(text) as Fields;
  } catch {
    return null;
  }
}

/** One thing or a list of them; null when the list is not there. */
function listed(fields: Fields, list: string | undefined): readonly Fields[] | null {
  if (list === undefined) return Array.isArray(fields) ? fields : [fields];
  const found = at(fields, list);
  return Array.isArray(found) ? found : null;
}

function receiptsIn({ name }: Account, mapping: ReceiptMapping, fields: Fields, now: Date): WebhookReading | null {
  const all = listed(fields, mapping.list);
  const receipts = all?.map((one): Receipt | null => {
    const [id, state] = [asText(at(one, mapping.id)), asText(at(one, mapping.state))];
    if (!id || !state) return null;
    return {
      provider: name,
      providerMessageId: id.slice(0, 128),
      state: mapping.states[state.toLowerCase()] ?? 'enroute',
      to: mapping.to === undefined ? null : phoneIn(asText(at(one, mapping.to))),
      error: mapping.error === undefined ? null : (asText(at(one, mapping.error))?.slice(0, 64) ?? null),
      at: momentIn(one, mapping.at, now),
    };
  });
  if (!receipts?.every((one) => one !== null)) return null;
  return { kind: 'receipts', receipts, answer: mapping.answer };
}

function inboundIn({ name }: Account, mapping: InboundMapping, fields: Fields, now: Date): WebhookReading | null {
  const messages = listed(fields, mapping.list)?.map((one): Inbound | null => {
    const from = phoneIn(asText(at(one, mapping.sender)));
    const [to, text] = [asText(at(one, mapping.to)), asText(at(one, mapping.text))];
    if (from === null || to === null || text === null) return null;
    return {
      provider: name,
      from,
      to: to.slice(0, 32),
      text: text.slice(0, 10_000),
      at: momentIn(one, mapping.at, now),
    };
  });
  if (!messages?.every((one) => one !== null)) return null;
  return { kind: 'inbound', messages, answer: mapping.answer };
}

/** Gateways write the number with its plus and without. */
const phoneIn = (said: string | null) => (said === null ? null : asE164(`+${said.replace(/^\+/, '')}`));

/** When it happened; a moment that cannot be read, or that has not come yet, is now. */
function momentIn(one: Fields, mapping: ReceiptMapping['at'], now: Date): Date {
  const said = mapping && asText(at(one, mapping.path));
  if (!mapping || !said) return now;
  const ms = mapping.as === 'iso' ? Date.parse(said) : Number(said) * (mapping.as === 'seconds' ? 1000 : 1);
  return Number.isFinite(ms) && ms > 0 && ms <= now.getTime() ? new Date(ms) : now;
}
