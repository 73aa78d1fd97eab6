/** Reads what the gateway posts, by the account's mapping. Pure. */
import { createHmac } from 'node:crypto';
import type { Inbound, Receipt } from '../../../src/dispatch/provider.ts';
import type { WebhookReading, WebhookRequest, WebhookRoute } from '../../../src/dispatch/webhook.ts';
import { asText, at, type Fields } from './fields.ts';
import { formIn, headerOf, inboundAt, isSame, jsonIn, momentAt, phoneIn, provenRoute, readableOf } from './posts.ts';
import type { HttpSettings, InboundMapping, Proof, ReceiptMapping } from './settings.ts';

type Account = Pick<HttpSettings, 'name' | 'webhookSecret' | 'receipts' | 'inbound'>;

export function webhooksOf(account: Account): readonly WebhookRoute[] {
  const { receipts, inbound, webhookSecret } = account;
  const guarded = (
    path: WebhookRoute['path'],
    { proof, from }: ReceiptMapping | InboundMapping,
    read: (one: Fields, now: Date) => WebhookReading | null,
  ): WebhookRoute =>
    provenRoute(
      path,
      (request) => isProven(request, proof, webhookSecret),
      (request, now) => {
        const fields = requestFields(request, from);
        return fields === null ? null : read(fields, now);
      },
      `${from} as configured`,
    );
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

function requestFields(request: WebhookRequest, from: ReceiptMapping['from']): Fields | null {
  if (from === 'json') return jsonIn(request);
  return Object.fromEntries(from === 'query' ? request.query : formIn(request));
}

/** One thing or a list of them. */
function listed(fields: Fields, list: string | undefined): Fields {
  if (list === undefined) return Array.isArray(fields) ? fields : [fields];
  return at(fields, list);
}

/** Only what was written there: every object knows words such as `constructor` besides. */
const wordIn = (states: ReceiptMapping['states'], word: string) =>
  Object.hasOwn(states, word) ? states[word] : undefined;

function receiptsIn({ name }: Account, mapping: ReceiptMapping, fields: Fields, now: Date): WebhookReading | null {
  const found = readableOf(listed(fields, mapping.list), (one): Receipt | null => {
    const [id, state] = [asText(at(one, mapping.id)), asText(at(one, mapping.state))];
    if (!id || !state) return null;
    return {
      provider: name,
      providerMessageId: id.slice(0, 128),
      state: wordIn(mapping.states, state.toLowerCase()) ?? 'enroute',
      to: mapping.to === undefined ? null : phoneIn(asText(at(one, mapping.to))),
      error: mapping.error === undefined ? null : (asText(at(one, mapping.error))?.slice(0, 64) ?? null),
      at: momentIn(one, mapping.at, now),
    };
  });
  if (!found) return null;
  const { read: receipts, ...left } = found;
  return { kind: 'receipts', receipts, ...left, answer: mapping.answer };
}

function inboundIn({ name }: Account, mapping: InboundMapping, fields: Fields, now: Date): WebhookReading | null {
  const found = readableOf(listed(fields, mapping.list), (one): Inbound | null => {
    const from = phoneIn(asText(at(one, mapping.sender)));
    const [to, text] = [asText(at(one, mapping.to)), asText(at(one, mapping.text))];
    if (from === null || to === null || text === null) return null;
    const id = mapping.id === undefined ? null : asText(at(one, mapping.id));
    return {
      provider: name,
      from,
      to: to.slice(0, 32),
      text: text.slice(0, 10_000),
      ...inboundAt(momentIn(one, mapping.at, now), now),
      ...(id && { id: id.slice(0, 128) }),
    };
  });
  if (!found) return null;
  const { read: messages, ...left } = found;
  return { kind: 'inbound', messages, ...left, answer: mapping.answer };
}

/** When it happened, as far as the gateway says. */
function momentIn(one: Fields, mapping: ReceiptMapping['at'], now: Date): Date {
  const said = mapping && asText(at(one, mapping.path));
  if (!mapping || !said) return now;
  return momentAt(mapping.as === 'iso' ? Date.parse(said) : Number(said) * (mapping.as === 'seconds' ? 1000 : 1), now);
}
