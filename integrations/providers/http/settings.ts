/**
 * What an account at an HTTP gateway is set up with, without code: how a message becomes a request, what the gateway's answers
 * mean, and how its receipts and inbound read. Times are milliseconds.
 */
import { z } from 'zod';
import { FAILURE_CODES } from '../../../src/dispatch/provider.ts';
import { accountShape, gatewayUrl, httpsUnlessPrivate } from './account-settings.ts';

/** Names joined by dots, numbers for places in a list: `messages.0.id`. */
const path = z.string().regex(/^[^.\s]+(?:\.[^.\s]+)*$/, 'a path such as messages.0.id');

/** Words in braces that a template may have; `{password}` is the account's own, and never logged. */
export const PLACEHOLDERS = [
  'to', // E.164: +79161234567
  'toDigits', // the same without the plus
  'sender',
  'text',
  'ref', // our id of the message: an idempotency key where the gateway has one
  'parts',
  'validSeconds', // how long it may still be delivered; empty when nothing was said
  'receiptsUrl', // where the gateway is to post its receipts
  'password',
] as const;
export type Placeholder = (typeof PLACEHOLDERS)[number];

const template = z.string().superRefine((text, context) => {
  for (const [whole, name] of text.matchAll(/\{(\w*)\}/g))
    if (!PLACEHOLDERS.some((one) => one === name))
      context.addIssue(`${whole} is none of {${PLACEHOLDERS.join('}, {')}}`);
});

export type JsonTemplate =
  | string
  | number
  | boolean
  | null
  | readonly JsonTemplate[]
  | { readonly [key: string]: JsonTemplate };
const jsonTemplate: z.ZodType<JsonTemplate> = z.lazy(() =>
  z.union([template, z.number(), z.boolean(), z.null(), z.array(jsonTemplate), z.record(z.string(), jsonTemplate)]),
);

const submit = z.strictObject({
  method: z.enum(['POST', 'PUT', 'GET']).default('POST'),
  url: gatewayUrl,
  query: z.record(z.string(), template).default({}),
  headers: z.record(z.string(), template).default({}),
  /** One of both, or neither for a GET. */
  json: jsonTemplate.optional(),
  form: z.record(z.string(), template).optional(),
});

/** An answer that has one of these statuses, and at `path` one of these words. What is left out matches everything. */
const match = z.strictObject({
  status: z.array(z.int().min(100).max(599)).min(1).optional(),
  path: path.optional(),
  in: z
    .array(z.union([z.string(), z.number(), z.boolean()]).transform(String))
    .min(1)
    .optional(),
});
export type Match = z.infer<typeof match>;

const outcome = z.strictObject({
  when: match,
  kind: z.enum(['refused', 'later', 'unknown']),
  code: z.enum(FAILURE_CODES),
});

const answer = z.strictObject({
  /** Where the gateway's id of the message stands; a list gives one id for each part. A body that is no JSON is at `body`. */
  id: path,
  /** Any 2xx by default. */
  accepted: match.default({}),
  /** Looked through in their order before anything else. */
  outcomes: z.array(outcome).default([]),
  /** Where the gateway's own words for a failure stand, for people to read. */
  detail: path.optional(),
});

/** How a webhook proves where it comes from. The secret is the account's `webhookSecret`. */
const proof = z.discriminatedUnion('kind', [
  z.strictObject({ kind: z.literal('header'), name: z.string().min(1), prefix: z.string().default('') }),
  z.strictObject({ kind: z.literal('query'), name: z.string().min(1) }),
  z.strictObject({
    kind: z.literal('hmac'),
    name: z.string().min(1),
    hash: z.enum(['sha1', 'sha256', 'sha512']).default('sha256'),
    encoding: z.enum(['hex', 'base64']).default('hex'),
    prefix: z.string().default(''),
  }),
]);
export type Proof = z.infer<typeof proof>;

const webhook = {
  proof,
  /** How the request carries its fields. */
  from: z.enum(['json', 'form', 'query']).default('json'),
  /** Where the list stands, when one request tells of several. */
  list: path.optional(),
  /** What the gateway wants to hear. */
  answer: z.string().max(200).default('OK'),
};
const moment = z.strictObject({ path, as: z.enum(['iso', 'seconds', 'milliseconds']).default('iso') });

const receipts = z.strictObject({
  ...webhook,
  id: path,
  state: path,
  /** The gateway's words, in small letters, and what they mean. A word that is not here is not final. */
  states: z.record(z.string().toLowerCase(), z.enum(['enroute', 'delivered', 'undelivered', 'expired', 'rejected'])),
  to: path.optional(),
  error: path.optional(),
  at: moment.optional(),
});
export type ReceiptMapping = z.infer<typeof receipts>;

const inbound = z.strictObject({
  ...webhook,
  /** The gateway's own name for the message: by that a repetition is known. */
  id: path.optional(),
  sender: path,
  to: path,
  text: path,
  at: moment.optional(),
});
export type InboundMapping = z.infer<typeof inbound>;

export const httpSettings = z
  .strictObject({
    ...accountShape,
    submit,
    answer,
    receipts: receipts.optional(),
    inbound: inbound.optional(),
  })
  .superRefine((settings, context) => {
    httpsUnlessPrivate({ url: settings.submit.url, allowPrivate: settings.allowPrivate }, context, ['submit', 'url']);
    if (settings.submit.json !== undefined && settings.submit.form)
      context.addIssue({ code: 'custom', path: ['submit'], message: 'json or form, not both' });
    for (const hook of ['receipts', 'inbound'] as const)
      if (settings[hook] && settings.webhookSecret.length < 16)
        context.addIssue({ code: 'custom', path: ['webhookSecret'], message: 'at least 16 characters, for webhooks' });
  });

export type HttpSettings = z.infer<typeof httpSettings>;
