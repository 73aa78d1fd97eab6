/** What every account at an HTTP gateway is set up with, whatever the gateway speaks. Times are milliseconds. */
import { z } from 'zod';
import { doubling } from '../backoff.ts';

const millis = z.int().min(1);

/** An address that requests go to. Names and passwords in it would end up in logs. */
export const gatewayUrl = z.string().superRefine((text, context) => {
  const parsed = URL.parse(text);
  if (!parsed || !/^https?:$/.test(parsed.protocol))
    context.addIssue('an address that begins with https:// or http://');
  else if (parsed.username || parsed.password) context.addIssue('no name or password in the address: use headers');
  // Nobody would fill them.
  else if (/[{}]|%7[bd]/i.test(text))
    context.addIssue('no placeholder in the address: say it in query, headers, json or form');
});

export const accountShape = {
  /** Name of the account, as it stands in records and reports. */
  name: z.string().min(1),
  password: z.string().default(''),
  webhookSecret: z.string().default(''),
  /** Where webhooks of this account are reached; empty when there is no public address. */
  webhooksUrl: z.string().default(''),
  partsPerSecond: z.number().positive().max(100_000),
  /** Messages without an answer, at once. */
  window: z.int().min(1).max(10_000).default(10),
  /** The most messages that one `send` should be given. */
  batch: z.int().min(1).default(500),
  connectTimeoutMs: millis.default(10_000),
  /** After this a message without an answer is `unknown`. */
  answerTimeoutMs: millis.default(30_000),
  /** How often it is looked whether the gateway can be reached. */
  probeMs: millis.default(10_000),
  /** The pause after an answer that says "too fast", when the gateway does not say how long. */
  throttle: doubling.prefault({}),
  /** A gateway inside of the company's own network. Anywhere else its address must be a public one. */
  allowPrivate: z.boolean().default(false),
};
export type AccountSettings = z.infer<z.ZodObject<typeof accountShape>>;

/** A secret that stands in addresses which the gateway is given, where it must not need any escape. */
export const secretForAddress = z
  .string()
  .regex(/^[\w-]*$/, 'letters, digits, - and _ only: it stands in an address')
  .default('');

/** Phones and texts cross no foreign network in clear. */
export function httpsUnlessPrivate(
  { url, allowPrivate }: { readonly url: string; readonly allowPrivate: boolean },
  context: z.RefinementCtx,
  path: string[] = ['url'],
): void {
  if (url.startsWith('http:') && !allowPrivate)
    context.addIssue({ code: 'custom', path, message: 'https:// outside of the own network' });
}

/** The address of one of the account's webhooks; null where it has no proof to ask for, or no public address. */
export const webhookAddress = (
  { webhooksUrl, webhookSecret }: Pick<AccountSettings, 'webhooksUrl' | 'webhookSecret'>,
  path: 'receipts' | 'inbound',
): string | null => (webhooksUrl === '' || webhookSecret === '' ? null : `${webhooksUrl}/${path}`);
