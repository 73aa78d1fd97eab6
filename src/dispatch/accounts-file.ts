/**
 * Reads accounts at operators from a file that an admin keeps (JSON, see docs/providers.md): every problem is reported with
 * its place, and nothing is taken from a file that has one.
 */
import { z } from 'zod';
import { CAMPAIGN_CLASSES } from '../campaigns/campaign.ts';
import { parseMicros } from '../messages/money.ts';
import { ACCOUNT_KINDS, RECEIPTS_FOR } from './account.ts';

const price = z.strictObject({
  /** Digits of the number's beginning, country code first, or a network; empty: everywhere else. */
  prefix: z.string().regex(/^(?:\d{0,15}|\d{3}-\d{2,3})$/, 'digits only, without a plus, or a network like 250-01'),
  perPart: z.string().transform((text, context): number => {
    const micros = parseMicros(text);
    if (micros !== null) return micros;
    context.addIssue('must be a decimal such as "2.35", with six decimals at most');
    return z.NEVER;
  }),
  chargedOn: z.enum(['submit', 'delivery']).default('submit'),
});

/** Says so of each thing after the first that is there under the same name. */
const noneTwice =
  <T>(nameOf: (one: T) => string, what: string) =>
  (all: readonly T[], context: z.RefinementCtx): void => {
    const seen = new Set<string>();
    for (const [place, one] of all.entries()) {
      const name = nameOf(one);
      if (seen.has(name))
        context.addIssue({ code: 'custom', path: [place], message: `${what} "${name}" is there twice` });
      seen.add(name);
    }
  };

const prices = z
  .array(price)
  .min(1, 'at least one price')
  .superRefine(noneTwice((one) => one.prefix, 'the prefix'));

const account = z.strictObject({
  name: z.string().regex(/^[a-z][a-z0-9-]{0,30}$/, 'small letters, digits and hyphens'),
  kind: z.enum(ACCOUNT_KINDS),
  /** What the kind's own settings take: host, port, systemId and so on. */
  settings: z.record(z.string(), z.unknown()),
  /** May be left out once it is kept: then the one that is kept stays. */
  password: z.string().max(1024).optional(),
  /** What webhooks of a gateway by HTTP are signed or marked with; kept like the password. */
  webhookSecret: z.string().min(16).max(1024).optional(),
  binds: z.int().min(1).max(50).default(1),
  partsPerSecond: z.number().positive().max(100_000),
  /** Of each bind, where the operator limits that as well. */
  partsPerSecondPerBind: z.number().positive().max(100_000).optional(),
  window: z.int().min(1).max(10_000).default(10),
  currency: z.string().length(3),
  priceVersion: z.string().min(1),
  prices,
  senders: z.array(z.string().min(1)).default([]),
  classes: z.array(z.enum(CAMPAIGN_CLASSES)).default([...CAMPAIGN_CLASSES]),
  /** Beginnings of the only numbers that it may be given. */
  prefixes: z.array(z.string().regex(/^[1-9]\d{0,14}$/, 'digits only, without a plus')).default([]),
  receipts: z.enum(RECEIPTS_FOR).default('each-part'),
  enabled: z.boolean().default(true),
});

/** An account as it stands in the file, its password in clear. */
export type WrittenAccount = z.infer<typeof account>;

const accounts = z.array(account).superRefine(noneTwice((one) => one.name, 'the account'));

export type AccountsReading =
  | { readonly kind: 'accounts'; readonly accounts: readonly WrittenAccount[] }
  | { readonly kind: 'problems'; readonly problems: readonly string[] };

export function readAccounts(json: string): AccountsReading {
  let parsed: unknown;
  try {
    parsed = JSON.parse(json);
  } catch (failure) {
    return { kind: 'problems', problems: [`it is not JSON${placeOf(failure)}`] };
  }
  const reading = accounts.safeParse(parsed);
  if (reading.success) return { kind: 'accounts', accounts: reading.data };
  return {
    kind: 'problems',
    problems: reading.error.issues.map((issue) => `${issue.path.join('.') || 'the file'}: ${issue.message}`),
  };
}

/** Where the parser stumbled, when it says so; the rest of what it says may quote a password. */
function placeOf(failure: unknown): string {
  const place = /\(line \d+ column \d+\)/.exec(String(failure))?.[0];
  return place === undefined ? '' : ` ${place}`;
}
