/**
 * What a look-up service is set up with, without code: how numbers become a request, and where the answer says their network.
 * Times are milliseconds.
 */
import { z } from 'zod';
import { gatewayUrl, httpsUnlessPrivate } from '../providers/http/account-settings.ts';

/** Words in braces; `{numbers}` alone is a list in JSON, or joined by commas. */
const PLACEHOLDERS: ReadonlySet<string> = new Set(['number', 'digits', 'numbers', 'secret']);

const template = z.string().superRefine((text, context) => {
  for (const [whole, name] of text.matchAll(/\{(\w*)\}/g))
    if (!PLACEHOLDERS.has(name!)) context.addIssue(`${whole} is none of {${[...PLACEHOLDERS].join('}, {')}}`);
});

export type LookupTemplate = string | number | boolean | readonly LookupTemplate[] | { [key: string]: LookupTemplate };
const json: z.ZodType<LookupTemplate> = z.lazy(() =>
  z.union([template, z.number(), z.boolean(), z.array(json), z.record(z.string(), json)]),
);

/** Names joined by dots: `results.0.mcc`. */
const path = z.string().regex(/^[^.\s]+(?:\.[^.\s]+)*$/, 'a path such as results.0.mcc');

const answer = z
  .strictObject({
    /** Where the list stands, when one request asks for several numbers; each has its own `number` then. */
    list: path.optional(),
    number: path.optional(),
    /** MCC and MNC together, or each by itself. */
    network: path.optional(),
    mcc: path.optional(),
    mnc: path.optional(),
  })
  .refine(({ network, mcc, mnc }) => (network ? !mcc && !mnc : mcc && mnc), 'network, or mcc and mnc')
  .refine(({ list, number }) => !list === !number, 'list and number go together');

export const lookupSettings = z
  .strictObject({
    name: z.string().min(1).default('number look-up'),
    url: gatewayUrl,
    method: z.enum(['GET', 'POST']).default('GET'),
    query: z.record(z.string(), template).default({}),
    headers: z.record(z.string(), template).default({}),
    json: json.optional(),
    /** Numbers in a request, and requests at once. */
    together: z.int().min(1).max(1000).default(1),
    atOnce: z.int().min(1).max(100).default(10),
    answer,
    connectTimeoutMs: z.int().min(1).default(5000),
    answerTimeoutMs: z.int().min(1).default(10_000),
    /** A service inside of the company's own network. Anywhere else its address must be a public one. */
    allowPrivate: z.boolean().default(false),
  })
  .superRefine((settings, context) => {
    httpsUnlessPrivate(settings, context);
    if (settings.together > 1 && !settings.answer.list)
      context.addIssue({ code: 'custom', path: ['answer', 'list'], message: 'where the answers to several stand' });
  });

export type LookupSettings = z.infer<typeof lookupSettings>;
